"""What waits for a decision: disputes with their terms, requests for more time, results whose effect is not judged."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_anywhere
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import successors_of_each
from thuocdo.tasks.lifecycle import Effectiveness, State
from thuocdo.tasks.models import Dispute, Extension, ExtensionRequest, Task

from .lists import visible_to


def open_disputes(actor: Actor) -> QuerySet[Dispute]:
    """Disputes that wait for a decision and that the actor may see, the earliest term first."""
    found = Dispute.objects.filter(decided_at__isnull=True, task__in=visible_to(actor).values("pk"))
    return found.select_related("task__lead", "task__assigned_by", "disputed_by", "proposed_lead").order_by(
        "decide_by", "pk"
    )


def overdue_disputes(actor: Actor, today: date) -> QuerySet[Dispute]:
    """Disputes whose term has passed without a decision."""
    return open_disputes(actor).filter(decide_by__lt=today)


def disputes(task: Task) -> QuerySet[Dispute]:
    """The disputes of a task, oldest first."""
    return Dispute.objects.filter(task=task).select_related("proposed_lead", "disputed_by").order_by("at", "pk")


def open_requests(actor: Actor) -> QuerySet[ExtensionRequest]:
    """Requests for more time that wait for an answer and that the actor may see, the earliest deadline first."""
    found = ExtensionRequest.objects.filter(is_granted__isnull=True, task__in=visible_to(actor).values("pk"))
    return found.select_related("task__lead", "task__assigned_by").order_by("due_on", "pk")


def extension_requests(task: Task) -> QuerySet[ExtensionRequest]:
    """The requests of a task for more time, oldest first."""
    return ExtensionRequest.objects.filter(task=task).select_related("extension").order_by("at", "pk")


def open_request(task: Task) -> ExtensionRequest | None:
    """The request of a task that waits for an answer."""
    return ExtensionRequest.objects.filter(task=task, is_granted__isnull=True).first()


def waiting_for_judgement(actor: Actor) -> QuerySet[Task]:
    """Completed tasks whose effect the actor may judge and nobody has judged, the oldest result first."""
    over = bodies_within(actor, Permission.JUDGE_EFFECTIVENESS)
    waiting = Task.objects.filter(state=State.COMPLETED, effectiveness=Effectiveness.NOT_JUDGED)
    through_heirs, own_heritage = _ended(actor, waiting, over)
    found = waiting.filter(
        Q(lead__in=over.values("pk")) | Q(lead__in=through_heirs), pk__in=visible_to(actor).values("pk")
    ).exclude(lead__in=own_heritage)
    return found.select_related("lead").order_by("completed_on", "code")


def _ended(actor: Actor, waiting: QuerySet[Task], over: QuerySet[Body]) -> tuple[list[int], list[int]]:
    """Lead bodies that have ended: those whose successors the actor judges, and those that the own body followed.

    Completed work stays with the body that did it; without its successor's evaluators nobody could judge it.
    """
    if actor.is_machine or not may_anywhere(actor, Permission.JUDGE_EFFECTIVENESS):
        return [], []
    ended = list(Body.objects.filter(valid_to__lte=actor.on, pk__in=waiting.values("lead")))
    if not ended:
        return [], []
    heirs = {pk: {heir.pk for heir in found} for pk, found in successors_of_each(ended).items()}
    judged = set(over.filter(pk__in=set[int]().union(*heirs.values())).values_list("pk", flat=True))
    own = [pk for pk, found in heirs.items() if any(map(actor.belongs_to, found))]
    return [pk for pk, found in heirs.items() if found & judged], own


def late_for_objective_reasons(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks late against their original deadline whose extension was approved as objective: counted apart."""
    approved = Extension.objects.filter(task=OuterRef("pk"), is_objective=True)
    return tasks.filter(Exists(approved), completed_on__gt=F("original_due_on"), completed_on__lte=F("due_on"))
