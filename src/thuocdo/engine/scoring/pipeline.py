"""One run of a scorecard: values in, scores, ranks, classes and contributions out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.aggregate import aggregate, aggregation_notes
from thuocdo.engine.scoring.contribute import Contributions, account
from thuocdo.engine.scoring.impute import gaps_of, impute
from thuocdo.engine.scoring.matrix import BoolArray, Cells, FloatArray, Matrix, ScoringError, select_cells
from thuocdo.engine.scoring.normalise import apply_transform, normalise
from thuocdo.engine.scoring.parameters import Parameters
from thuocdo.engine.scoring.rank import classify, rank_scores, round_half_up
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.treat import Curve, TreatmentRecord, moved_off_scale, treat
from thuocdo.engine.scoring.weighing import is_derived, weigh
from thuocdo.engine.scoring.weight import present_weight, sibling_weights

# Part of every recipe: it changes whenever the same spec and values may give another number.
ENGINE_VERSION: Final = "2.0"


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a run did, in a sentence; `cells` counts the values, units or indicators it touched.

    `code` names the kind of step for machines, `indicators` those concerned where they can be told apart.
    """

    name: str
    message: str
    cells: int
    is_warning: bool = False
    code: str = ""
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Outcome:
    """The result of a run. Arrays are units × columns (or × indicators) in the order of `units`.

    Columns are the indicators (normalised and discounted) and then the nodes from the lowest level upwards; the
    index is the last. `missing` marks applicable cells without a value, which is also where a score of zero
    comes from when the scorecard says so. `screened` units and `screened_indicators` had too few values; the
    units are absent here, the indicators apply to nobody. `prepared_values` are those before imputation.
    What is derived from the scores is computed when first asked for.
    """

    spec: Spec
    units: tuple[str, ...]
    screened: tuple[str, ...]
    screened_indicators: tuple[str, ...]
    columns: tuple[str, ...]
    scores: FloatArray
    prepared_values: FloatArray
    imputed_values: FloatArray
    treated_values: FloatArray
    normalised: FloatArray
    imputed: BoolArray
    missing: BoolArray
    not_applicable: BoolArray
    treatments: tuple[TreatmentRecord, ...]
    curves: Mapping[str, Curve]
    cells: Cells
    peer_groups: NDArray[np.str_] | None
    steps: tuple[Step, ...]
    matrix: Matrix
    parameters: Parameters | None = None
    derived_weights: FloatArray | None = None

    @property
    def weights(self) -> FloatArray:
        """The weight of every column, relative among siblings: given, equal, or derived from the data, then
        units × columns where every unit has its own."""
        return sibling_weights(self.spec) if self.derived_weights is None else self.derived_weights

    @cached_property
    def rounded(self) -> FloatArray:
        """Scores as published: 12 significant digits, then half up to the scorecard's decimals."""
        return round_half_up(self.scores.T, self.spec.rounding.decimals).T

    @cached_property
    def ranks(self) -> FloatArray:
        """Ranks of every column, 1 for the best, within the peer group where there are any."""
        return rank_scores(self.spec, self.scores.T, self._group_codes).T

    @cached_property
    def node_ranks(self) -> FloatArray:
        """The same for the nodes only, in the order of the last columns: what pages show."""
        leaves = self.spec.tree.leaf_count
        return rank_scores(self.spec, self.scores.T[leaves:], self._group_codes).T

    @cached_property
    def classes(self) -> tuple[str | None, ...]:
        """The class code of each unit."""
        needed = {self.spec.top, *(cap.node for cap in self.spec.caps)}
        return classify(self.spec, {code: self.rounded_of(code) for code in needed}, len(self.units))

    @cached_property
    def accounted(self) -> Contributions:
        """Where every index comes from: points by indicator, and what they start from."""
        not_applicable = np.ascontiguousarray(self.not_applicable.T) if self.not_applicable.any() else None
        return account(
            self.spec, np.ascontiguousarray(self.scores.T), self.weights.T, not_applicable, self._group_codes
        )

    @property
    def contributions(self) -> FloatArray:
        """Points of the index by indicator (units × indicators); with `accounted.start` they add up to it."""
        return self.accounted.points

    @cached_property
    def present_weight(self) -> FloatArray:
        """The share of weight resting on values, per unit and column; nan where nothing applies."""
        present = ~(self.missing | self.not_applicable)
        weights = self.weights if self.weights.ndim == 1 else None
        return present_weight(self.spec, present.T, self.not_applicable.T, weights).T

    def scores_of(self, code: str) -> FloatArray:
        """The scores of one column at full precision; KeyError for an unknown code."""
        return np.asarray(self.scores[:, self._position(code)])

    def rounded_of(self, code: str) -> FloatArray:
        """The published scores of one column; KeyError for an unknown code."""
        return round_half_up(self.scores_of(code), self.spec.rounding.decimals)

    def ranks_of(self, code: str) -> FloatArray:
        """The ranks of one column; KeyError for an unknown code."""
        return np.asarray(rank_scores(self.spec, self.scores_of(code)[None, :], self._group_codes)[0])

    def _position(self, code: str) -> int:
        try:
            return self.columns.index(code)
        except ValueError as error:
            raise KeyError(code) from error

    @cached_property
    def _group_codes(self) -> NDArray[np.int64] | None:
        if self.peer_groups is None:
            return None
        return np.unique(self.peer_groups, return_inverse=True)[1].astype(np.int64)


