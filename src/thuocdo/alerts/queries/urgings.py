"""Urging notes: which one may see, what each says, and what ought to be urged."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_anywhere, permissions_for
from thuocdo.alerts.lifecycle import UrgingState, acts_from
from thuocdo.alerts.models import UrgedTask, Urging
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import OWED, State
from thuocdo.tasks.models import Task
from thuocdo.tasks.queries import overdue_tasks, visible_to

from .ladders import ladder_on

# Notes that have left the house.
SENT = (UrgingState.ISSUED, UrgingState.ACKNOWLEDGED, UrgingState.ANSWERED)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A body whose overdue tasks have reached a rung that asks for an urging note."""

    body: Body
    tasks: int
    earliest_due: date


def urgings_visible_to(actor: Actor) -> QuerySet[Urging]:
    """Notes whose issuer or addressee lies within what the actor may see; drafts on the issuer's side only."""
    if actor.is_machine:
        return Urging.objects.all()
    seen = bodies_within(actor, Permission.VIEW_TASKS).values("pk")
    urged = bodies_within(actor, Permission.URGE).values("pk")
    mine = Q(issuer__in=[held.body_id for held in actor.held]) & Q(addressee__in=urged)
    sent = Q(state__in=SENT) & (Q(addressee__in=seen) | Q(issuer__in=seen))
    return Urging.objects.filter(mine | sent)


def for_urging_list(urgings: QuerySet[Urging]) -> QuerySet[Urging]:
    """Notes ready for display, newest first, with `tasks_number`."""
    return (
        urgings.select_related("issuer", "addressee")
        .annotate(tasks_number=Count("urged"))
        .order_by(F("issued_at").desc(nulls_first=True), "-pk")
    )


def urging_by_id(number: int, *, actor: Actor) -> Urging | None:
    """The note with this number and its tasks, if the actor may see it."""
    urged = UrgedTask.objects.select_related("task__lead", "task__document").order_by("due_on", "task__code")
    return (
        urgings_visible_to(actor)
        .filter(pk=number)
        .select_related("issuer", "addressee")
        .prefetch_related(Prefetch("urged", urged))
        .first()
    )


def possible_acts(actor: Actor, urging: Urging) -> list[str]:
    """The names of the acts that the actor may do to the note now."""
    for_addressee = permissions_for(actor, urging.addressee)
    may_urge = Permission.URGE in for_addressee and actor.belongs_to(urging.issuer_id)
    may_answer = Permission.SUBMIT_RESULT in for_addressee
    return [act.name for act in acts_from(urging.state) if (may_answer if act.is_for_addressee else may_urge)]


def urgeable(actor: Actor, addressee: Body, today: date) -> QuerySet[Task]:
    """The overdue tasks of a body that the actor may urge, the longest overdue first."""
    if not bodies_within(actor, Permission.URGE).filter(pk=addressee.pk).exists():
        return Task.objects.none()
    return overdue_tasks(today, among=visible_to(actor).filter(lead=addressee)).exclude(state=State.SUBMITTED)


def proposals(actor: Actor, today: date, *, limit: int = 20) -> list[Proposal]:
    """Bodies that the ladder proposes to urge, most tasks first: overdue ones that no note has named since their rung.

    Needs a ladder in force; a task is proposed again when its deadline moves and passes anew.
    """
    version = ladder_on(today)
    if version is None or not may_anywhere(actor, Permission.URGE):
        return []
    days = [rung.days for rung in version.ladder.rungs if rung.proposes_note]
    if not days:
        return []
    named = UrgedTask.objects.filter(task=OuterRef("pk"), due_on=OuterRef("due_on")).exclude(
        urging__state=UrgingState.DISCARDED
    )
    rows = (
        Task.objects.filter(
            state__in=sorted(OWED - {State.SUBMITTED}),
            due_on__lte=date.fromordinal(today.toordinal() - min(days)),
            lead__in=bodies_within(actor, Permission.URGE),
        )
        .filter(~Exists(named))
        .exclude(lead__in=[held.body_id for held in actor.held])
        .order_by()
        .values("lead")
        .annotate(number=Count("pk"), earliest=Min("due_on"))
        .order_by("-number", "lead")[:limit]
    )
    found = list(rows)
    bodies = Body.objects.in_bulk([row["lead"] for row in found])
    return [Proposal(bodies[row["lead"]], row["number"], row["earliest"]) for row in found]


def issuers_of(actor: Actor, on: date) -> QuerySet[Body]:
    """The bodies for which the actor may issue urging notes: where the actor holds a role that may urge."""
    held = [held.body_id for held in actor.held if Permission.URGE in held.grants]
    return Body.objects.valid_on(on).filter(pk__in=held).order_by("code")
