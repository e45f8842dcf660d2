"""Machines are told of events: register, pause, change the secret, and send what waits, signed and with patience.

The ledger is the outbox: a receiver stands at an entry, and every later one that it wants becomes a message, once. A
message is claimed, sent and marked; whoever dies in between leaves a claim that ends, and the message comes again
under the same identifier.
"""

import base64
import hashlib
import hmac
import random
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.client import sign
from thuocdo.exchanges.models import Dispatch, Receiver
from thuocdo.exchanges.queries.webhooks import OFFERED, message_for
from thuocdo.exchanges.sending import NotSent, Reply, post, refusal_of
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.ledger.operations import append
from thuocdo.ledger.queries import entry_by_number, newest_number
from thuocdo.organisations.models import Body

State = Dispatch.State
GRACE = timedelta(days=7)
# A claim older than this belongs to a worker that is gone.
LEASE = timedelta(minutes=5)
# The pauses after failures, by chance a fifth longer or shorter; after the term the message waits for a person.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
TERM = timedelta(days=3)
# Messages to one receiver in a round, and receivers that are called at the same time.
EACH, TOGETHER = 20, 8
# Seconds after which no further message is sent to one receiver in a round.
LONGEST_ROUND = 10.0
_CHUNK = 1_000
Post = Callable[[str, bytes, dict[str, str]], Reply]


