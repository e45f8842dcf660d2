"""A lead body says that a task is not its function: raised with its reason, decided within a term, on the record."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.organisations.models import Body
from thuocdo.organisations.working_days import swapped_days
from thuocdo.tasks.lifecycle import decide_by
from thuocdo.tasks.models import Dispute, Task

from .redirecting import give_to
from .refusals import TaskRefused, require_text
from .taking import begin, finish


class Outcome(StrEnum):
    """How a dispute ends: the task stays, goes to another body, or is withdrawn."""

    UPHOLD = "uphold"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"


@transaction.atomic
def dispute(*, actor: Actor, at: datetime, task: Task, reason: str, proposed_lead: Body | None = None) -> Task:
    """The lead body asks for another assignment, because the task does not fit it; the deadline runs on.

    The body that it holds responsible may be named; whoever decides has a term of five working days.
    """
    current = begin("dispute", task, actor=actor)
    words = require_text(nfc(reason), "reason")
    if proposed_lead is not None and proposed_lead.pk == current.lead_id:
        raise TaskRefused(
            gettext("Cơ quan được đề nghị chính là cơ quan đang chủ trì; chọn cơ quan khác hoặc để trống."),
            code="proposes_itself",
            field="proposed_lead",
        )
    raised = Dispute.objects.create(
        task=current,
        reason=words,
        proposed_lead=proposed_lead,
        disputed_by=current.lead,
        at=at,
        by_label=actor.label,
        decide_by=decide_by(localdate(at), overrides=swapped_days()),
    )
    return finish(
        "dispute",
        current,
        actor=actor,
        at=at,
        note=words,
        data={"decide_by": raised.decide_by, "proposed": proposed_lead.code if proposed_lead else None},
    )


@transaction.atomic
def decide_dispute(
    *, actor: Actor, at: datetime, task: Task, outcome: Outcome, note: str, new_lead: Body | None = None
) -> Task:
    """Decide a dispute with the reason; a transfer names the new lead, which then has to accept."""
    current = begin(outcome.value, task, actor=actor)
    reason = require_text(nfc(note), "note")
    before = current.lead.code
    if outcome == Outcome.TRANSFER:
        give_to(current, new_lead, localdate(at), actor=actor)
    raised = Dispute.objects.filter(task=current, decided_at__isnull=True).first()
    if raised is not None:
        raised.decided_at, raised.decided_by = at, actor.label
        raised.outcome, raised.answer = outcome.value, reason
        raised.save(update_fields=["decided_at", "decided_by", "outcome", "answer"])
    is_late = raised is not None and localdate(at) > raised.decide_by
    return finish(
        outcome.value, current, actor=actor, at=at, note=reason, data={"lead_before": before, "after_term": is_late}
    )
