"""`GET /measurements`: the figures that stand, or stood at a moment, for shared use by other systems."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Schema
from pydantic import ConfigDict, Field

from thuocdo.accounts.permissions import Permission
from thuocdo.engine.calendars import PeriodError, parse_period
from thuocdo.indicators.operations.noting import note_readings
from thuocdo.indicators.queries import indicator_by_code, written
from thuocdo.indicators.queries.errors import error_of
from thuocdo.indicators.queries.shared import standing_within
from thuocdo.organisations.queries import body_by_code, within

from .answers import LONGEST_PAGE, PAGE, PLAIN, Page, cursor_of, page_after, require_scope
from .keys import caller
from .measurements import router
from .problems import Problem, Refused

__all__ = ["router"]


class FigureOut(Schema):
    """A figure as it stands: of one indicator, body, period, kind and source; `id` leads to its whole history."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 4711,
                    "indicator": "service_on_time",
                    "body": "01",
                    "period": "2026-08",
                    "period_start": "2026-08-01",
                    "period_end": "2026-09-01",
                    "state": "value",
                    "value": "79.5",
                    "unit": "%",
                    "kind": "final",
                    "provenance": "system",
                    "source": "Cổng dịch vụ công",
                    "external_id": "HN-2026-08",
                    "evidence": "",
                    "standard_error": None,
                    "sample_size": 1240,
                    "recorded_at": "2026-09-01T08:00:00+07:00",
                }
            ]
        }
    )

    id: int
    indicator: str
    body: str
    period: str
    period_start: date
    period_end: date = Field(description="The first day after the period.")
    state: Literal["value", "null", "not_applicable"]
    value: str | None
    unit: str
    kind: Literal["provisional", "final"]
    provenance: str
    source: str
    external_id: str
    evidence: str
    standard_error: float | None = Field(
        description="In the indicator's unit: as its source told it, or as its sample gives it; null where unknown."
    )
    sample_size: int | None = Field(description="How many observations the value rests on.")
    recorded_at: datetime


@router.get(
    "/measurements",
    response={200: Page[FigureOut], (401, 403, 422, 429, 503): Problem},
    summary="Figures as they stand, or stood",
)
def get_measurements(
    request: HttpRequest,
    indicator: Annotated[str, Query(max_length=40, pattern=PLAIN, examples=["service_on_time"])] = "",
    body: Annotated[str, Query(max_length=40, pattern=PLAIN, examples=["01"])] = "",
    with_those_below: Annotated[bool, Query(description="Also the bodies below `body`, as of today.")] = False,
    period: Annotated[
        str,
        Query(max_length=40, pattern=PLAIN, description="2026, 2026-Q3, 2026-09 or 2026-09-14."),
    ] = "",
    known_at: Annotated[datetime | None, Query(description="With time zone: what stood at this moment.")] = None,
    cursor: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = PAGE,
) -> dict[str, Any]:
    """Figures in the order in which they were recorded; of several sources each has its own row."""
    require_scope(request, Permission.VIEW_INDICATORS)
    actor = caller(request)
    if known_at is not None and known_at.tzinfo is None:
        text = _("Ghi thời điểm kèm múi giờ, ví dụ 2026-09-14T08:00:00+07:00.")
        raise Refused(422, "time_zone_missing", text, "known_at")
    found = standing_within(actor, known_at=known_at)
    if indicator:
        entry = indicator_by_code(indicator)
        if entry is None:
            text = _("Không có chỉ số mang mã này; xem GET /api/v1/indicators.")
            raise Refused(422, "unknown_indicator", text, "indicator")
        found = found.filter(indicator=entry)
    if body:
        named = body_by_code(body)
        if named is None:
            raise Refused(422, "unknown_body", _("Không có cơ quan mang mã này; kiểm tra lại mã."), "body")
        if with_those_below:
            found = found.filter(body__in=within([named.pk], on=actor.on).values("pk"))
        else:
            found = found.filter(body=named)
    if period:
        try:
            found = found.filter(period=parse_period(period).label)
        except PeriodError as error:
            raise Refused(
                422, "period_format", _("Kỳ không đúng; viết ví dụ 2026, 2026-Q3 hoặc 2026-09."), "period"
            ) from error
    rows, following = cursor_of(list(found.filter(pk__gt=page_after(cursor)).order_by("pk")[: limit + 1]), limit)
    items = [
        {
            "id": one.pk,
            "indicator": one.indicator.code,
            "body": one.body.code,
            "period": one.period,
            "period_start": one.period_start,
            "period_end": one.period_end,
            "state": one.state,
            "value": None if one.value is None else written(one.value),
            "unit": one.indicator.unit,
            "kind": one.kind,
            "provenance": one.provenance,
            "source": one.source,
            "external_id": one.external_id,
            "evidence": one.evidence,
            "standard_error": None if (known := error_of(one)) is None else known.error,
            "sample_size": one.sample_size,
            "recorded_at": one.recorded_at,
        }
        for one in rows
    ]
    note_readings(actor=actor, at=timezone.now(), cells=((one.indicator_id, one.body_id) for one in rows))
    return {"items": items, "next": following}
