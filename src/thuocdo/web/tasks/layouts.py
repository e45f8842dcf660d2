"""Lists of tasks in the two official column layouts: of a document, or as the list page is narrowed; Excel or Word."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.accounts.queries import body_of
from thuocdo.directives.queries import document_by_id
from thuocdo.tasks.files import LAYOUTS, MOST_ROWS, MOST_WORD_ROWS, Cover, Layout, word_document, workbook
from thuocdo.tasks.queries import for_list, lines, tasks_of_document
from thuocdo.web.design.blocks import say_wrong
from thuocdo.web.design.figures import number as figure
from thuocdo.web.design.tables import ordering
from thuocdo.web.downloads import attachment
from thuocdo.web.signed_in import actor_of, login_required

from .asked import asked_of, in_words, own_fields
from .export import MEDIA_TYPE as XLSX
from .listing import ORDERS, condition, narrowed, ordered, tally

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from thuocdo.tasks.models import Task

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MOST = {"xlsx": MOST_ROWS, "docx": MOST_WORD_ROWS}
_TITLES = {"government": _("Mẫu Chính phủ"), "party": _("Mẫu Đảng")}
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Offer:
    """One layout as a page offers it: its title, and an address for each kind of file."""

    title: "str | Promise"
    excel: str
    word: str


def offers_of_list(query: str) -> Iterator[Offer]:
    """The layouts of the list of tasks as the address narrows it."""
    tail = f"?{query}" if query else ""
    for layout in LAYOUTS.values():
        excel, word = (reverse("tasks_layout", args=[layout.word, ending]) + tail for ending in _MOST)
        yield Offer(_TITLES[layout.name], excel, word)


def offers_of_document(number: int) -> Iterator[Offer]:
    """The layouts of what was confirmed from a document."""
    for layout in LAYOUTS.values():
        excel, word = (reverse("directive_tasks", args=[number, layout.word, ending]) for ending in _MOST)
        yield Offer(_TITLES[layout.name], excel, word)


def _layout(word: str, ending: str) -> Layout:
    found = next((layout for layout in LAYOUTS.values() if layout.word == word), None)
    if found is None or ending not in _MOST:
        raise Http404
    return found


@require_GET
@login_required
def of_list(request: HttpRequest, word: str, ending: str) -> HttpResponseBase:
    """The list as its page shows it, with every filter and the tab of the address; too long a list is sent back."""
    layout = _layout(word, ending)
    actor, form, asked, tab = asked_of(request)
    today = timezone.localdate()
    own = own_fields(request)
    counted = tally(actor, today, asked, own)[tab]
    if counted > _MOST[ending]:
        _too_long(request, counted, ending)
        return redirect(f"{reverse('tasks')}?{request.GET.urlencode()}")
    found = narrowed(actor, today, asked, own).filter(condition(tab, today))
    rows = ordered(for_list(found, today).prefetch_related(None), ordering(request, ORDERS, default="han"))
    with override("vi"):
        cover = Cover(body_of(actor), today, filters=in_words(form, asked, tab))
    return _file(rows, layout, ending, cover, today, f"nhiem-vu-{layout.word}-{today:%Y%m%d}")


@require_GET
@login_required
def of_document(request: HttpRequest, number: int, word: str, ending: str) -> HttpResponseBase:
    """What was confirmed from a document, in the order of the document."""
    layout = _layout(word, ending)
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_TASKS)
    document = document_by_id(actor, number) if number <= _LARGEST_ID else None
    if document is None:
        raise Http404
    today = timezone.localdate()
    rows = tasks_of_document(actor, document)
    counted = rows.count()
    if not counted or counted > _MOST[ending]:
        if counted:
            _too_long(request, counted, ending)
        else:
            say_wrong(
                request,
                gettext("Chưa có nhiệm vụ nào được xác nhận từ văn bản này."),
                gettext("Xác nhận ít nhất một nhiệm vụ rồi tải lại."),
            )
        return redirect("directive", number)
    cover = Cover(body_of(actor), today, subject=subject_of(document.number, document.title, document.issued_on))
    return _file(rows, layout, ending, cover, today, f"nhiem-vu-van-ban-{number}-{layout.word}")


def subject_of(document_number: str, title: str, issued_on: date | None) -> str:
    """What a list of one document says that it is about, in the words of the forms."""
    said = f"Theo văn bản số {document_number}" if document_number else f"Theo văn bản “{title}”"
    return f"{said} ngày {issued_on:%d/%m/%Y}" if issued_on else said


def _too_long(request: HttpRequest, counted: int, ending: str) -> None:
    words = {"number": figure(counted), "most": figure(_MOST[ending])}
    if ending == "docx":
        say_wrong(
            request,
            gettext("Danh sách có %(number)s dòng, tệp Word chỉ nhận %(most)s dòng.") % words,
            gettext("Tải tệp Excel, hoặc lọc bớt rồi tải lại."),
        )
    else:
        say_wrong(
            request,
            gettext("Danh sách có %(number)s dòng, bảng tính chỉ nhận %(most)s dòng.") % words,
            gettext("Lọc theo cơ quan, văn bản hoặc thời hạn rồi tải lại."),
        )


def _file(rows: "QuerySet[Task]", layout: Layout, ending: str, cover: Cover, today: date, name: str) -> HttpResponse:
    if ending == "docx":
        content = word_document(lines(rows, today), layout=layout, cover=cover)
        return attachment(content, name=f"{name}.docx", media_type=DOCX)
    with workbook(lines(rows, today), layout=layout, cover=cover) as file:
        return attachment(file.read(), name=f"{name}.xlsx", media_type=XLSX)
