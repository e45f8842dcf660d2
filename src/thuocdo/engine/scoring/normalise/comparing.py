"""Methods that compare units: each value, times direction, against what the others have."""

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.normalise.block import Block
from thuocdo.engine.scoring.rank import rank_rows, to_significant
from thuocdo.engine.scoring.statistics import counts, deviations, extremes, means, spreads


def _extremes(block: Block, of: str = "raw") -> tuple[FloatArray, FloatArray]:
    """Minimum and maximum of each indicator, raw or times direction, as columns."""
    if "low" not in block.learnt:
        low, high = extremes(block.raw if of == "raw" else block.directed)
        block.learnt["low"], block.learnt["high"] = low[:, None], high[:, None]
    return block.learnt["low"], block.learnt["high"]


def min_max(block: Block) -> FloatArray:
    """(x - min) / (max - min) onto lower … upper; COINr n_minmax."""
    low, high = _extremes(block)
    upwards = block.directions > 0
    # From the worst value to the best: the same numbers as on reversed values, without a copy of them.
    shares = block.raw - np.where(upwards, low, high)
    shares /= np.where(upwards, 1.0, -1.0) * spreads(low, high)
    lower, upper = block.parameter("lower"), block.parameter("upper")
    shares *= upper - lower
    if lower.any():
        shares += lower
    return shares


def z_score(block: Block) -> FloatArray:
    """(x - mean) / sd × `sd` + `mean`, the deviation with n - 1; COINr n_zscore."""
    directed = block.directed
    mean, deviation = block.learn("mean", lambda: means(directed)), block.learn("sd", lambda: _deviations(directed))
    return (directed - mean) / deviation * block.parameter("sd") + block.parameter("mean")


def _deviations(directed: FloatArray) -> FloatArray:
    """The standard deviations with n - 1, nan for a constant row."""
    deviation = deviations(directed)
    return np.where(np.isnan(spreads(*extremes(directed))) | (deviation == 0), np.nan, deviation)


def goalposts(block: Block) -> FloatArray:
    """(x - low) / (high - low) cut to [0, 1] × scale; for direction -1 the posts are negated and swapped."""
    posts = np.array([block.own(one, "goalposts") for one in block.indicators])
    low, high = posts[:, :1], posts[:, 1:]
    start, end = np.where(block.directions > 0, low, high), np.where(block.directions > 0, high, low)
    shares = (block.raw - start) / (end - start)
    truncate = block.flag("truncate")
    if truncate.all():
        np.clip(shares, 0.0, 1.0, out=shares)
    elif truncate.any():
        shares = np.where(truncate > 0, np.clip(shares, 0.0, 1.0), shares)
    return np.asarray(shares * block.parameter("scale"))


def scaled(block: Block) -> FloatArray:
    """(x - lower) / (upper - lower) × scale; the bounds are on the scale of what this step sees."""
    lower, upper = block.parameter("lower"), block.parameter("upper")
    return (block.directed - lower) / (upper - lower) * block.parameter("scale")


def _distance(block: Block, goal: FloatArray) -> FloatArray:
    """1 - (goal - x) / (goal - min), capped at 1 where asked; goal is on the directed scale."""
    low = _extremes(block, "directed")[0]
    gap = goal - low
    shares = 1 - (goal - block.directed) / np.where(gap == 0, np.nan, gap)
    return np.where(block.flag("cap") > 0, np.minimum(shares, 1.0), shares)


def distance_to_target(block: Block) -> FloatArray:
    """(x - min) / (target - min), the target times direction; COINr n_dist2targ."""
    return _distance(block, block.parameter("target") * block.directions)


def distance_to_reference(block: Block) -> FloatArray:
    """1 - (x_ref - x) / (x_ref - min); COINr n_dist2ref. ScoringError for an unknown unit."""
    if "goal" not in block.learnt:
        goals = []
        for indicator, directed in zip(block.indicators, block.directed, strict=True):
            reference = str(indicator.normalisation.parameters["reference"])
            if reference not in block.cells.units:
                raise ScoringError(
                    f"{indicator.code} is compared with {reference!r}, which is not among the units: name one of them",
                    "reference_missing",
                    indicator.code,
                )
            goals.append(directed[block.cells.units.index(reference)])
        block.learnt["goal"] = np.array(goals)[:, None]
    return _distance(block, block.learnt["goal"])


def distance_to_maximum(block: Block) -> FloatArray:
    """1 - (max - x) / (max - min); COINr n_dist2max."""
    low, high = _extremes(block, "directed")
    return 1 - (high - block.directed) / spreads(low, high)


def ascending_ranks(block: Block) -> FloatArray:
    """1 for the worst value; ties are judged after rounding to 12 significant digits."""
    keys, ranks = to_significant(block.directed), np.empty_like(block.raw)
    for row, indicator in enumerate(block.indicators):
        ties = str(indicator.normalisation.parameters["ties"])
        if block.frozen:
            ranks[row] = _frozen_rank(keys[row], block.learnt["ordered"][row], ties)
        else:
            ranks[row] = rank_rows(-keys[row : row + 1], ties)[0]
    return ranks


def _frozen_rank(keys: FloatArray, ordered: FloatArray, ties: str) -> FloatArray:
    """The rank a value has, or would have, among the frozen ones; beyond the best it is the best's."""
    ordered = ordered[~np.isnan(ordered)]
    if ties == "dense":
        ordered = np.unique(ordered)
    if not ordered.size:
        return np.full_like(keys, np.nan)
    keys = np.minimum(keys, ordered[-1])
    below = np.searchsorted(ordered, keys, side="left")
    equal = np.maximum(np.searchsorted(ordered, keys, side="right") - below, 1)
    ranks = below + 1 + ((equal - 1) / 2 if ties == "average" else 0)
    return np.where(np.isnan(keys), np.nan, ranks)


def borda(block: Block) -> FloatArray:
    """The ascending rank less 1; COINr n_borda."""
    return ascending_ranks(block) - 1


def percentile_rank(block: Block) -> FloatArray:
    """(rank - 1) / (available units - 1); COINr n_prank."""
    number = counts(block.learnt["ordered"] if block.frozen else block.raw)[:, None]
    return (ascending_ranks(block) - 1) / np.where(number > 1, number - 1, np.nan)


def fraction_of_maximum(block: Block) -> FloatArray:
    """x / max; where lower is better min / x, since x times -1 over its maximum would turn the order round."""
    low, high = _extremes(block)
    upwards = block.directions > 0
    # A negative maximum, or any negative value among those to be divided by, reverses the order.
    bad = [
        one.code
        for one, wrong in zip(block.indicators, np.where(upwards, high < 0, low < 0)[:, 0], strict=True)
        if wrong
    ]
    if bad:
        raise ScoringError(
            f"{', '.join(bad)} has negative values, of which no fraction of the best one makes sense: use min_max "
            "or goalposts",
            "fraction_negative",
            bad[0],
        )
    share_of_most = block.raw / np.where(high > 0, high, np.nan)
    least_over = np.where(block.raw == low, 1.0, low / block.raw)
    least_over[np.isnan(block.raw)] = np.nan
    return np.where(upwards, share_of_most, least_over)


def none(block: Block) -> FloatArray:
    """x times direction."""
    return block.directed.copy() if block.directed is block.raw else block.directed
