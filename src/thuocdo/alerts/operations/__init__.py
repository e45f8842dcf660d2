"""Writes of alerts: raise and hand on notices, acknowledge them, keep wishes, send mail, write urging notes."""

from thuocdo.alerts.ladder import LadderMalformed

from .answering import acknowledge, see, take_back_acknowledgement
from .calendars import close_calendar, note_reading, open_calendar
from .ladders import load_ladder
from .mailing import Posted, queue_digests, send_waiting
from .preferring import Digest, prefer
from .reacting import catch_up, react
from .refusals import AlertRefused
from .reviewing import review
from .settling import hand_on, settle
from .signing import HEAD, Signer
from .silences import mail_silence
from .urging import (
    acknowledge_urging,
    answer_urging,
    discard_urging,
    draft_urging,
    issue_urging,
    restore_urging,
    revise_urging,
)

__all__ = [
    "HEAD",
    "AlertRefused",
    "Digest",
    "LadderMalformed",
    "Posted",
    "Signer",
    "acknowledge",
    "acknowledge_urging",
    "answer_urging",
    "catch_up",
    "close_calendar",
    "discard_urging",
    "draft_urging",
    "hand_on",
    "issue_urging",
    "load_ladder",
    "mail_silence",
    "note_reading",
    "open_calendar",
    "prefer",
    "queue_digests",
    "react",
    "restore_urging",
    "review",
    "revise_urging",
    "see",
    "send_waiting",
    "settle",
    "take_back_acknowledgement",
]
