"""The runs that are evaluated together, with the random numbers of each."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from thuocdo.engine.scoring.matrix import BoolArray, FloatArray
from thuocdo.engine.scoring.uncertainty.tree import Family


class Block:
    """The runs evaluated together: weights (runs × columns), and for each run the number of its random numbers."""

    def __init__(self, weights: FloatArray, seed: int, streams: Sequence[int]) -> None:
        self.weights = weights
        self.runs = len(weights)
        self._keys = [(seed, stream) for stream in streams]
        # Runs in which a mean does not exist, with the reason.
        self.failures: dict[int, str] = {}
        self._shares: dict[int, FloatArray] = {}

    @cached_property
    def streams(self) -> list[np.random.Generator]:
        """A counter-based generator for each run (Salmon et al. 2011), keyed by the seed and the run's number."""
        return [np.random.Generator(np.random.Philox(key=key)) for key in self._keys]

    def shares(self, family: Family) -> FloatArray:
        """The weights of a family's children, adding up to 1 in each run (children × runs)."""
        if family.column not in self._shares:
            weights = np.ascontiguousarray(self.weights[:, list(family.children)].T)
            self._shares[family.column] = weights / weights.sum(axis=0)
        return self._shares[family.column]

    def normals(self, units: int) -> FloatArray:
        """Standard normal numbers, units × runs, each column from its run's own stream."""
        return np.array([stream.standard_normal(units) for stream in self.streams]).reshape(-1, units).T

    def fail(self, runs: BoolArray, reason: str) -> None:
        """Note that these runs have no result."""
        for run in np.flatnonzero(runs):
            self.failures.setdefault(int(run), reason)
