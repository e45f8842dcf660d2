"""Sends the mail that waits, with patience, and queues the weekly digests.

The table of messages is the record of what went out; the ledger is not told of letters. A message is claimed, sent
and marked: whoever dies between sending and marking leaves a claim that ends after LEASE, and the message goes out
once more under the same Message-ID, so that mail programs show it once.
"""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import localdate, localtime

from thuocdo.accounts.models import RoleHolding, User
from thuocdo.accounts.queries import actor_for_user
from thuocdo.alerts.models import Message
from thuocdo.alerts.queries import DEFAULTS, wishes_of

from .letters import Letter, letter_of

# A claim older than this belongs to a worker that is gone.
LEASE = timedelta(minutes=15)
# The pause after each failed attempt; after the last one the message is given up (some three days in all).
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
# How long after its hour a digest that was missed still goes out.
STILL_WEEKLY = timedelta(days=2)
MOST_AT_ONCE = 500
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of the messages of one round."""

    sent: int = 0
    put_off: int = 0
    dropped: int = 0


class _ServerAway(Exception):
    """The mail server does not answer: nothing else is tried in this round."""


def send_waiting(*, at: datetime, limit: int = MOST_AT_ONCE) -> Posted:
    """Send what waits and may go now. A dead server puts the message off and ends the round; nothing is lost."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - LEASE)
    waiting = Message.objects.filter(free, sent_at__isnull=True, dropped_at__isnull=True, not_before__lte=at)
    numbers = list(waiting.order_by("not_before", "pk").values_list("pk", "claimed_at")[:limit])
    counts = {"sent": 0, "put_off": 0, "dropped": 0}
    connection: BaseEmailBackend = get_connection()
    try:
        for number, claimed_at in numbers:
            try:
                outcome = _send(number, claimed_at, connection, at=at)
            except _ServerAway:
                counts["put_off"] += 1
                break
            if outcome:
                counts[outcome] += 1
    finally:
        connection.close()
    return Posted(**counts)


def _send(number: int, claimed_at: datetime | None, connection: BaseEmailBackend, *, at: datetime) -> str:
    """Claim, write, send and mark one message; the empty word when somebody else claimed it first."""
    with transaction.atomic():
        mine = Message.objects.filter(
            pk=number, claimed_at=claimed_at, sent_at__isnull=True, dropped_at__isnull=True
        ).update(claimed_at=at, attempts=F("attempts") + 1)
        if not mine:
            return ""
    message = Message.objects.select_related("recipient").get(pk=number)
    wishes = wishes_of([message.recipient_id])[message.recipient_id]
    if message.sort == Message.Sort.NOTICES and wishes.is_quiet(at):
        Message.objects.filter(pk=number).update(
            claimed_at=None, attempts=F("attempts") - 1, not_before=wishes.not_before(at)
        )
        return "put_off"
    today = localdate(at)
    actor = actor_for_user(message.recipient, on=today)
    letter = letter_of(message, actor=actor, today=today) if message.recipient.email else None
    if letter is None:
        Message.objects.filter(pk=number).update(claimed_at=None, dropped_at=at)
        return "dropped"
    try:
        _hand_over(letter, message, connection)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        # Whatever the server or an unusable address says is kept for the operator; the message tries again later.
        is_lost = _put_off(message, error, at=at)
        if isinstance(error, OSError) and not isinstance(error, _OF_ONE_ADDRESS):
            raise _ServerAway from error
        return "dropped" if is_lost else "put_off"
    Message.objects.filter(pk=number).update(claimed_at=None, sent_at=at, last_error="")
    return "sent"


# Refusals that say something of one address or letter, and nothing of the server.
_OF_ONE_ADDRESS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)


def _hand_over(letter: Letter, message: Message, connection: BaseEmailBackend) -> None:
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    mail = EmailMultiAlternatives(
        subject=f"[Thước Đo] {letter.subject}",
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient.email],
        connection=connection,
        headers={
            "Message-ID": f"<thuocdo-{message.pk}-{message.queued_at:%Y%m%d%H%M%S}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    mail.send()


def _put_off(message: Message, error: Exception, *, at: datetime) -> bool:
    """Note the failure and when to try again; True when that was the last attempt."""
    words = f"{type(error).__name__}: {error}"[:300]
    if message.attempts > len(PAUSES):
        Message.objects.filter(pk=message.pk).update(claimed_at=None, dropped_at=at, last_error=words)
        return True
    pause = PAUSES[message.attempts - 1]
    Message.objects.filter(pk=message.pk).update(claimed_at=None, not_before=at + pause, last_error=words)
    return False


def queue_digests(*, at: datetime) -> int:
    """Queue this week's digest for everybody whose hour has come; gives the number. Once a week each, however often."""
    now = localtime(at)
    monday = now.date() - timedelta(days=now.weekday())
    holding = RoleHolding.objects.valid_on(now.date()).filter(user=OuterRef("pk"))
    queued = Message.objects.filter(recipient=OuterRef("pk"), week=monday)
    people = User.objects.filter(Exists(holding), ~Exists(queued), is_active=True).exclude(email="").order_by("pk")
    number, after = 0, 0
    while True:
        users = list(people.filter(pk__gt=after).values_list("pk", flat=True)[:CHUNK])
        if not users:
            return number
        after = users[-1]
        number += _queue(users, now, at=at)


def _queue(users: Sequence[int], now: datetime, *, at: datetime) -> int:
    monday = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
    wishes = wishes_of(users)
    rows = []
    for user in users:
        wish = wishes.get(user, DEFAULTS)
        hour = monday + timedelta(days=wish.digest_weekday, hours=wish.digest_hour)
        if wish.has_digest and hour <= now < hour + STILL_WEEKLY:
            rows.append(
                Message(
                    recipient_id=user,
                    sort=Message.Sort.DIGEST,
                    week=monday.date(),
                    queued_at=at,
                    # The hour was chosen by the person: it wins over quiet hours that were left as they are.
                    not_before=at,
                )
            )
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
