"""The states of a document and of a candidate assignment, and which may follow which; no tables, no clock."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentState(TextChoices):
    """How far a document has come: bytes kept, assignments found, every candidate decided."""

    RECEIVED = "received", _("Đã tiếp nhận")
    EXTRACTED = "extracted", _("Chờ rà soát")
    REVIEWED = "reviewed", _("Đã rà soát")
    FAILED = "failed", _("Không đọc được")


class CandidateState(TextChoices):
    """What became of an assignment that was found: a person decides, the machine only proposes."""

    PROPOSED = "proposed", _("Chờ xác nhận")
    CONFIRMED = "confirmed", _("Đã xác nhận")
    REJECTED = "rejected", _("Đã loại")
    REPLACED = "replaced", _("Đã tách hoặc gộp")


class Origin(TextChoices):
    """Who marked the assignment in the text."""

    EXTRACTION = "extraction", _("Máy tìm thấy")
    PERSON = "person", _("Người nhập")


class DeadlineKind(TextChoices):
    """How the text states the deadline; the date is the last allowed day."""

    BEFORE = "before", _("Trước ngày")
    BY = "by", _("Chậm nhất ngày")
    WITHIN_MONTH = "within_month", _("Trong tháng")
    WITHIN_QUARTER = "within_quarter", _("Trong quý")
    WITHIN_YEAR = "within_year", _("Trong năm")
    RECURRING = "recurring", _("Định kỳ")
    RELATIVE = "relative", _("Tính từ một mốc khác")
    NONE = "none", _("Không nêu thời hạn")


class AddresseeKind(TextChoices):
    """Whether the order names a body, names a class of bodies, or nobody."""

    NAMED = "named", _("Cơ quan cụ thể")
    GENERIC = "generic", _("Nhóm cơ quan")
    NONE = "none", _("Không nêu cơ quan")


# What each review step does to a candidate; one that became tasks is reopened only when these are taken back.
STEPS: dict[str, tuple[CandidateState, CandidateState]] = {
    "correct": (CandidateState.PROPOSED, CandidateState.PROPOSED),
    "confirm": (CandidateState.PROPOSED, CandidateState.CONFIRMED),
    "reopen": (CandidateState.CONFIRMED, CandidateState.PROPOSED),
    "reject": (CandidateState.PROPOSED, CandidateState.REJECTED),
    "restore": (CandidateState.REJECTED, CandidateState.PROPOSED),
    "split": (CandidateState.PROPOSED, CandidateState.REPLACED),
    "merge": (CandidateState.PROPOSED, CandidateState.REPLACED),
    # A split or a merge is taken back: what came of it goes, what it replaced waits again.
    "dissolve": (CandidateState.PROPOSED, CandidateState.REPLACED),
    "return": (CandidateState.REPLACED, CandidateState.PROPOSED),
}


def state_after_review(states: Iterable[str]) -> DocumentState:
    """The state of an extracted document from those of its candidates: reviewed once none is waiting."""
    seen = set(states)
    if seen and CandidateState.PROPOSED not in seen:
        return DocumentState.REVIEWED
    return DocumentState.EXTRACTED
