"""What a request asks of the list of tasks: its filters as a form, its tab, and both in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import Period
from thuocdo.tasks.queries.fields import fields_offered, matching
from thuocdo.web.design.figures import named
from thuocdo.web.signed_in import actor_of

from .forms import TaskFilter
from .listing import OPEN_TAB, TABS

if TYPE_CHECKING:
    from thuocdo.tasks.models import Field

FIRST_FILTERS = ("tim", "co_quan")
MORE_FILTERS = (
    "pham_vi",
    "van_ban",
    "tu",
    "den",
    "ky",
    "trang_thai",
    "thuc_hien",
    "so_han",
    "trong_tam",
    "loai",
    "chuong_trinh",
    "chua_ro",
)
FILTERS = (*FIRST_FILTERS, *MORE_FILTERS, "nhom")


def asked_of(request: HttpRequest) -> tuple[Actor, TaskFilter, Mapping[str, Any], str]:
    """Who asks for what: the actor, the form, its valid filters, and the word of the tab."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_TASKS)
    own = own_fields(request)
    form = TaskFilter(request.GET, actor, own)
    form.is_valid()
    # What cannot be read narrows nothing; the error stands beside its field.
    asked = form.cleaned_data
    for one in own:
        if (typed := asked.get(f"f{one.pk}")) and matching(one, typed) is None:
            form.add_error(f"f{one.pk}", gettext("Không đọc được “%(typed)s”; ghi ví dụ 10..50.") % {"typed": typed})
    word = asked.get("muc", "")
    return actor, form, asked, word if any(tab.word == word for tab in TABS) else OPEN_TAB.word


def own_fields(request: HttpRequest) -> "list[Field]":
    """The fields of bodies' own that this list may show and be narrowed by; asked for once a request."""
    kept: list[Field] | None = getattr(request, "own_task_fields", None)
    if kept is None:
        code = request.GET.get("co_quan_ma") or request.GET.get("co_quan", "")
        kept = fields_offered(actor_of(request), body=code if len(code) <= 40 else "")
        request.own_task_fields = kept  # type: ignore[attr-defined]
    return kept


def is_filter(name: str) -> bool:
    """Whether a word of the address narrows the list: one of the filters, or a body's own field."""
    return name in FILTERS or (name[:1] == "f" and name[1:].isdecimal())


def in_words(form: TaskFilter, asked: Mapping[str, Any], word: str) -> str:
    """How the list was narrowed, as a line of text."""
    said = [str(tab.title) for tab in TABS if tab.word == word]
    for name in (*FILTERS, *(name for name in form.fields if name not in FILTERS and is_filter(name))):
        if not (value := asked.get(name)):
            continue
        shown = named(value) if name == "co_quan" else f"{value:%d/%m/%Y}" if name in ("tu", "den") else str(value)
        if name == "trong_tam":
            shown = gettext("có") if value == "1" else gettext("không")
        if name == "nhom":
            continue
        if isinstance(field := form.fields[name], forms.ChoiceField) and name != "trong_tam":
            options: Any = field.choices
            shown = str(dict(options).get(value, value))
        if isinstance(value, Period):
            shown = value.display("vi")
        said.append(f"{form.fields[name].label}: {shown}")
    return "; ".join(said)
