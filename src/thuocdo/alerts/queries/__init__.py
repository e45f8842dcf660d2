"""Reads of alerts: the ladder in force, a person's notices and wishes, urging notes, who is to be told."""

from thuocdo.alerts.ladder import Audience, Channel, Counting, Ladder, Rung
from thuocdo.alerts.lifecycle import DEFAULT_CHOICES, NEVER_SILENT, Choice, Kind, Signing, Standing, UrgingState

from .calendars import address_by_secret, calendar_address, deadlines_of
from .documents import note_of
from .ladders import ladder_on, ladder_versions
from .notices import (
    Below,
    acknowledged_below,
    for_page,
    notes_about,
    notice_of,
    notices_of,
    numbers_by_kind,
    open_notices,
    open_number,
)
from .preferences import DEFAULTS, Wishes, wishes_of
from .urgings import (
    Proposal,
    for_urging_list,
    issuers_of,
    possible_acts,
    proposals,
    urgeable,
    urging_by_id,
    urgings_visible_to,
)

__all__ = [
    "DEFAULTS",
    "DEFAULT_CHOICES",
    "NEVER_SILENT",
    "Audience",
    "Below",
    "Channel",
    "Choice",
    "Counting",
    "Kind",
    "Ladder",
    "Proposal",
    "Rung",
    "Signing",
    "Standing",
    "UrgingState",
    "Wishes",
    "acknowledged_below",
    "address_by_secret",
    "calendar_address",
    "deadlines_of",
    "for_page",
    "for_urging_list",
    "issuers_of",
    "ladder_on",
    "ladder_versions",
    "note_of",
    "notes_about",
    "notice_of",
    "notices_of",
    "numbers_by_kind",
    "open_notices",
    "open_number",
    "possible_acts",
    "proposals",
    "urgeable",
    "urging_by_id",
    "urgings_visible_to",
    "wishes_of",
]
