"""Reads for the review of a document: its candidates in reading order, and its text cut at their edges."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Prefetch, QuerySet

from thuocdo.accounts.permissions import Actor
from thuocdo.directives.lifecycle import CandidateState
from thuocdo.directives.models import Addressee, Candidate, Document

from .documents import visible_to


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a document's text and the numbers of the candidates that cover it."""

    start: int
    end: int
    text: str
    candidates: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of a document with some text on either side."""

    before: str
    text: str
    after: str


def _with_addressees(candidates: QuerySet[Candidate]) -> QuerySet[Candidate]:
    addressees = Addressee.objects.select_related("body", "group").order_by("part", "position", "pk")
    return candidates.prefetch_related(Prefetch("addressees", addressees))


def review_list(document: Document, *, with_replaced: bool = False) -> QuerySet[Candidate]:
    """The candidates of a document in reading order with their proposals for addressees, in two queries.

    Those that were replaced by a split or a merge are left out unless asked for.
    """
    found = _with_addressees(Candidate.objects.filter(document=document)).order_by("start", "end", "pk")
    return found if with_replaced else found.exclude(state=CandidateState.REPLACED)


def undoable_reshapings(candidates: Iterable[Candidate]) -> dict[int, str]:
    """Which of the waiting candidates came of a "split" or a "merge" that can still be taken back, in one query.

    That is so as long as nothing that came of it was decided or reshaped further.
    """
    waiting = {found.pk for found in candidates if found.state == CandidateState.PROPOSED and found.origin == "person"}
    if not waiting:
        return {}
    came_of: dict[int, set[int]] = {}
    children: dict[int, set[int]] = {}
    settled: set[int] = set()
    siblings = Candidate.objects.filter(parents__children__in=waiting)
    rows = siblings.values_list("pk", "parents", "state").distinct().order_by()
    for child, parent, state in rows:
        came_of.setdefault(child, set()).add(parent)
        children.setdefault(parent, set()).add(child)
        if state != CandidateState.PROPOSED:
            settled.add(child)
    return {
        pk: "merge" if len(came_of[pk]) > 1 else "split"
        for pk in waiting & came_of.keys()
        if not any(children[parent] & settled for parent in came_of[pk])
    }


def candidate_by_id(actor: Actor, number: int) -> Candidate | None:
    """The candidate with its document, if it exists and the actor may see the document."""
    found = _with_addressees(Candidate.objects.filter(pk=number)).select_related("document__body")
    return found.filter(document__in=visible_to(actor).order_by()).first()


def segments(document: Document, candidates: Iterable[Candidate]) -> list[Segment]:
    """The whole text cut at every edge of a candidate, in order; pieces join to the text again."""
    spans = sorted((found.start, found.end, found.pk) for found in candidates)
    edges = sorted({0, len(document.text), *(edge for start, end, _ in spans for edge in (start, end))})
    pieces: list[Segment] = []
    waiting, open_spans = 0, []
    for start, end in pairwise(edges):
        while waiting < len(spans) and spans[waiting][0] <= start:
            open_spans.append(spans[waiting])
            waiting += 1
        open_spans = [span for span in open_spans if span[1] > start]
        covering = tuple(number for _, _, number in open_spans)
        pieces.append(Segment(start, end, document.text[start:end], covering))
    return pieces


def quote(document: Document, start: int, end: int, *, around: int = 200) -> Quote:
    """The span with at most `around` characters on either side, cut at spaces."""
    before, after = document.text[max(0, start - around) : start], document.text[end : end + around]
    if start > around:
        before = before.partition(" ")[2]
    if end + around < len(document.text):
        after = after.rpartition(" ")[0]
    return Quote(before, document.text[start:end], after)
