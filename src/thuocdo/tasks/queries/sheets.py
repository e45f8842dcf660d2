"""Tasks as the lines of an official list, and the list of what a document gave."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from thuocdo.accounts.permissions import Actor
from thuocdo.directives.models import Document
from thuocdo.tasks.files import Line
from thuocdo.tasks.files.layouts import parted
from thuocdo.tasks.lifecycle import Progress, Rhythm, State, Timing
from thuocdo.tasks.models import Report, Task

from .lists import visible_to
from .status import status_of

# The words of the official forms; the interface has words of its own, in two languages.
_PROGRESS = {
    Progress.NOT_STARTED: "chưa thực hiện",
    Progress.IN_PROGRESS: "đang thực hiện",
    Progress.DONE: "hoàn thành",
}
_TIMING = {
    Timing.IN_TIME: "trong hạn",
    Timing.DUE_SOON: "sắp đến hạn",
    Timing.OVERDUE: "quá hạn",
    Timing.LATE: "muộn",
    Timing.NO_DEADLINE: "không có thời hạn",
    Timing.SUSPENDED: "tạm dừng",
    Timing.CANCELLED: "đã hủy",
}


def with_result(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """The tasks with `latest`, the text of the newest report; of a recurring task, on its present occurrence."""
    reports = Report.objects.filter(task=OuterRef("pk")).filter(
        Q(occurrence__isnull=True) | Q(occurrence=OuterRef("original_due_on"))
    )
    return tasks.annotate(latest=Subquery(reports.order_by("-at", "-pk").values("text")[:1])).select_related(
        "lead", "document"
    )


def line_of(task: Task, today: date) -> Line:
    """One task, with its `latest` report, as a line of the official lists."""
    result, request = parted(getattr(task, "latest", None) or "")
    return Line(
        code=task.code,
        title=task.title,
        deliverable=task.deliverable,
        document=(task.document.number or task.document.title) if task.document else "",
        deadline=_deadline(task),
        lead=task.lead.name,
        progress=task.progress,
        status=_status(task, today),
        result=result,
        request=request,
    )


def lines(tasks: QuerySet[Task], today: date) -> Iterator[Line]:
    """The tasks as lines in their order, a few hundred at a time."""
    for task in with_result(tasks).iterator(chunk_size=500):
        yield line_of(task, today)


def tasks_of_document(actor: Actor, document: Document) -> QuerySet[Task]:
    """What was confirmed from a document, in its order: its own tasks, and known ones that it gives again or amends."""
    through = Q(document=document) | Q(sources__document=document) | Q(collective__sources__document=document)
    mine = visible_to(actor).filter(pk__in=Task.objects.filter(through).values("pk"))
    return mine.order_by(F("start").asc(nulls_last=True), "code")


def _deadline(task: Task) -> date | str:
    if task.rhythm != Rhythm.NONE and task.due_on:
        return f"{task.deadline_raw or _rhythm_word(task)}; kỳ này {task.due_on:%d/%m/%Y}"
    return task.due_on or task.deadline_raw


def _rhythm_word(task: Task) -> str:
    return {
        Rhythm.MONTH: "Hằng tháng",
        Rhythm.QUARTER: "Hằng quý",
        Rhythm.HALF_YEAR: "6 tháng một lần",
        Rhythm.YEAR: "Hằng năm",
    }[Rhythm(task.rhythm)]


def _status(task: Task, today: date) -> str:
    progress, timing, _against_original = status_of(task, today)
    if task.state in (State.SUSPENDED, State.CANCELLED):
        return _TIMING[timing]
    if task.state == State.COMPLETED:
        return "hoàn thành muộn" if timing == Timing.LATE else "hoàn thành"
    said = "chờ phê duyệt kết quả" if task.state == State.SUBMITTED else _PROGRESS[progress]
    return f"{said}, {_TIMING[timing]}"
