"""Writes of meetings: plan and hold, promise, conclude, word anew, issue. Each ends in the ledger."""

from .issuing import issue_notice
from .planning import (
    MeetingDescription,
    cancel_meeting,
    conclude_meeting,
    hold_meeting,
    plan_meeting,
    reopen_meeting,
    restore_meeting,
    revise_meeting,
)
from .promising import commit_to
from .proposing import drop, propose_lines, take_up
from .recording import record
from .refusals import LowerRefused, MeetingRefused, NotInThisState, Overtaken
from .revising import revise, settle
from .wordings import Wording, wording_of

__all__ = [
    "LowerRefused",
    "MeetingDescription",
    "MeetingRefused",
    "NotInThisState",
    "Overtaken",
    "Wording",
    "cancel_meeting",
    "commit_to",
    "conclude_meeting",
    "drop",
    "hold_meeting",
    "issue_notice",
    "plan_meeting",
    "propose_lines",
    "record",
    "reopen_meeting",
    "restore_meeting",
    "revise",
    "revise_meeting",
    "settle",
    "take_up",
    "wording_of",
]
