"""What the machine found in a document, written once; and what a document became when its reading failed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.directives.lifecycle import CandidateState, DocumentState, Origin
from thuocdo.directives.models import Addressee, Candidate, Document
from thuocdo.directives.queries import resolve
from thuocdo.engine.canonical import canonical_json
from thuocdo.engine.extraction.assignments import Assignment
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

from .refusals import DirectiveRefused


@transaction.atomic
def record_found(*, actor: Actor, at: datetime, document: Document, found: Sequence[Assignment]) -> list[Candidate]:
    """Write the assignments found in a document as candidates with proposals for their addressees.

    A document is extracted once: for one that was extracted before, its candidates are given back unchanged.
    """
    require(actor, Permission.REVIEW_CANDIDATES, document.body)
    document = Document.objects.select_for_update(of=("self",)).select_related("body", "issuer").get(pk=document.pk)
    if document.state not in (DocumentState.RECEIVED, DocumentState.FAILED):
        return list(document.candidates.order_by("start", "end", "pk"))
    candidates = Candidate.objects.bulk_create([_candidate(document, one) for one in found], batch_size=500)
    write_addressees(candidates, document, at=at)
    document.state, document.failure = DocumentState.EXTRACTED, ""
    document.save(update_fields=["state", "failure"])
    append(
        actor=actor.label,
        at=at,
        event=Event.ASSIGNMENTS_FOUND,
        subject=document.label,
        data={
            "found": len(candidates),
            "root": merkle_root([_row(candidate) for candidate in candidates]),
        },
    )
    return candidates


def _candidate(document: Document, found: Assignment) -> Candidate:
    return Candidate(
        document=document,
        start=found.start,
        end=found.end,
        lead=list(found.lead),
        coordinating=list(found.coordinating),
        action=found.action,
        deliverable=found.deliverable or "",
        deadline_raw=(found.deadline.raw or "")[:300],
        deadline_date=found.deadline.date,
        deadline_kind=found.deadline.kind,
        target=found.target or "",
        addressee_kind=found.addressee_kind,
        confidence=found.confidence,
        reasons=list(found.reasons),
        origin=Origin.EXTRACTION,
        state=CandidateState.PROPOSED,
    )


def _row(candidate: Candidate) -> str:
    return canonical_json(
        [candidate.start, candidate.end, candidate.lead, candidate.deadline_kind, candidate.deadline_date]
    )


def write_addressees(candidates: Sequence[Candidate], document: Document, *, at: datetime) -> None:
    """Resolve the names of new candidates of one document and write a row for each proposal."""
    names = {name for one in candidates for name in (*one.lead, *one.coordinating)}
    proposals = resolve(
        names,
        on=document.issued_on or document.received_at.date(),
        today=at.date(),
        near=document.issuer or document.body,
    )
    rows: list[Addressee] = []
    for one in candidates:
        for part, written in _parts(one):
            for position, name in enumerate(written):
                rows += [
                    Addressee(
                        candidate=one,
                        part=part,
                        position=position,
                        body=proposal.body,
                        group=proposal.group,
                        manner=proposal.manner,
                    )
                    for proposal in proposals[name]
                ]
    Addressee.objects.bulk_create(rows, batch_size=500)


def _parts(candidate: Candidate) -> Iterable[tuple[Addressee.Part, list[str]]]:
    return (Addressee.Part.LEAD, candidate.lead), (Addressee.Part.COORDINATING, candidate.coordinating)


@transaction.atomic
def record_failure(*, actor: Actor, at: datetime, document: Document, code: str) -> Document:
    """Mark a document whose assignments could not be looked for; its text and bytes stay.

    Only of a scan that turns out to bear a secrecy mark the bytes are given up.
    """
    require(actor, Permission.REVIEW_CANDIDATES, document.body)
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if document.state == DocumentState.RECEIVED:
        document.state, document.failure = DocumentState.FAILED, code
        kept = document.file
        if code == "secret":
            document.file = ""
            transaction.on_commit(lambda: default_storage.delete(kept))
        document.save(update_fields=["state", "failure", "file"])
        append(
            actor=actor.label,
            at=at,
            event=Event.EXTRACTION_FAILED,
            subject=document.label,
            data={"code": code},
        )
    return document


@transaction.atomic
def try_again(*, actor: Actor, at: datetime, document: Document) -> Document:
    """Let the machine look through a document once more on which it failed; asked twice, it looks once."""
    document = Document.objects.select_for_update(of=("self",)).select_related("body").get(pk=document.pk)
    require(actor, Permission.REVIEW_CANDIDATES, document.body)
    if document.state == DocumentState.RECEIVED:
        return document
    if document.state != DocumentState.FAILED or not document.file:
        raise DirectiveRefused(
            gettext("Văn bản này không ở trạng thái “Không đọc được” nên không cần đọc lại; tải lại trang."),
            code="not_failed",
        )
    code = document.failure
    document.state, document.failure = DocumentState.RECEIVED, ""
    document.save(update_fields=["state", "failure"])
    append(
        actor=actor.label,
        at=at,
        event=Event.EXTRACTION_REPEATED,
        subject=document.label,
        data={"code": code},
    )
    return document
