"""Figures that the system computes from its own records and keeps as measurements with provenance derived.

One function per indicator: it takes the period, the day as of which it looks, and the bodies, and gives one
figure for each of them. A share of nothing is not applicable, never zero.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from thuocdo.engine.calendars import Period
from thuocdo.organisations.models import Body

from .delivery import accepted_products, delay_severity, effective_share, on_time
from .figures import DERIVED_ROOMS, Figure
from .quality import (
    quality_accuracy,
    quality_cleanliness,
    quality_completeness,
    quality_consistency,
    quality_liveness,
    quality_sharing,
    reporting_discipline,
)
from .records import Records
from .targets import target_achievement

Derivation = Callable[[Period, date, Sequence[Body]], list[Figure]]

# From the records of tasks: they change with every step of a task.
FROM_TASKS: Mapping[str, Derivation] = {
    "on_time": on_time,
    "delay_severity": delay_severity,
    "accepted_products": accepted_products,
    "effective_share": effective_share,
}
# From one reading of all that was delivered in the period.
FROM_RECORDS: Mapping[str, Callable[[Records], list[Figure]]] = {
    "reporting_discipline": reporting_discipline,
    "quality_accuracy": quality_accuracy,
    "quality_completeness": quality_completeness,
    "quality_cleanliness": quality_cleanliness,
    "quality_liveness": quality_liveness,
    "quality_consistency": quality_consistency,
    "quality_sharing": quality_sharing,
}


def _on_its_own(quality: Callable[[Records], list[Figure]]) -> Derivation:
    return lambda period, on, bodies: quality(Records(period, on, bodies))


# From the measurements themselves: these also change with time alone.
FROM_MEASUREMENTS: Mapping[str, Derivation] = {
    "target_achievement": target_achievement,
    **{code: _on_its_own(quality) for code, quality in FROM_RECORDS.items()},
}

__all__ = ["DERIVED_ROOMS", "FROM_MEASUREMENTS", "FROM_RECORDS", "FROM_TASKS", "Derivation", "Figure", "Records"]
