"""The frame's own parts: main navigation by permission, language switch, user menu."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest
from django.template import Context, Library
from django.template.loader import render_to_string
from django.urls import get_resolver, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere

register = Library()
# A phone has room for so many lines side by side; more of them open from a button, which needs no script.
MOST_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the main navigation: the name of its address, its title, and who is offered it."""

    name: str
    title: str | Promise
    permission: Permission | None = None
    # Any of these opens the line as well.
    or_permissions: tuple[Permission, ...] = ()
    is_for_people: bool = False
    is_for_public: bool = False


MENU = (
    Entry("public_tasks", _("Ai đang nợ việc gì"), is_for_public=True),
    Entry("bodies", _("Cơ quan"), is_for_public=True),
    Entry("method", _("Cách xếp hạng"), is_for_public=True),
    Entry("overview", _("Tổng quan"), Permission.VIEW_SCORES),
    Entry("my_work", _("Việc của tôi"), is_for_people=True),
    Entry("tasks", _("Nhiệm vụ"), Permission.VIEW_TASKS),
    Entry("rankings", _("Xếp hạng"), Permission.VIEW_SCORES),
    Entry("heads", _("Người đứng đầu"), Permission.VIEW_DOSSIER),
    Entry("indicators", _("Chỉ số"), Permission.VIEW_INDICATORS),
    Entry(
        "data_entry",
        _("Số liệu"),
        Permission.RECORD_MEASUREMENT,
        or_permissions=(Permission.RECORD_INDEPENDENT_MEASUREMENT, Permission.FEED_MEASUREMENT),
    ),
    Entry("directives", _("Văn bản chỉ đạo"), Permission.VIEW_DIRECTIVES),
    Entry("meetings", _("Cuộc họp"), Permission.VIEW_TASKS),
    Entry("publications", _("Công bố")),
    Entry("feeds", _("Nguồn dữ liệu"), Permission.VIEW_LEDGER),
    Entry("ledger", _("Nhật ký"), Permission.VIEW_LEDGER),
    Entry("administration", _("Quản trị"), Permission.MANAGE_ACCOUNTS),
)


@cache
def _names() -> frozenset[str]:
    """Names in the site map, so that the menu offers what this instance has."""
    return frozenset(name for name in get_resolver().reverse_dict if isinstance(name, str))


@register.simple_tag
def may(actor: Actor, permission: str) -> bool:
    """Whether some role of the actor grants the permission: {% may actor "publish" as may_publish %}."""
    return may_anywhere(actor, Permission(permission))


@register.simple_tag
def frame_part(name: str) -> SafeString:
    """A template that depends on nothing but the language: drawn once for each process, for the frame of every page."""
    return _frame_part(name, get_language() or "vi")


@cache
def _frame_part(name: str, _language: str) -> SafeString:
    return SafeString(render_to_string(name))


@register.simple_tag
@cache
def place(name: str) -> str:
    """The address of a page without arguments; `{% url %}` looks it up anew each time."""
    return reverse(name)


@register.simple_tag(takes_context=True)
def main_menu(context: Context) -> SafeString:
    """The main navigation: only what the person may open."""
    request: HttpRequest = context["request"]
    offered = _offered(context["actor"])
    here = next((name for name in offered if _is_at(request.path, place(name))), "")
    return drawn_menu(offered, here, get_language() or "vi")


def _offered(actor: Actor) -> tuple[str, ...]:
    names = []
    for entry in MENU:
        if entry.name not in _names():
            continue
        if entry.is_for_people and not actor.is_signed_in:
            continue
        # Whoever holds a role finds the same in their own lists.
        if entry.is_for_public and actor.held:
            continue
        if entry.permission and not any(
            may_anywhere(actor, permission) for permission in (entry.permission, *entry.or_permissions)
        ):
            continue
        names.append(entry.name)
    return tuple(names)


def _is_at(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(address))


@lru_cache(maxsize=512)
def drawn_menu(offered: tuple[str, ...], here: str, _language: str) -> SafeString:
    """The same for everybody who is offered the same, on every page below one line."""
    titles = {entry.name: entry.title for entry in MENU}
    lines = [{"address": place(name), "title": titles[name], "is_here": name == here} for name in offered]
    is_at = next((line["title"] for line in lines if line["is_here"]), "")
    words = {"lines": lines, "here": is_at, "is_long": len(lines) > MOST_IN_A_ROW}
    return SafeString(render_to_string("design/_menu.html", words))


@register.inclusion_tag("design/_languages.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """A button for the other language; comes back to the same page."""
    request: HttpRequest = context["request"]
    is_english = (get_language() or "vi").startswith("en")
    return {
        "other": "vi" if is_english else "en",
        "title": "Tiếng Việt" if is_english else "English",
        "next": request.get_full_path() if request.method == "GET" else request.path,
        "csrf_token": context.get("csrf_token"),
    }
