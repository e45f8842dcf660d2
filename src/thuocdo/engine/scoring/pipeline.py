"""One run of a scorecard: values in, scores, ranks, classes and contributions out."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.aggregate import aggregate
from thuocdo.engine.scoring.contribute import contribute, is_additive
from thuocdo.engine.scoring.impute import impute
from thuocdo.engine.scoring.matrix import BoolArray, Cells, FloatArray, Matrix, ScoringError, select_cells
from thuocdo.engine.scoring.normalise import apply_transform, normalise
from thuocdo.engine.scoring.rank import classify, rank_scores, round_half_up
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.treat import TreatmentRecord, treat
from thuocdo.engine.scoring.weight import present_weight

# Part of every recipe: it changes whenever the same spec and values may give another number.
ENGINE_VERSION: Final = "1.0"


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a run did, in a sentence; `cells` counts the values or units it touched."""

    name: str
    message: str
    cells: int
    is_warning: bool = False


@dataclass(frozen=True, eq=False)
class Outcome:
    """The result of a run. Arrays are units × columns (or × indicators) in the order of `units`.

    Columns are the indicators (normalised and discounted) and then the nodes from the lowest level upwards; the
    index is the last. `missing` marks applicable cells without a value, which is also where a score of zero
    comes from when the scorecard says so. What is derived from the scores is computed when first asked for.
    """

    spec: Spec
    units: tuple[str, ...]
    screened: tuple[str, ...]
    columns: tuple[str, ...]
    scores: FloatArray
    imputed_values: FloatArray
    treated_values: FloatArray
    normalised: FloatArray
    imputed: BoolArray
    missing: BoolArray
    not_applicable: BoolArray
    treatments: tuple[TreatmentRecord, ...]
    peer_groups: NDArray[np.str_] | None
    steps: tuple[Step, ...]

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
    def contributions(self) -> FloatArray | None:
        """Points of the index by indicator, adding up to it; None when some node is no arithmetic mean."""
        return contribute(self.spec, self.scores.T).T if is_additive(self.spec) else None

    @cached_property
    def present_weight(self) -> FloatArray:
        """The share of weight resting on values, per unit and column; nan where nothing applies."""
        present = ~(self.missing | self.not_applicable)
        return present_weight(self.spec, present.T, self.not_applicable.T).T

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


def compute(spec: Spec, matrix: Matrix) -> Outcome:
    """Score a matrix: transform, denominate, screen, impute, treat, normalise, aggregate; rounding comes last.

    Raises `ScoringError` for values the scorecard cannot score. Does not depend on the order of the units.
    """
    steps: list[Step] = []
    cells = select_cells(spec, matrix)
    given = np.isnan(cells.values)
    values = _denominate(spec, cells, _transform(spec, cells.values))
    kept = _screened_in(spec, cells, values)
    if kept is not None:
        cells, values, given = cells.keep(kept), values[:, kept], given[:, kept]
    screened = () if kept is None else tuple(np.array(matrix.units, dtype=object)[~kept])
    gone = np.isnan(values)
    _note(steps, "transform", "values without a logarithm, root or quotient became missing", gone & ~given)
    _note(steps, "screen", "units with too few values were left out", len(screened))

    imputed_values = impute(spec, cells, values)
    imputed = gone & ~np.isnan(imputed_values) if imputed_values is not values else np.zeros_like(gone)
    _note(steps, "impute", "missing values were filled", imputed, is_warning=False)
    treated_values, treatments = treat(spec, imputed_values)
    changed = sum(record.winsorised > 0 or record.transform != "none" for record in treatments)
    _note(steps, "treat", "indicators were winsorised or transformed", changed, is_warning=False)

    normalised = normalise(spec, cells, treated_values)
    empty = gone if imputed_values is values else np.isnan(treated_values)
    missing = empty if cells.not_applicable is None else empty & ~cells.not_applicable
    without_spread = np.isnan(normalised) & ~empty
    _note(steps, "normalise", "values could not be placed (a constant column, no target)", without_spread)
    counted = _count_missing(spec, cells, _discount(cells, normalised), missing)
    scores = aggregate(spec, counted, cells.not_applicable)
    _note(steps, "aggregate", "units have no index", np.isnan(scores[-1]))
    not_applicable = np.zeros_like(gone) if cells.not_applicable is None else cells.not_applicable
    return Outcome(
        spec=spec,
        units=cells.units,
        screened=screened,
        columns=spec.tree.columns,
        scores=scores.T,
        imputed_values=imputed_values.T,
        treated_values=treated_values.T,
        normalised=normalised.T,
        imputed=imputed.T,
        missing=missing.T,
        not_applicable=not_applicable.T,
        treatments=treatments,
        peer_groups=_peer_groups(spec, cells),
        steps=tuple(steps),
    )


