"""The list of tasks, and the same list as a spreadsheet."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere, require_anywhere
from thuocdo.tasks.queries import for_list
from thuocdo.web.design.blocks import say_wrong
from thuocdo.web.design.figures import named, number
from thuocdo.web.design.tables import PAGE, address_with, ordering
from thuocdo.web.downloads import attachment
from thuocdo.web.signed_in import actor_of, login_required

from . import export
from .forms import TaskFilter
from .listing import ALWAYS_SHOWN, OPEN_TAB, ORDERS, TABS, condition, narrowed, ordered, page_of_rows, tally
from .sentences import opening

FIRST_FILTERS = ("tim", "co_quan")
MORE_FILTERS = ("van_ban", "tu", "den", "trong_tam")
FILTERS = (*FIRST_FILTERS, *MORE_FILTERS, "nhom")


def _asked(request: HttpRequest) -> tuple[Actor, TaskFilter, Mapping[str, Any], str]:
    """Who asks for what: the actor, the form, its valid filters, and the word of the tab."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_TASKS)
    form = TaskFilter(request.GET, actor)
    form.is_valid()
    # What cannot be read narrows nothing; the error stands beside its field.
    asked = form.cleaned_data
    word = asked.get("muc", "")
    return actor, form, asked, word if any(tab.word == word for tab in TABS) else OPEN_TAB.word


@require_GET
@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    """The list: the sentence, the tabs with their counts, the filters, one page of rows."""
    actor, form, asked, word = _asked(request)
    today = timezone.localdate()
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
    return render(
        request,
        "tasks/list.html",
        {
            "form": form,
            "page": page,
            "found": counts[word],
            "tabs": tabs,
            "word": word,
            "sentence": opening(counts, address, is_narrowed=is_narrowed),
            "is_narrowed": is_narrowed,
            "first_fields": [form[name] for name in FIRST_FILTERS],
            "more_fields": [form[name] for name in MORE_FILTERS],
            "is_detailed": any(request.GET.get(name) for name in MORE_FILTERS),
            "bare_address": address_with(request, **dict.fromkeys((*FILTERS, "co_quan_ma", PAGE))),
            "all_address": address(muc="tat-ca"),
            "all_number": counts["tat-ca"],
            "export_address": _export_address(request),
            "may_assign": may_anywhere(actor, Permission.ASSIGN_TASK),
        },
    )


@require_GET
@login_required
def spreadsheet(request: HttpRequest) -> HttpResponseBase:
    """The list as xlsx, with every filter and the tab of the address; too long a list is sent back."""
    actor, form, asked, word = _asked(request)
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
    filters = _in_words(form, asked, word)
    with export.spreadsheet(rows.iterator(chunk_size=500), today=today, filters=filters) as file:
        return attachment(file.read(), name=name, media_type=export.MEDIA_TYPE)


def _export_address(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop(PAGE, None)
    return f"{reverse('tasks_export')}?{query.urlencode()}" if query else reverse("tasks_export")


def _in_words(form: TaskFilter, asked: Mapping[str, Any], word: str) -> str:
    """How the list was narrowed, as a line of text."""
    said = [str(tab.title) for tab in TABS if tab.word == word]
    for name in FILTERS:
        if not (value := asked.get(name)):
            continue
        shown = named(value) if name == "co_quan" else f"{value:%d/%m/%Y}" if name in ("tu", "den") else str(value)
        if name == "trong_tam":
            shown = gettext("có") if value == "1" else gettext("không")
        if name == "nhom":
            continue
        said.append(f"{form.fields[name].label}: {shown}")
    return "; ".join(said)
