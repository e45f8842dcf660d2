"""What the index of a unit would be if its normalised values were others, everything else as in the run."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.aggregate import Others, fill_nodes
from thuocdo.engine.scoring.matrix import BoolArray, FloatArray
from thuocdo.engine.scoring.spec import Spec


@dataclass(frozen=True, eq=False)
class Ground:
    """A run to suppose things about: scores (columns × units), weights (columns, or columns × units), and
    which cells do not apply (indicators × units, or None)."""

    spec: Spec
    scores: FloatArray
    weights: FloatArray
    not_applicable: BoolArray | None

    @property
    def leaf_count(self) -> int:
        """How many indicators there are."""
        return self.spec.tree.leaf_count

    @cached_property
    def leaves_below(self) -> tuple[tuple[int, ...], ...]:
        """For every column the rows of the indicators below it, in the order of the file; itself for one."""
        below: list[tuple[int, ...]] = [(leaf,) for leaf in range(self.leaf_count)]
        for children in self.spec.tree.children:
            below.append(tuple(sorted(leaf for child in children for leaf in below[child])))
        return tuple(below)

    @cached_property
    def places_below(self) -> tuple[tuple[int, ...], ...]:
        """For every column the places of the nodes below it and its own, lowest first; none for an indicator."""
        below: list[tuple[int, ...]] = [()] * self.leaf_count
        for place, children in enumerate(self.spec.tree.children):
            below.append((*sorted(one for child in children for one in below[child]), place))
        return tuple(below)

    @cached_property
    def paths(self) -> tuple[tuple[int, ...], ...]:
        """For every indicator the places of the nodes above it, lowest first."""
        parent = {child: place for place, children in enumerate(self.spec.tree.children) for child in children}
        paths = []
        for leaf in range(self.leaf_count):
            path, row = [], leaf
            while row in parent:
                path.append(parent[row])
                row = self.leaf_count + parent[row]
            paths.append(tuple(path))
        return tuple(paths)

    def fill(self, buffer: FloatArray, owners: NDArray[np.intp], places: Sequence[int]) -> None:
        """Compute some nodes of supposed units (columns × supposed) in place; `owners` says whom each stands for.

        Copeland's rule compares a supposed unit with the real others, as the run scored them.
        """
        weights = self.weights if self.weights.ndim == 1 else self.weights[:, owners]
        not_applicable = None if self.not_applicable is None else self.not_applicable[:, owners]
        fill_nodes(self.spec, buffer, not_applicable, weights, places=places, others=Others(self.scores, owners))

    def fill_all(self, buffer: FloatArray, places: Sequence[int]) -> None:
        """Compute some nodes of all units together in place, as a run does."""
        fill_nodes(self.spec, buffer, self.not_applicable, self.weights, places=places)

    def index(self, values: FloatArray, owners: NDArray[np.intp], row: int = -1) -> FloatArray:
        """The score of one column, the index unless said, of supposed units with these normalised values
        (indicators × supposed)."""
        row = row % len(self.spec.tree.columns)
        buffer = np.empty((len(self.spec.tree.columns), values.shape[1]))
        buffer[: self.leaf_count] = values
        self.fill(buffer, owners, self.places_below[row])
        return np.array(buffer[row])
