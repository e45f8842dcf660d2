"""Indicators on which most bodies have come near the maximum, so that they tell nobody apart."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from thuocdo.engine.calendars import Period
from thuocdo.engine.quality import gaming
from thuocdo.scorecards.models import Run
from thuocdo.scorecards.queries.runs import runs
from thuocdo.scorecards.queries.trials import ground_of

from .lookback import MOST_SIGNS

# A ceiling is a sign where at least half of the bodies stand at it, and steadily more than at the beginning.
MOST_AT_CEILING = 0.5
RISE = 0.1
FEWEST_BODIES = 8
MOST_BODIES = 40


@dataclass(frozen=True, slots=True)
class Ceiling:
    """An indicator on which most bodies of a group have come near the maximum; shares run from the oldest period."""

    indicator: str
    peer_group: str
    period: str
    hits: int
    number: int
    shares: tuple[tuple[str, float], ...]
    bodies: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.hits / self.number

    @property
    def rise(self) -> float:
        return gaming.steady_rise([share for _period, share in self.shares])


def ceilings(codes: set[str], scorecard: str, quarters: Sequence[Period]) -> tuple[list[Ceiling], int]:
    """The indicators at their ceiling among bodies of these codes; gives how many were looked at, too."""
    newest: dict[tuple[str, str], int] = {}
    rows = runs(code=scorecard).filter(period__in=[one.label for one in quarters]).order_by("computed_at", "pk")
    for pk, group, period in rows.values_list("pk", "peer_group", "period"):
        newest[group, period] = pk
    counted: dict[tuple[str, str], list[tuple[str, int, int, tuple[str, ...]]]] = defaultdict(list)
    for run in Run.objects.select_related("scorecard").filter(pk__in=newest.values()).order_by("period_start"):
        for column, hits, number, high in _counts(run, codes):
            counted[run.peer_group, column].append((run.period, hits, number, high))
    found = []
    for (group, column), periods in counted.items():
        period, hits, number, high = periods[-1]
        shares = tuple((label, own / among) for label, own, among, _high in periods if among)
        if number < FEWEST_BODIES or hits < MOST_AT_CEILING * number or len(shares) < 3:
            continue
        sign = Ceiling(column, group, period, hits, number, shares, high[:MOST_BODIES])
        if sign.rise >= RISE:
            found.append(sign)
    found.sort(key=lambda sign: (-sign.rise, sign.peer_group, sign.indicator))
    return found[:MOST_SIGNS], len(counted)


def _counts(run: Run, codes: set[str]) -> Iterable[tuple[str, int, int, tuple[str, ...]]]:
    """For every indicator of the run how many of the seen bodies stand at the ceiling, confidence left aside."""
    outcome = ground_of(run).outcome
    rows = [row for row, unit in enumerate(outcome.units) if unit in codes]
    units = np.array(outcome.units)[rows]
    for column, indicator in enumerate(outcome.spec.indicators):
        scores = outcome.normalised[rows, column]
        hits, number = gaming.at_ceiling(scores.tolist())
        if number:
            yield indicator.code, hits, number, tuple(units[scores >= 100 * gaming.CEILING].tolist())
