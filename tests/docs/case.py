"""One worked example run by the engine, as the command runs it; the costly parts only when a table asks for them."""

import tomllib
from collections.abc import Mapping
from functools import cached_property

from tests.docs.examples import Example
from thuocdo.engine.scoring import Outcome, compute, freeze
from thuocdo.engine.scoring.explain import Change, Improvements, WhatIf, decompose_change, improvements, what_if
from thuocdo.engine.scoring.run.recipe import Options
from thuocdo.engine.scoring.run.results import Results, compute_results
from thuocdo.engine.scoring.sensitivity import Sensitivity
from thuocdo.engine.scoring.structure import Structure, analyse
from thuocdo.engine.scoring.uncertainty import PartialOrder, Robustness, Simulation, partial_order, robust_pairs

# What the pages say of every example with chance in it.
REPLICATES, SEED = 1_000, 1
Row = Mapping[str, str]


class Case:
    """What the tables of an example are looked up in."""

    def __init__(self, example: Example) -> None:
        self.example = example
        asked = {table for table, _ in example.promised}
        self.results = self._run(example.whole(), example.data, asked)
        self.outcome: Outcome = self.results.outcome

    @staticmethod
    def _run(spec: str, data: str, asked: set[str]) -> Results:
        options = Options(
            replicates=REPLICATES if asked & {"intervals", "pairs", "indistinguishable", "acceptability"} else 0,
            seed=SEED,
            sensitivity=bool(asked & {"sensitivity", "removal"}),
        )
        return compute_results(spec.encode(), data.encode(), options)

    @cached_property
    def later(self) -> Outcome:
        """The second run of an example about a change."""
        data = self.example.later_data or self.example.data
        return self._run(self.example.whole(later=True), data, set()).outcome

    @cached_property
    def frozen(self) -> Outcome:
        """The later data by what the first run took from its own."""
        return compute(self.outcome.spec, self.later.matrix, parameters=freeze(self.outcome))

    @property
    def simulation(self) -> Simulation:
        assert self.results.simulation is not None
        return self.results.simulation

    @property
    def sensitivity(self) -> Sensitivity:
        assert self.results.sensitivity is not None
        return self.results.sensitivity

    @cached_property
    def structure(self) -> Structure:
        return analyse(self.outcome)

    @cached_property
    def robustness(self) -> Robustness:
        return robust_pairs(self.outcome)

    @cached_property
    def order(self) -> PartialOrder:
        return partial_order(self.outcome)

    @cached_property
    def supposed(self) -> WhatIf:
        """The example with the weights and values of its fence `toml supposed`."""
        stated = tomllib.loads(self.example.supposed)
        values = {
            (unit, code): float(value) for unit, row in stated.get("values", {}).items() for code, value in row.items()
        }
        return what_if(self.outcome, weights=stated.get("weights"), values=values)

    def change(self, unit: str) -> Change:
        return decompose_change(self.outcome, self.later, unit)

    def improvements(self, row: Row) -> Improvements:
        return improvements(self.outcome, row["unit"], int(row["places"]))

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.outcome.spec.indicators]

    def place(self, unit: str) -> int:
        return self.outcome.units.index(unit)
