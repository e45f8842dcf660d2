"""Tasks and the indicators they should move: the links, and what hangs together with nothing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from thuocdo.accounts.permissions import Actor
from thuocdo.indicators.queries import Indicator, Measurement, Target, is_owed, targets, visible_indicators
from thuocdo.tasks.lifecycle import OPEN, State
from thuocdo.tasks.models import Task, TaskIndicator

from .lists import visible_to

# Figures about the tasks themselves, and about the figures: no task is there to move them.
ABOUT_OURSELVES = frozenset({"tasks", "indicators"})


@dataclass(frozen=True, slots=True)
class Orphans:
    """What hangs together with nothing, as far as an actor sees it; `tasks` is a query by code, the rest is listed."""

    indicators: list[Indicator]
    tasks: QuerySet[Task]
    targets: list[Target]
    unmeasured: list[Indicator]


def indicators_of(task: Task, actor: Actor) -> list[Indicator]:
    """The indicators that a task should move, in their order; own ones of strangers are left out."""
    links = list(TaskIndicator.objects.filter(task=task).order_by("position").values_list("indicator_id", flat=True))
    if not links:
        return []
    found = {row.pk: row for row in visible_indicators(actor).filter(pk__in=links)}
    return [found[pk] for pk in links if pk in found]


def tasks_for(indicator: Indicator, actor: Actor) -> QuerySet[Task]:
    """Tasks that should move the indicator, as far as the actor sees them, by deadline and code."""
    linked = TaskIndicator.objects.filter(indicator=indicator).values("task")
    return visible_to(actor).filter(pk__in=linked).select_related("lead").order_by("due_on", "code")


def orphans(actor: Actor, *, on: date) -> Orphans:
    """Indicators without a task, open tasks without an indicator, targets without one, indicators never measured.

    Cancelled tasks hold nothing together. Indicators without an order of better and worse owe no task, nor do those
    that the system computes about tasks and figures themselves.
    """
    held = TaskIndicator.objects.filter(indicator=OuterRef("pk")).exclude(task__state=State.CANCELLED)
    measured = Measurement.objects.filter(indicator=OuterRef("pk"))
    rows = visible_indicators(actor).annotate(has_task=Exists(held), is_measured=Exists(measured))
    known = [row for row in rows if is_owed(row, on)]
    linked = TaskIndicator.objects.filter(task=OuterRef("pk"))
    return Orphans(
        indicators=[
            row for row in known if not row.has_task and row.direction and row.derived_from not in ABOUT_OURSELVES
        ],
        tasks=visible_to(actor).filter(~Exists(linked), state__in=OPEN).select_related("lead").order_by("code"),
        targets=[row for row in targets() if row.indicator_id is None],
        unmeasured=[row for row in known if not row.is_measured],
    )
