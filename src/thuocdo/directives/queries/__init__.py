"""Reads of directives: documents one may see, the review of what was found in them, whom a name means."""

from thuocdo.directives.lifecycle import (
    AddresseeKind,
    CandidateState,
    DeadlineKind,
    DocumentState,
    Origin,
)

from .addressees import Named, Proposal, addressee_group, addressee_groups, bodies_of_group, named, resolve, settled
from .documents import (
    WRITTEN_HERE,
    Progress,
    document_by_digest,
    document_by_id,
    document_by_label,
    documents_waiting_for_extraction,
    filtered,
    progress,
    receiving_body,
    visible_to,
    with_progress,
)
from .examples import AMENDS, Example, examples
from .places import Place, Places
from .review import Quote, Segment, candidate_by_id, quote, review_list, segments, undoable_reshapings

__all__ = [
    "AMENDS",
    "WRITTEN_HERE",
    "AddresseeKind",
    "CandidateState",
    "DeadlineKind",
    "DocumentState",
    "Example",
    "Named",
    "Origin",
    "Place",
    "Places",
    "Progress",
    "Proposal",
    "Quote",
    "Segment",
    "addressee_group",
    "addressee_groups",
    "bodies_of_group",
    "candidate_by_id",
    "document_by_digest",
    "document_by_id",
    "document_by_label",
    "documents_waiting_for_extraction",
    "examples",
    "filtered",
    "named",
    "progress",
    "quote",
    "receiving_body",
    "resolve",
    "review_list",
    "segments",
    "settled",
    "undoable_reshapings",
    "visible_to",
    "with_progress",
]
