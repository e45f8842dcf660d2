"""One task in depth: its source sentence, history, reports with evidence, and what the actor may do with it."""

from dataclasses import dataclass

from django.db.models import Max, Prefetch, Q, QuerySet

from thuocdo.accounts.permissions import Actor
from thuocdo.accounts.queries import labels_of_body
from thuocdo.directives.lifecycle import DeadlineKind
from thuocdo.directives.queries import Place, Places, Quote, quote
from thuocdo.tasks.lifecycle import ELSEWHERE, steps_from, unclear_points
from thuocdo.tasks.models import (
    Evidence,
    Extension,
    Occurrence,
    Pause,
    Product,
    Report,
    Task,
    Transition,
)
from thuocdo.tasks.permissions import JUDGING, rights_of

from .lists import visible_to


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """Where a task comes from: the document's number and title, and the sentence with its surroundings."""

    document_id: int
    number: str
    title: str
    quote: Quote
    place: Place | None = None


def source_sentence(task: Task) -> SourceSentence | None:
    """The sentence that gave the task; whoever sees the task may read it, if not the whole document."""
    document = task.document
    if document is None or task.start is None or task.end is None:
        return None
    place = Places(document).of(task.start)
    return SourceSentence(document.pk, document.number, document.title, quote(document, task.start, task.end), place)


def history(task: Task) -> QuerySet[Transition]:
    """Every step of the task, oldest first, with who led after it."""
    return Transition.objects.filter(task=task).select_related("lead").order_by("at", "pk")


def reports(task: Task, *, with_evidence: bool = True) -> QuerySet[Report]:
    """The reports on the task, newest first; with their evidence in two queries."""
    found = Report.objects.filter(task=task).order_by("-at", "-pk")
    if not with_evidence:
        return found
    return found.prefetch_related(Prefetch("evidence", Evidence.objects.order_by("pk")))


def extensions(task: Task) -> QuerySet[Extension]:
    """The decisions that moved the deadline, oldest first."""
    return Extension.objects.filter(task=task).order_by("at", "pk")


def pauses(task: Task) -> QuerySet[Pause]:
    """The times in which the task's clock stood still, oldest first."""
    return Pause.objects.filter(task=task).order_by("paused_on", "pk")


def evidence_for(actor: Actor, number: int) -> Evidence | None:
    """A piece of evidence with its report and task, if the actor may see the task."""
    return Evidence.objects.filter(pk=number, report__task__in=visible_to(actor)).select_related("report__task").first()


def possible_steps(actor: Actor, task: Task, *, reported: bool | None = None) -> list[str]:
    """The names of the steps that the actor may take now, in the order of the table; what pages offer.

    `reported` says whether the actor wrote a report on the task, where the caller knows.
    """
    steps = [step for step in steps_from(task.state) if step.name not in ELSEWHERE]
    rights = rights_of(actor, task)
    possible = [step.name for step in steps if rights.allow(step)]
    if JUDGING.isdisjoint(possible):
        return possible
    may_judge = not actor.belongs_to(task.lead_id) and not (has_reported(actor, task) if reported is None else reported)
    return [name for name in possible if name not in JUDGING or may_judge]


def has_reported(actor: Actor, task: Task) -> bool:
    """Whether the actor wrote any report on the task: by hand, with a key, or a key of the same body did."""
    wrote = Q(by_label__in=[actor.label, *labels_of_body(actor)])
    if actor.user_id is not None:
        wrote |= Q(by_user_id=actor.user_id)
    return Report.objects.filter(wrote, task=task).exists()


def has_evidence(task: Task, product: Product | None = None) -> bool:
    """Whether there is evidence for the task, or for one of its products.

    For a recurring task it must be of the present occurrence, and after a reopening newer than the decision.
    """
    found = Evidence.objects.filter(report__task=task)
    if product is not None:
        found = found.filter(products=product)
    if task.rhythm:
        found = found.filter(report__occurrence=task.original_due_on)
    reopened_at = Transition.objects.filter(task=task, step="reopen").aggregate(at=Max("at"))["at"]
    return (found.filter(report__at__gt=reopened_at) if reopened_at else found).exists()


def occurrences(task: Task) -> QuerySet[Occurrence]:
    """The occurrences of a recurring task whose results were accepted, newest first."""
    return Occurrence.objects.filter(task=task).order_by("-due_on")


def unclear(task: Task) -> tuple[str, ...]:
    """Which of the "6 rõ" the order leaves open: `time`, `result`, `measure`, `authority`; `unclear_of` knows more."""
    return unclear_points(
        due_on=task.due_on,
        is_recurring=task.deadline_kind == DeadlineKind.RECURRING,
        deliverable=task.deliverable,
        target=task.target,
        has_source=task.document_id is not None,
    )
