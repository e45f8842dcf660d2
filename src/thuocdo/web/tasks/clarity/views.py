"""The "6 rõ" list: counts by lead body for each point, and the tasks behind a count with their remedy."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.organisations.queries import body_by_code
from thuocdo.tasks.lifecycle import SIX
from thuocdo.tasks.queries import clarity_counts, unclear_tasks, vague_in, vague_words, visible_to
from thuocdo.web.design.figures import number, speaks_english
from thuocdo.web.signed_in import actor_of, login_required

PAGE = 50
# Each point: its word in the address, its heading, and what mends it.
POINTS: dict[str, tuple[str, Promise, Promise]] = {
    "lead": ("chu-tri", gettext_lazy("Chủ trì"), gettext_lazy("cơ quan chủ trì đã kết thúc; giao cho cơ quan kế thừa")),
    "person": ("nguoi", gettext_lazy("Người"), gettext_lazy("cử người hoặc ghi chức danh phụ trách")),
    "time": ("thoi-gian", gettext_lazy("Thời gian"), gettext_lazy("ghi thời hạn")),
    "result": ("san-pham", gettext_lazy("Sản phẩm"), gettext_lazy("ghi sản phẩm phải giao nộp")),
    "measure": ("chi-tieu", gettext_lazy("Chỉ tiêu"), gettext_lazy("ghi chỉ tiêu đo được")),
    "authority": ("tham-quyen", gettext_lazy("Thẩm quyền"), gettext_lazy("gắn với văn bản giao")),
    "wording": ("cach-viet", gettext_lazy("Cách viết"), gettext_lazy("thay từ chung chung bằng mức, ngày, sản phẩm")),
}


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Counts by body; with `?thieu=` or `?co_quan=` the tasks behind them."""
    actor, today = actor_of(request), timezone.localdate()
    require_anywhere(actor, Permission.VIEW_TASKS)
    tasks = visible_to(actor)
    rows = clarity_counts(tasks, today)
    asked = request.GET.get("thieu", "")
    point = next((key for key, (word, *_rest) in POINTS.items() if word == asked), "")
    lead = body_by_code(request.GET.get("co_quan", ""))
    listed = None
    if point or lead is not None:
        found = unclear_tasks(tasks.filter(lead=lead) if lead is not None else tasks, today, point=point)
        listed = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "tasks/clarity/page.html",
        {
            "sentence": _sentence(rows),
            "points": [{"word": word, "title": title} for word, title, _remedy in POINTS.values()],
            "rows": [_row(row) for row in rows],
            "listed": listed,
            "tasks": [{"task": task, "vague": vague_in(task)} for task in listed or ()],
            "lead": lead,
            "remedy": POINTS[point][2] if point else "",
            "title": POINTS[point][1] if point else "",
            "words": list(vague_words().values()),
            "query": urlencode({key: value for key, value in request.GET.items() if key != "trang"}),
        },
    )


def _sentence(rows: list[dict[str, Any]]) -> str:
    unclear, whole = sum(row["unclear"] for row in rows), sum(row["number"] for row in rows)
    if not unclear:
        return gettext("Mọi nhiệm vụ đang thực hiện đều đủ 6 rõ.")
    return gettext("%(unclear)s nhiệm vụ của %(bodies)s cơ quan chưa đủ 6 rõ, trong %(whole)s nhiệm vụ của họ.") % {
        "unclear": number(unclear),
        "bodies": number(len(rows)),
        "whole": number(whole),
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    code = row["lead__code"]
    base = reverse("tasks_clarity")
    return {
        "name": (speaks_english() and row["lead__name_en"]) or row["lead__name"],
        "address": f"{base}?{urlencode({'co_quan': code})}",
        "unclear": row["unclear"],
        "number": row["number"],
        "cells": [
            {
                "title": POINTS[key][1],
                "count": row[key],
                "address": f"{base}?{urlencode({'co_quan': code, 'thieu': POINTS[key][0]})}",
            }
            for key in SIX
        ],
    }
