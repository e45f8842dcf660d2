"""The form as one file for places without a network, and its way back: read, checked, shown before it is handed in."""

import base64
import hashlib
import json
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from thuocdo.engine.calendars import PeriodError, parse_period
from thuocdo.indicators.files import SheetRow, SheetUnreadable
from thuocdo.indicators.operations.entering import words_of_findings
from thuocdo.indicators.queries import Provenance
from thuocdo.indicators.queries.entering import form_digest
from thuocdo.web.design.figures import speaks_english
from thuocdo.web.indicators.words import period_in_words, title_of
from thuocdo.web.signed_in import actor_of, login_required

from . import desk, pending
from .forms import HandForm
from .grid import grid_of
from .typed import words_of_typing

if TYPE_CHECKING:
    from thuocdo.accounts.permissions import Actor

FORMAT = "thuocdo-so-lieu 1"
LARGEST = 1_000_000


class ArrivalForm(forms.Form):
    """A filled-in offline form: its file, or its content as it came in the address."""

    tep = forms.FileField(
        label=_("Tệp đã xuất từ biểu ngoại tuyến"), required=False, allow_empty_file=True,
        widget=forms.FileInput({"accept": ".json,application/json"}),
    )  # fmt: skip
    noi_dung = forms.CharField(label=_("Nội dung tệp"), required=False, widget=forms.Textarea({"rows": 4}))


