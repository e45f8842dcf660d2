"""One page of consequences: which jobs follow from which event."""

from typing import Any

from thuocdo.alerts.jobs import hand_on, mail_silence, tell
from thuocdo.directives.jobs import extract
from thuocdo.evaluations.jobs import compare as compare_figures
from thuocdo.exchanges.jobs.lists import plan as look_at_list
from thuocdo.exchanges.jobs.lists import write as write_list
from thuocdo.feeds.jobs import recompute, recompute_all
from thuocdo.indicators.jobs import evaluate, evaluate_loaded, record_landed
from thuocdo.ledger.events import Event
from thuocdo.scorecards.jobs import backcast, derive, rescore, simulate
from thuocdo.tasks.jobs import compare, follow_successions, forget_erased, free_tasks_of_the_gone, match

REACTIONS: dict[Event, list[Any]] = {
    Event.DOCUMENT_RECEIVED: [extract],
    Event.EXTRACTION_REPEATED: [extract],
    # Known task? Amendment? Proposals wait for a person on the cards of the review.
    Event.ASSIGNMENTS_FOUND: [match],
    Event.TASKS_ASSIGNED: [derive, tell],
    Event.TASKS_WITHDRAWN: [derive],
    Event.TASKS_INHERITED: [derive],
    Event.TASK_CHANGED: [derive, tell],
    Event.SHEET_IMPORTED: [derive, tell],
    # A list of tasks is looked at and written beside the scores; a short one while its person waits.
    Event.IMPORT_RECEIVED: [look_at_list],
    Event.IMPORT_AGREED: [write_list],
    # The same photo, the same text: looked for after the upload, which waits for nothing.
    Event.EVIDENCE_ADDED: [compare],
    Event.EVIDENCE_ERASED: [forget_erased],
    # A large batch is acknowledged first and recorded beside the scores.
    Event.MEASUREMENTS_LANDED: [record_landed],
    # Landed events become measurements, which are scored like all others.
    Event.BATCH_LANDED: [recompute],
    Event.RECOMPUTE_ASKED: [recompute_all],
    Event.FEED_SILENT: [mail_silence],
    # Many entries of one comparison ask once more each; whoever comes second finds nothing left to tell.
    Event.FINDINGS_FOUND: [tell],
    Event.FINDING_CHANGED: [tell],
    # Derived figures are measurements, too; scoring records none, so nothing goes round in circles.
    # A formula that changes nothing records nothing, so its own results end there.
    Event.MEASUREMENTS_RECORDED: [evaluate, rescore, compare_figures],
    Event.INDICATORS_LOADED: [evaluate_loaded],
    Event.INDICATOR_DEFINED: [evaluate_loaded],
    Event.SCORECARD_LOADED: [rescore],
    Event.BACKCAST_ASKED: [backcast],
    # In a queue of its own; what it tells of makes nothing else move.
    Event.SCORES_COMPUTED: [simulate],
    # Whoever takes over a role takes over what was open in it.
    Event.ROLE_GRANTED: [hand_on],
    Event.ROLE_ENDED: [free_tasks_of_the_gone, hand_on],
    Event.ACCOUNT_DEACTIVATED: [free_tasks_of_the_gone, hand_on],
    Event.ACCOUNT_REACTIVATED: [hand_on],
    Event.BODY_SUCCEEDED: [follow_successions, hand_on],
    Event.REMARK_MADE: [tell],
}

# Jobs that cover every entry up to the newest at their start: while one of them waits, it is not enqueued again.
COVERING: frozenset[Any] = frozenset({evaluate, rescore, derive, simulate, compare_figures})
