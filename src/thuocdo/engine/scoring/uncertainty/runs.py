"""Monte Carlo over weights, methods and measurement errors: the ranks of every run."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import FloatArray, Matrix, ScoringError
from thuocdo.engine.scoring.parameters import Parameters
from thuocdo.engine.scoring.pipeline import Outcome, compute
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.uncertainty.design import Design, draw_design, weights_of
from thuocdo.engine.scoring.uncertainty.prepare import Errors, in_code_order, prepare
from thuocdo.engine.scoring.uncertainty.ranking import RankArray, rank_type
from thuocdo.engine.scoring.uncertainty.simulation import Failure, Simulation
from thuocdo.engine.scoring.uncertainty.workers import Plan, Reduction, run_plan


def simulate(
    spec: Spec,
    matrix: Matrix,
    *,
    replicates: int,
    seed: int,
    jobs: int = 1,
    errors: FloatArray | None = None,
    raw_errors: FloatArray | None = None,
    refit: bool = True,
    parameters: Parameters | None = None,
    column: str | None = None,
    most_failed: float = 0.5,
) -> Simulation:
    """Rank the units in many runs that differ as the scorecard's [uncertainty] says.

    `errors` holds standard deviations in normalised points (units × indicators, nan for none), `raw_errors` on
    the scale of the data: such values are drawn anew in every run, with all that is fitted to them unless `refit`
    is off, at the price of a whole scoring each. `parameters` freeze the scorecard's own methods as in `compute`.
    `column` is the node or indicator ranked, the index when None. `jobs` worker processes give the same bits as
    one. ScoringError when the scorecard's own run is impossible, or more than the share `most_failed` of the runs.
    """
    nominal = compute(spec, matrix, parameters=parameters)
    design = draw_design(spec, replicates, seed, given_weights(nominal))
    return _replay(nominal, matrix, design, jobs, Errors(errors, raw_errors, refit), column, most_failed)


def replay(
    spec: Spec,
    matrix: Matrix,
    design: Design,
    *,
    jobs: int = 1,
    errors: FloatArray | None = None,
    raw_errors: FloatArray | None = None,
    refit: bool = True,
    parameters: Parameters | None = None,
    column: str | None = None,
    most_failed: float = 0.5,
) -> Simulation:
    """The simulation of a stored design; arguments and errors as in `simulate`, KeyError for an unknown column."""
    nominal = compute(spec, matrix, parameters=parameters)
    return _replay(nominal, matrix, design, jobs, Errors(errors, raw_errors, refit), column, most_failed)


def given_weights(nominal: Outcome) -> FloatArray:
    """The weights around which runs vary: those of the scorecard's own run, derived ones as they came out.

    ScoringError where every unit has weights of its own: there are none that could vary.
    """
    if nominal.weights.ndim > 1:
        raise ScoringError(
            "With the benefit of the doubt every unit has its own weights, and none to vary: analyse the scorecard "
            "with given weights",
            "weights_by_unit",
        )
    return nominal.weights


@dataclass(frozen=True, slots=True)
class KeepRanks:
    """Keeps the ranks as they are."""

    def __call__(self, ranks: RankArray) -> NDArray[np.generic]:
        """The ranks."""
        return ranks


def make_plan(
    nominal: Outcome, matrix: Matrix, design: Design, errors: Errors, column: str, reduction: Reduction
) -> Plan:
    """All that the runs of a design need; units are in the order of their codes. KeyError for an unknown column."""
    spec = nominal.spec
    if column not in spec.tree.columns:
        raise KeyError(column)
    ordered, order = in_code_order(matrix)
    prepared = prepare(nominal, ordered, design, errors.in_order(matrix, order))
    groups = None
    if nominal.peer_groups is not None:
        position = {unit: place for place, unit in enumerate(nominal.units)}
        labels = nominal.peer_groups[[position[unit] for unit in prepared.units]]
        groups = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    return Plan(
        prepared=prepared,
        weights=weights_of(spec, design, given_weights(nominal)),
        choices=design.choices,
        streams=design.streams,
        seed=design.seed,
        top=spec.tree.columns.index(column),
        groups=groups,
        reduction=reduction,
    )


def check_failures(failures: Counter[str], runs: int, most_failed: float) -> tuple[Failure, ...]:
    """The failures by number; ScoringError when they are more than the share that may fail."""
    found = tuple(Failure(reason, number) for reason, number in sorted(failures.items(), key=lambda one: -one[1]))
    failed = sum(one.runs for one in found)
    if failed > most_failed * runs or failed == runs:
        raise ScoringError(
            f"{failed} of {runs} runs cannot be computed, most of them because: {found[0].reason}", "runs_failed"
        )
    return found


def broken_runs(plan: Plan) -> Counter[str]:
    """The reasons of the runs whose choice of methods cannot be computed at all."""
    reasons: Counter[str] = Counter()
    for first, reason in plan.prepared.broken.items():
        reasons[reason] += int((plan.choices[:, :3] == first).all(axis=1).sum())
    return reasons


def _replay(
    nominal: Outcome,
    matrix: Matrix,
    design: Design,
    jobs: int,
    errors: Errors,
    column: str | None,
    most_failed: float,
) -> Simulation:
    spec, column = nominal.spec, column or nominal.spec.top
    plan = make_plan(nominal, matrix, design, errors, column, KeepRanks())
    reasons = broken_runs(plan)
    check_failures(reasons, design.runs, most_failed)
    ranks = np.zeros((design.runs, len(nominal.units)), dtype=rank_type(spec.rounding.ties, len(nominal.units)))
    succeeded = np.zeros(design.runs, dtype=np.bool_)
    # Results come in the order of the codes; each column of `back` is the place of one unit among them.
    position = {unit: place for place, unit in enumerate(plan.prepared.units)}
    back = np.array([position[unit] for unit in nominal.units], dtype=np.intp)
    for done in run_plan(plan, jobs):
        ranks[done.runs] = done.kept[:, back]
        succeeded[done.runs] = True
        reasons.update(done.failures.values())
    failures = check_failures(reasons, design.runs, most_failed)
    return Simulation(
        column=column,
        units=nominal.units,
        nominal_ranks=nominal.ranks_of(column),
        ranks=ranks if succeeded.all() else ranks[succeeded],
        runs=np.flatnonzero(succeeded).astype(np.int64),
        failures=failures,
        design=design,
        groups=nominal.peer_groups,
    )
