"""Invented levels of the measured indicators: what a body's figure is in a month, and what the body declares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from .traits import Traits, chance

# Below this candour a body reports its figures better than they are.
TOO_WELL_BELOW = 0.22
# A system feeds a body's figures with this probability, the more the diligent one has connected.
CONNECTED, CONNECTED_BY_DILIGENCE = 0.62, 0.36

Level = Callable[[Traits, date], float]


def _allocated(traits: Traits, day: date) -> float:
    """Money is allocated in the course of the year."""
    return 52 + 48 * min(1.0, (0.35 + 0.65 * day.month / 9) * (0.6 + 0.4 * traits.money))


LEVELS: Mapping[str, Level] = {
    "service_on_time": lambda traits, _: 66 + 33 * traits.service,
    "full_process_online": lambda traits, _: 36 + 55 * traits.service,
    "satisfaction": lambda traits, _: 45 + 52 * traits.service,
    "feedback_resolved": lambda traits, _: 38 + 60 * (0.5 * traits.service + 0.5 * traits.diligence),
    "recommendations_answered": lambda traits, _: 40 + 60 * traits.diligence,
    "allocated_share": _allocated,
    "disbursed_share": lambda traits, _: 34 + 66 * traits.money,
    "money_with_milestones": lambda traits, _: 30 + 66 * traits.care,
    "priority_share": lambda traits, _: 26 + 38 * traits.money,
    "guiding_documents_on_time": lambda traits, _: 35 + 63 * traits.diligence,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A body's true figure for a period, and what it declares, both as texts with one decimal."""

    true: str
    declared: str


def reading(indicator: str, body: str, traits: Traits, *, label: str, day: date, year_part: float) -> Reading:
    """The figure of a body at a day; `year_part` runs from 0 to 1 over the year told."""
    draw = chance("level", indicator, body, label)
    value = LEVELS[indicator](traits, day) + traits.drift * (year_part - 0.5) + draw.gauss(0, 1.6)
    told = value + draw.gauss(0, 0.4)
    if traits.candour < TOO_WELL_BELOW:
        told = value + draw.uniform(4, 11)
    return Reading(_percent(value), _percent(told))


def _percent(value: float) -> str:
    return f"{min(100.0, max(0.0, value)):.1f}"


@cache
def is_connected(indicator: str, body: str, traits: Traits) -> bool:
    """Whether a source system feeds the figure, or only the body itself tells it."""
    return chance("connected", indicator, body).random() < CONNECTED + CONNECTED_BY_DILIGENCE * traits.diligence


def is_forgotten(indicator: str, body: str, traits: Traits, label: str) -> bool:
    """Whether a body that types its figures forgot this one."""
    return chance("forgotten", indicator, body, label).random() < 0.02 + 0.22 * (1 - traits.diligence)


def is_late(body: str, traits: Traits, label: str) -> bool:
    """Whether a body that types its figures was late this time."""
    return chance("late", body, label).random() < 0.05 + 0.6 * (1 - traits.diligence)
