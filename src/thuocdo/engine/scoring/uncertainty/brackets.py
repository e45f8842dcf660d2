"""Which intervals overlap: the largest groups that all do, and the places where the ranking can be cut."""

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import FloatArray

Places = NDArray[np.intp]


def cliques_of(low: FloatArray, high: FloatArray) -> list[Places]:
    """The maximal groups of two or more closed intervals that all share a point, from the lowest point upwards.

    Intervals that overlap pairwise share a point (Helly's theorem on the line). A group is complete where one
    of its intervals ends and another has begun since the last complete group.
    """
    starts, ends = np.sort(low), np.unique(high)
    groups: list[Places] = []
    last_end = -np.inf
    for end in ends:
        # What begins after the last end and not after this one makes the group new.
        begun = np.searchsorted(starts, end, side="right") - np.searchsorted(starts, last_end, side="right")
        if begun:
            members = np.flatnonzero((low <= end) & (high >= end))
            if len(members) > 1:
                groups.append(members)
            last_end = end
    return groups


def brackets_of(low: FloatArray, high: FloatArray) -> list[Places]:
    """The intervals, in the order of their lower ends, cut wherever none reaches across; places ascend."""
    order = np.argsort(low, kind="stable")
    reach = np.maximum.accumulate(high[order])
    cuts = np.flatnonzero(low[order][1:] > reach[:-1]) + 1
    return [np.sort(part) for part in np.split(order, cuts) if len(part)]
