"""The records behind a derived figure: the tasks that a share counts, the deliveries that a quality judges."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.calendars import Period, year_of
from thuocdo.indicators.queries import Measurement, Provenance, indicators_for, measurements, term
from thuocdo.indicators.queries.staleness import AROUND
from thuocdo.scorecards.derivations import DERIVED_ROOMS, FROM_MEASUREMENTS, FROM_TASKS
from thuocdo.tasks.queries import counted_in, judged_within_a_year

from .card import definition_title, value_in_words
from .owed import Debt, debts, seen_by

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Task

MOST_ROWS = 30


@dataclass(frozen=True, slots=True)
class TasksBehind:
    """The tasks that a figure counts: those that the viewer may see, and how many there are in all of these."""

    rows: list[Debt]
    seen: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was delivered of one indicator in the period: how often, the newest value, from where and when."""

    indicator: "Indicator"
    times: int
    newest: Measurement | None
    # When the first of its periods within the period falls due.
    due_on: date
    is_late: bool

    @property
    def title(self) -> str:
        return definition_title(self.indicator)

    @property
    def shown(self) -> str:
        """The newest value with its unit."""
        if self.newest is None or self.newest.value is None:
            return ""
        return value_in_words(self.indicator, self.newest.value)


def is_from_tasks(code: str) -> bool:
    """Whether the figure is counted from tasks."""
    return code in FROM_TASKS


def is_from_measurements(code: str) -> bool:
    """Whether the figure is computed from other measurements."""
    return code in FROM_MEASUREMENTS


def tasks_behind(actor: Actor, code: str, body: "Body", period: Period, on: date) -> TasksBehind:
    """The tasks that a derived figure of the body counts, as far as the actor may see them.

    The conditions are those of the derivations: what fell due in the period (since the beginning of the
    year for accepted products) or was still owed from before, and for effectiveness what was judged.
    """
    day = min(on, period.last_day)
    found = seen_by(actor).filter(lead=body, assigned_on__lte=day).filter(_counted(code, period, day))
    seen = found.count()
    listed: QuerySet[Task] = found.order_by("due_on", "code")[:MOST_ROWS]
    return TasksBehind(debts(listed, day, actor=actor), seen)


def _counted(code: str, period: Period, day: date) -> Q:
    conditions: Mapping[str, Q] = {
        "on_time": counted_in(period, day),
        "accepted_products": counted_in(year_of(period.start), day),
        "delay_severity": counted_in(period, day),
        "effective_share": judged_within_a_year(day),
    }
    return conditions.get(code, Q(pk__in=[]))


def delivered(body: "Body", period: Period, today: date) -> list[Delivered]:
    """What the body was expected to deliver for the period and what came, in two queries."""
    expected = [one for one in indicators_for(body) if one.derived_from not in DERIVED_ROOMS]
    rows: dict[int, list[Any]] = {}
    for row in measurements(body=body).filter(
        indicator__in=[one.pk for one in expected], period_start__lt=period.end, period_end__gt=period.start
    ):
        if row.provenance != Provenance.DERIVED:
            rows.setdefault(row.indicator_id, []).append(row)
    found = []
    for one in expected:
        mine, due_on = rows.get(one.pk, []), AROUND[one.frequency](period.start).last_day + term(one)
        found.append(Delivered(one, len(mine), next(iter(mine), None), due_on, not mine and due_on < today))
    return found
