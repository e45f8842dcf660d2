"""A frozen dossier as it is written on paper: with the head's name, its body's layout and the signature's words."""

from dataclasses import replace

from django.utils.timezone import localtime

from thuocdo.alerts.queries.documents import place_of_writing, signature_of_head, written_name
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.organisations.models import Kind
from thuocdo.organisations.queries import superiors
from thuocdo.publications.files import Paper, Words
from thuocdo.publications.models import Dossier, Signature

from .dossiers import content_of


def signature_of(dossier: Dossier) -> Signature | None:
    """The signature of a version, if it has one."""
    return getattr(dossier, "signature", None)


def entry_of(dossier: Dossier, event: Event) -> int | None:
    """The number of the ledger's entry about a version."""
    found = Entry.objects.filter(subject=dossier.label, event=event).order_by("number")
    return found.values_list("number", flat=True).first()


def paper_of(dossier: Dossier) -> Paper:
    """A version with its signature, ready for docx, pdf and xlsx; in five queries."""
    content, body = content_of(dossier), dossier.body
    content = replace(content, known_at=localtime(content.known_at))
    above = superiors(body, on=content.until)
    parent = above[0] if body.kind == Kind.DEPARTMENT and above else None
    signed = signature_of(dossier)
    return Paper(
        content=content,
        number=dossier.number,
        digest=dossier.digest,
        person=dossier.appointment.person,
        issuer=written_name(body),
        superior=written_name(parent) if parent else "",
        place=place_of_writing([body, *above]),
        signature=signature_of_head(body, on=content.until),
        abbreviation=body.abbreviation or ("UBND" if body.kind in (Kind.PROVINCE, Kind.CITY) else ""),
        signed=None
        if signed is None
        else Words(
            at=localtime(signed.at),
            remark=signed.remark,
            explanations=signed.explanations,
            digest=signed.digest,
            entry=entry_of(dossier, Event.DOSSIER_SIGNED),
        ),
    )
