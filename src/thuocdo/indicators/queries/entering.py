"""What stands beside the cells while figures are entered: the rules as data, history, drafts, where a period stands."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from thuocdo.accounts.models import User
from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_anywhere
from thuocdo.engine.calendars import Period, parse_period
from thuocdo.engine.canonical import digest
from thuocdo.engine.entering import middle_and_spread
from thuocdo.indicators.models import (
    Draft,
    EntryException,
    EntryRules,
    Indicator,
    Kind,
    Measurement,
    ReturnedFigure,
    State,
    Submission,
)
from thuocdo.organisations.models import Body, Descent, Hierarchy

from .dictionary import due_days

# What holds where no pack says anything; without a number of days, no period is ever locked.
USUAL: Mapping[str, Any] = {
    "limits": {"own": 3.5, "least_own": 4, "peers": 3.5, "least_peers": 8, "least_share": 0.02},
    "lock": {"days": None},
    "rule": [],
}
# How far back a body's own history goes, and how many peers are looked at.
HISTORY = timedelta(days=3 * 366)
MOST_PEERS = 150
Stage = Submission.Stage


def entry_rules() -> dict[str, Any]:
    """The rules in force: {limits, lock, rule}; the usual ones where none were loaded."""
    newest = EntryRules.objects.order_by("-pk").first()
    content = newest.content if newest is not None else {}
    return {
        "limits": {**USUAL["limits"], **content.get("limits", {})},
        "lock": {**USUAL["lock"], **content.get("lock", {})},
        "rule": content.get("rule", []),
    }


def entry_sheet(
    body: Body, period: Period, indicators: Sequence[Indicator], *, rules: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Everything that a form needs to check the figures of a body and period without asking again, as plain data.

    {body, period, limits, cells: {code: {lower, upper, percentage, own, peers, previous, last_year}},
    rules, taken_from, digest}; two queries, and one for the rules where they are not given.
    """
    rules = rules or entry_rules()
    limits = rules["limits"]
    history = _history(body, period, indicators)
    short = [one for one in indicators if len(history.get(one.pk, {})) < limits["least_own"]]
    peers = _peers(body, period, short) if short else {}
    previous, last_year = period.previous().label, label_year_before(period)
    cells = {}
    for one in indicators:
        own = history.get(one.pk, {})
        floor = float(one.tolerance)
        cells[one.code] = {
            "lower": None if one.lower is None else float(one.lower),
            "upper": None if one.upper is None else float(one.upper),
            "percentage": one.unit.strip() == "%" and (one.upper is None or one.upper > 1),
            "own": _spread([value for value, _from in own.values()], floor, limits["least_share"]),
            "peers": _spread(peers.get(one.pk, []), floor, limits["least_share"]),
            "previous": own[previous][0] if previous in own else None,
            "previous_from": own[previous][1] if previous in own else "",
            "last_year": own[last_year][0] if last_year in own else None,
        }
    by_code = {one.code: one for one in indicators}
    sheet = {
        "body": body.code,
        "period": period.label,
        "limits": {name: limits[name] for name in ("own", "least_own", "peers", "least_peers")},
        "cells": cells,
        "rules": _rules(rules["rule"], by_code, cells, period),
        "taken_from": [
            {"cell": rule["cell"], "from": rule["from"], "factor": float(rule.get("factor", 1))}
            for rule in rules["rule"]
            if rule["kind"] == "taken_from" and rule["cell"] in by_code and rule["from"] in by_code
        ],
    }
    return {**sheet, "digest": form_digest(body.code, period.label, indicators)}


def form_digest(body: str, period: str, indicators: Iterable[Indicator]) -> str:
    """What a form was made from: the body, the period and the definitions; another one makes it stale."""
    return digest({"body": body, "period": period, "dictionary": {one.code: one.digest for one in indicators}})


def label_year_before(period: Period) -> str:
    """The label of the same period a year earlier."""
    return f"{period.start.year - 1:04d}{period.label[4:]}"


def _spread(values: Sequence[float], tolerance: float, share: float) -> dict[str, Any] | None:
    if not values:
        return None
    plain = middle_and_spread(values)
    return {**plain, "spread": max(float(plain["spread"]), tolerance, share * abs(float(plain["middle"])))}


def _history(body: Body, period: Period, indicators: Sequence[Indicator]) -> dict[int, dict[str, tuple[float, str]]]:
    """By indicator and period of the same kind: value and provenance in force of the periods before."""
    rows = (
        Measurement.objects.filter(
            body=body, indicator__in=[one.pk for one in indicators], state=State.VALUE, superseded_by__isnull=True,
            period_start__gte=period.start - HISTORY, period_end__lte=period.start,
        )
        .order_by("strength", "recorded_at", "pk")
        .values_list("indicator_id", "period", "strength", "kind", "value", "provenance")
    )  # fmt: skip
    best: dict[tuple[int, str], tuple[int, bool]] = {}
    found: dict[int, dict[str, tuple[float, str]]] = {}
    for indicator, label, strength, kind, value, provenance in rows:
        if value is None:
            continue
        merit = (strength, kind == Kind.FINAL)
        if parse_period(label).kind == period.kind and merit >= best.get((indicator, label), (0, False)):
            best[indicator, label] = merit
            found.setdefault(indicator, {})[label] = (float(value), provenance)
    return found


