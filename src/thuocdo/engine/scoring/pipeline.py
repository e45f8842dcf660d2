"""One run of a scorecard: values in, scores, ranks, classes and contributions out."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.aggregate import aggregate, aggregation_notes
from thuocdo.engine.scoring.impute import gaps_of, impute
from thuocdo.engine.scoring.matrix import BoolArray, Cells, FloatArray, Matrix, ScoringError, select_cells
from thuocdo.engine.scoring.normalise import normalise
from thuocdo.engine.scoring.outcome import Log, Outcome, Step
from thuocdo.engine.scoring.parameters import Parameters
from thuocdo.engine.scoring.prepare import indicators_left_out, prepare, screened_in
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.treat import moved_off_scale, treat
from thuocdo.engine.scoring.weighing import is_derived, weigh

__all__ = ["ENGINE_VERSION", "Outcome", "Step", "compute", "freeze"]

# Part of every recipe: it changes whenever the same spec and values may give another number.
ENGINE_VERSION: Final = "2.0"


def compute(spec: Spec, matrix: Matrix, *, parameters: Parameters | None = None) -> Outcome:
    """Score a matrix: transform, denominate, screen, impute, treat, normalise, weigh, aggregate; rounding comes last.

    With `parameters` of an earlier run (see `freeze`) imputation, treatment and normalisation use its means,
    cut-offs and posts instead of the data's own, so that scores are comparable in time. Raises `ScoringError`
    for values the scorecard cannot score. Does not depend on the order of the units.
    """
    if parameters is not None:
        parameters.check(spec)
    log = Log(spec)
    cells = select_cells(spec, matrix)
    given = np.isnan(cells.values)
    values = prepare(spec, cells, cells.values)
    kept = screened_in(spec, cells, values, log)
    if kept is not None:
        cells, values, given = cells.keep(kept), values[:, kept], given[:, kept]
    screened = () if kept is None else tuple(np.array(matrix.units, dtype=object)[~kept])
    left_out = indicators_left_out(spec, cells, values)
    if left_out is not None:
        cells = cells.without(left_out)
        values = np.where(left_out[:, None], np.nan, values)
        given |= left_out[:, None]
    gone = np.isnan(values)
    log.cells("transform", "undefined", "values without a logarithm, root or quotient became missing", gone & ~given)
    if left_out is not None:
        log.indicators("screen", "indicators_screened", "indicators with too few values were left out", left_out)
    log.indicators(
        "screen",
        "no_values",
        "indicators have no value at all",
        np.asarray(gaps_of(cells, values).all(axis=1) & gone.any(axis=1)),
    )

    earlier = tuple(prepare(spec, cells, former) for former in cells.earlier)
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
    spec: Spec, cells: Cells, counted: FloatArray, parameters: Parameters | None, log: Log
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
