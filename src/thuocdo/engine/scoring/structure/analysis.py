"""The structure of one run in one object: correlations, families, importance, availability, statistics, flags."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.pipeline import Outcome
from thuocdo.engine.scoring.structure.association import Correlations, correlate
from thuocdo.engine.scoring.structure.importance import Importance, importances
from thuocdo.engine.scoring.structure.reliability import Family, describe_family
from thuocdo.engine.scoring.structure.summary import ColumnSummary, summarise
from thuocdo.engine.scoring.weight import effective_weights

REDUNDANT = 0.9
COUNTER = -0.4
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at. Kinds: "redundant" (two children of one node with |r| ≥ 0.9), "counter_sibling" (with
    r ≤ -0.4), "counter_parent" (a child with r < 0 to its node, p ≤ 0.05). `first` and `second` are codes,
    `node` the node they stand below."""

    kind: str
    node: str
    first: str
    second: str
    correlation: float


@dataclass(frozen=True, eq=False)
class Structure:
    """What the data of a run say about its scorecard. Correlations are of `columns`, the run's indicators (as they
    count) and nodes; `families` has one entry per node from the lowest upwards; `summaries` are of the values
    before imputation; `scores` (columns × units) those that all of it rests on, ordered by the names of the units;
    `availability` (units × columns) is the share of weight that rests on values."""

    units: tuple[str, ...]
    columns: tuple[str, ...]
    scores: FloatArray
    pearson: Correlations
    families: tuple[Family, ...]
    importance: tuple[Importance, ...]
    summaries: tuple[ColumnSummary, ...]
    availability: FloatArray
    flags: tuple[Flag, ...]

    @cached_property
    def spearman(self) -> Correlations:
        """Rank correlations of the same columns, computed when asked for: with gaps every pair is ranked by itself."""
        return correlate(self.scores, "spearman")

    @cached_property
    def kendall(self) -> Correlations:
        """Kendall's tau-b of the same columns, computed when asked for."""
        return correlate(self.scores, "kendall")

    def between(self, first: str, second: str) -> float:
        """Pearson's correlation of two columns; ValueError for an unknown code."""
        return float(self.pearson.coefficients[self.columns.index(first), self.columns.index(second)])

    def family(self, node: str) -> Family:
        """The figures of one node; KeyError for an unknown one."""
        for family in self.families:
            if family.node == node:
                return family
        raise KeyError(node)


def analyse(outcome: Outcome) -> Structure:
    """The structure of a run (OECD/JRC handbook, steps 4 and 8); units with a gap count where they can.

    The nominal weight of an indicator is its share of the index by the weights of the run, their mean over units
    where each has its own.
    """
    spec, tree = outcome.spec, outcome.spec.tree
    # Sums over units must not depend on the order in which these came.
    order = np.argsort(np.array(outcome.units))
    scores = outcome.scores.T[:, order]
    pearson = correlate(scores)
    families = tuple(
        describe_family(
            tree.columns[tree.leaf_count + place],
            tuple(tree.columns[child] for child in children),
            scores[list(children)],
        )
        for place, children in enumerate(tree.children)
    )
    weights = outcome.weights if outcome.weights.ndim == 1 else outcome.weights.mean(axis=0)
    codes = tree.columns[: tree.leaf_count]
    applicable = np.count_nonzero(~outcome.not_applicable, axis=0)
    return Structure(
        units=outcome.units,
        columns=tree.columns,
        scores=scores,
        pearson=pearson,
        families=families,
        importance=importances(
            codes, effective_weights(spec, weights)[: tree.leaf_count], scores[: tree.leaf_count], scores[-1]
        ),
        summaries=tuple(
            summarise(code, outcome.prepared_values[:, column], int(applicable[column]))
            for column, code in enumerate(codes)
        ),
        availability=outcome.present_weight,
        flags=tuple(_flags(outcome, pearson)),
    )


def _flags(outcome: Outcome, pearson: Correlations) -> list[Flag]:
    tree, found = outcome.spec.tree, []
    coefficients, p_values = pearson.coefficients, pearson.p_values
    for place, children in enumerate(tree.children):
        row = tree.leaf_count + place
        node = tree.columns[row]
        for order, child in enumerate(children):
            if len(children) > 1 and coefficients[child, row] < 0 and p_values[child, row] <= SIGNIFICANT:
                found.append(Flag("counter_parent", node, tree.columns[child], node, float(coefficients[child, row])))
            for other in children[order + 1 :]:
                value = float(coefficients[child, other])
                pair = (node, tree.columns[child], tree.columns[other], value)
                if abs(value) >= REDUNDANT:
                    found.append(Flag("redundant", *pair))
                if value <= COUNTER:
                    found.append(Flag("counter_sibling", *pair))
    return found
