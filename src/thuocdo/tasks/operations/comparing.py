"""What the machine notes of new evidence: its fingerprint, and which other files look or read like it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.likeness import (
    LEAST_ALIKE,
    MOST_DIFFERENT,
    picture_bands,
    picture_likeness,
    text_bands,
    text_likeness,
)
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.tasks.models import Fingerprint, Likeness, Task
from thuocdo.tasks.previewing import Prints

# Files that share a band are compared one by one; of more, the newest are.
MOST_COMPARED = 3_000
MOST_ALIKE = 50
_RULES = {
    Fingerprint.Kind.IMAGE: (picture_bands, picture_likeness, 1 - MOST_DIFFERENT / 64),
    Fingerprint.Kind.TEXT: (text_bands, text_likeness, LEAST_ALIKE),
}


@transaction.atomic
def compare_evidence(*, actor: Actor, at: datetime, task: Task, digest: str, prints: Prints) -> list[Likeness]:
    """Keep the fingerprints of a file and note the files that are like it; twice does no harm.

    Nothing is said to anybody here: who looks at the task later is told what they may know.
    """
    found: list[Likeness] = []
    for kind, value in ((Fingerprint.Kind.IMAGE, prints.image), (Fingerprint.Kind.TEXT, prints.text)):
        if value is None:
            continue
        bands_of, likeness_of, least = _RULES[kind]
        bands = bands_of(value)
        Fingerprint.objects.bulk_create(
            [Fingerprint(digest=digest, kind=kind, band=band, value=value) for band in bands], ignore_conflicts=True
        )
        likely = _sharing(kind, bands, digest)
        pairs = sorted(((likeness_of(value, other), name) for name, other in likely.items()), reverse=True)
        found += [
            Likeness(first=min(digest, name), second=max(digest, name), kind=kind, degree=degree)
            for degree, name in pairs[:MOST_ALIKE]
            if degree >= least
        ]
    known = set(
        Likeness.objects.filter(first__in=[pair.first for pair in found]).values_list("first", "second", "kind")
    )
    new = [pair for pair in found if (pair.first, pair.second, pair.kind) not in known]
    Likeness.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        append(
            actor=actor.label,
            at=at,
            event=Event.EVIDENCE_COMPARED,
            subject=task.label,
            data={"digest": digest, "alike": len(new)},
        )
    return new


def _sharing(kind: str, bands: Iterable[str], digest: str) -> dict[str, str]:
    """Fingerprints by digest of the other files that share a band, the newest first."""
    rows = (
        Fingerprint.objects.filter(kind=kind, band__in=list(bands))
        .exclude(digest=digest)
        .order_by("-pk")
        .values_list("digest", "value")[:MOST_COMPARED]
    )
    return dict(rows)
