"""What changed in a ranking since the period before: who moved most, and from which indicators it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F
from django.db.models.functions import Abs

from thuocdo.engine.calendars import parse_period
from thuocdo.engine.scoring import Spec
from thuocdo.scorecards.queries import Run, Standing, ranking, spec_of, standings_before

from .marks import Reason, body_address, called, part_address, reasons


@dataclass(frozen=True)
class Move:
    """A body that moved, with the indicators that account for most of it."""

    standing: Standing
    reasons: tuple[Reason, ...]

    @property
    def name(self) -> str:
        return called(self.standing.body)

    @cached_property
    def address(self) -> str:
        return body_address(self.standing.body.code, self.standing.run.period)

    @cached_property
    def causes(self) -> list[tuple[str, Reason]]:
        """Each reason with the page that explains it."""
        return [(part_address(self.standing, reason.code), reason) for reason in self.reasons]


def period_before(run: Run) -> str:
    """The label of the period that a run is compared with."""
    return parse_period(run.period).previous().label


def biggest_moves(run: Run, *, limit: int = 5) -> list[Standing]:
    """The standings that won or lost most places, then points; ranked by the database, so that no group is too large.

    The moves of a run never change, hence its number is enough to keep them by.
    """
    found = (
        ranking(run)
        .filter(rank__isnull=False, previous_rank__isnull=False)
        .annotate(
            places=Abs(F("previous_rank") - F("rank")),
            gained=Abs(F("rounded") - F("previous_rounded")),
        )
        .exclude(places=0, gained=0)
        .order_by("-places", "-gained", "body__code")
    )
    return list(found[:limit])


def explained(run: Run, standings: Sequence[Standing], *, before: Run | None = None, most: int = 2) -> list[Move]:
    """The standings with the reasons of their change, in at most two queries.

    `before` is the newest run of the period before, where it is at hand.
    """
    spec = spec_of(run.scorecard)
    former = before_of(run, standings, before=before)
    moves = []
    for standing in standings:
        standing.run = run
        moves.append(Move(standing, _why(spec, standing, former.get(standing.body_id), most)))
    return moves


def before_of(run: Run, standings: Sequence[Standing], *, before: Run | None = None) -> dict[int, Standing]:
    """Where the same bodies stood in the newest run of the period before, by number of the body."""
    if not standings:
        return {}
    among = [row.body_id for row in standings]
    if before is None:
        return standings_before(run, among)
    return {row.body_id: row for row in ranking(before, among=among)}


def _why(spec: Spec, now: Standing, before: Standing | None, most: int) -> tuple[Reason, ...]:
    return tuple(reasons(spec, now, before)[:most]) if before is not None else ()
