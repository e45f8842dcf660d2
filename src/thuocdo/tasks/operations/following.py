"""A task whose order is owned elsewhere follows that order: wording, deadline, lead, and what was taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc, search_key
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import Coordination, Task

from .redirecting import close_requests
from .taking import begin, finish
from .writing import check_lead, title_of


@dataclass(frozen=True, slots=True)
class Order:
    """What the owner of an order says of it now; states and results are no part of it."""

    title: str
    lead: Body
    coordinators: Sequence[Body]
    deliverable: str
    target: str
    deadline_raw: str
    deadline_kind: str
    due_on: date | None
    original_due_on: date | None
    rhythm: str
    rhythm_day: int | None
    is_core: bool
    weight: Decimal
    secrecy: str
    programme: str


@transaction.atomic
def follow_order(*, actor: Actor, at: datetime, task: Task, order: Order, note: str = "") -> Task:
    """Bring an open task into line with its order; nothing is written when it is so already.

    Another lead has to take the task on anew. For the machine that exchanges orders; raises NotAllowed,
    NotInThisState (suspended, completed, cancelled) and TaskRefused.
    """
    current = begin("amend", task, actor=actor)
    wanted: dict[str, Any] = {
        "title": title_of(order.title),
        "lead": order.lead,
        "deliverable": nfc(order.deliverable).strip(),
        "target": nfc(order.target).strip(),
        "deadline_raw": nfc(order.deadline_raw)[:300],
        "deadline_kind": order.deadline_kind,
        "due_on": order.due_on,
        "original_due_on": order.original_due_on,
        "rhythm": order.rhythm,
        "rhythm_day": order.rhythm_day,
        "is_core": order.is_core,
        "weight": order.weight,
        "secrecy": order.secrecy,
        "programme": order.programme,
    }
    changes = {name: value for name, value in wanted.items() if getattr(current, name) != value}
    bodies = [body for body in order.coordinators if body.pk != order.lead.pk]
    known = list(Coordination.objects.filter(task=current).order_by("position").values_list("body", flat=True))
    if known != [body.pk for body in bodies]:
        Coordination.objects.filter(task=current).delete()
        Coordination.objects.bulk_create(
            [Coordination(task=current, body=body, position=position) for position, body in enumerate(bodies)]
        )
        changes["coordinators"] = bodies
    if not changes:
        return current
    back_to = current.state
    if "lead" in changes:
        check_lead(order.lead, actor.on)
        current.accepted_on, current.responsible, current.responsible_post = None, None, ""
        close_requests(current, gettext("Nhiệm vụ đã chuyển cho cơ quan khác."), actor=actor, at=at)
        back_to = State.ASSIGNED
    before = current.due_on
    for name, value in changes.items():
        if name != "coordinators":
            setattr(current, name, value)
    current.search = search_key(f"{current.code} {current.title} {current.deliverable}")
    return finish(
        "amend",
        current,
        actor=actor,
        at=at,
        note=nfc(note).strip(),
        back_to=back_to,
        data={"fields": sorted(changes), "old_due_on": before},
    )


@transaction.atomic
def take_return_back(*, actor: Actor, at: datetime, task: Task) -> Task:
    """The owner of the order thought better of a return: the result waits for approval again."""
    return finish("recall_return", begin("recall_return", task, actor=actor), actor=actor, at=at)
