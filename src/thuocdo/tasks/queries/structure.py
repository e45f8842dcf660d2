"""What a task is made of and how far that is: milestones, products, what it waits for, parts, budget."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from thuocdo.accounts.models import Role, RoleHolding, User
from thuocdo.accounts.permissions import Actor
from thuocdo.tasks.lifecycle import FINAL, OPEN, State
from thuocdo.tasks.models import BudgetReference, Dependency, Evidence, Milestone, Product, Task

from .lists import visible_to

# Deeper than any administration; a net that is deeper than this is a fault in the data.
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that a task waits for, on a day: whether it is there, and how many days it was waited for."""

    dependency: Dependency
    is_there: bool
    # The task that is waited for was cancelled: it will never be there, and somebody has to say so.
    is_void: bool
    days: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a task that an actor may see, and what they add up to (all of them, seen or not)."""

    rows: list[Task]
    number: int
    done: int
    open: int
    # Percent: the mean of the parts by weight, beside what the lead body reports of the whole.
    progress: Decimal | None


def milestones(task: Task) -> QuerySet[Milestone]:
    """The milestones of a task by their day."""
    return Milestone.objects.filter(task=task).order_by("due_on", "position")


def products(task: Task) -> QuerySet[Product]:
    """The products of a task in their order, each with `has_file`: whether a report brings evidence for it."""
    proof = Evidence.objects.filter(products=OuterRef("pk"))
    return Product.objects.filter(task=task).annotate(has_file=Exists(proof)).order_by("position")


def budget_references(task: Task) -> QuerySet[BudgetReference]:
    """The budget lines of a task by year and code."""
    return BudgetReference.objects.filter(task=task).order_by("year", "code")


def waiting_for(task: Task, today: date) -> list[Waiting]:
    """What a task waits for, what is still missing first; two queries."""
    rows = Dependency.objects.filter(task=task).select_related("waits_for__lead", "owner").order_by("at", "pk")
    return sorted((_waiting(row, today) for row in rows), key=lambda one: one.is_there)


def _waiting(row: Dependency, today: date) -> Waiting:
    other = row.waits_for
    there_on = row.fulfilled_on if other is None else other.completed_on
    since = localdate(row.at)
    expected = row.expected_on if other is None else other.due_on
    return Waiting(
        dependency=row,
        is_there=there_on is not None,
        is_void=other is not None and other.state == State.CANCELLED,
        days=max((min(there_on or today, today) - since).days, 0),
        is_late=there_on is None and expected is not None and expected < today,
    )


def waited_for_by(task: Task, actor: Actor) -> QuerySet[Task]:
    """Open tasks that the actor may see and that wait for this one."""
    waiting = Dependency.objects.filter(task=OuterRef("pk"), waits_for=task)
    return visible_to(actor).filter(Exists(waiting), state__in=sorted(OPEN)).select_related("lead").order_by("code")


def blocked() -> Q:
    """Tasks that wait for something that is not there, as a condition on tasks; the clock runs all the same."""
    missing = Dependency.objects.filter(task=OuterRef("pk"), fulfilled_on__isnull=True).exclude(
        waits_for__state__in=sorted(FINAL)
    )
    return Q(Exists(missing))


def way_between(start: Task, goal: Task) -> list[str]:
    """The codes on a shortest way along which `start` waits for `goal`, both included; empty when there is none.

    A task waits for what it depends on and for its own parts. Two queries for each step of the way.
    """
    came_from: dict[int, int | None] = {start.pk: None}
    edge = [start.pk]
    for _ in range(_DEEPEST):
        if goal.pk in came_from or not edge:
            break
        rows = [
            *Dependency.objects.filter(task__in=edge, waits_for__isnull=False).values_list("task", "waits_for"),
            *Task.objects.filter(parent__in=edge).values_list("parent", "pk"),
        ]
        edge = []
        for source, target in rows:
            if target is not None and target not in came_from:
                came_from[target] = source
                edge.append(target)
    if goal.pk not in came_from:
        return []
    way: list[int] = []
    place: int | None = goal.pk
    while place is not None:
        way.append(place)
        place = came_from[place]
    codes: Mapping[int, str] = dict(Task.objects.filter(pk__in=way).values_list("pk", "code"))
    return [codes[number] for number in reversed(way)]


def parts_of(task: Task, actor: Actor) -> Parts | None:
    """The parts of a task, or None when it has none; cancelled parts count no more."""
    counted = Task.objects.filter(parent=task).exclude(state=State.CANCELLED)
    may_see = visible_to(actor).filter(pk=OuterRef("pk"))
    found = list(
        counted.annotate(is_seen=Exists(may_see)).select_related("lead", "responsible").order_by("due_on", "code")
    )
    rows = [(one.state, one.progress, one.weight) for one in found]
    if not rows:
        return None
    whole = sum((weight for _state, _progress, weight in rows), Decimal(0))
    reached = sum(
        (weight * (100 if state == State.COMPLETED else progress) for state, progress, weight in rows), Decimal(0)
    )
    done = sum(1 for state, _progress, _weight in rows if state == State.COMPLETED)
    return Parts(
        rows=[one for one in found if one.is_seen],
        number=len(rows),
        done=done,
        open=len(rows) - done,
        progress=(reached / whole).quantize(Decimal(1)),
    )


def open_parts(task: Task) -> QuerySet[Task]:
    """The parts of a task that are neither completed nor cancelled."""
    return Task.objects.filter(parent=task, state__in=sorted(OPEN | {State.DRAFT})).order_by("code")


def line_above(task: Task) -> list[Task]:
    """The tasks of which this is a part, the widest first."""
    above: list[Task] = []
    place = task.parent_id
    while place is not None and len(above) < _DEEPEST:
        parent = Task.objects.select_related("lead").get(pk=place)
        above.insert(0, parent)
        place = parent.parent_id
    return above


def milestones_missed(tasks: QuerySet[Task], today: date) -> int:
    """How many milestones of the tasks have passed without being reached."""
    passed = Milestone.objects.filter(task__in=tasks, reached_on__isnull=True, due_on__lt=today)
    return passed.aggregate(number=Count("pk"))["number"] or 0


def due_next(tasks: QuerySet[Task], today: date, days: int) -> QuerySet[Milestone]:
    """Milestones of the tasks that fall due within so many days, the nearest first."""
    found = Milestone.objects.filter(task__in=tasks, reached_on__isnull=True, due_on__gte=today)
    return found.filter(due_on__lte=today + timedelta(days=days)).select_related("task__lead").order_by("due_on", "pk")


def people_of_lead(task: Task, today: date) -> QuerySet[User]:
    """The people who hold a role at the lead body on the day and may answer for the task, by name."""
    holding = RoleHolding.objects.valid_on(today).filter(body=task.lead_id).exclude(role=Role.SOURCE_SYSTEM)
    return User.objects.filter(pk__in=holding.values("user"), is_active=True).order_by("full_name", "pk")
