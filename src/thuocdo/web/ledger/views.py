"""The list of entries, one entry with its proof, and the walk along the whole chain."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from thuocdo.accounts.permissions import Permission, may_everywhere
from thuocdo.ledger.queries import entries, entry_by_number, first_broken_entry, holds, newest_number
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.design.figures import number as figure
from thuocdo.web.design.tables import page_of
from thuocdo.web.signed_in import actor_of, login_required

from .forms import LedgerFilter
from .wording import actor_in_words, place_of, words_for

if TYPE_CHECKING:
    from thuocdo.ledger.models import Entry


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in words."""

    entry: "Entry"
    words: str
    who: str
    place: str


def _row(entry: "Entry") -> Row:
    return Row(entry, words_for(entry.event), actor_in_words(entry.actor), place_of(entry.subject))


def _refuse_strangers(request: HttpRequest) -> None:
    """The ledger tells of all bodies at once, so only a right that reaches all of them opens it."""
    if not may_everywhere(actor_of(request), Permission.VIEW_LEDGER):
        raise PermissionDenied


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Entries, newest first."""
    _refuse_strangers(request)
    form = LedgerFilter(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    found = entries(
        subject=asked.get("doi_tuong", "").strip(),
        event=asked.get("su_kien", ""),
        actor=asked.get("nguoi", "").strip(),
    )
    entries_page = page_of(request, found)
    newest = newest_number()
    return render(
        request,
        "ledger/page.html",
        {
            "form": form,
            "page": entries_page,
            "rows": [_row(entry) for entry in entries_page.object_list],
            "found": entries_page.paginator.count,
            "newest": newest,
        },
    )


@login_required
@require_GET
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: what it says, what it is sealed with, and whether the seal fits."""
    _refuse_strangers(request)
    found = entry_by_number(number)
    if found is None:
        raise Http404
    return render(
        request,
        "ledger/entry.html",
        {
            "row": _row(found),
            "data": json.dumps(json.loads(found.data), ensure_ascii=False, indent=2),
            "holds": holds(found),
            "newest": newest_number(),
        },
    )


@login_required
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain and say what was found."""
    _refuse_strangers(request)
    broken = first_broken_entry()
    if broken is None:
        say(
            request,
            gettext("Chuỗi nhật ký nguyên vẹn: đã kiểm tra %(count)s mục.") % {"count": figure(newest_number())},
        )
        return redirect("ledger")
    say_wrong(
        request,
        gettext("Chuỗi nhật ký bị đứt tại mục %(number)s.") % {"number": broken.number},
        gettext("Giữ nguyên hiện trạng, sao lưu cơ sở dữ liệu và báo người quản trị để đối chiếu với bản sao."),
    )
    return redirect("ledger_entry", number=max(1, min(broken.number, newest_number())))
