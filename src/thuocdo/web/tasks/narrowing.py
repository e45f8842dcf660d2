"""What the other ways to look at tasks share with the list: the filters of the address, drawn above."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpRequest

from thuocdo.accounts.permissions import Actor
from thuocdo.web.design.tables import address_with

from .asked import FILTERS, FIRST_FILTERS, MORE_FILTERS, asked_of, is_filter, own_fields
from .listing import condition, narrowed
from .views_of import views_of

if TYPE_CHECKING:
    from thuocdo.tasks.models import Task


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The tasks that the address asks for, and what a template needs to draw the filters."""

    actor: Actor
    tasks: "QuerySet[Task]"
    context: dict[str, Any]


def narrowed_for(request: HttpRequest, today: date, here: str, *, tab: str | None = None) -> Narrowed:
    """The tasks of the address's filters and tab (`tab` overrules it); NotAllowed for whoever sees no tasks."""
    actor, form, asked, word = asked_of(request)
    own = own_fields(request)
    tasks = narrowed(actor, today, asked, own).filter(condition(word if tab is None else tab, today))
    names = [f"f{one.pk}" for one in own]
    more = (*MORE_FILTERS, *names)
    context = {
        "form": form,
        "first_fields": [form[name] for name in FIRST_FILTERS],
        "more_fields": [form[name] for name in more],
        "is_detailed": any(request.GET.get(name) for name in more),
        "is_narrowed": any(request.GET.get(name) for name in request.GET if is_filter(name)),
        "bare_address": address_with(request, **dict.fromkeys((*FILTERS, *names, "co_quan_ma"))),
        "views": views_of(request, here),
    }
    return Narrowed(actor, tasks, context)
