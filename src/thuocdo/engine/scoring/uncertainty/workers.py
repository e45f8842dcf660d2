"""Running the blocks of a design, in this process or in several, to the same bits."""

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.uncertainty.alternatives import Alternatives
from thuocdo.engine.scoring.uncertainty.batches import STRETCH, Stretch
from thuocdo.engine.scoring.uncertainty.block import Block
from thuocdo.engine.scoring.uncertainty.design import IntArray
from thuocdo.engine.scoring.uncertainty.one_by_one import Remeasured, Single
from thuocdo.engine.scoring.uncertainty.prepare import Prepared
from thuocdo.engine.scoring.uncertainty.ranking import RankArray, rank_block
from thuocdo.engine.scoring.uncertainty.tree import families, is_static

# Scores held at once for a block of runs, and the fewest and most runs of a block.
_SCORES: Final = 221_440
_FEWEST_RUNS: Final = 32
_MOST_RUNS: Final = 512
# One computing thread in each worker: the products are small, and the cores are taken by the workers.
_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Reduction(Protocol):
    """What is kept of the ranks of a block (runs × units, in code order): one row or one number for each run."""

    def __call__(self, ranks: RankArray) -> NDArray[np.generic]:
        """The kept part, with the runs first."""
        ...


@dataclass(frozen=True, eq=False)
class Plan:
    """All that a worker needs. `weights` is runs × columns, `choices` runs × steps, `groups` in code order."""

    prepared: Prepared
    weights: FloatArray
    choices: IntArray
    streams: IntArray
    seed: int
    top: int
    groups: IntArray | None
    reduction: Reduction


@dataclass(frozen=True, eq=False)
class Done:
    """A finished block: its runs, what is kept of each, and the reasons of those that failed."""

    runs: IntArray
    kept: NDArray[np.generic]
    failures: Mapping[int, str]


def run_plan(plan: Plan, jobs: int) -> Iterator[Done]:
    """Every block of the plan once. The blocks, and so the bits, do not depend on `jobs`."""
    blocks = _blocks(plan)
    # A daemonic process, as some task queues use, may not have children of its own.
    if jobs <= 1 or len(blocks) < 2 or multiprocessing.current_process().daemon:
        runner = Runner(plan)
        yield from map(runner.run, blocks)
        return
    with (
        _one_thread_each(),
        ProcessPoolExecutor(
            min(jobs, len(blocks)),
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(plan,),
        ) as pool,
    ):
        yield from pool.map(_run, blocks, chunksize=max(1, len(blocks) // (8 * jobs)))


def _blocks(plan: Plan) -> list[IntArray]:
    """The runs of each choice of methods in blocks that fit the cache; broken choices are left out."""
    number = max(1, len(plan.prepared.units))
    rows = int(np.clip(_SCORES // number, _FEWEST_RUNS, _MOST_RUNS))
    blocks: list[IntArray] = []
    for choice in np.unique(plan.choices, axis=0):
        first = (int(choice[0]), int(choice[1]), int(choice[2]))
        if first in plan.prepared.leaves:
            runs = np.flatnonzero((plan.choices == choice).all(axis=1)).astype(np.int64)
            blocks += [runs[start : start + rows] for start in range(0, len(runs), rows)]
    return blocks


class Runner:
    """Runs blocks one after another, keeping what the last choice of methods needs."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.alternatives = Alternatives(plan.prepared.spec)
        self.choice: tuple[int, int, int, int] | None = None
        self.stretches: Sequence[Stretch | Single | Remeasured] = []

    def run(self, runs: IntArray) -> Done:
        """The ranks of runs that share one choice of methods, reduced as the plan says."""
        scores, failures = self.scores(runs)
        good = np.array([int(run) not in failures for run in runs], dtype=np.bool_)
        ranks = rank_block(self.plan.prepared.spec.rounding, scores[good], self.plan.groups)
        return Done(runs[good], self.plan.reduction(ranks), failures)

    def scores(self, runs: IntArray) -> tuple[FloatArray, dict[int, str]]:
        """The scores of the ranked column (runs × units in code order), and why runs failed: theirs mean nothing."""
        plan, number = self.plan, len(self.plan.prepared.units)
        block = Block(plan.weights[runs], plan.seed, plan.streams[runs].tolist())
        choice = plan.choices[runs[0]]
        scores = np.zeros((len(runs), number))
        try:
            self._choose((int(choice[0]), int(choice[1]), int(choice[2]), int(choice[3])))
            for stretch in self.stretches:
                scores[:, stretch.units] = stretch.scores(block)
        except ScoringError as error:
            return scores, {int(run): str(error) for run in runs}
        return scores, {int(runs[place]): reason for place, reason in block.failures.items()}

    def _choose(self, choice: tuple[int, int, int, int]) -> None:
        if choice == self.choice:
            return
        plan, prepared = self.plan, self.plan.prepared
        leaves = prepared.leaves[choice[:3]]
        spec: Spec = self.alternatives.spec_of((0, 0, 0, choice[3]))
        found = families(spec, leaves.values, prepared.not_applicable, plan.weights[0], plan.top)
        self.choice = choice
        if prepared.measured is not None:
            self.stretches = [Remeasured(self.alternatives, choice, prepared, plan.top)]
            return
        if not is_static(found, leaves.values):
            self.stretches = [Single(spec, leaves, prepared.not_applicable, plan.top)]
            return
        number = len(prepared.units)
        whole = any(family.rule.method == "copeland" for family in found.values())
        size = number if whole else STRETCH
        self.stretches = [
            Stretch(spec, found, leaves, slice(start, min(start + size, number)), plan.top)
            for start in range(0, number, max(1, size))
        ]


_runner: Runner | None = None


def _begin(plan: Plan) -> None:
    global _runner
    _runner = Runner(plan)


def _run(runs: IntArray) -> Done:
    assert _runner is not None  # noqa: S101
    return _runner.run(runs)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Workers read the number of computing threads from the environment they are started with."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
