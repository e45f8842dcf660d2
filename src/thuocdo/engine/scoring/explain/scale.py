"""What one unit's raw values would be worth: in fixed methods without the other units, otherwise with all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.explain.what_if import parameters_for, with_cells
from thuocdo.engine.scoring.matrix import FloatArray, Matrix
from thuocdo.engine.scoring.normalise import apply_transform
from thuocdo.engine.scoring.pipeline import Outcome, compute
from thuocdo.engine.scoring.rank import round_half_up, to_significant
from thuocdo.engine.scoring.spec import Aggregation, Indicator, Spec
from thuocdo.engine.scoring.spec.model import Aggregating, Weighing
from thuocdo.engine.scoring.suppose import Ground

# Methods that place a value by its own meaning, whatever the other units have.
FIXED_METHODS: Final = (
    "goalposts",
    "scaled",
    "target_path",
    "bands",
    "ratio",
    "inverse_ratio",
    "range",
    "yes_no",
    "none",
)
_COUPLING_IMPUTATIONS: Final = ("mean", "median", "group_mean", "group_median", "row_mean")


def narrowed(spec: Spec, rows: list[int]) -> Spec:
    """The scorecard with some of its indicators only, all directly below the index: what normalises them alike."""
    top = next(node for node in spec.nodes if node.parent is None)
    return replace(
        spec,
        levels=2,
        nodes=(replace(top, aggregation=Aggregation()),),
        indicators=tuple(replace(spec.indicators[row], parent=top.code, weight=1.0) for row in rows),
        weighting="given",
        weighing=Weighing(),
        aggregating=Aggregating(missing=spec.aggregating.missing, grace_days=spec.aggregating.grace_days),
        unit_availability=0.0,
        unit_nonzero=0.0,
        indicator_availability=0.0,
        caps=(),
        classes=(),
        peer_groups=(),
        uncertainty=None,
    )


@dataclass(frozen=True, eq=False)
class Scale:
    """One unit of a run, to be asked what other raw values of its own would make of its index and rank."""

    outcome: Outcome
    unit: int

    @cached_property
    def ground(self) -> Ground:
        """The run as columns × units."""
        outcome = self.outcome
        not_applicable = np.ascontiguousarray(outcome.not_applicable.T) if outcome.not_applicable.any() else None
        return Ground(outcome.spec, outcome.scores.T, outcome.weights.T, not_applicable)

    @cached_property
    def row(self) -> int:
        """The unit's row of the matrix, which also has the units that were screened out."""
        return self.outcome.matrix.units.index(self.outcome.units[self.unit])

    @cached_property
    def own(self) -> FloatArray:
        """The unit's normalised values as they count."""
        return np.asarray(self.outcome.scores[self.unit, : self.ground.leaf_count])

    @cached_property
    def raw(self) -> FloatArray:
        """The unit's values as given, in the order of the scorecard."""
        position = {code: column for column, code in enumerate(self.outcome.matrix.indicators)}
        columns = [position[indicator.code] for indicator in self.outcome.spec.indicators]
        return np.asarray(self.outcome.matrix.values[self.row, columns], dtype=np.float64)

    @property
    def has_settled_weights(self) -> bool:
        """Whether other values of the unit leave the weights as they are: given, equal or frozen ones."""
        parameters = self.outcome.parameters
        return self.outcome.spec.weighting in ("given", "equal") or bool(parameters and parameters.weights)

    @cached_property
    def is_fixed(self) -> NDArray[np.bool_]:
        """For every indicator whether a value's worth depends on the value alone.

        It does not where units are compared, outliers treated, gaps of others filled from what is there, or
        weights derived from it.
        """
        spec = self.outcome.spec
        compares = any(rule.method == "copeland" for rule in spec.aggregations)
        if compares or not self.has_settled_weights:
            return np.zeros(len(spec.indicators), dtype=np.bool_)
        if self.outcome.parameters is not None:
            return np.ones(len(spec.indicators), dtype=np.bool_)
        coupled = spec.imputation.method in _COUPLING_IMPUTATIONS and bool(self.outcome.imputed.any())
        own = [one.normalisation.method in FIXED_METHODS and one.treatment.method == "none" for one in spec.indicators]
        screens = bool(spec.unit_availability or spec.unit_nonzero or spec.indicator_availability)
        return np.array(own) & (~np.isnan(self.raw) | (not screens)) & (not coupled)

    def worth(self, rows: list[int], values: FloatArray) -> FloatArray:
        """What values (one of these fixed indicators each) would count, normalised and discounted."""
        if not rows:
            return np.empty(0)
        wanted = sorted(set(rows))
        matrix, codes = self.outcome.matrix, [self.outcome.spec.indicators[row].code for row in wanted]
        columns = [matrix.indicators.index(code) for code in codes]
        number = len(rows)
        cells = np.full((number, len(wanted)), np.nan)
        place = np.array([wanted.index(row) for row in rows])
        cells[np.arange(number), place] = values
        confidence = matrix.confidence
        tried = Matrix(
            units=tuple(str(one) for one in range(number)),
            indicators=tuple(codes),
            values=cells,
            confidence=None if confidence is None else np.repeat(confidence[[self.row]][:, columns], number, axis=0),
            columns={name: np.repeat(column[[self.row]], number) for name, column in matrix.columns.items()},
        )
        spec = narrowed(self.outcome.spec, wanted)
        found = compute(spec, tried, parameters=parameters_for(self.outcome, spec))
        return np.asarray(found.normalised[np.arange(number), place] * self._factors(found, place))

    def _factors(self, found: Outcome, place: NDArray[np.intp]) -> FloatArray:
        """The confidence in each value; points below zero are not discounted."""
        number = np.arange(len(place))
        if found.cells.confidence is None:
            return np.ones(len(place))
        return np.where(found.normalised[number, place] > 0, found.cells.confidence.T[number, place], 1.0)

    def supposed(self, counted: FloatArray) -> FloatArray:
        """The unit's index for other counted values (indicators × tries), the other units as they are."""
        return self.ground.index(counted, np.full(counted.shape[1], self.unit))

    def replayed(self, changes: Mapping[int, float]) -> FloatArray:
        """The index of every unit of the run if this one had other raw values (by indicator); goes through the
        method for the changed indicators, and for everything where these depend on others."""
        outcome, spec = self.outcome, self.outcome.spec
        screens = spec.unit_availability or spec.unit_nonzero or spec.indicator_availability
        apart = spec.imputation.method != "row_mean" and self.has_settled_weights
        if screens or not apart or len(outcome.units) < len(outcome.matrix.units):
            unit = outcome.units[self.unit]
            cells = {(unit, spec.indicators[row].code): value for row, value in changes.items()}
            matrix = with_cells(outcome.matrix, cells, {})
            after = compute(spec, matrix, parameters=outcome.parameters)
            found = dict(zip(after.units, after.scores[:, -1].tolist(), strict=True))
            return np.array([found.get(one, np.nan) for one in outcome.units], dtype=np.float64)
        rows = sorted(changes)
        after = self._narrow_run(rows, [changes[row] for row in rows])
        ground = self.ground
        places = sorted({place for row in rows for place in ground.paths[row]})
        buffer = np.empty_like(ground.scores)
        for place in places:
            children = list(spec.tree.children[place])
            buffer[children] = ground.scores[children]
        buffer[rows] = after.scores[:, : len(rows)].T
        ground.fill_all(buffer, places)
        return np.array(buffer[-1])

    def placed(self, row: int, value: float) -> float:
        """What another raw value of the unit would count, with all that it does to the others' scale."""
        return float(self._narrow_run([row], [value]).scores[self.row, 0])

    def _narrow_run(self, rows: list[int], values: list[float]) -> Outcome:
        """All units, some indicators, other values of the unit in these."""
        matrix = self.outcome.matrix
        codes = tuple(self.outcome.spec.indicators[row].code for row in rows)
        columns = [matrix.indicators.index(code) for code in codes]
        changed = np.array(matrix.values[:, columns], dtype=np.float64)
        changed[self.row] = values
        narrow = Matrix(
            units=matrix.units,
            indicators=codes,
            values=changed,
            not_applicable=None if matrix.not_applicable is None else matrix.not_applicable[:, columns],
            confidence=None if matrix.confidence is None else matrix.confidence[:, columns],
            in_grace=None if matrix.in_grace is None else matrix.in_grace[:, columns],
            columns=matrix.columns,
            earlier={day: former[:, columns] for day, former in matrix.earlier.items()},
        )
        spec = narrowed(self.outcome.spec, rows)
        return compute(spec, narrow, parameters=parameters_for(self.outcome, spec))

    @cached_property
    def peers(self) -> NDArray[np.bool_]:
        """The other units that it is ranked with."""
        groups = self.outcome.peer_groups
        same = np.ones(len(self.outcome.units), dtype=np.bool_) if groups is None else groups == groups[self.unit]
        same = same & ~np.isnan(self.outcome.scores[:, -1])
        same[self.unit] = False
        return np.asarray(same)

    def keys(self, index: FloatArray) -> FloatArray:
        """What ranks are taken from."""
        rounding = self.outcome.spec.rounding
        return to_significant(index) if rounding.rank_on == "full" else round_half_up(index, rounding.decimals)

    def rank_among(self, keys: FloatArray, others: FloatArray) -> FloatArray:
        """The ranks (by the rule for ties) that the unit would have with these keys among the keys of its peers."""
        ties, ordered = self.outcome.spec.rounding.ties, np.sort(others[~np.isnan(others)])
        if ties == "dense":
            ordered = np.unique(ordered)
        above = len(ordered) - np.searchsorted(ordered, keys, side="right")
        ranks = above + 1.0
        if ties == "average":
            ranks += (np.searchsorted(ordered, keys, side="right") - np.searchsorted(ordered, keys, side="left")) / 2
        return np.where(np.isnan(keys), np.nan, ranks)