def _peers(body: Body, period: Period, indicators: Sequence[Indicator]) -> dict[int, list[float]]:
    """By indicator: the figures of the period before of bodies of the same peer group under the same superior."""
    if not body.peer_group:
        return {}
    lines = Descent.objects.valid_on(period.start).filter(hierarchy=Hierarchy.TERRITORIAL, depth=1)
    beside = lines.filter(ancestor__in=lines.filter(descendant=body).values("ancestor")).values("descendant")
    among = (
        Body.objects.filter(pk__in=beside, peer_group=body.peer_group)
        .exclude(pk=body.pk)
        .order_by("code")
        .values("pk")[:MOST_PEERS]
    )
    rows = (
        Measurement.objects.filter(
            indicator__in=[one.pk for one in indicators], body__in=among, period=period.previous().label,
            period_start=period.previous().start, state=State.VALUE, superseded_by__isnull=True,
        )
        .order_by("strength", "recorded_at", "pk")
        .values_list("indicator_id", "body_id", "value")
    )  # fmt: skip
    found: dict[int, dict[int, float]] = {}
    for indicator, other, value in rows:
        if value is None:
            continue
        found.setdefault(indicator, {})[other] = float(value)
    return {indicator: list(values.values()) for indicator, values in found.items()}


def _rules(
    declared: Sequence[Mapping[str, Any]],
    by_code: Mapping[str, Indicator],
    cells: Mapping[str, Mapping[str, Any]],
    period: Period,
) -> list[dict[str, Any]]:
    """What the dictionary and the pack say of figures that belong together, as far as they stand in this sheet."""
    found: list[dict[str, Any]] = []
    for code, one in by_code.items():
        if one.numerator in by_code and one.denominator in by_code and one.upper is not None and one.upper <= 100:
            found.append({"kind": "at_most", "parts": [one.numerator], "whole": one.denominator, "severity": "error"})
        for breakdown in one.breakdowns or []:
            parts = [part for part in breakdown["parts"] if part in by_code]
            if len(parts) == len(breakdown["parts"]):
                tolerance = float(breakdown.get("tolerance") or 0)
                found.append(
                    {"kind": "adds_up", "parts": parts, "whole": code, "tolerance": tolerance, "severity": "error"}
                )
    for rule in declared:
        if rule["kind"] == "cumulative" and rule["cell"] in by_code:
            # A new year begins a new count.
            same_year = period.previous().start.year == period.start.year
            before = cells[rule["cell"]]["previous"] if same_year else None
            found.append(
                {"kind": "not_below_before", "cell": rule["cell"], "before": before, "severity": rule["severity"]}
            )
        elif rule["kind"] in ("at_most", "adds_up") and {*rule["parts"], rule["whole"]} <= by_code.keys():
            found.append(
                {
                    "kind": rule["kind"],
                    "parts": list(rule["parts"]),
                    "whole": rule["whole"],
                    "tolerance": float(rule.get("tolerance", 0)),
                    "severity": rule["severity"],
                }
            )
    return found


