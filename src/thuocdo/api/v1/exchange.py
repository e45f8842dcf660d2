"""`GET /exchange/tasks`: a child instance asks its parent for the tasks that are its own, from where it left off."""

from datetime import date, datetime
from importlib.metadata import version
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Schema
from pydantic import ConfigDict

from thuocdo.accounts.permissions import Permission
from thuocdo.exchanges.operations.children import note_child
from thuocdo.exchanges.protocol import HEADER, UNDERSTOOD, VERSION
from thuocdo.exchanges.queries.orders import UnknownCursor, orders_after

from .answers import LONGEST_PAGE, PAGE, require_scope
from .keys import caller
from .problems import Problem, Refused

router = Router(tags=["exchange"])
ORDER: dict[str, Any] = {
    "id": "NV-2026-000123",
    "as_of": 1290,
    "is_withdrawn": False,
    "title": "Xây dựng danh mục văn bản cần sửa đổi",
    "lead": "01",
    "coordinators": [],
    "assigned_by": "VPTW",
    "document": {"number": "57-TB/BCĐTW", "title": "Thông báo kết luận"},
    "deliverable": "Danh mục",
    "target": "",
    "deadline_raw": "",
    "deadline_kind": "by",
    "assigned_on": "2026-09-14",
    "due_on": "2026-10-15",
    "original_due_on": "2026-10-15",
    "rhythm": "",
    "rhythm_day": None,
    "is_core": False,
    "weight": "1.00",
    "secrecy": "internal",
    "programme": "",
    "state": "returned",
    "completed_on": None,
    "decisions": [
        {
            "id": 88,
            "step": "return_result",
            "to": "returned",
            "at": "2026-10-12T09:30:00+07:00",
            "note": "Thiếu phụ lục II.",
        }
    ],
}


class Decision(Schema):
    """What the parent's side decided on a task, in the order of `id`; an extension says what it gives."""

    id: int
    step: str
    to: str
    at: datetime
    note: str
    new_due_on: date | None = None
    decision_number: str = ""
    reason: str = ""
    is_objective: bool = False


class OrderSource(Schema):
    """The document that gave the task."""

    number: str
    title: str


class OrderOut(Schema):
    """A task as the parent orders it now; `is_withdrawn` when it went to a body outside the child's reach."""

    model_config = ConfigDict(json_schema_extra={"examples": [ORDER]})

    id: str
    as_of: int
    is_withdrawn: bool
    title: str
    lead: str
    coordinators: list[str]
    assigned_by: str
    document: OrderSource | None
    deliverable: str
    target: str
    deadline_raw: str
    deadline_kind: str
    assigned_on: date
    due_on: date | None
    original_due_on: date | None
    rhythm: str
    rhythm_day: int | None
    is_core: bool
    weight: str
    secrecy: str
    programme: str
    state: str
    completed_on: date | None
    decisions: list[Decision]


class OrdersOut(Schema):
    """A part of what changed: `next` is the cursor of the next call, which `has_more` asks for at once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "protocol": 1,
                    "version": "0.1.0",
                    "as_of": 1290,
                    "items": [ORDER],
                    "next": "entry:1290",
                    "has_more": False,
                }
            ]
        }
    )

    protocol: int
    version: str
    as_of: int
    items: list[OrderOut]
    next: str
    has_more: bool


@router.get(
    "/exchange/tasks",
    response={200: OrdersOut, (400, 401, 403, 422, 429, 503): Problem},
    summary="What a child instance has to do",
)
def get_orders(
    request: HttpRequest,
    response: HttpResponse,
    protocol: Annotated[str, Header(alias=HEADER, max_length=10, description="Version of the protocol.")] = "",
    cursor: Annotated[str, Query(max_length=60, description="`next` of the answer before; empty at first.")] = "",
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = PAGE,
) -> dict[str, Any]:
    """Every task led by a body of the key's reach that changed since the cursor, each as it stands now."""
    response[HEADER] = str(VERSION)
    if protocol not in {str(one) for one in UNDERSTOOD}:
        text = _("Bản này trao đổi theo giao thức phiên bản %(known)s; nâng cấp một trong hai bản rồi nối lại.")
        known = ", ".join(str(one) for one in sorted(UNDERSTOOD))
        raise Refused(400, "protocol_unknown", text % {"known": known}, HEADER)
    require_scope(request, Permission.REPORT_PROGRESS)
    actor = caller(request)
    try:
        orders = orders_after(actor, cursor, limit=limit)
    except UnknownCursor as error:
        text = _("Con trỏ không đúng; gửi lại không kèm con trỏ để nhận lại toàn bộ.")
        raise Refused(422, "unknown_cursor", text, "cursor") from error
    note_child(
        actor=actor,
        at=timezone.now(),
        protocol=int(protocol),
        version=request.headers.get("User-Agent", ""),
        told=0 if orders.has_more else orders.as_of,
    )
    return {
        "protocol": VERSION,
        "version": version("thuocdo"),
        "as_of": orders.as_of,
        "items": orders.items,
        "next": orders.following,
        "has_more": orders.has_more,
    }
