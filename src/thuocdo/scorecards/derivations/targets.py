"""Achievement of targets: how near the values in force come to the level due on each target's path."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from thuocdo.engine.calendars import Period
from thuocdo.indicators.queries import BY_STRENGTH, Indicator, indicators, level_due, matrix, paths, targets
from thuocdo.organisations.models import Body

from .figures import DECIMALS, DERIVED_ROOMS, Figure


def target_achievement(period: Period, on: date, bodies: Sequence[Body]) -> list[Figure]:
    """Mean over the body's targets of value over level due at the period's end, each at most 100 per cent.

    Only targets with a level due and a value in force count; which values are missing is completeness.
    """
    drawn = paths(indicators())
    columns = [
        one for one in indicators() if one.pk in drawn and one.derived_from not in DERIVED_ROOMS and one.direction
    ]
    yearly = {one.indicator_id for one in targets() if one.every_year}
    cells = matrix(indicators=columns, bodies=bodies, period=period, carry_on=on if on < period.end else None)
    figures = []
    for row, body in enumerate(bodies):
        reached: list[float] = []
        strengths: list[int] = []
        for column, indicator in enumerate(columns):
            if not _is_given_to(indicator, body) or np.isnan(cells.values[row, column]):
                continue
            own = drawn[indicator.pk].get(body.pk) or drawn[indicator.pk].get(None, [])
            due = level_due(own, period.last_day, every_year=indicator.pk in yearly)
            if due is not None:
                reached.append(achievement(float(cells.values[row, column]), float(due), indicator.direction))
                strengths.append(int(cells.strength[row, column]))
        weakest = BY_STRENGTH[min(strengths, default=0)]
        figures.append(Figure(body.code, round(100 * float(np.mean(reached)), DECIMALS) if reached else None, weakest))
    return figures


def achievement(value: float, due: float, direction: int) -> float:
    """Value over the level due, or the level over the value where less is better; between 0 and 1."""
    if direction < 0:
        value, due = due, value
    if due <= 0:
        return 1.0 if value >= due else 0.0
    return min(1.0, max(0.0, value / due))


def _is_given_to(indicator: Indicator, body: Body) -> bool:
    return body.peer_group in indicator.applies_to if indicator.applies_to else indicator.owner_id == body.pk
