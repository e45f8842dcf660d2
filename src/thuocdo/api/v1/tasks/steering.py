"""What turns a task on its way: a dispute and its decision, a later deadline asked for or given, cancellation."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from thuocdo.api.v1.answers import Answer
from thuocdo.api.v1.keys import caller
from thuocdo.api.v1.problems import Problem
from thuocdo.tasks import operations
from thuocdo.tasks.operations import Outcome

from .reading import TASK_CODE, router
from .shapes import CancellationIn, DecisionIn, DisputeIn, ExtensionIn, ExtensionRequestIn, TaskWhole
from .writing import REFUSALS, change, described, named_bodies, read


@router.post(
    "/tasks/{code}/disputes",
    response={200: TaskWhole, REFUSALS: Problem},
    by_alias=True,
    openapi_extra=described(DisputeIn),
    summary="Say that a task belongs elsewhere",
)
def post_dispute(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
    """The lead body asks for another assignment; the deadline runs on until it is decided."""
    given, _files = read(request, DisputeIn)
    proposed = named_bodies([given.proposed_lead], "proposed_lead")[0] if given.proposed_lead else None
    return change(
        request,
        response,
        code,
        lambda task: operations.dispute(
            actor=caller(request), at=timezone.now(), task=task, reason=given.reason, proposed_lead=proposed
        ),
    )


@router.post(
    "/tasks/{code}/decision",
    response={200: TaskWhole, REFUSALS: Problem},
    by_alias=True,
    openapi_extra=described(DecisionIn),
    summary="Decide a dispute",
)
def post_decision(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
    """The assigning side decides a dispute, with the reason."""
    given, _files = read(request, DecisionIn)
    new_lead = named_bodies([given.new_lead], "new_lead")[0] if given.new_lead else None
    return change(
        request,
        response,
        code,
        lambda task: operations.decide_dispute(
            actor=caller(request),
            at=timezone.now(),
            task=task,
            outcome=Outcome(given.outcome),
            note=given.note,
            new_lead=new_lead,
        ),
    )


@router.post(
    "/tasks/{code}/extension-requests",
    response={200: TaskWhole, REFUSALS: Problem},
    by_alias=True,
    openapi_extra=described(ExtensionRequestIn),
    summary="Ask for a later deadline",
)
def post_extension_request(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
    """The lead body asks for a later deadline; until the answer the clock runs."""
    given, _files = read(request, ExtensionRequestIn)
    return change(
        request,
        response,
        code,
        lambda task: operations.request_extension(
            actor=caller(request),
            at=timezone.now(),
            task=task,
            wanted_on=given.wanted_on,
            reason=given.reason,
            claims_objective=given.claims_objective,
        ),
    )


@router.post(
    "/tasks/{code}/extensions",
    response={200: TaskWhole, REFUSALS: Problem},
    by_alias=True,
    openapi_extra=described(ExtensionIn),
    summary="Move a deadline by a decision",
)
def post_extension(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
    """The assigning side moves the deadline to a later day; the original one stays."""
    given, _files = read(request, ExtensionIn)
    return change(
        request,
        response,
        code,
        lambda task: operations.extend(
            actor=caller(request),
            at=timezone.now(),
            task=task,
            new_due_on=given.new_due_on,
            decision_number=given.decision_number,
            reason=given.reason,
            is_objective=given.is_objective,
        ),
    )


@router.post(
    "/tasks/{code}/cancellation",
    response={200: TaskWhole, REFUSALS: Problem},
    by_alias=True,
    openapi_extra=described(CancellationIn),
    summary="Take a task back",
)
def post_cancellation(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
    """The assigning side takes a task back; it stays on record and counts no more."""
    given, _files = read(request, CancellationIn)
    return change(
        request,
        response,
        code,
        lambda task: operations.cancel(actor=caller(request), at=timezone.now(), task=task, reason=given.reason),
    )
