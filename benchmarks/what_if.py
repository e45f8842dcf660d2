"""What if: other weights, another value and the way up at national size, against one plain numpy scoring."""

from benchmarks.p1_scoring import plain_ranks, reference, scorecard, workload
from benchmarks.reporting import best_of, report
from thuocdo.engine.scoring import compute, load_spec
from thuocdo.engine.scoring.explain import WhatIf, decompose_change, improvements, what_if

GOAL_MS = 100.0
_UNIT = "unit-7"
_FIXED = '[normalise]\nmethod = "goalposts"\ngoalposts = [0, 100]\n'


def answer(tried: WhatIf) -> object:
    """What a page shows: every unit's new index, rank and places won."""
    return tried.index, tried.ranks, tried.places


def main(size: float = 1.0) -> bool:
    """Measure and report; the figure is the slowest answer in milliseconds, the ratios are to plain numpy."""
    case = workload(size)
    outcome = compute(case.plain, case.matrix)
    fixed = compute(load_spec(scorecard(_FIXED)), case.matrix)
    treated = compute(case.treated, case.matrix)
    pillar, many = {"p1": 3.0}, {f"i{number}": 1.0 + number % 7 for number in range(len(case.plain.indicators))}
    cell = {(_UNIT, "i50"): 60.0}
    nodes = len(case.plain.indicators)

    plain, one, all_weights, value, value_fixed, value_treated = best_of(
        9,
        lambda: plain_ranks(reference(case.plain, case.matrix.values)[:, nodes:]),
        lambda: answer(what_if(outcome, weights=pillar)),
        lambda: answer(what_if(outcome, weights=many)),
        lambda: answer(what_if(outcome, values=cell)),
        lambda: answer(what_if(fixed, values=cell)),
        lambda: answer(what_if(treated, values=cell)),
    )
    way_up, change = best_of(3, lambda: improvements(fixed, _UNIT), lambda: decompose_change(fixed, outcome, _UNIT))
    times = {
        "one_weight": one,
        "all_weights": all_weights,
        "value_min_max": value,
        "value_goalposts": value_fixed,
        "value_treated": value_treated,
    }
    print(f"units {len(outcome.units)}, indicators {nodes}, nodes {len(case.plain.nodes)}")
    for name, seconds in (times | {"improvements": way_up, "change_of_method": change}).items():
        print(
            f"{name:18} {seconds * 1e3:8.2f} ms, {seconds / plain:6.2f} x one scoring in numpy ({plain * 1e3:.2f} ms)"
        )
    slowest = max(times.values()) * 1e3
    return report(
        "WHAT_IF",
        slowest,
        f"<={GOAL_MS:g} ms",
        met=slowest <= GOAL_MS,
        size=size,
        details={
            "reference_ms": plain * 1e3,
            **{f"{name}_ms": seconds * 1e3 for name, seconds in times.items()},
            "one_weight_ratio": one / plain,
            "value_ratio": value / plain,
            "improvements_ms": way_up * 1e3,
            "change_of_method_ms": change * 1e3,
        },
    )


if __name__ == "__main__":
    main()
