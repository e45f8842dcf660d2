"""Reads of heads' records: who headed a body, for what they answer, how others stand, and the frozen versions."""

from thuocdo.publications.files import Content, Difference, SignedRow, differences

from .dossiers import (
    Waiting,
    appointment_of,
    content_of,
    dossier_by_number,
    dossier_content,
    dossiers_of,
    is_newest,
    requests_of,
    versions_before,
    waiting_for,
)
from .heads import Seat, seat_by_code, seat_of, seats_of_group, visible_bodies
from .papers import entry_of, paper_of, signature_of
from .records import (
    HeadCounts,
    Record,
    Rights,
    counts_of_group,
    counts_of_seats,
    group_and_histories,
    record_of,
    records_of_terms,
    rights_over,
    signers_bodies,
)

__all__ = [
    "Content",
    "Difference",
    "HeadCounts",
    "Record",
    "Rights",
    "Seat",
    "SignedRow",
    "Waiting",
    "appointment_of",
    "content_of",
    "counts_of_group",
    "counts_of_seats",
    "differences",
    "dossier_by_number",
    "dossier_content",
    "dossiers_of",
    "entry_of",
    "group_and_histories",
    "is_newest",
    "paper_of",
    "record_of",
    "records_of_terms",
    "requests_of",
    "rights_over",
    "seat_by_code",
    "seat_of",
    "seats_of_group",
    "signature_of",
    "signers_bodies",
    "versions_before",
    "visible_bodies",
    "waiting_for",
]
