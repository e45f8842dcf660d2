"""Two runs and what lies between them: one's method on the other's data, one's unit among the other's units."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.explain.scale import FIXED_METHODS
from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, Matrix
from thuocdo.engine.scoring.pipeline import Outcome, compute
from thuocdo.engine.scoring.spec import Spec

# Of which of the two runs something is.
Side = Literal[0, 1]


@dataclass(frozen=True, eq=False, slots=True)
class Placed:
    """One unit under one method: counted values and whether each cell applies, by the method's indicators; and
    the scores of everybody there (units × columns) with their names, itself at `row`."""

    counted: FloatArray
    not_applicable: BoolArray
    outcome: Outcome
    row: int


class Pair:
    """The runs before (0) and after (1); runs between them are made when needed and kept."""

    def __init__(self, before: Outcome, after: Outcome) -> None:
        self.runs: tuple[Outcome, Outcome] = (before, after)
        self._whole: dict[tuple[Side, Side], Outcome] = {(0, 0): before, (1, 1): after}

    @cached_property
    def same_method(self) -> bool:
        """Whether both runs normalise alike: the same indicators, handled the same way."""
        return _normalising(self.runs[0].spec) == _normalising(self.runs[1].spec) and (
            self.runs[0].parameters is self.runs[1].parameters
        )

    @cached_property
    def is_fixed(self) -> bool:
        """Whether, under both methods, a value is placed by itself and not by comparison with other units."""
        return all(_is_fixed(run) for run in self.runs)

    def whole(self, method: Side, peers: Side) -> Outcome:
        """All units of one run under the method of the other."""
        if (method, peers) not in self._whole:
            rest = self.runs[peers]
            matrix = _matrix(self.runs[method].spec, rest.matrix, _positions(rest), None, None)
            self._whole[method, peers] = self._run(method, matrix)
        return self._whole[method, peers]

    def placed(self, unit: str, own: Side, method: Side, peers: Side) -> Placed:
        """The unit with its own data of one run, under the method of one, among the units of one."""
        among = own if self.is_fixed else peers
        if among == own:
            outcome = self.whole(method, own)
        else:
            rest, mine = self.runs[peers], self.runs[own].matrix
            spec = self.runs[method].spec
            row = rest.units.index(unit)
            matrix = _matrix(spec, rest.matrix, _positions(rest), row, (mine, mine.units.index(unit)))
            outcome = self._run(method, matrix)
        row = outcome.units.index(unit)
        leaves = outcome.spec.tree.leaf_count
        return Placed(outcome.scores[row, :leaves], outcome.not_applicable[row], outcome, row)

    def _run(self, method: Side, matrix: Matrix) -> Outcome:
        # The units of the population were chosen by its own run.
        spec = replace(self.runs[method].spec, unit_availability=0.0, unit_nonzero=0.0)
        return compute(spec, matrix, parameters=self.runs[method].parameters)


def _normalising(spec: Spec) -> tuple[Any, ...]:
    indicators = tuple(replace(one, parent="", weight=1.0, points=None, note="") for one in spec.indicators)
    return indicators, spec.imputation, spec.indicator_availability, spec.aggregating.missing


def _is_fixed(run: Outcome) -> bool:
    if run.parameters is not None:
        return True
    spec = run.spec
    alone = spec.imputation.method in ("none", "constant", "last_known") and not spec.indicator_availability
    return alone and all(
        one.normalisation.method in FIXED_METHODS and one.treatment.method == "none" for one in spec.indicators
    )


def _positions(run: Outcome) -> NDArray[np.intp]:
    """The rows of a run's matrix that were not screened out."""
    place = {unit: row for row, unit in enumerate(run.matrix.units)}
    return np.array([place[unit] for unit in run.units], dtype=np.intp)


def _matrix(
    spec: Spec,
    base: Matrix,
    rows: NDArray[np.intp],
    row: int | None,
    own: tuple[Matrix, int] | None,
) -> Matrix:
    """Some rows of a matrix with the indicators that a scorecard asks for, one row taken from another matrix.

    An indicator that a matrix does not have is missing there, a further column without value.
    """
    codes = tuple(indicator.code for indicator in spec.indicators)

    def block(name: str, empty: float, kind: type[Any]) -> NDArray[Any] | None:
        sources = [base] if own is None else [base, own[0]]
        if all(getattr(source, name) is None for source in sources):
            return None
        filled = np.full((len(rows), len(codes)), empty, dtype=kind)
        filled[:] = _columns(getattr(base, name), base, codes, rows, empty)
        if own is not None and row is not None:
            filled[row] = _columns(getattr(own[0], name), own[0], codes, np.array([own[1]]), empty)[0]
        return filled

    columns: dict[str, NDArray[Any]] = {}
    names = {*base.columns, *(own[0].columns if own is not None else ())}
    for name in sorted(names):
        column = np.asarray(base.columns[name])[rows].astype(object) if name in base.columns else None
        if column is None:
            column = np.full(len(rows), np.nan, dtype=object)
        if own is not None and row is not None and name in own[0].columns:
            column[row] = np.asarray(own[0].columns[name])[own[1]]
        columns[name] = column
    values = block("values", np.nan, np.float64)
    assert values is not None  # noqa: S101
    return Matrix(
        units=tuple(base.units[place] for place in rows),
        indicators=codes,
        values=values,
        not_applicable=block("not_applicable", 0.0, np.bool_),
        confidence=block("confidence", np.nan, np.float64),
        in_grace=block("in_grace", 0.0, np.bool_),
        columns=columns,
        earlier={day: _columns(former, base, codes, rows, np.nan) for day, former in base.earlier.items()},
    )


def _columns(
    array: NDArray[Any] | None, matrix: Matrix, codes: tuple[str, ...], rows: NDArray[np.intp], empty: float
) -> NDArray[Any]:
    position = {code: column for column, code in enumerate(matrix.indicators)}
    filled = np.full((len(rows), len(codes)), empty, dtype=np.float64)
    if array is not None:
        for place, code in enumerate(codes):
            if code in position:
                filled[:, place] = np.asarray(array)[rows, position[code]]
    return filled
