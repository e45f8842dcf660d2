"""Achievement functions: 0 to `scale` points from what a value means by itself."""

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.normalise.block import Block, apply_transform
from thuocdo.engine.scoring.rank import to_significant


def target_path(block: Block) -> FloatArray:
    """Progress made over progress due: (x - baseline) / (expected - baseline), between 0 and 1.

    `expected` is where the path stands now: given, or on the straight line from baseline to target after
    the share `elapsed` of its time. Where no progress is due yet, holding the baseline is full achievement.
    """
    baseline = block.parameter("baseline")
    if block.has("expected"):
        expected = block.parameter("expected")
    else:
        expected = baseline + block.parameter("elapsed") * (block.parameter("target") - baseline)
    due = expected - baseline
    held = np.where((block.raw - baseline) * block.directions >= 0, 1.0, 0.0)
    shares = np.where(due == 0, held, np.clip((block.raw - baseline) / due, 0.0, 1.0))
    shares[np.isnan(block.raw)] = np.nan
    return shares * block.parameter("scale")


def bands(block: Block) -> FloatArray:
    """Points of the band a value lies in: "at least the limit", or "at most" where lower is better; else 0."""
    points, values = np.empty_like(block.raw), to_significant(block.raw)
    for row, indicator in enumerate(block.indicators):
        bands = np.array(indicator.normalisation.parameters["bands"], dtype=np.float64)
        limits = to_significant(apply_transform(indicator, bands[:, 0]))
        if indicator.direction > 0:
            place = np.searchsorted(limits, values[row], side="right")
            points[row] = np.concatenate(([0.0], bands[:, 1]))[place]
        else:
            place = np.searchsorted(limits, values[row], side="left")
            points[row] = np.concatenate((bands[:, 1], [0.0]))[place]
    points[np.isnan(block.raw)] = np.nan
    return points


def _positive_target(block: Block) -> FloatArray:
    target = block.parameter("target")
    bad = [one.code for one, row in zip(block.indicators, target, strict=True) if (row <= 0).any()]
    if bad:
        raise ScoringError(
            f"The target of {', '.join(bad)} is not positive, so that no ratio to it exists: use target_path "
            "or goalposts",
            "target_not_positive",
            bad[0],
        )
    return target


def ratio(block: Block) -> FloatArray:
    """x / target, at most full; ScoringError when the target is not positive."""
    return np.clip(block.raw / _positive_target(block), 0.0, 1.0) * block.parameter("scale")


def inverse_ratio(block: Block) -> FloatArray:
    """target / x, full at or below the target."""
    target = _positive_target(block)
    shares = np.where(block.raw <= target, 1.0, target / block.raw)
    shares[np.isnan(block.raw)] = np.nan
    return shares * block.parameter("scale")


def within_range(block: Block) -> FloatArray:
    """Full between lower and upper; outside it falls to 0 over the distance `margin`, at once where that is 0."""
    values, margin = to_significant(block.raw), block.parameter("margin")
    outside = np.maximum(np.maximum(block.parameter("lower") - values, values - block.parameter("upper")), 0.0)
    shares = np.where(margin > 0, 1 - outside / np.where(margin > 0, margin, 1.0), np.where(outside > 0, 0.0, 1.0))
    shares[np.isnan(block.raw)] = np.nan
    return np.maximum(shares, 0.0) * block.parameter("scale")


def yes_no(block: Block) -> FloatArray:
    """1 is yes, 0 is no; a share of yes counts in proportion. Where lower is better, "no" is the good answer."""
    shares = np.clip(block.raw, 0.0, 1.0)
    return np.where(block.directions > 0, shares, 1 - shares) * block.parameter("scale")
