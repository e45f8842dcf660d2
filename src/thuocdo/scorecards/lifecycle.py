"""The states of a draft method and the steps between them, as data."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DraftState(TextChoices):
    """Where a draft stands; only an approved one ever ranks anybody, as the version that it became."""

    DRAFT = "draft", _("Dự thảo")
    APPROVED = "approved", _("Đã phê duyệt")
    DISCARDED = "discarded", _("Đã bỏ")


class DraftStep(TextChoices):
    """What can be done to a draft."""

    REVISE = "revise", _("Sửa")
    APPROVE = "approve", _("Phê duyệt")
    DISCARD = "discard", _("Bỏ")
    RESTORE = "restore", _("Khôi phục")


# step: (from, to); what does not stand here cannot be done.
DRAFT_STEPS: Mapping[DraftStep, tuple[DraftState, DraftState]] = MappingProxyType(
    {
        DraftStep.REVISE: (DraftState.DRAFT, DraftState.DRAFT),
        DraftStep.APPROVE: (DraftState.DRAFT, DraftState.APPROVED),
        DraftStep.DISCARD: (DraftState.DRAFT, DraftState.DISCARDED),
        DraftStep.RESTORE: (DraftState.DISCARDED, DraftState.DRAFT),
    }
)


class BackcastState(TextChoices):
    """Whether a past ranking has been computed by a draft."""

    WAITING = "waiting", _("Đang chờ tính")
    DONE = "done", _("Đã tính")
    FAILED = "failed", _("Không tính được")
