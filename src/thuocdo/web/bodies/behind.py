"""The records behind a derived figure: the tasks that a share counts, the deliveries that a quality judges."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.calendars import Period, year_of
from thuocdo.indicators.queries import Measurement, Provenance, indicators_for, measurements
from thuocdo.scorecards.derivations import DERIVED_ROOMS, FROM_MEASUREMENTS, FROM_TASKS
from thuocdo.tasks.lifecycle import OWED
from thuocdo.tasks.queries import Effectiveness, State

from .card import definition_title, value_in_words
from .owed import Debt, debts, seen_by

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Task

MOST_ROWS = 30
# What was judged in the last twelve months counts as effective or not.
JUDGED_FOR = timedelta(days=365)


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
    year for accepted products), what is still owed from before (for the delay), what was judged.
    """
    day = min(on, period.last_day)
    found = seen_by(actor).filter(lead=body, assigned_on__lte=day).filter(_counted(code, period, day))
    seen = found.count()
    listed: QuerySet[Task] = found.order_by("due_on", "code")[:MOST_ROWS]
    return TasksBehind(debts(listed, day, actor=actor), seen)


def _counted(code: str, period: Period, day: date) -> Q:
    done = Q(state=State.COMPLETED, completed_on__lte=day)
    owed = Q(state__in=sorted(OWED)) | Q(state=State.COMPLETED, completed_on__gt=day)
    past = owed & Q(due_on__lt=day)
    conditions: Mapping[str, Q] = {
        "on_time": Q(due_on__gte=period.start, due_on__lt=period.end) & (done | past),
        "accepted_products": Q(due_on__gte=year_of(period.start).start, due_on__lt=year_of(period.start).end)
        & (done | past),
        "delay_severity": (done & Q(due_on__gte=period.start, due_on__lt=period.end)) | past,
        "effective_share": done & Q(completed_on__gt=day - JUDGED_FOR) & ~Q(effectiveness=Effectiveness.NOT_JUDGED),
    }
    return conditions.get(code, Q(pk__in=[]))


def delivered(body: "Body", period: Period) -> list[Delivered]:
    """What the body was expected to deliver for the period and what came, in two queries."""
    expected = [one for one in indicators_for(body) if one.derived_from not in DERIVED_ROOMS]
    rows: dict[int, list[Any]] = {}
    for row in measurements(body=body).filter(
        indicator__in=[one.pk for one in expected], period_start__lt=period.end, period_end__gt=period.start
    ):
        if row.provenance != Provenance.DERIVED:
            rows.setdefault(row.indicator_id, []).append(row)
    return [Delivered(one, len(rows.get(one.pk, [])), next(iter(rows.get(one.pk, [])), None)) for one in expected]
