"""Reporting discipline and the six data qualities, computed from the measurements alone.

The machine counts its own records here, so the figures are as strong as a system's. How each quality is judged
stands in engine/quality, what it is judged by in records.py; here shares become figures.
"""

from collections.abc import Mapping
from datetime import timedelta

from thuocdo.engine.quality.delivered import Quality
from thuocdo.indicators.queries import DUE_DAYS

from .figures import DECIMALS, Figure
from .records import Records

BY_COUNTING = "system"
# Days after the end of a period within which its value has to be there, where the definition says nothing else.
TERM: Mapping[str, timedelta] = {frequency: timedelta(days=days) for frequency, days in DUE_DAYS.items()}


def reporting_discipline(records: Records) -> list[Figure]:
    """Figures owed in the period that were there within the term of their update rule, per cent."""
    return _figures(records, records.timeliness, 100)


def quality_completeness(records: Records) -> list[Figure]:
    """Owed cells that hold a value or are marked not applicable, 0 to 1."""
    return _figures(records, records.completeness)


def quality_liveness(records: Records) -> list[Figure]:
    """Mean over the indicators of what is left of the update term: 1 within it, 0 at one cycle overdue."""
    return _figures(records, records.liveness)


def quality_accuracy(records: Records) -> list[Figure]:
    """Declared values within tolerance of the strongest other value of the same cell, 0 to 1."""
    return _figures(records, records.accuracy)


def quality_consistency(records: Records) -> list[Figure]:
    """Cells told by several equal sources, and wholes with all their parts, that do not contradict, 0 to 1."""
    return _figures(records, records.consistency)


def quality_cleanliness(records: Records) -> list[Figure]:
    """Values taken, new and in range among those that came in; refused rows are not, 0 to 1."""
    return _figures(records, records.cleanliness)


def quality_sharing(records: Records) -> list[Figure]:
    """Indicators of the body that arrive through the programming interface, 0 to 1."""
    return _figures(records, records.sharing)


def _figures(records: Records, quality: Quality, scale: float = 1) -> list[Figure]:
    """The share of every body asked for, times the scale; not applicable where nothing could be judged."""
    shares = quality.of_bodies[: len(records.bodies)].tolist()
    return [
        Figure(body.code, None if share != share else round(scale * share, DECIMALS), BY_COUNTING)
        for body, share in zip(records.bodies, shares, strict=True)
    ]
