"""My work today: what is late, due, returned, waiting for my acceptance, my approval or my decision."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, Reach, bodies_within
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import DUE_SOON_DAYS, State
from thuocdo.tasks.models import Report, Task
from thuocdo.tasks.permissions import holds_at

from .lists import due_within, for_list, overdue_tasks


@dataclass(frozen=True, slots=True)
class MyWork:
    """Today's lists; the first four are what the actor's own bodies owe, the others what waits for the actor."""

    late: QuerySet[Task]
    due_soon: QuerySet[Task]
    returned: QuerySet[Task]
    to_accept: QuerySet[Task]
    to_approve: QuerySet[Task]
    to_decide: QuerySet[Task]
    # Overdue tasks that the actor's body gave to others and has to urge.
    to_urge: QuerySet[Task]


def my_work(actor: Actor, today: date) -> MyWork:
    """The actor's lists on the day, each ready for display and sorted by deadline.

    What the actor has reported on does not wait for the actor's own approval.
    """
    own = Task.objects.filter(lead__in=_own_bodies(actor))
    gave = Task.objects.filter(assigned_by__in=[held.body_id for held in actor.held]).filter(
        lead__in=_bodies(actor, Permission.ASSIGN_TASK)
    )
    reported = Report.objects.filter(task=OuterRef("pk"), by_label=actor.label)
    # Where a task names an accepting body, its result waits for the people of that body alone.
    accepting = [held.body_id for held in actor.held if holds_at(actor, Permission.APPROVE_RESULT, held.body_id)]
    own_house = (Q(parent__isnull=False) | Q(is_local=True)) & Q(assigned_by__in=_bodies(actor, Permission.DIVIDE_TASK))
    mine = Q(lead__in=_bodies(actor, Permission.APPROVE_RESULT))
    mine |= own_house & Q(lead__in=_bodies(actor, Permission.DIVIDE_TASK))
    waiting = Task.objects.filter(mine & Q(accepting_body__isnull=True) | Q(accepting_body__in=accepting))
    waiting = waiting.filter(state=State.SUBMITTED)
    decide = _bodies(actor, Permission.DECIDE_DISPUTE)
    lists = MyWork(
        late=overdue_tasks(today, among=own),
        due_soon=due_within(DUE_SOON_DAYS, today, among=own),
        returned=own.filter(state=State.RETURNED),
        to_accept=Task.objects.filter(state=State.ASSIGNED, lead__in=_bodies(actor, Permission.ACCEPT_ASSIGNMENT)),
        to_approve=waiting.exclude(lead__in=[held.body_id for held in actor.held]).filter(~Exists(reported)),
        to_decide=Task.objects.filter(state=State.DISPUTED, lead__in=decide, assigned_by__in=decide),
        to_urge=overdue_tasks(today, among=gave),
    )
    return MyWork(*(for_list(getattr(lists, name), today) for name in MyWork.__slots__))


def _bodies(actor: Actor, permission: Permission) -> QuerySet[Body] | list[int]:
    """The bodies for which the actor has the permission; plain numbers where roles reach their own body alone,
    which an index of tasks answers at once."""
    granting = [held for held in actor.held if permission in held.grants]
    if not actor.is_machine and all(held.grants[permission] == Reach.OWN for held in granting):
        return sorted({held.body_id for held in granting})
    return bodies_within(actor, permission)


def _own_bodies(actor: Actor) -> QuerySet[Body] | list[int]:
    """The bodies for which the actor does the work: those whose results the actor may report or submit."""
    submits, reports = _bodies(actor, Permission.SUBMIT_RESULT), _bodies(actor, Permission.REPORT_PROGRESS)
    if isinstance(submits, list) and isinstance(reports, list):
        return sorted({*submits, *reports})
    return Body.objects.filter(Q(pk__in=submits) | Q(pk__in=reports))
