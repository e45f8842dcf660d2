"""`POST /measurements`: source systems push figures, 1 to 100,000 rows at a time, safely repeatable."""

import hashlib
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import BaseModel, ConfigDict, Field

from thuocdo.indicators.operations import (
    JSON,
    MEDIA_TYPES,
    MOST_ROWS_OF_KEY,
    KeyUsedBefore,
    Landed,
    OnError,
    RecordingResult,
    TooLarge,
    Unreadable,
    check_measurements,
    land_measurements,
    landed_before,
    on_error_of,
    read_batch,
    record_measurements,
)

from .keys import caller
from .problems import Problem, Refused

router = Router(tags=["measurements"])

LONGEST_KEY = 200
# More rows than these are acknowledged first and recorded afterwards: their caller would wait for seconds.
AT_ONCE = 20_000
# How soon the caller of a waiting batch may ask again.
ASK_AGAIN_SECONDS = 1
Answer = Status[dict[str, Any]]


class Row(BaseModel):
    """One figure. Read as described here; described for people and tools, checked by the operation."""

    indicator: str = Field(description="Code of the indicator.", examples=["service_on_time"])
    body: str = Field(description="Official code of the body, with leading zeros.", examples=["01"])
    period: str = Field(description="2026, 2026-Q3, 2026-09 or 2026-09-14.", examples=["2026-Q3"])
    value: str | None = Field(
        None, description="A number with a decimal point; empty with another state.", examples=["79.5"]
    )
    state: Literal["value", "null", "not_applicable"] = "value"
    kind: Literal["provisional", "final"] = "final"
    provenance: Literal["system"] = Field("system", description="What a key may write.")
    unit: str = Field("", max_length=80, description="Compared with the dictionary's; another one is refused.")
    standard_error: str | None = Field(None, description="Standard error of the value, in the indicator's unit.")
    sample_size: int | None = Field(None, ge=1, description="How many observations the value rests on.")
    reason: str = Field("", max_length=200, description="Why a figure is corrected.")
    source: str = Field("", max_length=120, description="The system the figure comes from.")
    external_id: str = Field("", max_length=120, description="The source's own identifier of the figure.")
    evidence: str = Field("", description="SHA-256 of the evidence, 64 hexadecimal digits.")


class RowProblem(Schema):
    """What is wrong with one row, counted from 1; row 0 is the request itself."""

    row: int
    field: str
    code: str
    message: str


class Recorded(Schema):
    """How many rows were taken, what is wrong with the others, and the ledger entry that seals the batch.

    `errors` and `warnings` hold the first 1,000 of each; `counts` and `warned` count all of them by code.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "accepted": 2,
                    "rejected": 0,
                    "errors": [],
                    "counts": {},
                    "warnings": [],
                    "warned": {},
                    "batch": 45,
                    "ledger": 123,
                }
            ]
        }
    )

    accepted: int
    rejected: int
    errors: list[RowProblem]
    counts: dict[str, int] = {}
    warnings: list[RowProblem] = []
    warned: dict[str, int] = {}
    batch: int | None = None
    ledger: int | None


class Waiting(Schema):
    """A batch that is acknowledged and will be recorded: ask for it at `address`, which `Location` names, too."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"batch": 47, "state": "waiting", "address": "/api/v1/batches/47"}]}
    )

    batch: int
    state: Literal["waiting"] = "waiting"
    address: str


EXAMPLE_ROW = {"indicator": "service_on_time", "body": "01", "period": "2026-08", "value": "79.5"}
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["rows"],
                "additionalProperties": False,
                "properties": {
                    "rows": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": MOST_ROWS_OF_KEY,
                        "items": Row.model_json_schema(),
                    },
                    "on_error": {"enum": ["refuse_all", "keep_good"], "default": "refuse_all"},
                },
            },
            "examples": {
                "two_figures": {
                    "summary": "Two figures, all or nothing",
                    "value": {
                        "rows": [EXAMPLE_ROW, EXAMPLE_ROW | {"indicator": "satisfaction", "period": "2026-Q2"}],
                        "on_error": "refuse_all",
                    },
                },
                "survey": {
                    "summary": "A corrected survey result with its precision",
                    "value": {
                        "rows": [
                            {
                                "indicator": "satisfaction", "body": "01", "period": "2026-Q2", "value": "81.2",
                                "unit": "%", "standard_error": "1.4", "sample_size": 800,
                                "reason": "Bổ sung phiếu của 12 xã",
                            }
                        ]
                    },
                },
            },
        },
        "application/x-ndjson": {
            "schema": {"type": "string", "description": "One row a line; errors as `?on_error=` says."},
            "example": '{"indicator":"service_on_time","body":"01","period":"2026-08","value":"79.5"}\n',
        },
    },
}  # fmt: skip
PARAMETERS = [
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "maxLength": LONGEST_KEY},
        "description": "A repeated key gets the first answer again; with other content it is refused (409).",
    },
    {
        "name": "Content-Encoding",
        "in": "header",
        "required": False,
        "schema": {"enum": ["identity", "gzip"]},
        "description": "gzip for a compressed body; it may unpack to 64 MB.",
    },
    {
        "name": "Prefer",
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": "respond-async acknowledges a batch of any size with 202.",
    },
    {
        "name": "on_error",
        "in": "query",
        "required": False,
        "schema": {"enum": ["refuse_all", "keep_good"]},
        "description": "The same as in a JSON body, which prevails.",
    },
    {
        "name": "check",
        "in": "query",
        "required": False,
        "schema": {"type": "boolean"},
        "description": "true only checks the rows, at once and whatever their number: 200, nothing is recorded.",
    },
]


