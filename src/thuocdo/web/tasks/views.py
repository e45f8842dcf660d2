"""The list of tasks, and the same list as a spreadsheet."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, may_anywhere, require_anywhere
from thuocdo.ledger.queries import entries
from thuocdo.tasks.queries import for_list
from thuocdo.web.design.blocks import say_wrong
from thuocdo.web.design.figures import number
from thuocdo.web.design.tables import PAGE, address_with, ordering
from thuocdo.web.downloads import attachment
from thuocdo.web.kept import kept
from thuocdo.web.pages_kept import kept_page
from thuocdo.web.signed_in import actor_of, login_required

from . import export
from .asked import FILTERS, FIRST_FILTERS, MORE_FILTERS, asked_of, in_words
from .layouts import offers_of_list
from .listing import ALWAYS_SHOWN, ORDERS, TABS, condition, narrowed, ordered, page_of_rows, tally
from .sentences import opening


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the list says to one person, drawn; `found` is how many tasks fit filters and tab."""

    found: int
    sentence: SafeString
    tabs: SafeString
    content: SafeString


@require_GET
@login_required
@kept_page
def tasks(request: HttpRequest) -> HttpResponse:
    """The list: the sentence, the tabs with their counts, the filters, one page of rows."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_TASKS)
    today = timezone.localdate()
    # Whatever happens to a task, a body or a role stands in the ledger: the next entry has everything drawn anew.
    newest = entries().values_list("number", "digest").first() or (0, "")
    marks = (*newest, today, actor.label, *sorted(map(repr, actor.held)), request.GET.urlencode())
    return render(
        request,
        "tasks/list.html",
        {
            "drawn": kept("task-list", *marks, build=lambda: _drawn(request, today)),
            "export_address": _export_address(request),
            "may_assign": may_anywhere(actor, Permission.ASSIGN_TASK),
            "may_import": may_anywhere(actor, Permission.ASSIGN_TASK)
            or may_anywhere(actor, Permission.REPORT_PROGRESS),
        },
    )


def _drawn(request: HttpRequest, today: date) -> Drawn:
    actor, form, asked, word = asked_of(request)
    counts = tally(actor, today, asked)
    found = narrowed(actor, today, asked).filter(condition(word, today))
    page = page_of_rows(
        actor, ordered(found, ordering(request, ORDERS, default="han")), counts[word], today, request.GET.get(PAGE)
    )

    def address(**changes: str | None) -> str:
        return address_with(request, **{PAGE: None, **changes})

    is_narrowed = any(request.GET.get(name) for name in FILTERS)
    tabs = [
        {
            "address": address(muc=tab.word or None),
            "title": tab.title,
            "number": counts[tab.word],
            "is_here": tab.word == word,
        }
        for tab in TABS
        if tab.word in ALWAYS_SHOWN or tab.word == word or counts[tab.word]
    ]
    context = {
        "form": form,
        "found": counts[word],
        "page": page,
        "word": word,
        "is_narrowed": is_narrowed,
        "first_fields": [form[name] for name in FIRST_FILTERS],
        "more_fields": [form[name] for name in MORE_FILTERS],
        "is_detailed": any(request.GET.get(name) for name in MORE_FILTERS),
        "bare_address": address_with(request, **dict.fromkeys((*FILTERS, "co_quan_ma", PAGE))),
        "all_address": address(muc="tat-ca"),
        "all_number": counts["tat-ca"],
        "layouts": offers_of_list(_query(request)),
        "may_assign": may_anywhere(actor, Permission.ASSIGN_TASK),
    }
    return Drawn(
        found=counts[word],
        sentence=conditional_escape(opening(counts, address, is_narrowed=is_narrowed)),
        tabs=SafeString(render_to_string("tasks/_tabs.html", {"tabs": tabs}, request)),
        content=SafeString(render_to_string("tasks/_list.html", context, request)),
    )


@require_GET
@login_required
def spreadsheet(request: HttpRequest) -> HttpResponseBase:
    """The list as xlsx, with every filter and the tab of the address; too long a list is sent back."""
    actor, form, asked, word = asked_of(request)
    today = timezone.localdate()
    counted = tally(actor, today, asked)[word]
    if counted > export.MOST_ROWS:
        say_wrong(
            request,
            gettext("Danh sách có %(number)s dòng, bảng tính chỉ nhận %(most)s dòng.")
            % {"number": number(counted), "most": number(export.MOST_ROWS)},
            gettext("Lọc theo cơ quan, văn bản hoặc thời hạn rồi tải lại."),
        )
        return redirect(f"{reverse('tasks')}?{request.GET.urlencode()}")
    found = narrowed(actor, today, asked).filter(condition(word, today))
    rows = ordered(for_list(found, today), ordering(request, ORDERS, default="han"))
    name = f"nhiem-vu-{today:%Y%m%d}.xlsx"
    filters = in_words(form, asked, word)
    with export.spreadsheet(rows.iterator(chunk_size=500), today=today, filters=filters) as file:
        return attachment(file.read(), name=name, media_type=export.MEDIA_TYPE)


def _query(request: HttpRequest) -> str:
    """What narrows the list, without the page."""
    query = request.GET.copy()
    query.pop(PAGE, None)
    return query.urlencode()


def _export_address(request: HttpRequest) -> str:
    query = _query(request)
    return f"{reverse('tasks_export')}?{query}" if query else reverse("tasks_export")
