"""An order is turned: the task goes to another body, or what was completed is opened again."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.engine.spelling import nfc
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import Effectiveness
from thuocdo.tasks.models import Coordination, ExtensionRequest, Product, Task

from .refusals import TaskRefused, require_text
from .taking import begin, finish
from .writing import check_lead


@transaction.atomic
def reassign(*, actor: Actor, at: datetime, task: Task, new_lead: Body | None, reason: str) -> Task:
    """Give a task to another body, with the reason; the former lead stays on record, the new one has to accept.

    Deadline and original deadline stay; who wants another one decides on an extension as well.
    """
    current = begin("reassign", task, actor=actor)
    words = require_text(nfc(reason), "reason")
    before = current.lead.code
    give_to(current, new_lead, localdate(at), actor=actor)
    close_requests(current, gettext("Nhiệm vụ đã chuyển cho cơ quan khác."), actor=actor, at=at)
    return finish("reassign", current, actor=actor, at=at, note=words, data={"lead_before": before})


def give_to(task: Task, new_lead: Body | None, today: date, *, actor: Actor) -> None:
    """Set a new lead on a locked task; raises TaskRefused for none, for the same one, or for one that has it.

    Raises NotAllowed for a body to which the actor may not give it; a body gives its own parts within itself.
    """
    if new_lead is None or new_lead.pk == task.lead_id:
        raise TaskRefused(
            gettext("Chưa chọn cơ quan chủ trì mới; chọn cơ quan khác với cơ quan đang chủ trì."),
            code="no_new_lead",
            field="new_lead",
        )
    is_of_own_house = task.parent_id is not None or task.is_local
    require(actor, Permission.DIVIDE_TASK if is_of_own_house else Permission.ASSIGN_TASK, new_lead)
    check_lead(new_lead, today)
    if Task.objects.filter(collective=task.collective, lead=new_lead, collective__isnull=False).exists():
        raise TaskRefused(
            gettext("%(body)s đã có nhiệm vụ này trong cùng nhóm; chọn cơ quan khác.") % {"body": new_lead.name},
            code="has_instance",
            field="new_lead",
        )
    if task.accepting_body_id == new_lead.pk:
        raise TaskRefused(
            gettext("%(body)s là cơ quan nghiệm thu nhiệm vụ này nên không chủ trì được; chọn cơ quan khác.")
            % {"body": new_lead.name},
            code="accepts_its_own",
            field="new_lead",
        )
    task.lead, task.accepted_on = new_lead, None
    # Whoever answered for it did so inside the former body.
    task.responsible, task.responsible_post = None, ""
    Coordination.objects.filter(task=task, body=new_lead).delete()


@transaction.atomic
def reopen(
    *, actor: Actor, at: datetime, task: Task, decision_number: str, reason: str, products: Sequence[Product] = ()
) -> Task:
    """Open a completed task again by a decision: it is owed until a new result with new evidence is accepted.

    The judgement of its effect falls away, accepted occurrences stay. Only the named products are owed again, all of
    them where none is named.
    """
    current = begin("reopen", task, actor=actor)
    number = require_text(nfc(decision_number), "decision_number")[:80]
    words = require_text(nfc(reason), "reason")
    opened = Product.objects.filter(task=current, is_accepted=True)
    if products:
        opened = opened.filter(pk__in=[product.pk for product in products])
    positions = sorted(opened.values_list("position", flat=True))
    opened.update(is_accepted=False, accepted_on=None, accepted_by="")
    completed_on = current.completed_on
    current.completed_on, current.submitted_on = None, None
    current.effectiveness = Effectiveness.NOT_JUDGED
    return finish(
        "reopen",
        current,
        actor=actor,
        at=at,
        note=f"{number}: {words}",
        data={"completed_on": completed_on, "products": positions},
    )


def close_requests(task: Task, answer: str, *, actor: Actor, at: datetime) -> None:
    """Answer the open request for more time of a task that is over for its lead body."""
    ExtensionRequest.objects.filter(task=task, is_granted__isnull=True).update(
        is_granted=False, decided_at=at, decided_by=actor.label, answer=answer
    )
