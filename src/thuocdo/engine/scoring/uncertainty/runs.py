"""Monte Carlo over weights, methods and measurement errors: the ranks of every run."""

from collections import Counter

import numpy as np

from thuocdo.engine.scoring.aggregate import aggregate
from thuocdo.engine.scoring.matrix import FloatArray, Matrix, ScoringError
from thuocdo.engine.scoring.pipeline import compute
from thuocdo.engine.scoring.rank import rank_scores
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.uncertainty.alternatives import Alternatives, with_weights
from thuocdo.engine.scoring.uncertainty.design import Design, draw_design, weights_of
from thuocdo.engine.scoring.uncertainty.prepare import in_code_order, prepare
from thuocdo.engine.scoring.uncertainty.simulation import Failure, RankArray, Simulation


def simulate(
    spec: Spec,
    matrix: Matrix,
    *,
    replicates: int,
    seed: int,
    jobs: int = 1,
    errors: FloatArray | None = None,
    column: str | None = None,
    most_failed: float = 0.5,
) -> Simulation:
    """Rank the units in many runs that differ as the scorecard's [uncertainty] says.

    `errors` holds standard deviations in normalised points (units × indicators, nan for none); `column` is
    the node or indicator ranked, the index when None. `jobs` worker processes give the same bits as one.
    ScoringError when the scorecard's own run is impossible, or more than the share `most_failed` of the runs.
    """
    design = draw_design(spec, replicates, seed)
    return replay(spec, matrix, design, jobs=jobs, errors=errors, column=column, most_failed=most_failed)


def replay(
    spec: Spec,
    matrix: Matrix,
    design: Design,
    *,
    jobs: int = 1,
    errors: FloatArray | None = None,
    column: str | None = None,
    most_failed: float = 0.5,
) -> Simulation:
    """The simulation of a stored design; arguments and errors as in `simulate`, KeyError for an unknown column."""
    column = column or spec.top
    nominal = compute(spec, matrix)
    place = spec.tree.columns.index(column)
    ordered = in_code_order(matrix)
    if errors is not None:
        by_unit = {unit: row for row, unit in enumerate(matrix.units)}
        errors = np.asarray(errors)[[by_unit[unit] for unit in ordered.units]]
    prepared = prepare(spec, ordered, design, errors)
    alternatives, weights = Alternatives(spec), weights_of(spec, design)
    position = {unit: row for row, unit in enumerate(prepared.units)}
    back = [position[unit] for unit in nominal.units]
    groups = nominal.peer_groups
    codes = None if groups is None else np.unique(groups, return_inverse=True)[1].astype(np.int64)
    reasons: Counter[str] = Counter()
    done, rows = [], []
    for run in range(design.runs):
        choice = tuple(int(one) for one in design.choices[run])
        first = (choice[0], choice[1], choice[2])
        if first in prepared.broken:
            reasons[prepared.broken[first]] += 1
            continue
        leaves = prepared.leaves[first]
        values = leaves.values
        if leaves.deviations is not None:
            random = np.random.Generator(np.random.Philox(key=[design.seed, int(design.streams[run])]))
            values = values + leaves.deviations * random.standard_normal(values.shape)
        variant = with_weights(alternatives.spec_of((0, 0, 0, choice[3])), weights[run])
        try:
            scores = aggregate(variant, values, prepared.not_applicable)[place : place + 1]
        except ScoringError as error:
            reasons[str(error)] += 1
            continue
        rows.append(rank_scores(spec, scores[:, back], codes)[0])
        done.append(run)
    failures = tuple(Failure(reason, number) for reason, number in reasons.most_common())
    if sum(reasons.values()) > most_failed * design.runs:
        raise ScoringError(f"{sum(reasons.values())} of {design.runs} runs failed: {failures[0].reason}", "runs_failed")
    return Simulation(
        column=column,
        units=nominal.units,
        nominal_ranks=nominal.ranks_of(column),
        ranks=_stored(np.array(rows).reshape(len(rows), len(nominal.units)), spec.rounding.ties),
        runs=np.array(done, dtype=np.int64),
        failures=failures,
        design=design,
        groups=groups,
    )


def _stored(ranks: FloatArray, ties: str) -> RankArray:
    filled = np.nan_to_num(ranks, nan=0.0)
    if ties == "average":
        return filled.astype(np.float32)
    return filled.astype(np.int16) if ranks.shape[1] <= 32_000 else filled.astype(np.int32)
