"""Receivers of events, what becomes of each message to them, and what each of them may be told."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from thuocdo.accounts.permissions import SCOPES, Actor, Held, Permission, bodies_within
from thuocdo.accounts.queries import Role
from thuocdo.directives import queries as directives
from thuocdo.exchanges.models import Dispatch, Receiver
from thuocdo.indicators.models import Measurement
from thuocdo.indicators.queries import batch_by_ledger
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.tasks.queries import visible_to

# What may be told to machines. Whoever is told of one asks for the rest through the interface.
OFFERED = (
    Event.TASK_CHANGED,
    Event.TASKS_ASSIGNED,
    Event.TASKS_WITHDRAWN,
    Event.EVIDENCE_ADDED,
    Event.DOCUMENT_RECEIVED,
    Event.MEASUREMENTS_RECORDED,
    Event.SCORES_COMPUTED,
)
_MOST_NAMED = 500


def receivers_within(actor: Actor) -> QuerySet[Receiver]:
    """Receivers of bodies whose exchanges the actor manages, with the number of messages in each state."""
    managed = bodies_within(actor, Permission.MANAGE_EXCHANGES).values("pk")
    state = Dispatch.State
    counts = {
        name: Count("dispatches", filter=Q(dispatches__state=value))
        for name, value in (("waiting", state.WAITING), ("sent", state.SENT), ("parked", state.PARKED))
    }
    found = Receiver.objects.filter(body__in=managed, removed_at__isnull=True).select_related("body")
    return found.annotate(**counts).order_by("pk")


def receiver_within(actor: Actor, number: int) -> Receiver | None:
    """The receiver with this number, if its body's exchanges are the actor's to manage."""
    return receivers_within(actor).filter(pk=number).first()


def dispatches_of(receiver: Receiver, *, state: str = "") -> QuerySet[Dispatch]:
    """Messages to a receiver, newest first."""
    found = Dispatch.objects.filter(receiver=receiver).order_by("-entry")
    return found.filter(state=state) if state else found


def actor_of_receiver(receiver: Receiver, *, on: date) -> Actor:
    """Who a receiver is: a machine of its body that reads tasks, directives and figures and does nothing."""
    reads = SCOPES["tasks:read"] | SCOPES["figures:read"]
    return Actor(
        label=receiver.label, on=on, held=(Held(Role.SOURCE_SYSTEM, receiver.body_id, receiver.body_id, only=reads),)
    )


def message_for(receiver: Receiver, entry: Entry, *, on: date) -> bytes | None:
    """What a receiver is told of a ledger entry, as canonical JSON; None when its body may not see what it is about.

    Codes and days only: no names of persons, no texts, not who did it.
    """
    told = _told(actor_of_receiver(receiver, on=on), entry)
    if told is None:
        return None
    plain = {
        "id": f"{receiver.pk}-{entry.number}",
        "event": entry.event,
        "entry": entry.number,
        "at": entry.at.isoformat(),
        "instance": settings.BASE_URL,
        "data": told,
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()


def _told(actor: Actor, entry: Entry) -> dict[str, Any] | None:
    data: dict[str, Any] = json.loads(entry.data)
    match entry.event:
        case Event.SCORES_COMPUTED:
            # Every score is everybody's to see.
            return data
        case Event.TASK_CHANGED | Event.EVIDENCE_ADDED:
            code = visible_to(actor).filter(pk=_number(entry)).values_list("code", flat=True).first()
            return None if code is None else data | {"code": code, "address": f"/api/v1/tasks/{code}"}
        case Event.TASKS_ASSIGNED | Event.TASKS_WITHDRAWN:
            span = visible_to(actor).filter(code__gte=data["first"], code__lte=data["last"]).order_by("code")
            codes = list(span.values_list("code", flat=True)[: _MOST_NAMED + 1])
            return {"codes": codes[:_MOST_NAMED], "has_more": len(codes) > _MOST_NAMED} if codes else None
        case Event.DOCUMENT_RECEIVED:
            seen = directives.document_by_id(actor, _number(entry))
            return None if seen is None else {"document": seen.pk, "address": "/api/v1/documents"}
        case Event.MEASUREMENTS_RECORDED:
            return _figures(actor, entry)
    return None


def _figures(actor: Actor, entry: Entry) -> dict[str, Any] | None:
    batch = batch_by_ledger(entry.number)
    if batch is None:
        return None
    bodies = bodies_within(actor, Permission.VIEW_INDICATORS).values("pk")
    rows = Measurement.objects.filter(batch=batch, body__in=bodies, indicator__kept_by__isnull=True)
    number = rows.count()
    if not number:
        return None
    named = {"indicators": "indicator__code", "bodies": "body__code", "periods": "period"}
    return {"rows": number, "address": "/api/v1/measurements"} | {
        name: list(rows.order_by(column).values_list(column, flat=True).distinct()[:_MOST_NAMED])
        for name, column in named.items()
    }


def _number(entry: Entry) -> int:
    return int(entry.subject.partition(":")[2])
