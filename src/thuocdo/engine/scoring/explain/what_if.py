"""What if: the same run with other weights or other values, beside the run itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from thuocdo.engine.scoring.aggregate import fill_nodes
from thuocdo.engine.scoring.matrix import FloatArray, Matrix, ScoringError
from thuocdo.engine.scoring.parameters import Parameters
from thuocdo.engine.scoring.pipeline import Outcome, compute
from thuocdo.engine.scoring.spec import Spec

# A unit and an indicator.
Cell = tuple[str, str]


@dataclass(frozen=True, eq=False)
class WhatIf:
    """A run and what it would be. `moved` names the indicators in which a changed value also moved the
    normalised values of other units, as it does where the method compares units (min–max, z-score, ranks) and
    does not with fixed goalposts. Units are those of `before`; one that is screened out now has nan.
    """

    before: Outcome
    after: Outcome
    moved: tuple[str, ...] = ()

    @cached_property
    def index(self) -> FloatArray:
        """The new index of every unit of the run."""
        return self._aligned(self.after.scores_of(self.after.spec.top))

    @cached_property
    def gains(self) -> FloatArray:
        """New less old index of every unit of the run, at full precision."""
        return self.index - self.before.scores_of(self.before.spec.top)

    @cached_property
    def ranks(self) -> FloatArray:
        """The new rank of every unit of the run."""
        return self._aligned(self.after.ranks_of(self.after.spec.top))

    @cached_property
    def places(self) -> FloatArray:
        """Places won (lost, below 0) by every unit of the run."""
        return self.before.ranks_of(self.before.spec.top) - self.ranks

    def _aligned(self, column: FloatArray) -> FloatArray:
        if self.after.units == self.before.units:
            return column
        found = dict(zip(self.after.units, column.tolist(), strict=True))
        return np.array([found.get(unit, np.nan) for unit in self.before.units], dtype=np.float64)


def what_if(
    outcome: Outcome,
    *,
    weights: Mapping[str, float] | None = None,
    values: Mapping[Cell, float | None] | None = None,
    confidence: Mapping[Cell, float] | None = None,
) -> WhatIf:
    """The run with other weights (by code, relative among siblings), values (by unit and indicator, on the
    indicator's own scale, None for no value) and confidence factors; with nothing changed it is the run, bit for bit.

    Other weights are put on the normalised values as they are, and only the nodes above them are computed anew;
    weights that were derived from the data are then given ones. Other values go through the whole method, with
    the frozen parameters of the run where it has any. A changed cell keeps its confidence unless said.
    ScoringError for unknown codes and units, weights below 0 or adding up to nothing, and for what cannot be scored.
    """
    spec = reweighted(outcome, weights) if weights else outcome.spec
    if values or confidence:
        matrix = with_cells(outcome.matrix, values or {}, confidence or {})
        after = compute(spec, matrix, parameters=parameters_for(outcome, spec))
        return WhatIf(outcome, after, _moved(outcome, after, values or {}))
    if not weights:
        return WhatIf(outcome, outcome)
    return WhatIf(outcome, _put_together(outcome, spec, weights))


def parameters_for(outcome: Outcome, spec: Spec) -> Parameters | None:
    """The frozen parameters of a run for its scorecard, or for the same with its weights given."""
    if outcome.parameters is None or spec.weighting == outcome.spec.weighting:
        return outcome.parameters
    return outcome.parameters.with_weights_given()


def reweighted(outcome: Outcome, weights: Mapping[str, float]) -> Spec:
    """The scorecard of a run with other weights for some of its parts, and those of the run for all others.

    ScoringError for unknown codes, weights below 0 or adding up to nothing, and for weights by unit.
    """
    if outcome.weights.ndim == 2:
        raise ScoringError(
            "With the benefit of the doubt every unit has its own weights: change the method instead", "weights_by_unit"
        )
    spec, tree = outcome.spec, outcome.spec.tree
    now = dict(zip(tree.columns, outcome.weights.tolist(), strict=True))
    for code, weight in weights.items():
        if code not in now or code == spec.top:
            raise ScoringError(f"The scorecard has no weight for {code!r}", "weight_unknown")
        if not np.isfinite(weight) or weight < 0:
            raise ScoringError(f"The weight of {code} must be 0 or more", "weight_bounds")
    now.update(weights)
    for place, children in enumerate(tree.children):
        if not sum(now[tree.columns[child]] for child in children) > 0:
            raise ScoringError(
                f"The weights below {tree.columns[tree.leaf_count + place]} add up to nothing", "weight_bounds"
            )
    return replace(
        spec,
        weighting="given",
        weighing=type(spec.weighing)(),
        nodes=tuple(
            part if part.weight == now[part.code] else replace(part, weight=now[part.code]) for part in spec.nodes
        ),
        indicators=tuple(
            part if part.weight == now[part.code] else replace(part, weight=now[part.code]) for part in spec.indicators
        ),
    )


def with_cells(matrix: Matrix, values: Mapping[Cell, float | None], confidence: Mapping[Cell, float]) -> Matrix:
    """A copy of a matrix with some cells changed; a value makes a cell apply that did not.

    ScoringError for unknown units and indicators and for infinite values.
    """
    rows = {unit: row for row, unit in enumerate(matrix.units)}
    columns = {code: column for column, code in enumerate(matrix.indicators)}
    new = np.array(matrix.values, dtype=np.float64)
    applies = None if matrix.not_applicable is None else np.array(matrix.not_applicable, dtype=np.bool_)
    factors = None if matrix.confidence is None else np.array(matrix.confidence, dtype=np.float64)
    if factors is None and confidence:
        factors = np.full(new.shape, np.nan)
    for unit, code in (*values, *confidence):
        if unit not in rows:
            raise ScoringError(f"{unit!r} is not among the units", "unit_unknown")
        if code not in columns:
            raise ScoringError(f"There is no indicator {code!r}", "indicator_unknown")
    for (unit, code), value in values.items():
        if value is not None and not np.isfinite(value):
            raise ScoringError(f"The value of {code} for {unit} must be a finite number", "value_infinite")
        new[rows[unit], columns[code]] = np.nan if value is None else value
        if applies is not None and value is not None:
            applies[rows[unit], columns[code]] = False
    for (unit, code), factor in confidence.items():
        assert factors is not None  # noqa: S101
        factors[rows[unit], columns[code]] = factor
    return replace(matrix, values=new, not_applicable=applies, confidence=factors)


def _put_together(outcome: Outcome, spec: Spec, weights: Mapping[str, float]) -> Outcome:
    """The normalised values of a run under other weights; nodes that have nothing to do with these stay."""
    tree = outcome.spec.tree
    position = {code: row for row, code in enumerate(tree.columns)}
    touched = {position[code] for code in weights}
    places = []
    for place, children in enumerate(tree.children):
        if touched.intersection(children):
            places.append(place)
            touched.add(tree.leaf_count + place)
    scores = np.array(outcome.scores.T, order="C")
    not_applicable = np.ascontiguousarray(outcome.not_applicable.T) if outcome.not_applicable.any() else None
    now = outcome.weights.copy()
    for code, weight in weights.items():
        now[position[code]] = weight
    fill_nodes(spec, scores, not_applicable, now, places=places)
    return replace(outcome, spec=spec, scores=scores.T, derived_weights=None)


def _moved(before: Outcome, after: Outcome, values: Mapping[Cell, float | None]) -> tuple[str, ...]:
    """In which indicators units other than the changed ones have other normalised values now."""
    moved = []
    for code in dict.fromkeys(code for _, code in values):
        column = before.columns.index(code)
        changed = {unit for unit, one in values if one == code}
        old = dict(zip(before.units, before.normalised[:, column].tolist(), strict=True))
        new = dict(zip(after.units, after.normalised[:, column].tolist(), strict=True))
        if any(_differ(old[unit], new.get(unit, np.nan)) for unit in old if unit not in changed):
            moved.append(code)
    return tuple(moved)


def _differ(one: float, other: float) -> bool:
    return one != other and not (one != one and other != other)
