"""`POST /feeds/{code}/batches`: source systems push raw events; `GET /feeds` and the state of a batch beside it."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal

import structlog
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema, Status
from pydantic import ConfigDict

from thuocdo.accounts.permissions import NotAllowed
from thuocdo.accounts.queries import scope_of
from thuocdo.feeds import queries
from thuocdo.feeds.operations import KeyUsedBefore, NoRoom, OutOfScope, land_batch

from .keys import caller
from .problems import NotFound, Problem, Refused

router = Router(tags=["feeds"])
logger = structlog.get_logger(__name__)

LONGEST_KEY = 200
LARGEST = 2**63 - 1
Answer = Status[dict[str, Any]]


class ColumnOut(Schema):
    """One column of a feed; `personal` ones are dropped or hashed before anything is stored."""

    name: str
    title: str
    type: str
    required: bool
    personal: Literal["", "drop", "hash"]
    choices: list[str]


class FeedOut(Schema):
    """A feed: what its events look like, and how it fares."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "dossiers",
                    "name": "Hồ sơ dịch vụ công",
                    "version": 1,
                    "columns": [
                        {
                            "name": "dossier",
                            "title": "Mã hồ sơ",
                            "type": "string",
                            "required": True,
                            "personal": "",
                            "choices": [],
                        }
                    ],
                    "key": ["dossier"],
                    "body": "body",
                    "event_time": "received_at",
                    "order_by": ["received_at"],
                    "indicators": ["service_on_time"],
                    "silence_seconds": 3600,
                    "last_event_at": "2026-09-14T09:29:00+07:00",
                    "last_batch_at": "2026-09-14T09:30:00+07:00",
                    "is_silent": False,
                    "manifest": 12,
                }
            ]
        }
    )

    code: str
    name: str
    version: int
    columns: list[ColumnOut]
    key: list[str]
    body: str
    event_time: str
    order_by: list[str]
    indicators: list[str]
    silence_seconds: int
    last_event_at: datetime | None
    last_batch_at: datetime | None
    is_silent: bool
    manifest: int


class EventProblem(Schema):
    """What is wrong with one event, by its row counted from 1; row 0 is the batch itself."""

    row: int
    field: str
    code: str
    message: str


class Caution(Schema):
    """What cost no event but should be looked at: a column that nobody declared."""

    field: str
    code: str
    message: str


