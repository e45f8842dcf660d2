"""The living style page, shown on demonstration and development instances only."""

from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thuocdo.web.design.tables import page_of

from .examples import BODIES, CHANGES, TASKS


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
    return render(
        request,
        "design/style/page.html",
        {
            "bodies": BODIES,
            "tasks": TASKS,
            "changes": [(timezone.now() - timedelta(hours=27 * n), *row) for n, row in enumerate(CHANGES)],
            "filter_form": TaskFilter(request.GET),
            "report_form": ReportForm({"share_done": "120", "product": ""}),
            "many": page_of(request, range(1, 1241)),
            "paginator": Paginator(range(1, 1241), 50),
            "today": today,
            "started": date(2026, 3, 1),
            "due": date(2026, 12, 31),
            "past_due": date(2026, 8, 15),
            "now_drawn": date(2026, 9, 14),
        },
    )