def _static(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise Http404
    return Path(found).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@require_GET
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """The form of a body and period as one HTML file that asks nothing of any network and holds no secret."""
    from .views import _chosen, _period, enterer  # the page and its file name each other

    actor = enterer(request)
    body, period = _chosen(actor, request.GET), _period(request.GET.get("ky", ""))
    if body is None or period is None or desk.provenances(actor).get(body.code) != Provenance.DECLARED:
        raise Http404
    owed = desk.owed_of(body, actor.on)
    known = desk.known(body, owed, period, Provenance.DECLARED, with_previous=False)
    grid = grid_of(body, period, known, timezone.localdate())
    form = HandForm(known, grid=grid, own=actor.label)
    data: dict[str, Any] = {
        "sheet": {**grid.sheet, "digest": form_digest(body.code, period.label, [one.indicator for one in known])},
        "known": {
            one.indicator.code: float(row.value)
            for one in known
            if (row := one.other or one.told) is not None and row.value is not None
        },
        "words": words_of_findings(),
        "typing": words_of_typing(),
        "titles": {one.indicator.code: title_of(one.indicator) for one in known},
        "english": speaks_english(),
        "address": request.build_absolute_uri(reverse("data_arrival")),
        "say": _say(),
    }
    checks, script = _static("js/entry_checks.js"), _static("js/offline_form.js")
    content = render_to_string(
        "data_entry/offline.html",
        {
            "lines": [line for line in form.lines if line.is_open],
            "body": body,
            "when": period_in_words(period),
            "made_at": timezone.now(),
            # Markup cannot end inside: the only sign that could is written as its number.
            "data": mark_safe(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")),  # noqa: S308
            "scripts": [mark_safe(checks), mark_safe(script)],  # noqa: S308 (our own files)
            "hashes": f"{_hash(checks)} {_hash(script)}",
            "states": [("value", gettext("có giá trị")), ("not_applicable", gettext("không áp dụng"))],
        },
    )
    return HttpResponse(
        content,
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Content-Disposition": content_disposition_header(True, f"bieu-{body.code}-{period.label}.html") or "",
            "Cache-Control": "private, no-store",
        },
    )


def _say() -> dict[str, str]:
    return {
        "error": gettext("Sai."),
        "warning": gettext("Cần xem lại."),
        "explained": gettext("Đã giải trình."),
        "count": gettext("Đã điền {there} trong {all} số; {open} điều phải sửa hoặc giải trình."),
        "kept": gettext("Đã giữ nháp trên máy này."),
        "not_kept": gettext("Trình duyệt không giữ được nháp; bấm Lưu nháp ra tệp trước khi đóng."),
        "forget": gettext("Xóa nháp trên máy này"),
        "forgotten": gettext("Đã xóa nháp trên máy này."),
        "take_back": gettext("Lấy lại nháp vừa xóa"),
        "restored": gettext("Đã mở lại nháp trên máy này."),
        "empty": gettext("Chưa điền số nào."),
        "open": gettext("Còn {open} điều phải sửa hoặc giải trình trước khi nộp."),
        "other_draft": gettext("Nháp này của biểu khác hoặc danh mục cũ."),
        "no_draft": gettext("Không đọc được tệp nháp."),
        "written": gettext("Đã xuất tệp; khi có mạng, nộp tệp ở trang Nhập số liệu."),
        "online": gettext("Đã có mạng: bấm Nộp qua mạng để gửi."),
    }


@require_http_methods(["GET", "POST"])
def arrival(request: HttpRequest) -> HttpResponse:
    """Take a filled-in form in and lead to its preview; before signing in only the way there is shown."""
    actor = actor_of(request)
    if not actor.is_signed_in or (request.method == "GET" and not desk.may_enter(actor)):
        return render(request, "data_entry/arrival.html", {"form": None})
    from .views import enterer

    enterer(request)
    form = ArrivalForm(request.POST or None, request.FILES or None)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["tep"]
        content = file.read(LARGEST + 1) if file else form.cleaned_data["noi_dung"].encode()
        try:
            rows, cautions = read_form(content, actor)
        except SheetUnreadable as error:
            form.add_error("tep", str(error))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            name = file.name if file else gettext("Biểu ngoại tuyến")
            pending.keep(request, file=name or "", rows=rows, cautions=cautions, back="")
            return redirect("data_preview")
    return render(request, "data_entry/arrival.html", {"form": form}, status=status)


def seal_of(form: dict[str, Any]) -> str:
    """The digest over what a form says, as `seal` of entry_checks.js computes it."""
    cells = form["cells"]
    names = ("value", "state", "reason")
    lines = ["\t".join([code, *(str(cells[code][name]) for name in names)]) for code in sorted(cells)]
    text = "\n".join([form["format"], form["body"], form["period"], form["form"], *lines])
    return hashlib.sha256(text.encode()).hexdigest()


def read_form(content: bytes, actor: "Actor") -> tuple[list[SheetRow], list[str]]:
    """The rows of a filled-in form and what to be aware of; raises SheetUnreadable, whose message says what to do."""
    if not content.strip():
        raise SheetUnreadable(gettext("Chưa chọn tệp; chọn tệp .json đã xuất từ biểu ngoại tuyến."))
    if len(content) > LARGEST:
        raise SheetUnreadable(gettext("Tệp quá lớn so với một biểu ngoại tuyến; chọn lại tệp .json đã xuất."))
    try:
        form = json.loads(content)
        is_form = form["format"] == FORMAT and isinstance(form["cells"], dict)
        wanted = seal_of(form) if is_form else ""
        period = parse_period(form["period"]).label if is_form else ""
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, PeriodError) as error:
        raise SheetUnreadable(gettext("Không phải tệp của biểu ngoại tuyến; xuất lại tệp từ biểu rồi nộp.")) from error
    if not is_form:
        raise SheetUnreadable(gettext("Đây là bản nháp hoặc tệp khác; trong biểu ngoại tuyến bấm Xuất tệp để nộp."))
    if form.get("digest") != wanted:
        raise SheetUnreadable(gettext("Tệp đã bị sửa sau khi xuất; mở biểu ngoại tuyến, sửa ở đó và xuất lại."))
    body = desk.enterable(actor).filter(code=form["body"]).first()
    if body is None:
        raise SheetUnreadable(
            gettext("Bạn không được nhập số liệu của cơ quan này; gửi tệp cho đầu mối của cơ quan đó.")
        )
    kind = parse_period(period).kind
    owed = [one for one in desk.owed_of(body, actor.on) if one.frequency == kind]
    titles = {one.code: title_of(one) for one in owed}
    cautions = []
    if form["form"] != form_digest(body.code, period, owed):
        cautions.append(
            gettext("Danh mục chỉ số đã đổi từ khi tải biểu ngoại tuyến; xem kỹ từng số, lần sau tải biểu mới.")
        )
    rows = []
    for place, (code, cell) in enumerate(sorted(form["cells"].items()), start=1):
        fields = {"indicator": code, "body": body.code, "period": period, "state": str(cell["state"])}
        fields |= {name: str(cell[name]) for name in ("value", "reason") if cell[name]}
        rows.append(SheetRow(fields, place, titles.get(code, code)))
    if not rows:
        raise SheetUnreadable(gettext("Biểu chưa có số liệu nào; điền rồi xuất lại."))
    return rows, cautions
