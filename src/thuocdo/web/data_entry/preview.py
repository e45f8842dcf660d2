"""What recording the rows of a spreadsheet would do: every error by cell, every figure beside the one it replaces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.calendars import PeriodError, parse_period
from thuocdo.indicators.files import COLUMNS, SheetRow
from thuocdo.indicators.operations import RecordingResult
from thuocdo.indicators.operations.entering import check_submission
from thuocdo.indicators.queries import Kind, Measurement, Provenance, State, indicators_by_code, measurements
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.web.indicators.words import FREQUENCIES, KINDS, STATES, title_of, told, unit_of, with_unit

from .desk import provenances, source_of

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body

# So many rows are shown; all are recorded, and all errors are in the list to download.
MOST_SHOWN = 200
HEADINGS = {field: heading for field, heading, _width in COLUMNS if field}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the cell, the column's heading, what stands there, and the remedy."""

    cell: str
    heading: str
    given: str
    message: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that can be recorded, with what was told before by the same hand."""

    cell: str
    indicator: "Indicator"
    body: "Body"
    period: str
    shown: str
    kind: str
    former: str
    is_same: bool

    @property
    def title(self) -> str:
        """The indicator in the reader's language."""
        return title_of(self.indicator)


@dataclass(frozen=True, slots=True)
class Preview:
    """The answer as it would be, before anything is written."""

    checked: RecordingResult
    faults: list[Fault]
    planned: list[Planned]
    cautions: list[str]

    @property
    def shown_faults(self) -> list[Fault]:
        return self.faults[:MOST_SHOWN]


def fields_of(rows: Sequence[SheetRow], actor: Actor) -> list[Mapping[str, Any]]:
    """The rows as recording takes them: each counts as what the person may say about its body."""
    as_what = provenances(actor)
    sources = {provenance: source_of(actor, provenance) for provenance in set(as_what.values())}
    found: list[Mapping[str, Any]] = []
    for row in rows:
        provenance = as_what.get(str(row.fields.get("body", "")), "")
        extra = {"provenance": provenance} if provenance else {}
        source = row.fields.get("source") or sources.get(provenance, "")
        found.append({**row.fields, **extra, **({"source": source} if source else {})})
    return found


def faults_of(rows: Sequence[SheetRow], result: RecordingResult) -> list[Fault]:
    """Errors by the cell in which they stand."""
    return [
        Fault(
            rows[error["row"] - 1].cell(error["field"]) if error["row"] else "",
            HEADINGS.get(error["field"], ""),
            str(rows[error["row"] - 1].fields.get(error["field"], ""))[:60] if error["row"] else "",
            error["message"],
        )
        for error in result.errors
    ]


def preview(rows: Sequence[SheetRow], *, actor: Actor, at: datetime, cautions: Sequence[str]) -> Preview:
    """Check the rows and lay them beside what is known; nothing is written."""
    fields = fields_of(rows, actor)
    checked = check_submission(actor=actor, at=at, rows=fields)
    wrong = {error["row"] for error in checked.errors}
    good = [place for place in range(len(rows)) if place + 1 not in wrong] if 0 not in wrong else []
    by_code = indicators_by_code({str(fields[place]["indicator"]) for place in good})
    shown = good[:MOST_SHOWN]
    whose = bodies_by_code(str(fields[place]["body"]) for place in shown)
    former = _former([fields[place] for place in shown], by_code, whose)
    planned = [_planned(rows[place], fields[place], by_code, whose, former) for place in shown]
    return Preview(
        checked,
        faults_of(rows, checked),
        planned,
        [*cautions, *_period_cautions([rows[place] for place in good], by_code)],
    )


Place = tuple[int, int, str]


def _former(
    fields: Sequence[Mapping[str, Any]], by_code: "Mapping[str, Indicator]", whose: "Mapping[str, Body]"
) -> dict[Place, list[Measurement]]:
    """What was told before of the same indicators, bodies and periods, newest first, in one query."""
    found: dict[Place, list[Measurement]] = {}
    rows = measurements().filter(
        indicator__in=[one.pk for one in by_code.values()],
        body__in=[body.pk for body in whose.values()],
        period__in={parse_period(str(one["period"])).label for one in fields},
    )
    for row in rows:
        found.setdefault((row.indicator_id, row.body_id, row.period), []).append(row)
    return found


def _planned(
    row: SheetRow,
    fields: Mapping[str, Any],
    by_code: "Mapping[str, Indicator]",
    whose: "Mapping[str, Body]",
    former: Mapping[Place, list[Measurement]],
) -> Planned:
    indicator, body = by_code[str(fields["indicator"])], whose[str(fields["body"])]
    label, unit = parse_period(str(fields["period"])).label, unit_of(indicator)
    state = fields.get("state") or State.VALUE
    value = Decimal(str(fields["value"])) if state == State.VALUE else None
    provenance = fields.get("provenance") or Provenance.DECLARED
    before = next((one for one in former.get((indicator.pk, body.pk, label), []) if one.provenance == provenance), None)
    return Planned(
        cell=row.cell("value"),
        indicator=indicator,
        body=body,
        period=label,
        shown=with_unit(value, unit) if state == State.VALUE else str(STATES[state]),
        kind=str(KINDS[Kind.PROVISIONAL if provenance == Provenance.DECLARED else fields.get("kind") or Kind.FINAL]),
        former="" if before is None else told(before, unit),
        is_same=before is not None and before.state == state and before.value == value,
    )


def _period_cautions(rows: Sequence[SheetRow], by_code: "Mapping[str, Indicator]") -> list[str]:
    """A month typed into a spreadsheet easily becomes a day: such rows are recorded as told, but not unseen."""
    for row in rows:
        indicator = by_code[str(row.fields["indicator"])]
        try:
            kind = parse_period(str(row.fields["period"])).kind
        except PeriodError:
            continue
        if kind != indicator.frequency:
            return [
                gettext("Ô %(cell)s ghi kỳ %(period)s, nhưng chỉ số %(code)s báo cáo %(often)s; kiểm tra lại cột Kỳ.")
                % {
                    "cell": row.cell("period"),
                    "period": row.fields["period"],
                    "code": indicator.code,
                    "often": FREQUENCIES[indicator.frequency],
                }
            ]
    return []