def drafts_of(body: Body, period: str) -> dict[int, Draft]:
    """What was typed and not handed in yet, by indicator; `written_by` is the name of the person who typed it."""
    people = User.objects.annotate(called=Concat(Value("user:"), Cast("pk", CharField())))
    name = Subquery(people.filter(called=OuterRef("edited_by")).values("full_name")[:1])
    return {one.indicator_id: one for one in Draft.objects.filter(body=body, period=period).annotate(written_by=name)}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the figures of a body for a period stand, and until when they are taken.

    Each indicator has a term of its own: `days` after the period's `last_day` by indicator, and `lock` days of
    grace after that (None: never locked).
    """

    submission: Submission | None
    returned: tuple[ReturnedFigure, ...]
    exception: EntryException | None
    last_day: date
    days: Mapping[int, int]
    lock: int | None
    today: date

    @property
    def stage(self) -> str:
        """`draft` before anything was handed in."""
        return self.submission.stage if self.submission is not None else "draft"

    @property
    def due_on(self) -> date:
        """The last day on which any figure of the period is still in time."""
        return self.last_day + timedelta(days=max(self.days.values(), default=0))

    def due_of(self, indicator: int) -> date:
        """The last day on which this indicator's figure is still in time."""
        return self.last_day + timedelta(days=self.days[indicator]) if indicator in self.days else self.due_on

    def is_late_with(self, indicators: Iterable[int]) -> bool:
        """Whether handing these in today is late; mending what was given back is not."""
        back = {one.indicator_id for one in self.returned}
        return any(self.today > self.due_of(one) for one in indicators if one not in back)

    @property
    def locked_from(self) -> date | None:
        """The day from which no figure of the period is taken; None where periods are not locked."""
        return None if self.lock is None else self.due_on + timedelta(days=self.lock + 1)

    def locked_from_of(self, indicator: int) -> date | None:
        """The day from which this indicator's figure is not taken."""
        return None if self.lock is None else self.due_of(indicator) + timedelta(days=self.lock + 1)

    def is_locked_for(self, indicator: int) -> bool:
        """Whether the indicator's deadline and the days of grace are over, and no exception stands."""
        since = self.locked_from_of(indicator)
        return self.exception is None and since is not None and self.today >= since

    @property
    def is_locked(self) -> bool:
        """Whether the last deadline and the days of grace are over, and no exception stands."""
        return self.exception is None and self.locked_from is not None and self.today >= self.locked_from

    def is_open(self, indicator: int) -> bool:
        """Whether the cell takes a figure: a returned one always, others until sign-off and lock."""
        if self.exception is not None:
            return True
        if self.stage == Stage.RETURNED or self.is_locked_for(indicator):
            return any(one.indicator_id == indicator for one in self.returned)
        return self.stage in ("draft", Stage.SUBMITTED)

    @property
    def is_closed(self) -> bool:
        """Whether no cell takes a figure."""
        if self.exception is not None or self.returned:
            return False
        return self.is_locked or self.stage in (Stage.APPROVED, Stage.ACCEPTED)


def standings_of(
    bodies: Collection[Body],
    periods: Collection[str],
    indicators: Sequence[Indicator],
    *,
    today: date,
    rules: Mapping[str, Any] | None = None,
) -> dict[tuple[int, str], Standing]:
    """Where the figures of bodies and periods stand, in four queries however many there are."""
    lock = (rules or entry_rules())["lock"]["days"]
    pks = [body.pk for body in bodies]
    submissions = {
        (one.body_id, one.period): one for one in Submission.objects.filter(body__in=pks, period__in=periods)
    }
    returned: dict[int, list[ReturnedFigure]] = {}
    given_back = (
        ReturnedFigure.objects.filter(submission__in=[row.pk for row in submissions.values()], settled_at=None)
        .select_related("indicator", "measurement")
        .order_by("pk")
    )
    # While a value is given back, the whole stands as returned; else there is nothing to ask for.
    for one in given_back if any(row.stage == Stage.RETURNED for row in submissions.values()) else ():
        returned.setdefault(one.submission_id, []).append(one)
    opened = EntryException.objects.filter(body__in=pks, period__in=periods, until__gte=today, ended_at=None).order_by(
        "until"
    )
    # Where nothing can be closed, nothing can have been opened.
    exceptions = {(one.body_id, one.period): one for one in (opened if submissions or lock is not None else ())}
    days: dict[str, dict[int, int]] = {}
    for indicator in indicators:
        days.setdefault(indicator.frequency, {})[indicator.pk] = due_days(indicator)
    found = {}
    for label in periods:
        period = parse_period(label)
        for pk in pks:
            submission = submissions.get((pk, label))
            found[pk, label] = Standing(
                submission=submission,
                returned=tuple(returned.get(submission.pk, ())) if submission is not None else (),
                exception=exceptions.get((pk, label)),
                last_day=period.last_day,
                days=days.get(period.kind, {}),
                lock=lock,
                today=today,
            )
    return found


def submissions_for(actor: Actor) -> QuerySet[Submission]:
    """Submissions that the actor signs off, takes over or hands in, the newest first."""
    within = Body.objects.none()
    for permission in (Permission.APPROVE_FIGURES, Permission.ACCEPT_FIGURES, Permission.RECORD_MEASUREMENT):
        if may_anywhere(actor, permission):
            within = within | bodies_within(actor, permission)
    return (
        Submission.objects.filter(body__in=within.values("pk")).select_related("body").order_by("-submitted_at", "-pk")
    )


def submission_for(actor: Actor, number: int) -> Submission | None:
    """The submission with this number, if the actor has to do with it."""
    return submissions_for(actor).filter(pk=number).first()


def submitted_figures(submission: Submission) -> list[Measurement]:
    """The figures that people declared for the body and period, newest of each indicator, by indicator."""
    found: dict[int, Measurement] = {}
    for row in (
        Measurement.objects.filter(
            body=submission.body_id, period=submission.period, provenance="declared", superseded_by__isnull=True
        )
        # A final row without a value is a signing off that was taken back: what stood before it counts.
        .exclude(kind=Kind.FINAL, state=State.NULL)
        .select_related("indicator")
        .order_by("recorded_at", "pk")
    ):
        found[row.indicator_id] = row
    return sorted(found.values(), key=lambda row: row.indicator_id)
