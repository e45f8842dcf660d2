"""What a run gives: scores and everything they were made of, and what each step did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.contribute import Contributions, account
from thuocdo.engine.scoring.matrix import BoolArray, Cells, FloatArray, Matrix
from thuocdo.engine.scoring.parameters import Parameters
from thuocdo.engine.scoring.rank import classify, rank_scores, round_half_up
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.treat import Curve, TreatmentRecord
from thuocdo.engine.scoring.weight import present_weight, sibling_weights


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a run did, in a sentence; `cells` counts the values, units or indicators it touched.

    `code` names the kind of step for machines, `indicators` those concerned where they can be told apart.
    """

    name: str
    message: str
    cells: int
    is_warning: bool = False
    code: str = ""
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Outcome:
    """The result of a run. Arrays are units × columns (or × indicators) in the order of `units`.

    Columns are the indicators (normalised and discounted) and then the nodes from the lowest level upwards; the
    index is the last. `missing` marks applicable cells without a value, which is also where a score of zero
    comes from when the scorecard says so. `screened` units and `screened_indicators` had too few values; the
    units are absent here, the indicators apply to nobody. `prepared_values` are those before imputation.
    What is derived from the scores is computed when first asked for.
    """

    spec: Spec
    units: tuple[str, ...]
    screened: tuple[str, ...]
    screened_indicators: tuple[str, ...]
    columns: tuple[str, ...]
    scores: FloatArray
    prepared_values: FloatArray
    imputed_values: FloatArray
    treated_values: FloatArray
    normalised: FloatArray
    imputed: BoolArray
    missing: BoolArray
    not_applicable: BoolArray
    treatments: tuple[TreatmentRecord, ...]
    curves: Mapping[str, Curve]
    cells: Cells
    peer_groups: NDArray[np.str_] | None
    steps: tuple[Step, ...]
    matrix: Matrix
    parameters: Parameters | None = None
    derived_weights: FloatArray | None = None

    @property
    def weights(self) -> FloatArray:
        """The weight of every column, relative among siblings: given, equal, or derived from the data, then
        units × columns where every unit has its own."""
        return sibling_weights(self.spec) if self.derived_weights is None else self.derived_weights

    @cached_property
    def rounded(self) -> FloatArray:
        """Scores as published: 12 significant digits, then half up to the scorecard's decimals."""
        return round_half_up(self.scores.T, self.spec.rounding.decimals).T

    @cached_property
    def ranks(self) -> FloatArray:
        """Ranks of every column, 1 for the best, within the peer group where there are any."""
        return rank_scores(self.spec, self.scores.T, self._group_codes).T

    @cached_property
    def node_ranks(self) -> FloatArray:
        """The same for the nodes only, in the order of the last columns: what pages show."""
        leaves = self.spec.tree.leaf_count
        return rank_scores(self.spec, self.scores.T[leaves:], self._group_codes).T

    @cached_property
    def classes(self) -> tuple[str | None, ...]:
        """The class code of each unit."""
        needed = {self.spec.top, *(cap.node for cap in self.spec.caps)}
        return classify(self.spec, {code: self.rounded_of(code) for code in needed}, len(self.units))

    @cached_property
    def accounted(self) -> Contributions:
        """Where every index comes from: points by indicator, and what they start from."""
        not_applicable = np.ascontiguousarray(self.not_applicable.T) if self.not_applicable.any() else None
        return account(
            self.spec, np.ascontiguousarray(self.scores.T), self.weights.T, not_applicable, self._group_codes
        )

    @property
    def contributions(self) -> FloatArray:
        """Points of the index by indicator (units × indicators); with `accounted.start` they add up to it."""
        return self.accounted.points

    @cached_property
    def present_weight(self) -> FloatArray:
        """The share of weight resting on values, per unit and column; nan where nothing applies."""
        present = ~(self.missing | self.not_applicable)
        weights = self.weights if self.weights.ndim == 1 else None
        return present_weight(self.spec, present.T, self.not_applicable.T, weights).T

    def scores_of(self, code: str) -> FloatArray:
        """The scores of one column at full precision; KeyError for an unknown code."""
        return np.asarray(self.scores[:, self._position(code)])

    def rounded_of(self, code: str) -> FloatArray:
        """The published scores of one column; KeyError for an unknown code."""
        return round_half_up(self.scores_of(code), self.spec.rounding.decimals)

    def ranks_of(self, code: str) -> FloatArray:
        """The ranks of one column; KeyError for an unknown code."""
        return np.asarray(rank_scores(self.spec, self.scores_of(code)[None, :], self._group_codes)[0])

    def _position(self, code: str) -> int:
        try:
            return self.columns.index(code)
        except ValueError as error:
            raise KeyError(code) from error

    @cached_property
    def _group_codes(self) -> NDArray[np.int64] | None:
        if self.peer_groups is None:
            return None
        return np.unique(self.peer_groups, return_inverse=True)[1].astype(np.int64)


class Log:
    """What the steps of one run did; nothing is noted that touched nothing."""

    def __init__(self, spec: Spec) -> None:
        self.codes = np.array([indicator.code for indicator in spec.indicators], dtype=object)
        self.steps: list[Step] = []

    def add(self, name: str, code: str, message: str, touched: int) -> None:
        """A warning with a message of its own."""
        if touched:
            self.steps.append(Step(name, message, touched, is_warning=True, code=code))

    def cells(self, name: str, code: str, message: str, touched: BoolArray, *, is_warning: bool = True) -> None:
        """How many cells (indicators × units) or units were touched, and of which indicators."""
        number = int(np.count_nonzero(touched))
        if number:
            concerned = self.names(np.asarray(touched.any(axis=1))) if touched.ndim == 2 else ()
            self.steps.append(Step(name, f"{number} {message}", number, is_warning, code, concerned))

    def indicators(
        self, name: str, code: str, message: str, touched: BoolArray | Iterable[str], *, is_warning: bool = True
    ) -> None:
        """Which indicators were touched."""
        codes = self.names(touched) if isinstance(touched, np.ndarray) else tuple(touched)
        if codes:
            self.steps.append(Step(name, f"{len(codes)} {message}", len(codes), is_warning, code, codes))

    def names(self, rows: BoolArray) -> tuple[str, ...]:
        """The codes of the rows where the mask is true."""
        return tuple(self.codes[rows].tolist())
