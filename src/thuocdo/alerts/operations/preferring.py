"""How a person wants to be told: by kind, with a weekly digest and quiet hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission
from thuocdo.alerts.lifecycle import NEVER_SILENT, Choice, Kind
from thuocdo.alerts.models import Preference
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

from .refusals import AlertRefused


@dataclass(frozen=True, slots=True)
class Digest:
    """When the weekly digest comes; Monday is 0."""

    is_wanted: bool = True
    weekday: int = 0
    hour: int = 7


@transaction.atomic
def prefer(
    *,
    actor: Actor,
    at: datetime,
    choices: Mapping[Kind, Choice],
    digest: Digest,
    quiet_from: time,
    quiet_to: time,
) -> Preference:
    """Keep the actor's own wishes. Raises AlertRefused for one that cannot be granted."""
    if actor.user_id is None:
        raise NotAllowed(actor, Permission.VIEW_TASKS)
    for kind in sorted(NEVER_SILENT):
        if choices.get(kind) == Choice.NONE:
            raise AlertRefused(
                gettext("“%(kind)s” luôn hiện trong hệ thống; chọn nhận thêm thư hoặc chỉ trong hệ thống.")
                % {"kind": kind.label},
                code="never_silent",
                field=kind.value,
            )
    if not (0 <= digest.weekday <= 6 and 0 <= digest.hour <= 23):
        raise AlertRefused(
            gettext("Ngày, giờ gửi bản tổng hợp không đúng; chọn lại trong danh sách."),
            code="digest_time",
            field="digest_hour",
        )
    row, _is_new = Preference.objects.update_or_create(
        user_id=actor.user_id,
        defaults={
            "choices": {kind.value: choice.value for kind, choice in choices.items()},
            "has_digest": digest.is_wanted,
            "digest_weekday": digest.weekday,
            "digest_hour": digest.hour,
            "quiet_from": quiet_from,
            "quiet_to": quiet_to,
            "changed_at": at,
        },
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.PREFERENCE_CHANGED,
        subject=actor.label,
        data={"digest": digest.is_wanted},
    )
    return row
