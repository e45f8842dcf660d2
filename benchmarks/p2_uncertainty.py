"""P2: 1,000 runs with other weights, normalisations and means, with rank intervals, against one numpy pass per run."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.p1_scoring import plain_ranks, scorecard, workload
from benchmarks.reporting import report
from thuocdo.engine.scoring import Matrix, Spec, load_spec
from thuocdo.engine.scoring.sensitivity import analyse_sensitivity
from thuocdo.engine.scoring.uncertainty import Design, Simulation, draw_design, simulate, weights_of

GOAL, GOAL_MEBIBYTES, GOAL_SOBOL = 15.0, 512, 10
REPLICATES = 1_000
# The loop is measured on this many of the runs, spread evenly over the six combinations of methods.
LOOPED = 120
ROUNDS = 3
SEED = 57
FloatArray = NDArray[np.float64]
VARIED = """
[uncertainty]
weights = 0.25
normalise = [{ method = "z_score", mean = 500, sd = 10 }, { method = "scaled", lower = -400, upper = 400 }]
aggregate = ["geometric"]
"""
NORMALISE = """
[normalise]
method = "min_max"
lower = 1
upper = 100
"""
TEN_FACTORS = (
    """
[uncertainty]
weights = 0.25
weight_levels = [2, 3]
normalise = [{ method = "z_score", mean = 500, sd = 10 }, "rank"]
aggregate = ["geometric"]
treat = ["two_stage"]
impute = ["mean"]
"""
    + NORMALISE
)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def national(size: float) -> tuple[Spec, Matrix]:
    """The national case with three normalisations, two means, and weights that vary by a quarter on three levels."""
    return load_spec(scorecard(VARIED + NORMALISE)), workload(size).matrix


def loop(spec: Spec, values: FloatArray, design: Design, runs: NDArray[np.intp]) -> FloatArray:
    """The ranks of the index in some runs, one vectorised numpy pass for each (runs × units)."""
    weights = weights_of(spec, design)
    directed = values * np.array([indicator.direction for indicator in spec.indicators])
    return np.array([_one(spec, directed, weights[run], *design.choices[run, 2:]) for run in runs])


def _one(spec: Spec, directed: FloatArray, weights: FloatArray, normalise: int, aggregate: int) -> FloatArray:
    leaves = directed.shape[1]
    scores = np.empty((len(directed), len(spec.tree.columns)))
    if normalise == 0:
        low, high = np.nanmin(directed, axis=0), np.nanmax(directed, axis=0)
        scores[:, :leaves] = (directed - low) / (high - low) * 99 + 1
    elif normalise == 1:
        mean, deviation = np.nanmean(directed, axis=0), np.nanstd(directed, axis=0, ddof=1)
        scores[:, :leaves] = (directed - mean) / deviation * 10 + 500
    else:
        scores[:, :leaves] = (directed + 400) / 800 * 100
    for place, children in enumerate(spec.tree.children):
        block, family = scores[:, children], weights[list(children)]
        present = ~np.isnan(block)
        if aggregate == 0:
            mean = (np.where(present, block, 0) @ family) / (present @ family)
        else:
            mean = np.exp((np.where(present, np.log(np.where(present, block, 1)), 0) @ family) / (present @ family))
        scores[:, leaves + place] = mean
    # Scores as published: to two decimals, halves up.
    return plain_ranks(np.floor(scores[:, -1:] * 100 + 0.5))[:, 0]


def measure(size: float) -> dict[str, float]:
    """Times in seconds, peak memory of our part in MiB, on one core."""
    spec, matrix = national(size)
    ours: list[float] = []
    simulation: Simulation | None = None
    for _ in range(ROUNDS):
        start = time.perf_counter()
        simulation = simulate(spec, matrix, replicates=REPLICATES, seed=SEED)
        simulation.intervals()
        ours.append(time.perf_counter() - start)
    assert simulation is not None
    # Taken before the loop begins, so that it is the memory of ours alone.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    design = draw_design(spec, REPLICATES, SEED)
    runs = np.linspace(0, REPLICATES - 1, min(LOOPED, REPLICATES)).astype(np.intp)
    start = time.perf_counter()
    expected = loop(spec, matrix.values, design, runs)
    looped = (time.perf_counter() - start) / len(runs)
    # The two must agree before their times are compared.
    agreement = float((expected == simulation.ranks[runs]).mean())
    again = time.perf_counter()
    simulate(spec, matrix, replicates=REPLICATES, seed=SEED).intervals()
    ours.append(time.perf_counter() - again)
    return {
        "units": len(matrix.units),
        "ours_s": min(ours),
        "loop_s": looped * REPLICATES,
        "peak_mib": peak,
        "agreement": agreement,
        "failed": simulation.failed,
    }


def measure_sensitivity(size: float) -> dict[str, float]:
    """The time of Sobol' indices of ten factors from 1,024 samples on two cores."""
    spec, matrix = load_spec(scorecard(TEN_FACTORS)), workload(size).matrix
    start = time.perf_counter()
    found = analyse_sensitivity(spec, matrix, samples=1024, seed=SEED, jobs=2)
    elapsed = time.perf_counter() - start
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "sobol_s": elapsed,
        "sobol_cpu_s": sum(one.ru_utime + one.ru_stime for one in used),
        "factors": len(found.factors),
        "sobol_runs": len(found.values),
    }