class BatchOut(Schema):
    """A batch of events: `landed` (safely stored), `computed` (figures follow from it) or `refused` (nothing taken).

    `errors` tells the first thousand, `error_counts` all of them by code.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "batch": 7,
                    "feed": "dossiers",
                    "state": "landed",
                    "rows": 100,
                    "accepted": 99,
                    "rejected": 1,
                    "duplicates": 0,
                    "errors": [
                        {"row": 12, "field": "body", "code": "unknown_body", "message": "Không có cơ quan mang mã này."}
                    ],
                    "error_counts": {"unknown_body": 1},
                    "warnings": [],
                    "received_at": "2026-09-14T09:30:00+07:00",
                    "manifest": 12,
                    "ledger": 126,
                }
            ]
        }
    )

    batch: int
    feed: str
    state: Literal["landed", "computed", "refused"]
    rows: int
    accepted: int
    rejected: int
    duplicates: int
    errors: list[EventProblem]
    error_counts: dict[str, int]
    warnings: list[Caution]
    received_at: datetime
    manifest: int | None
    ledger: int | None


EVENTS = {
    "required": True,
    "content": {
        "application/x-ndjson": {"schema": {"type": "string", "description": "One JSON object a line; plain or gzip."}},
        "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
    },
}
PARAMETERS = [
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "maxLength": LONGEST_KEY},
        "description": "A repeated key gets the first answer again; with other content it is refused (409).",
    },
]
CODE: Any = Path(..., pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["dossiers"])  # type: ignore[type-arg]


@router.get("/feeds", response={200: list[FeedOut], (401, 429, 503): Problem}, summary="The feeds of raw events")
def get_feeds(request: HttpRequest) -> list[dict[str, Any]]:
    """Every feed that the key may send to, with its columns."""
    scope, now = scope_of(caller(request)), timezone.now()
    states = [state for state in queries.feeds() if scope.may_feed(state.code)]
    return [_feed(health) for health in queries.health_of(states, at=now)]


@router.post(
    "/feeds/{code}/batches",
    response={202: BatchOut, 422: BatchOut | Problem, (401, 403, 404, 409, 413, 429, 503, 507): Problem},
    openapi_extra={"requestBody": EVENTS, "parameters": PARAMETERS},
    summary="Send raw events",
)
def post_batch(
    request: HttpRequest,
    response: HttpResponse,
    code: str = CODE,
    on_error: Literal["keep_good", "refuse_all"] = "keep_good",
) -> Answer:
    """Land events: 202 once they are safely stored, the figures follow; 422 when nothing was taken.

    With `keep_good` (the default) the good events are kept and the others told, with `refuse_all` one bad event
    refuses the batch. The same content sent twice is counted once and gets the same answer.
    """
    actor = caller(request)
    state = _known(code)
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Refused(422, "invalid_key", _("Khóa chống gửi trùng tối đa 200 ký tự, không có ký tự điều khiển."))
    try:
        landed = land_batch(
            actor=actor,
            at=timezone.now(),
            feed=state,
            content=request.body,
            door=queries.Batch.Door.API,
            idempotency_key=key or None,
            on_error=on_error,
        )
    except KeyUsedBefore as error:
        raise Refused(409, "key_used_before", str(error)) from error
    except (OutOfScope, NotAllowed) as error:
        text = _("Khóa kết nối không được gửi nguồn này; đề nghị quản trị cấp thêm nguồn cho khóa.")
        raise Refused(403, "out_of_scope", text) from error
    except NoRoom as error:
        logger.exception("feeds.no_room", feed=state.code, error=str(error))
        text = _("Máy chủ hết chỗ lưu; chưa nhận sự kiện nào. Giữ nguyên lô này và gửi lại sau.")
        raise Refused(HTTPStatus.INSUFFICIENT_STORAGE, "no_room", text) from error
    if landed.is_repeated:
        response["Idempotency-Replayed"] = "true"
    response["Location"] = reverse("api-1:get_feed_batch", args=[state.code, landed.batch.pk])
    status = 202 if landed.batch.state == queries.Batch.State.LANDED else 422
    return Status(status, _batch(landed.batch))


@router.get(
    "/feeds/{code}/batches/{number}",
    response={200: BatchOut, (401, 404, 422, 429, 503): Problem},
    url_name="get_feed_batch",
    summary="What became of a batch of events",
)
def get_feed_batch(
    request: HttpRequest,
    code: str = CODE,
    number: int = Path(..., ge=1, le=LARGEST, example=1),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """State and report of a batch; a key sees its own batches only."""
    batch = queries.batch_within(caller(request), _known(code), number)
    if batch is None:
        raise NotFound(_("Không có lô sự kiện này trong các lô đã gửi bằng khóa này."))
    return _batch(batch)


def _known(code: str) -> queries.FeedState:
    state = queries.feed_by_code(code)
    if state is None:
        raise NotFound(_("Không có nguồn dữ liệu mang mã này; xem GET /api/v1/feeds."))
    return state


def _batch(batch: queries.Batch) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "feed": batch.feed.code,
        "state": "computed" if batch.is_computed else batch.state,
        "rows": batch.rows,
        "accepted": batch.accepted,
        "rejected": batch.rejected,
        "duplicates": batch.duplicates,
        "errors": batch.errors,
        "error_counts": batch.error_counts,
        "warnings": batch.warnings,
        "received_at": batch.received_at,
        "manifest": batch.manifest,
        "ledger": batch.ledger,
    }


def _feed(health: queries.Health) -> dict[str, Any]:
    state, declared = health.feed, health.feed.declaration
    english = (get_language() or "vi").startswith("en")
    return {
        "code": state.code,
        "name": state.name_en if english else state.name,
        "version": state.version,
        "columns": [
            {
                "name": column.name,
                "title": column.title_en if english else column.title,
                "type": column.written_type,
                "required": column.required,
                "personal": str(declared.personal.get(column.name, "")),
                "choices": list(column.choices),
            }
            for column in declared.columns
        ],
        "key": list(declared.key),
        "body": declared.body,
        "event_time": declared.event_time,
        "order_by": list(declared.order_by),
        "indicators": sorted(declared.indicators),
        "silence_seconds": int(declared.silence.total_seconds()),
        "last_event_at": state.last_event_at,
        "last_batch_at": state.last_batch_at,
        "is_silent": health.is_silent,
        "manifest": state.manifest,
    }