def raw_of(outcome: Outcome, unit: int, indicator: Indicator, prepared: float) -> float:
    """The value before transform and denominator of one that is known after them; nan where there is none."""
    value = prepared
    if indicator.denominator is not None:
        denominator = outcome.cells.numbers(indicator.denominator, f"the denominator of {indicator.code}")[unit]
        value = value * denominator / indicator.denominator_scale
    with np.errstate(over="ignore"):
        if indicator.transform == "ln":
            value = float(np.exp(value))
        elif indicator.transform == "sqrt":
            value = value * value
    return float(value) if np.isfinite(value) else float("nan")


def ends_of(outcome: Outcome, unit: int, row: int) -> tuple[float, float]:
    """The worst and the best raw value worth having of an indicator for a unit.

    The best is the goalpost, target, bound or band from which on nothing more is gained; where the method
    compares units, the best value that any of them has. The worst is where nothing is gained yet, or the worst
    value that any unit has. nan where neither is known.
    """
    indicator = outcome.spec.indicators[row]
    stated, direction = indicator.normalisation.parameters, indicator.direction
    column = outcome.prepared_values[:, row]
    there = column[~np.isnan(column)]
    seen = (float(there.min()), float(there.max())) if len(there) else (np.nan, np.nan)
    worst, best = seen if direction > 0 else seen[::-1]

    def stated_number(name: str) -> float:
        value = stated[name]
        if isinstance(value, str):
            return float(outcome.cells.numbers(value, f"{name} of {indicator.code}")[unit])
        return float(np.array(value, dtype=np.float64))

    def number(name: str) -> float:
        return float(apply_transform(indicator, np.array(stated_number(name))))

    match indicator.normalisation.method:
        case "goalposts":
            posts = apply_transform(indicator, np.array(stated["goalposts"], dtype=np.float64)).tolist()
            worst, best = posts if direction > 0 else posts[::-1]
        case "scaled":
            worst, best = number("lower") * direction, number("upper") * direction
        case "ratio" | "inverse_ratio":
            best = number("target")
        case "distance_to_target":
            target = number("target")
            best = (
                target if stated.get("cap") or np.isnan(best) else direction * max(direction * target, direction * best)
            )
        case "target_path":
            baseline = number("baseline")
            if "expected" in stated:
                best = number("expected")
            else:
                best = baseline + stated_number("elapsed") * (number("target") - baseline)
            worst = baseline
        case "bands":
            bands = np.array(stated["bands"], dtype=np.float64)
            best = float(apply_transform(indicator, bands[int(np.argmax(bands[:, 1])), :1])[0])
        case "range":
            low, high = number("lower"), number("upper")
            now = column[unit]
            best = low if np.isnan(now) or now < low else high if now > high else float(now)
            worst = best if np.isnan(worst) else worst
        case "yes_no":
            worst, best = (0.0, 1.0) if direction > 0 else (1.0, 0.0)
    return (raw_of(outcome, unit, indicator, float(worst)), raw_of(outcome, unit, indicator, float(best)))
