"""What becomes of open notices: settled when nothing is owed any more, handed to whoever holds the role now."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from thuocdo.accounts.models import Role, RoleHolding
from thuocdo.accounts.permissions import Actor
from thuocdo.alerts.lifecycle import OF_LADDER, Kind, Standing, UrgingState
from thuocdo.alerts.models import Notice, Urging
from thuocdo.alerts.queries.seats import Directory, Seat
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import successors
from thuocdo.tasks.lifecycle import OWED, State
from thuocdo.tasks.models import ExtensionRequest, Mention, Task

from .telling import Telling, write_notices

BATCH = 1000
# Until when notices have something to ask; those that only inform are not settled by anything.
# Kind, the steps that called for it (empty: all), and the states in which it still asks.
_ASKING: tuple[tuple[Kind, tuple[str, ...], list[str]], ...] = (
    (Kind.ASSIGNED, ("assign", "issue", "transfer", "reassign", "amend"), [State.ASSIGNED]),
    (Kind.RETURNED, (), [State.RETURNED]),
    (Kind.WAITING, ("submit",), [State.SUBMITTED]),
    (Kind.WAITING, ("dispute",), [State.DISPUTED]),
)
# A suspended task is not late and may be again: its notices rest.
_LADDER_STATES = sorted((OWED - {State.SUBMITTED}) | {State.SUSPENDED})
_PENDING = Q(standing=Standing.OPEN) | Q(is_waiting_for_holder=True)


@transaction.atomic
def settle(*, actor: Actor, at: datetime, tasks: Collection[int] | None = None) -> int:
    """Close open notices whose matter is done, of all tasks or of these; gives their number."""
    pending = Notice.objects.filter(_PENDING, task__isnull=False)
    if tasks is not None:
        pending = pending.filter(task__in=tasks)
    here = Task.objects.filter(pk=OuterRef("task"))
    on_ladder = here.filter(due_on=OuterRef("due_on"), lead=OuterRef("lead"), state__in=_LADDER_STATES)
    stale: Q = Q(kind__in=sorted(OF_LADDER)) & Q(~Exists(on_ladder))
    for kind, steps, states in _ASKING:
        of_kind = Q(kind=kind, step__in=steps) if steps else Q(kind=kind)
        stale |= of_kind & Q(~Exists(here.filter(state__in=states)))
    asked = ExtensionRequest.objects.filter(task=OuterRef("task"), is_granted__isnull=True)
    stale |= Q(kind=Kind.WAITING, step="request_extension") & Q(~Exists(asked))
    unread = Mention.objects.filter(comment__task=OuterRef("task"), person=OuterRef("recipient"), read_at__isnull=True)
    stale |= Q(kind=Kind.MENTIONED) & Q(~Exists(unread))
    number = pending.filter(stale).update(standing=Standing.SETTLED, closed_at=at, is_waiting_for_holder=False)
    if tasks is None:
        answered = Urging.objects.filter(pk=OuterRef("urging"), state=UrgingState.ANSWERED)
        number += Notice.objects.filter(_PENDING, Exists(answered), urging__isnull=False).update(
            standing=Standing.SETTLED, closed_at=at, is_waiting_for_holder=False
        )
    if number:
        append(
            actor=actor.label,
            at=at,
            event=Event.NOTICES_SETTLED,
            subject="notices" if tasks is None else f"task:{min(tasks)}",
            data={"notices": number},
        )
    return number


def hand_on(*, actor: Actor, at: datetime) -> int:
    """Open notices of people who no longer hold the role go to whoever holds it now; gives how many were handed on.

    Where nobody does, they wait for the next holder; where the body was merged, for the holders at its successor.
    """
    number = 0
    while True:
        handed = _hand_on_batch(actor=actor, at=at)
        number += handed
        if handed < BATCH:
            return number


@transaction.atomic
def _hand_on_batch(*, actor: Actor, at: datetime) -> int:
    today = localdate(at)
    holding = RoleHolding.objects.valid_on(today).filter(role=OuterRef("role"), user__is_active=True)
    own = holding.filter(user=OuterRef("recipient"), body=OuterRef("body"))
    orphaned = Notice.objects.filter(~Exists(own), standing=Standing.OPEN)
    inherited = Notice.objects.filter(Exists(holding.filter(body=OuterRef("body"))), is_waiting_for_holder=True)
    rows = list((orphaned | inherited).order_by("pk").select_for_update(of=("self",))[:BATCH])
    if not rows:
        return 0
    heirs = _heirs(
        {(Role(row.role), row.body_id) for row in rows}, Directory(today, around={row.body_id for row in rows})
    )
    tellings, waiting = [], []
    for row in rows:
        seats = heirs[Role(row.role), row.body_id]
        if not seats:
            waiting.append(row.pk)
        tellings += [
            Telling(
                stem=row.key.rpartition("|")[0],
                seat=seat,
                kind=Kind(row.kind),
                task_id=row.task_id,
                urging_id=row.urging_id,
                finding_id=row.finding_id,
                findings=row.findings,
                lead_id=row.lead_id,
                rung=row.rung,
                height=row.height,
                due_on=row.due_on,
                step=row.step,
                by_mail=row.by_mail,
            )
            for seat in seats
        ]
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(
        standing=Standing.PASSED, closed_at=at, is_waiting_for_holder=False
    )
    Notice.objects.filter(pk__in=waiting).update(is_waiting_for_holder=True)
    notices = write_notices(tellings, at=at)
    # Whoever held the role before and holds it again finds their own notice, as nobody is told twice.
    Notice.objects.filter(key__in=[telling.key for telling in tellings], standing=Standing.PASSED).update(
        standing=Standing.OPEN, closed_at=None, is_waiting_for_holder=False
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.NOTICES_TRANSFERRED,
        subject="notices",
        data={
            "notices": len(rows),
            "given": len(notices),
            "waiting": len(waiting),
            "root": merkle_root([row.key for row in rows]),
        },
    )
    return len(rows)


def _heirs(seats: set[tuple[Role, int]], directory: Directory) -> dict[tuple[Role, int], list[Seat]]:
    """Who holds each role at each body today; for a body that is no more, who does at those that took its work."""
    found: dict[tuple[Role, int], list[Seat]] = defaultdict(list)
    gone: set[int] = set()
    for role, body in seats:
        found[role, body] = directory.seats_at(body, role)
        if not found[role, body]:
            gone.add(body)
    for old in Body.objects.filter(pk__in=gone, valid_to__isnull=False, valid_to__lte=directory.on):
        new = [body.pk for body in successors(old)]
        there = Directory(directory.on, around=new)
        for role, body in seats:
            if body == old.pk:
                found[role, body] = [seat for one in new for seat in there.seats_at(one, role)]
    return found
