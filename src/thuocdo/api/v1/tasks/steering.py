"""What turns a task on its way: a dispute and its decision, a later deadline asked for or given, cancellation."""

from thuocdo.tasks import operations
from thuocdo.tasks.operations import Outcome

from .acts import Call, act, named_body
from .shapes.forms import CancellationIn, DecisionIn, DisputeIn, ExtensionIn, ExtensionRequestIn


@act("disputes", DisputeIn, "Say that a task belongs elsewhere")
def post_dispute(call: Call[DisputeIn]) -> None:
    """The lead body asks for another assignment; the deadline runs on until it is decided."""
    given = call.given
    proposed = named_body(given.proposed_lead, "proposed_lead")
    operations.dispute(**call.by, reason=given.reason, proposed_lead=proposed)


@act("decision", DecisionIn, "Decide a dispute")
def post_decision(call: Call[DecisionIn]) -> None:
    """The assigning side decides a dispute, with the reason."""
    given = call.given
    new_lead = named_body(given.new_lead, "new_lead")
    operations.decide_dispute(**call.by, outcome=Outcome(given.outcome), note=given.note, new_lead=new_lead)


@act("extension-requests", ExtensionRequestIn, "Ask for a later deadline")
def post_extension_request(call: Call[ExtensionRequestIn]) -> None:
    """The lead body asks for a later deadline; until the answer the clock runs."""
    given = call.given
    operations.request_extension(
        **call.by, wanted_on=given.wanted_on, reason=given.reason, claims_objective=given.claims_objective
    )


@act("extensions", ExtensionIn, "Move a deadline by a decision")
def post_extension(call: Call[ExtensionIn]) -> None:
    """The assigning side moves the deadline to a later day; the original one stays."""
    given = call.given
    operations.extend(
        **call.by,
        new_due_on=given.new_due_on,
        decision_number=given.decision_number,
        reason=given.reason,
        is_objective=given.is_objective,
    )


@act("cancellation", CancellationIn, "Take a task back")
def post_cancellation(call: Call[CancellationIn]) -> None:
    """The assigning side takes a task back; it stays on record and counts no more."""
    operations.cancel(**call.by, reason=call.given.reason)