def compute(spec: Spec, matrix: Matrix, *, parameters: Parameters | None = None) -> Outcome:
    """Score a matrix: transform, denominate, screen, impute, treat, normalise, weigh, aggregate; rounding comes last.

    With `parameters` of an earlier run (see `freeze`) imputation, treatment and normalisation use its means,
    cut-offs and posts instead of the data's own, so that scores are comparable in time. Raises `ScoringError`
    for values the scorecard cannot score. Does not depend on the order of the units.
    """
    if parameters is not None:
        parameters.check(spec)
    log = _Log(spec)
    cells = select_cells(spec, matrix)
    given = np.isnan(cells.values)
    values = _prepare(spec, cells, cells.values)
    kept = _screened_in(spec, cells, values, log)
    if kept is not None:
        cells, values, given = cells.keep(kept), values[:, kept], given[:, kept]
    screened = () if kept is None else tuple(np.array(matrix.units, dtype=object)[~kept])
    left_out = _indicators_left_out(spec, cells, values)
    if left_out is not None:
        cells = cells.without(left_out)
        values = np.where(left_out[:, None], np.nan, values)
        given |= left_out[:, None]
    gone = np.isnan(values)
    log.cells("transform", "undefined", "values without a logarithm, root or quotient became missing", gone & ~given)
    if left_out is not None:
        log.indicators("screen", "indicators_screened", "indicators with too few values were left out", left_out)
    log.indicators(
        "screen", "no_values", "indicators have no value at all", gaps_of(cells, values).all(axis=1) & _any(gone)
    )

    earlier = tuple(_prepare(spec, cells, former) for former in cells.earlier)
    imputed_values = impute(spec, cells, values, earlier, None if parameters is None else parameters.stand_ins)
    imputed = gone & ~np.isnan(imputed_values) if imputed_values is not values else np.zeros_like(gone)
    log.cells("impute", "imputed", "missing values were filled", imputed, is_warning=False)
    if spec.imputation.method != "none":
        log.cells("impute", "gaps_left", "missing values could not be filled", gaps_of(cells, imputed_values))
    treated_values, treatments, curves = treat(spec, imputed_values, None if parameters is None else parameters.curves)
    log.indicators(
        "treat",
        "treated",
        "indicators were winsorised or transformed",
        [record.indicator for record in treatments if record.winsorised > 0 or record.transform != "none"],
        is_warning=False,
    )
    log.indicators(
        "treat",
        "treatment_scale",
        "indicators were transformed, but their goalposts, targets or bands stay on the original scale: give them "
        'treat = { transform = "none" }, or transform = "ln" or "sqrt", which moves those along',
        moved_off_scale(spec, treatments),
    )

    normalised = normalise(spec, cells, treated_values, None if parameters is None else parameters.statistics)
    empty = gone if imputed_values is values else np.isnan(treated_values)
    missing = empty if cells.not_applicable is None else empty & ~cells.not_applicable
    without_spread = np.isnan(normalised) & ~empty
    log.cells(
        "normalise",
        "not_placed",
        "values could not be placed (all equal, no target, or a target at the minimum)",
        without_spread,
    )
    counted = _count_missing(spec, cells, _discount(cells, normalised), missing)
    weights, scores = _weighed(spec, cells, counted, parameters, log)
    for code, message, touched in aggregation_notes(spec, scores):
        log.add("aggregate", code, message, touched)
    log.cells("aggregate", "no_index", "units have no index", np.isnan(scores[-1]))
    not_applicable = np.zeros_like(gone) if cells.not_applicable is None else cells.not_applicable
    return Outcome(
        spec=spec,
        units=cells.units,
        screened=screened,
        screened_indicators=() if left_out is None else log.names(left_out),
        columns=spec.tree.columns,
        scores=scores.T,
        prepared_values=values.T,
        imputed_values=imputed_values.T,
        treated_values=treated_values.T,
        normalised=normalised.T,
        imputed=imputed.T,
        missing=missing.T,
        not_applicable=not_applicable.T,
        treatments=treatments,
        curves=curves,
        cells=cells,
        peer_groups=_peer_groups(spec, cells),
        steps=tuple(log.steps),
        matrix=matrix,
        parameters=parameters,
        derived_weights=None if weights is None else weights.T,
    )


