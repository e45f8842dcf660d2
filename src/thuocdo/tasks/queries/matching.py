"""Known tasks that an assignment in a document may repeat or amend, and the further documents of a task."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from thuocdo.accounts.permissions import Actor
from thuocdo.directives.models import Addressee, Candidate, Document
from thuocdo.directives.queries import Quote, named, quote
from thuocdo.engine.extraction.amendments import Amendment, amended_symbol, item_number, read_amendment
from thuocdo.engine.extraction.matching import Known, Likeness, likenesses
from thuocdo.engine.spelling import name_key
from thuocdo.tasks.lifecycle import OPEN
from thuocdo.tasks.models import Collective, Match, Source, Task

from .lists import visible_to

# So many proposals are shown for one assignment; more would not help to decide.
MOST_MATCHES = 3


@dataclass(frozen=True, slots=True)
class Found:
    """One proposal before it is stored: an open task, or a collective one, that the candidate may mean."""

    kind: str
    task: int | None
    collective: int | None
    likeness: float
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Addressed:
    bodies: set[int] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)


def found_for(document: Document, candidates: Iterable[Candidate]) -> dict[int, list[Found]]:
    """What each candidate of the document (with its addressees) may mean among the open tasks of other documents."""
    whole = amended_symbol(f"{document.title}\n{document.text}")
    found: dict[int, list[Found]] = {}
    waiting: dict[int, tuple[Candidate, _Addressed]] = {}
    for candidate in candidates:
        sentence = document.text[candidate.start : candidate.end]
        amendment = read_amendment(sentence)
        tasks = list(_amended(amendment, whole, document)) if amendment is not None else []
        if tasks:
            found[candidate.pk] = [
                Found(Source.Kind.AMENDS, task.pk, None, 1.0, ("names_the_task",)) for task in tasks[:MOST_MATCHES]
            ]
        else:
            waiting[candidate.pk] = (candidate, _addressed(candidate))
    tasks_of, collectives = _known(document, [addressed for _, addressed in waiting.values()])
    for number, (candidate, addressed) in waiting.items():
        if likely := _alike(candidate, addressed, tasks_of, collectives):
            found[number] = likely[:MOST_MATCHES]
    return found


def _addressed(candidate: Candidate) -> _Addressed:
    addressed = _Addressed()
    for name in named(candidate):
        settled = name.settled
        if name.part != Addressee.Part.LEAD or settled is None:
            continue
        if settled.body is not None:
            addressed.bodies.add(settled.body.pk)
        elif settled.group is not None:
            addressed.groups.add(settled.group.code)
    return addressed


def _amended(amendment: Amendment, whole: str, document: Document) -> Iterable[Task]:
    """The open tasks that an amending sentence names: by their code, or by the item of the document it cites."""
    tasks = Task.objects.filter(state__in=OPEN).exclude(document=document).order_by("pk")
    if amendment.code:
        return tasks.filter(code=amendment.code)
    symbol = amendment.symbol or whole
    if not symbol:
        return ()
    cited = [one for one in Document.objects.exclude(number="") if _is_symbol(one.number, symbol)]
    rows = tasks.filter(document__in=cited, start__isnull=False).select_related("document")
    return (row for row in rows if row.document and item_number(row.document.text, row.start or 0) == amendment.item)


def _is_symbol(number: str, symbol: str) -> bool:
    return name_key(number).removeprefix("số ") == name_key(symbol)


def _known(
    document: Document, addressed: Iterable[_Addressed]
) -> tuple[dict[int, list[tuple[int, Known]]], list[Collective]]:
    """Open single tasks by lead body, and collective ones that some group of the document was given."""
    bodies = {body for one in addressed for body in one.bodies}
    groups = {group for one in addressed for group in one.groups}
    rows = (
        Task.objects.filter(state__in=OPEN, lead__in=bodies)
        .exclude(document=document)
        .order_by("pk")
        .values_list("pk", "lead_id", "title", "due_on", "deliverable")
    )
    tasks: dict[int, list[tuple[int, Known]]] = {}
    for pk, lead, title, due_on, deliverable in rows.iterator(chunk_size=2000):
        tasks.setdefault(lead, []).append((pk, Known(pk, title, due_on, deliverable)))
    if not groups:
        return tasks, []
    open_ones = Collective.objects.filter(instances__state__in=OPEN).exclude(document=document).distinct()
    return tasks, [one for one in open_ones.order_by("pk") if groups & set(one.groups)]


def _alike(
    candidate: Candidate,
    addressed: _Addressed,
    tasks: dict[int, list[tuple[int, Known]]],
    collectives: list[Collective],
) -> list[Found]:
    wanted = Known(candidate.pk, candidate.action, candidate.deadline_date, candidate.deliverable)
    own = [known for body in addressed.bodies for _, known in tasks.get(body, [])]
    shared = [Known(one.pk, one.title) for one in collectives if addressed.groups & set(one.groups)]
    found = [_found(one, is_task=True) for one in likenesses(wanted, own)]
    found += [_found(one, is_task=False) for one in likenesses(wanted, shared)]
    return sorted(found, key=lambda one: -one.likeness)


def _found(one: Likeness, *, is_task: bool) -> Found:
    reasons = (*one.reasons, "same_lead" if is_task else "same_group")
    return Found(
        Source.Kind.REPEATS, one.number if is_task else None, None if is_task else one.number, one.likeness, reasons
    )


def matches(actor: Actor, candidates: Iterable[Candidate]) -> dict[int, list[Match]]:
    """The proposals still standing for candidates, the likeliest first; only tasks that the actor may see."""
    seen = visible_to(actor).order_by()
    rows = (
        Match.objects.filter(candidate__in=[one.pk for one in candidates], is_dismissed=False)
        .filter(Q(task__in=seen) | Q(collective__instances__in=seen))
        .select_related("task__lead", "task__document", "collective__document")
        .distinct()
        .order_by("-likeness", "pk")
    )
    found: dict[int, list[Match]] = {}
    for row in rows:
        found.setdefault(row.candidate_id, []).append(row)
    return found


def match_by_id(actor: Actor, candidate: Candidate, number: int) -> Match | None:
    """One standing proposal for the candidate, if the actor may see its task."""
    return next((row for row in matches(actor, [candidate]).get(candidate.pk, []) if row.pk == number), None)


def linked_tasks(actor: Actor, candidates: Iterable[int]) -> dict[int, str]:
    """Candidate → code of the known task that it was linked to or amended, as far as the actor may see the task."""
    numbers = list(candidates)
    if not numbers:
        return {}
    seen = visible_to(actor).order_by()
    rows = Source.objects.filter(candidate__in=numbers, task__in=seen).values_list("candidate_id", "task__code")
    return dict(rows)


@dataclass(frozen=True, slots=True)
class FurtherSource:
    """A further document of a task with the sentence, and for an amendment what it changed."""

    source: Source
    quote: Quote


def further_sources(task: Task) -> list[FurtherSource]:
    """The documents that gave the task again or amended it, oldest first."""
    mine = Q(task=task) | Q(collective=task.collective_id) if task.collective_id else Q(task=task)
    rows: QuerySet[Source] = Source.objects.filter(mine).select_related("document").order_by("at", "pk")
    return [FurtherSource(row, quote(row.document, row.start, row.end)) for row in rows]
