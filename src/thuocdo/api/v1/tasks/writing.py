"""What is done with a task through the interface: assigned, taken on, reported, handed in, returned, approved."""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from thuocdo.accounts.permissions import Permission
from thuocdo.api.v1.answers import WRITING, Answer, once, require_scope, seen_version
from thuocdo.api.v1.keys import caller
from thuocdo.api.v1.problems import Problem, Refused
from thuocdo.directives.queries import document_by_id
from thuocdo.exchanges.queries.calls import files_by_digest
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.tasks import operations, queries
from thuocdo.tasks.operations import TaskDescription, Upload
from thuocdo.tasks.operations.evidence import MOST_FILES
from thuocdo.tasks.operations.seen import require_unchanged

from .reading import TASK_CODE, known_task, router, task_for
from .shapes import ApprovalIn, EvidenceIn, FileRef, NoteIn, ReportIn, ReturnIn, SubmissionIn, TaskIn, TaskWhole
from .shaping import whole

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Task

Form = TypeVar("Form", bound=BaseModel)
REFUSALS = (400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503, 507)


def described(form: type[BaseModel], *, with_files: bool = False) -> dict[str, Any]:
    """How a call is described whose body is read by hand, because it may be a form with files."""
    schema = form.model_json_schema()
    definitions = schema.pop("$defs", {})
    inlined = json.loads(_without_references(json.dumps(schema), definitions))
    (shown,) = inlined.pop("examples")
    content: dict[str, Any] = {"application/json": {"schema": inlined, "example": shown}}
    if with_files:
        fields = {name: part for name, part in inlined["properties"].items() if name != "evidence"}
        files = {"type": "array", "maxItems": MOST_FILES, "items": {"type": "string", "format": "binary"}}
        content["multipart/form-data"] = {
            "schema": {
                "type": "object",
                "required": inlined.get("required", []),
                "properties": fields | {"files": files},
                "additionalProperties": False,
            },
            "example": {name: value for name, value in shown.items() if name != "evidence"},
        }
    return {"requestBody": {"required": True, "content": content}, "parameters": WRITING}


def _without_references(text: str, definitions: dict[str, Any]) -> str:
    for name, definition in definitions.items():
        text = text.replace(json.dumps({"$ref": f"#/$defs/{name}"}), json.dumps(definition))
    return text


def read(request: HttpRequest, form: type[Form]) -> tuple[Form, list[Upload]]:
    """What a call brings, as JSON or as a form with files; raises Refused with the field that is wrong."""
    uploads: list[Upload] = []
    if request.content_type == "multipart/form-data":
        lists = {"products", "milestones"}
        given: Any = {name: values if name in lists else values[-1] for name, values in request.POST.lists() if values}
        for file in request.FILES.getlist("files"):
            if (file.size or 0) > settings.MAX_UPLOAD:
                text = _("Tệp “%(name)s” quá lớn; chia nhỏ tệp rồi gửi lại.") % {"name": file.name}
                raise Refused(413, "too_large", text, "files")
            uploads.append(Upload(file.name or "", file.read()))
        if strange := set(request.FILES) - {"files"}:
            text = _("Tệp phải gửi trong trường files; đổi tên trường %(name)s.") % {"name": min(strange)}
            raise Refused(422, "unknown_field", text, min(strange))
    elif request.content_type in ("application/json", ""):
        try:
            given = json.loads(request.body)
        except ValueError as error:
            text = _("Nội dung gửi không đọc được; gửi một đối tượng JSON bằng UTF-8.")
            raise Refused(400, "not_json", text) from error
    else:
        text = _("Gửi Content-Type: application/json hoặc multipart/form-data.")
        raise Refused(415, "unsupported_media_type", text, "Content-Type")
    try:
        # Numbers and days of a form are written as text, those of JSON as JSON has them.
        return form.model_validate(given), uploads
    except ValidationError as error:
        name = ".".join(str(part) for part in error.errors()[0]["loc"])
        text = _("Tham số %(name)s không hợp lệ; xem mô tả giao diện.") % {"name": name}
        raise Refused(422, "invalid_parameter", text, name) from error


def named_bodies(codes: Sequence[str], field: str) -> list["Body"]:
    """The bodies with these codes, in their order; raises Refused for a code that no body has."""
    found = bodies_by_code(codes)
    if missing := [code for code in codes if code not in found]:
        text = _("Không có cơ quan mang mã %(code)s; kiểm tra lại mã.") % {"code": missing[0]}
        raise Refused(422, "unknown_body", text, field)
    return [found[code] for code in codes]


def change(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    act: Callable[["Task"], object],
    *,
    must_be_seen: bool = False,
) -> Answer:
    """Do something with the task of this code, once, as far as the caller may; gives the task as it is then."""
    actor, known, seen = caller(request), known_task(request, code), seen_version(request)
    if must_be_seen and not seen:
        text = _("Gửi kèm If-Match với ETag của bản nhiệm vụ đã xem, để không quyết định trên nội dung đã thay đổi.")
        raise Refused(428, "if_match_missing", text, "If-Match")

    def once_only() -> tuple[int, dict[str, Any]]:
        act(require_unchanged(known, seen) if seen else known)
        return 200, whole(task_for(actor, code), actor)

    return once(request, response, once_only)


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
    around = named_bodies([code for code in (given.accepting_body,) if code], "accepting_body")
    authority = named_bodies([code for code in (given.assigning_body,) if code], "assigning_body")
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
        accepting_body=around[0] if around else None,
    )

    def act() -> tuple[int, dict[str, Any]]:
        task = operations.assign(
            actor=actor, at=timezone.now(), task=order, assigning_body=authority[0] if authority else None
        )
        return 201, whole(task_for(actor, task.code), actor)

    answer = once(request, response, act)
    response["Location"] = reverse("api-1:get_task", args=[answer.value["code"]])
    return answer


