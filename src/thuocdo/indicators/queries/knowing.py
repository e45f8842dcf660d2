"""Single cells as they were known just before and just after a figure was told: what a correction changed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q

from thuocdo.engine.calendars import Period
from thuocdo.indicators.models import Indicator, Measurement
from thuocdo.organisations.models import Body

from .matrix import AS_FLOAT, ERROR_AS_FLOAT, Cells, Row, empty_cells, fill

# So many cells are asked for in one query; databases bind only so many numbers.
MOST_PAIRS = 300
# Of two rows that were told at one moment the one that was written later comes later.
Moment = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class _Told:
    """One row of a cell, when it was told, and which row it replaced."""

    at: Moment
    replaces: int | None
    row: Row


@dataclass(frozen=True, slots=True)
class Histories:
    """Everything that was ever told of some cells, by indicator and body (ids), oldest first."""

    told: dict[tuple[int, int], list[_Told]]

    def before(self, row: Measurement, period: Period, *, carry_on: date | None = None) -> Cells:
        """The one cell of the row's indicator and body for the period, as known just before the row was told."""
        return self._cell(row.indicator, row.body, period, (row.recorded_at, row.pk - 1), carry_on)

    def after(self, row: Measurement, period: Period, *, carry_on: date | None = None) -> Cells:
        """The same as known from the row on, until the next was told."""
        return self._cell(row.indicator, row.body, period, (row.recorded_at, row.pk), carry_on)

    def without(
        self, rows: Iterable[Measurement], period: Period, *, known_at: datetime, carry_on: date | None = None
    ) -> dict[tuple[str, str], Cells]:
        """The cells of the rows (by code of body and indicator) as known at a moment, had those rows not been told.

        Nor what was told only to repeat them: every row that replaced one of these goes with it.
        """
        given = list(rows)
        gone = {row.pk for row in given}
        found = {}
        for row in {(row.indicator_id, row.body_id): row for row in given}.values():
            known = []
            for one in self.told.get((row.indicator_id, row.body_id), []):
                if one.row[-1] in gone or one.replaces in gone:
                    gone.add(one.row[-1])
                elif one.at[0] <= known_at:
                    known.append(one)
            found[row.body.code, row.indicator.code] = _filled(row.indicator, row.body, period, known, carry_on)
        return found

    def _cell(self, indicator: Indicator, body: Body, period: Period, until: Moment, carry_on: date | None) -> Cells:
        known = [one for one in self.told.get((indicator.pk, body.pk), []) if one.at <= until]
        return _filled(indicator, body, period, known, carry_on)


def _filled(indicator: Indicator, body: Body, period: Period, known: Sequence[_Told], carry_on: date | None) -> Cells:
    replaced = {one.replaces for one in known}
    cells = empty_cells([indicator], [body], period)
    fill(cells, (one.row for one in known if one.row[-1] not in replaced), carry_on)
    return cells


def histories(rows: Iterable[Measurement]) -> Histories:
    """What was ever told of the cells (indicator and body, all periods) of these rows; one query for 300 cells."""
    pairs = sorted({(row.indicator_id, row.body_id) for row in rows})
    told: dict[tuple[int, int], list[_Told]] = defaultdict(list)
    for first in range(0, len(pairs), MOST_PAIRS):
        wanted = Q()
        for indicator, body in pairs[first : first + MOST_PAIRS]:
            wanted |= Q(indicator=indicator, body=body)
        found = Measurement.objects.filter(wanted).order_by("recorded_at", "pk")
        for recorded_at, replaces, *row in found.values_list(
            "recorded_at", "supersedes_id", "indicator_id", "body_id", "period", "strength", "kind", "provenance",
            "state", AS_FLOAT, ERROR_AS_FLOAT, "sample_size", "pk",
        ):  # fmt: skip
            told[row[0], row[1]].append(_Told((recorded_at, row[-1]), replaces, tuple(row)))
    return Histories(dict(told))


def corrections(*, indicators: Iterable[str], peer_group: str, period: Period) -> list[Measurement]:
    """Figures of the period that replaced others after their own period was over, newest first; one query.

    Before a figure's period is over it is brought up to date, not corrected. A row that only repeats the value that
    it replaces is left out.
    """
    found = Measurement.objects.filter(
        supersedes__isnull=False,
        indicator__code__in=list(indicators),
        body__peer_group=peer_group,
        period_start__gte=period.start,
        period_end__lte=period.end,
        supersedes__recorded_at__date__gte=F("period_end"),
    ).exclude(Q(state=F("supersedes__state")) & (Q(value=F("supersedes__value")) | Q(value__isnull=True)))
    return list(found.select_related("indicator", "body", "supersedes").order_by("-recorded_at", "-pk"))
