"""`GET /batches/{number}`: how far a batch has come, and its answer once it is recorded."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Router
from pydantic import ConfigDict

from thuocdo.indicators.queries import batch_of

from .keys import caller
from .measurements import Recorded
from .problems import NotFound, Problem

router = Router(tags=["measurements"])

LARGEST = 2**63 - 1
WAITING = 202


class BatchState(Recorded):
    """A batch of the calling key: `waiting`, `running`, `recorded` (something was), or `refused` (nothing was).

    While it waits, the counts are 0. `checked` of `rows` have been looked at.
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
                    "batch": 47,
                    "ledger": 125,
                    "state": "recorded",
                    "rows": 2,
                    "checked": 2,
                    "received_at": "2026-09-14T09:30:00+07:00",
                    "started_at": "2026-09-14T09:30:01+07:00",
                    "finished_at": "2026-09-14T09:30:02+07:00",
                }
            ]
        }
    )

    state: Literal["waiting", "running", "recorded", "refused"]
    rows: int
    checked: int
    received_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@router.get(
    "/batches/{number}",
    response={200: BatchState, (401, 404, 422, 429, 503): Problem},
    summary="How far a batch has come",
)
def get_batch(request: HttpRequest, number: int = Path(..., ge=1, le=LARGEST, example=1)) -> dict[str, Any]:  # type: ignore[type-arg]
    """State and answer of a batch; a key sees its own batches only."""
    batch = batch_of(caller(request).label, number)
    if batch is None:
        raise NotFound(_("Không có lô số liệu này trong các lô đã gửi bằng khóa này."))
    landing = getattr(batch, "landing", None)
    rows = batch.accepted + batch.rejected
    started = landing.started_at if landing else None
    if batch.status == WAITING:
        state = "running" if started else "waiting"
    else:
        state = "recorded" if batch.accepted else "refused"
    answer: dict[str, Any] = batch.answer
    return answer | {
        "batch": batch.pk,
        "state": state,
        "rows": landing.rows if landing else rows,
        "checked": landing.checked if landing else rows,
        "received_at": landing.landed_at if landing else batch.recorded_at,
        "started_at": started if landing else batch.recorded_at,
        "finished_at": landing.finished_at if landing else batch.recorded_at,
    }
