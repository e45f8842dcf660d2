"""The hash chain of the ledger: each link seals its content and the link before it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from thuocdo.engine.canonical import canonical_json, instant

# The digest that the first entry names as its predecessor.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as the chain sees it; `data` is canonical JSON text, digests are 64 hexadecimal digits."""

    number: int
    at: datetime
    actor: str
    event: str
    subject: str
    data: str
    previous_digest: str
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where and why a chain does not hold: `reason` is number, previous, or digest."""

    number: int
    reason: str


def seal(*, number: int, at: datetime, actor: str, event: str, subject: str, data: str, previous_digest: str) -> str:
    """SHA-256 over the canonical form of an entry, 64 hexadecimal digits."""
    content = canonical_json(
        {
            "number": number,
            "at": instant(at),
            "actor": actor,
            "event": event,
            "subject": subject,
            "data": data,
            "previous": previous_digest,
        }
    )
    return hashlib.sha256(content.encode()).hexdigest()


def first_break(links: Iterable[Link], *, start_after: int = 0, previous_digest: str = GENESIS) -> Break | None:
    """The first link that does not fit, walking in order from `start_after`; None when the chain holds."""
    number = start_after
    for link in links:
        number += 1
        if link.number != number:
            return Break(number, "number")
        if link.previous_digest != previous_digest:
            return Break(number, "previous")
        expected = seal(
            number=link.number,
            at=link.at,
            actor=link.actor,
            event=link.event,
            subject=link.subject,
            data=link.data,
            previous_digest=link.previous_digest,
        )
        if expected != link.digest:
            return Break(number, "digest")
        previous_digest = link.digest
    return None
