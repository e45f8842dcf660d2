"""Single things of a result that were returned: open ones, the answered ones with what changed, how often."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from thuocdo.engine.likeness import Change, word_changes
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import Evidence, Milestone, Product, Report, ReturnedPoint, Task, Transition


def open_points(task: Task) -> QuerySet[ReturnedPoint]:
    """What was returned and not answered yet, in the order in which it was returned.

    Each knows the name of what was returned (`product_name`, `milestone_name`) and when the lead body reported
    last (`last_report_at`).
    """
    place = OuterRef("reference")
    return (
        ReturnedPoint.objects.filter(task=task, answered_by__isnull=True)
        .annotate(
            product_name=Subquery(Product.objects.filter(task=task, pk=place).values("name")[:1]),
            milestone_name=Subquery(Milestone.objects.filter(task=task, pk=place).values("title")[:1]),
            last_report_at=Subquery(Report.objects.filter(task=task).order_by("-at").values("at")[:1]),
        )
        .select_related("report", "evidence")
        .order_by("pk")
    )


def point_by_id(task: Task, number: int) -> ReturnedPoint | None:
    """A point of the task by its number."""
    return open_points(task).filter(pk=number).first()


def returned_submission(task: Task) -> Report | None:
    """The submission that waits for approval or was returned: the newest one."""
    return task.reports.filter(kind=Report.Kind.SUBMISSION).order_by("-at", "-pk").first()


def may_be_recalled(point: ReturnedPoint, task: Task) -> bool:
    """Whether a point may be taken back: the lead body has neither answered nor reported since."""
    if point.answered_by_id is not None or task.state != State.RETURNED:
        return False
    return not task.reports.filter(at__gt=point.at).exists()


def recallable(points: Sequence[ReturnedPoint], task: Task) -> set[int]:
    """Which of the points of `open_points` (ids) may be taken back, as `may_be_recalled` says of one."""
    if task.state != State.RETURNED:
        return set()
    return {
        point.pk
        for point in points
        if point.answered_by_id is None and (point.last_report_at is None or point.last_report_at <= point.at)  # type: ignore[attr-defined]
    }


def times_returned(task: Task) -> int:
    """How often the result of the task was returned; what was recalled before anybody acted does not count."""
    counted = Transition.objects.filter(task=task).aggregate(
        returned=Count("pk", filter=Q(step="return_result")), recalled=Count("pk", filter=Q(step="recall_return"))
    )
    return int(counted["returned"] - counted["recalled"])


def with_times_returned(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """The tasks with `times_returned`, for lists."""

    def times(step: str) -> Coalesce:
        rows = Transition.objects.filter(task=OuterRef("pk"), step=step).order_by().values("task")
        return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0, output_field=IntegerField())

    return tasks.annotate(times_returned=times("return_result") - times("recall_return"))


@dataclass(frozen=True, slots=True)
class Differences:
    """What changed between a returned submission and the one that answers it."""

    before: Report
    after: Report
    points: Sequence[ReturnedPoint]
    text: Sequence[Change]
    added: Sequence[Evidence]
    # Old file and the one that stands in its place.
    replaced: Sequence[tuple[Evidence, Evidence]]
    unchanged: Sequence[Evidence]

    @property
    def has_new_text(self) -> bool:
        return any(change.kind != "same" for change in self.text)


def differences(task: Task, evidence: Sequence[Evidence] | None = None) -> Differences | None:
    """What the newest submission changed against the returned one that it answers; else None.

    `evidence` is that of the whole task, where the caller has it already (`evidence_of`); then it is one query.
    """
    newest = Report.objects.filter(task=task, kind=Report.Kind.SUBMISSION).order_by("-at", "-pk")
    answered = ReturnedPoint.objects.filter(task=task, answered_by=Subquery(newest.values("pk")[:1]))
    points = list(answered.select_related("report", "evidence", "answered_by").order_by("pk"))
    if not points or points[0].answered_by is None:
        return None
    before, after = points[0].report, points[0].answered_by
    if evidence is None:
        evidence = list(Evidence.objects.filter(report__in=[before, after]))
    old = sorted((file for file in evidence if file.report_id == before.pk), key=lambda file: file.pk)
    new = sorted((file for file in evidence if file.report_id == after.pk), key=lambda file: file.pk)
    known = {file.digest for file in old}
    fresh = [file for file in new if file.digest not in known]
    kept = {file.digest for file in new}
    gone = [point.evidence for point in points if point.evidence is not None and point.evidence.digest not in kept]
    return Differences(
        before=before,
        after=after,
        points=points,
        text=word_changes(before.text, after.text),
        # Each returned file is answered by one file, kept in the order of the points before any others.
        added=fresh[len(gone) :],
        replaced=list(zip(gone, fresh, strict=False)),
        unchanged=[file for file in new if file.digest in known],
    )
