"""The spreadsheet for people to fill in, with the value of the period before beside each cell."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from thuocdo.engine.calendars import Period
from thuocdo.indicators.files import template, template_lines
from thuocdo.indicators.models import Indicator
from thuocdo.organisations.models import Body

from .matrix import matrix


def template_of(
    *, indicators: Sequence[Indicator], bodies: Sequence[Body], period: Period, title: str, whose: str = ""
) -> bytes:
    """An xlsx template of the indicators for the bodies and the period; lines that do not apply are left out."""
    cells = matrix(indicators=indicators, bodies=bodies, period=period.previous())
    previous = {
        (indicator.code, body.code): Decimal(repr(float(cells.values[row, column])))
        for row, body in enumerate(bodies)
        for column, indicator in enumerate(indicators)
        if not np.isnan(cells.values[row, column])
    }
    return template(template_lines(indicators, bodies, previous), period=period.label, title=title, whose=whose)
