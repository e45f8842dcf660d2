"""Evidence of a report: kept, added afterwards, described, and closed once the result was accepted."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.tasks.files import CheckedFile, Upload, check_upload
from thuocdo.tasks.models import Evidence, Product, Report, Task
from thuocdo.tasks.queries.evidence import may_add_evidence, open_to_evidence

from .refusals import NotInThisState, TaskRefused

MOST_FILES = 20


def check_files(files: Sequence[Upload]) -> list[CheckedFile]:
    """The files as they are let in, every one looked at before the first is kept.

    Raises FileRefused, and TaskRefused for too many files and for one that was erased for its personal data.
    """
    if len(files) > MOST_FILES:
        raise TaskRefused(
            gettext("Mỗi báo cáo nhận không quá %(most)s tệp; gộp bớt tệp hoặc chia thành nhiều báo cáo.")
            % {"most": MOST_FILES},
            code="too_many_files",
            field="files",
        )
    checked = [check_upload(file, max_bytes=settings.MAX_UPLOAD) for file in files]
    by_digest = {digest_of_bytes(file.data): file for file in checked}
    gone = Evidence.objects.filter(digest__in=by_digest, erased_at__isnull=False).values_list("digest", flat=True)
    for digest in gone[:1]:
        raise TaskRefused(
            gettext("Tệp “%(name)s” đã bị xóa trước đây vì có dữ liệu cá nhân; nộp bản đã che dữ liệu đó.")
            % {"name": by_digest[digest].name},
            code="erased_before",
            field="files",
        )
    return checked


def keep_files(
    report: Report,
    files: Iterable[CheckedFile],
    *,
    actor: Actor,
    at: datetime,
    kind: str = Evidence.Kind.OTHER,
    products: Sequence[Product] = (),
    redacts: Evidence | None = None,
) -> list[Evidence]:
    """Keep checked files as evidence of a report and tell the ledger; the same bytes twice are kept once.

    Called within the transaction of whoever holds the lock on the task.
    """
    known = set(report.evidence.values_list("digest", flat=True))
    by_digest = {digest_of_bytes(file.data): file for file in files}
    rows = [
        Evidence(
            report=report,
            file=default_storage.save(file.name, ContentFile(file.data)),
            digest=digest,
            size=len(file.data),
            media_type=file.media_type,
            name=file.name,
            uploaded_by=actor.label,
            added_at=at,
            kind=kind,
            redacts=redacts,
        )
        for digest, file in by_digest.items()
        if digest not in known
    ]
    if not rows:
        return []
    Evidence.objects.bulk_create(rows)
    _show_under(rows, products)
    append(
        actor=actor.label,
        at=at,
        event=Event.EVIDENCE_ADDED,
        subject=report.task.label,
        data={"report": report.pk, "digests": [row.digest for row in rows]},
    )
    return rows


def carry_over(report: Report, known: Iterable[Evidence], *, products: Sequence[Product] = ()) -> list[Evidence]:
    """Let files handed in before support another report of the task, too: same bytes, same author and time."""
    there = set(report.evidence.values_list("digest", flat=True))
    rows = []
    for file in known:
        if file.digest in there or file.erased_at is not None:
            continue
        there.add(file.digest)
        shown = list(file.products.all())
        row = Evidence.objects.create(
            report=report,
            file=file.file,
            digest=file.digest,
            size=file.size,
            media_type=file.media_type,
            name=file.name,
            uploaded_by=file.uploaded_by,
            added_at=file.added_at,
            kind=file.kind,
        )
        row.products.set({product.pk: product for product in [*shown, *products]}.values())
        rows.append(row)
    return rows


def _show_under(rows: Iterable[Evidence], products: Sequence[Product]) -> None:
    through: Any = Evidence.products.through
    through.objects.bulk_create(
        [through(evidence_id=row.pk, product_id=product.pk) for row in rows for product in products],
        ignore_conflicts=True,
    )


def _locked(task: Task) -> Task:
    return Task.objects.select_for_update(of=("self",)).select_related("lead", "assigned_by").get(pk=task.pk)


@transaction.atomic
def add_evidence(
    *,
    actor: Actor,
    at: datetime,
    task: Task,
    files: Sequence[Upload] = (),
    known: Sequence[Evidence] = (),
    kind: str = Evidence.Kind.OTHER,
    products: Sequence[Product] = (),
) -> list[Evidence]:
    """Add files to the newest report, also after it was submitted: the evidence is then another than before.

    Whoever approves names the evidence that was seen (`evidence_state`), so nothing added meanwhile is approved
    unseen. `known` are files of earlier reports that shall support this one, too. Raises NotAllowed, FileRefused,
    NotInThisState (accepted, returned, not begun) and TaskRefused.
    """
    current = _locked(task)
    if not may_add_evidence(actor, current):
        raise NotAllowed(actor, Permission.REPORT_PROGRESS, current.lead)
    if not open_to_evidence(current):
        raise NotInThisState(current)
    report = current.reports.order_by("-at", "-pk").first()
    if report is None:
        raise TaskRefused(
            gettext("Chưa có báo cáo nào để gắn minh chứng; gửi báo cáo tiến độ trước."),
            code="no_report",
            field="files",
        )
    if not files and not known:
        raise TaskRefused(gettext("Chưa chọn tệp nào; chọn tệp cần nộp."), code="no_files", field="files")
    _check_kind(kind)
    _check_of_task([file.report.task_id for file in known] + [product.task_id for product in products], current)
    added = keep_files(report, check_files(files), actor=actor, at=at, kind=kind, products=products)
    carried = carry_over(report, known, products=products)
    if carried:
        append(
            actor=actor.label,
            at=at,
            event=Event.EVIDENCE_ADDED,
            subject=current.label,
            data={"report": report.pk, "digests": [row.digest for row in carried]},
        )
    return [*added, *carried]


@transaction.atomic
def describe_evidence(
    *, actor: Actor, at: datetime, evidence: Evidence, kind: str, products: Sequence[Product] = ()
) -> Evidence:
    """Say what kind of evidence a file is and which products it shows, as long as the result is not accepted."""
    current = _locked(evidence.report.task)
    if not may_add_evidence(actor, current):
        raise NotAllowed(actor, Permission.REPORT_PROGRESS, current.lead)
    if not open_to_evidence(current):
        raise NotInThisState(current)
    _check_kind(kind)
    _check_of_task([product.task_id for product in products], current)
    evidence.kind = kind
    evidence.save(update_fields=["kind"])
    evidence.products.set(products)
    append(
        actor=actor.label,
        at=at,
        event=Event.EVIDENCE_DESCRIBED,
        subject=current.label,
        data={"evidence": evidence.pk, "kind": kind, "products": [product.pk for product in products]},
    )
    return evidence


def _check_kind(kind: str) -> None:
    if kind not in Evidence.Kind.values:
        raise TaskRefused(
            gettext("Loại minh chứng không có trong danh mục; chọn lại loại."), code="kind_unknown", field="kind"
        )


def _check_of_task(tasks: Iterable[int], task: Task) -> None:
    if any(number != task.pk for number in tasks):
        raise TaskRefused(
            gettext("Tệp hoặc sản phẩm được chọn không thuộc nhiệm vụ này; tải lại trang rồi chọn lại."),
            code="of_another_task",
            field="products",
        )
