"""What a body's score is made of, column by column: from what the run stored, or computed from its inputs.

Whoever follows a live ranking looks at a few bodies of thousands, and the next run comes within a second. So a live
run stores its inputs and, for each body, what lists show; the rest is computed for the page that asks.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from thuocdo.engine.scoring import Outcome, Spec
from thuocdo.engine.scoring.contribute import contribute, is_additive
from thuocdo.scorecards.models import Parts, Standing

from .content import PROVENANCES, Content
from .trials import ground_of

INDEX_POINTS = 100.0
Plain = list[list[float | None]]


def parts_of(standing: Standing) -> Parts:
    """The parts of a standing whose run kept only its inputs; the run itself is read at most once a process."""
    ground = ground_of(standing.run)
    code = standing.body.code
    if code not in ground.place_of:
        return dict(standing.heads)
    (parts,) = parts_from(ground.outcome, ground.content, [ground.place_of[code]])
    return parts


def heads_of(spec: Spec) -> list[str]:
    """The columns that lists show and sort by: the index, what it is put together from, and what caps a class."""
    wanted = {spec.top, *(cap.node for cap in spec.caps)}
    wanted |= {node.code for node in spec.nodes if node.parent == spec.top}
    wanted |= {indicator.code for indicator in spec.indicators if indicator.parent == spec.top}
    return [code for code in spec.tree.columns if code in wanted]


def parts_from(
    outcome: Outcome, content: Content, units: Sequence[int], *, columns: Sequence[str] | None = None
) -> list[Parts]:
    """For units (by place in the outcome) and columns (all, when not given) what pages show; see Standing."""
    leaves = outcome.spec.tree.leaf_count
    asked = list(range(len(outcome.columns))) if columns is None else [outcome.columns.index(code) for code in columns]
    row_of = {code: row for row, code in enumerate(content.units)}
    column_of = {code: column for column, code in enumerate(content.indicators)}
    chosen = list(units)
    rows = [row_of[outcome.units[unit]] for unit in chosen]
    earned, possible = _points(outcome, chosen, asked)
    scores = _plain(outcome.scores[np.ix_(chosen, asked)].T)
    # Column by column, for a live run writes thousands of bodies and a handful of columns.
    by_column: list[list[dict[str, Any]]] = []
    for place, column in enumerate(asked):
        if earned is None or possible is None:
            found: list[dict[str, Any]] = [{"score": score} for score in scores[place]]
        else:
            found = [
                {"score": score, "points": points, "of": most}
                for score, points, most in zip(scores[place], earned[place], possible[place], strict=True)
            ]
        if column < leaves:
            own = column_of[outcome.columns[column]]
            for part, row in zip(found, rows, strict=True):
                part |= _behind(content, row, own)
        by_column.append(found)
    codes = [outcome.columns[column] for column in asked]
    return [dict(zip(codes, parts, strict=True)) for parts in zip(*by_column, strict=True)]


def _behind(content: Content, row: int, column: int) -> dict[str, Any]:
    """The value behind a score, or why there is none."""
    value = float(content.values[row, column])
    if np.isnan(value):
        if content.not_applicable[row, column]:
            return {"gap": "not_applicable"}
        return {"gap": "grace" if content.in_grace[row, column] else "missing"}
    number = -1 if content.provenance is None else int(content.provenance[row, column])
    own: dict[str, Any] = {
        "value": value,
        "provenance": PROVENANCES[number] if number >= 0 else "",
        "measurement": int(content.measurement[row, column]),
    }
    if content.carried[row, column]:
        own["carried"] = True
    return own


def _points(outcome: Outcome, units: Sequence[int], columns: Sequence[int]) -> tuple[Plain | None, Plain | None]:
    """Points earned and possible, asked columns × units; None where the index is no sum of its parts."""
    spec = outcome.spec
    if not is_additive(spec):
        return None, None
    scores = outcome.scores[units].T
    weights = outcome.weights[units].T if outcome.weights.ndim == 2 else outcome.weights
    full = np.where(np.isnan(scores), np.nan, INDEX_POINTS)
    earned, possible = contribute(spec, scores, weights), contribute(spec, full, weights)
    return _plain(_with_nodes(outcome, earned)[columns]), _plain(_with_nodes(outcome, possible)[columns])


def _with_nodes(outcome: Outcome, leaves: Any) -> Any:
    """Points of indicators (indicators × units) with those of the nodes above them added below."""
    tree = outcome.spec.tree
    total = np.vstack([leaves, np.zeros((len(tree.children), leaves.shape[1]))])
    for place, children in enumerate(tree.children):
        total[tree.leaf_count + place] = total[list(children)].sum(axis=0)
    return total


def _plain(numbers: Any) -> Plain:
    """Rows of numbers for display, nine decimals (the digests seal full precision); None where there is none."""
    return [[None if number != number else number for number in row] for row in np.round(numbers, 9).tolist()]
