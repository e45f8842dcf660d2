"""Runs that go through the pipeline's own steps one after another, where no batch can stand for them."""

import numpy as np

from thuocdo.engine.scoring.aggregate import aggregate
from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, ScoringError
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.uncertainty.alternatives import Alternatives
from thuocdo.engine.scoring.uncertainty.block import Block
from thuocdo.engine.scoring.uncertainty.prepare import Leaves, Prepared, counted_leaves, first_steps


class Single:
    """All units of one choice of methods, for which every run goes through the pipeline's own aggregation.

    For the few trees in which a run may make values come or go; errors are drawn for every cell.
    """

    def __init__(self, spec: Spec, leaves: Leaves, not_applicable: BoolArray | None, top: int) -> None:
        self.spec, self.leaves, self.not_applicable, self.top = spec, leaves, not_applicable, top
        self.units = slice(0, leaves.values.shape[1])

    def scores(self, block: Block) -> FloatArray:
        """The scores of the top column, runs × units; nan where absent."""
        scores = np.zeros((block.runs, self.units.stop))
        for run in range(block.runs):
            try:
                scores[run] = self.score(block, run)
            except ScoringError as error:
                block.failures[run] = str(error)
        return scores

    def score(self, block: Block, run: int) -> FloatArray:
        """The scores of one run; ScoringError where a mean does not exist."""
        values = self.leaves.values
        if self.leaves.deviations is not None:
            values = values + self.leaves.deviations * block.streams[run].standard_normal(values.shape)
        return np.asarray(aggregate(self.spec, values, self.not_applicable, block.weights[run])[self.top])


class Remeasured:
    """All units of one choice of methods, measured anew in every run: errors are drawn on the scale of the data.

    Everything that depends on the data (imputation, treatment, the bounds of a normalisation) is fitted again, by
    the pipeline itself, unless its parameters are frozen. A unit that a run screens out has no score in it.
    """

    def __init__(
        self, alternatives: Alternatives, choice: tuple[int, int, int, int], prepared: Prepared, top: int
    ) -> None:
        self.alternatives, self.choice, self.prepared, self.top = alternatives, choice, prepared, top
        self.spec = alternatives.spec_of((0, 0, 0, choice[3]))
        self.units = slice(0, len(prepared.units))

    def scores(self, block: Block) -> FloatArray:
        """The scores of the top column, runs × units; nan where absent."""
        prepared, measured = self.prepared, self.prepared.measured
        assert measured is not None  # noqa: S101
        parameters = measured.parameters.get(self.choice[:3])
        place = {unit: index for index, unit in enumerate(prepared.units)}
        scores = np.full((block.runs, len(prepared.units)), np.nan)
        for run, stream in enumerate(block.streams):
            matrix = measured.drawn(self.spec, stream)
            try:
                outcome = first_steps(self.alternatives, self.choice[:3], matrix, parameters)
                leaves = counted_leaves(outcome, matrix, prepared.errors)
                not_applicable = outcome.not_applicable.T if outcome.not_applicable.any() else None
                single = Single(self.spec, leaves, not_applicable, self.top)
                found = single.score(block, run)
            except ScoringError as error:
                block.failures[run] = str(error)
                continue
            kept = [unit in place for unit in outcome.units]
            columns = [place[unit] for unit in outcome.units if unit in place]
            scores[run, columns] = found[kept]
        return scores
