"""Figures of the page, and a dash for those that could not be computed."""

import math

from thuocdo.web.design.figures import number, percent


def figure(value: float) -> str:
    """A coefficient with two decimals."""
    return "–" if math.isnan(value) else number(value, 2)


def share(value: float) -> str:
    """A share of one as a percentage with one decimal."""
    return "–" if math.isnan(value) else percent(value * 100, 1)
