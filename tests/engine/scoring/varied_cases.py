"""A scorecard whose methods and weights vary, and what its runs must agree with."""

import numpy as np

from tests.engine.scoring.cases import scorecard
from thuocdo.engine.scoring import compute
from thuocdo.engine.scoring.uncertainty import (
    Alternatives,
    weights_of,
    with_weights,
)
from thuocdo.engine.scoring.uncertainty.prepare import Errors
from thuocdo.engine.scoring.uncertainty.runs import KeepRanks, make_plan
from thuocdo.engine.scoring.uncertainty.workers import Runner

NODES = {
    "p": 'parent = "index"\nweight = 3',
    "q": 'parent = "index"\nweight = 2',
    "r": 'parent = "index"\nweight = 1',
}


CODES = ("a", "b", "c", "d", "e", "f", "g", "h")


def tree(tables="", **aggregates):
    """Eight indicators below three pillars; the last pillar has an only child, the first one without weight."""
    homes = dict(zip(CODES, "pppqqqqr", strict=True))
    weights, directions = (1, 2, 0, 4, 5, 6, 7, 8), (1, -1, 1, 1, -1, 1, 1, 1)
    indicators = {
        code: f'parent = "{homes[code]}"\nweight = {weight}\ndirection = {direction}'
        for code, weight, direction in zip(CODES, weights, directions, strict=True)
    }
    nodes = {
        code: lines + (f'\naggregate = "{aggregates[code]}"' if code in aggregates else "")
        for code, lines in NODES.items()
    }
    return scorecard(indicators, nodes=nodes, tables=tables, levels=3)


def values(units=40, seed=1, gaps=0.1):
    random = np.random.default_rng(seed)
    drawn = random.normal(50, 10, (units, len(CODES)))
    drawn[random.random(drawn.shape) < gaps] = np.nan
    drawn[3] = np.nan
    drawn[4, :3] = np.nan
    return drawn


VARIED = """
[uncertainty]
weights = 0.25
normalise = ["rank", { method = "min_max", lower = 1, upper = 10 }]
aggregate = ["geometric"]
treat = ["two_stage"]
impute = ["mean"]
"""


def scores_of(spec, data, design, column=None, errors=None):
    """The scores of all runs as the batches compute them, runs × units in the order of codes, and the failures."""
    nominal = compute(spec, data)
    plan = make_plan(nominal, data, design, Errors(errors), column or spec.top, KeepRanks())
    runner, scores, failures = Runner(plan), {}, {}
    for choice in np.unique(design.choices, axis=0):
        runs = np.flatnonzero((design.choices == choice).all(axis=1))
        found, failed = runner.scores(runs)
        failures |= failed
        scores |= dict(zip(runs.tolist(), found, strict=True))
    return np.array([scores[run] for run in range(design.runs)]), failures, plan.prepared.units


def by_the_pipeline(spec, data, design, run):
    """The outcome of one run as the scorecard with its weights and methods gives it."""
    variant = Alternatives(spec).spec_of(tuple(int(one) for one in design.choices[run]))
    return compute(with_weights(variant, weights_of(spec, design)[run]), data)
