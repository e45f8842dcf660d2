"""Reads of documents: which one may see, how far their review has come, which wait for the machine."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.directives.lifecycle import CandidateState, DocumentState
from thuocdo.directives.models import Document
from thuocdo.engine.spelling import search_key
from thuocdo.organisations.models import Body


@dataclass(frozen=True, slots=True)
class Progress:
    """How many assignments of a document are decided; those replaced by splitting or merging do not count."""

    decided: int
    confirmed: int
    rejected: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.decided == self.total


# Among the notes of a document: it was not received, its clauses are written here.
WRITTEN_HERE = "written_here"


def visible_to(actor: Actor) -> QuerySet[Document]:
    """Documents received by a body whose directives the actor may see, newest first."""
    documents = Document.objects.select_related("body", "issuer").order_by("-received_at", "-pk")
    if actor.is_machine:
        return documents
    return documents.filter(body__in=bodies_within(actor, Permission.VIEW_DIRECTIVES))


def filtered(documents: QuerySet[Document], *, words: str = "", state: str = "") -> QuerySet[Document]:
    """The documents narrowed by state and by words of number, title or issuer, without accents, in any order."""
    for word in search_key(words).split():
        documents = documents.filter(search__contains=word)
    return documents.filter(state=state) if state else documents


def document_by_id(actor: Actor, number: int) -> Document | None:
    """The document, if it exists and the actor may see it."""
    return visible_to(actor).filter(pk=number).first()


def document_by_digest(actor: Actor, digest: str) -> Document | None:
    """The document with these bytes, if the actor may see it."""
    return visible_to(actor).filter(digest=digest).first()


def document_by_label(label: str) -> Document | None:
    """The document that the ledger names so ("document:12"); for jobs, which see everything."""
    room, _, number = label.partition(":")
    if room != "document" or not number.isdecimal():
        return None
    return Document.objects.select_related("body", "issuer").filter(pk=int(number)).first()


def documents_waiting_for_extraction() -> QuerySet[Document]:
    """Documents whose assignments were not looked for yet, oldest first."""
    return Document.objects.filter(state=DocumentState.RECEIVED).order_by("received_at", "pk")


def receiving_body(actor: Actor) -> Body | None:
    """The body for which the actor receives directives: the first at which a role allows it."""
    for held in actor.held:
        if Permission.RECEIVE_DIRECTIVE in held.grants:
            return Body.objects.get(pk=held.body_id)
    return None


def with_progress(documents: QuerySet[Document]) -> QuerySet[Document]:
    """The documents with `found`, `decided`, `confirmed` and `rejected`, counted in the same query."""
    state = "candidates__state"
    return documents.annotate(
        found=Count("candidates", filter=~Q(**{state: CandidateState.REPLACED})),
        decided=Count("candidates", filter=Q(**{f"{state}__in": [CandidateState.CONFIRMED, CandidateState.REJECTED]})),
        confirmed=Count("candidates", filter=Q(**{state: CandidateState.CONFIRMED})),
        rejected=Count("candidates", filter=Q(**{state: CandidateState.REJECTED})),
    )


def progress(document: Document) -> Progress:
    """How far the review of one document has come."""
    counted: QuerySet[Any] = with_progress(Document.objects.filter(pk=document.pk))
    row = counted.values("found", "decided", "confirmed", "rejected")[0]
    return Progress(decided=row["decided"], confirmed=row["confirmed"], rejected=row["rejected"], total=row["found"])
