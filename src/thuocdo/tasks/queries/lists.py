"""Lists of tasks: what the actor may see, what is overdue or due, and the filters of the list page."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.directives.models import Document
from thuocdo.engine.calendars import add_working_days
from thuocdo.engine.spelling import search_key
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import OWED, Secrecy, State
from thuocdo.tasks.models import Coordination, Task

from .status import with_status


def visible_to(actor: Actor) -> QuerySet[Task]:
    """Tasks whose lead, coordinating, assigning or accepting body lies within what the actor may see.

    Drafts are seen on the assigning side only.
    """
    if actor.is_machine:
        return Task.objects.all()
    bodies = bodies_within(actor, Permission.VIEW_TASKS).values("pk")
    coordinated = Coordination.objects.filter(task=OuterRef("pk"), body__in=bodies)
    given = Q(assigned_by__in=bodies)
    owed = Q(lead__in=bodies) | Q(accepting_body__in=bodies) | Exists(coordinated)
    return Task.objects.filter(given | (~Q(state=State.DRAFT) & owed))


def public_tasks() -> QuerySet[Task]:
    """Tasks that anybody may learn of: progress, responsible body and result of those classed as public."""
    return Task.objects.filter(secrecy=Secrecy.PUBLIC).exclude(state=State.DRAFT)


def for_list(tasks: QuerySet[Task], today: date) -> QuerySet[Task]:
    """The tasks with status and everything a row of a list shows, in two queries, by deadline and code."""
    coordinations = Coordination.objects.select_related("body").order_by("position")
    return (
        with_status(tasks, today)
        .select_related("lead", "assigned_by", "document")
        .prefetch_related(Prefetch("coordinations", coordinations))
        .order_by(F("due_on").asc(nulls_last=True), "code")
    )


def task_by_code(code: str, *, actor: Actor) -> Task | None:
    """The task with this code, if it exists and the actor may see it."""
    return _whole(visible_to(actor).filter(code=code)).first()


def task_by_id(number: int, *, actor: Actor) -> Task | None:
    """The task with this number, if it exists and the actor may see it."""
    return _whole(visible_to(actor).filter(pk=number)).first()


def _whole(tasks: QuerySet[Task]) -> QuerySet[Task]:
    coordinations = Coordination.objects.select_related("body").order_by("position")
    around = ("lead", "assigned_by", "accepting_body", "responsible", "document__body", "candidate", "collective")
    return tasks.select_related(*around).prefetch_related(
        Prefetch("coordinations", coordinations)
    )


def overdue_tasks(today: date, *, among: QuerySet[Task] | None = None) -> QuerySet[Task]:
    """Owed tasks whose last allowed day has passed, the longest overdue first."""
    return _among(among).filter(state__in=sorted(OWED), due_on__lt=today).order_by("due_on", "code")


def newly_overdue(since: date, today: date, *, among: QuerySet[Task] | None = None) -> QuerySet[Task]:
    """Tasks overdue today that were not yet overdue on the day `since` (a meeting, the last review)."""
    return overdue_tasks(today, among=among).filter(due_on__gte=since)


def due_within(
    days: int,
    today: date,
    *,
    among: QuerySet[Task] | None = None,
    working: bool = False,
    overrides: Mapping[date, bool] | None = None,
) -> QuerySet[Task]:
    """Owed tasks whose last allowed day is today or at most `days` days ahead (working days on request)."""
    last = add_working_days(today, days, overrides=overrides) if working else today + timedelta(days=days)
    found = _among(among).filter(state__in=sorted(OWED), due_on__gte=today, due_on__lte=max(last, today))
    return found.order_by("due_on", "code")


def _among(tasks: QuerySet[Task] | None) -> QuerySet[Task]:
    return Task.objects.all() if tasks is None else tasks


def filtered(
    tasks: QuerySet[Task],
    today: date,
    *,
    words: str = "",
    lead: Body | None = None,
    state: str = "",
    progress: str = "",
    timing: str = "",
    is_core: bool | None = None,
    document: Document | None = None,
    due_from: date | None = None,
    due_to: date | None = None,
) -> QuerySet[Task]:
    """The tasks narrowed by every filter that is given; words match without accents and in any order."""
    found = with_status(tasks, today)
    for word in search_key(words).split():
        found = found.filter(search__contains=word)
    exact = {
        "lead": lead,
        "state": state,
        "shown_progress": progress,
        "shown_timing": timing,
        "is_core": is_core,
        "document": document,
        "due_on__gte": due_from,
        "due_on__lte": due_to,
    }
    return found.filter(**{field: value for field, value in exact.items() if value is not None and value != ""})
