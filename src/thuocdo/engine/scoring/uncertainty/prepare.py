"""The indicators of a run before aggregation: computed once for each choice of imputation, treatment, normalisation."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, Matrix, ScoringError
from thuocdo.engine.scoring.pipeline import Outcome, compute
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.spec.model import Aggregating
from thuocdo.engine.scoring.uncertainty.alternatives import Alternatives
from thuocdo.engine.scoring.uncertainty.design import Design

Choice = tuple[int, int, int]
N = TypeVar("N", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Leaves:
    """The counted values of the indicators (indicators × units), and the standard deviation of their errors.

    Values are normalised, discounted by confidence, and zero where a missing value counts as zero; nan is no
    value. `deviations` is None without errors. Errors are drawn in normalised points and count by the cell's
    confidence, as the value does; what was not measured has no error.
    """

    values: FloatArray
    deviations: FloatArray | None


@dataclass(frozen=True, eq=False)
class Prepared:
    """What all runs share. Units are in the order of their codes, so that no result depends on their place."""

    spec: Spec
    units: tuple[str, ...]
    not_applicable: BoolArray | None
    leaves: dict[Choice, Leaves]
    broken: dict[Choice, str]


def in_code_order(matrix: Matrix) -> tuple[Matrix, NDArray[np.intp]]:
    """The matrix with its units in the order of their codes, and where each of them stood."""
    order = np.array(sorted(range(len(matrix.units)), key=matrix.units.__getitem__), dtype=np.intp)

    def sorted_rows(array: NDArray[N] | None) -> NDArray[N] | None:
        return None if array is None else np.asarray(array)[order]

    turned = replace(
        matrix,
        units=tuple(matrix.units[place] for place in order),
        values=np.asarray(matrix.values)[order],
        not_applicable=sorted_rows(matrix.not_applicable),
        confidence=sorted_rows(matrix.confidence),
        in_grace=sorted_rows(matrix.in_grace),
        columns={name: np.asarray(column)[order] for name, column in matrix.columns.items()},
    )
    return turned, order


def prepare(spec: Spec, matrix: Matrix, design: Design, errors: FloatArray | None) -> Prepared:
    """Run the first steps for every choice of methods in the design; a choice that cannot be computed is broken.

    `errors` is shaped like the matrix's values; nan counts as 0. ScoringError for errors of another shape or
    below zero, and for data that the scorecard's own methods cannot score.
    """
    if errors is not None:
        _check_errors(errors, matrix)
    alternatives = Alternatives(spec)
    leaves: dict[Choice, Leaves] = {}
    broken: dict[Choice, str] = {}
    own = _first_steps(alternatives, (0, 0, 0), matrix)
    for impute, treat, normalise in sorted({(int(a), int(b), int(c)) for a, b, c in design.choices[:, :3]}):
        choice = (impute, treat, normalise)
        try:
            outcome = own if choice == (0, 0, 0) else _first_steps(alternatives, choice, matrix)
        except ScoringError as error:
            if error.code == "uncertainty_parameter":
                raise
            broken[choice] = str(error)
            continue
        leaves[choice] = _leaves(outcome, matrix, errors)
    not_applicable = own.not_applicable.T if own.not_applicable.any() else None
    return Prepared(spec, own.units, not_applicable, leaves, broken)


def _first_steps(alternatives: Alternatives, choice: Choice, matrix: Matrix) -> Outcome:
    """The outcome of the first steps; its scores of nodes are means that mean nothing here and always exist."""
    spec = alternatives.spec_of((*choice, 0))
    nodes = tuple(replace(node, aggregation=None) for node in spec.nodes)
    plain = Aggregating(missing=spec.aggregating.missing, grace_days=spec.aggregating.grace_days)
    return compute(replace(spec, nodes=nodes, aggregating=plain, weighting="equal"), matrix)


def _leaves(outcome: Outcome, matrix: Matrix, errors: FloatArray | None) -> Leaves:
    number = outcome.spec.tree.leaf_count
    # Adding 0 makes a negative zero a positive one, whose reciprocal is not below zero.
    values = np.ascontiguousarray(outcome.scores[:, :number].T) + 0.0
    if errors is None:
        return Leaves(values, None)
    row = {unit: place for place, unit in enumerate(matrix.units)}
    column = {code: place for place, code in enumerate(matrix.indicators)}
    rows = [row[unit] for unit in outcome.units]
    columns = [column[indicator.code] for indicator in outcome.spec.indicators]
    normalised = outcome.normalised.T
    with np.errstate(divide="ignore", invalid="ignore"):
        confidence = np.where(normalised > 0, values / normalised, 1.0)
    deviations = np.nan_to_num(np.asarray(errors)[np.ix_(rows, columns)].T) * confidence
    deviations[np.isnan(normalised)] = 0.0
    return Leaves(values, np.ascontiguousarray(deviations) if deviations.any() else None)


def _check_errors(errors: FloatArray, matrix: Matrix) -> None:
    if np.shape(errors) != np.shape(matrix.values):
        raise ScoringError(
            f"errors is {np.shape(errors)}, not {np.shape(matrix.values)}: units × indicators", "errors_shape"
        )
    if np.isinf(errors).any() or (np.asarray(errors) < 0).any():
        raise ScoringError("A standard deviation is negative or infinite: correct the errors", "errors_bounds")
