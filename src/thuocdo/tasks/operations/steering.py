"""What the assigning side decides on the way: extensions, pauses, cancellation."""

from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.organisations.working_days import swapped_days
from thuocdo.tasks.lifecycle import due_after_pause
from thuocdo.tasks.models import Dispute, Extension, ExtensionRequest, Pause, Task

from .redirecting import close_requests
from .refusals import TaskRefused, require_text
from .taking import begin, finish


@transaction.atomic
def extend(
    *,
    actor: Actor,
    at: datetime,
    task: Task,
    new_due_on: date,
    decision_number: str,
    reason: str,
    is_objective: bool = False,
    answer: str = "",
) -> Extension:
    """Move the deadline to a later day by a decision; the original deadline stays and is counted against too.

    With `is_objective` the cause is approved as objective or as an accepted risk: shown, and counted apart. A request
    of the lead body that waits is granted by it, with `answer` or else the reason.
    """
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
        is_objective=is_objective,
        at=at,
        by_label=actor.label,
    )
    current.due_on = new_due_on
    granted = ExtensionRequest.objects.filter(task=current, is_granted__isnull=True).update(
        is_granted=True,
        decided_at=at,
        decided_by=actor.label,
        answer=nfc(answer).strip() or extension.reason,
        extension=extension,
    )
    finish(
        "extend",
        current,
        actor=actor,
        at=at,
        note=extension.reason,
        data={
            "old_due_on": extension.old_due_on,
            "extension": extension.pk,
            "objective": is_objective,
            "asked": granted > 0,
        },
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
    Dispute.objects.filter(task=current, decided_at__isnull=True).update(
        decided_at=at, decided_by=actor.label, outcome="withdraw", answer=words
    )
    close_requests(current, gettext("Nhiệm vụ đã hủy."), actor=actor, at=at)
    return finish("cancel", current, actor=actor, at=at, note=words)
