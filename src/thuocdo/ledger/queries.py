"""Reads of the ledger: the newest number, a window of entries, the walk along the chain."""

from collections.abc import Iterable

from django.db.models import Max, QuerySet

from thuocdo.engine.sealing.chain import GENESIS, Break, first_break

from .models import Entry


def newest_number() -> int:
    """Number of the newest entry; 0 for an empty ledger."""
    return Entry.objects.aggregate(newest=Max("number"))["newest"] or 0


def entries_after(number: int, *, limit: int = 200) -> list[Entry]:
    """At most `limit` entries that follow `number`, oldest first."""
    return list(Entry.objects.filter(number__gt=number).order_by("number")[:limit])


def entries(*, subject: str = "", event: str = "", actor: str = "") -> QuerySet[Entry]:
    """Entries, newest first; each given word narrows the list (subject and event by their beginning)."""
    found = Entry.objects.order_by("-number")
    if subject:
        found = found.filter(subject__startswith=subject)
    if event:
        found = found.filter(event__startswith=event)
    if actor:
        found = found.filter(actor=actor)
    return found


def entries_about(subjects: Iterable[str]) -> QuerySet[Entry]:
    """Entries about any of the subjects, oldest first."""
    return Entry.objects.filter(subject__in=list(subjects)).order_by("number")


def first_broken_entry() -> Break | None:
    """Walks the whole chain in the database and names the first entry that does not hold."""
    rows = Entry.objects.order_by("number").iterator(chunk_size=2000)
    return first_break(entry.as_link() for entry in rows)


def entry_by_number(number: int) -> Entry | None:
    """The entry with this number."""
    return Entry.objects.filter(number=number).first()


def holds(entry: Entry) -> bool:
    """Whether the entry's own seal fits its content and its predecessor."""
    before = entry_by_number(entry.number - 1)
    previous_digest = before.digest if before else GENESIS
    return first_break([entry.as_link()], start_after=entry.number - 1, previous_digest=previous_digest) is None
