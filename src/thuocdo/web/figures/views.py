"""The page of one measurement."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.indicators.queries.errors import error_of
from thuocdo.web.design.figures import number
from thuocdo.web.design.tables import address_with
from thuocdo.web.indicators.words import KINDS, PROVENANCES, STATES, difference, with_unit
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.days import DayField

from .origin import Origin, figure_within, moved_by, origin_of


class KnownAt(forms.Form):
    """The day at whose end one wants to know what was known."""

    luc = DayField(label=_("Như đã biết ngày"), required=False)


@require_GET
@login_required
def figure(request: HttpRequest, number: int) -> HttpResponse:
    """Where a number comes from: who told it, when, by what right, what it replaced, what came of it."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_INDICATORS)
    row = figure_within(actor, number)
    if row is None:
        raise Http404
    form = KnownAt(request.GET if "luc" in request.GET else None)
    known_at = _known_at(request)
    found = origin_of(
        actor, row, known_at=known_at, today=timezone.localdate(), checks=request.GET.get("kiem-tra") == "co"
    )
    return render(
        request,
        "figures/origin.html",
        {
            "found": found,
            "row": row,
            "form": form,
            "known_at": known_at,
            "is_not_known_yet": known_at is not None and row.recorded_at > known_at,
            "now_address": address_with(request, luc=None),
            "check_address": address_with(request, **{"kiem-tra": "co"}) + "#niem-phong",
            "sentence": _sentence(found),
            "facts": _facts(found),
        },
    )


@require_GET
@login_required
def effect(request: HttpRequest, number: int) -> HttpResponse:
    """Whose score and rank a correction changed; alone for the page of the figure, which loads it afterwards."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_INDICATORS)
    row = figure_within(actor, number)
    moved = moved_by(actor, row, timezone.localdate()) if row is not None else None
    if row is None or moved is None:
        raise Http404
    template = "figures/_effect.html" if request.headers.get("HX-Request") else "figures/effect.html"
    return render(request, template, {"row": row, "moved": moved})


def _known_at(request: HttpRequest) -> datetime | None:
    """The end of the day of the address, if that day is over; otherwise now."""
    try:
        asked = DayField(required=False).clean(request.GET.get("luc", ""))
    except ValidationError:
        # What is wrong with the day stands beside its field.
        return None
    if asked is None or asked >= timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(asked + timedelta(days=1), time())) - timedelta(microseconds=1)


def _sentence(found: Origin) -> str:
    row = found.row
    shown = {"value": found.shown, "provenance": str(PROVENANCES[row.provenance])}
    if found.line.replaced_by is not None:
        return gettext("%(value)s: %(provenance)s. Số này đã được thay bằng số ghi sau.") % shown
    if found.is_in_force:
        return gettext("%(value)s: %(provenance)s. Đây là số đang dùng.") % shown
    if row.state == "null":
        return gettext("Số đã được rút; không tính vào đâu.")
    return gettext("%(value)s: %(provenance)s. Số đang dùng là số của nguồn mạnh hơn hoặc mới hơn.") % shown


def _facts(found: Origin) -> list[tuple[str, Any]]:
    row = found.row
    error, interval = _error(found)
    pairs = [
        (gettext("Trạng thái"), str(STATES.get(row.state, gettext("có giá trị")))),
        (gettext("Sơ bộ hay chính thức"), str(KINDS[row.kind])),
        (gettext("Loại nguồn"), str(PROVENANCES[row.provenance])),
        (gettext("Nguồn yếu nhất đã dùng để tính"), str(PROVENANCES[row.inherits]) if row.inherits else ""),
        (gettext("Mã tại hệ thống nguồn"), row.external_id),
        (gettext("Sai số chuẩn"), error),
        (gettext("Khoảng tin cậy 95%"), interval),
        (gettext("Số quan sát"), _observations(found)),
        (gettext("Người ghi"), found.line.who),
        (gettext("Lý do sửa"), row.reason or ""),
    ]
    return [(name, value) for name, value in pairs if value]


def _error(found: Origin) -> tuple[str, str]:
    """The standard error and the interval of a value in words; empty where nothing is known of it."""
    known = error_of(found.row)
    if known is None:
        return "", ""
    if known.is_told:
        text = gettext("± %(error)s, do nguồn tự báo")
    elif known.is_most:
        text = gettext("± %(error)s là nhiều nhất, tính từ cỡ mẫu và thang đo")
    else:
        text = gettext("± %(error)s, tính từ cỡ mẫu")
    ends = {name: with_unit(round(end, 2), found.unit) for name, end in (("low", known.low), ("high", known.high))}
    return text % {"error": difference(known.error, found.unit)}, gettext("từ %(low)s đến %(high)s") % ends


def _observations(found: Origin) -> str:
    """On how many observations a value rests, and whether these are a sample or all there are."""
    size = found.row.sample_size
    if size is None:
        return ""
    if found.row.indicator.is_sampled:
        return gettext("%(count)s, là một mẫu") % {"count": number(size)}
    return gettext("%(count)s, là toàn bộ nên không có sai số chọn mẫu") % {"count": number(size)}
