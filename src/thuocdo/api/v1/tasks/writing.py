"""What is done with a task through the interface: assigned, taken on, reported, handed in, returned, approved."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Permission
from thuocdo.api.v1.answers import Answer, once, require_scope
from thuocdo.api.v1.keys import caller
from thuocdo.api.v1.problems import Problem, Refused
from thuocdo.directives.queries import document_by_id
from thuocdo.tasks import operations
from thuocdo.tasks.operations import TaskDescription

from .acts import REFUSALS, Call, act, named_bodies, named_body
from .reading import router, task_for
from .receiving import described, read
from .shapes import TaskWhole
from .shapes.forms import ApprovalIn, EvidenceIn, NoteIn, ReportIn, ReturnIn, SubmissionIn, TaskIn
from .shaping import whole


@router.post(
    "/tasks",
    response={201: TaskWhole, REFUSALS: Problem},
    by_alias=True,
    openapi_extra=described(TaskIn),
    summary="Assign a task",
)
def post_task(request: HttpRequest, response: HttpResponse) -> Answer:
    """Give a body a task, as far as the key may assign; `Location` names it."""
    require_scope(request, Permission.VIEW_TASKS)
    actor = caller(request)
    given, _files = read(request, TaskIn)
    (lead,) = named_bodies([given.lead], "lead")
    accepting = named_body(given.accepting_body, "accepting_body")
    authority = named_body(given.assigning_body, "assigning_body")
    document = document_by_id(actor, given.document) if given.document is not None else None
    if given.document is not None and document is None:
        raise Refused(422, "unknown_document", _("Không có văn bản này trong phạm vi của khóa."), "document")
    order = TaskDescription(
        title=given.title,
        lead=lead,
        coordinators=named_bodies(given.coordinators, "coordinators"),
        deliverable=given.deliverable,
        target=given.target,
        deadline_raw=given.deadline_raw,
        due_on=given.due_on,
        assigned_on=given.assigned_on,
        rhythm=given.rhythm,
        is_core=given.is_core,
        weight=given.weight,
        secrecy=given.secrecy,
        programme=given.programme,
        document=document,
        accepting_body=accepting,
    )

    def assign() -> tuple[int, dict[str, Any]]:
        task = operations.assign(actor=actor, at=timezone.now(), task=order, assigning_body=authority)
        return 201, whole(task_for(actor, task.code), actor)

    answer = once(request, response, assign)
    response["Location"] = reverse("api-1:get_task", args=[answer.value["code"]])
    return answer


@act("acceptance", NoteIn, "Take a task on")
def post_acceptance(call: Call[NoteIn]) -> None:
    """The lead body takes the task on."""
    operations.accept_assignment(**call.by, note=call.given.note)


@act("reports", ReportIn, "Report progress", with_files=True)
def post_report(call: Call[ReportIn]) -> None:
    """Report in words and percent, with evidence by digest or as files of a form."""
    given = call.given
    operations.report_progress(
        **call.by,
        text=given.text,
        progress=given.progress,
        files=call.files(given.evidence),
        milestones=call.milestones(given.milestones),
        products=call.products(given.products),
    )


@act("submissions", SubmissionIn, "Hand in a result", with_files=True)
def post_submission(call: Call[SubmissionIn]) -> None:
    """Hand in the result for approval, with evidence by digest or as files of a form."""
    given = call.given
    operations.submit(
        **call.by,
        text=given.text,
        files=call.files(given.evidence),
        milestones=call.milestones(given.milestones),
        products=call.products(given.products),
    )


@act("evidence", EvidenceIn, "Add evidence to the newest report", with_files=True)
def post_evidence(call: Call[EvidenceIn]) -> None:
    """Add files to the newest report, as long as the result is not accepted."""
    operations.add_evidence(**call.by, files=call.files(call.given.evidence))


@act("return", ReturnIn, "Send a result back", must_be_seen=True)
def post_return(call: Call[ReturnIn]) -> None:
    """Send a submitted result back, saying what is missing; If-Match says which version was looked at."""
    operations.return_result(**call.by, note=call.given.note)


@act("approval", ApprovalIn, "Approve a result", must_be_seen=True)
def post_approval(call: Call[ApprovalIn]) -> None:
    """Approve a submitted result; If-Match says which version was looked at. Nobody approves their own."""
    given = call.given
    operations.approve_result(
        **call.by,
        note=given.note,
        is_last=given.is_last,
        products=call.products(given.products),
        despite_parts=given.despite_parts,
    )
