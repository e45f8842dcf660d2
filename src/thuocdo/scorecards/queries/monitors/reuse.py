"""Used twice: one file as evidence of several tasks, one text as the report of several."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from thuocdo.engine.quality import gaming
from thuocdo.tasks.models import Evidence, Report, Task

from .lookback import MOST_ROWS, MOST_SIGNS, midnight

MOST_REPORTS = 3000


@dataclass(frozen=True, slots=True)
class Reuse:
    """One file that serves as evidence of several tasks."""

    digest: str
    name: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """Reports of different tasks, each nearly the same as another of them; 1 for word by word.

    `likeness` is the least of those by which they hang together.
    """

    likeness: float
    reports: tuple[Report, ...]


def reused(tasks: QuerySet[Task]) -> list[Reuse]:
    """The files that serve several of these tasks, those of most tasks first."""
    seen = Evidence.objects.filter(report__task__in=tasks)
    twice = (
        seen.values("digest")
        .annotate(tasks=Count("report__task", distinct=True))
        .filter(tasks__gt=1)
        .order_by("-tasks", "digest")
        .values_list("digest", flat=True)
    )
    wanted = list(twice[:MOST_SIGNS])
    if not wanted:
        return []
    rows = (
        Evidence.objects.filter(digest__in=wanted, report__task__in=tasks)
        .select_related("report__task__lead")
        .order_by("pk")
    )
    by_digest: dict[str, dict[int, Task]] = defaultdict(dict)
    names: dict[str, str] = {}
    for row in rows:
        by_digest[row.digest].setdefault(row.report.task_id, row.report.task)
        names.setdefault(row.digest, row.name)
    return [Reuse(digest, names[digest], tuple(by_digest[digest].values())[:MOST_ROWS]) for digest in wanted]


def copied(tasks: QuerySet[Task], *, since: date) -> tuple[list[Copied], int]:
    """The reports that say nearly the same of different tasks; gives how many were compared, too."""
    rows = list(
        Report.objects.filter(task__in=tasks, at__gte=midnight(since))
        .order_by("-at", "-pk")
        .values_list("pk", "task", "text")[:MOST_REPORTS]
    )
    owners = {pk: task for pk, task, _text in rows}
    pairs = [
        pair
        for pair in gaming.alike({pk: text for pk, _task, text in reversed(rows)})
        if owners[pair.one] != owners[pair.other]
    ]
    groups = gaming.joined(pairs)[:MOST_SIGNS]
    known = Report.objects.select_related("task__lead").in_bulk([pk for _least, keys in groups for pk in keys])
    found = []
    for least, keys in groups:
        # Of a task that told the same twice, once is enough.
        reports = {known[pk].task_id: known[pk] for pk in sorted(keys, reverse=True)}
        found.append(Copied(least, tuple(sorted(reports.values(), key=lambda one: one.pk))[:MOST_ROWS]))
    return found, len(rows)
