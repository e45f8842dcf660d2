"""Notices of a person: what is open, how many, and whether those below on the ladder have answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from thuocdo.accounts.models import Role
from thuocdo.accounts.permissions import Actor
from thuocdo.alerts.lifecycle import Kind, Standing
from thuocdo.alerts.models import Notice, Urging
from thuocdo.evaluations.queries import findings_visible_to
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.queries import visible_to

from .urgings import urgings_visible_to


@dataclass(frozen=True, slots=True)
class Below:
    """How many people of the lead body were told on lower rungs, and how many of them acknowledged it."""

    told: int
    acknowledged: int


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """The actor's notices that the actor may still see, without those that were passed on; rights as of today.

    Those of suspended tasks rest with their clock.
    """
    if actor.user_id is None:
        return Notice.objects.none()
    seen_task = visible_to(actor).filter(pk=OuterRef("task")).exclude(state=State.SUSPENDED)
    seen_urging = urgings_visible_to(actor).filter(pk=OuterRef("urging"))
    seen_finding = findings_visible_to(actor).filter(pk=OuterRef("finding"))
    return (
        Notice.objects.filter(recipient=actor.user_id)
        .filter(
            Q(task__isnull=True) | Exists(seen_task),
            Q(urging__isnull=True) | Exists(seen_urging),
            Q(finding__isnull=True) | Exists(seen_finding),
        )
        .exclude(standing=Standing.PASSED)
    )


def open_notices(actor: Actor) -> QuerySet[Notice]:
    """The actor's notices that wait for acknowledgement."""
    return notices_of(actor).filter(standing=Standing.OPEN)


def open_number(actor: Actor) -> int:
    """How many notices wait for the actor, in one query; what the bell shows."""
    return open_notices(actor).count() if actor.user_id is not None and actor.held else 0


def for_page(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """The notices ready for display, newest first, in one query."""
    related = ("task__lead", "urging__issuer", "urging__addressee", "finding__body", "finding__indicator", "body")
    return notices.select_related(*related).order_by("-raised_at", "-pk")


def numbers_by_kind(notices: QuerySet[Notice]) -> dict[Kind, int]:
    """How many of the notices are of each kind."""
    rows = notices.order_by().values_list("kind").annotate(number=Count("pk"))
    return {Kind(kind): number for kind, number in rows}


def acknowledged_below(notices: Iterable[Notice]) -> Mapping[int, Below]:
    """For each notice of a higher rung (by its number): who of the lead body was told before; one query for all."""
    higher = [notice for notice in notices if notice.height and notice.task_id and notice.due_on]
    if not higher:
        return {}
    rows = (
        Notice.objects.filter(
            task__in={notice.task_id for notice in higher},
            kind__in=[Kind.REMINDER, Kind.OVERDUE],
            role__in=[Role.FOCAL_POINT, Role.HEAD],
            body=F("lead"),
        )
        .exclude(standing=Standing.PASSED)
        .values_list("task", "due_on", "height", "recipient", "acknowledged_at")
    )
    told: dict[tuple[int | None, date | None], list[tuple[int, int, bool]]] = {}
    for task, due_on, height, recipient, at in rows:
        told.setdefault((task, due_on), []).append((height or 0, recipient, at is not None))
    found = {}
    for notice in higher:
        below = [
            (recipient, has)
            for height, recipient, has in told.get((notice.task_id, notice.due_on), ())
            if height < (notice.height or 0) and recipient != notice.recipient_id
        ]
        people = {recipient for recipient, _ in below}
        if people:
            found[notice.pk] = Below(len(people), len({recipient for recipient, has in below if has}))
    return found


def notice_of(actor: Actor, number: int) -> Notice | None:
    """The actor's notice with this number."""
    return for_page(notices_of(actor)).filter(pk=number).first()


def notes_about(notice: Notice) -> QuerySet[Urging]:
    """The urging notes that name the task of the notice, newest first."""
    return Urging.objects.filter(urged__task=notice.task_id, number__isnull=False).order_by("-issued_at")
