"""P1: one full scoring of the national matrix against plain vectorised numpy doing the same steps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.reporting import best_of, report
from thuocdo.engine.scoring import Matrix, Spec, compute, load_spec

GOAL = 1.5
GOAL_WITH_TREATMENT = 8.0
UNITS, INDICATORS, GROUPS, PILLARS = 3460, 200, 25, 5
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Workload:
    """A made-up nation: a matrix with 3 % gaps and 40 skewed indicators, and a tree of four levels."""

    matrix: Matrix
    plain: Spec
    treated: Spec


def workload(size: float, seed: int = 57) -> Workload:
    """The national case with the number of units scaled."""
    units = max(20, round(UNITS * size))
    random = np.random.default_rng(seed)
    values = random.normal(50, 10, (units, INDICATORS))
    values[:, :40] = random.lognormal(0, 1.2, (units, 40))
    values[random.random(values.shape) < 0.03] = np.nan
    matrix = Matrix(
        units=tuple(f"unit-{number}" for number in range(units)),
        indicators=tuple(f"i{number}" for number in range(INDICATORS)),
        values=values,
        columns={"kind": np.array([f"kind-{number % 9}" for number in range(units)])},
    )
    extra = '[impute]\nmethod = "group_mean"\ngroup = "kind"\n[treat]\nmethod = "two_stage"\n'
    return Workload(matrix, load_spec(scorecard()), load_spec(scorecard(extra)))


def scorecard(extra: str = "") -> str:
    """The national scorecard file: 200 indicators below 25 groups below five pillars."""
    lines = ['id = "bench"', 'title = "bench"', "levels = 4", extra, '[[node]]\ncode = "index"']
    for pillar in range(PILLARS):
        lines.append(f'[[node]]\ncode = "p{pillar}"\nparent = "index"\nweight = {pillar + 1}')
    for group in range(GROUPS):
        lines.append(f'[[node]]\ncode = "g{group}"\nparent = "p{group % PILLARS}"\nweight = {group % 3 + 1}')
    for number in range(INDICATORS):
        lines.append(
            f'[[indicator]]\ncode = "i{number}"\nparent = "g{number // 8}"\nweight = {number % 4 + 1}\n'
            f"direction = {-1 if number % 4 == 0 else 1}"
        )
    return "\n".join(lines)


def reference(spec: Spec, values: FloatArray) -> FloatArray:
    """Plain numpy: min–max, weighted means with a missing mask at each level, competition ranks."""
    scores = np.empty((len(values), len(spec.tree.columns)))
    weight = {node.code: node.weight for node in spec.nodes}
    weight.update((indicator.code, indicator.weight) for indicator in spec.indicators)
    weights = np.array([weight[code] for code in spec.tree.columns])
    directed = values * np.array([indicator.direction for indicator in spec.indicators])
    low, high = np.nanmin(directed, axis=0), np.nanmax(directed, axis=0)
    scores[:, : values.shape[1]] = (directed - low) / (high - low) * 100
    for place, children in enumerate(spec.tree.children):
        block, family = scores[:, children], weights[list(children)]
        present = ~np.isnan(block)
        scores[:, values.shape[1] + place] = (np.where(present, block, 0) @ family) / (present @ family)
    return scores


def plain_ranks(scores: FloatArray) -> FloatArray:
    """Competition ranks of every column, highest first, missing last."""
    order = np.argsort(-scores, axis=0)
    ordered = np.take_along_axis(scores, order, axis=0)
    starts = np.ones(scores.shape, dtype=bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    first = np.maximum.accumulate(np.where(starts, np.arange(len(scores))[:, None], 0), axis=0) + 1.0
    ranks = np.empty(scores.shape)
    np.put_along_axis(ranks, order, first, axis=0)
    return ranks


def main(size: float = 1.0) -> bool:
    """Measure and report; the figure is our time over the reference's, both with the ranks of every node."""
    case = workload(size)
    values, nodes = case.matrix.values, len(case.plain.indicators)
    ours = compute(case.plain, case.matrix)
    # The two must agree before their times are compared.
    np.testing.assert_allclose(ours.scores, reference(case.plain, values), rtol=1e-9, atol=1e-9)
    plain, plain_all, quick, full, treated = best_of(
        25,
        lambda: plain_ranks(reference(case.plain, values)[:, nodes:]),
        lambda: plain_ranks(reference(case.plain, values)),
        lambda: compute(case.plain, case.matrix).node_ranks,
        lambda: compute(case.plain, case.matrix).ranks,
        lambda: compute(case.treated, case.matrix).node_ranks,
    )
    print(f"units {len(values)}, indicators {INDICATORS}, nodes {len(case.plain.nodes)}")
    print(f"ranks of nodes:       numpy {plain * 1e3:7.2f} ms, ours {quick * 1e3:7.2f} ms, {quick / plain:.2f} x")
    print(f"ranks of all columns: numpy {plain_all * 1e3:7.2f} ms, ours {full * 1e3:7.2f} ms, {full / plain_all:.2f} x")
    print(
        f"with imputation and treatment: {treated * 1e3:7.2f} ms, {treated / plain:.2f} x, goal <={GOAL_WITH_TREATMENT}"
    )
    ratio = quick / plain
    return report(
        "P1",
        ratio,
        f"<={GOAL}",
        met=ratio <= GOAL and treated / plain <= GOAL_WITH_TREATMENT,
        size=size,
        details={
            "reference_ms": plain * 1e3,
            "ours_ms": quick * 1e3,
            "reference_all_ranks_ms": plain_all * 1e3,
            "ours_all_ranks_ms": full * 1e3,
            "treated_ms": treated * 1e3,
            "treated_ratio": treated / plain,
        },
    )


if __name__ == "__main__":
    main()
