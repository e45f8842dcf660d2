"""Figures that must add up: the parts of a breakdown, and the bodies below a body."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from thuocdo.engine.calendars import Period
from thuocdo.engine.spelling import nfc
from thuocdo.engine.targets import Sum, adds_up
from thuocdo.indicators.models import Indicator, Kind, Measurement, State
from thuocdo.organisations.models import Body, Descent

# With more bodies than these a query names none of them.
FEW_BODIES = 200


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A whole with its parts for a body and period; `dimension` is the code of the breakdown, "tree" for the bodies
    below. `parts` holds name of the part → figure in force, None where it is missing."""

    indicator: Indicator
    body: Body
    period: Period
    dimension: str
    title: str
    parts: Mapping[str, Decimal | None]
    sum: Sum

    @property
    def is_gap(self) -> bool:
        """Whether the parts do not add up, beyond the tolerance."""
        return self.sum.is_beyond


def breakdown_gaps(period: Period, bodies: Sequence[Body] | QuerySet[Body]) -> list[Breakdown]:
    """Wholes of the period whose parts do not add up beyond their tolerance, by indicator and body.

    Both kinds are looked at: the breakdowns of the dictionary, and the figures of bodies against those below them
    where the dictionary says that they add up.
    """
    rows = list(Indicator.objects.filter(breakdowns__isnull=False).order_by("pk"))
    summed = list(Indicator.objects.filter(adds_up_the_tree=True).order_by("pk"))
    found = [one for row in rows for one in breakdowns_of(row, period, bodies)]
    found += [one for row in summed for one in tree_sums(row, period, bodies)]
    return [one for one in found if one.is_gap]


def breakdowns_of(indicator: Indicator, period: Period, bodies: Sequence[Body] | QuerySet[Body]) -> list[Breakdown]:
    """The breakdowns of an indicator for every body that has told the whole or a part."""
    among = list(bodies)
    named = list(indicator.breakdowns or [])
    codes = {code for one in named for code in one["parts"]} | {indicator.code}
    figures = figures_in_force(codes, period, among)
    found = []
    for one in named:
        for body in among:
            parts = {code: figures.get((code, body.pk)) for code in one["parts"]}
            whole = figures.get((indicator.code, body.pk))
            if whole is None and all(value is None for value in parts.values()):
                continue
            result = adds_up(whole, list(parts.values()), Decimal(str(one.get("tolerance", "0"))))
            found.append(Breakdown(indicator, body, period, one["code"], nfc(one["title"]), parts, result))
    return found


def tree_sums(indicator: Indicator, period: Period, bodies: Sequence[Body] | QuerySet[Body]) -> list[Breakdown]:
    """The figure of each body against the sum of the bodies directly below it; bodies without any are left out.

    Bodies below that the indicator does not apply to are no parts.
    """
    above = {body.pk: body for body in bodies}
    pairs = Descent.objects.valid_on(period.last_day).filter(ancestor__in=above, depth=1).select_related("descendant")
    below: dict[int, list[Body]] = {}
    for pair in pairs.filter(hierarchy="territorial"):
        if indicator.applies(pair.descendant.peer_group):
            below.setdefault(pair.ancestor_id, []).append(pair.descendant)
    wanted = [above[pk] for pk in below] + [body for those in below.values() for body in those]
    figures = figures_in_force({indicator.code}, period, wanted)
    found = []
    for pk, those in below.items():
        whole = figures.get((indicator.code, pk))
        parts = {body.code: figures.get((indicator.code, body.pk)) for body in those}
        if whole is None and all(value is None for value in parts.values()):
            continue
        result = adds_up(whole, list(parts.values()), indicator.tolerance)
        found.append(Breakdown(indicator, above[pk], period, "tree", "", parts, result))
    return found


def figures_in_force(codes: Iterable[str], period: Period, bodies: Sequence[Body]) -> dict[tuple[str, int], Decimal]:
    """The values in force of exactly this period, by indicator's code and body's id, in one query."""
    found = Measurement.objects.filter(
        indicator__code__in=list(codes), period_start=period.start, period=period.label, superseded_by__isnull=True
    ).exclude(state=State.NULL)
    wanted = {body.pk for body in bodies}
    if len(wanted) <= FEW_BODIES:
        found = found.filter(body__in=wanted)
    best: dict[tuple[str, int], tuple[Any, ...]] = {}
    for code, body, strength, kind, recorded_at, pk, state, value in found.values_list(
        "indicator__code", "body_id", "strength", "kind", "recorded_at", "pk", "state", "value"
    ):
        merit = (strength, kind == Kind.FINAL, recorded_at, pk)
        if body in wanted and ((code, body) not in best or merit > best[code, body][0]):
            best[code, body] = (merit, state, value)
    return {key: value for key, (_, state, value) in best.items() if state == State.VALUE}
