"""P11: how P1 (one scoring) and P2 (simulated rankings) grow from a tenth of the nation to ten nations."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from math import log
from pathlib import Path

from benchmarks.p1_scoring import workload
from benchmarks.p2_uncertainty import ONE_THREAD, SEED, national
from benchmarks.reporting import report
from thuocdo.engine.scoring import compute
from thuocdo.engine.scoring.uncertainty import simulate

SIZES = (0.1, 1.0, 10.0)
# The same number at every size, fewer than P2's 1,000 so that ten nations take seconds.
REPLICATES = 192
ROUNDS = {0.1: 30, 1.0: 10, 10.0: 4}


def computing_time(rounds: int, work: Callable[[], object]) -> float:
    """The least processor time in seconds: growth must not show who else used the machine."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def measure(size: float) -> dict[str, float]:
    """The units and the processor times of one scoring and of the simulated rankings at one size."""
    rounds = ROUNDS.get(size, 4)
    case = workload(size)
    spec, matrix = national(size)
    simulate(spec, workload(0.01).matrix, replicates=8, seed=SEED)
    return {
        "units": len(matrix.units),
        "P1": computing_time(rounds, lambda: compute(case.plain, case.matrix).node_ranks),
        "P2": computing_time(
            max(2, rounds // 3), lambda: simulate(spec, matrix, replicates=REPLICATES, seed=SEED).intervals()
        ),
    }


def apart(size: float) -> dict[str, float]:
    """A measurement in a process of its own with one computing thread."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.p11_growth", str(size)],
        env={**os.environ, **ONE_THREAD},
        cwd=Path(__file__).parent.parent,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(size: float = 1.0) -> bool:
    """Measure and report; the figure is the worst step over what n log n allows."""
    found = [apart(size * step) for step in SIZES]
    worst = 0.0
    for row in ("P1", "P2"):
        for smaller, larger in pairwise(found):
            n, m = smaller["units"], larger["units"]
            grown, allowed = larger[row] / smaller[row], m * log(m) / (n * log(n))
            exponent = log(grown) / log(m / n)
            worst = max(worst, grown / allowed)
            print(
                f"{row} {n:.0f} -> {m:.0f} units: {smaller[row] * 1e3:.1f} -> {larger[row] * 1e3:.1f} ms, "
                f"x {grown:.2f} (n log n: x {allowed:.2f}), exponent {exponent:.2f}"
            )
    print(f"P2 with {REPLICATES} runs at every size; processor time of one thread; P5 and P9 are not measured here")
    return report("P11", worst, "<=1.00", met=worst <= 1, size=size, details={"steps": found})


if __name__ == "__main__":
    if len(sys.argv) == 2:
        print(json.dumps(measure(float(sys.argv[1]))))
    else:
        main()
