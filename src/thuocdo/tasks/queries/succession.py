"""Tasks whose lead body has ended, and tasks that nobody answers for any more."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import OPEN, State
from thuocdo.tasks.models import Task, Transition

_OWED = sorted(OPEN | {State.DRAFT})


def ended_bodies_in_tasks(today: date) -> list[Body]:
    """Bodies that have ended by the day and still lead, assign, accept or coordinate in a task that is owed."""
    owed = Task.objects.filter(state__in=_OWED)
    places = Q(pk__in=owed.values("lead")) | Q(pk__in=owed.values("assigned_by"))
    places |= Q(pk__in=owed.values("accepting_body")) | Q(coordinations__task__in=owed)
    ended = Body.objects.filter(valid_to__isnull=False, valid_to__lte=today)
    return list(ended.filter(places).distinct().order_by("code"))


def without_living_lead(actor: Actor, today: date) -> QuerySet[Task]:
    """Owed tasks whose lead body has ended and which wait for a decision of the actor, by lead and code."""
    over = bodies_within(actor, Permission.ASSIGN_TASK).values("pk")
    found = Task.objects.filter(state__in=_OWED, lead__valid_to__isnull=False, lead__valid_to__lte=today)
    return found.filter(assigned_by__in=over).select_related("lead", "assigned_by").order_by("lead__code", "code")


def unattended(actor: Actor) -> QuerySet[Task]:
    """Open tasks of the actor's own bodies whose person has left and where nobody has been named since."""
    own = bodies_within(actor, Permission.ACCEPT_ASSIGNMENT).values("pk")
    left = Transition.objects.filter(task=OuterRef("pk"), step="leave_unattended")
    found = Task.objects.filter(Exists(left), state__in=sorted(OPEN), responsible__isnull=True, lead__in=own)
    return found.select_related("lead").order_by("due_on", "code")


def is_unattended(task: Task) -> bool:
    """Whether the person in charge has left and nobody has been named since."""
    if task.responsible_id is not None or task.state not in OPEN:
        return False
    return Transition.objects.filter(task=task, step="leave_unattended").exists()
