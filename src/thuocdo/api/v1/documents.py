"""`GET /documents`: the directives that the key may see, so that tasks can be traced to what ordered them."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict

from thuocdo.accounts.permissions import Permission
from thuocdo.directives import queries
from thuocdo.directives.queries import DocumentState

from .answers import LONGEST_PAGE, PAGE, PLAIN, BodyRef, Page, cursor_of, page_after, require_scope
from .keys import caller
from .problems import Problem
from .tasks.shaping import body_ref

router = Router(tags=["documents"])


class DocumentOut(Schema):
    """A directive: what it is, who issued and who received it; `digest` is the SHA-256 of the file as it came."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 12,
                    "number": "57-TB/BCĐTW",
                    "kind": "Thông báo",
                    "title": "Thông báo kết luận",
                    "issuer": {"code": "VPTW", "name": "Văn phòng Trung ương Đảng"},
                    "issued_on": "2026-09-01",
                    "received_by": {"code": "VPTW", "name": "Văn phòng Trung ương Đảng"},
                    "received_at": "2026-09-02T08:00:00+07:00",
                    "state": "extracted",
                    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                }
            ]
        }
    )

    id: int
    number: str
    kind: str
    title: str
    issuer: BodyRef | None
    issued_on: date | None
    received_by: BodyRef
    received_at: datetime
    state: DocumentState
    digest: str


@router.get(
    "/documents",
    response={200: Page[DocumentOut], (401, 403, 422, 429, 503): Problem},
    summary="Directives that the key may see",
)
def get_documents(
    request: HttpRequest,
    state: DocumentState | None = None,
    words: Annotated[str, Query(pattern=PLAIN, max_length=200, description="Words of number, title or issuer.")] = "",
    cursor: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = PAGE,
) -> dict[str, Any]:
    """Directives in the order in which they came."""
    require_scope(request, Permission.VIEW_DIRECTIVES)
    found = queries.filtered(
        queries.visible_to(caller(request)), words=words, state=state.value if state else ""
    ).filter(pk__gt=page_after(cursor))
    rows, following = cursor_of(list(found.defer("text").order_by("pk")[: limit + 1]), limit)
    items = [
        {
            "id": one.pk,
            "number": one.number,
            "kind": one.kind,
            "title": one.title,
            "issuer": body_ref(one.issuer) if one.issuer else None,
            "issued_on": one.issued_on,
            "received_by": body_ref(one.body),
            "received_at": one.received_at,
            "state": one.state,
            "digest": one.digest,
        }
        for one in rows
    ]
    return {"items": items, "next": following}
