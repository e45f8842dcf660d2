"""The indicators of a run before aggregation: computed once for each choice of imputation, treatment, normalisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, Matrix, ScoringError
from thuocdo.engine.scoring.parameters import Parameters
from thuocdo.engine.scoring.pipeline import Outcome, compute, freeze
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
class Measured:
    """A matrix in the order of its codes with the standard deviations of its values on their own scale.

    `parameters` are frozen ones by choice of methods; what is not among them is fitted anew in every run.
    """

    matrix: Matrix
    deviations: FloatArray
    parameters: Mapping[Choice, Parameters]

    def drawn(self, spec: Spec, stream: np.random.Generator) -> Matrix:
        """The matrix with errors drawn for the scorecard's indicators, in the order of the scorecard."""
        place = {code: index for index, code in enumerate(self.matrix.indicators)}
        columns = [place[indicator.code] for indicator in spec.indicators]
        values = np.array(self.matrix.values, dtype=np.float64)
        normals = stream.standard_normal((len(values), len(columns)))
        values[:, columns] += np.nan_to_num(self.deviations[:, columns]) * normals
        return replace(self.matrix, values=values)


@dataclass(frozen=True, eq=False)
class Prepared:
    """What all runs share. Units are in the order of their codes, so that no result depends on their place."""

    spec: Spec
    units: tuple[str, ...]
    not_applicable: BoolArray | None
    leaves: dict[Choice, Leaves]
    broken: dict[Choice, str]
    errors: FloatArray | None = None
    measured: Measured | None = None


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
        earlier={day: np.asarray(former)[order] for day, former in matrix.earlier.items()},
    )
    return turned, order


@dataclass(frozen=True, eq=False)
class Errors:
    """Standard deviations shaped like the matrix's values, nan for none: in normalised points, and on the scale of
    the data. With the latter everything fitted to the data is fitted anew in every run, unless `refit` is off."""

    points: FloatArray | None = None
    raw: FloatArray | None = None
    refit: bool = True

    def in_order(self, matrix: Matrix, order: NDArray[np.intp]) -> "Errors":
        """The same for units in another order; ScoringError for what is not shaped like the values or no spread."""
        for given in (self.points, self.raw):
            if given is not None:
                _check(given, matrix)
        return Errors(
            None if self.points is None else np.asarray(self.points)[order],
            None if self.raw is None else np.asarray(self.raw, dtype=np.float64)[order],
            self.refit,
        )


def prepare(nominal: Outcome, matrix: Matrix, design: Design, errors: Errors) -> Prepared:
    """Run the first steps for every choice of methods in the design; a choice that cannot be computed is broken.

    Of the scorecard's own methods `nominal` is the outcome, in any order of units; matrix and errors are in the
    order of the codes. Frozen parameters belong to those methods; alternatives are fitted to the data.
    """
    parameters = nominal.parameters
    order = sorted(range(len(nominal.units)), key=nominal.units.__getitem__)
    alternatives = Alternatives(nominal.spec)
    leaves: dict[Choice, Leaves] = {}
    broken: dict[Choice, str] = {}
    frozen = {} if parameters is None else {(0, 0, 0): parameters}
    for impute, treat, normalise in sorted({(int(a), int(b), int(c)) for a, b, c in design.choices[:, :3]}):
        choice = (impute, treat, normalise)
        try:
            if choice == (0, 0, 0):
                leaves[choice] = counted_leaves(nominal, matrix, errors.points, order)
            else:
                leaves[choice] = counted_leaves(first_steps(alternatives, choice, matrix), matrix, errors.points)
        except ScoringError as error:
            if error.code == "uncertainty_parameter":
                raise
            broken[choice] = str(error)
            continue
        if errors.raw is not None and not errors.refit and choice not in frozen:
            frozen[choice] = freeze(first_steps(alternatives, choice, matrix, keep_weighting=True))
    not_applicable = nominal.not_applicable[order].T if nominal.not_applicable.any() else None
    measured = None if errors.raw is None else Measured(matrix, errors.raw, frozen)
    units = tuple(nominal.units[place] for place in order)
    return Prepared(nominal.spec, units, not_applicable, leaves, broken, errors.points, measured)


def first_steps(
    alternatives: Alternatives,
    choice: Choice,
    matrix: Matrix,
    parameters: Parameters | None = None,
    *,
    keep_weighting: bool = False,
) -> Outcome:
    """The outcome of the first steps; its scores of nodes are means that mean nothing here and always exist.

    No weights are derived for them, unless frozen parameters, which belong to a way of weighing, need it.
    """
    spec = alternatives.spec_of((*choice, 0))
    nodes = tuple(replace(node, aggregation=None) for node in spec.nodes)
    plain = Aggregating(missing=spec.aggregating.missing, grace_days=spec.aggregating.grace_days)
    spec = replace(spec, nodes=nodes, aggregating=plain)
    if parameters is None and not keep_weighting:
        spec = replace(spec, weighting="equal")
    return compute(spec, matrix, parameters=parameters)


def counted_leaves(
    outcome: Outcome, matrix: Matrix, errors: FloatArray | None, order: Sequence[int] | None = None
) -> Leaves:
    """The counted values of an outcome's indicators, with the deviations of their errors in normalised points.

    `order` says which of the outcome's units comes first, second …; errors are shaped like the matrix's values.
    """
    number = outcome.spec.tree.leaf_count
    places = range(len(outcome.units)) if order is None else order
    # Adding 0 makes a negative zero a positive one, whose reciprocal is not below zero.
    values = np.ascontiguousarray(outcome.scores[list(places), :number].T) + 0.0
    if errors is None:
        return Leaves(values, None)
    row = {unit: place for place, unit in enumerate(matrix.units)}
    column = {code: place for place, code in enumerate(matrix.indicators)}
    rows = [row[outcome.units[place]] for place in places]
    columns = [column[indicator.code] for indicator in outcome.spec.indicators]
    normalised = outcome.normalised[list(places)].T
    with np.errstate(divide="ignore", invalid="ignore"):
        confidence = np.where(normalised > 0, values / normalised, 1.0)
    deviations = np.nan_to_num(np.asarray(errors)[np.ix_(rows, columns)].T) * confidence
    deviations[np.isnan(normalised)] = 0.0
    return Leaves(values, np.ascontiguousarray(deviations) if deviations.any() else None)


def _check(errors: FloatArray, matrix: Matrix) -> None:
    if np.shape(errors) != np.shape(matrix.values):
        raise ScoringError(
            f"errors is {np.shape(errors)}, not {np.shape(matrix.values)}: units × indicators", "errors_shape"
        )
    if np.isinf(errors).any() or (np.asarray(errors) < 0).any():
        raise ScoringError("A standard deviation is negative or infinite: correct the errors", "errors_bounds")
