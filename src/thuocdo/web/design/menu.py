"""The frame's own parts: main navigation by permission, language switch, user menu."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.template import Context, Library
from django.urls import get_resolver, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere

register = Library()


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
    Entry("indicators", _("Chỉ số"), Permission.VIEW_INDICATORS),
    Entry(
        "data_entry",
        _("Số liệu"),
        Permission.RECORD_MEASUREMENT,
        or_permissions=(Permission.RECORD_INDEPENDENT_MEASUREMENT, Permission.FEED_MEASUREMENT),
    ),
    Entry("directives", _("Văn bản chỉ đạo"), Permission.VIEW_DIRECTIVES),
    Entry("publications", _("Công bố")),
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


@register.inclusion_tag("design/_menu.html", takes_context=True)
def main_menu(context: Context) -> dict[str, Any]:
    """The main navigation: only what the person may open."""
    request: HttpRequest = context["request"]
    actor: Actor = context["actor"]
    lines = []
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
        address = reverse(entry.name)
        is_here = request.path == address or (address != "/" and request.path.startswith(address))
        lines.append({"address": address, "title": entry.title, "is_here": is_here})
    return {"lines": lines}


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
