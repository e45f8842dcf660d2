"""Personal data in evidence is erased: the bytes go for good, digest and size stay, the ledger still verifies."""

from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, bodies_within
from thuocdo.directives.models import Document
from thuocdo.engine.spelling import nfc
from thuocdo.indicators.models import Landing
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.tasks.files import Upload
from thuocdo.tasks.files.previews import forget
from thuocdo.tasks.models import Evidence, Fingerprint, Likeness, Task
from thuocdo.tasks.queries.evidence import may_add_evidence, may_erase

from .evidence import check_files, keep_files
from .refusals import TaskRefused, require_text

LONGEST_REASON = 500


@transaction.atomic
def erase_evidence(*, actor: Actor, at: datetime, evidence: Evidence, reason: str) -> tuple[int, int]:
    """Erase a file for its personal data, in every task within the actor's reach that holds the same bytes.

    Gives how many pieces of evidence were erased, and how many elsewhere, out of reach, still hold the bytes: with
    none left the bytes are deleted by a job that this enqueues, together with all pictures and fingerprints.
    The same file cannot be handed in again. Raises NotAllowed and TaskRefused.
    """
    if not may_erase(actor, evidence.report.task):
        raise NotAllowed(actor, Permission.ERASE_EVIDENCE, evidence.report.task.lead)
    words = require_text(nfc(reason), "reason")
    if len(words) > LONGEST_REASON:
        raise TaskRefused(
            gettext("Lý do dài quá %(most)s ký tự; rút gọn lý do.") % {"most": LONGEST_REASON},
            code="too_long",
            field="reason",
        )
    same = Evidence.objects.filter(digest=evidence.digest, erased_at__isnull=True)
    # The tasks first, as everywhere, so that two writers never wait for each other.
    list(Task.objects.select_for_update(of=("self",)).filter(reports__evidence__in=same).order_by("pk"))
    reach = bodies_within(actor, Permission.ERASE_EVIDENCE).values("pk")
    rows = list(same.filter(report__task__lead__in=reach).select_related("report__task").order_by("pk"))
    if not rows:
        raise TaskRefused(gettext("Tệp này đã được xóa trước đó; tải lại trang."), code="erased_before", field="reason")
    Evidence.objects.filter(pk__in=[row.pk for row in rows]).update(
        file="", name="", erased_at=at, erased_by=actor.label, erasure_reason=words
    )
    left = same.count()
    Fingerprint.objects.filter(digest=evidence.digest).delete()
    Likeness.objects.filter(Q(first=evidence.digest) | Q(second=evidence.digest)).delete()
    for task in {row.report.task_id: row.report.task for row in rows}.values():
        append(
            actor=actor.label,
            at=at,
            event=Event.EVIDENCE_ERASED,
            subject=task.label,
            data={
                "digest": evidence.digest,
                "evidence": [row.pk for row in rows if row.report.task_id == task.pk],
                "left": left,
            },
        )
    return len(rows), left


@transaction.atomic
def add_redacted(*, actor: Actor, at: datetime, evidence: Evidence, file: Upload) -> Evidence:
    """Put a file without the personal data beside an erased one, also after the result was accepted.

    By whoever reports for the lead body or may erase. Raises NotAllowed, FileRefused and TaskRefused.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("lead", "assigned_by")
    current = task.get(pk=evidence.report.task_id)
    if not (may_add_evidence(actor, current) or may_erase(actor, current)):
        raise NotAllowed(actor, Permission.REPORT_PROGRESS, current.lead)
    if evidence.erased_at is None:
        raise TaskRefused(
            gettext("Tệp này chưa bị xóa nên không cần bản che dữ liệu."), code="not_erased", field="files"
        )
    rows = keep_files(
        evidence.report, check_files([file]), actor=actor, at=at, kind=evidence.kind, redacts=evidence,
        products=list(evidence.products.all()),
    )  # fmt: skip
    if not rows:
        raise TaskRefused(
            gettext("Tệp này đã có trong báo cáo; chọn bản đã che dữ liệu cá nhân."), code="same_file", field="files"
        )
    return rows[0]


def forget_file(*, digest: str) -> bool:
    """Delete the bytes of erased evidence and all that was made of them, unless something living still holds them.

    Whether the bytes were deleted; twice does no harm. What was erased stands in the ledger already.
    """
    address = f"{digest[:2]}/{digest}"
    if Evidence.objects.filter(digest=digest, erased_at__isnull=True).exists():
        return False
    forget(digest)
    # A directive or a batch of measurements that came with the same bytes is no evidence and keeps them.
    if Document.objects.filter(file=address).exists() or Landing.objects.filter(address=address).exists():
        return False
    default_storage.delete(address)
    return True
