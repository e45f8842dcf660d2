"""How every step is taken: lock the task, ask for the permission, move the state, note it, tell the ledger."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localdate

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, bodies_within, may_anywhere
from thuocdo.engine.canonical import Plain
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import STEPS, StepNotPossible, state_after
from thuocdo.tasks.models import Task, Transition
from thuocdo.tasks.permissions import JUDGING, may_take
from thuocdo.tasks.queries.details import has_reported

from .refusals import ConflictOfInterest, NotInThisState


def begin(step: str, task: Task, *, actor: Actor) -> Task:
    """The task as it is now, locked until the transaction ends, if the actor may take the step.

    Raises NotAllowed, ConflictOfInterest or NotInThisState. All locks come before the first ledger entry,
    so that two writers never wait for each other.
    """
    current = Task.objects.select_for_update(of=("self",)).select_related("lead", "assigned_by").get(pk=task.pk)
    _authorise(step, current, actor)
    if current.state not in STEPS[step].moves:
        raise NotInThisState(current)
    return current


def _authorise(step: str, task: Task, actor: Actor) -> None:
    rule = STEPS[step]
    permission = Permission(rule.permission)
    if step in JUDGING and not actor.is_machine:
        # Said clearly to whoever judges elsewhere; to all others it is simply not allowed.
        if not may_anywhere(actor, permission) and not may_anywhere(actor, Permission.DIVIDE_TASK):
            raise NotAllowed(actor, permission, task.lead)
        if actor.belongs_to(task.lead_id) and may_anywhere(actor, permission):
            raise ConflictOfInterest(task, is_reporter=False)
        if actor.belongs_to(task.lead_id):
            raise NotAllowed(actor, permission, task.lead)
        if has_reported(actor, task):
            raise ConflictOfInterest(task, is_reporter=True)
    if not may_take(actor, step, task):
        # Whoever stands over the lead body alone may not undo what a higher body ordered.
        raise NotAllowed(actor, permission, task.lead)


def require_over(actor: Actor, permission: Permission, bodies: Iterable[Body]) -> None:
    """Refuse unless the actor has the permission for every one of the bodies; one query, however many there are."""
    asked = {body.pk: body for body in bodies}
    allowed = set(bodies_within(actor, permission).filter(pk__in=asked).values_list("pk", flat=True))
    missing = next((body for pk, body in asked.items() if pk not in allowed), None)
    if missing is not None:
        raise NotAllowed(actor, permission, missing)


def finish(
    step: str,
    task: Task,
    *,
    actor: Actor,
    at: datetime,
    note: str = "",
    back_to: str | None = None,
    data: dict[str, Plain] | None = None,
) -> Task:
    """Move the locked task, whose other fields the caller has set; write the transition and the ledger entry."""
    before = task.state
    try:
        task.state = state_after(step, before, back_to=back_to)
    except StepNotPossible as error:
        raise NotInThisState(task) from error
    task.save()
    write_transition(step, task, before, actor=actor, at=at, note=note)
    append_change(step, task, before, actor=actor, at=at, data=data)
    return task


def write_transition(step: str, task: Task, before: str, *, actor: Actor, at: datetime, note: str = "") -> Transition:
    """Note one step of the task."""
    return Transition.objects.create(
        task=task,
        step=step,
        from_state=before,
        to_state=task.state,
        lead=task.lead,
        at=at,
        by_label=actor.label,
        by_user_id=actor.user_id,
        note=note,
    )


def append_change(
    step: str, task: Task, before: str, *, actor: Actor, at: datetime, data: dict[str, Plain] | None = None
) -> None:
    """Tell the ledger of one step: states, codes and dates, no text that a person wrote."""
    append(
        actor=actor.label,
        at=at,
        event=Event.TASK_CHANGED,
        subject=task.label,
        data={
            "code": task.code,
            "step": step,
            "from": before,
            "to": task.state,
            "lead": task.lead.code,
            "due_on": task.due_on,
            "on": localdate(at),
            **(data or {}),
        },
    )
