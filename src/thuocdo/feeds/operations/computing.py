"""Computing the figures that landed events can have changed, as far as it is known what the others stand on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import Period, parse_period
from thuocdo.engine.canonical import digest
from thuocdo.feeds.metrics import Above, Standing, Updated, read_standing, update
from thuocdo.feeds.models import FeedState, Part
from thuocdo.feeds.queries.files import folder_of, parts_in_force, place_of
from thuocdo.indicators.queries import indicators
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body, Descent, Hierarchy
from thuocdo.organisations.working_days import swapped_days

from .recording import Done, Origin, record


@dataclass(frozen=True, slots=True)
class Computed:
    """What a computation did: up to which manifest, how many figures it gave, recorded and could not record."""

    manifest: int
    figures: int
    recorded: int
    refused: int


@transaction.atomic
def ask_recompute(*, actor: Actor, at: datetime, feed: FeedState) -> None:
    """Ask for all figures of the feed to be computed anew; the ledger's reaction does it."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    append(
        actor=actor.label,
        at=at,
        event=Event.RECOMPUTE_ASKED,
        subject=feed.label,
        data={"manifest": feed.manifest},
    )


def recompute(*, actor: Actor, at: datetime, feed: FeedState, everything: bool = False) -> Computed:
    """Compute the figures of the feed and record those that differ from what was recorded before.

    Only partitions whose files changed are read again, and only the periods computed that such a change can touch,
    as far as it is known what the recorded figures stand on. A late event thus restates its figure: the new
    measurement supersedes the former one; a figure of which no event is left is withdrawn.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    state = FeedState.objects.get(pk=feed.pk)
    manifest, sealed = state.manifest, state.digest
    partitions = _partitions(state)
    recordable = _recordable(state)
    past = None if everything or state.computed_digest != sealed else _past(state, recordable)
    updated = None
    if partitions and state.declaration.metrics:
        again = () if past is None else {*past.again, *_turned(state, partitions, at)}
        updated = _updated(state, partitions, None if past is None else past.standing, again)
    with transaction.atomic():
        # Locked first, as whoever lands a batch does: two locks are always taken in one order.
        locked = FeedState.objects.select_for_update().get(pk=state.pk)
        if locked.computed > manifest or locked.digest != sealed:
            # Another computation knew more than this one; its figures stand.
            return Computed(manifest, updated.figures if updated else 0, 0, 0)
        done = record(actor, at, locked, updated, Origin.of(state, partitions)) if updated else Done()
        locked.computed = manifest
        locked.computed_digest, locked.computed_at = sealed, at
        # What was refused of some periods is tried again with the next computation.
        locked.standing = (
            {**updated.standing.written(), "recordable": recordable, "again": sorted(done.again)} if updated else None
        )
        locked.save(update_fields=["computed", "computed_digest", "computed_at", "standing"])
    return Computed(manifest, updated.figures if updated else 0, done.recorded, done.refused)


def _partitions(state: FeedState) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for part in parts_in_force(state):
        found.setdefault(part.period, []).append(part)
    return found


@dataclass(frozen=True, slots=True)
class _Past:
    """What the figures recorded last stand on, and the periods of which some could not be recorded."""

    standing: Standing
    again: frozenset[str]


def _past(state: FeedState, recordable: str) -> _Past | None:
    """What is known of the last computation; nothing when figures can be recorded now that could not be then."""
    written = state.standing
    if written is None or written["recordable"] != recordable:
        return None
    return _Past(read_standing(written), frozenset(written["again"]))


def _recordable(state: FeedState) -> str:
    """One digest over the bodies and indicators there are, without which a figure cannot be recorded."""
    columns = indicators(codes=sorted(state.declaration.metrics)).values_list("code", "applies_to")
    applying = sorted([code, sorted(groups or ())] for code, groups in columns)
    bodies = sorted(list(pair) for pair in Body.objects.values_list("code", "peer_group"))
    return digest({"indicators": applying, "bodies": bodies})


def _turned(state: FeedState, months: Iterable[str], at: datetime) -> list[str]:
    """Months that have begun or ended since the last computation: their figures are recorded in another way now."""
    if state.computed_at is None:
        return list(months)
    first, last = sorted((timezone.localdate(state.computed_at), timezone.localdate(at)))
    periods = {label: parse_period(label) for label in months}
    return [label for label, period in periods.items() if first < period.start <= last or first < period.end <= last]


def _updated(
    state: FeedState, partitions: Mapping[str, Sequence[Part]], since: Standing | None, also: Collection[str]
) -> Updated:
    from thuocdo.feeds.metrics.engines import engine_named

    folder = folder_of(state.code)
    with engine_named(
        settings.FEEDS_ENGINE,
        threads=settings.FEEDS_THREADS,
        memory_mb=settings.FEEDS_MEMORY,
        temp=folder / "spill",
    ) as engine:
        return update(
            state.declaration,
            {period: [place_of(part) for part in parts] for period, parts in partitions.items()},
            since=since,
            also=also,
            kept=folder / "partials",
            engine=engine,
            overrides=swapped_days(),
            above=_above() if state.declaration.rolls_up else None,
        )


def _above() -> Above:
    """In whose figures the events of a body count: of the bodies above it by territory on the last day of a period."""
    found = Descent.objects.filter(hierarchy=Hierarchy.TERRITORIAL).order_by("pk")
    lines = list(found.values_list("descendant__code", "ancestor__code", "valid_from", "valid_to"))

    def pairs(period: Period) -> list[tuple[str, str]]:
        day = period.last_day
        return [(below, up) for below, up, since, until in lines if since <= day and (until is None or day < until)]

    return pairs
