"""Which of the choices behind a ranking move it: Sobol' indices for weights, methods and measurement errors."""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, Matrix, ScoringError
from thuocdo.engine.scoring.pipeline import compute
from thuocdo.engine.scoring.sensitivity.indices import Convergence, Indices, saltelli_design, sobol_indices
from thuocdo.engine.scoring.sensitivity.targets import Target, make_measure
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.uncertainty.design import Design, IntArray, Layout, layout_of
from thuocdo.engine.scoring.uncertainty.prepare import Errors
from thuocdo.engine.scoring.uncertainty.runs import KeepRanks, broken_runs, check_failures, given_weights, make_plan
from thuocdo.engine.scoring.uncertainty.simulation import Failure
from thuocdo.engine.scoring.uncertainty.workers import run_plan

ERROR: Final = "error"
WeightsBy = Literal["node", "level", "all"]
# An estimate from fewer complete samples says nothing.
_FEWEST_SAMPLES: Final = 4


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Indices of the factors in the order of `factors`; `values` are the target's at the points of `design`, nan
    where that run failed. `samples` are those the indices come from, `dropped` those with a failed run.

    A factor is "weights:<node>" (the weights of the node's children), "weights:<level>" or "weights", a step
    whose method varies ("impute", "treat", "normalise", "aggregate"), or "error". `convergence` tells how the
    estimates settled.
    """

    factors: tuple[str, ...]
    target: Target
    indices: Indices
    convergence: tuple[Convergence, ...]
    design: Design
    samples: int
    values: FloatArray
    dropped: int = 0
    failures: tuple[Failure, ...] = ()

    def of(self, factor: str) -> tuple[float, float]:
        """First-order and total index of a factor; ValueError when it did not vary."""
        place = self.factors.index(factor)
        return float(self.indices.first[place]), float(self.indices.total[place])


def analyse_sensitivity(
    spec: Spec,
    matrix: Matrix,
    *,
    samples: int,
    seed: int,
    jobs: int = 1,
    errors: FloatArray | None = None,
    target: Target | None = None,
    column: str | None = None,
    weights_by: WeightsBy = "node",
    most_failed: float = 0.5,
) -> Sensitivity:
    """First-order and total Sobol' indices of what [uncertainty] varies, from samples × (factors + 2) runs.

    The weights below one node, on one level, or all of them are one factor. `samples` is a power of two, at
    least 4. Errors and the other arguments are those of `simulate`; they count as one standard normal number
    for each sum of errors, as drawn there. A sample one of whose factors + 2 runs fails is left out whole, since
    its differences are what an index is made of. ScoringError when nothing varies, when more than the share
    `most_failed` of the runs fails, or when hardly a sample is left.
    """
    nominal = compute(spec, matrix)
    column, target = column or spec.top, target or Target()
    layout = layout_of(spec, given_weights(nominal))
    with_errors = errors is not None and bool(np.nan_to_num(errors).any())
    factors = factors_of(spec, layout, weights_by=weights_by, with_errors=with_errors)
    if not factors:
        raise ScoringError("Nothing varies: state weights, alternatives or errors in [uncertainty]", "nothing_varies")
    saltelli = saltelli_design(tuple(factors.values()), layout.dimensions, samples, seed)
    design = Design(layout, saltelli.points, _streams(tuple(factors), samples), seed)
    plan = make_plan(nominal, matrix, design, Errors(errors), column, KeepRanks())
    places = {unit: place for place, unit in enumerate(plan.prepared.units)}
    ranks = dict(zip(nominal.units, nominal.ranks_of(column).tolist(), strict=True))
    plan = replace(plan, reduction=make_measure(target, places, np.array([ranks[unit] for unit in places])))
    reasons = broken_runs(plan)
    check_failures(reasons, design.runs, most_failed)
    values = np.full(design.runs, np.nan)
    for done in run_plan(plan, jobs):
        values[done.runs] = done.kept
        reasons.update(done.failures.values())
    failures = check_failures(reasons, design.runs, most_failed)
    table = values.reshape(len(factors) + 2, samples)
    complete = ~np.isnan(table).any(axis=0)
    kept = int(np.count_nonzero(complete))
    if kept < _FEWEST_SAMPLES:
        check_failures(reasons, design.runs, 0.0)
    indices, convergence = sobol_indices(table[:, complete].ravel(), len(factors), seed)
    return Sensitivity(
        tuple(factors), target, indices, convergence, design, kept, values, dropped=samples - kept, failures=failures
    )


def factors_of(spec: Spec, layout: Layout, *, weights_by: WeightsBy, with_errors: bool) -> dict[str, tuple[int, ...]]:
    """The dimensions of the unit cube that belong to each factor; errors have none, but streams of their own."""
    tree = spec.tree
    levels = (*(1 for _ in range(tree.leaf_count)), *tree.levels)
    parent = {child: place for place, children in enumerate(tree.children) for child in children}
    factors: dict[str, tuple[int, ...]] = {}
    for dimension, column in enumerate(layout.weight_columns):
        match weights_by:
            case "node":
                name = f"weights:{tree.columns[tree.leaf_count + parent[column]]}"
            case "level":
                name = f"weights:{levels[column]}"
            case "all":
                name = "weights"
        factors[name] = (*factors.get(name, ()), dimension)
    for place, (step, _) in enumerate(layout.steps, start=len(layout.weight_columns)):
        factors[step] = (place,)
    if with_errors:
        factors[ERROR] = ()
    return factors


def _streams(factors: tuple[str, ...], samples: int) -> IntArray:
    """Which errors each run draws: rows of A have their own, rows of B others, and a mixed row those of A,
    but of B where the errors are what is exchanged."""
    a = np.arange(samples, dtype=np.int64)
    return np.concatenate([a, a + samples, *(a + samples if factor == ERROR else a for factor in factors)])
