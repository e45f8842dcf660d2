"""Return one thing: a verifier returns single parts of a result, and only these are answered; the rest stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.tasks.files import CheckedFile, Upload
from thuocdo.tasks.models import Evidence, Field, FieldValue, Milestone, Product, Report, ReturnedPoint, Task
from thuocdo.tasks.queries.fields import shown
from thuocdo.tasks.queries.returning import may_be_recalled, open_points, returned_submission

from .evidence import carry_over, check_files, keep_files
from .fields import columns_of, read_value, write_values
from .judging import begin_judging
from .refusals import NotInThisState, TaskRefused
from .taking import begin, finish

Part = ReturnedPoint.Part
LONGEST_MESSAGE = 5_000


@dataclass(frozen=True, slots=True)
class Point:
    """What is returned and why: `text` of the report, a `file`, a `product`, a `milestone`, or an own `field`.

    `number` is that of the piece of evidence, product, milestone or field value; a text needs none.
    """

    part: str
    message: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the lead body sends for a point: new words for a text, one file for a file, else words or files."""

    text: str = ""
    files: Sequence[Upload] = field(default_factory=tuple)


@transaction.atomic
def return_points(
    *,
    actor: Actor,
    at: datetime,
    task: Task,
    points: Sequence[Point],
    note: str = "",
    seen_report: int | None = None,
    seen_evidence: str | None = None,
) -> Task:
    """Return single things of a submitted result, each with a message; nothing else is unlocked.

    The task goes the way of `return_result`. Raises NotAllowed, ConflictOfInterest, NotInThisState and TaskRefused
    (nothing chosen, no message, a part that the submission does not have, something newer than was seen).
    """
    current = begin_judging("return_result", task, actor=actor, seen_report=seen_report, seen_evidence=seen_evidence)
    report = returned_submission(current)
    if report is None:
        raise NotInThisState(current)
    if not points:
        raise TaskRefused(
            gettext("Chưa chọn phần nào để trả lại; chọn ít nhất một phần và ghi điều cần sửa."),
            code="no_points",
            field="points",
        )
    rows = {(point.part, point.number): _point(point, current, report, actor=actor, at=at) for point in points}
    ReturnedPoint.objects.bulk_create(rows.values())
    return finish(
        "return_result",
        current,
        actor=actor,
        at=at,
        note=nfc(note).strip(),
        data={"report": report.pk, "points": sorted(point.part for point in rows.values())},
    )


def _point(point: Point, task: Task, report: Report, *, actor: Actor, at: datetime) -> ReturnedPoint:
    name = f"{point.part}-{point.number}" if point.number is not None else point.part
    message = nfc(point.message).strip()
    if not message:
        raise TaskRefused(
            gettext("Phần được trả lại chưa có ý kiến; ghi rõ phải sửa gì."), code="empty", field=f"message-{name}"
        )
    if len(message) > LONGEST_MESSAGE:
        raise TaskRefused(
            gettext("Ý kiến dài quá %(most)s ký tự; rút gọn ý kiến.") % {"most": LONGEST_MESSAGE},
            code="too_long",
            field=f"message-{name}",
        )
    row = ReturnedPoint(
        task=task, report=report, part=point.part, message=message, at=at, by_label=actor.label, reference=point.number
    )
    number = point.number or 0
    found: object
    match point.part:
        case Part.TEXT:
            row.reference, found = None, report
        case Part.FILE:
            row.reference = None
            row.evidence = found = Evidence.objects.filter(
                pk=number, report__task=task, report__occurrence=report.occurrence, erased_at__isnull=True
            ).first()
        case Part.PRODUCT:
            found = Product.objects.filter(pk=number, task=task).first()
        case Part.MILESTONE:
            found = Milestone.objects.filter(pk=number, task=task).first()
        case Part.FIELD:
            found = FieldValue.objects.filter(field=number, task=task).first()
        case _:
            found = None
    if found is None:
        raise TaskRefused(
            gettext("Phần được chọn không còn trong kết quả đã trình; tải lại trang rồi chọn lại."),
            code="part_unknown",
            field="points",
        )
    return row


@transaction.atomic
def recall_point(*, actor: Actor, at: datetime, point: ReturnedPoint) -> Task:
    """Take a returned point back before the lead body acted; with the last one the result waits for approval again."""
    current = begin("recall_return", point.task, actor=actor)
    row = ReturnedPoint.objects.filter(pk=point.pk, task=current).first()
    if row is None or not may_be_recalled(row, current):
        raise TaskRefused(
            gettext("Cơ quan chủ trì đã xử lý phần này nên không rút lại được."), code="answered", field="points"
        )
    number = row.pk
    row.delete()
    if not open_points(current).exists():
        return finish("recall_return", current, actor=actor, at=at, data={"point": number})
    append(actor=actor.label, at=at, event=Event.POINT_RECALLED, subject=current.label, data={"point": number})
    return current


