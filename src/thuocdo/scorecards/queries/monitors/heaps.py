"""Round numbers: bodies whose declared values lie on multiples of five or ten more often than chance lets expect."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from thuocdo.engine.calendars import Period
from thuocdo.engine.quality import gaming
from thuocdo.engine.quality.gaming import Tally
from thuocdo.indicators.queries import Measurement, Provenance, State
from thuocdo.organisations.models import Body

from .lookback import MOST_ROWS, MOST_SIGNS

STEPS = (5, 10)
FEWEST_VALUES = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A declared value behind a sign."""

    measurement: int
    indicator: str
    period: str
    value: float


@dataclass(frozen=True, slots=True)
class Heap:
    """A body whose declared values lie on multiples of a step more often than chance lets expect."""

    body: Body
    step: int
    tally: Tally
    rows: tuple[Told, ...]


# body, indicator, period, value, number of the measurement, day of recording
Row = tuple[int, str, str, float, int, date]


def declared(bodies: Iterable[int], *, since: Period) -> list[Row]:
    """What the bodies declared as shares of a hundred, the newest version of each."""
    rows = (
        Measurement.objects.filter(
            body__in=list(bodies),
            provenance=Provenance.DECLARED,
            state=State.VALUE,
            superseded_by__isnull=True,
            indicator__lower=0,
            indicator__upper=100,
            period_start__gte=since.start,
        )
        .order_by("pk")
        .values_list("body", "indicator__code", "period", "value", "pk", "recorded_at")
    )
    return [
        (body, indicator, period, float(value), pk, timezone.localdate(recorded))
        for body, indicator, period, value, pk, recorded in rows
        if value is not None
    ]


def heaps(values: Sequence[Row], bodies: dict[int, Body]) -> list[Heap]:
    """The bodies whose declared values heap up, the least likely first."""
    by_body: dict[int, list[Row]] = defaultdict(list)
    for row in values:
        by_body[row[0]].append(row)
    tests = len(STEPS) * len(by_body)
    found = []
    for body, rows in by_body.items():
        tallies = [(gaming.heaping([row[3] for row in rows], step=step), step) for step in STEPS]
        best, step = min(tallies, key=lambda pair: (pair[0].probability, -pair[1]))
        if best.stands_out(tests=tests, least=FEWEST_VALUES):
            hits = [row for row in rows if 0 < row[3] < 100 and row[3] % step == 0]
            told = tuple(Told(pk, indicator, period, value) for _b, indicator, period, value, pk, _d in hits)
            found.append(Heap(bodies[body], step, best, told[-MOST_ROWS:]))
    found.sort(key=lambda sign: (sign.tally.probability, sign.body.code))
    return found[:MOST_SIGNS]