def freeze(outcome: Outcome) -> Parameters:
    """What a run took from its data, to be given to `compute` with other data of the same scorecard."""
    return Parameters.learn(
        outcome.spec,
        outcome.cells,
        outcome.prepared_values.T,
        outcome.treated_values.T,
        outcome.curves,
        outcome.derived_weights,
    )


def _weighed(
    spec: Spec, cells: Cells, counted: FloatArray, parameters: Parameters | None, log: "_Log"
) -> tuple[FloatArray | None, FloatArray]:
    """The weights where they are derived from the data (or were, for frozen ones), and the scores."""
    if not is_derived(spec):
        return None, aggregate(spec, counted, cells.not_applicable)
    if parameters is not None and parameters.weights:
        weights = np.array([parameters.weights[code] for code in spec.tree.columns])
        return weights, aggregate(spec, counted, cells.not_applicable, weights)
    derived = weigh(spec, counted, cells.not_applicable)
    for warning in derived.warnings:
        log.add("weigh", "weights", warning, 1)
    return derived.weights, derived.scores


def _any(cells: BoolArray) -> BoolArray:
    return np.asarray(cells.any(axis=1))


def _prepare(spec: Spec, cells: Cells, values: FloatArray) -> FloatArray:
    return _denominate(spec, cells, _transform(spec, values))


def _transform(spec: Spec, values: FloatArray) -> FloatArray:
    rows = [row for row, indicator in enumerate(spec.indicators) if indicator.transform is not None]
    if rows:
        values = values.copy()
        for row in rows:
            values[row] = apply_transform(spec.indicators[row], values[row])
    return values


def _denominate(spec: Spec, cells: Cells, values: FloatArray) -> FloatArray:
    """Divide by denominators: x / (denominator / scale); a denominator of 0 leaves no value."""
    rows = [row for row, indicator in enumerate(spec.indicators) if indicator.denominator is not None]
    if rows:
        values = values.copy()
        for row in rows:
            indicator = spec.indicators[row]
            denominator = cells.numbers(str(indicator.denominator), f"the denominator of {indicator.code}")
            usable = np.where(denominator == 0, np.nan, denominator)
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                quotient = values[row] / (usable / indicator.denominator_scale)
            values[row] = np.where(np.isfinite(quotient), quotient, np.nan)
    return values


