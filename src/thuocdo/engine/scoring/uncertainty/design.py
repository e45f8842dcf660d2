"""The design of an analysis: points of the unit cube, and what weights and methods each point stands for."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.spec import Spec, Uncertainty
from thuocdo.engine.scoring.uncertainty.alternatives import STEPS, Alternatives
from thuocdo.engine.scoring.weight import sibling_weights

IntArray = NDArray[np.int64]
# No weight that counts may vanish: a run asks what another weight does, not what leaving out does.
_LEAST_SHARE: Final = 1e-9
MAX_SEED: Final = 2**63 - 1


@dataclass(frozen=True)
class Layout:
    """What each dimension of the unit cube stands for: a weight (by its column), then a choice of method.

    `steps` names the steps whose methods vary, with how many there are.
    """

    weight_columns: tuple[int, ...]
    steps: tuple[tuple[str, int], ...]

    @property
    def dimensions(self) -> int:
        """The number of dimensions."""
        return len(self.weight_columns) + len(self.steps)


@dataclass(frozen=True, eq=False)
class Design:
    """Runs as points: `points` is runs × dimensions in [0, 1), `streams` numbers the errors drawn for each run.

    It is all that is random in an analysis: the same design gives the same ranks, bit for bit.
    """

    layout: Layout
    points: FloatArray
    streams: IntArray
    seed: int

    @property
    def runs(self) -> int:
        """The number of runs."""
        return len(self.points)

    @cached_property
    def choices(self) -> IntArray:
        """The number of the chosen method, runs × `STEPS`; 0 is the scorecard's own.

        A point is mapped on [0, 1) cut into equal parts, not on the range of the points at hand.
        """
        chosen = np.zeros((self.runs, len(STEPS)), dtype=np.int64)
        first = len(self.layout.weight_columns)
        for place, (step, count) in enumerate(self.layout.steps):
            chosen[:, STEPS.index(step)] = np.minimum((self.points[:, first + place] * count).astype(int), count - 1)
        return chosen


def layout_of(spec: Spec, weights: FloatArray | None = None) -> Layout:
    """The dimensions a scorecard's [uncertainty] asks for; a weight without siblings has nothing to vary.

    `weights` has one entry per column; those of the file when None.
    """
    varied = spec.uncertainty or Uncertainty()
    tree = spec.tree
    weights = sibling_weights(spec) if weights is None else weights
    levels = (*(1 for _ in range(tree.leaf_count)), *tree.levels)
    columns: list[int] = []
    if varied.weights > 0 or varied.concentration is not None:
        for children in tree.children:
            counting = [child for child in children if weights[child] > 0]
            if len(counting) > 1:
                columns += [
                    child for child in counting if not varied.weight_levels or levels[child] in varied.weight_levels
                ]
    counts = zip(STEPS, Alternatives(spec).counts, strict=True)
    return Layout(tuple(sorted(columns)), tuple((step, count) for step, count in counts if count > 1))


def draw_design(spec: Spec, replicates: int, seed: int, weights: FloatArray | None = None) -> Design:
    """Scrambled Sobol' points (Owen 1997; Joe & Kuo 2008) for what [uncertainty] varies.

    ScoringError for no replicates or a seed that is negative or above 2^63 - 1.
    """
    layout = layout_of(spec, weights)
    points = sobol_points(layout.dimensions, replicates, seed)
    return Design(layout, points, np.arange(replicates, dtype=np.int64), seed)


def sobol_points(dimensions: int, number: int, seed: int) -> FloatArray:
    """The first points of a scrambled Sobol' sequence (number × dimensions), the scrambling given by the seed."""
    if number < 1:
        raise ScoringError("An analysis needs at least one replicate: ask for 1,000", "replicates")
    if not 0 <= seed <= MAX_SEED:
        raise ScoringError(f"The seed must lie between 0 and {MAX_SEED}", "seed")
    if dimensions == 0:
        return np.empty((number, 0))
    # Worker processes never draw points, and start in half the time without this.
    from scipy.stats import qmc

    sequence = qmc.Sobol(dimensions, scramble=True, rng=np.random.Generator(np.random.Philox(seed)))
    return np.ascontiguousarray(sequence.random_base2(max(0, (number - 1).bit_length()))[:number])


def weights_of(spec: Spec, design: Design, weights: FloatArray | None = None) -> FloatArray:
    """The relative weights of each run (runs × columns) around those given (one per column; None: the file's).

    Uniform: w (1 + f (2u - 1)), as COINr's noisy weights. Dirichlet: within each family w_i = G_i / Σ G with
    G_i of Gamma's law with shape (concentration × share of w_i), by its inverse distribution function at u;
    the mean is the given share p, the variance p (1 - p) / (concentration + 1).
    """
    varied = spec.uncertainty or Uncertainty()
    given = sibling_weights(spec) if weights is None else weights
    drawn = np.tile(given, (design.runs, 1))
    columns = list(design.layout.weight_columns)
    if not columns:
        return drawn
    points = design.points[:, : len(columns)]
    if varied.concentration is None:
        factors = np.maximum(1 + varied.weights * (2 * points - 1), _LEAST_SHARE)
        drawn[:, columns] = given[columns] * factors
        return drawn
    # SciPy is slow to load, and only weights drawn from a Dirichlet distribution need it.
    from scipy.special import gammaincinv

    place = {column: index for index, column in enumerate(columns)}
    for children in spec.tree.children:
        family = [child for child in children if child in place]
        if family:
            shares = given[family] / given[family].sum()
            gammas = gammaincinv(varied.concentration * shares, points[:, [place[child] for child in family]])
            gammas = np.maximum(gammas, _LEAST_SHARE * varied.concentration * shares)
            drawn[:, family] = gammas / gammas.sum(axis=1, keepdims=True) * given[family].sum()
    return drawn
