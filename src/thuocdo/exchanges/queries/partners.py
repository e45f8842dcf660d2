"""How it stands between this instance and its parents and children: what waits, since when, what went wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.exchanges.models import Child, Mirror, Outgoing, Parent
from thuocdo.ledger.events import Event
from thuocdo.ledger.queries import entries, newest_number

# After this long without a successful round the exchange counts as broken.
STILL_LIVE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Standing:
    """A parent and how the exchange with it stands; `state` is live, waiting, broken, paused or never."""

    parent: Parent
    state: str
    mirrors: int
    waiting: int
    waiting_since: datetime | None
    sent: int
    refused: int
    problems: int


def parents_within(actor: Actor) -> QuerySet[Parent]:
    """Parents to which bodies report whose exchanges the actor manages."""
    managed = bodies_within(actor, Permission.MANAGE_EXCHANGES).values("pk")
    return Parent.objects.filter(body__in=managed).select_related("body").order_by("pk")


def parent_within(actor: Actor, number: int) -> Parent | None:
    """The parent with this number, if the exchanges of our body are the actor's to manage."""
    return parents_within(actor).filter(pk=number).first()


def standings(actor: Actor, *, at: datetime) -> list[Standing]:
    """Every parent with how it stands, in three queries."""
    parents = list(parents_within(actor))
    counts = Outgoing.objects.filter(parent__in=parents).values("parent").order_by()
    state = Outgoing.State
    told: dict[int, Any] = {
        row["parent"]: row
        for row in counts.annotate(
            waiting=Count("pk", filter=Q(state=state.WAITING)),
            since=Min("at", filter=Q(state=state.WAITING)),
            sent=Count("pk", filter=Q(state=state.SENT)),
            refused=Count("pk", filter=Q(state=state.REFUSED)),
        )
    }
    mirrored = Mirror.objects.filter(parent__in=parents).values("parent").order_by()
    kept: dict[int, Any] = {
        row["parent"]: row
        for row in mirrored.annotate(
            number=Count("pk", filter=Q(task__isnull=False)), problems=Count("pk", filter=~Q(problem=""))
        )
    }
    return [_standing(parent, told.get(parent.pk, {}), kept.get(parent.pk, {}), at) for parent in parents]


def _standing(parent: Parent, told: dict[str, object], kept: dict[str, object], at: datetime) -> Standing:
    if parent.is_paused:
        state = "paused"
    elif parent.tried_at is None:
        state = "never"
    elif not parent.failure:
        state = "live" if parent.reached_at and at - parent.reached_at <= STILL_LIVE else "waiting"
    else:
        state = "broken" if parent.reached_at is None or at - parent.reached_at > STILL_LIVE else "waiting"
    since = told.get("since")
    return Standing(
        parent=parent,
        state=state,
        mirrors=_count(kept.get("number")),
        waiting=_count(told.get("waiting")),
        waiting_since=since if isinstance(since, datetime) else None,
        sent=_count(told.get("sent")),
        refused=_count(told.get("refused")),
        problems=_count(kept.get("problems")),
    )


def _count(given: object) -> int:
    return given if isinstance(given, int) else 0


def refused_by(parent: Parent, *, limit: int = 50) -> list[Outgoing]:
    """What the parent did not take, newest first, with the tasks."""
    found = Outgoing.objects.filter(parent=parent, state=Outgoing.State.REFUSED).select_related("mirror__task")
    return list(found.order_by("-entry", "-pk")[:limit])


def problems_of(parent: Parent, *, limit: int = 50) -> list[Mirror]:
    """Orders that could not be carried out here, with their reason."""
    found = Mirror.objects.filter(parent=parent).exclude(problem="").select_related("task")
    return list(found.order_by("remote")[:limit])


@dataclass(frozen=True, slots=True)
class Below:
    """A child instance: when it last asked, and how many changes of tasks there have been since it was told all."""

    child: Child
    behind: int
    is_quiet: bool


def children_within(actor: Actor, *, at: datetime) -> list[Below]:
    """The child instances of bodies whose exchanges the actor manages."""
    managed = bodies_within(actor, Permission.MANAGE_EXCHANGES).values("pk")
    found = Child.objects.filter(key__body__in=managed).select_related("key__body").order_by("key__body__code", "pk")
    newest = newest_number()
    return [Below(child, _behind(child, newest), at - child.seen_at > STILL_LIVE) for child in found[:200]]


def _behind(child: Child, newest: int) -> int:
    if child.told >= newest:
        return 0
    return entries(event=Event.TASK_CHANGED).filter(number__gt=child.told).count()
