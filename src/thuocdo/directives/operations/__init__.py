"""Writes of directives: receive a document, record what was found in it, decide every candidate."""

from .finding import record_failure, record_found, try_again
from .groups import GroupDescription, load_groups
from .receiving import AlreadyReceived, describe, receive
from .recognising import record_pages, record_text
from .refusals import CandidateSettled, DirectiveRefused
from .reshaping import Part, merge, split, undo_reshaping
from .reviewing import add_by_hand, correct, mark_confirmed, mark_reopened, pending, reject, restore
from .writing import add_clause, add_words, begin_document

__all__ = [
    "AlreadyReceived",
    "CandidateSettled",
    "DirectiveRefused",
    "GroupDescription",
    "Part",
    "add_by_hand",
    "add_clause",
    "add_words",
    "begin_document",
    "correct",
    "describe",
    "load_groups",
    "mark_confirmed",
    "mark_reopened",
    "merge",
    "pending",
    "receive",
    "record_failure",
    "record_found",
    "record_pages",
    "record_text",
    "reject",
    "restore",
    "split",
    "try_again",
    "undo_reshaping",
]