@transaction.atomic
def answer_points(*, actor: Actor, at: datetime, task: Task, answers: Mapping[int, Answer]) -> Report:
    """Hand the result in again with every returned point answered, by its number; all else stays as submitted.

    A returned text needs other words, a returned file one other file, a field another value, which it then has (or
    files that bear the old one out); a product or milestone needs words or files. Raises NotAllowed,
    NotInThisState, FileRefused and TaskRefused with the field of the point.
    """
    current = begin("submit", task, actor=actor)
    points = list(open_points(current))
    if not points:
        raise NotInThisState(current)
    if unknown := set(answers) - {point.pk for point in points}:
        raise TaskRefused(
            gettext("Phần này không bị trả lại nên không sửa được; tải lại trang để xem phần đang mở."),
            code="not_returned",
            field=f"text-{min(unknown)}",
        )
    before = points[-1].report
    given = {point.pk: answers.get(point.pk, Answer()) for point in points}
    for point in points:
        _check_answer(point, given[point.pk], before)
    # Every value and every file is looked at before the first one is kept.
    values = {point.pk: _new_value(point, given[point.pk]) for point in points if point.part == Part.FIELD}
    checked = {point.pk: check_files(given[point.pk].files) for point in points}
    text = next((nfc(given[point.pk].text).strip() for point in points if point.part == Part.TEXT), before.text)
    report = Report.objects.create(
        task=current,
        kind=Report.Kind.SUBMISSION,
        occurrence=before.occurrence,
        at=at,
        by_label=actor.label,
        by_user_id=actor.user_id,
        text=text,
        progress=100,
    )
    gone = {point.evidence_id for point in points if point.evidence_id is not None}
    kept = carry_over(report, before.evidence.exclude(pk__in=gone).order_by("pk"))
    for point in sorted(points, key=lambda point: (point.part != Part.FILE, point.pk)):
        _keep_answer(point, report, checked[point.pk], actor=actor, at=at)
        point.answer = "" if point.part == Part.TEXT else nfc(given[point.pk].text).strip()
        point.answered_by = report
        if point.pk in values:
            field, written = values[point.pk]
            point.answer = shown(field, FieldValue(field=field, task=current, **written))
            write_values(field, [current], {current.pk: written}, actor=actor, at=at)
    ReturnedPoint.objects.bulk_update(points, ["answer", "answered_by"])
    current.progress = 100
    current.submitted_on = current.reported_on = localdate(at)
    finish(
        "submit",
        current,
        actor=actor,
        at=at,
        data={"report": report.pk, "points": len(points), "unchanged": len(kept)},
    )
    return report


def _check_answer(point: ReturnedPoint, answer: Answer, before: Report) -> None:
    text = nfc(answer.text).strip()
    name = f"{point.pk}"
    if point.part == Part.TEXT and (not text or text == before.text):
        raise TaskRefused(
            gettext("Nội dung bị trả lại chưa được sửa; sửa theo ý kiến rồi trình lại."),
            code="not_changed",
            field=f"text-{name}",
        )
    if point.part == Part.FILE and len(answer.files) != 1:
        raise TaskRefused(gettext("Chọn đúng một tệp thay cho tệp bị trả lại."), code="one_file", field=f"files-{name}")
    if point.part not in (Part.TEXT, Part.FILE) and not text and not answer.files:
        raise TaskRefused(
            gettext("Phần bị trả lại chưa được trả lời; ghi nội dung đã sửa hoặc đính kèm tệp."),
            code="no_answer",
            field=f"text-{name}",
        )


def _new_value(point: ReturnedPoint, answer: Answer) -> tuple[Field, dict[str, Any]]:
    """The returned field and the columns of the value that answers."""
    field = Field.objects.get(pk=point.reference or 0)
    try:
        written = read_value(field, answer.text)
    except TaskRefused as refusal:
        raise TaskRefused(str(refusal), code=refusal.code, field=f"text-{point.pk}") from refusal
    if written is None:
        raise TaskRefused(
            gettext("Trường bị trả lại chưa có giá trị mới; nhập giá trị đúng."),
            code="no_answer",
            field=f"text-{point.pk}",
        )
    before = FieldValue.objects.filter(field=field, task=point.task_id).first()
    if written == columns_of(before) and not answer.files:
        raise TaskRefused(
            gettext("Giá trị vẫn như cũ; sửa giá trị, hoặc đính kèm tệp chứng minh giá trị này đúng."),
            code="not_changed",
            field=f"text-{point.pk}",
        )
    return field, written


def _keep_answer(
    point: ReturnedPoint, report: Report, files: Sequence[CheckedFile], *, actor: Actor, at: datetime
) -> None:
    old = point.evidence
    products = list(old.products.all()) if old is not None else []
    if point.part == Part.PRODUCT:
        products = list(Product.objects.filter(pk=point.reference or 0))
    rows = keep_files(
        report,
        files,
        actor=actor,
        at=at,
        kind=old.kind if old is not None else Evidence.Kind.OTHER,
        products=products,
    )
    if old is not None and (not rows or rows[0].digest == old.digest):
        raise TaskRefused(
            gettext("Tệp mới giống hệt một tệp đã nộp; chọn tệp đã sửa."), code="same_file", field=f"files-{point.pk}"
        )
