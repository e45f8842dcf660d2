"""Aggregation up the tree: means of several kinds, median, minimum and Copeland's rule (handbook step 7)."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, ScoringError
from thuocdo.engine.scoring.rank import to_significant
from thuocdo.engine.scoring.spec import Aggregation, Spec
from thuocdo.engine.scoring.weight import sibling_weights

# Units compared with all others at once by Copeland's rule: the working set stays in the cache.
_COPELAND_ROWS = 64


@dataclass(frozen=True, eq=False, slots=True)
class Others:
    """For supposed units, which Copeland's rule compares with the real ones: the scores of these (columns ×
    units), and for every supposed unit the position of the real one that it stands for."""

    scores: FloatArray
    owners: NDArray[np.intp]


def aggregate(
    spec: Spec, normalised: FloatArray, not_applicable: BoolArray | None, weights: FloatArray | None = None
) -> FloatArray:
    """Scores of every column of a run (columns × units), indicators first, then nodes upwards.

    A child without a value gives its weight to its siblings. A node is missing when the share of applicable
    children that have a value lies below `min_available`, and when none has. ScoringError where a mean of
    the chosen kind does not exist (negative values). The weights are the scorecard's unless given.
    """
    scores = np.empty((len(spec.tree.columns), normalised.shape[1]))
    scores[: spec.tree.leaf_count] = normalised
    fill_nodes(spec, scores, not_applicable, sibling_weights(spec) if weights is None else weights)
    return scores


def fill_nodes(
    spec: Spec,
    scores: FloatArray,
    not_applicable: BoolArray | None,
    weights: FloatArray,
    *,
    places: Iterable[int] | None = None,
    others: Others | None = None,
) -> None:
    """Compute the rows of nodes in `scores` (columns × units) from the rows below them, in place.

    `weights` has one entry per column, or is columns × units where units have weights of their own: a node
    whose children have such weights is their weighted sum. `places` restricts it to some nodes, lowest first.
    """
    tree = spec.tree
    thresholds = level_thresholds(spec)
    applies = None if thresholds is None else applicable_columns(spec, not_applicable, scores.shape[1])
    for place in range(len(tree.children)) if places is None else places:
        children = tree.children[place]
        rows = _as_slice(children)
        block, family = scores[rows], weights[list(children)]
        gaps: BoolArray | None = np.isnan(block)
        gaps = gaps if gaps is not None and gaps.any() else None
        rule = spec.aggregations[place]
        if weights.ndim == 2 and is_weighed_by_unit(spec, place):
            score = _weighted_sum(block, family, gaps)
        elif others is not None and rule.method == "copeland":
            score = copeland_against(block, family if family.ndim == 1 else family[:, 0], others.scores[rows], others)
        else:
            score = combine(
                rule, block, family if family.ndim == 1 else family[:, 0], gaps, tree.columns[tree.leaf_count + place]
            )
        if thresholds is not None and applies is not None:
            threshold = thresholds[tree.levels[place] - 2]
            expected = applies[rows].sum(axis=0)
            present = len(children) if gaps is None else (~gaps).sum(axis=0)
            # Quotients, not products: like the threshold in the file they are the floats nearest to the share.
            with np.errstate(invalid="ignore"):
                score = np.where(present / expected < threshold, np.nan, score)
        scores[tree.leaf_count + place] = score


def is_weighed_by_unit(spec: Spec, place: int) -> bool:
    """Whether the children of a node get the weights most favourable to each unit."""
    levels = spec.weighing.levels
    return spec.weighting == "benefit_of_doubt" and (not levels or spec.tree.levels[place] in levels)


def _weighted_sum(block: FloatArray, weights: FloatArray, gaps: BoolArray | None) -> FloatArray:
    """Σ w x with each unit's own weights; missing where every child is."""
    if gaps is None:
        return np.asarray((block * weights).sum(axis=0), dtype=np.float64)
    total = np.where(gaps, 0.0, block * weights).sum(axis=0)
    return np.where(gaps.all(axis=0), np.nan, total)


def combine(rule: Aggregation, block: FloatArray, weights: FloatArray, gaps: BoolArray | None, code: str) -> FloatArray:
    """One score per unit from a block of children × units; `gaps` marks its missing cells, None for none."""
    if not (weights > 0).all():
        block, gaps = block[weights > 0], None if gaps is None else gaps[weights > 0]
        weights = weights[weights > 0]
    if rule.method in ("geometric", "generalised") and rule.power != 1:
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
                # Adding 0 makes a negative zero a positive one; one of each would cancel out.
                means = 1.0 / _mean(1.0 / (block + 0.0), weights, gaps)
                # Values on both sides of 0 may cancel each other out, and then there is no mean.
                return np.where(np.isinf(means), np.nan, means)
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
    if power == 1:
        return _mean(block, weights, gaps)
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


