"""Reads of the dictionary: indicators, targets, and the level due on a path at a day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.db.models import QuerySet

from thuocdo.indicators.models import Indicator, Target, TargetPoint
from thuocdo.organisations.models import Body


def indicators(*, codes: Iterable[str] | None = None, peer_group: str = "") -> QuerySet[Indicator]:
    """The dictionary in the order in which it was loaded; codes and a peer group narrow it."""
    found = Indicator.objects.select_related("owner").order_by("pk")
    if codes is not None:
        found = found.filter(code__in=list(codes))
    if peer_group:
        fitting = [row.pk for row in Indicator.objects.only("applies_to") if row.applies(peer_group)]
        found = found.filter(pk__in=fitting)
    return found


def indicators_for(body: Body) -> list[Indicator]:
    """What a body is expected to be measured by: what applies to its peer group, and figures it answers for."""
    return [
        row
        for row in indicators()
        if (row.applies_to and body.peer_group in row.applies_to) or (not row.applies_to and row.owner_id == body.pk)
    ]


def indicator_by_code(code: str) -> Indicator | None:
    """The indicator with this code."""
    return Indicator.objects.select_related("owner").filter(code=code).first()


def in_range(indicator: Indicator, value: Decimal) -> bool:
    """Whether the value is a valid one at all."""
    return (indicator.lower is None or value >= indicator.lower) and (
        indicator.upper is None or value <= indicator.upper
    )


def targets() -> QuerySet[Target]:
    """The targets by code, with indicator and owner."""
    return Target.objects.select_related("indicator", "owner").order_by("code")


def target_by_code(code: str) -> Target | None:
    """The target with this code."""
    return Target.objects.select_related("indicator", "owner").filter(code=code).first()


def path_of(indicator: Indicator, body: Body | None = None) -> list[TargetPoint]:
    """The levels due on the way, by day; a body's own path replaces the common one."""
    points = list(TargetPoint.objects.filter(indicator=indicator).order_by("due_date"))
    own = [point for point in points if body is not None and point.body_id == body.pk]
    return own or [point for point in points if point.body_id is None]


def paths(indicators: Iterable[Indicator]) -> dict[int, dict[int | None, list[TargetPoint]]]:
    """The paths of many indicators in one query: indicator id → body id or None → points by day."""
    found: dict[int, dict[int | None, list[TargetPoint]]] = {}
    for point in TargetPoint.objects.filter(indicator__in=list(indicators)).order_by("due_date"):
        found.setdefault(point.indicator_id, {}).setdefault(point.body_id, []).append(point)
    return found


def level_due(points: Sequence[TargetPoint], day: date, *, every_year: bool = False) -> Decimal | None:
    """The level due at the end of the day, on the straight line between the points around it.

    Before the first point nothing is due yet, after the last one its level stays due. A path of one point
    is due from that day on; with `every_year`, from the beginning of that year.
    """
    if not points:
        return None
    if every_year and len(points) == 1 and day.year == points[0].due_date.year:
        return points[0].value
    if day < points[0].due_date:
        return None
    for before, after in pairwise(points):
        if before.due_date <= day < after.due_date:
            share = Decimal((day - before.due_date) / timedelta(days=1)) / Decimal(
                (after.due_date - before.due_date).days
            )
            return before.value + (after.value - before.value) * share
    return points[-1].value
