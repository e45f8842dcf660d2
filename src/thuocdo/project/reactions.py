"""One page of consequences: which jobs follow from which event."""

from typing import Any

from thuocdo.directives.jobs import extract
from thuocdo.ledger.events import Event

REACTIONS: dict[Event, list[Any]] = {
    Event.DOCUMENT_RECEIVED: [extract],
}
