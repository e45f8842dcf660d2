"""What a request asks of the list of tasks: its filters as a form, its tab, and both in words."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.web.design.figures import named
from thuocdo.web.signed_in import actor_of

from .forms import TaskFilter
from .listing import OPEN_TAB, TABS

FIRST_FILTERS = ("tim", "co_quan")
MORE_FILTERS = ("van_ban", "tu", "den", "trong_tam")
FILTERS = (*FIRST_FILTERS, *MORE_FILTERS, "nhom")


def asked_of(request: HttpRequest) -> tuple[Actor, TaskFilter, Mapping[str, Any], str]:
    """Who asks for what: the actor, the form, its valid filters, and the word of the tab."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_TASKS)
    form = TaskFilter(request.GET, actor)
    form.is_valid()
    # What cannot be read narrows nothing; the error stands beside its field.
    asked = form.cleaned_data
    word = asked.get("muc", "")
    return actor, form, asked, word if any(tab.word == word for tab in TABS) else OPEN_TAB.word


def in_words(form: TaskFilter, asked: Mapping[str, Any], word: str) -> str:
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