def _transform(spec: Spec, values: FloatArray) -> FloatArray:
    rows = [row for row, indicator in enumerate(spec.indicators) if indicator.transform is not None]
    if rows:
        values = values.copy()
        for row in rows:
            values[row] = apply_transform(spec.indicators[row], values[row])
    return values


def _denominate(spec: Spec, cells: Cells, values: FloatArray) -> FloatArray:
    """Divide by denominators: x / (denominator / scale); a denominator of 0 leaves no value."""
    rows = [row for row, indicator in enumerate(spec.indicators) if indicator.denominator is not None]
    if rows:
        values = values.copy()
        for row in rows:
            indicator = spec.indicators[row]
            denominator = cells.numbers(str(indicator.denominator), f"the denominator of {indicator.code}")
            usable = np.where(denominator == 0, np.nan, denominator)
            values[row] = values[row] / (usable / indicator.denominator_scale)
    return values


def _screened_in(spec: Spec, cells: Cells, values: FloatArray) -> BoolArray | None:
    """Which units have enough of the indicators that apply to them; None when all have."""
    if spec.unit_availability <= 0:
        return None
    present = np.count_nonzero(~np.isnan(values), axis=0)
    applicable = np.full(len(cells.units), len(values))
    if cells.not_applicable is not None:
        applicable = applicable - np.count_nonzero(cells.not_applicable, axis=0)
    kept = np.asarray(present >= spec.unit_availability * applicable - 1e-9)
    return None if kept.all() else kept


def _discount(cells: Cells, normalised: FloatArray) -> FloatArray:
    """Normalised values times the confidence in them; points below zero stay, a discount must not raise them."""
    if cells.confidence is None or (cells.confidence == 1).all():
        return normalised
    return np.where(normalised > 0, normalised * cells.confidence, normalised)


def _count_missing(spec: Spec, cells: Cells, normalised: FloatArray, missing: BoolArray) -> FloatArray:
    """Missing applicable cells as zero where the scorecard says so and their grace period is over."""
    if spec.aggregating.missing != "zero" or not missing.any():
        return normalised
    due = missing if cells.in_grace is None else missing & ~cells.in_grace
    return np.where(due, 0.0, normalised)


def _peer_groups(spec: Spec, cells: Cells) -> NDArray[np.str_] | None:
    if not spec.peer_groups:
        return None
    labels = cells.labels("peer_group", "ranking by peer group")
    unknown = sorted(set(labels.tolist()) - {group.code for group in spec.peer_groups})
    if unknown:
        raise ScoringError(
            f"The peer group {', '.join(map(repr, unknown))} is not in the scorecard: add a [[peer_group]] or "
            "correct the data",
            "peer_group_unknown",
        )
    return labels


def _note(steps: list[Step], name: str, message: str, touched: BoolArray | int, *, is_warning: bool = True) -> None:
    cells = touched if isinstance(touched, int) else int(np.count_nonzero(touched))
    if cells:
        steps.append(Step(name, f"{cells} {message}", cells, is_warning))
