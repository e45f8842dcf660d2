"""Keeping runs: inputs whole or beside a snapshot, standings in one statement, live runs let go when replaced."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone
from pydantic_core import to_json

from thuocdo.engine.scoring import Outcome
from thuocdo.indicators.operations.storing import insert_rows
from thuocdo.organisations.models import Body
from thuocdo.scorecards.models import Interval, Run, Snapshot, Standing
from thuocdo.scorecards.queries.content import Content, packed, packed_beside
from thuocdo.scorecards.queries.parts import heads_of, parts_from

# Inputs of fewer cells are kept whole: there is nothing to save.
WORTH_A_SNAPSHOT = 50_000
# A live run of fewer cells keeps all parts; of more, it keeps what lists show, and pages compute the rest.
MOST_WITH_PARTS = 10_000
# With more of the cells changed than this, the next run gets a snapshot of its own.
MOST_CHANGED = 0.05
# A page that is being drawn reads its run in several questions; a run goes only when such pages are done with it.
GRACE = timedelta(seconds=15)
# A nation has some ten peer groups; the snapshot of the largest takes 20 MB in memory.
MOST_KEPT = 16


@dataclass(frozen=True, eq=False, slots=True)
class Basis:
    """A snapshot as this process holds it."""

    number: int
    digest: str
    content: Content


@dataclass(frozen=True, eq=False, slots=True)
class Packed:
    """Inputs ready to be stored: whole, beside the snapshot that is there, or with one that is still to be written."""

    inputs: bytes
    basis: Basis | None = None
    snapshot: bytes | None = None


_kept: "OrderedDict[tuple[int, str, str], Basis]" = OrderedDict()
_lock = Lock()
STANDINGS = "scorecards_standing"
COLUMNS = (
    "run_id", "body_id", "score", "rounded", "rank", "score_class", "heads", "previous_rounded", "previous_rank",
)  # fmt: skip


def pack(key: tuple[int, str, str], content: Content, *, is_live: bool) -> Packed:
    """The inputs as they will be stored; outside any transaction, for it is this that takes the time.

    `key` is scorecard, peer group and period. A run that is no live one, or a small one, is kept whole.
    """
    if not is_live or content.cells < WORTH_A_SNAPSHOT:
        return Packed(packed(content))
    with _lock:
        basis = _kept.get(key)
    beside = None if basis is None else packed_beside(content, basis.content)
    if beside is not None and beside[1] <= MOST_CHANGED * content.cells:
        return Packed(beside[0], basis)
    nothing = packed_beside(content, content)
    assert nothing is not None  # noqa: S101 (it has its own names)
    return Packed(nothing[0], snapshot=packed(content))


def place_inputs(key: tuple[int, str, str], content: Content, ready: Packed, digest: str) -> tuple[bytes, int | None]:
    """What a run writes as its inputs, and the number of its snapshot; belongs into the transaction of the run."""
    if ready.snapshot is not None:
        stored = Snapshot.objects.create(digest=digest, content=ready.snapshot)
        _remember(key, Basis(stored.pk, digest, content))
        return ready.inputs, stored.pk
    if ready.basis is None:
        return ready.inputs, None
    # The snapshot may have gone with the last run that needed it, or with a restored database.
    if Snapshot.objects.filter(pk=ready.basis.number, digest=ready.basis.digest).exists():
        return ready.inputs, ready.basis.number
    with _lock:
        _kept.pop(key, None)
    return packed(content), None


def _remember(key: tuple[int, str, str], basis: Basis) -> None:
    with _lock:
        _kept[key] = basis
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)


def written_parts(outcome: Outcome, content: Content, *, all_of_them: bool) -> list[str]:
    """For every unit, as JSON, all parts or those that lists show; outside any transaction."""
    columns = None if all_of_them else heads_of(outcome.spec)
    parts = parts_from(outcome, content, range(len(outcome.units)), columns=columns)
    return [to_json(one).decode() for one in parts]


def written_standings(outcome: Outcome, bodies: Sequence[Body], heads: Sequence[str]) -> list[tuple[Any, ...]]:
    """Where every body stands, as it will be written: body, score, rounded, rank, class, parts; outside any
    transaction."""
    number_of = {body.code: body.pk for body in bodies}
    top = outcome.spec.top
    return list(
        zip(
            [number_of[code] for code in outcome.units],
            _plain(outcome.scores_of(top)),
            _plain(outcome.rounded_of(top)),
            [None if rank is None else int(rank) for rank in _plain(outcome.ranks_of(top))],
            [name or "" for name in outcome.classes],
            heads,
            strict=True,
        )
    )


def store_standings(
    run: Run, standings: Sequence[tuple[Any, ...]], before: Mapping[int, tuple[float | None, int | None]]
) -> None:
    """Write standings of a run as `written_standings` gave them, with where each body stood before."""
    nowhere, number = (None, None), run.pk
    insert_rows(STANDINGS, COLUMNS, [(number, *row, *before.get(row[0], nowhere)) for row in standings])


def prune(run: Run) -> None:
    """Let go of live runs that this one replaces, but keep the last of every earlier day, and for a moment all.

    The last one with intervals stays too: until those of this run are there, pages show them as of their moment.
    """
    midnight = timezone.localtime(run.computed_at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = list(
        Run.objects.filter(
            scorecard__code=run.scorecard.code,
            peer_group=run.peer_group,
            period=run.period,
            is_live=True,
            computed_at__gte=midnight,
            computed_at__lt=midnight + timedelta(days=1),
            pk__lt=run.pk,
        )
        .order_by("-pk")
        .values_list("pk", "simulation", "base", "computed_at")
    )
    newest_simulated = next((pk for pk, simulation, _, _ in rows if simulation is not None), None)
    being_read = run.computed_at - GRACE
    replaced = [pk for pk, _, _, at in rows if pk != newest_simulated and at <= being_read]
    if not replaced:
        return
    Interval.objects.filter(simulation__run__in=replaced).delete()
    # Nothing is left that belongs to them, so nobody needs to read thousands of standings to let them go.
    Standing.objects.filter(run__in=replaced)._raw_delete(DEFAULT_DB_ALIAS)  # noqa: SLF001 (no public name says it)
    Run.objects.filter(pk__in=replaced).delete()
    left = {base for _, _, base, _ in rows if base is not None} - {run.base_id}
    if left:
        Snapshot.objects.filter(pk__in=left, runs__isnull=True).delete()


def _plain(numbers: Any) -> list[float | None]:
    return [None if value != value else value for value in numbers.tolist()]
