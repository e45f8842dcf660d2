"""Tasks as a plan shows them: cards by column, bars with milestones and what they wait for, days of a month."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, Prefetch, QuerySet

from thuocdo.accounts.permissions import Actor
from thuocdo.organisations.models import Body
from thuocdo.tasks.models import Dependency, Milestone, Task

from .lists import visible_to

_HEAVY = ("search", "also_coordinating", "deliverable", "target")


def newest_of_groups(tasks: QuerySet[Task], by: str, each: int, *, most: int) -> tuple[dict[Any, int], list[Task]]:
    """How many of the tasks each value of a column has, and the first ones by deadline of the `most` largest.

    One query for the counts, and one for each value shown, which an index answers without reading the rest.
    """
    plain = tasks.order_by()
    rows: Any = plain.values(by).annotate(number=Count("pk"))
    counts: dict[Any, int] = {row[by]: row["number"] for row in rows}
    largest = sorted(counts, key=lambda key: (-counts[key], str(key)))[:most]
    if not largest:
        return counts, []
    first = [
        tasks.filter(**{by: key}).order_by(F("due_on").asc(nulls_last=True), "pk").values("pk")[:each]
        for key in largest
    ]
    keys = [row["pk"] for part in first for row in part] if len(first) <= 1 else _together(first)
    found = Task.objects.filter(pk__in=keys).select_related("lead").defer(*_HEAVY)
    return counts, list(found.order_by(F("due_on").asc(nulls_last=True), "pk"))


def _together(parts: list[QuerySet[Any]]) -> list[int]:
    """The numbers of several short lists in one query; each is put in brackets, which both databases take.

    Joined by "union" and not by "or": each list then reads its own few rows of an index.
    """
    first, *rest = [Task.objects.filter(pk__in=part).order_by().values_list("pk", flat=True) for part in parts]
    return list(first.union(*rest, all=True))


def bodies_named_by(keys: Iterable[int]) -> dict[int, Body]:
    """Bodies by number (id)."""
    return Body.objects.in_bulk(list(keys))


def number_planned(tasks: QuerySet[Task], first: date, last: date) -> int:
    """How many tasks `planned` would find without a limit."""
    return tasks.filter(due_on__isnull=False, due_on__gte=first, assigned_on__lte=last).order_by().count()


def planned(tasks: QuerySet[Task], first: date, last: date, most: int) -> list[Task]:
    """The tasks whose time from assignment to deadline touches the days, with milestones and dependencies, by
    deadline; at most `most`, in three queries."""
    waits = Dependency.objects.select_related("waits_for", "owner").order_by("pk")
    found = tasks.filter(due_on__isnull=False, due_on__gte=first, assigned_on__lte=last)
    return list(
        found.select_related("lead")
        .defer(*_HEAVY)
        .prefetch_related(
            Prefetch("milestones", Milestone.objects.order_by("due_on", "position")), Prefetch("dependencies", waits)
        )
        .order_by("due_on", "pk")[:most]
    )


def seen_among(actor: Actor, tasks: Iterable[int]) -> set[int]:
    """Which of the tasks (ids) the actor may see: what waits for a task tells no more of it than one may know."""
    return set(visible_to(actor).filter(pk__in=list(tasks)).values_list("pk", flat=True))


def due_between(tasks: QuerySet[Task], first: date, last: date, most: int) -> list[Task]:
    """The tasks that fall due in the days, by day; at most `most`."""
    found = tasks.filter(due_on__gte=first, due_on__lte=last).select_related("lead").defer(*_HEAVY)
    return list(found.order_by("due_on", "pk")[:most])


def counts_by_day(tasks: QuerySet[Task], first: date, last: date) -> dict[date, int]:
    """How many of the tasks fall due on each of the days."""
    rows = tasks.filter(due_on__gte=first, due_on__lte=last).order_by().values("due_on").annotate(number=Count("pk"))
    return {row["due_on"]: row["number"] for row in rows if row["due_on"] is not None}


def milestones_between(tasks: QuerySet[Task], first: date, last: date, most: int) -> list[Milestone]:
    """Milestones of the tasks that fall due in the days, by day; at most `most`."""
    found = Milestone.objects.filter(due_on__gte=first, due_on__lte=last, task__in=tasks.order_by().values("pk"))
    return list(found.select_related("task__lead").order_by("due_on", "pk")[:most])
