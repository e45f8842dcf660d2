"""Reads of heads' records: who headed a body, for what they answer, how others stand, and the frozen versions."""

from .dossiers import (
    Content,
    Difference,
    SignedRow,
    content_of,
    differences,
    dossier_by_number,
    dossier_content,
    dossiers_of,
    requests_of,
    versions_before,
    waiting_for,
)
from .heads import Seat, seat_of, seats_of_group, visible_bodies
from .records import HeadCounts, Record, counts_of_group, record_of, records_of_terms, rights_over, signers_bodies

__all__ = [
    "Content",
    "Difference",
    "HeadCounts",
    "Record",
    "Seat",
    "SignedRow",
    "content_of",
    "counts_of_group",
    "differences",
    "dossier_by_number",
    "dossier_content",
    "dossiers_of",
    "record_of",
    "records_of_terms",
    "requests_of",
    "rights_over",
    "seat_of",
    "seats_of_group",
    "signers_bodies",
    "versions_before",
    "visible_bodies",
    "waiting_for",
]