def measure_errors(size: float) -> dict[str, float]:
    """Milliseconds a run with an error in every cell: drawn for each unit, and for each cell below geometric means."""
    found = {}
    for name, method, runs in (("error_by_unit_ms", "arithmetic", 512), ("error_by_cell_ms", "geometric", 64)):
        spec = load_spec(scorecard(f'[uncertainty]\nweights = 0.25\n[aggregate]\nmethod = "{method}"\n' + NORMALISE))
        matrix = workload(size).matrix
        start = time.perf_counter()
        simulate(spec, matrix, replicates=runs, seed=SEED, errors=np.full(matrix.values.shape, 2.0))
        found[name] = (time.perf_counter() - start) / runs * 1e3
    return found


def apart(what: str, size: float) -> dict[str, float]:
    """A measurement in a process of its own, whose memory is its own, with one computing thread."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.p2_uncertainty", what, str(size)],
        env={**os.environ, **ONE_THREAD},
        cwd=Path(__file__).parent.parent,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(size: float = 1.0) -> bool:
    """Measure and report; the figure is the loop's time over ours, for 1,000 runs and their intervals."""
    found = apart("simulate", size)
    ratio = found["loop_s"] / found["ours_s"]
    print(f"units {found['units']}, 1,000 runs: 3 normalisations, 2 means, weights of 3 levels by a quarter")
    print(f"loop {found['loop_s']:.2f} s ({LOOPED} runs measured), ours {found['ours_s']:.3f} s with intervals")
    print(f"peak {found['peak_mib']:.0f} MiB, goal <{GOAL_MEBIBYTES}; equal ranks {found['agreement']:.6f}")
    errors = apart("errors", size)
    print(
        f"with an error in every cell, each run: {errors['error_by_unit_ms']:.2f} ms where one number for each unit is "
        f"exact, {errors['error_by_cell_ms']:.1f} ms where every cell is drawn"
    )
    indices = apart("sensitivity", size)
    print(
        f"Sobol' indices: {indices['factors']} factors, {indices['sobol_runs']} runs, {indices['sobol_s']:.1f} s "
        f"on two cores ({indices['sobol_cpu_s']:.1f} s of computing), wanted <={GOAL_SOBOL}"
    )
    met = ratio >= GOAL and found["peak_mib"] < GOAL_MEBIBYTES and found["agreement"] > 0.9999
    return report("P2", ratio, f">={GOAL:.0f}", met=met, size=size, details=found | errors | indices)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        work = {"simulate": measure, "sensitivity": measure_sensitivity, "errors": measure_errors}[sys.argv[1]]
        print(json.dumps(work(float(sys.argv[2]))))
    else:
        main()
