"""Aggregation up the tree: means of several kinds, median, minimum and Copeland's rule (handbook step 7)."""

import numpy as np

from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, ScoringError
from thuocdo.engine.scoring.rank import to_significant
from thuocdo.engine.scoring.spec import Aggregation, Spec
from thuocdo.engine.scoring.weight import sibling_weights

# Units compared with all others at once by Copeland's rule: the working set stays in the cache.
_COPELAND_ROWS = 64


def aggregate(spec: Spec, normalised: FloatArray, not_applicable: BoolArray | None) -> FloatArray:
    """Scores of every column of a run (columns × units), indicators first, then nodes upwards.

    A child without a value gives its weight to its siblings. A node is missing when the share of applicable
    children that have a value lies below `min_available`, and when none has. ScoringError where a mean of
    the chosen kind does not exist (negative values).
    """
    tree, weights = spec.tree, sibling_weights(spec)
    scores = np.empty((len(tree.columns), normalised.shape[1]))
    scores[: tree.leaf_count] = normalised
    absent: BoolArray = np.isnan(scores)
    has_gaps: BoolArray = np.asarray(absent.any(axis=1))
    thresholds = _thresholds(spec)
    applies = None if thresholds is None else _applies(spec, not_applicable, normalised.shape[1])
    for place, children in enumerate(tree.children):
        row = tree.leaf_count + place
        rows = _as_slice(children)
        block, family = scores[rows], weights[list(children)]
        gaps = absent[rows] if has_gaps[list(children)].any() else None
        code = tree.columns[row]
        score: FloatArray = combine(spec.aggregations[place], block, family, gaps, code)
        if thresholds is not None and applies is not None:
            threshold = thresholds[tree.levels[place] - 2]
            expected = applies[rows].sum(axis=0)
            present = len(children) if gaps is None else (~gaps).sum(axis=0)
            score = np.where(present < threshold * expected - 1e-9, np.nan, score)
            applies[row] = expected > 0
        scores[row] = score
        absent[row] = np.isnan(score)
        has_gaps[row] = absent[row].any()
    return scores


def combine(rule: Aggregation, block: FloatArray, weights: FloatArray, gaps: BoolArray | None, code: str) -> FloatArray:
    """One score per unit from a block of children × units; `gaps` marks its missing cells, None for none."""
    if not (weights > 0).all():
        block, gaps = block[weights > 0], None if gaps is None else gaps[weights > 0]
        weights = weights[weights > 0]
    if rule.method not in ("arithmetic", "copeland", "median", "minimum"):
        _refuse_negative(rule, block, code)
    if len(block) == 1 and rule.method != "copeland":
        return np.array(block[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        match rule.method:
            case "arithmetic":
                return _mean(block, weights, gaps)
            case "geometric":
                return np.exp(_mean(np.log(block), weights, gaps))
            case "harmonic":
                return 1.0 / _mean(1.0 / block, weights, gaps)
            case "generalised":
                return _generalised(block, weights, gaps, rule.power or 1.0)
            case "median":
                return _median(block)
            case "minimum":
                return np.asarray(np.fmin.reduce(block, axis=0), dtype=np.float64)
    return copeland(block, weights)


def _mean(block: FloatArray, weights: FloatArray, gaps: BoolArray | None) -> FloatArray:
    """The weighted mean over available children; products are added in the order of the file, unit by unit,
    and not by a matrix routine, whose order (and last bit) would depend on where a unit stands."""
    weighted = block * weights[:, None]
    if gaps is None:
        return np.asarray(weighted.sum(axis=0) / weights.sum(), dtype=np.float64)
    np.copyto(weighted, 0.0, where=gaps)
    return np.asarray(weighted.sum(axis=0) / np.where(gaps, 0.0, weights[:, None]).sum(axis=0))


def _generalised(block: FloatArray, weights: FloatArray, gaps: BoolArray | None, power: float) -> FloatArray:
    """(Σ w x^p / Σ w)^(1/p), taken relative to the largest (smallest) value so that no power overflows."""
    size = np.fmax.reduce(block, axis=0) if power > 0 else np.fmin.reduce(block, axis=0)
    unit = np.where(size > 0, size, 1.0)
    mean = _mean((block / unit) ** power, weights, gaps)
    return np.asarray(mean ** (1.0 / power) * unit, dtype=np.float64)


def _median(block: FloatArray) -> FloatArray:
    """The unweighted median of the available children."""
    ordered = np.sort(block, axis=0)
    number = np.count_nonzero(~np.isnan(block), axis=0)
    units = np.arange(block.shape[1])
    lower = ordered[np.maximum(number - 1, 0) // 2, units]
    upper = ordered[np.minimum(number // 2, len(block) - 1), units]
    return np.where(number > 0, (lower + upper) / 2, np.nan)


def copeland(block: FloatArray, weights: FloatArray) -> FloatArray:
    """Pairwise wins minus defeats: a unit beats another when it leads on more than half of the weight
    of the children both have (equal values count half each); units without any value are missing.

    The result lies between -(n - 1) and n - 1 and does not depend on the order of the units.
    """
    keys = to_significant(block)
    number = keys.shape[1]
    scores = np.empty(number)
    tolerance = 1e-12 * weights.sum()
    for start in range(0, number, _COPELAND_ROWS):
        lead = np.zeros((min(_COPELAND_ROWS, number - start), number))
        for key, weight in zip(keys, weights, strict=True):
            here = key[start : start + _COPELAND_ROWS, None]
            # A comparison with nan is false both ways, so that what is not shared does not count.
            lead += weight * ((here > key).astype(np.float64) - (here < key))
        scores[start : start + _COPELAND_ROWS] = (lead > tolerance).sum(axis=1) - (lead < -tolerance).sum(axis=1)
    scores[np.isnan(keys).all(axis=0)] = np.nan
    return scores


def _refuse_negative(rule: Aggregation, block: FloatArray, code: str) -> None:
    if np.fmin.reduce(block, axis=None, initial=np.nan) < 0:
        raise ScoringError(
            f"{code} is a {rule.method} mean, and below it are negative values: normalise to 0 or more, or "
            "use the arithmetic mean",
            "mean_undefined",
        )


def _as_slice(children: tuple[int, ...]) -> slice | list[int]:
    """Neighbouring rows as a slice, which numpy reads without copying."""
    first, last = children[0], children[-1]
    return slice(first, last + 1) if children == tuple(range(first, last + 1)) else list(children)


def _thresholds(spec: Spec) -> tuple[float, ...] | None:
    """The share of children needed at each aggregated level; None when nothing is asked."""
    stated = spec.aggregating.min_available
    if not any(stated):
        return None
    return stated * (spec.levels - 1) if len(stated) == 1 else stated


def _applies(spec: Spec, not_applicable: BoolArray | None, units: int) -> BoolArray:
    """Whether each column applies to each unit; rows of nodes are filled in on the way up."""
    applies = np.ones((len(spec.tree.columns), units), dtype=np.bool_)
    if not_applicable is not None:
        applies[: spec.tree.leaf_count] = ~not_applicable
    return applies
