"""What the lead body does: accept the assignment, report with evidence, submit the result."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.tasks.files import Upload
from thuocdo.tasks.models import Evidence, Milestone, Product, Report, Task
from thuocdo.tasks.queries import has_evidence
from thuocdo.tasks.queries.fields import fields_for, missing_required

from .evidence import check_files, keep_files
from .points import refuse_open_points
from .refusals import TaskRefused, require_text
from .structure.milestones import reach_milestone
from .taking import begin, finish


@transaction.atomic
def accept_assignment(*, actor: Actor, at: datetime, task: Task, note: str = "") -> Task:
    """The lead body takes the task on; this says nothing about any result."""
    current = begin("accept_assignment", task, actor=actor)
    current.accepted_on = localdate(at)
    return finish("accept_assignment", current, actor=actor, at=at, note=note)


@transaction.atomic
def report_progress(
    *,
    actor: Actor,
    at: datetime,
    task: Task,
    text: str,
    progress: int,
    files: Sequence[Upload] = (),
    milestones: Sequence[Milestone] = (),
    products: Sequence[Product] = (),
) -> Report:
    """Report what was done, in words and percent (0 to 100), with evidence if there is any.

    The report may say which milestones it reaches, and which products of the task its files show.
    Raises FileRefused for a file that is not let in; then nothing of the report is written.
    """
    current = begin("report_progress", task, actor=actor)
    if not 0 <= progress <= 100:
        raise TaskRefused(
            gettext("Tiến độ phải từ 0 đến 100 phần trăm; nhập lại tiến độ."), code="progress_range", field="progress"
        )
    report = _report(Report.Kind.PROGRESS, current, text, progress, files, actor=actor, at=at)
    _show_products(report, products)
    reached = reach_milestone(current, milestones, report, at)
    current.progress = progress
    finish(
        "report_progress",
        current,
        actor=actor,
        at=at,
        data={"report": report.pk, "progress": progress, "milestones": reached},
    )
    return report


@transaction.atomic
def submit(
    *,
    actor: Actor,
    at: datetime,
    task: Task,
    text: str,
    files: Sequence[Upload] = (),
    milestones: Sequence[Milestone] = (),
    products: Sequence[Product] = (),
) -> Report:
    """Hand in the result for approval; there must be evidence, with this or with an earlier report.

    Where the task owes several products, there must be evidence for each that is not accepted yet; the fields that
    the lead body and those above it require must be filled.
    """
    current = begin("submit", task, actor=actor)
    refuse_open_points(current)
    _refuse_empty_fields(current, actor)
    if not files and not has_evidence(current):
        raise TaskRefused(
            gettext("Chưa có minh chứng; đính kèm ít nhất một tệp sản phẩm hoặc văn bản chứng minh kết quả."),
            code="no_evidence",
            field="files",
        )
    report = _report(Report.Kind.SUBMISSION, current, text, 100, files, actor=actor, at=at)
    _show_products(report, products)
    bare = [
        product.name
        for product in Product.objects.filter(task=current, is_accepted=False).order_by("position")
        if not has_evidence(current, product)
    ]
    if bare:
        raise TaskRefused(
            gettext("Chưa có minh chứng cho sản phẩm: %(names)s; đính kèm tệp và chọn sản phẩm mà tệp chứng minh.")
            % {"names": "; ".join(bare[:5])},
            code="product_without_evidence",
            field="products",
        )
    reached = reach_milestone(current, milestones, report, at)
    current.progress = 100
    current.submitted_on = localdate(at)
    finish("submit", current, actor=actor, at=at, data={"report": report.pk, "milestones": reached})
    return report


def _refuse_empty_fields(task: Task, actor: Actor) -> None:
    missing = missing_required([task], list(fields_for(task, actor.on))).get(task.pk, [])
    if missing:
        raise TaskRefused(
            gettext("Còn thiếu dữ liệu bắt buộc: %(fields)s. Bấm “Ghi trường riêng” trên trang nhiệm vụ rồi trình lại.")
            % {"fields": "; ".join(field.label for field in missing)},
            code="own_fields_missing",
            field="own_fields",
        )


def _show_products(report: Report, products: Sequence[Product]) -> None:
    """Note that the files of a report show these products of its task."""
    shown = list(Product.objects.filter(task=report.task_id, pk__in=[product.pk for product in products]))
    for file in Evidence.objects.filter(report=report) if shown else ():
        file.products.add(*shown)


def _report(
    kind: Report.Kind,
    task: Task,
    text: str,
    progress: int,
    files: Sequence[Upload],
    *,
    actor: Actor,
    at: datetime,
) -> Report:
    words = require_text(nfc(text), "text")
    # Every file is looked at before the first one is kept.
    checked = check_files(files)
    report = Report.objects.create(
        task=task,
        kind=kind,
        occurrence=task.original_due_on if task.rhythm else None,
        at=at,
        by_label=actor.label,
        by_user_id=actor.user_id,
        text=words,
        progress=progress,
    )
    task.reported_on = localdate(at)
    if checked:
        keep_files(report, checked, actor=actor, at=at)
    return report
