"""Frozen dossiers: which versions there are, what stands in one, and how it differs from the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.canonical import Plain
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.organisations.models import Appointment, Body
from thuocdo.publications.files import FORMAT, Content
from thuocdo.publications.files.content import read_content
from thuocdo.publications.lifecycle import FIGURES, METHOD, METHOD_VERSION, Fact
from thuocdo.publications.models import Dossier, Request, Signature

from .heads import visible_bodies
from .records import Record

# Entries about many tasks at once, which name no single task.
_BULK = (Event.TASKS_ASSIGNED, Event.SHEET_IMPORTED, Event.TASKS_INHERITED, Event.TASKS_WITHDRAWN)
# Half of what SQLite takes in one question.
_CHUNK = 400


# --- Making the content


def dossier_content(body: Body, record: Record, *, known_at: datetime, newest: int) -> dict[str, Plain]:
    """The content of a version as it is frozen; names no person. A record without a day cannot be frozen."""
    if record.until is None or record.tenure.appointed is None:
        raise ValueError("Only the record of a head with days in office can be frozen.")
    return {
        "format": FORMAT,
        "facts": facts_content(body, record),
        "known_at": known_at,
        "ledger_entry": newest,
        "entries": _entries(record.facts),
    }


def facts_content(body: Body, record: Record) -> dict[str, Plain]:
    """The facts alone: what two versions are compared by."""
    appointed = record.tenure.appointed
    counted = record.tenure.days.until(record.until) if record.until else None
    return {
        "body": body.code,
        "body_name": body.name,
        "bloc": body.bloc,
        "appointment": appointed.number if appointed else None,
        "post": appointed.post if appointed else "",
        "is_acting": record.tenure.is_acting,
        "term": record.term.label,
        "days": [[first, until] for first, until in counted.spans] if counted else [],
        "until": record.until,
        "method_version": METHOD_VERSION,
        "method": list(METHOD),
        "figures": {figure.code: record.counts.of(figure.code) for figure in FIGURES},
        "rows": [_row(fact) for fact in in_order(record.facts)],
    }


def in_order(facts: Sequence[Fact]) -> list[Fact]:
    """Debts before happenings, each by task and day: the order in which an annex numbers them."""
    return sorted(facts, key=lambda fact: (fact.is_event, fact.code, fact.owed_from or fact.on, fact.on, fact.key))


def _row(fact: Fact) -> dict[str, Plain]:
    return {
        "key": fact.key,
        "code": fact.code,
        "title": fact.title,
        "figures": list(fact.figures),
        "on": fact.on,
        "is_event": fact.is_event,
        "owed_from": fact.owed_from,
        "due": fact.due,
        "original_due": fact.original_due,
        "completed_on": fact.completed_on,
        "days_late": fact.days_late,
    }


def _entries(facts: Sequence[Fact]) -> dict[str, Plain]:
    """By key of the row: the number of the ledger's entry that tells of the fact, or of the newest step of the task."""
    numbers = sorted({fact.task for fact in facts})
    at_step: dict[tuple[str, datetime], int] = {}
    newest: dict[str, int] = {}
    for start in range(0, len(numbers), _CHUNK):
        labels = [f"task:{number}" for number in numbers[start : start + _CHUNK]]
        rows = Entry.objects.filter(subject__in=labels).order_by("number").values_list("number", "subject", "at")
        for number, subject, at in rows:
            at_step[subject, at] = number
            newest[subject] = number
    wanted = {fact.at for fact in facts if fact.at and (f"task:{fact.task}", fact.at) not in at_step}
    bulk: dict[datetime, int] = {}
    if wanted:
        rows_of_many = Entry.objects.filter(event__in=_BULK, at__in=sorted(wanted)).values_list("number", "at")
        bulk = {at: number for number, at in rows_of_many}
    found: dict[str, Plain] = {}
    for fact in facts:
        label = f"task:{fact.task}"
        told = (at_step.get((label, fact.at)) or bulk.get(fact.at)) if fact.at else newest.get(label)
        if told is not None:
            found[fact.key] = told
    return found


# --- Reading it back


def content_of(dossier: Dossier) -> Content:
    """The content of a version."""
    return read_content(dossier.content)


# --- Which there are


def dossiers_of(body: Body, appointment: int, term: str) -> list[Dossier]:
    """The versions of a record, the newest first, with their signatures and without their contents."""
    found = Dossier.objects.filter(body=body, appointment=appointment, term=term)
    return list(found.select_related("signature").defer("content").order_by("-number"))


def dossier_by_number(number: int, *, actor: Actor) -> Dossier | None:
    """A version, if the actor may see it."""
    return (
        Dossier.objects.filter(pk=number, body__in=visible_bodies(actor).values("pk"))
        .select_related("body", "appointment", "signature")
        .first()
    )


def versions_before(dossier: Dossier) -> QuerySet[Dossier]:
    """The versions of the same record before this one, the newest first."""
    return Dossier.objects.filter(
        appointment=dossier.appointment_id, term=dossier.term, number__lt=dossier.number
    ).order_by("-number")


def is_newest(dossier: Dossier) -> bool:
    """Whether no later version of the record exists."""
    later = Dossier.objects.filter(appointment=dossier.appointment_id, term=dossier.term, number__gt=dossier.number)
    return not later.exists()


def appointment_of(body: Body, key: str) -> Appointment | None:
    """The appointment that the key of a tenure names; None for a vacancy."""
    return Appointment.objects.filter(body=body, pk=key).first() if key.isdecimal() else None


def requests_of(appointment: int, term: str) -> list[Request]:
    """When the record was asked for, the newest first."""
    return list(Request.objects.filter(appointment=appointment, term=term).order_by("-at", "-pk"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that was asked for or frozen and is not signed."""

    appointment: Appointment
    term: str
    reply_by: date | None
    dossier: int | None


def waiting_for(actor: Actor) -> list[Waiting]:
    """Records that the actor may see and that wait for a signature, those with the earliest day first; two queries."""
    seen = visible_bodies(actor).values("pk")
    later = Dossier.objects.filter(
        appointment=OuterRef("appointment"), term=OuterRef("term"), number__gt=OuterRef("number")
    )
    signed = Signature.objects.filter(dossier=OuterRef("pk"))
    frozen = (
        Dossier.objects.filter(~Exists(later), ~Exists(signed), body__in=seen)
        .select_related("appointment__body")
        .defer("content")
    )
    answered = Signature.objects.filter(
        dossier__appointment=OuterRef("appointment"), dossier__term=OuterRef("term"), at__gte=OuterRef("at")
    )
    asked = Request.objects.filter(~Exists(answered), body__in=seen).select_related("appointment__body").order_by("pk")
    found = {(one.appointment_id, one.term): Waiting(one.appointment, one.term, None, one.pk) for one in frozen}
    for one in asked:
        known = found.get((one.appointment_id, one.term))
        found[one.appointment_id, one.term] = Waiting(
            one.appointment, one.term, one.reply_by, known.dossier if known else None
        )
    return sorted(found.values(), key=lambda one: (one.reply_by or date.max, one.appointment.body.code, one.term))
