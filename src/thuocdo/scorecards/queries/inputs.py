"""What a run is computed from: gathered from the measurements, written down, read back, computed again."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.calendars import Period, day_of, month_of, quarter_of, year_of
from thuocdo.engine.scoring import Matrix, Outcome, Spec, compute
from thuocdo.indicators.queries import BY_STRENGTH, Cells, Frequency, Indicator, Provenance, indicators, matrix
from thuocdo.organisations.models import Body
from thuocdo.scorecards.models import Run

from .following import followed
from .methods import spec_of

# The shorter period of each frequency that holds a day: the first one within a quarter falls due first.
AROUND = {
    Frequency.DAY: day_of,
    Frequency.MONTH: month_of,
    Frequency.QUARTER: quarter_of,
    Frequency.YEAR: year_of,
}


# The order in which kept inputs number the provenances; -1 stands for no value.
PROVENANCES: tuple[str, ...] = (*BY_STRENGTH, Provenance.DERIVED.value)
DERIVED = PROVENANCES.index(Provenance.DERIVED.value)


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
    waiting = np.array([on < AROUND[Frequency(one.frequency)](period.start).end + grace for one in columns])
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


def _columns(spec: Spec) -> list[Indicator]:
    wanted = [one.code for one in spec.indicators]
    known = {one.code: one for one in indicators(codes=wanted)}
    if absent := [code for code in wanted if code not in known]:
        raise NotScorable(f"The dictionary lacks {', '.join(absent)}; load the pack's indicators first.")
    return [known[code] for code in wanted]


def _confidence(spec: Spec, cells: Cells) -> NDArray[np.float64]:
    """The factor of every cell; cells without a value get 1, which changes nothing."""
    plain = np.array([*(spec.confidence.factor(name) for name in BY_STRENGTH), 1.0])
    derived = np.array([*(spec.confidence.factor("derived", name) for name in BY_STRENGTH), 1.0])
    # A strength of −1 picks the last entry.
    return np.asarray(np.where(cells.derived, derived[cells.strength], plain[cells.strength]))


def written(inputs: Inputs) -> bytes:
    """The inputs as canonical JSON: numbers as their shortest text, keys sorted (ASCII, so also by RFC 8785)."""
    given = inputs.matrix
    assert given.not_applicable is not None  # noqa: S101
    assert given.confidence is not None  # noqa: S101
    # Who vouches for a value decides how far it is moved when the run is simulated.
    vouched = np.where(inputs.cells.strength < 0, -1, np.where(inputs.cells.derived, DERIVED, inputs.cells.strength))
    plain = {
        "units": list(given.units),
        "indicators": list(given.indicators),
        "peer_group": str(given.columns["peer_group"][0]) if given.units else "",
        "values": [[None if value != value else repr(value) for value in row] for row in given.values.tolist()],
        "not_applicable": given.not_applicable.astype(int).tolist(),
        "in_grace": inputs.in_grace.astype(int).tolist(),
        "confidence": [[repr(value) for value in row] for row in given.confidence.tolist()],
        "provenances": list(PROVENANCES),
        "provenance": vouched.tolist(),
    }
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_back(content: bytes) -> Matrix:
    """The matrix that `written` wrote."""
    plain: dict[str, Any] = json.loads(content)
    shape = (len(plain["units"]), len(plain["indicators"]))

    def numbers(name: str) -> NDArray[np.float64]:
        rows = [[np.nan if value is None else float(value) for value in row] for row in plain[name]]
        return np.array(rows, dtype=np.float64).reshape(shape)

    return Matrix(
        units=tuple(plain["units"]),
        indicators=tuple(plain["indicators"]),
        values=numbers("values"),
        not_applicable=numbers("not_applicable").astype(np.bool_),
        confidence=numbers("confidence"),
        in_grace=numbers("in_grace").astype(np.bool_),
        columns={"peer_group": np.full(shape[0], plain["peer_group"])},
    )


def provenance_of(content: bytes) -> NDArray[np.str_] | None:
    """Who vouches for each value of the matrix that `written` wrote, empty for none.

    None for inputs of a version that did not keep it.
    """
    plain: dict[str, Any] = json.loads(content)
    if "provenance" not in plain:
        return None
    # A number of -1 picks the last name.
    names = np.array([*plain["provenances"], ""])
    numbers = np.array(plain["provenance"], dtype=np.int64)
    return np.asarray(names[numbers.reshape(len(plain["units"]), len(plain["indicators"]))])


def outputs_digest(outcome: Outcome) -> str:
    """SHA-256 over every unit's scores at full precision, rounded index, rank and class, in order of units."""
    spec = outcome.spec
    rounded, ranks = outcome.rounded_of(spec.top).tolist(), outcome.ranks_of(spec.top).tolist()
    plain = [
        [unit, [repr(score) for score in scores], repr(points), repr(rank), score_class]
        for unit, scores, points, rank, score_class in zip(
            outcome.units, outcome.scores.tolist(), rounded, ranks, outcome.classes, strict=True
        )
    ]
    return hashlib.sha256(json.dumps(plain, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A run computed again from what it kept: the digests now, and whether they are those of the run."""

    inputs_digest: str
    outputs_digest: str
    is_equal: bool


def recompute(run: Run) -> Recomputed:
    """Compute a run again from its kept inputs and its version of the method; writes nothing."""
    content = zlib.decompress(bytes(run.inputs))
    inputs_now = hashlib.sha256(content).hexdigest()
    outputs_now = outputs_digest(compute(spec_of(run.scorecard), read_back(content)))
    is_equal = (
        run.method_digest == run.scorecard.digest
        and inputs_now == run.inputs_digest
        and outputs_now == run.outputs_digest
    )
    return Recomputed(inputs_now, outputs_now, is_equal)