class ReceiverRefused(ValueError):
    """What was asked of a receiver cannot be done; nothing was written. The text names the remedy."""

    def __init__(self, message: str, *, code: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.field = code, field


@transaction.atomic
def register_receiver(
    *, actor: Actor, at: datetime, body: Body, title: str, address: str, events: Sequence[str]
) -> tuple[Receiver, str]:
    """Register an address that is told of the events from now on; the secret in the answer is shown this once."""
    require(actor, Permission.MANAGE_EXCHANGES, body)
    name = " ".join(title.split())
    if not name or len(name) > 120:
        raise ReceiverRefused(gettext("Ghi tên hệ thống nhận, không quá 120 ký tự."), code="title", field="title")
    place = address.strip()
    _check_address(place)
    wanted = sorted(set(events))
    if not wanted or set(wanted) - set(OFFERED):
        raise ReceiverRefused(gettext("Chọn ít nhất một loại sự kiện trong danh mục."), code="events", field="events")
    receiver = Receiver.objects.create(
        body=body,
        title=name,
        address=place,
        events=wanted,
        salt=secrets.token_hex(16),
        noted=newest_number(),
        registered_at=at,
        by_label=actor.label,
    )
    _tell(receiver, "registered", actor=actor, at=at)
    return receiver, secret_of(receiver.salt)


def _check_address(address: str) -> None:
    words = {
        "address": gettext("Địa chỉ không đúng; ghi dạng https://nhan.example.gov.vn/su-kien."),
        "not_https": gettext("Địa chỉ phải bắt đầu bằng https://; máy trong mạng riêng phải được khai trước."),
        "private_address": gettext(
            "Địa chỉ thuộc mạng nội bộ nên không gửi được; nhờ người vận hành khai máy nhận này trong cấu hình."
        ),
    }
    code = "address" if len(address) > 500 else refusal_of(address, allowed=settings.WEBHOOK_HOSTS)
    if code:
        raise ReceiverRefused(words[code], code=code, field="address")


def secret_of(salt: str) -> str:
    """The secret that belongs to a salt; it is computed whenever it is needed and stands nowhere."""
    own = settings.WEBHOOK_SECRET()
    digest = hmac.new(own.encode(), f"webhook:{salt}".encode(), hashlib.sha256).digest()
    return f"tds_{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


@transaction.atomic
def rotate_secret(*, actor: Actor, at: datetime, receiver: Receiver) -> tuple[Receiver, str]:
    """Give a receiver another secret, shown this once; for a week every message bears both signatures."""
    current = _locked(receiver, actor)
    current.former_salt, current.former_until = current.salt, at + GRACE
    current.salt = secrets.token_hex(16)
    current.save(update_fields=["salt", "former_salt", "former_until"])
    _tell(current, "rotated", actor=actor, at=at)
    return current, secret_of(current.salt)


@transaction.atomic
def pause_receiver(*, actor: Actor, at: datetime, receiver: Receiver, is_paused: bool) -> Receiver:
    """Stop sending for a while, or go on; meanwhile the messages are kept."""
    current = _locked(receiver, actor)
    if current.is_paused == is_paused:
        return current
    current.is_paused = is_paused
    current.save(update_fields=["is_paused"])
    if not is_paused:
        Dispatch.objects.filter(receiver=current, state=State.WAITING).update(not_before=at, began_at=at, attempts=0)
    _tell(current, "paused" if is_paused else "resumed", actor=actor, at=at)
    return current


@transaction.atomic
def remove_receiver(*, actor: Actor, at: datetime, receiver: Receiver) -> None:
    """Tell a receiver nothing any more; what was sent stays on record."""
    current = _locked(receiver, actor)
    current.removed_at = at
    current.save(update_fields=["removed_at"])
    _tell(current, "removed", actor=actor, at=at)


@transaction.atomic
def send_again(*, actor: Actor, at: datetime, dispatch: Dispatch) -> Dispatch:
    """Send a message once more, whatever became of it, under the same identifier."""
    require(actor, Permission.MANAGE_EXCHANGES, dispatch.receiver.body)
    current = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
    current.state, current.not_before, current.began_at = State.WAITING, at, at
    current.attempts, current.finished_at, current.claimed_at = 0, None, None
    current.save()
    append(
        actor=actor.label,
        at=at,
        event=Event.RECEIVER_CHANGED,
        subject=dispatch.receiver.label,
        data={"change": "sent_again", "entry": current.entry},
    )
    return current


def _locked(receiver: Receiver, actor: Actor) -> Receiver:
    current = Receiver.objects.select_for_update(of=("self",)).select_related("body").get(pk=receiver.pk)
    require(actor, Permission.MANAGE_EXCHANGES, current.body)
    return current


def _tell(receiver: Receiver, change: str, *, actor: Actor, at: datetime) -> None:
    host = urlsplit(receiver.address).hostname or ""
    data = {"change": change, "body": receiver.body.code, "host": host[:200], "events": list(receiver.events)}
    append(actor=actor.label, at=at, event=Event.RECEIVER_CHANGED, subject=receiver.label, data=data)


def note_entries(*, at: datetime) -> int:
    """Turn every new ledger entry that a receiver wants into a message, once; gives their number."""
    number = 0
    for pk in Receiver.objects.filter(removed_at__isnull=True).values_list("pk", flat=True):
        with transaction.atomic():
            receiver = Receiver.objects.select_for_update(of=("self",)).get(pk=pk)
            newest = newest_number()
            if newest <= receiver.noted:
                continue
            found = Entry.objects.filter(number__gt=receiver.noted, number__lte=newest, event__in=receiver.events)
            rows = [
                Dispatch(receiver=receiver, entry=entry, event=event, queued_at=at, not_before=at, began_at=at)
                for entry, event in found.order_by("number").values_list("number", "event")
            ]
            Dispatch.objects.bulk_create(rows, batch_size=_CHUNK, ignore_conflicts=True)
            receiver.noted = newest
            receiver.save(update_fields=["noted"])
            number += len(rows)
    return number


@dataclass(frozen=True, slots=True)
class Round:
    """What became of the messages of one round."""

    sent: int = 0
    put_off: int = 0
    parked: int = 0
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class _Prepared:
    dispatch: Dispatch
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Outcome:
    dispatch: Dispatch
    status: int | None
    answer: str
    failure: str


def send_waiting(*, at: datetime, call: Post | None = None) -> Round:
    """Send what waits and may go now. Receivers are called side by side, so that a slow one delays no other."""
    waiting = Dispatch.objects.filter(
        Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - LEASE), state=State.WAITING, not_before__lte=at
    )
    open_ones = Receiver.objects.filter(is_paused=False, removed_at__isnull=True, dispatches__in=waiting)
    counts = {"sent": 0, "put_off": 0, "parked": 0, "withheld": 0}
    prepared: list[tuple[Receiver, list[_Prepared]]] = []
    for receiver in open_ones.distinct().order_by("pk"):
        ready: list[_Prepared] = []
        for dispatch in waiting.filter(receiver=receiver).order_by("entry")[:EACH]:
            one = _prepare(receiver, dispatch, at=at)
            if one is None:
                counts["withheld"] += 1
            else:
                ready.append(one)
        if ready:
            prepared.append((receiver, ready))
    if not prepared:
        return Round(**counts)
    sending = call or _post
    with ThreadPoolExecutor(max_workers=min(TOGETHER, len(prepared))) as pool:
        for outcomes in pool.map(lambda part: _send(part[0].address, part[1], sending), prepared):
            for outcome in outcomes:
                counts[_settle(outcome, at=at)] += 1
    return Round(**counts)


