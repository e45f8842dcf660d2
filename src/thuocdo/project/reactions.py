"""One page of consequences: which jobs follow from which event."""

from typing import Any

from thuocdo.directives.jobs import extract
from thuocdo.ledger.events import Event
from thuocdo.scorecards.jobs import backcast, derive, rescore

REACTIONS: dict[Event, list[Any]] = {
    Event.DOCUMENT_RECEIVED: [extract],
    Event.TASKS_ASSIGNED: [derive],
    Event.TASK_CHANGED: [derive],
    # Derived figures are measurements, too; scoring records none, so nothing goes round in circles.
    Event.MEASUREMENTS_RECORDED: [rescore],
    Event.SCORECARD_LOADED: [rescore],
    Event.BACKCAST_ASKED: [backcast],
}
