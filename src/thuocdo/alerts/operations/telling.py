"""Writes notices, each at most once, as people want them, and queues the mail that goes with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from thuocdo.accounts.permissions import Actor
from thuocdo.alerts.lifecycle import Choice, Kind
from thuocdo.alerts.models import Message, Notice
from thuocdo.alerts.queries import Wishes, wishes_of
from thuocdo.alerts.queries.seats import Seat
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to tell one person; `stem` names it apart from the person, so that nobody is told it twice."""

    stem: str
    seat: Seat
    kind: Kind
    task_id: int | None = None
    urging_id: int | None = None
    finding_id: int | None = None
    findings: int = 0
    lead_id: int | None = None
    rung: str = ""
    height: int | None = None
    due_on: date | None = None
    step: str = ""
    by_mail: bool = True

    @property
    def key(self) -> str:
        return f"{self.stem}|{self.seat.user_id}"


def write_notices(tellings: Iterable[Telling], *, at: datetime) -> list[Notice]:
    """Write what was not told before and is wanted; gives the new notices. The caller tells the ledger.

    What a person never wants is not written; a rung's mail goes only to those who want mail of its kind.
    """
    asked = {telling.key: telling for telling in tellings}
    known: set[str] = set()
    keys = list(asked)
    for start in range(0, len(keys), CHUNK):
        known |= set(Notice.objects.filter(key__in=keys[start : start + CHUNK]).values_list("key", flat=True))
    new = [telling for key, telling in asked.items() if key not in known]
    wishes = wishes_of({telling.seat.user_id for telling in new})
    wanted = [
        (telling, wishes[telling.seat.user_id].choice(telling.kind))
        for telling in new
        if wishes[telling.seat.user_id].choice(telling.kind) != Choice.NONE
    ]
    mailed = [telling.seat.user_id for telling, choice in wanted if telling.by_mail and choice == Choice.BOTH]
    messages = _messages_for(mailed, wishes, at)
    rows = [
        Notice(
            key=telling.key,
            recipient_id=telling.seat.user_id,
            role=telling.seat.role,
            body_id=telling.seat.body_id,
            kind=telling.kind,
            task_id=telling.task_id,
            urging_id=telling.urging_id,
            finding_id=telling.finding_id,
            findings=telling.findings,
            lead_id=telling.lead_id,
            rung=telling.rung,
            height=telling.height,
            due_on=telling.due_on,
            step=telling.step,
            by_mail=telling.by_mail and choice == Choice.BOTH,
            message_id=messages.get(telling.seat.user_id) if telling.by_mail and choice == Choice.BOTH else None,
            raised_at=at,
        )
        for telling, choice in wanted
    ]
    # Two workers may tell the same thing at the same moment: the key lets one of them through.
    return Notice.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


def _messages_for(users: Sequence[int], wishes: dict[int, Wishes], at: datetime) -> dict[int, int]:
    """For each person the message that has not begun to go out, or a new one; locked until the notices stand in it.

    A sender that claims a message waits for this lock, and then finds every notice in it.
    """
    wanted = sorted(set(users))
    found: dict[int, int] = {}
    for start in range(0, len(wanted), CHUNK):
        waiting = (
            Message.objects.select_for_update()
            .filter(
                recipient__in=wanted[start : start + CHUNK],
                sort=Message.Sort.NOTICES,
                sent_at__isnull=True,
                dropped_at__isnull=True,
                claimed_at__isnull=True,
                attempts=0,
            )
            .order_by("pk")
        )
        found |= {message.recipient_id: message.pk for message in waiting}
    missing = [user for user in wanted if user not in found]
    made = Message.objects.bulk_create(
        [
            Message(
                recipient_id=user,
                sort=Message.Sort.NOTICES,
                queued_at=at,
                not_before=wishes[user].not_before(at),
            )
            for user in missing
        ],
        batch_size=CHUNK,
    )
    return found | {message.recipient_id: message.pk for message in made}


def tell_ledger(notices: list[Notice], subject: str, *, actor: Actor, at: datetime, rung: str = "") -> None:
    """One entry for many notices, with a Merkle root over their keys; none for none."""
    if not notices:
        return
    append(
        actor=actor.label,
        at=at,
        event=Event.NOTICES_RAISED,
        subject=subject,
        data={"notices": len(notices), "rung": rung, "root": merkle_root([notice.key for notice in notices])},
    )
