"""`POST /measurements`: source systems push figures, 1 to 10,000 rows at a time, safely repeatable."""

import hashlib
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import BaseModel, Field
from pydantic_core import from_json

from thuocdo.indicators.operations import MOST_ROWS, KeyUsedBefore, record_measurements

from .keys import caller
from .problems import Problem

router = Router(tags=["measurements"])

LONGEST_KEY = 200
Answer = Status[dict[str, Any]]


class Row(BaseModel):
    """One figure. Read as described here; described for people and tools, checked by the operation."""

    indicator: str = Field(description="Code of the indicator.")
    body: str = Field(description="Official code of the body, with leading zeros.", examples=["01"])
    period: str = Field(description="2026, 2026-Q3, 2026-09 or 2026-09-14.", examples=["2026-Q3"])
    value: str | None = Field(None, description="A number with a decimal point; empty with another state.")
    state: Literal["value", "null", "not_applicable"] = "value"
    kind: Literal["provisional", "final"] = "final"
    provenance: Literal["system"] = Field("system", description="What a key may write.")
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
    """How many rows were taken, what is wrong with the others, and the ledger entry that seals the batch."""

    accepted: int
    rejected: int
    errors: list[RowProblem]
    ledger: int | None


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
                        "maxItems": MOST_ROWS,
                        "items": Row.model_json_schema(),
                    },
                    "on_error": {"enum": ["refuse_all", "keep_good"], "default": "refuse_all"},
                },
            }
        }
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": LONGEST_KEY},
    "description": "A repeated key gets the first answer again; with other content it is refused (409).",
}


@router.post(
    "/measurements",
    response={201: Recorded, 422: Recorded, (401, 409, 413): Problem},
    openapi_extra={"requestBody": BODY, "parameters": [IDEMPOTENCY_KEY]},
    summary="Record measurements",
)
def post_measurements(request: HttpRequest) -> Answer:
    """Record rows. With `refuse_all` (the default) one bad row refuses the batch, with `keep_good` the good
    rows are kept; 201 when anything was recorded, 422 in the same form when all was refused."""
    actor = caller(request)
    content = request.body
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY:
        return _refused("Idempotency-Key", "too_long", _("Khóa chống gửi trùng quá dài; tối đa 200 ký tự."))
    # Rows go to the operation as they came: it names what is wrong in each, which no parser would.
    try:
        payload = from_json(content)
    except ValueError:
        return _refused("", "not_json", _("Nội dung gửi không phải là JSON hợp lệ."))
    if not isinstance(payload, dict) or not isinstance(payload.get("rows"), list):
        return _refused("rows", "rows_missing", _('Nội dung gửi phải có dạng {"rows": […]}.'))
    if unknown := sorted(payload.keys() - {"rows", "on_error"}):
        return _refused(unknown[0][:60], "unknown_field", _("Chỉ có các trường rows và on_error."))
    on_error = payload.get("on_error", "refuse_all")
    if on_error not in ("refuse_all", "keep_good"):
        return _refused("on_error", "unknown_choice", _("on_error phải là refuse_all hoặc keep_good."))
    try:
        result = record_measurements(
            actor=actor,
            at=timezone.now(),
            rows=payload["rows"],
            on_error=on_error,
            idempotency_key=key or None,
            request_digest=hashlib.sha256(content).hexdigest(),
        )
    except KeyUsedBefore as error:
        return Status(409, {"code": "key_used_before", "message": str(error)})
    return Status(result.status, result.as_plain())


def _refused(field: str, code: str, message: str) -> Answer:
    """The answer to a request that could not be read as a batch at all."""
    errors = [{"row": 0, "field": field, "code": code, "message": message}]
    return Status(422, {"accepted": 0, "rejected": 0, "errors": errors, "ledger": None})
