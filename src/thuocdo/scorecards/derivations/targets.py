"""Achievement of targets: how near the values in force come to the level due on each target's path."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import numpy as np

from thuocdo.engine.calendars import Period
from thuocdo.engine.targets import Aim, standing
from thuocdo.indicators.queries import (
    BY_STRENGTH,
    Indicator,
    Target,
    TargetPoint,
    indicators,
    level_due,
    matrix,
    paths,
    targets,
)
from thuocdo.organisations.models import Body

from .figures import DECIMALS, DERIVED_ROOMS, Figure

# What an order alone says, where the dictionary names no comparator.
BY_DIRECTION = {1: ">=", -1: "<="}


def target_achievement(period: Period, on: date, bodies: Sequence[Body]) -> list[Figure]:
    """Mean over the body's targets of what the value reaches of the level due at the period's end, each at most
    100 per cent, by the target's comparator (see `aim_due`).

    Only targets with a level due and a value in force count; which values are missing is completeness.
    """
    drawn = paths(indicators())
    demanded = _demanded(targets())
    columns = [
        one for one in indicators() if one.pk in drawn and one.derived_from not in DERIVED_ROOMS and _is_ordered(one)
    ]
    cells = matrix(indicators=columns, bodies=bodies, period=period, carry_on=on if on < period.end else None)
    # Bodies share the common path of an indicator, hence its aim; those with a path of their own have one each.
    aims: dict[tuple[int, int | None], Aim | None] = {}
    figures = []
    for row, body in enumerate(bodies):
        reached: list[float] = []
        strengths: list[int] = []
        for column, indicator in enumerate(columns):
            if not _is_given_to(indicator, body) or np.isnan(cells.values[row, column]):
                continue
            whose = body.pk if body.pk in drawn[indicator.pk] else None
            if (indicator.pk, whose) not in aims:
                target = demanded.get(indicator.pk)
                aims[indicator.pk, whose] = aim_due(indicator, drawn[indicator.pk].get(whose, []), period, target)
            aim = aims[indicator.pk, whose]
            stands = None if aim is None else standing(aim, Decimal(repr(float(cells.values[row, column]))))
            if stands is not None:
                reached.append(float(stands.share))
                strengths.append(int(cells.strength[row, column]))
        weakest = BY_STRENGTH[min(strengths, default=0)]
        figures.append(Figure(body.code, round(100 * float(np.mean(reached)), DECIMALS) if reached else None, weakest))
    return figures


def aim_due(indicator: Indicator, path: Sequence[TargetPoint], period: Period, target: Target | None) -> Aim | None:
    """What is demanded of the indicator at the end of the period; None while nothing is due.

    Where more or less is better, the share is value over level or level over value, whatever the comparator: an
    interval is then reached at its near end, a rank by that place or a better one, a state by that rung or a higher
    one. Without an order an interval wants both its ends, and a level, a state or a group exactly that one: the share
    is then that of the way from where the path began.
    """
    due = level_due(path, period.last_day, every_year=target is not None and target.every_year)
    if due is None:
        return None
    comparator = indicator.comparator or BY_DIRECTION[indicator.direction]
    if comparator == "between":
        if indicator.direction:
            comparator = BY_DIRECTION[indicator.direction]
        elif target is None or target.low is None or target.high is None:
            return None
        else:
            return Aim("between", low=target.low, high=target.high, baseline=target.baseline)
    if indicator.direction:
        return Aim(comparator, due, direction=indicator.direction)
    began = path[0].value if len(path) > 1 else target.baseline if target is not None else None
    # A group is told as inside or outside, and needs no way.
    return Aim("reach" if comparator == "group" else comparator, due, direction=0, baseline=began)


def _demanded(found: Iterable[Target]) -> dict[int, Target]:
    return {one.indicator_id: one for one in found if one.indicator_id is not None}


def _is_ordered(indicator: Indicator) -> bool:
    """Whether a value can be held against a level at all."""
    return bool(indicator.direction) or indicator.comparator in ("between", "reach", "state", "group")


def _is_given_to(indicator: Indicator, body: Body) -> bool:
    return body.peer_group in indicator.applies_to if indicator.applies_to else indicator.owner_id == body.pk
