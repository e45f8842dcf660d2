"""Tasks on which something happened since a moment: a step, a report, a file."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from thuocdo.tasks.models import Evidence, Report, Task, Transition


def changed_since(tasks: QuerySet[Task], moment: datetime) -> QuerySet[Task]:
    """The tasks with a step, a report or a file at or after the moment; each is looked up in its task's index."""
    of_task = {"task": OuterRef("pk"), "at__gte": moment}
    files = Evidence.objects.filter(report__task=OuterRef("pk"), added_at__gte=moment)
    return tasks.filter(
        Q(Exists(Transition.objects.filter(**of_task))) | Q(Exists(Report.objects.filter(**of_task))) | Q(Exists(files))
    )
