"""The tasks of a body and everything below it: one line for each body a step down, by territory or by sector."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, may, may_anywhere, require
from thuocdo.organisations.queries import Hierarchy, body_by_code, superiors
from thuocdo.tasks.queries.fields import FieldType, fields_above
from thuocdo.tasks.queries.rollup import Line, RollUp, choices_of, roll_up
from thuocdo.web.design.blocks import breadcrumbs
from thuocdo.web.design.figures import named, short_named
from thuocdo.web.design.marks import door
from thuocdo.web.design.tables import address_with
from thuocdo.web.pages_kept import kept_page
from thuocdo.web.signed_in import actor_of, login_required

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Field

ALONG = "theo"


@require_GET
@login_required
@kept_page
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The roll-up of a body, for whoever sees its tasks."""
    actor, today = actor_of(request), timezone.localdate()
    body = body_by_code(code)
    if body is None:
        raise Http404
    require(actor, Permission.VIEW_TASKS, body)
    hierarchy = Hierarchy.SECTOR if request.GET.get(ALONG) == "nganh" else Hierarchy.TERRITORIAL
    fields = list(fields_above([body.pk], today))
    found = roll_up(actor, body, today, hierarchy=hierarchy, fields=fields)
    counted = choices_of(actor, body, today, fields)
    reach = "nganh" if hierarchy == Hierarchy.SECTOR else "lanh-tho"
    numeric = [one for one in fields if one.type == FieldType.NUMBER]
    lines = [_shown(line, reach, numeric) for line in found.lines]
    context = {
        "body": body,
        "name": named(body),
        "crumbs": breadcrumbs(*_crumbs(body, today)),
        "whole": _shown(found.whole, reach, numeric),
        "own": _shown(found.own, "", numeric),
        "lines": lines,
        "numeric": numeric,
        "choices": [_choice(one, counted[one.pk], body, reach) for one in fields if one.pk in counted],
        "ways": [
            (address_with(request, **{ALONG: None}), gettext("Theo lãnh thổ"), hierarchy == Hierarchy.TERRITORIAL),
            (address_with(request, **{ALONG: "nganh"}), gettext("Theo ngành"), hierarchy == Hierarchy.SECTOR),
        ],
        "sentence": _sentence(found, reach),
        "may_manage": may_anywhere(actor, Permission.MANAGE_FIELDS) and may(actor, Permission.MANAGE_FIELDS, body),
    }
    return render(request, "tasks/rollup/page.html", context)


def _list(body: "Body", reach: str, **words: str) -> str:
    asked = {"co_quan": named(body), "co_quan_ma": body.code, "pham_vi": reach, **words}
    return f"{reverse('tasks')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _shown(line: Line, reach: str, numeric: "list[Field]") -> dict[str, Any]:
    share = line.counts.on_time_share
    return {
        "body": line.body,
        "name": short_named(line.body),
        "counts": line.counts,
        "share": None if share is None else share * 100,
        "has_below": line.has_below,
        "address": reverse("body_tasks", args=[line.body.code]) if line.has_below else "",
        "open": _list(line.body, reach),
        "overdue": _list(line.body, reach, muc="qua-han"),
        "waiting": _list(line.body, reach, muc="cho-duyet"),
        "completed": _list(line.body, reach, muc="hoan-thanh"),
        "sums": [(one, line.sums.get(one.pk)) for one in numeric],
    }


def _choice(one: "Field", counted: list[tuple[str, int]], body: "Body", reach: str) -> dict[str, Any]:
    words = {"1": gettext("có"), "0": gettext("không")} if one.type == FieldType.YES_NO else {}
    rows = [
        (words.get(word, word), number, _list(body, reach, muc="tat-ca", **{f"f{one.pk}": word}))
        for word, number in counted
    ]
    return {"label": one.label, "rows": rows, "total": sum(number for _, number in counted)}


def _crumbs(body: "Body", today: Any) -> list[str]:
    pairs = [reverse("bodies"), gettext("Cơ quan")]
    for above in reversed(superiors(body, on=today)):
        if above.kind != "bloc":
            pairs += [reverse("body_tasks", args=[above.code]), short_named(above)]
    return [*pairs, reverse("body", args=[body.code]), short_named(body), gettext("Nhiệm vụ")]


def _sentence(found: RollUp, reach: str) -> SafeString:
    counts, body = found.whole.counts, found.whole.body
    if not counts.all:
        return format_html("{}", gettext("Chưa có nhiệm vụ nào ở cơ quan này và cấp dưới."))
    worst = max(found.lines, key=lambda line: line.counts.overdue, default=None)
    share = counts.on_time_share
    parts = [
        format_html(
            gettext("{open} nhiệm vụ còn phải làm, {overdue} quá hạn"),
            open=door(_list(body, reach), counts.open),
            overdue=door(_list(body, reach, muc="qua-han"), counts.overdue),
        )
    ]
    if worst is not None and worst.counts.overdue and len(found.lines) > 1:
        parts.append(
            format_html(
                gettext("nhiều nhất ở {body} với {number}"),
                body=short_named(worst.body),
                number=door(_list(worst.body, reach, muc="qua-han"), worst.counts.overdue),
            )
        )
    if share is not None:
        parts.append(format_html(gettext("{share}% việc đến hạn đã xong đúng hạn"), share=round(share * 100)))
    return format_html("{}.", SafeString("; ".join(parts)))
