"""The kinds of notices, what people may choose for each, and the states of an urging note."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """Why somebody is told."""

    REMINDER = "reminder", _("Nhắc trước hạn")
    OVERDUE = "overdue", _("Quá hạn")
    ASSIGNED = "assigned", _("Được giao việc")
    RETURNED = "returned", _("Kết quả bị trả lại")
    WAITING = "waiting", _("Chờ phê duyệt, chờ quyết định")
    DECIDED = "decided", _("Quyết định về kiến nghị, thời hạn, tạm dừng")
    JUDGED = "judged", _("Kết quả được phê duyệt, đánh giá")
    MENTIONED = "mentioned", _("Được nhắc tên")
    URGED = "urged", _("Phiếu đôn đốc")
    FINDING = "finding", _("Phát hiện sai lệch")


class Choice(TextChoices):
    """How a person wants to learn of a kind of notice."""

    BOTH = "both", _("Trong hệ thống và qua thư điện tử")
    APPLICATION = "application", _("Chỉ trong hệ thống")
    NONE = "none", _("Không báo")


class Standing(TextChoices):
    """What became of a notice."""

    OPEN = "open", _("Chưa xác nhận")
    ACKNOWLEDGED = "acknowledged", _("Đã xác nhận")
    # The person lost the role in which the notice came; whoever holds it now has one of their own.
    PASSED = "passed", _("Đã chuyển người khác")
    # What the notice asked for is no longer owed.
    SETTLED = "settled", _("Không còn cần")


DEFAULT_CHOICES: Mapping[Kind, Choice] = MappingProxyType(
    {
        Kind.REMINDER: Choice.BOTH,
        Kind.OVERDUE: Choice.BOTH,
        Kind.ASSIGNED: Choice.BOTH,
        Kind.RETURNED: Choice.BOTH,
        Kind.WAITING: Choice.APPLICATION,
        Kind.DECIDED: Choice.APPLICATION,
        Kind.JUDGED: Choice.APPLICATION,
        Kind.MENTIONED: Choice.BOTH,
        Kind.URGED: Choice.BOTH,
        Kind.FINDING: Choice.BOTH,
    }
)
# What is late and what a body is urged to do may be kept out of the mail, never out of sight.
NEVER_SILENT = frozenset({Kind.OVERDUE, Kind.URGED})
# Of these kinds a rung of the ladder raises notices; all others follow from something that was done.
OF_LADDER = frozenset({Kind.REMINDER, Kind.OVERDUE})


class UrgingState(TextChoices):
    """Where an urging note stands."""

    DRAFT = "draft", _("Dự thảo")
    ISSUED = "issued", _("Đã phát hành")
    ACKNOWLEDGED = "acknowledged", _("Đã tiếp nhận")
    ANSWERED = "answered", _("Đã trả lời")
    DISCARDED = "discarded", _("Đã bỏ")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can happen to an urging note; `is_for_addressee` says whose act it is."""

    name: str
    sources: frozenset[UrgingState]
    target: UrgingState
    is_for_addressee: bool = False


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        act.name: act
        for act in (
            Act("revise", frozenset({UrgingState.DRAFT}), UrgingState.DRAFT),
            Act("discard", frozenset({UrgingState.DRAFT}), UrgingState.DISCARDED),
            Act("restore", frozenset({UrgingState.DISCARDED}), UrgingState.DRAFT),
            Act("issue", frozenset({UrgingState.DRAFT}), UrgingState.ISSUED),
            Act("acknowledge", frozenset({UrgingState.ISSUED}), UrgingState.ACKNOWLEDGED, is_for_addressee=True),
            # Whoever answers has received the note, whether they said so before or not.
            Act(
                "answer",
                frozenset({UrgingState.ISSUED, UrgingState.ACKNOWLEDGED}),
                UrgingState.ANSWERED,
                is_for_addressee=True,
            ),
        )
    }
)


def acts_from(state: str) -> list[Act]:
    """The acts that start from a state, in the order of the table."""
    return [act for act in ACTS.values() if state in act.sources]


class Signing(TextChoices):
    """In which capacity an urging note is signed (Decree 30/2020/NĐ-CP, annex I; Guidance 36-HD/VPTW)."""

    OWN = "", _("người đứng đầu tự ký")
    DEPUTY = "KT", _("ký thay người đứng đầu (KT.)")
    BY_ORDER = "TL", _("thừa lệnh (TL.)")
    AUTHORISED = "TUQ", _("thừa ủy quyền (TUQ.)")
