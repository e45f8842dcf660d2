"""What reporting costs: minutes by body and quarter, what was spared, and the records behind every count."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.engine.calendars import Period, PeriodError, parse_period, quarter_of
from thuocdo.exchanges.lifecycle import KINDS, Way
from thuocdo.exchanges.operations.counting import span
from thuocdo.exchanges.queries.burden import (
    Burden,
    body_seen,
    burden_by_body,
    burden_by_period,
    burden_of,
    counted_at,
    kinds_in_words,
    newest_rates,
    quarters_back,
    records_of,
)
from thuocdo.web.charts.trend import Series, trend
from thuocdo.web.design.figures import titled
from thuocdo.web.design.tables import page_of
from thuocdo.web.signed_in import actor_of, login_required

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body

_QUARTERS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A body with what reporting cost it."""

    body: "Body"
    burden: Burden


_SORTS: dict[str, Callable[[Row], Any]] = {
    "phut": lambda row: (row.burden.typed_minutes, row.burden.typed),
    "o": lambda row: (row.burden.typed, row.burden.typed_minutes),
    "tranh": lambda row: (row.burden.spared, row.burden.spared_minutes),
    "ten": lambda row: row.body.name,
}


def _period(request: HttpRequest) -> Period:
    """The quarter of the address; the running one when it names none."""
    now = quarter_of(timezone.localdate())
    try:
        asked = parse_period(request.GET.get("ky", "") or now.label)
    except PeriodError:
        return now
    return asked if asked.kind == "quarter" else now


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The quarter as a whole, body by body, with the trend and the published minutes."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_TASKS)
    period = _period(request)
    rows = [Row(body, burden) for body, burden in burden_by_body(actor, period.label).items()]
    whole = _sum([one.burden for one in rows])
    order = request.GET.get("xep", "") or "-phut"
    key = _SORTS.get(order.removeprefix("-"), _SORTS["phut"])
    rows.sort(key=lambda row: row.body.name)
    rows.sort(key=key, reverse=order.startswith("-"))
    version = newest_rates()
    context = {
        "period": period,
        "quarters": quarters_back(quarter_of(timezone.localdate()), _QUARTERS),
        "whole": whole,
        "hours": whole.typed_minutes / 60,
        "spared_hours": whole.spared_minutes / 60,
        "most": max(rows, key=_SORTS["phut"], default=None),
        "number": len(rows),
        "page": page_of(request, rows),
        "drawing": _drawing(burden_by_period(actor)),
        "rates": kinds_in_words(version),
        "approved_by": titled(version.approved_by) if version else "",
        "counted": counted_at(period.label),
    }
    return render(request, "exchanges/burden/page.html", context)


def _sum(burdens: list[Burden]) -> Burden:
    whole = Burden(burdens[0].rates if burdens else {})
    for one in burdens:
        for key, count in one.counts.items():
            whole.counts[key] = whole.counts.get(key, 0) + count
    return whole


def _drawing(by_period: dict[str, Burden]) -> Any:
    """Hours spent and hours spared by quarter; nothing before there are two quarters to compare."""
    if len(by_period) < 2:
        return None
    quarters = [(parse_period(label).last_day, burden) for label, burden in by_period.items()]
    return trend(
        [
            Series(gettext("Đã bỏ ra"), [(on, round(one.typed_minutes / 60, 1)) for on, one in quarters]),
            Series(gettext("Tránh được"), [(on, round(one.spared_minutes / 60, 1)) for on, one in quarters]),
        ],
        title=gettext("Giờ báo cáo theo quý"),
        unit=gettext("giờ"),
        decimals=0,
        from_zero=True,
    )


@require_GET
@login_required
def body(request: HttpRequest, code: str) -> HttpResponse:
    """One body's quarter: every kind of field in every way, and the records that are counted."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_TASKS)
    found = body_seen(actor, code[:40])
    if found is None:
        raise Http404
    period = _period(request)
    version = newest_rates()
    burden = burden_of(found, period.label)
    records = records_of(actor, found, *span(period))
    context = {
        "body": found,
        "period": period,
        "quarters": quarters_back(quarter_of(timezone.localdate()), _QUARTERS),
        "burden": burden,
        "hours": burden.typed_minutes / 60,
        "rows": _rows(burden, kinds_in_words(version)),
        "records": records,
        "drawing": _drawing(burden_by_period(actor, found)),
        "counted": counted_at(period.label),
    }
    return render(request, "exchanges/burden/body.html", context)


def _rows(burden: Burden, rates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By kind of field: how many were filled in each way, and what they cost."""
    said = {one["kind"]: one for one in rates}
    rows = []
    for kind in KINDS:
        counts = {way: burden.counts.get((kind, way), 0) for way in Way}
        if not any(counts.values()):
            continue
        rate = said.get(kind, {"minutes": 0, "title": {"vi": kind, "en": kind}})
        rows.append(
            {
                "title": titled(rate["title"]),
                "minutes": rate["minutes"],
                "typed": counts[Way.TYPED],
                "machine": counts[Way.MACHINE],
                "taken_over": counts[Way.TAKEN_OVER],
                "handed_on": counts[Way.HANDED_ON],
                "cost": counts[Way.TYPED] * rate["minutes"],
            }
        )
    return rows