@router.post(
    "/measurements",
    response={200: Recorded, 201: Recorded, 202: Waiting, 422: Recorded, (401, 409, 413, 415, 429, 503, 507): Problem},
    openapi_extra={"requestBody": BODY, "parameters": PARAMETERS},
    summary="Record measurements",
)
def post_measurements(request: HttpRequest, response: HttpResponse) -> Answer:
    """Record rows. With `refuse_all` (the default) one bad row refuses the batch, with `keep_good` the good
    rows are kept; 201 when anything was recorded, 422 in the same form when all was refused. More than 20,000
    rows, or `Prefer: respond-async`, are acknowledged with 202 and recorded at once afterwards."""
    actor = caller(request)
    try:
        sent = _read(request)
        key, digest = sent.key, sent.digest
        if key and not sent.is_check and (before := landed_before(actor=actor, key=key, request_digest=digest)):
            return _answer(response, before)
        given = read_batch(sent.content, media_type=sent.media_type, encoding=sent.encoding)
        on_error = given.on_error or sent.on_error
        if sent.is_check:
            checked = check_measurements(actor=actor, at=timezone.now(), rows=given.rows)
            return Status(200, checked.as_plain())
        if AT_ONCE < len(given.rows) <= MOST_ROWS_OF_KEY or sent.prefers_later:
            landed = land_measurements(
                actor=actor,
                at=timezone.now(),
                content=sent.content,
                media_type=sent.media_type,
                encoding=sent.encoding,
                on_error=on_error,
                rows=len(given.rows),
                idempotency_key=key or None,
                request_digest=digest,
            )
            if sent.prefers_later:
                response["Preference-Applied"] = "respond-async"
            return _answer(response, landed)
        result = record_measurements(
            actor=actor,
            at=timezone.now(),
            rows=given.rows,
            on_error=on_error,
            idempotency_key=key or None,
            request_digest=digest,
        )
    except TooLarge as error:
        return Status(413, {"code": error.code, "message": str(error)})
    except Unreadable as error:
        return _refused(error.field, error.code, str(error))
    except KeyUsedBefore as error:
        return Status(409, {"code": "key_used_before", "message": str(error)})
    return Status(result.status, result.as_plain())


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as its headers describe it."""

    content: bytes
    media_type: str
    encoding: str
    key: str
    on_error: OnError
    prefers_later: bool
    is_check: bool

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes as they came."""
        return hashlib.sha256(self.content).hexdigest()


def _read(request: HttpRequest) -> Sent:
    """The request, not yet its rows; raises Unreadable, and Refused for a kind of content that is not taken."""
    media_type = MEDIA_TYPES.get((request.content_type or "").lower())
    if media_type is None and not request.content_type and not request.body:
        # Nothing at all was sent, hence of no kind: the answer says what a batch is.
        media_type = JSON
    if media_type is None:
        text = _("Gửi Content-Type: application/json hoặc application/x-ndjson.")
        raise Refused(415, "unsupported_media_type", text)
    charset = (request.content_params or {}).get("charset", "utf-8")
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip") or charset.lower() not in ("utf-8", "utf8"):
        raise Refused(415, "unsupported_encoding", _("Chỉ nhận UTF-8, không nén hoặc nén gzip."))
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY:
        raise Unreadable("Idempotency-Key", "too_long", _("Khóa chống gửi trùng quá dài; tối đa 200 ký tự."))
    if not key.isprintable():
        raise Unreadable("Idempotency-Key", "control_character", _("Khóa chống gửi trùng có ký tự điều khiển."))
    preferences = {part.strip().lower() for part in request.headers.get("Prefer", "").split(",")}
    return Sent(
        content=request.body,
        media_type=media_type,
        encoding="gzip" if encoding == "gzip" else "",
        key=key,
        on_error=on_error_of(request.GET.get("on_error", "refuse_all")),
        prefers_later="respond-async" in preferences,
        is_check=request.GET.get("check", "").lower() in ("1", "true"),
    )


def _answer(response: HttpResponse, landed: Landed) -> Answer:
    """The answer of a batch that came before, or where to ask for one that waits."""
    if landed.result is not None:
        return Status(landed.result.status, landed.result.as_plain())
    address = f"/api/v1/batches/{landed.batch}"
    response["Location"] = address
    response["Retry-After"] = str(ASK_AGAIN_SECONDS)
    return Status(202, {"batch": landed.batch, "state": "waiting", "address": address})


def _refused(field: str, code: str, message: str) -> Answer:
    """The answer to a request that could not be read as a batch at all."""
    errors = [{"row": 0, "field": field, "code": code, "message": message}]
    result = RecordingResult(0, 0, tuple(errors), None, counts={code: 1})
    return Status(422, result.as_plain())