def _prepare(receiver: Receiver, dispatch: Dispatch, *, at: datetime) -> _Prepared | None:
    """Claim a message and write it, as far as the receiver's body may see it today; None when it may not."""
    mine = Dispatch.objects.filter(pk=dispatch.pk, claimed_at=dispatch.claimed_at, state=State.WAITING)
    if not mine.update(claimed_at=at, attempts=F("attempts") + 1):
        return None
    dispatch.attempts += 1
    entry = entry_by_number(dispatch.entry)
    body = message_for(receiver, entry, on=localdate(at)) if entry is not None else None
    if body is None:
        Dispatch.objects.filter(pk=dispatch.pk).update(state=State.WITHHELD, finished_at=at, claimed_at=None)
        return None
    moment = int(at.timestamp())
    salts = [receiver.salt]
    if receiver.former_until is not None and at < receiver.former_until:
        salts.append(receiver.former_salt)
    signed = ",".join(f"v1={sign(secret_of(salt), body, moment)}" for salt in salts)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "thuocdo-webhook/1",
        "Thuocdo-Event": dispatch.event,
        "Thuocdo-Delivery": f"{receiver.pk}-{dispatch.entry}",
        "Thuocdo-Signature": f"t={moment},{signed}",
    }
    return _Prepared(dispatch, body, headers)


def _post(address: str, body: bytes, headers: dict[str, str]) -> Reply:
    return post(address, body, headers, allowed=settings.WEBHOOK_HOSTS)


def _send(address: str, messages: Sequence[_Prepared], call: Post) -> list[_Outcome]:
    """Send one after the other, in a thread without a database; when nobody answers, the rest is not tried."""
    outcomes: list[_Outcome] = []
    broken = ""
    began = time.monotonic()
    for one in messages:
        if time.monotonic() - began > LONGEST_ROUND:
            # Slow, but there: the rest goes with the next round, so that the others need not wait for it.
            broken = broken or "slow"
        if broken:
            outcomes.append(_Outcome(one.dispatch, None, "", "not_tried"))
            continue
        try:
            reply = call(address, one.body, one.headers)
        except NotSent as error:
            broken = error.code
            outcomes.append(_Outcome(one.dispatch, None, str(error)[:500], error.code))
            continue
        failure = "" if 200 <= reply.status < 300 else f"status_{reply.status}"
        if reply.status >= 500 or reply.status == 429:
            broken = failure
        outcomes.append(_Outcome(one.dispatch, reply.status, reply.answer, failure))
    return outcomes


def _settle(outcome: _Outcome, *, at: datetime) -> str:
    row = Dispatch.objects.filter(pk=outcome.dispatch.pk)
    if not outcome.failure:
        row.update(
            state=State.SENT, claimed_at=None, finished_at=at, status=outcome.status, answer=outcome.answer, failure=""
        )
        return "sent"
    attempts = outcome.dispatch.attempts
    if outcome.failure == "not_tried":
        # The one before it found nobody there; this one has not used up an attempt.
        row.update(claimed_at=None, attempts=attempts - 1, not_before=at + _pause(1))
        return "put_off"
    told = {"claimed_at": None, "status": outcome.status, "answer": outcome.answer, "failure": outcome.failure[:40]}
    pause = _pause(attempts)
    if at + pause > outcome.dispatch.began_at + TERM:
        row.update(state=State.PARKED, finished_at=at, **told)
        return "parked"
    row.update(not_before=at + pause, **told)
    return "put_off"


def _pause(attempts: int) -> timedelta:
    return PAUSES[min(attempts, len(PAUSES)) - 1] * (0.8 + 0.4 * random.random())  # noqa: S311
