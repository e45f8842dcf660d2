"""The states of a meeting and of a conclusion, which act leads where, and what became of a promise.

No tables and no clock: whether a promise was kept follows from dates alone, and is never typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MeetingState(TextChoices):
    """How far a meeting has come."""

    PLANNED = "planned", _("Sắp họp")
    HELD = "held", _("Đang họp, ghi kết luận")
    CONCLUDED = "concluded", _("Đã kết luận")
    CANCELLED = "cancelled", _("Đã hủy")


class ConclusionState(TextChoices):
    """A line that was read from a text waits until a person confirms it; one that was dropped can come back."""

    PROPOSED = "proposed", _("Chờ xác nhận")
    RECORDED = "recorded", _("Đã ghi")
    DROPPED = "dropped", _("Đã bỏ")


class ConclusionKind(TextChoices):
    """What a conclusion brings about: a new task, a decision upon a known one, or nothing but its words."""

    TASK = "task", _("Giao nhiệm vụ")
    DECISION = "decision", _("Quyết định về nhiệm vụ đã giao")
    NOTE = "note", _("Nội dung ghi nhận")


class Verdict(TextChoices):
    """What a meeting may decide at once upon a known task; each is an act of the room of tasks."""

    EXTEND = "extend", _("Gia hạn")
    REFUSE_EXTENSION = "refuse_extension", _("Không gia hạn")
    APPROVE = "approve", _("Phê duyệt kết quả")
    RETURN = "return", _("Trả lại kết quả")
    UPHOLD = "uphold", _("Giữ nguyên cơ quan chủ trì")
    TRANSFER = "transfer", _("Giao cơ quan khác chủ trì")
    WITHDRAW = "withdraw", _("Rút nhiệm vụ đang bị kiến nghị")
    CANCEL = "cancel", _("Hủy nhiệm vụ")


class Choice(TextChoices):
    """What happens to a task whose conclusion was worded anew: a person decides, nothing moves by itself."""

    STAYS = "stays", _("Giữ nguyên nhiệm vụ")
    AMENDED = "amended", _("Sửa nhiệm vụ theo kết luận mới")
    CANCELLED = "cancelled", _("Hủy nhiệm vụ")


class Standing(TextChoices):
    """What became of a promise."""

    KEPT = "kept", _("Đúng hẹn")
    RUNNING = "running", _("Chưa đến hẹn")
    BROKEN = "broken", _("Sai hẹn")
    VOID = "void", _("Không còn phải làm")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can happen to a meeting."""

    name: str
    sources: frozenset[MeetingState]
    target: MeetingState


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        act.name: act
        for act in (
            Act("revise", frozenset({MeetingState.PLANNED}), MeetingState.PLANNED),
            # What lies on the table is frozen in this moment.
            Act("hold", frozenset({MeetingState.PLANNED}), MeetingState.HELD),
            Act("conclude", frozenset({MeetingState.HELD}), MeetingState.CONCLUDED),
            # Something was forgotten; not once the notice has gone out.
            Act("reopen", frozenset({MeetingState.CONCLUDED}), MeetingState.HELD),
            Act("cancel", frozenset({MeetingState.PLANNED}), MeetingState.CANCELLED),
            Act("restore", frozenset({MeetingState.CANCELLED}), MeetingState.PLANNED),
        )
    }
)
# New lines are written while the meeting is held; what was recorded may be worded anew afterwards, too.
RECORDING = frozenset({MeetingState.HELD})
REVISING = frozenset({MeetingState.HELD, MeetingState.CONCLUDED})


class ActNotPossible(ValueError):
    """The act does not start from the state in which the meeting is."""


def state_after(act: str, state: str) -> MeetingState:
    """The state after an act; raises ActNotPossible."""
    rule = ACTS[act]
    if MeetingState(state) not in rule.sources:
        raise ActNotPossible(f"{act} is not possible from {state}")
    return rule.target


def acts_from(state: str) -> list[str]:
    """The names of the acts that start from a state, in the order of the table."""
    return [act.name for act in ACTS.values() if state in act.sources]


def standing_of(
    promised_on: date, on: date, *, submitted_on: date | None, completed_on: date | None, is_cancelled: bool
) -> Standing:
    """What became of a promise as seen on a day; the promised day itself still keeps it.

    The day of handing in counts, once the result was accepted: nobody breaks their word because others take their
    time. A later deadline changes nothing in what was promised.
    """
    if is_cancelled:
        return Standing.VOID
    handed_in = submitted_on or completed_on
    if completed_on is not None and completed_on <= on:
        return Standing.KEPT if handed_in is not None and handed_in <= promised_on else Standing.BROKEN
    if handed_in is not None and handed_in <= promised_on and handed_in <= on:
        # Handed in as promised and waiting for somebody else.
        return Standing.RUNNING
    return Standing.BROKEN if on > promised_on else Standing.RUNNING
