"""The list of tasks, and the same list as a spreadsheet."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, may_anywhere, require_anywhere
from thuocdo.tasks.queries import for_list
from thuocdo.web.design.blocks import say_wrong
from thuocdo.web.design.figures import number
from thuocdo.web.design.tables import PAGE, SORT, address_with, ordering
from thuocdo.web.downloads import attachment
from thuocdo.web.pages_kept import kept_page, newest_of
from thuocdo.web.signed_in import actor_of, login_required

from . import export
from .asked import FILTERS, FIRST_FILTERS, MORE_FILTERS, asked_of, in_words, is_filter, own_fields
from .bulk.acts import offered_acts
from .columns import CHOSEN, cells, chosen, offered, own_of
from .for_systems import offers_for_systems
from .keyset import AFTER, BEFORE, page_of_keys
from .layouts import offers_of_list
from .listing import ALWAYS_SHOWN, ORDERS, TABS, condition, narrowed, ordered, rows_of, tally
from .saved.views import saved_bar
from .sentences import opening
from .views_of import views_of


@require_GET
@login_required
@kept_page
def tasks(request: HttpRequest) -> HttpResponse:
    """The list: the sentence, the tabs with their counts, the filters, one page of rows."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_TASKS)
    today = timezone.localdate()
    actor, form, asked, word = asked_of(request)
    own = own_fields(request)
    everything = narrowed(actor, today, asked, own)
    counts = tally(actor, today, asked, own, tasks=everything, newest=newest_of(request))
    order = ordering(request, ORDERS, default="han")
    found = everything.filter(condition(word, today))
    page = page_of_keys(request, found, order, counts[word])
    columns = chosen(request, own)
    with_coordinators = any(column.word == "phoi_hop" for column in columns)
    rows = rows_of(actor, page.keys, today, own_of(columns, own), with_coordinators=with_coordinators)

    def address(**changes: str | None) -> str:
        return address_with(request, **{PAGE: None, AFTER: None, BEFORE: None, **changes})

    is_narrowed = any(request.GET.get(name) for name in request.GET if is_filter(name))
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
    own_names = [f"f{one.pk}" for one in own]
    names = {column.word for column in columns}
    context: dict[str, Any] = {
        "form": form,
        "found": counts[word],
        "page": page,
        "lines": [{"row": row, "cells": cells(row, columns)} for row in rows],
        "columns": columns,
        "column_choices": [(column, column.word in names) for column in offered(own)],
        "chosen_word": CHOSEN,
        "are_columns_chosen": bool(request.GET.getlist(CHOSEN)),
        "kept_words": [
            (name, value)
            for name, values in request.GET.lists()
            if name not in (CHOSEN, PAGE, AFTER, BEFORE)
            for value in values
        ],
        "kept_columns": request.GET.getlist(CHOSEN),
        "usual_columns": address_with(request, **{CHOSEN: None}),
        "word": word,
        "is_narrowed": is_narrowed,
        "first_fields": [form[name] for name in FIRST_FILTERS],
        "more_fields": [form[name] for name in (*MORE_FILTERS, *own_names)],
        "is_detailed": any(request.GET.get(name) for name in (*MORE_FILTERS, *own_names)),
        "bare_address": address_with(
            request, **dict.fromkeys((*FILTERS, *own_names, "co_quan_ma", PAGE, AFTER, BEFORE))
        ),
        "all_address": address(muc="tat-ca"),
        "all_number": counts["tat-ca"],
        "layouts": offers_of_list(_query(request)),
        "for_systems": list(offers_for_systems(_query(request))) if counts[word] else [],
        "may_assign": may_anywhere(actor, Permission.ASSIGN_TASK),
        "may_divide": may_anywhere(actor, Permission.DIVIDE_TASK),
        "acts": offered_acts(actor),
        "saved": saved_bar(request, actor),
        "views": views_of(request, "tasks"),
    }
    return render(
        request,
        "tasks/list.html",
        context
        | {
            "sentence": opening(counts, address, is_narrowed=is_narrowed),
            "tabs": tabs,
            "default_order": "han",
            "sort_word": SORT,
            "export_address": _export_address(request),
            "may_import": may_anywhere(actor, Permission.ASSIGN_TASK)
            or may_anywhere(actor, Permission.REPORT_PROGRESS),
        },
    )


@require_GET
@login_required
def spreadsheet(request: HttpRequest) -> HttpResponseBase:
    """The list as xlsx, with every filter and the tab of the address; too long a list is sent back."""
    actor, form, asked, word = asked_of(request)
    own = own_fields(request)
    today = timezone.localdate()
    counted = tally(actor, today, asked, own)[word]
    if counted > export.MOST_ROWS:
        say_wrong(
            request,
            gettext("Danh sách có %(number)s dòng, bảng tính chỉ nhận %(most)s dòng.")
            % {"number": number(counted), "most": number(export.MOST_ROWS)},
            gettext("Lọc theo cơ quan, văn bản hoặc thời hạn rồi tải lại."),
        )
        return redirect(f"{reverse('tasks')}?{request.GET.urlencode()}")
    found = narrowed(actor, today, asked, own).filter(condition(word, today))
    rows = ordered(for_list(found, today), ordering(request, ORDERS, default="han"))
    name = f"nhiem-vu-{today:%Y%m%d}.xlsx"
    filters = in_words(form, asked, word)
    with export.spreadsheet(rows.iterator(chunk_size=500), today=today, filters=filters, fields=own) as file:
        return attachment(file.read(), name=name, media_type=export.MEDIA_TYPE)


def _query(request: HttpRequest) -> str:
    """What narrows the list, without the page."""
    query = request.GET.copy()
    for name in (PAGE, AFTER, BEFORE):
        query.pop(name, None)
    return query.urlencode()


def _export_address(request: HttpRequest) -> str:
    query = _query(request)
    return f"{reverse('tasks_export')}?{query}" if query else reverse("tasks_export")
