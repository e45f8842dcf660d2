"""The personal address of a calendar: made, which ends the one before, and revoked; the secret is shown once."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from thuocdo.accounts.models import User
from thuocdo.accounts.permissions import Actor, NotAllowed, Permission
from thuocdo.alerts.models import CalendarAddress
from thuocdo.alerts.queries.calendars import digest_of
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

SECRET_BYTES = 32
# How exactly the last reading is kept.
READ_STEP = timedelta(hours=1)


@transaction.atomic
def open_calendar(*, actor: Actor, at: datetime) -> str:
    """Give the person a new secret and end the one before; it is in the answer and nowhere else."""
    user = _person(actor)
    CalendarAddress.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    CalendarAddress.objects.create(user_id=user, digest=digest_of(secret), made_at=at)
    append(actor=actor.label, at=at, event=Event.CALENDAR_OPENED, subject=actor.label)
    return secret


@transaction.atomic
def close_calendar(*, actor: Actor, at: datetime) -> bool:
    """Revoke the person's address: whoever has it sees nothing from now on; False when there was none."""
    ended = CalendarAddress.objects.filter(user=_person(actor), revoked_at=None).update(revoked_at=at)
    if ended:
        append(actor=actor.label, at=at, event=Event.CALENDAR_CLOSED, subject=actor.label)
    return bool(ended)


def note_reading(*, at: datetime, address: CalendarAddress) -> None:
    """Remember, to the hour, when an address was last fetched; no entry of the ledger tells of a reading."""
    if address.read_at is None or at - address.read_at >= READ_STEP:
        CalendarAddress.objects.filter(pk=address.pk).update(read_at=at)


def _person(actor: Actor) -> int:
    """The person's own lock: two addresses are never made at once."""
    if actor.user_id is None or actor.key_id is not None:
        raise NotAllowed(actor, Permission.VIEW_TASKS)
    return User.objects.select_for_update().values_list("pk", flat=True).get(pk=actor.user_id)
