"""The living style page, shown on demonstration and development instances only."""

from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thuocdo.ledger.queries import newest_number
from thuocdo.web.charts.bars import Bar, bars
from thuocdo.web.charts.dot_plot import Dot, dot_plot
from thuocdo.web.charts.province_map import province_map
from thuocdo.web.charts.target_path import Reading, target_path
from thuocdo.web.charts.trend import Series, trend
from thuocdo.web.design.tables import page_of

from .examples import BODIES, CHANGES, SCORES, TASKS


class TaskFilter(forms.Form):
    """What a list of tasks can be narrowed by."""

    tim = forms.CharField(label=_("Tìm trong nội dung"), required=False, widget=forms.TextInput({"type": "search"}))
    co_quan = forms.ChoiceField(
        label=_("Cơ quan chủ trì"), required=False, choices=[("", _("Tất cả")), ("BTP", "Bộ Tư pháp")]
    )
    han = forms.ChoiceField(label=_("Thời hạn"), required=False, choices=[("", _("Tất cả")), ("qua-han", _("Quá hạn"))])


class ReportForm(forms.Form):
    """A form as a focal point meets it."""

    share_done = forms.DecimalField(label=_("Tỷ lệ hoàn thành (%)"), help_text=_("Từ 0 đến 100"), max_value=100)
    product = forms.CharField(label=_("Sản phẩm đã hoàn thành"), widget=forms.Textarea)
    is_final = forms.BooleanField(label=_("Đây là kết quả cuối cùng"), required=False)


def page(request: HttpRequest) -> HttpResponse:
    """Every component once; 404 unless this is a demonstration or development instance."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    today = timezone.localdate()
    year = today.year
    return render(
        request,
        "style/page.html",
        {
            "bodies": BODIES,
            "tasks": TASKS,
            "changes": [(timezone.now() - timedelta(hours=27 * n), *row) for n, row in enumerate(CHANGES)],
            "filter_form": TaskFilter(request.GET),
            "report_form": ReportForm({"share_done": "120", "product": ""}),
            "many": page_of(request, range(1, 1241)),
            "paginator": Paginator(range(1, 1241), 50),
            "map": province_map(
                SCORES,
                title="Điểm chung của 34 tỉnh, thành phố",
                bands=(50, 65, 80, 90),
                unit="điểm",
                addresses={code: f"?tinh={code}" for code in SCORES},
            ),
            "dots": dot_plot(
                [
                    Dot(
                        name=str(body["name"]).removeprefix("Thành phố "),
                        value=float(str(body["score"])),
                        low=float(str(body["score"])) - 3,
                        high=float(str(body["score"])) + 2.5,
                        address="?",
                        note=f"{body['low']}–{body['high']}",
                        group=1 if body["rank"] in (3, 4, 5) else None,
                    )
                    for body in BODIES
                ],
                title="Điểm và khoảng tin cậy",
                unit="điểm",
                reference=(72.4, "trung vị nhóm"),
            ),
            "path": target_path(
                [
                    Reading(date(year - 1, 3, 31), 20, 22, 20),
                    Reading(date(year - 1, 9, 30), 32, 36, 29),
                    Reading(date(year, 3, 31), 44, 47, 38),
                    Reading(date(year, 9, 30), 56, 62),
                    Reading(date(year + 1, 3, 31), 68),
                    Reading(date(year + 1, 12, 31), 85),
                ],
                title="Hồ sơ trực tuyến toàn trình",
                unit="%",
            ),
            "trends": trend(
                [
                    Series("Bộ Tư pháp", [(date(year, m, 1), 52.0 + 3 * m) for m in range(1, 9)]),
                    Series("Bộ Nội vụ", [(date(year, m, 1), 61.0 + 0.8 * m) for m in range(1, 9)]),
                    Series("Trung vị", [(date(year, m, 1), None if m == 4 else 58.0 + m) for m in range(1, 9)]),
                ],
                title="Hoàn thành đúng hạn",
                unit="%",
            ),
            "bars": bars(
                [Bar("Kết quả", 1.9, "?"), Bar("Kỷ cương", 0.8, "?"), Bar("Dữ liệu", 0.1), Bar("Niềm tin", -0.7, "?")],
                title="Vì sao điểm tăng 2,10",
                unit="điểm",
                decimals=2,
                is_difference=True,
            ),
            "owed": bars(
                [Bar("Bộ Tư pháp", 5, "?"), Bar("Bộ Xây dựng", 4, "?"), Bar("Bộ Y tế", 2, "?"), Bar("Cà Mau", 1)],
                title="Nhiệm vụ quá hạn",
                unit="nhiệm vụ",
            ),
            "today": today,
            "started": date(2026, 3, 1),
            "due": date(2026, 12, 31),
            "past_due": date(2026, 8, 15),
            "now_drawn": date(2026, 9, 14),
        },
    )


def live(request: HttpRequest) -> HttpResponse:
    """A page with one part that fetches itself again after every scoring."""
    return _newest(request, "style/live.html")


def live_part(request: HttpRequest) -> HttpResponse:
    """That part alone."""
    return _newest(request, "style/_live.html")


def _newest(request: HttpRequest, template: str) -> HttpResponse:
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    return render(request, template, {"newest": newest_number(), "part": reverse("style_live_part")})
