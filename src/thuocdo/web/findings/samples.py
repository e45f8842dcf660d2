"""The samples to verify: drawing one, its worksheet, what came of it, the error rate, inflation of every body."""

import io
from http import HTTPStatus
from typing import TYPE_CHECKING

import xlsxwriter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_anywhere, require_anywhere
from thuocdo.evaluations.operations import EvaluationRefused, close_sample
from thuocdo.evaluations.queries import (
    Outcome,
    compared_pairs,
    error_rate_of,
    inflation_by_body,
    outcome_counts,
    sample_by_id,
    samples,
    unit_by_id,
    units_of,
)
from thuocdo.indicators.files import neutralised
from thuocdo.web.bodies.card import definition_title, unit_of
from thuocdo.web.charts.dot_plot import Dot, dot_plot
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.design.figures import named, number, share
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.design.tables import page_of
from thuocdo.web.downloads import attachment
from thuocdo.web.indicators.words import period_in_words
from thuocdo.web.rankings.marks import body_address, called
from thuocdo.web.signed_in import actor_of, login_required

from .forms import CheckForm, DrawForm
from .words import amount

if TYPE_CHECKING:
    from thuocdo.evaluations.models import Sample
    from thuocdo.web.charts.drawing import Drawing

# Bodies drawn with their interval; the table of all is below.
MOST_DRAWN = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """All samples with their error rates, a new one, and by how much bodies' declared values are better."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_SIGNALS)
    may_draw = may_anywhere(actor, Permission.VERIFY_FINDING)
    form = DrawForm(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_anywhere(actor, Permission.VERIFY_FINDING)
        drawn = form.save(timezone.now())
        if drawn is not None:
            say(request, gettext("Đã chọn %(size)s giá trị để kiểm tra.") % {"size": number(drawn.size)})
            return redirect("sample", number=drawn.pk)
    found = list(samples()[:20])
    rates = [(one, error_rate_of(one), outcome_counts(one)) for one in found[:4]]
    newest = next(((one, rate) for one, rate, _counts in rates if rate is not None), None)
    response = render(
        request,
        "findings/samples.html",
        {
            "rates": rates,
            "older": found[4:],
            "newest": newest,
            "form": form,
            "may_draw": may_draw,
            "drawing": _inflation(actor),
            "pairs": compared_pairs(),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK,
    )
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _inflation(actor: Actor) -> "Drawing | None":
    """The bodies that the reader watches over, most flattering first, with their intervals."""
    watched = bodies_within(actor, Permission.VIEW_SIGNALS).in_bulk()
    rows = [one for one in inflation_by_body() if one.key in watched][:MOST_DRAWN]
    if not rows:
        return None
    low = min(-1.0, *(one.low for one in rows))
    high = max(1.0, *(one.high for one in rows))
    return dot_plot(
        [
            Dot(
                called(watched[one.key]),
                one.estimate,
                one.low,
                one.high,
                body_address(watched[one.key].code),
                gettext("%(number)s cặp") % {"number": number(one.pairs)},
            )
            for one in rows
        ],
        title=gettext("Khai tốt hơn số kiểm chứng bao nhiêu, tính bằng số lần mức cho phép"),
        unit=gettext("lần mức cho phép"),
        scale=(low, high),
        decimals=1,
        reference=(0.0, gettext("khớp")),
    )


def _sample(actor: Actor, number: int) -> "Sample":
    require_anywhere(actor, Permission.VIEW_SIGNALS)
    found = sample_by_id(number)
    if found is None:
        raise Http404
    return found


@require_GET
@login_required
def sample(request: HttpRequest, number: int) -> HttpResponse:
    """The worksheet of a sample with what came of it."""
    actor = actor_of(request)
    return _page(request, actor, _sample(actor, number))


def _page(request: HttpRequest, actor: Actor, row: "Sample", typed: dict[int, CheckForm] | None = None) -> HttpResponse:
    may_check = set(bodies_within(actor, Permission.VERIFY_FINDING).values_list("pk", flat=True))
    page = page_of(request, units_of(row, actor), 30)
    lines = []
    for unit in page.object_list:
        measurement = unit.measurement
        words = unit_of(measurement.indicator)
        form = None
        if row.closed_at is None and measurement.body_id in may_check:
            form = (typed or {}).get(unit.pk) or CheckForm(prefix=str(unit.pk))
        lines.append(
            {
                "unit": unit,
                "title": definition_title(measurement.indicator),
                "value": amount(measurement.value, words),
                "found": amount(unit.found_value, words) if unit.found_value is not None else "",
                "period": period_in_words(measurement.period),
                "form": form,
            }
        )
    response = render(
        request,
        "findings/sample.html",
        {
            "sample": row,
            "rate": error_rate_of(row),
            "counts": outcome_counts(row),
            "page": page,
            "lines": lines,
            "may_close": row.closed_at is None and may_anywhere(actor, Permission.VERIFY_FINDING),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if typed else HTTPStatus.OK,
    )
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


@require_POST
@login_required
def check(request: HttpRequest, number: int, unit: int) -> HttpResponse:
    """Record what verifying a value gave."""
    actor = actor_of(request)
    row = _sample(actor, number)
    found = unit_by_id(row, actor, unit)
    if found is None:
        raise Http404
    form = CheckForm(request.POST, prefix=str(unit))
    if form.save(actor, found, timezone.now()):
        say(request, gettext("Đã ghi kết quả kiểm tra."))
        return redirect("sample", number=number)
    if row.closed_at is not None:
        # The form is gone from the page; the reason stands above it.
        say_wrong(request, gettext("Chưa ghi được."), " ".join(map(str, form.non_field_errors())))
        return redirect("sample", number=number)
    return _page(request, actor, row, {unit: form})


@require_POST
@login_required
def close(request: HttpRequest, number: int) -> HttpResponse:
    """No more results; the error rate stands."""
    actor = actor_of(request)
    row = _sample(actor, number)
    try:
        close_sample(actor=actor, at=timezone.now(), sample=row)
    except EvaluationRefused as refusal:
        say_wrong(request, gettext("Chưa khép được."), str(refusal))
    else:
        say(request, gettext("Đã khép đợt kiểm tra mẫu."))
    return redirect("sample", number=number)


@require_GET
@login_required
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """The worksheet as a spreadsheet to take along."""
    actor = actor_of(request)
    row = _sample(actor, number)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(gettext("Phiếu kiểm tra"))
    heading = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "top"})
    columns = (
        (gettext("Số"), 8),
        (gettext("Cơ quan"), 32),
        (gettext("Chỉ số"), 44),
        (gettext("Kỳ"), 16),
        (gettext("Giá trị khai"), 14),
        (gettext("Đơn vị tính"), 14),
        (gettext("Khả năng được chọn"), 14),
        (gettext("Giá trị kiểm tra được"), 16),
        (gettext("Kết quả"), 16),
        (gettext("Căn cứ"), 40),
    )
    for column, (name, width) in enumerate(columns):
        page.set_column(column, column, width)
        page.write_string(0, column, name, heading)
    for line, unit in enumerate(units_of(row, actor), start=1):
        measurement = unit.measurement
        page.write_number(line, 0, unit.pk)
        page.write_string(line, 1, neutralised(named(measurement.body)))
        page.write_string(line, 2, neutralised(definition_title(measurement.indicator)))
        page.write_string(line, 3, period_words(measurement.period))
        page.write_number(line, 4, float(measurement.value or 0))
        page.write_string(line, 5, neutralised(unit_of(measurement.indicator)))
        page.write_string(line, 6, share(unit.probability))
        if unit.found_value is not None:
            page.write_number(line, 7, float(unit.found_value))
        if unit.outcome != Outcome.WAITING:
            page.write_string(line, 8, str(unit.get_outcome_display()))
        page.write_string(line, 9, neutralised(unit.note))
    page.freeze_panes(1, 0)
    book.close()
    return attachment(stream.getvalue(), name=f"kiem-tra-mau-{row.pk}.xlsx", media_type=XLSX)
