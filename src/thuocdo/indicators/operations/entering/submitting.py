"""Handing figures in: checked together, recorded as provisional, late or not, within what is open.

A declared figure counts as provisional from the moment it is handed in; signing it off makes it final.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_anywhere
from thuocdo.engine.calendars import Period, PeriodError, parse_period
from thuocdo.engine.entering import ERROR, check_sheet, concerned
from thuocdo.indicators.models import (
    Indicator,
    Kind,
    Measurement,
    Provenance,
    State,
    Submission,
)
from thuocdo.indicators.operations.recording import check_measurements, record_measurements
from thuocdo.indicators.operations.telling import RecordingResult
from thuocdo.indicators.queries.entering import Standing, entry_rules, entry_sheet, standings_of
from thuocdo.organisations.models import Body

from .handing_in import Place, hand_in
from .words import in_words

Rows = Sequence[Mapping[str, Any]]
# Above this many bodies at once, figures are not compared with histories: that would take minutes.
MOST_COMPARED = 60
Stage = Submission.Stage


def check_submission(*, actor: Actor, at: datetime, rows: Rows) -> RecordingResult:
    """What handing these rows in would answer, keeping the good ones; nothing is written."""
    rows, errors, _places = _judge(actor, at, rows)
    return _with(check_measurements(actor=actor, at=at, rows=rows), errors, len(rows))


def submit_figures(
    *,
    actor: Actor,
    at: datetime,
    rows: Rows,
    on_error: Literal["refuse_all", "keep_good"] = "refuse_all",
    idempotency_key: str | None = None,
    request_digest: str = "",
) -> RecordingResult:
    """Record rows as `record_measurements` does, and hand the declared ones in for their bodies and periods.

    A declared row needs an open cell, passes the rules of entry or explains in `reason` what is odd, and is
    recorded as provisional; rows of evaluators are recorded as they come. Places in the answer count the given rows.
    """
    given = list(rows)
    with transaction.atomic():
        rows, errors, places = _judge(actor, at, given)
        wrong = {error["row"] for error in errors}
        if errors and on_error == "refuse_all":
            return _with(check_measurements(actor=actor, at=at, rows=rows), errors, len(rows))
        kept = [place for place in range(len(rows)) if place + 1 not in wrong]
        if not kept:
            return _with(RecordingResult(0, 0, (), None), errors, len(rows))
        result = record_measurements(
            actor=actor, at=at, rows=[rows[place] for place in kept], on_error=on_error,
            idempotency_key=idempotency_key, request_digest=request_digest,
        )  # fmt: skip
        if result.ledger is None or result.is_repeated:
            return result if result.is_repeated else _with(_moved(result, kept), errors, len(rows))
        result = _moved(result, kept)
        refused = {error["row"] for error in result.errors} | wrong
        by_place: dict[Place, list[Indicator]] = {}
        for number in kept:
            if number + 1 not in refused and number in places.rows:
                by_place.setdefault(places.rows[number], []).append(places.indicators[str(rows[number]["indicator"])])
        if by_place:
            hand_in(actor=actor, at=at, by_place=by_place, standings=places.standings, bodies=places.body)
        return _with(result, errors, len(rows))


def _moved(result: RecordingResult, kept: Sequence[int]) -> RecordingResult:
    """Errors of the rows that were passed on, with their places among all rows."""
    moved = tuple({**error, "row": kept[error["row"] - 1] + 1 if error["row"] else 0} for error in result.errors)
    return RecordingResult(
        result.accepted, result.rejected, moved, result.ledger, result.counts, result.warnings, result.warned,
        result.batch, result.is_repeated,
    )  # fmt: skip


def _with(result: RecordingResult, errors: Sequence[dict[str, Any]], total: int) -> RecordingResult:
    """The answer of recording together with what handing in refused; a row has its first error only."""
    known = {error["row"] for error in result.errors}
    more = [error for error in errors if error["row"] not in known]
    told = tuple(sorted((*result.errors, *more), key=lambda error: error["row"]))
    counts = dict(result.counts)
    for error in more:
        counts[error["code"]] = counts.get(error["code"], 0) + 1
    wrong = {error["row"] for error in told if error["row"]}
    accepted = 0 if any(not error["row"] for error in told) else total - len(wrong)
    if result.ledger is not None:
        accepted = result.accepted
    return RecordingResult(
        accepted, total - accepted, told, result.ledger, counts, result.warnings, result.warned, result.batch,
        result.is_repeated,
    )  # fmt: skip


class _Places:
    """Whose declared figures of which periods the rows are, by row, and where those stand."""

    def __init__(self, actor: Actor, at: datetime, rows: Rows) -> None:
        self.today = timezone.localdate(at)
        allowed = (
            bodies_within(actor, Permission.RECORD_MEASUREMENT).values_list("pk", flat=True)
            if may_anywhere(actor, Permission.RECORD_MEASUREMENT)
            else ()
        )
        codes = {str(row.get("body", "")) for row in rows}
        self.bodies = {body.code: body for body in Body.objects.filter(code__in=codes, pk__in=list(allowed))}
        self.indicators = {
            one.code: one for one in Indicator.objects.filter(code__in={str(row.get("indicator", "")) for row in rows})
        }
        self.periods: dict[str, Period] = {}
        for row in rows:
            label = str(row.get("period", ""))
            if label not in self.periods:
                try:
                    self.periods[label] = parse_period(label)
                except PeriodError:
                    continue
        self.rows: dict[int, Place] = {}
        for number, row in enumerate(rows):
            body, period = self.bodies.get(str(row.get("body", ""))), self.periods.get(str(row.get("period", "")))
            if (
                body is not None
                and period is not None
                and str(row.get("indicator", "")) in self.indicators
                and (row.get("provenance") or Provenance.DECLARED) == Provenance.DECLARED
            ):
                self.rows[number] = (body.pk, period.label)
        self.body = {body.pk: body for body in self.bodies.values()}
        wanted = {place[0] for place in self.rows.values()}
        self.standings: dict[Place, Standing] = standings_of(
            [self.body[pk] for pk in wanted],
            sorted({place[1] for place in self.rows.values()}),
            [
                *Indicator.objects.filter(kept_by__isnull=True),
                *(one for one in self.indicators.values() if one.kept_by_id is not None),
            ],
            today=self.today,
        )


def _judge(actor: Actor, at: datetime, rows: Rows) -> tuple[list[Mapping[str, Any]], list[dict[str, Any]], _Places]:
    """The rows as they will be recorded, and what is wrong with them beyond what recording itself checks."""
    places = _Places(actor, at, rows)
    rows = [
        {**row, "kind": Kind.PROVISIONAL.value} if number in places.rows else row for number, row in enumerate(rows)
    ]
    errors: list[dict[str, Any]] = []
    for number, place in places.rows.items():
        if refusal := _closed(places, place, places.indicators[str(rows[number]["indicator"])].pk):
            errors.append({"row": number + 1, "field": "period", "code": "locked", "message": refusal})
    wrong = {error["row"] - 1 for error in errors}
    by_place: dict[Place, dict[str, int]] = {}
    for number, place in places.rows.items():
        if number not in wrong:
            by_place.setdefault(place, {})[str(rows[number]["indicator"])] = number
    if by_place:
        errors += _odd(places, by_place, rows)
    return list(rows), sorted(errors, key=lambda error: int(error["row"])), places


def _closed(places: _Places, place: Place, indicator: int) -> str:
    """Why the cell takes no figure; empty when it does."""
    standing = places.standings[place]
    if standing.is_open(indicator):
        return ""
    if standing.stage in (Stage.APPROVED, Stage.ACCEPTED):
        return _("Số liệu kỳ này đã được duyệt; đề nghị người duyệt trả lại ô cần sửa.")
    if standing.is_locked_for(indicator):
        return _("Kỳ này đã khóa từ %(day)s; đề nghị cấp trên mở lại có thời hạn.") % {
            "day": f"{standing.locked_from_of(indicator):%d/%m/%Y}"
        }
    return _("Chỉ sửa các ô bị trả lại; ô này không mở.")


def _odd(places: _Places, by_place: Mapping[Place, Mapping[str, int]], rows: Rows) -> list[dict[str, Any]]:
    """Errors of the rules of entry, and warnings that nobody has explained."""
    rules = entry_rules()
    found: list[dict[str, Any]] = []
    if len(by_place) > MOST_COMPARED:
        return found
    dictionary = [*Indicator.objects.filter(kept_by__isnull=True).order_by("pk")]
    own = [one for one in places.indicators.values() if one.kept_by_id is not None]
    titles = {one.code: one.title for one in (*dictionary, *own)}
    for (body, label), numbers in by_place.items():
        period = parse_period(label)
        group = places.body[body].peer_group
        mine = [one for one in (*dictionary, *own) if one.frequency == period.kind and one.applies(group)]
        sheet = entry_sheet(places.body[body], period, mine, rules=rules)
        values = told_values(places.body[body], label)
        for code, number in numbers.items():
            values.pop(code, None)
            value = _number(rows[number])
            if value is not None:
                values[code] = value
        for finding in check_sheet(sheet, values):
            about = [numbers[code] for code in concerned(finding) if code in numbers]
            # The range is checked by recording itself; what others have told stands where it stands.
            if not about or finding.code in ("below_range", "above_range"):
                continue
            # Figures that contradict each other are explained beside any of them.
            if finding.severity != ERROR and any(str(rows[place].get("reason") or "").strip() for place in about):
                continue
            message = in_words(finding, titles)
            if finding.severity != ERROR:
                message = _("%(message)s Số đúng thì ghi lý do vào ô giải trình.") % {"message": message}
            found.append(
                {
                    "row": about[0] + 1,
                    "field": "value" if finding.severity == ERROR else "reason",
                    "code": finding.code if finding.severity == ERROR else "needs_reason",
                    "message": message,
                }
            )
    first: dict[int, dict[str, Any]] = {}
    for error in found:
        first.setdefault(error["row"], error)
    return list(first.values())


def told_values(body: Body, period: str) -> dict[str, float]:
    """What is known already of a body and period, whoever told it, by code: the strongest, final, newest."""
    rows = (
        Measurement.objects.filter(body=body, period=period, superseded_by__isnull=True, state=State.VALUE)
        .order_by("strength", "recorded_at", "pk")
        .values_list("indicator__code", "value")
    )
    return {code: float(value) for code, value in rows if value is not None}


def _number(row: Mapping[str, Any]) -> float | None:
    if (row.get("state") or State.VALUE) != State.VALUE:
        return None
    try:
        return float(str(row.get("value")))
    except ValueError:
        return None
