"""What the assigning side decides on the way: disputes, extensions, pauses, cancellation."""

from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.engine.spelling import nfc
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import due_after_pause
from thuocdo.tasks.models import Coordination, Extension, Pause, Task
from thuocdo.tasks.working_days import swapped_days

from .refusals import TaskRefused, require_text
from .taking import begin, finish
from .writing import check_lead


class Outcome(StrEnum):
    """How a dispute ends: the task stays, goes to another body, or is withdrawn."""

    UPHOLD = "uphold"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"


@transaction.atomic
def decide_dispute(
    *, actor: Actor, at: datetime, task: Task, outcome: Outcome, note: str, new_lead: Body | None = None
) -> Task:
    """Decide a dispute with the reason; a transfer names the new lead, which then has to accept."""
    current = begin(outcome.value, task, actor=actor)
    reason = require_text(nfc(note), "note")
    before = current.lead.code
    if outcome == Outcome.TRANSFER:
        if new_lead is None or new_lead.pk == current.lead_id:
            raise TaskRefused(
                gettext("Chưa chọn cơ quan chủ trì mới; chọn cơ quan khác với cơ quan đang chủ trì."),
                code="no_new_lead",
                field="new_lead",
            )
        require(actor, Permission.ASSIGN_TASK, new_lead)
        check_lead(new_lead, localdate(at))
        if Task.objects.filter(collective=current.collective, lead=new_lead, collective__isnull=False).exists():
            raise TaskRefused(
                gettext("%(body)s đã có nhiệm vụ này trong cùng nhóm; chọn cơ quan khác.") % {"body": new_lead.name},
                code="has_instance",
                field="new_lead",
            )
        current.lead, current.accepted_on = new_lead, None
        Coordination.objects.filter(task=current, body=new_lead).delete()
    return finish(outcome.value, current, actor=actor, at=at, note=reason, data={"lead_before": before})


@transaction.atomic
def extend(*, actor: Actor, at: datetime, task: Task, new_due_on: date, decision_number: str, reason: str) -> Extension:
    """Move the deadline to a later day by a decision; the original deadline stays and is counted against too."""
    current = begin("extend", task, actor=actor)
    if current.due_on is None:
        raise TaskRefused(
            gettext("Nhiệm vụ này không có thời hạn nên không gia hạn được."), code="no_deadline", field="new_due_on"
        )
    if new_due_on <= current.due_on:
        raise TaskRefused(
            gettext("Thời hạn mới phải sau thời hạn hiện nay (%(due)s); chọn ngày muộn hơn.")
            % {"due": date_format(current.due_on, "d/m/Y")},
            code="not_later",
            field="new_due_on",
        )
    extension = Extension.objects.create(
        task=current,
        old_due_on=current.due_on,
        new_due_on=new_due_on,
        decision_number=require_text(nfc(decision_number), "decision_number")[:80],
        reason=require_text(nfc(reason), "reason"),
        at=at,
        by_label=actor.label,
    )
    current.due_on = new_due_on
    finish(
        "extend",
        current,
        actor=actor,
        at=at,
        note=extension.reason,
        data={"old_due_on": extension.old_due_on, "extension": extension.pk},
    )
    return extension


@transaction.atomic
def suspend(*, actor: Actor, at: datetime, task: Task, reason: str) -> Task:
    """Stop the clock of a task; it is neither due nor overdue until it is resumed."""
    current = begin("suspend", task, actor=actor)
    words = require_text(nfc(reason), "reason")
    Pause.objects.create(task=current, paused_on=localdate(at), reason=words)
    current.suspended_from = current.state
    return finish("suspend", current, actor=actor, at=at, note=words)


@transaction.atomic
def resume(*, actor: Actor, at: datetime, task: Task, note: str = "") -> Task:
    """Let the clock run again: the task goes back to where it was, with as many working days left as then."""
    current = begin("resume", task, actor=actor)
    today = localdate(at)
    pause = Pause.objects.get(task=current, resumed_on__isnull=True)
    pause.resumed_on = max(today, pause.paused_on)
    pause.save(update_fields=["resumed_on"])
    before, back_to = current.due_on, current.suspended_from
    if before is not None:
        current.due_on = due_after_pause(before, pause.paused_on, pause.resumed_on, overrides=swapped_days())
    current.suspended_from = ""
    return finish(
        "resume", current, actor=actor, at=at, note=nfc(note).strip(), back_to=back_to, data={"old_due_on": before}
    )


@transaction.atomic
def cancel(*, actor: Actor, at: datetime, task: Task, reason: str) -> Task:
    """Take a task back; it stays on record and counts no more."""
    current = begin("cancel", task, actor=actor)
    words = require_text(nfc(reason), "reason")
    Pause.objects.filter(task=current, resumed_on__isnull=True).update(resumed_on=localdate(at))
    current.suspended_from = ""
    return finish("cancel", current, actor=actor, at=at, note=words)
