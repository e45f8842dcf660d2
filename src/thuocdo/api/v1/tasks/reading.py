"""`GET /tasks` and `GET /tasks/{code}`: what the key may see, page by page, and one task with its whole story."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.api.v1.answers import LARGEST, LONGEST_PAGE, PAGE, PLAIN, Page, cursor_of, page_after, require_scope
from thuocdo.api.v1.keys import caller
from thuocdo.api.v1.problems import NotFound, Problem, Refused
from thuocdo.directives.queries import document_by_id
from thuocdo.organisations.queries import body_by_code
from thuocdo.tasks import queries
from thuocdo.tasks.queries import Progress, State, Timing
from thuocdo.tasks.queries.changed import changed_since as changed

from .shapes import TaskShort, TaskWhole
from .shaping import short, whole

if TYPE_CHECKING:
    from thuocdo.tasks.models import Task

router = Router(tags=["tasks"])
TASK_CODE: Any = Path(..., pattern=r"^[A-Za-z0-9-]{1,20}$", examples=["NV-2026-000123"])  # type: ignore[type-arg]


@router.get(
    "/tasks",
    response={200: Page[TaskShort], (401, 403, 422, 429, 503): Problem},
    summary="Tasks that the key may see",
)
def get_tasks(
    request: HttpRequest,
    state: State | None = None,
    progress: Progress | None = None,
    timing: Timing | None = None,
    lead: Annotated[str, Query(max_length=40, pattern=PLAIN, description="Code of the lead body.")] = "",
    below: Annotated[
        Literal["", "territorial", "sector"], Query(description="Also bodies below the lead, along this hierarchy.")
    ] = "",
    due_from: date | None = None,
    due_to: date | None = None,
    document: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    is_core: bool | None = None,
    changed_since: Annotated[datetime | None, Query(description="With time zone: something happened since.")] = None,
    words: Annotated[str, Query(pattern=PLAIN, max_length=200, description="Words of code, title or product.")] = "",
    cursor: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = PAGE,
) -> dict[str, Any]:
    """Tasks in the order in which they were given, each filter narrowing the list; the order never changes."""
    require_scope(request, Permission.VIEW_TASKS)
    actor = caller(request)
    body = body_by_code(lead) if lead else None
    if lead and body is None:
        raise Refused(422, "unknown_body", _("Không có cơ quan mang mã này; kiểm tra lại mã."), "lead")
    source = document_by_id(actor, document) if document is not None else None
    if document is not None and source is None:
        raise Refused(422, "unknown_document", _("Không có văn bản này trong phạm vi của khóa."), "document")
    found = queries.filtered(
        queries.visible_to(actor),
        actor.on,
        words=words,
        lead=body,
        reach=below if body else "",
        state=state.value if state else "",
        progress=progress.value if progress else "",
        timing=timing.value if timing else "",
        is_core=is_core,
        document=source,
        due_from=due_from,
        due_to=due_to,
    )
    if changed_since is not None:
        if changed_since.tzinfo is None:
            text = _("Ghi thời điểm kèm múi giờ, ví dụ 2026-09-14T08:00:00+07:00.")
            raise Refused(422, "time_zone_missing", text, "changed_since")
        found = changed(found, changed_since)
    found = found.filter(pk__gt=page_after(cursor))
    rows, following = cursor_of(list(queries.for_list(found, actor.on).order_by("pk")[: limit + 1]), limit)
    return {"items": [short(task, actor.on) for task in rows], "next": following}


@router.get(
    "/tasks/{code}",
    response={200: TaskWhole, (401, 403, 404, 422, 429, 503): Problem},
    by_alias=True,
    url_name="get_task",
    summary="One task with its whole story",
)
def get_task(request: HttpRequest, response: HttpResponse, code: str = TASK_CODE) -> dict[str, Any]:
    """A task with source sentence, products, milestones, reports with evidence, and history; its ETag is `version`."""
    actor = caller(request)
    plain = whole(known_task(request, code), actor)
    response["ETag"] = f'"{plain["version"]}"'
    return plain


def known_task(request: HttpRequest, code: str) -> "Task":
    """The task with this code that the caller may see; raises NotFound, and Refused for a key without tasks."""
    require_scope(request, Permission.VIEW_TASKS)
    return task_for(caller(request), code)


def task_for(actor: Actor, code: str) -> "Task":
    """The task with this code that the actor may see; raises NotFound."""
    task = queries.task_by_code(code, actor=actor)
    if task is None:
        raise NotFound(_("Không có nhiệm vụ mang mã này trong phạm vi của khóa."))
    return task
