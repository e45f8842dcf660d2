"""Reads of the dictionary: indicators, targets, what is owed when, and the level due on a path at a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.engine.calendars import parse_period
from thuocdo.engine.targets import Aim, Point, Standing, level_on, standing
from thuocdo.indicators.models import Frequency, Indicator, Target, TargetPoint
from thuocdo.organisations.models import Body, Descent, Hierarchy
from thuocdo.organisations.queries import within

# Days after the end of a period within which its value is owed, where the definition says nothing else.
DUE_DAYS: Mapping[str, int] = {
    Frequency.DAY: 1,
    Frequency.MONTH: 10,
    Frequency.QUARTER: 15,
    Frequency.YEAR: 45,
}


def indicators(*, codes: Iterable[str] | None = None, peer_group: str = "") -> QuerySet[Indicator]:
    """The dictionary of the programme in the order in which it was loaded; codes and a peer group narrow it.

    Bodies' own indicators are left out (see `own_indicators`), so that no score ever reads them.
    """
    found = Indicator.objects.select_related("owner").filter(kept_by__isnull=True).order_by("pk")
    if codes is not None:
        found = found.filter(code__in=list(codes))
    if peer_group:
        fitting = [row.pk for row in Indicator.objects.only("applies_to") if row.applies(peer_group)]
        found = found.filter(pk__in=fitting)
    return found


def own_indicators(*, kept_by: Iterable[int] | QuerySet[Body] | None = None) -> QuerySet[Indicator]:
    """Bodies' own indicators, by body and code; those kept by some bodies (ids)."""
    found = Indicator.objects.select_related("owner", "kept_by").filter(kept_by__isnull=False)
    if kept_by is not None:
        found = found.filter(kept_by__in=kept_by)
    return found.order_by("kept_by__code", "code")


def own_indicators_for(body: Body, *, on: date) -> list[Indicator]:
    """Own indicators that are measured at the body on the day: its own and those of the bodies above it."""
    return [row for row in awaited_at(body, on=on) if row.kept_by_id is not None]


def awaited_at(body: Body, *, on: date) -> list[Indicator]:
    """What is awaited on the day, in one query: the programme's indicators, then those measured at the body alone."""
    lines = Descent.objects.valid_on(on).filter(hierarchy=Hierarchy.TERRITORIAL, descendant=body)
    rows = Indicator.objects.select_related("owner", "kept_by").filter(
        Q(kept_by__isnull=True) | Q(kept_by=body) | Q(kept_by__in=lines.values("ancestor"))
    )
    found = [row for row in rows.order_by("pk") if is_owed(row, on)]
    own = [row for row in found if row.kept_by is not None and row.applies(body.peer_group)]
    own.sort(key=lambda row: (row.kept_by.code if row.kept_by else "", row.code))
    return [*(row for row in found if row.kept_by_id is None), *own]


def visible_indicators(actor: Actor) -> QuerySet[Indicator]:
    """The programme's dictionary, and own indicators of bodies that the actor sees or stands below."""
    found = Indicator.objects.select_related("owner", "kept_by").order_by("pk")
    return found.filter(Q(kept_by__isnull=True) | Q(kept_by__in=_keepers_seen(actor)))


def sees_indicator(actor: Actor, indicator: Indicator) -> bool:
    """Whether an own indicator may be shown to the actor; those of the programme may."""
    if indicator.kept_by_id is None:
        return True
    return Body.objects.filter(_keepers(actor), pk=indicator.kept_by_id).exists()


def _keepers_seen(actor: Actor) -> QuerySet[Body, int]:
    return Body.objects.filter(_keepers(actor)).values_list("pk", flat=True)


def _keepers(actor: Actor) -> Q:
    """Bodies whose own indicators the actor may see: those whose figures the actor sees, and those above one's own."""
    held = {held.body_id for held in actor.held}
    above = Descent.objects.valid_on(actor.on).filter(descendant__in=held, hierarchy=Hierarchy.TERRITORIAL)
    seen = bodies_within(actor, Permission.VIEW_INDICATORS)
    return Q(pk__in=seen.values("pk")) | Q(pk__in=above.values("ancestor")) | Q(pk__in=held)


def measured_within(indicator: Indicator, *, on: date) -> QuerySet[Body] | None:
    """The bodies at which an own indicator is measured; None for one of the programme."""
    return None if indicator.kept_by_id is None else within([indicator.kept_by_id], on=on)


def is_owed(indicator: Indicator, on: date) -> bool:
    """Whether values are still awaited on the day: retired indicators keep theirs and await none."""
    return indicator.retired_on is None or on < indicator.retired_on


def due_days(indicator: Indicator) -> int:
    """How many days after the end of a period its value is owed: the definition's own term, or the usual one."""
    return DUE_DAYS[indicator.frequency] if indicator.due_days is None else indicator.due_days


def term(indicator: Indicator) -> timedelta:
    """The same as a span of time."""
    return timedelta(days=due_days(indicator))


def indicators_for(body: Body) -> list[Indicator]:
    """What a body is expected to be measured by: what applies to its peer group, and figures it answers for."""
    return [
        row
        for row in indicators()
        if (row.applies_to and body.peer_group in row.applies_to) or (not row.applies_to and row.owner_id == body.pk)
    ]


def indicator_by_code(code: str) -> Indicator | None:
    """The indicator with this code, of the programme or of a body."""
    return Indicator.objects.select_related("owner", "kept_by").filter(code=code).first()


def indicators_by_code(codes: Iterable[str]) -> dict[str, Indicator]:
    """The indicators with these codes, of the programme and of bodies."""
    return {one.code: one for one in Indicator.objects.filter(code__in=list(codes)).order_by("pk")}


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
    """The level due at the end of the day, by the shape of the path: see engine/targets/paths.py.

    Before the first point nothing is due yet, after the last one its level stays due. A path of one point
    is due from that day on; with `every_year`, from the beginning of that year.
    """
    if not points:
        return None
    shape = points[0].shape or TargetPoint.Shape.LINEAR
    path = [Point(point.due_date, point.value, _beginning(point) if shape == "given" else None) for point in points]
    return level_on(path, day, shape=shape, every_year=every_year)


def _beginning(point: TargetPoint) -> date:
    return parse_period(point.period).start


def aim_of(target: Target, level: Decimal | None = None) -> Aim:
    """What a target demands, for the engine; a level due on the way takes the place of the one at the end."""
    return Aim(
        comparator=target.comparator,
        level=target.value if level is None else level,
        low=target.low,
        high=target.high,
        direction=target.direction,
        baseline=target.baseline,
    )


def standing_of(target: Target, value: Decimal | None) -> Standing | None:
    """How far a value has come towards the target by its comparator; None without a value or a number to reach."""
    return standing(aim_of(target), value)
