"""How much of what was told is verified: cells of a period by the strongest kind of source that stands behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Max, Q, QuerySet, Value, When

from thuocdo.engine.calendars import Period
from thuocdo.indicators.models import Indicator, Measurement, Provenance, State
from thuocdo.organisations.models import Body


@dataclass(frozen=True, slots=True)
class Support:
    """How many cells are only claimed, claimed with evidence, confirmed by a second source, or verified."""

    claimed: int = 0
    evidenced: int = 0
    cross_checked: int = 0
    verified: int = 0

    @property
    def told(self) -> int:
        """All cells of which something was told."""
        return self.claimed + self.evidenced + self.cross_checked + self.verified

    @property
    def share_verified(self) -> float | None:
        """The share that a source other than the body itself stands behind, 0 to 1; None where nothing was told."""
        return (self.verified + self.cross_checked) / self.told if self.told else None

    def __add__(self, other: "Support") -> "Support":
        return Support(
            self.claimed + other.claimed,
            self.evidenced + other.evidenced,
            self.cross_checked + other.cross_checked,
            self.verified + other.verified,
        )


@dataclass(frozen=True, slots=True)
class Supports:
    """The same, summed by body and by indicator (ids)."""

    by_body: dict[int, Support]
    by_indicator: dict[int, Support]

    @property
    def all(self) -> Support:
        return sum(self.by_body.values(), Support())


# From the weakest to the strongest, as `Support` names them.
KINDS: Sequence[str] = ("claimed", "evidenced", "cross_checked", "verified")
PLACE = Case(
    When(provenance__in=(Provenance.SYSTEM, Provenance.INDEPENDENT), then=Value(3)),
    When(provenance=Provenance.CROSS_CHECKED, then=Value(2)),
    When(~Q(evidence=""), then=Value(1)),
    default=Value(0),
    output_field=IntegerField(),
)


def _standing(period: Period, bodies: QuerySet[Body] | Iterable[Body]) -> QuerySet[Measurement]:
    return Measurement.objects.filter(
        body__in=bodies if isinstance(bodies, QuerySet) else list(bodies),
        period_start__gte=period.start,
        period_end__lte=period.end,
        superseded_by__isnull=True,
    ).exclude(Q(state=State.NULL) | Q(provenance=Provenance.DERIVED))


def cells_supported(
    period: Period, bodies: QuerySet[Body] | Iterable[Body], kinds: Iterable[str]
) -> QuerySet[Measurement, tuple[int, int, str]]:
    """The cells (body, indicator, label of the period) that count among some of the `KINDS`, in a lasting order."""
    found = _standing(period, bodies).values("body_id", "indicator_id", "period").annotate(best=Max(PLACE))
    found = found.filter(best__in=[KINDS.index(kind) for kind in kinds])
    return found.order_by("body__code", "indicator__code", "period").values_list("body_id", "indicator_id", "period")


def deciding(cells: Sequence[tuple[int, int, str]]) -> list[Measurement]:
    """The standing row that says among which of the kinds each cell counts, in the order of the cells; one query."""
    rows = Measurement.objects.select_related("indicator", "body").filter(
        body__in={body for body, _, _ in cells},
        indicator__in={indicator for _, indicator, _ in cells},
        period__in={label for _, _, label in cells},
        superseded_by__isnull=True,
    )
    best: dict[tuple[int, int, str], tuple[tuple[int, int], Measurement]] = {}
    for row in rows.exclude(Q(state=State.NULL) | Q(provenance=Provenance.DERIVED)).annotate(place=PLACE):
        cell, merit = (row.body_id, row.indicator_id, row.period), (row.place, row.pk)
        if cell not in best or merit > best[cell][0]:
            best[cell] = (merit, row)
    return [best[cell][1] for cell in cells if cell in best]


def supports(
    period: Period, bodies: QuerySet[Body] | Iterable[Body], *, indicators: Iterable[Indicator] | None = None
) -> Supports:
    """What stands behind the figures that bodies were told of for the period or a part of it, in one query.

    A cell is an indicator, a body and a period of its own; the strongest standing row decides. What the system
    computed itself is left out: it is as strong as its weakest input, and that is counted already.
    """
    found = _standing(period, bodies)
    if indicators is not None:
        found = found.filter(indicator__in=list(indicators))
    by_body: dict[int, list[int]] = {}
    by_indicator: dict[int, list[int]] = {}
    cells = found.values("body_id", "indicator_id", "period").annotate(best=Max(PLACE))
    for body, indicator, best in cells.values_list("body_id", "indicator_id", "best"):
        by_body.setdefault(body, [0, 0, 0, 0])[best] += 1
        by_indicator.setdefault(indicator, [0, 0, 0, 0])[best] += 1
    return Supports(
        {key: Support(*counts) for key, counts in by_body.items()},
        {key: Support(*counts) for key, counts in by_indicator.items()},
    )
