"""Reviewed documents as labelled examples: what people confirmed, corrected and added, for judging the rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from thuocdo.directives.lifecycle import CandidateState, DocumentState
from thuocdo.directives.models import Candidate, Document

# The reason that marks a sentence which changes a task and gives none: no example of an assignment.
AMENDS = "amends"


@dataclass(frozen=True, slots=True)
class Example:
    """A document's text under a file name, and its confirmed assignments in the labelling scheme."""

    name: str
    text: str
    labels: list[dict[str, Any]]


def examples() -> Iterator[Example]:
    """Every document whose review is complete, oldest first. Rejected candidates are no labels: the rules must not
    find them. Nobody's name is in an example, only what the text says; whoever calls this holds the database."""
    documents = Document.objects.filter(state=DocumentState.REVIEWED).order_by("received_at", "pk")
    for document in documents.prefetch_related("candidates").iterator(chunk_size=50):
        name = f"van-ban-{document.pk}.txt"
        confirmed = [one for one in document.candidates.all() if one.state == CandidateState.CONFIRMED]
        labels = [
            _label(name, document, one)
            for one in sorted(confirmed, key=lambda one: (one.start, one.end))
            if AMENDS not in one.reasons
        ]
        yield Example(name, document.text, labels)


def _label(name: str, document: Document, candidate: Candidate) -> dict[str, Any]:
    return {
        "id": f"{document.pk}-{candidate.pk}",
        "doc": name,
        "start": candidate.start,
        "end": candidate.end,
        "text": document.text[candidate.start : candidate.end],
        "lead": candidate.lead,
        "coordinating": candidate.coordinating,
        "action": candidate.action,
        "deliverable": candidate.deliverable or None,
        "deadline": {
            "raw": candidate.deadline_raw or None,
            "date": candidate.deadline_date.isoformat() if candidate.deadline_date else None,
            "kind": candidate.deadline_kind,
        },
        "target": candidate.target or None,
        "addressee_kind": candidate.addressee_kind,
    }
