"""The kinds of findings, the states of one, and who may move it from where to where: as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What does not fit."""

    GAP = "gap", _("Khai báo lệch với số đã kiểm chứng")
    CHECKED = "checked", _("Khai báo lệch với kết quả kiểm tra mẫu")
    OPPOSED = "opposed", _("Khối lượng tăng, kết quả giảm")
    LIMIT = "limit", _("Vượt ngưỡng cần xem")
    BURST = "burst", _("Dồn khối lượng vào cuối kỳ")
    UNSIGNED = "unsigned", _("Đã hoàn thành nhưng sản phẩm chưa ký, chưa ban hành")
    ROUND = "round", _("Số tự khai dồn vào số tròn")
    HURRY = "hurry", _("Dồn nộp kết quả vào ngày cuối quý")


# Kinds that follow from figures as they come; the others are looked for by the schedule.
OF_FIGURES = frozenset({Kind.GAP, Kind.CHECKED})


class State(TextChoices):
    """Where a finding stands."""

    OPEN = "open", _("Mới mở")
    IN_VERIFICATION = "in_verification", _("Đang xác minh")
    ANSWERED = "answered", _("Cơ quan đã trả lời")
    CONFIRMED = "confirmed", _("Xác nhận có sai lệch")
    REFUTED = "refuted", _("Không có sai lệch")
    CORRECTED = "corrected", _("Số liệu đã được sửa")


OPENISH = frozenset({State.OPEN, State.IN_VERIFICATION, State.ANSWERED})
CLOSED = frozenset({State.CONFIRMED, State.REFUTED, State.CORRECTED})


class Outcome(TextChoices):
    """What verifying a value of a sample gave."""

    WAITING = "waiting", _("Chưa kiểm tra")
    RIGHT = "right", _("Đúng")
    WRONG = "wrong", _("Sai")
    IMPOSSIBLE = "impossible", _("Không kiểm tra được")


class By(Enum):
    """Whose act it is."""

    MACHINE = auto()
    BODY = auto()
    VERIFIER = auto()


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can happen to a finding."""

    name: str
    by: By
    sources: frozenset[State]
    target: State


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        act.name: act
        for act in (
            # Each finding opens verification: somebody of the body is named, with a day for the answer.
            Act("assign", By.VERIFIER, OPENISH, State.IN_VERIFICATION),
            Act("answer", By.BODY, frozenset({State.OPEN, State.IN_VERIFICATION}), State.ANSWERED),
            Act("ask", By.VERIFIER, frozenset({State.ANSWERED}), State.IN_VERIFICATION),
            Act("confirm", By.VERIFIER, frozenset({State.IN_VERIFICATION, State.ANSWERED}), State.CONFIRMED),
            Act("refute", By.VERIFIER, OPENISH, State.REFUTED),
            # The undo of a judgement.
            Act("resume", By.VERIFIER, frozenset({State.CONFIRMED, State.REFUTED}), State.IN_VERIFICATION),
            Act("correct", By.MACHINE, OPENISH | {State.CONFIRMED}, State.CORRECTED),
            Act("reopen", By.MACHINE, frozenset({State.CORRECTED, State.REFUTED}), State.OPEN),
        )
    }
)


def acts_from(state: str, by: By) -> list[Act]:
    """The acts of one side that start from a state, in the order of the table."""
    return [act for act in ACTS.values() if act.by is by and state in act.sources]
