"""What a run is computed from: the values of a group with the confidence in each, gathered from the measurements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.calendars import Period
from thuocdo.engine.scoring import Matrix, Spec
from thuocdo.indicators.queries import BY_STRENGTH, Cells, Frequency, Indicator, indicators, matrix
from thuocdo.indicators.queries.staleness import AROUND
from thuocdo.organisations.models import Body

from .following import followed


class NotScorable(ValueError):
    """The measurements cannot be scored by this method; the message says what is missing."""


@dataclass(frozen=True, eq=False, slots=True)
class Inputs:
    """Everything that goes into a run, in an order that does not depend on the database."""

    bodies: tuple[Body, ...]
    cells: Cells
    matrix: Matrix
    in_grace: NDArray[np.bool_]


def gather(
    *,
    spec: Spec,
    peer_group: str,
    period: Period,
    bodies: Sequence[Body],
    on: date,
    known_at: datetime | None = None,
    as_peers: str | None = None,
    following: int | None = None,
) -> Inputs:
    """The values of the bodies for the period as known at a moment, with the confidence in each of them.

    With `following`, the entry of the ledger that was the newest a moment ago, values known now are taken from
    what this process read before, and only what was touched since is read again.

    A missing cell is within grace until the first period of its indicator's own frequency is over and the
    scorecard's days of grace have passed since.
    """
    bodies = tuple(sorted(bodies, key=lambda body: body.code))
    columns = _columns(spec)
    grace = timedelta(days=spec.aggregating.grace_days)
    is_open = on < period.end + grace
    carry_on = on if is_open else None
    if following is not None and known_at is None and as_peers is None:
        cells = followed(indicators=columns, bodies=bodies, period=period, carry_on=carry_on, until=following)
    else:
        cells = matrix(
            indicators=columns,
            bodies=bodies,
            period=period,
            known_at=known_at,
            carry_on=carry_on,
            as_peers=as_peers,
        )
    waiting = np.array([is_waiting(one, period, on, spec.aggregating.grace_days) for one in columns])
    in_grace = np.isnan(cells.values) & ~cells.not_applicable & waiting
    return Inputs(
        bodies=bodies,
        cells=cells,
        matrix=Matrix(
            units=tuple(body.code for body in bodies),
            indicators=tuple(one.code for one in columns),
            values=cells.values,
            not_applicable=cells.not_applicable,
            confidence=_confidence(spec, cells),
            in_grace=in_grace,
            columns={"peer_group": np.full(len(bodies), peer_group)},
        ),
        in_grace=in_grace,
    )


def is_waiting(indicator: Indicator, period: Period, on: date, grace_days: int) -> bool:
    """Whether a value that is missing on a day may still come: its first period in this one runs, or is in grace."""
    return on < AROUND[Frequency(indicator.frequency)](period.start).end + timedelta(days=grace_days)


def _columns(spec: Spec) -> list[Indicator]:
    wanted = [one.code for one in spec.indicators]
    # What scoring asks of an indicator, and no more: a dictionary of hundreds takes longer to build than to score.
    found = (
        indicators(codes=wanted)
        .select_related(None)
        .only("code", "digest", "frequency", "applies_to", "is_sampled", "lower", "upper")
    )
    known = {one.code: one for one in found}
    if absent := [code for code in wanted if code not in known]:
        raise NotScorable(f"The dictionary lacks {', '.join(absent)}; load the pack's indicators first.")
    return [known[code] for code in wanted]


def _confidence(spec: Spec, cells: Cells) -> NDArray[np.float64]:
    """The factor of every cell; cells without a value get 1, which changes nothing."""
    plain = np.array([*(spec.confidence.factor(name) for name in BY_STRENGTH), 1.0])
    derived = np.array([*(spec.confidence.factor("derived", name) for name in BY_STRENGTH), 1.0])
    # A strength of −1 picks the last entry.
    return np.asarray(np.where(cells.derived, derived[cells.strength], plain[cells.strength]))