def _screened_in(spec: Spec, cells: Cells, values: FloatArray, log: "_Log") -> BoolArray | None:
    """Which units have enough of the indicators that apply to them, and few enough zeros; None when all have."""
    if spec.unit_availability <= 0 and spec.unit_nonzero <= 0:
        return None
    present = np.count_nonzero(~np.isnan(values), axis=0)
    applicable = np.full(len(cells.units), len(values))
    if cells.not_applicable is not None:
        applicable = applicable - np.count_nonzero(cells.not_applicable, axis=0)
    # A comparison with nan (nothing applies, nothing is there) is false, so that the unit stays. The quotients
    # are compared, and not products: they are the floats nearest to the shares, as the thresholds in the file.
    with np.errstate(invalid="ignore", divide="ignore"):
        too_few = present / applicable < spec.unit_availability
        too_many_zeros = np.count_nonzero((values != 0) & ~np.isnan(values), axis=0) / present < spec.unit_nonzero
    log.cells("screen", "units_screened", "units with too few values were left out", too_few)
    log.cells("screen", "units_zero", "units with too many zeros were left out", too_many_zeros & ~too_few)
    kept = ~(too_few | too_many_zeros)
    return None if kept.all() else kept


def _indicators_left_out(spec: Spec, cells: Cells, values: FloatArray) -> BoolArray | None:
    """Which indicators have too few values among the units they apply to; None when none has."""
    if spec.indicator_availability <= 0:
        return None
    applicable = np.full(len(values), values.shape[1])
    if cells.not_applicable is not None:
        applicable = applicable - np.count_nonzero(cells.not_applicable, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        too_few = np.count_nonzero(~np.isnan(values), axis=1) / applicable < spec.indicator_availability
    return too_few if too_few.any() else None


def _discount(cells: Cells, normalised: FloatArray) -> FloatArray:
    """Normalised values times the confidence in them; points below zero stay, a discount must not raise them."""
    if cells.confidence is None or (cells.confidence == 1).all():
        return normalised
    return np.where(normalised > 0, normalised * cells.confidence, normalised)


def _count_missing(spec: Spec, cells: Cells, normalised: FloatArray, missing: BoolArray) -> FloatArray:
    """Missing applicable cells as zero where the scorecard says so and their grace period is over."""
    if spec.aggregating.missing != "zero" or not missing.any():
        return normalised
    due = missing if cells.in_grace is None else missing & ~cells.in_grace
    return np.where(due, 0.0, normalised)


def _peer_groups(spec: Spec, cells: Cells) -> NDArray[np.str_] | None:
    if not spec.peer_groups:
        return None
    labels = cells.labels("peer_group", "ranking by peer group")
    unknown = sorted(set(labels.tolist()) - {group.code for group in spec.peer_groups})
    if unknown:
        raise ScoringError(
            f"The peer group {', '.join(map(repr, unknown))} is not in the scorecard: add a [[peer_group]] or "
            "correct the data",
            "peer_group_unknown",
        )
    return labels


class _Log:
    """What the steps of one run did; nothing is noted that touched nothing."""

    def __init__(self, spec: Spec) -> None:
        self.codes = np.array([indicator.code for indicator in spec.indicators], dtype=object)
        self.steps: list[Step] = []

    def add(self, name: str, code: str, message: str, touched: int) -> None:
        """A warning with a message of its own."""
        if touched:
            self.steps.append(Step(name, message, touched, is_warning=True, code=code))

    def cells(self, name: str, code: str, message: str, touched: BoolArray, *, is_warning: bool = True) -> None:
        """How many cells (indicators × units) or units were touched, and of which indicators."""
        number = int(np.count_nonzero(touched))
        if number:
            concerned = self.names(_any(touched)) if touched.ndim == 2 else ()
            self.steps.append(Step(name, f"{number} {message}", number, is_warning, code, concerned))

    def indicators(
        self, name: str, code: str, message: str, touched: BoolArray | Iterable[str], *, is_warning: bool = True
    ) -> None:
        """Which indicators were touched."""
        codes = self.names(touched) if isinstance(touched, np.ndarray) else tuple(touched)
        if codes:
            self.steps.append(Step(name, f"{len(codes)} {message}", len(codes), is_warning, code, codes))

    def names(self, rows: BoolArray) -> tuple[str, ...]:
        """The codes of the rows where the mask is true."""
        return tuple(self.codes[rows].tolist())