def copeland_against(block: FloatArray, weights: FloatArray, real: FloatArray, others: Others) -> FloatArray:
    """Copeland's rule for supposed units (children × supposed) against the real ones (children × units),
    without the one that each stands for: the same comparisons as in `copeland`."""
    keys, against = to_significant(block), to_significant(real)
    scores = np.empty(keys.shape[1])
    tolerance = 1e-12 * weights.sum()
    for start in range(0, keys.shape[1], _COPELAND_ROWS):
        owners = others.owners[start : start + _COPELAND_ROWS]
        lead = np.zeros((len(owners), against.shape[1]))
        for key, there, weight in zip(keys, against, weights, strict=True):
            here = key[start : start + _COPELAND_ROWS, None]
            lead += weight * ((here > there).astype(np.float64) - (here < there))
        lead[np.arange(len(owners)), owners] = 0.0
        scores[start : start + _COPELAND_ROWS] = (lead > tolerance).sum(axis=1) - (lead < -tolerance).sum(axis=1)
    scores[np.isnan(keys).all(axis=0)] = np.nan
    return scores


def aggregation_notes(spec: Spec, scores: FloatArray) -> list[tuple[str, str, int]]:
    """What a run must tell about how its scores (columns × units) came up the tree: code, sentence, number of
    scores concerned."""
    if all(rule.method in ("arithmetic", "median", "minimum") for rule in spec.aggregations):
        return []
    zeros = below = pairwise = 0
    least_shared = 1.0
    weights = sibling_weights(spec)
    for place, (rule, children) in enumerate(zip(spec.aggregations, spec.tree.children, strict=True)):
        counting = [child for child in children if weights[child] > 0]
        if rule.method == "copeland":
            shared = _share_compared(scores[counting], weights[counting])
            if shared < 1:
                pairwise += int(np.count_nonzero(~np.isnan(scores[spec.tree.leaf_count + place])))
                least_shared = min(least_shared, shared)
        elif len(counting) > 1 and rule.method in ("geometric", "harmonic", "generalised") and (rule.power or -1) < 0:
            zeros += int(np.count_nonzero((scores[counting] == 0).any(axis=0)))
            below += int(np.count_nonzero((scores[counting] < 0).any(axis=0)))
    shared_text = f"scores compare units pairwise by what both have, on average {least_shared:.1%} of the weight"
    return [
        ("zero_mean", f"{zeros} scores are 0 because one value below them is, whatever the others are", zeros),
        ("negative_mean", f"{below} scores are harmonic means of negative values, where better may rank lower", below),
        ("shared_weight", f"{pairwise} {shared_text}", pairwise),
    ]


def _share_compared(block: FloatArray, weights: FloatArray) -> float:
    """The average share of the weight on which two units with any value are compared by Copeland's rule."""
    present = ~np.isnan(block)
    number = np.count_nonzero(present.any(axis=0))
    if number < 2:
        return 1.0
    both = np.count_nonzero(present, axis=1).astype(np.float64)
    return float((weights * both * (both - 1)).sum() / (weights.sum() * number * (number - 1)))


def _refuse_negative(rule: Aggregation, block: FloatArray, code: str) -> None:
    if np.fmin.reduce(block, axis=None, initial=np.nan) < 0:
        raise ScoringError(
            f"{code} is a {rule.method} mean, and below it are negative values: normalise to 0 or more, or "
            "use the arithmetic mean",
            "mean_undefined",
            code,
        )


def _as_slice(children: tuple[int, ...]) -> slice | list[int]:
    """Neighbouring rows as a slice, which numpy reads without copying."""
    first, last = children[0], children[-1]
    return slice(first, last + 1) if children == tuple(range(first, last + 1)) else list(children)


def level_thresholds(spec: Spec) -> tuple[float, ...] | None:
    """The share of children needed at each aggregated level; None when nothing is asked."""
    stated = spec.aggregating.min_available
    if not any(stated):
        return None
    return stated * (spec.levels - 1) if len(stated) == 1 else stated


def applicable_columns(spec: Spec, not_applicable: BoolArray | None, units: int) -> BoolArray:
    """Whether each column applies to each unit; a node does where one of its children does."""
    applies = np.ones((len(spec.tree.columns), units), dtype=np.bool_)
    if not_applicable is not None:
        applies[: spec.tree.leaf_count] = ~not_applicable
        for place, children in enumerate(spec.tree.children):
            applies[spec.tree.leaf_count + place] = applies[_as_slice(children)].any(axis=0)
    return applies
