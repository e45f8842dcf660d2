"""Writes of directives: receive a document, record what was found in it, decide every candidate."""

from .finding import record_failure, record_found
from .groups import GroupDescription, load_groups
from .receiving import AlreadyReceived, receive
from .refusals import CandidateSettled, DirectiveRefused
from .reviewing import Part, add_by_hand, correct, mark_confirmed, merge, pending, reject, restore, split

__all__ = [
    "AlreadyReceived",
    "CandidateSettled",
    "DirectiveRefused",
    "GroupDescription",
    "Part",
    "add_by_hand",
    "correct",
    "load_groups",
    "mark_confirmed",
    "merge",
    "pending",
    "receive",
    "record_failure",
    "record_found",
    "reject",
    "restore",
    "split",
]
