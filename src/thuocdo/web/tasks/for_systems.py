"""The list for one receiving system: its columns, its identifiers, its tasks or all."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.accounts.queries import body_of
from thuocdo.exchanges.operations.delivering import deliver
from thuocdo.exchanges.queries.identifiers import bearing, system_by_code, systems
from thuocdo.tasks.files import MOST_ROWS, Cover
from thuocdo.tasks.queries import for_list
from thuocdo.web.design.blocks import say_wrong
from thuocdo.web.design.figures import number
from thuocdo.web.design.tables import ordering
from thuocdo.web.downloads import attachment
from thuocdo.web.exchanges.identifiers.forms import system_named
from thuocdo.web.signed_in import login_required

from .asked import asked_of, in_words, own_fields
from .listing import ORDERS, condition, narrowed, ordered

if TYPE_CHECKING:
    from collections.abc import Iterator

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# In the address: "ca" gives every task that the filters find, else only those that bear an identifier there.
WHOLE = "ca"


def offers_for_systems(query: str) -> "Iterator[tuple[str, str, str]]":
    """Name of each system, the address of its own tasks as the list is narrowed, and that of all of them."""
    for system in systems():
        address = reverse("tasks_for_system", args=[system.code])
        yield (
            system_named(system),
            f"{address}?{query}" if query else address,
            f"{address}?{query}&{WHOLE}=1" if query else f"{address}?{WHOLE}=1",
        )


@require_GET
@login_required
def for_system(request: HttpRequest, code: str) -> HttpResponseBase:
    """The list as its page is narrowed, in the columns of the system; what was handed over is written down."""
    system = system_by_code(code)
    if system is None:
        raise Http404
    actor, form, asked, tab = asked_of(request)
    require_anywhere(actor, Permission.VIEW_TASKS)
    now, today = timezone.now(), timezone.localdate()
    found = narrowed(actor, today, asked, own_fields(request)).filter(condition(tab, today))
    if request.GET.get(WHOLE) != "1":
        found = found.filter(bearing(system))
    counted = found.count()
    back = f"{reverse('tasks')}?{request.GET.urlencode()}"
    if not counted:
        say_wrong(
            request,
            gettext("Không có nhiệm vụ nào mang mã của %(system)s trong danh sách này.") % {"system": system.name},
            gettext("Ghi mã ở trang nhiệm vụ, nhập danh sách có cột mã, hoặc xuất cả danh sách."),
        )
        return redirect(back)
    if counted > MOST_ROWS:
        say_wrong(
            request,
            gettext("Danh sách có %(number)s dòng, bảng tính chỉ nhận %(most)s dòng.")
            % {"number": number(counted), "most": number(MOST_ROWS)},
            gettext("Lọc theo cơ quan, văn bản hoặc thời hạn rồi tải lại."),
        )
        return redirect(back)
    rows = ordered(for_list(found, today).prefetch_related(None), ordering(request, ORDERS, default="han"))
    with override("vi"):
        cover = Cover(body_of(actor), today, filters=in_words(form, asked, tab))
    content = deliver(actor=actor, at=now, system=system, tasks=rows, cover=cover)
    return attachment(content, name=f"nhiem-vu-{system.code}-{today:%Y%m%d}.xlsx", media_type=XLSX)
