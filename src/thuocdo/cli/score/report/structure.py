"""The structure of the index: what moves together, what is told twice, what weighs more or less than it should."""

import math
from html import escape

import numpy as np
from numpy.typing import NDArray

from thuocdo.cli.score.report.markup import MOST_LISTED, Pen, below, interval, plain_table, titles_of
from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.run.results import Results

# A matrix of more indicators cannot be read.
MOST_IN_MATRIX = 40


def structure(results: Results, pen: Pen) -> str:
    """What to look at, the families of the tree, correlations, and weight against importance."""
    if results.structure is None:
        return f"<p>{pen.say('structure_few')}"
    return "".join((_flags(results, pen), _pillars(results, pen), _importance(results, pen), _families(results, pen)))


def _names(results: Results, pen: Pen) -> dict[str, str]:
    return {code: escape(pen.pick(title), quote=False) for code, title in titles_of(results.spec).items()}


def _flags(results: Results, pen: Pen) -> str:
    flags = () if results.structure is None else results.structure.flags
    # Two that are opposites are told once, as moving against each other.
    found = [flag for flag in flags if flag.kind != "redundant" or flag.correlation > 0]
    if not found:
        return f"<p>{pen.say('structure_sound')}"
    titles = titles_of(results.spec)
    items = [
        "<li>"
        + pen.say(
            f"flag_{flag.kind}",
            first=pen.pick(titles[flag.first]),
            second=pen.pick(titles[flag.second]),
            node=pen.pick(titles[flag.node]),
            r=pen.number(flag.correlation),
        )
        for flag in sorted(found, key=lambda one: (one.kind, -abs(one.correlation)))[:MOST_LISTED]
    ]
    listed = f"<ul class=notes>{''.join(items)}</ul>"
    return listed if len(items) <= 12 else pen.folded(pen.say("flags", count=pen.total(len(found))), listed)


def _pillars(results: Results, pen: Pen) -> str:
    """Correlations between the parts of the index, and of indicators within each part and across parts."""
    found, tree = results.structure, results.spec.tree
    if found is None or len(tree.children[-1]) < 2:
        return ""
    names, r = _names(results, pen), found.pearson.coefficients
    parts = below(results.spec)
    columns = [*(child for child, _ in parts), len(tree.columns) - 1]
    everything = np.arange(tree.leaf_count)
    rows = []
    for child, leaves in parts:
        others = np.setdiff1d(everything, leaves)
        rows.append(
            [
                names[tree.columns[child]],
                *(_cell(float(r[child, other]), pen) for other in columns),
                _cell(_mean_within(r, leaves), pen),
                _cell(_mean(r[np.ix_(leaves, others)]), pen),
            ]
        )
    heading = [
        pen.say("part"),
        *(names[tree.columns[column]] for column in columns),
        pen.say("within"),
        pen.say("across"),
    ]
    table = plain_table(heading, rows, range(1, len(heading)), "matrix")
    written = f"<h3>{pen.say('correlations')}</h3><p class=quiet>{pen.say('correlations_told')}{table}"
    if tree.leaf_count <= MOST_IN_MATRIX and tree.leaf_count > len(parts):
        codes = tree.columns[: tree.leaf_count]
        cells = [
            [names[code], *(_cell(float(r[row, column]), pen) for column in range(tree.leaf_count))]
            for row, code in enumerate(codes)
        ]
        matrix = plain_table([pen.say("indicator"), *(names[code] for code in codes)], cells, range(1, 99), "matrix")
        written += pen.folded(pen.say("correlations_all"), matrix)
    return written


def _mean(values: FloatArray) -> float:
    there = values[~np.isnan(values)]
    return float(there.mean()) if there.size else math.nan


def _mean_within(r: FloatArray, leaves: NDArray[np.intp]) -> float:
    return _mean(r[np.ix_(leaves, leaves)][np.triu_indices(len(leaves), 1)])


def _cell(r: float, pen: Pen) -> str:
    """A correlation on a ground that tells its size: strong and middling agreement, opposition."""
    if math.isnan(r):
        return "–"
    ground = "qn" if r <= -0.3 else "q3" if r >= 0.7 else "q2" if r >= 0.3 else "q0"
    return f"<span class={ground}>{pen.number(r)}</span>"


def _importance(results: Results, pen: Pen) -> str:
    """Nominal weights beside the share of the index's variance that each indicator tells."""
    found = results.structure
    if found is None or all(math.isnan(one.effective) for one in found.importance):
        return ""
    names = _names(results, pen)
    most = max(max(one.weight, np.nan_to_num(one.effective)) for one in found.importance) or 1.0
    rows = []
    for one in sorted(found.importance, key=lambda each: -abs(np.nan_to_num(each.effective) - each.weight)):
        ends = (one.weight, np.nan_to_num(one.effective))
        drawn = interval(min(ends) / most, ends[1] / most, max(ends) / most)
        rows.append([names[one.indicator], pen.percent(one.weight, 1), pen.percent(one.effective, 1), drawn])
    heading = [pen.say("indicator"), pen.say("weight"), pen.say("importance"), f"0–{pen.percent(most, 1)}"]
    table = plain_table(heading, rows[:MOST_LISTED], (1, 2), "indices")
    told = f"<h3>{pen.say('importance_against')}</h3><p class=quiet>{pen.say('importance_told')}"
    return told + (table if len(rows) <= 12 else pen.folded(pen.say("importance_all"), table))


def _families(results: Results, pen: Pen) -> str:
    """Cronbach's alpha and the first principal component of every node with more than one child."""
    found = results.structure
    if found is None:
        return ""
    names = _names(results, pen)
    rows = [
        [
            names[one.node],
            pen.total(len(one.children)),
            pen.number(one.alpha),
            pen.percent(float(one.explained[0])),
            pen.total(int(np.count_nonzero(one.eigenvalues > 1))),
            pen.number(one.kmo),
        ]
        for one in found.families
        if len(one.children) > 1
    ]
    if not rows:
        return ""
    heading = [pen.say(key) for key in ("part", "children", "alpha", "first_component", "components", "kmo")]
    table = plain_table(heading, rows[:MOST_LISTED], range(1, 6))
    return f"<h3>{pen.say('families')}</h3><p class=quiet>{pen.say('families_told')}{table}"
