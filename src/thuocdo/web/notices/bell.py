"""The bell in the head of every page: how many notices wait for the person."""

from typing import Any

from django.http import HttpRequest
from django.template import Context, Library

from thuocdo.accounts.permissions import Actor
from thuocdo.alerts.queries import open_number
from thuocdo.web.kept import kept
from thuocdo.web.pages_kept import newest_of

register = Library()
# More are told as "99+": the bell says that there is something, the page says how much.
MOST = 99


def bell_number(request: HttpRequest, actor: Actor) -> int:
    """The number of open notices, counted once for each person and entry of the ledger.

    Whatever raises, closes or hands on a notice stands in the ledger, and so does whatever changes a right.
    """
    marks = (*newest_of(request), actor.on, actor.label, *sorted(map(repr, actor.held)))
    return kept("bell", *marks, build=lambda: open_number(actor))


@register.inclusion_tag("notices/_bell.html", takes_context=True)
def bell(context: Context) -> dict[str, Any]:
    """A link to the notices with their number; nothing for visitors."""
    request, actor = context.get("request"), context.get("actor")
    if request is None or actor is None or not actor.is_signed_in:
        return {"is_shown": False}
    number = bell_number(request, actor)
    return {"is_shown": True, "number": number, "shown": f"{MOST}+" if number > MOST else str(number)}
