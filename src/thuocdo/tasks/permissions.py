"""Who may take which step of one task: the one table of permissions, read for lead, authority and accepting body."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere, permissions_for_each
from thuocdo.organisations.queries import successors

from .lifecycle import STEPS, Step
from .models import Task

# Steps in which nobody judges their own work.
JUDGING = frozenset({"approve_result", "return_result", "recall_return", "judge_product", "judge_effectiveness"})
# Of these, the ones that go to the accepting body where a task names one.
ACCEPTING = frozenset({"approve_result", "return_result", "recall_return", "judge_product"})
# What is still to be said of a completed task after its lead body has ended: completed tasks stay with their lead.
OUTLIVING = frozenset({"judge_effectiveness"})
# What a body may do with the parts and the tasks of its own that it made, without being a standing office.
IN_OWN_HOUSE = frozenset(
    {
        Permission.ASSIGN_TASK,
        Permission.EXTEND_TASK,
        Permission.SUSPEND_TASK,
        Permission.CANCEL_TASK,
        Permission.DECIDE_DISPUTE,
        Permission.APPROVE_RESULT,
    }
)


@dataclass(frozen=True, slots=True)
class Rights:
    """What an actor may do with one task, whatever its state: found in a handful of queries, then asked often."""

    actor: Actor
    task: Task
    over_lead: AbstractSet[Permission]
    over_authority: AbstractSet[Permission]
    # Of a lead body that has ended: what the actor may do for those that took its work over, and whether of them.
    over_heirs: AbstractSet[Permission] = frozenset()
    is_heir: bool = False

    def allow(self, step: Step) -> bool:
        """Whether the permission for a step is there; a conflict of interest is another question."""
        if self.actor.is_machine:
            return True
        permission = Permission(step.permission)
        if step.name in ACCEPTING and self.task.accepting_body_id is not None:
            return holds_at(self.actor, permission, self.task.accepting_body_id)
        if step.or_lead and self.actor.belongs_to(self.task.lead_id) and Permission(step.or_lead) in self.over_lead:
            return True
        if permission in IN_OWN_HOUSE and self._is_of_own_house():
            return True
        if step.name in OUTLIVING and self.is_heir:
            # Nobody judges what their own body took over.
            return False
        if step.name in OUTLIVING and permission in self.over_heirs:
            return True
        return permission in self.over_lead and (not step.as_authority or permission in self.over_authority)

    def _is_of_own_house(self) -> bool:
        made_here = self.task.parent_id is not None or self.task.is_local
        return made_here and Permission.DIVIDE_TASK in self.over_lead and Permission.DIVIDE_TASK in self.over_authority


def rights_of(actor: Actor, task: Task) -> Rights:
    """The rights of an actor over a task with its lead and assigning body; in one query.

    Kept with the task as it was read: a page asks often, and whoever writes reads the task anew.
    """
    mark = (actor, task.lead_id, task.assigned_by_id)
    kept: tuple[object, Rights] | None = getattr(task, "_rights", None)
    if kept is not None and kept[0] == mark:
        return kept[1]
    found = permissions_for_each(actor, {task.lead_id, task.assigned_by_id})
    rights = Rights(actor, task, found[task.lead_id], found[task.assigned_by_id], *_over_heirs(actor, task))
    task._rights = (mark, rights)  # type: ignore[attr-defined] # noqa: SLF001
    return rights


def _over_heirs(actor: Actor, task: Task) -> tuple[frozenset[Permission], bool]:
    """What the actor may do for the successors of an ended lead body, and whether the actor is of one of them."""
    ended = task.lead.valid_to
    if ended is None or ended > actor.on or actor.is_machine:
        return frozenset(), False
    if not may_anywhere(actor, Permission.JUDGE_EFFECTIVENESS):
        return frozenset(), False
    heirs = {heir.pk for heir in successors(task.lead)}
    found = permissions_for_each(actor, heirs).values()
    return frozenset[Permission]().union(*found), any(map(actor.belongs_to, heirs))


def may_take(actor: Actor, step: str, task: Task) -> bool:
    """Whether the actor has the permission for a step of the task."""
    return rights_of(actor, task).allow(STEPS[step])


def holds_at(actor: Actor, permission: Permission, body: int) -> bool:
    """Whether a role that the actor holds at the body itself grants the permission, wherever it reaches."""
    return any(held.body_id == body and permission in held.grants for held in actor.held)
