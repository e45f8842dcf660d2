"""What a person does with their notices: look at one, acknowledge one or all."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from thuocdo.accounts.permissions import Actor
from thuocdo.alerts.lifecycle import Kind, Standing
from thuocdo.alerts.models import Notice
from thuocdo.alerts.queries import open_notices
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append


def see(*, at: datetime, notice: Notice) -> None:
    """Note when the person first followed a notice. Reading is nobody's business: the ledger is not told."""
    Notice.objects.filter(pk=notice.pk, seen_at__isnull=True).update(seen_at=at)


@transaction.atomic
def acknowledge(*, actor: Actor, at: datetime, numbers: Collection[int] | None = None, kind: Kind | None = None) -> int:
    """Acknowledge the actor's open notices, all or those named; gives their number. Twice does no harm.

    Other people's notices are left alone, whatever numbers are given.
    """
    waiting = open_notices(actor)
    if numbers is not None:
        waiting = waiting.filter(pk__in=list(numbers))
    if kind is not None:
        waiting = waiting.filter(kind=kind)
    found = list(Notice.objects.select_for_update().filter(pk__in=waiting.values("pk")).order_by("pk"))
    if not found:
        return 0
    mine = [notice.pk for notice in found]
    Notice.objects.filter(pk__in=mine).update(standing=Standing.ACKNOWLEDGED, acknowledged_at=at, closed_at=at)
    Notice.objects.filter(pk__in=mine, seen_at__isnull=True).update(seen_at=at)
    append(
        actor=actor.label,
        at=at,
        event=Event.NOTICES_ACKNOWLEDGED,
        subject=f"notice:{mine[0]}" if len(mine) == 1 else "notices",
        data={"notices": len(mine), "root": merkle_root([notice.key for notice in found])},
    )
    return len(mine)


@transaction.atomic
def take_back_acknowledgement(*, actor: Actor, at: datetime, acknowledged_at: datetime) -> int:
    """Open again what the actor acknowledged at one moment, by mistake; gives the number."""
    mine = list(
        Notice.objects.select_for_update()
        .filter(recipient=actor.user_id, standing=Standing.ACKNOWLEDGED, acknowledged_at=acknowledged_at)
        .order_by("pk")
    )
    if not mine:
        return 0
    Notice.objects.filter(pk__in=[notice.pk for notice in mine]).update(
        standing=Standing.OPEN, acknowledged_at=None, closed_at=None
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.NOTICES_ACKNOWLEDGED,
        subject="notices",
        data={"taken_back": len(mine), "root": merkle_root([notice.key for notice in mine])},
    )
    return len(mine)
