"""Lists of tasks: what the actor may see, what is overdue or due, and the filters of the list page."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.directives.models import Document
from thuocdo.engine.calendars import add_working_days
from thuocdo.engine.spelling import search_key
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import within
from thuocdo.tasks.lifecycle import OWED, SIX, Secrecy, State
from thuocdo.tasks.models import Coordination, ProgrammeEntry, Task

from .clarity import lacking
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


# A reach of at most so many bodies is looked up in the indexes; beyond it looking at every task once is faster, as
# measured on 200,000 tasks (a province with its hundred communes: 45 ms against 75 ms).
FEW_BODIES = 40


def listed_for(actor: Actor) -> QuerySet[Task]:
    """The tasks of `visible_to`, asked for as a database answers long lists fastest; one small question goes ahead.

    Whoever reaches every body needs no condition at all. Where the reach is narrow the tasks of each side are looked
    up in its index: a condition that joins the sides with "or" would make the database read all tasks of the nation.
    """
    if actor.is_machine:
        return Task.objects.all()
    within_reach = bodies_within(actor, Permission.VIEW_TASKS).order_by()
    outside = Exists(Body.objects.exclude(pk__in=within_reach.values("pk")))
    bodies: dict[int, bool] = dict(
        within_reach.annotate(leaves_out=outside).values_list("pk", "leaves_out")[: FEW_BODIES + 1]
    )
    if bodies and not any(bodies.values()):
        return Task.objects.all()
    if len(bodies) > FEW_BODIES:
        return visible_to(actor)
    issued = Task.objects.exclude(state=State.DRAFT)
    sides = (
        Task.objects.filter(assigned_by__in=bodies).values("pk"),
        issued.filter(lead__in=bodies).values("pk"),
        issued.filter(accepting_body__in=bodies).values("pk"),
        Coordination.objects.filter(body__in=bodies).exclude(task__state=State.DRAFT).values("task"),
    )
    return Task.objects.filter(pk__in=sides[0].union(*sides[1:]))


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


def tasks_by_codes(actor: Actor, codes: Sequence[str]) -> list[Task]:
    """The tasks with these codes that the actor may see, in the order of the codes."""
    found = {task.code: task for task in visible_to(actor).filter(code__in=codes).select_related("lead", "assigned_by")}
    return [found[code] for code in dict.fromkeys(codes) if code in found]


def _whole(tasks: QuerySet[Task]) -> QuerySet[Task]:
    coordinations = Coordination.objects.select_related("body").order_by("position")
    around = ("lead", "assigned_by", "accepting_body", "responsible", "document__body", "candidate", "collective")
    return tasks.select_related(*around).prefetch_related(Prefetch("coordinations", coordinations))


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
    reach: str = "",
    state: str = "",
    progress: str = "",
    timing: str = "",
    is_core: bool | None = None,
    document: Document | None = None,
    due_from: date | None = None,
    due_to: date | None = None,
    is_local: bool | None = None,
    programme: str = "",
    unclear: str = "",
    also_named: Sequence[int] = (),
) -> QuerySet[Task]:
    """The tasks narrowed by every filter that is given; words match without accents and in any order.

    `also_named` are tasks (id) that the words mean in another way, as by the identifier of another system.

    `reach` says how far below the lead body the list goes: "" itself alone, else the hierarchy to follow down.
    `unclear` is a point of the "6 rõ" that the task leaves open, or "any".
    """
    found = with_status(tasks, today) if progress or timing else tasks
    if lead is not None and reach:
        found = found.filter(lead__in=within([lead.pk], on=today, hierarchy=reach).values("pk"))
        lead = None
    if programme:
        version = ProgrammeEntry.objects.filter(version__programme__code=programme)
        found = found.filter(Q(programme=programme) | Q(pk__in=version.values("task")))
    if unclear:
        points = SIX if unclear == "any" else (unclear,)
        found = found.filter(reduce(or_, (lacking(point, today) for point in points if point in SIX), Q(pk__in=[])))
    said = Q()
    for word in search_key(words).split():
        said &= Q(search__contains=word)
    found = found.filter(said | Q(pk__in=also_named) if also_named else said)
    exact = {
        "lead": lead,
        "state": state,
        "shown_progress": progress,
        "shown_timing": timing,
        "is_core": is_core,
        "document": document,
        "due_on__gte": due_from,
        "due_on__lte": due_to,
        "is_local": is_local,
    }
    return found.filter(**{field: value for field, value in exact.items() if value is not None and value != ""})
