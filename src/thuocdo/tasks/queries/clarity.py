"""The "6 rõ" list: which tasks leave what open, counted by lead body; vague wording is data of the packs."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from thuocdo.directives.lifecycle import DeadlineKind
from thuocdo.organisations.models import Appointment
from thuocdo.tasks.lifecycle import OPEN, SIX, State, unclear_points, vague_pattern, vague_phrases
from thuocdo.tasks.models import Product, Task


@dataclass(frozen=True, slots=True)
class Vague:
    """A wording that promises nothing measurable, why, and what to write instead."""

    phrase: str
    reason: str
    instead: str


@cache
def vague_words() -> Mapping[str, Vague]:
    """The vague wordings of every pack, by phrase."""
    found: dict[str, Vague] = {}
    for pack in sorted(files("thuocdo").joinpath("packs").iterdir(), key=lambda place: place.name):
        wording = pack.joinpath("wording.toml")
        if wording.is_file():
            for entry in tomllib.loads(wording.read_text(encoding="utf-8"))["vague"]:
                found[entry["phrase"]] = Vague(entry["phrase"], entry["reason"], entry["instead"])
    return MappingProxyType(found)


def lacking(point: str, today: date) -> Q:
    """The tasks that leave one point of `SIX` open, as a condition; `lifecycle.unclear_points` for one task."""
    match point:
        case "lead":
            return Q(lead__valid_to__isnull=False, lead__valid_to__lte=today)
        case "person":
            heads = Appointment.objects.valid_on(today).filter(body=OuterRef("lead"))
            return Q(responsible__isnull=True, responsible_post="") & ~Q(Exists(heads))
        case "time":
            return Q(due_on__isnull=True) & ~Q(deadline_kind=DeadlineKind.RECURRING)
        case "result":
            return _without_product()
        case "measure":
            return Q(target="") & _without_product()
        case "authority":
            # A part has the authority of its whole, a task of the body's own that of the body.
            return Q(document__isnull=True, parent__isnull=True, is_local=False)
        case "wording":
            pattern = vague_pattern(vague_words())
            return Q(title__iregex=pattern) & ~Q(target__regex="[0-9]") if pattern else Q(pk__in=[])
    raise ValueError(f"{point} is none of {SIX}")


def _without_product() -> Q:
    return Q(deliverable="") & ~Q(Exists(Product.objects.filter(task=OuterRef("pk"))))


def owed_by_clarity(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Of the tasks those that are still owed, drafts included: what can still be mended."""
    return tasks.filter(state__in=sorted(OPEN | {State.DRAFT}))


def unclear_tasks(tasks: QuerySet[Task], today: date, *, point: str = "") -> QuerySet[Task]:
    """The owed tasks that leave a point open, or any of them; by lead and code."""
    asked = (point,) if point else SIX
    condition = Q()
    for one in asked:
        condition |= lacking(one, today)
    found = owed_by_clarity(tasks).filter(condition)
    return found.select_related("lead", "document").order_by("lead__code", "code")


def clarity_counts(tasks: QuerySet[Task], today: date) -> list[dict[str, Any]]:
    """By lead body: `lead`, `name`, `number` of owed tasks, `unclear` ones and one count for each of `SIX`; one query.

    Bodies with the most unclear tasks come first, bodies without any are left out.
    """
    anything = Q()
    flags = {}
    for point in SIX:
        flags[f"lacks_{point}"] = Case(When(lacking(point, today), then=Value(1)), default=Value(0))
        anything |= Q(**{f"lacks_{point}": 1})
    rows: QuerySet[Any] = owed_by_clarity(tasks).annotate(**flags)
    counted = (
        rows.order_by()
        .values("lead__code", "lead__name", "lead__name_en")
        .annotate(
            number=Count("pk"),
            unclear=Count("pk", filter=anything),
            **{point: Count("pk", filter=Q(**{f"lacks_{point}": 1})) for point in SIX},
        )
    )
    return [row for row in counted.order_by("-unclear", "lead__code") if row["unclear"]]


def unclear_of(task: Task, today: date) -> tuple[str, ...]:
    """Which points of `SIX` one task leaves open; at most two queries."""
    has_product = bool(task.deliverable) or Product.objects.filter(task=task).exists()
    has_person = task.responsible_id is not None or bool(task.responsible_post)
    return unclear_points(
        due_on=task.due_on,
        is_recurring=task.deadline_kind == DeadlineKind.RECURRING,
        deliverable="yes" if has_product else "",
        target=task.target,
        has_source=task.document_id is not None or task.parent_id is not None or task.is_local,
        has_lead=task.lead.valid_to is None or task.lead.valid_to > today,
        has_person=has_person or Appointment.objects.valid_on(today).filter(body=task.lead).exists(),
        vague=vague_phrases(task.title, task.target, vague_words()),
    )


def vague_in(task: Task) -> list[Vague]:
    """The vague wordings in the title of a task."""
    words = vague_words()
    return [words[phrase] for phrase in vague_phrases(task.title, task.target, words)]