@router.post(
    "/tasks/{code}/acceptance",
    response={200: TaskWhole, REFUSALS: Problem},
    by_alias=True,
    openapi_extra=described(NoteIn),
    summary="Take a task on",
)
def post_acceptance(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
    """The lead body takes the task on."""
    given, _files = read(request, NoteIn)
    return change(
        request,
        response,
        code,
        lambda task: operations.accept_assignment(actor=caller(request), at=timezone.now(), task=task, note=given.note),
    )


@router.post(
    "/tasks/{code}/reports",
    response={200: TaskWhole, REFUSALS: Problem},
    by_alias=True,
    openapi_extra=described(ReportIn, with_files=True),
    summary="Report progress",
)
def post_report(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
    """Report in words and percent, with evidence by digest or as files of a form."""
    given, files = read(request, ReportIn)
    return change(
        request,
        response,
        code,
        lambda task: operations.report_progress(
            actor=caller(request),
            at=timezone.now(),
            task=task,
            text=given.text,
            progress=given.progress,
            files=[*files, *_referred(request, given.evidence)],
            milestones=_of_task(queries.milestones(task), given.milestones, "milestones"),
            products=_of_task(queries.products(task), given.products, "products"),
        ),
    )


@router.post(
    "/tasks/{code}/submissions",
    response={200: TaskWhole, REFUSALS: Problem},
    by_alias=True,
    openapi_extra=described(SubmissionIn, with_files=True),
    summary="Hand in a result",
)
def post_submission(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
    """Hand in the result for approval, with evidence by digest or as files of a form."""
    given, files = read(request, SubmissionIn)
    return change(
        request,
        response,
        code,
        lambda task: operations.submit(
            actor=caller(request),
            at=timezone.now(),
            task=task,
            text=given.text,
            files=[*files, *_referred(request, given.evidence)],
            milestones=_of_task(queries.milestones(task), given.milestones, "milestones"),
            products=_of_task(queries.products(task), given.products, "products"),
        ),
    )


@router.post(
    "/tasks/{code}/evidence",
    response={200: TaskWhole, REFUSALS: Problem},
    by_alias=True,
    openapi_extra=described(EvidenceIn, with_files=True),
    summary="Add evidence to the newest report",
)
def post_evidence(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
    """Add files to the newest report, as long as the result is not accepted."""
    given, files = read(request, EvidenceIn)
    return change(
        request,
        response,
        code,
        lambda task: operations.add_evidence(
            actor=caller(request), at=timezone.now(), task=task, files=[*files, *_referred(request, given.evidence)]
        ),
    )


@router.post(
    "/tasks/{code}/return",
    response={200: TaskWhole, (428, *REFUSALS): Problem},
    by_alias=True,
    openapi_extra=described(ReturnIn),
    summary="Send a result back",
)
def post_return(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
    """Send a submitted result back, saying what is missing; If-Match says which version was looked at."""
    given, _files = read(request, ReturnIn)
    return change(
        request,
        response,
        code,
        lambda task: operations.return_result(actor=caller(request), at=timezone.now(), task=task, note=given.note),
        must_be_seen=True,
    )


@router.post(
    "/tasks/{code}/approval",
    response={200: TaskWhole, (428, *REFUSALS): Problem},
    by_alias=True,
    openapi_extra=described(ApprovalIn),
    summary="Approve a result",
)
def post_approval(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> Answer:
    """Approve a submitted result; If-Match says which version was looked at. Nobody approves their own."""
    given, _files = read(request, ApprovalIn)
    return change(
        request,
        response,
        code,
        lambda task: operations.approve_result(
            actor=caller(request),
            at=timezone.now(),
            task=task,
            note=given.note,
            is_last=given.is_last,
            products=_of_task(queries.products(task), given.products, "products"),
            despite_parts=given.despite_parts,
        ),
        must_be_seen=True,
    )


def _referred(request: HttpRequest, references: Sequence[FileRef]) -> list[Upload]:
    uploads, unknown = files_by_digest(caller(request), {one.sha256: one.name for one in references})
    if unknown:
        text = _("Chưa có tệp mang mã %(digest)s…; gửi tệp tới /api/v1/files trước.") % {"digest": unknown[0][:12]}
        raise Refused(422, "unknown_file", text, "evidence")
    return uploads


def _of_task(rows: Any, numbers: Sequence[int], field: str) -> list[Any]:
    if not numbers:
        return []
    found = {row.pk: row for row in rows}
    if missing := [number for number in numbers if number not in found]:
        text = _("Mục số %(number)s không thuộc nhiệm vụ này; xem lại nhiệm vụ.") % {"number": missing[0]}
        raise Refused(422, "of_another_task", text, field)
    return [found[number] for number in numbers]
