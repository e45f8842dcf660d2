"""Normalisation: every indicator onto a common scale where higher is better (handbook step 6).

Values, targets, goalposts and bands are read on the indicator's own scale, whatever its direction. The methods
that compare units (min_max, z_score, rank …) see the value times its direction; the achievement functions know
what the value means and give 0 to `scale` points.

Each method asks `Block.learn` for what it takes from the data (a minimum, a mean, the ordered values), so that
a later run can be given the same instead of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from thuocdo.engine.scoring.matrix import Cells, FloatArray, ScoringError
from thuocdo.engine.scoring.rank import rank_rows, to_significant
from thuocdo.engine.scoring.spec import Indicator, Spec
from thuocdo.engine.scoring.spec.vocabulary import DATA_SCALE_PARAMETERS
from thuocdo.engine.scoring.statistics import counts, deviations, extremes, means, spreads

# What a method took from the data, by indicator and by name: one number, or the ordered values for ranks.
Learnt = Mapping[str, Mapping[str, tuple[float, ...]]]


@dataclass(frozen=True, slots=True)
class Block:
    """The indicators of one method: their raw values, the same times direction, and their parameters."""

    indicators: tuple[Indicator, ...]
    raw: FloatArray
    directions: FloatArray
    cells: Cells
    learnt: dict[str, FloatArray] = field(default_factory=dict)
    frozen: bool = False

    def learn(self, name: str, statistic: Callable[[], FloatArray]) -> FloatArray:
        """A statistic of each indicator's values as a column: of the run's own, or the frozen one."""
        if name not in self.learnt:
            self.learnt[name] = statistic()[:, None]
        return self.learnt[name]

    @property
    def directed(self) -> FloatArray:
        """Values times direction; the raw array itself where no direction is reversed."""
        return self.raw if (self.directions > 0).all() else self.raw * self.directions

    def parameter(self, name: str) -> FloatArray:
        """A numeric parameter as a column (indicators × 1), or indicators × units where some unit has its own."""
        stated = [indicator.normalisation.parameters[name] for indicator in self.indicators]
        if all(isinstance(value, float) for value in stated) and not any(one.transform for one in self.indicators):
            return np.array(stated, dtype=np.float64)[:, None]
        values = [self.own(indicator, name) for indicator in self.indicators]
        if all(value.size == 1 for value in values):
            return np.array([value.item() for value in values], dtype=np.float64)[:, None]
        return np.stack([np.broadcast_to(value, self.raw.shape[1]) for value in values])

    def flag(self, name: str) -> FloatArray:
        """A yes-or-no parameter as 0 or 1 (indicators × 1)."""
        return np.array([[float(bool(one.normalisation.parameters[name]))] for one in self.indicators])

    def has(self, name: str) -> bool:
        """Whether every indicator of the block states the parameter."""
        return all(name in one.normalisation.parameters for one in self.indicators)

    def own(self, indicator: Indicator, name: str) -> FloatArray:
        """One indicator's parameter as numbers: one for all units or one for each, its transform applied."""
        value = indicator.normalisation.parameters[name]
        if isinstance(value, str):
            numbers = self.cells.numbers(value, f"{name} of {indicator.code}")
        else:
            numbers = np.array(value, dtype=np.float64)
        if name in DATA_SCALE_PARAMETERS.get(indicator.normalisation.method, ()):
            return apply_transform(indicator, numbers)
        return numbers


def apply_transform(indicator: Indicator, numbers: FloatArray) -> FloatArray:
    """The indicator's transform; what has no logarithm or root becomes nan."""
    if indicator.transform is None:
        return numbers
    with np.errstate(invalid="ignore", divide="ignore"):
        changed = np.log(numbers) if indicator.transform == "ln" else np.sqrt(numbers)
    return np.where(np.isfinite(changed), changed, np.nan)


def normalise(spec: Spec, cells: Cells, values: FloatArray, frozen: Learnt | None = None) -> FloatArray:
    """Normalised values (indicators × units); missing stays missing, and a column without spread becomes nan.

    With `frozen` every statistic is taken from there, see `learn_normalisation`.
    """
    directions = np.array([indicator.direction for indicator in spec.indicators], dtype=np.float64)[:, None]
    normalised = np.empty_like(values)
    for rows in _families(spec):
        whole = len(rows) == len(values)
        block = Block(
            indicators=spec.indicators if whole else tuple(spec.indicators[row] for row in rows),
            raw=values if whole else values[rows],
            directions=directions if whole else directions[rows],
            cells=cells,
            learnt={} if frozen is None else _as_columns([frozen[spec.indicators[row].code] for row in rows]),
            frozen=frozen is not None,
        )
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            result = METHODS[block.indicators[0].normalisation.method](block)
        if whole:
            return result
        normalised[rows] = result
    return normalised


def learn_normalisation(spec: Spec, cells: Cells, values: FloatArray) -> Learnt:
    """What `normalise` takes from the data, so that it can be given to another run."""
    learnt: dict[str, Mapping[str, tuple[float, ...]]] = {}
    directions = np.array([indicator.direction for indicator in spec.indicators], dtype=np.float64)[:, None]
    for rows in _families(spec):
        indicators = tuple(spec.indicators[row] for row in rows)
        block = Block(indicators, values[rows], directions[rows], cells)
        method = indicators[0].normalisation.method
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            METHODS[method](block)
        if method in _BY_RANK:
            block.learnt["ordered"] = np.sort(to_significant(block.directed), axis=1)
        for place, indicator in enumerate(indicators):
            found = {name: tuple(column[place].tolist()) for name, column in block.learnt.items()}
            learnt[indicator.code] = {
                name: tuple(one for one in numbers if one == one) if name == "ordered" else numbers
                for name, numbers in found.items()
            }
    return learnt


def _families(spec: Spec) -> list[list[int]]:
    """The rows that are normalised together: those of one method, which reads the same parameters of each."""
    families: dict[str, list[int]] = {}
    for row, indicator in enumerate(spec.indicators):
        # An indicator on a path by expected values and one by elapsed time read different parameters.
        parameters = indicator.normalisation.parameters
        family = f"{indicator.normalisation.method} {'expected' in parameters}"
        families.setdefault(family, []).append(row)
    return list(families.values())


def _as_columns(stated: list[Mapping[str, tuple[float, ...]]]) -> dict[str, FloatArray]:
    """Frozen statistics of some indicators as columns; ordered values are padded with nan."""
    columns = {}
    for name in stated[0]:
        width = max(len(one[name]) for one in stated)
        columns[name] = np.array([[*one[name], *[np.nan] * (width - len(one[name]))] for one in stated])
    return columns


def _extremes(block: Block, of: str = "raw") -> tuple[FloatArray, FloatArray]:
    """Minimum and maximum of each indicator, raw or times direction, as columns."""
    if "low" not in block.learnt:
        low, high = extremes(block.raw if of == "raw" else block.directed)
        block.learnt["low"], block.learnt["high"] = low[:, None], high[:, None]
    return block.learnt["low"], block.learnt["high"]


def _min_max(block: Block) -> FloatArray:
    low, high = _extremes(block)
    upwards = block.directions > 0
    # From the worst value to the best: the same numbers as on reversed values, without a copy of them.
    shares = block.raw - np.where(upwards, low, high)
    shares /= np.where(upwards, 1.0, -1.0) * spreads(low, high)
    lower, upper = block.parameter("lower"), block.parameter("upper")
    shares *= upper - lower
    if lower.any():
        shares += lower
    return shares


def _z_score(block: Block) -> FloatArray:
    directed = block.directed
    mean, deviation = block.learn("mean", lambda: means(directed)), block.learn("sd", lambda: _deviations(directed))
    return (directed - mean) / deviation * block.parameter("sd") + block.parameter("mean")


def _deviations(directed: FloatArray) -> FloatArray:
    """The standard deviations with n - 1, nan for a constant row."""
    return np.where(np.isnan(spreads(*extremes(directed))), np.nan, deviations(directed))


def _goalposts(block: Block) -> FloatArray:
    posts = np.array([block.own(one, "goalposts") for one in block.indicators])
    low, high = posts[:, :1], posts[:, 1:]
    start, end = np.where(block.directions > 0, low, high), np.where(block.directions > 0, high, low)
    shares = (block.raw - start) / (end - start)
    truncate = block.flag("truncate")
    if truncate.all():
        np.clip(shares, 0.0, 1.0, out=shares)
    elif truncate.any():
        shares = np.where(truncate > 0, np.clip(shares, 0.0, 1.0), shares)
    return np.asarray(shares * block.parameter("scale"))


def _scaled(block: Block) -> FloatArray:
    """(x - lower) / (upper - lower) × scale; the bounds are on the scale of what this step sees."""
    lower, upper = block.parameter("lower"), block.parameter("upper")
    return (block.directed - lower) / (upper - lower) * block.parameter("scale")


def _distance(block: Block, goal: FloatArray) -> FloatArray:
    """1 - (goal - x) / (goal - min), capped at 1 where asked; goal is on the directed scale."""
    low = _extremes(block, "directed")[0]
    gap = goal - low
    shares = 1 - (goal - block.directed) / np.where(gap == 0, np.nan, gap)
    return np.where(block.flag("cap") > 0, np.minimum(shares, 1.0), shares)


def _distance_to_target(block: Block) -> FloatArray:
    return _distance(block, block.parameter("target") * block.directions)


def _distance_to_reference(block: Block) -> FloatArray:
    if "goal" not in block.learnt:
        goals = []
        for indicator, directed in zip(block.indicators, block.directed, strict=True):
            reference = str(indicator.normalisation.parameters["reference"])
            if reference not in block.cells.units:
                raise ScoringError(
                    f"{indicator.code} is compared with {reference!r}, which is not among the units: name one of them",
                    "reference_missing",
                )
            goals.append(directed[block.cells.units.index(reference)])
        block.learnt["goal"] = np.array(goals)[:, None]
    return _distance(block, block.learnt["goal"])


def _distance_to_maximum(block: Block) -> FloatArray:
    low, high = _extremes(block, "directed")
    return 1 - (high - block.directed) / spreads(low, high)


def _ascending_ranks(block: Block) -> FloatArray:
    """1 for the worst value; ties are judged after rounding to 12 significant digits."""
    keys, ranks = to_significant(block.directed), np.empty_like(block.raw)
    for row, indicator in enumerate(block.indicators):
        ties = str(indicator.normalisation.parameters["ties"])
        if block.frozen:
            ranks[row] = _frozen_rank(keys[row], block.learnt["ordered"][row], ties)
        else:
            ranks[row] = rank_rows(-keys[row : row + 1], ties)[0]
    return ranks


def _frozen_rank(keys: FloatArray, ordered: FloatArray, ties: str) -> FloatArray:
    """The rank a value has, or would have, among the frozen ones; beyond the best it is the best's."""
    ordered = ordered[~np.isnan(ordered)]
    if ties == "dense":
        ordered = np.unique(ordered)
    if not ordered.size:
        return np.full_like(keys, np.nan)
    keys = np.minimum(keys, ordered[-1])
    below = np.searchsorted(ordered, keys, side="left")
    equal = np.maximum(np.searchsorted(ordered, keys, side="right") - below, 1)
    ranks = below + 1 + ((equal - 1) / 2 if ties == "average" else 0)
    return np.where(np.isnan(keys), np.nan, ranks)


def _borda(block: Block) -> FloatArray:
    return _ascending_ranks(block) - 1


def _percentile_rank(block: Block) -> FloatArray:
    number = counts(block.learnt["ordered"] if block.frozen else block.raw)[:, None]
    return (_ascending_ranks(block) - 1) / np.where(number > 1, number - 1, np.nan)


def _fraction_of_maximum(block: Block) -> FloatArray:
    """x / max; where lower is better min / x, since x times -1 over its maximum would turn the order round."""
    low, high = _extremes(block)
    upwards = block.directions > 0
    # A negative maximum, or any negative value among those to be divided by, reverses the order.
    bad = [
        one.code
        for one, wrong in zip(block.indicators, np.where(upwards, high < 0, low < 0)[:, 0], strict=True)
        if wrong
    ]
    if bad:
        raise ScoringError(
            f"{', '.join(bad)} has negative values, of which no fraction of the best one makes sense: use min_max "
            "or goalposts",
            "fraction_negative",
        )
    share_of_most = block.raw / np.where(high > 0, high, np.nan)
    least_over = np.where(block.raw == low, 1.0, low / block.raw)
    least_over[np.isnan(block.raw)] = np.nan
    return np.where(upwards, share_of_most, least_over)


def _none(block: Block) -> FloatArray:
    return block.directed.copy() if block.directed is block.raw else block.directed


def _target_path(block: Block) -> FloatArray:
    """Progress made over progress due: (x - baseline) / (expected - baseline), between 0 and 1.

    `expected` is where the path stands now: given, or on the straight line from baseline to target after
    the share `elapsed` of its time. Where no progress is due yet, holding the baseline is full achievement.
    """
    baseline = block.parameter("baseline")
    if block.has("expected"):
        expected = block.parameter("expected")
    else:
        expected = baseline + block.parameter("elapsed") * (block.parameter("target") - baseline)
    due = expected - baseline
    held = np.where((block.raw - baseline) * block.directions >= 0, 1.0, 0.0)
    shares = np.where(due == 0, held, np.clip((block.raw - baseline) / due, 0.0, 1.0))
    shares[np.isnan(block.raw)] = np.nan
    return shares * block.parameter("scale")


def _bands(block: Block) -> FloatArray:
    """Points of the band a value lies in: "at least the limit", or "at most" where lower is better; else 0."""
    points, values = np.empty_like(block.raw), to_significant(block.raw)
    for row, indicator in enumerate(block.indicators):
        bands = np.array(indicator.normalisation.parameters["bands"], dtype=np.float64)
        limits = to_significant(apply_transform(indicator, bands[:, 0]))
        if indicator.direction > 0:
            place = np.searchsorted(limits, values[row], side="right")
            points[row] = np.concatenate(([0.0], bands[:, 1]))[place]
        else:
            place = np.searchsorted(limits, values[row], side="left")
            points[row] = np.concatenate((bands[:, 1], [0.0]))[place]
    points[np.isnan(block.raw)] = np.nan
    return points


def _positive_target(block: Block) -> FloatArray:
    target = block.parameter("target")
    bad = [one.code for one, row in zip(block.indicators, target, strict=True) if (row <= 0).any()]
    if bad:
        raise ScoringError(
            f"The target of {', '.join(bad)} is not positive, so that no ratio to it exists: use target_path "
            "or goalposts",
            "target_not_positive",
        )
    return target


def _ratio(block: Block) -> FloatArray:
    return np.clip(block.raw / _positive_target(block), 0.0, 1.0) * block.parameter("scale")


def _inverse_ratio(block: Block) -> FloatArray:
    """target / x, full at or below the target."""
    target = _positive_target(block)
    shares = np.where(block.raw <= target, 1.0, target / block.raw)
    shares[np.isnan(block.raw)] = np.nan
    return shares * block.parameter("scale")


def _range(block: Block) -> FloatArray:
    """Full between lower and upper; outside it falls to 0 over the distance `margin`, at once where that is 0."""
    values, margin = to_significant(block.raw), block.parameter("margin")
    outside = np.maximum(np.maximum(block.parameter("lower") - values, values - block.parameter("upper")), 0.0)
    shares = np.where(margin > 0, 1 - outside / np.where(margin > 0, margin, 1.0), np.where(outside > 0, 0.0, 1.0))
    shares[np.isnan(block.raw)] = np.nan
    return np.maximum(shares, 0.0) * block.parameter("scale")


def _yes_no(block: Block) -> FloatArray:
    """1 is yes, 0 is no; a share of yes counts in proportion. Where lower is better, "no" is the good answer."""
    shares = np.clip(block.raw, 0.0, 1.0)
    return np.where(block.directions > 0, shares, 1 - shares) * block.parameter("scale")


METHODS: Final[Mapping[str, Callable[[Block], FloatArray]]] = {
    "min_max": _min_max,
    "z_score": _z_score,
    "goalposts": _goalposts,
    "scaled": _scaled,
    "distance_to_target": _distance_to_target,
    "distance_to_reference": _distance_to_reference,
    "distance_to_maximum": _distance_to_maximum,
    "rank": _ascending_ranks,
    "borda": _borda,
    "percentile_rank": _percentile_rank,
    "fraction_of_maximum": _fraction_of_maximum,
    "none": _none,
    "target_path": _target_path,
    "bands": _bands,
    "ratio": _ratio,
    "inverse_ratio": _inverse_ratio,
    "range": _range,
    "yes_no": _yes_no,
}
_BY_RANK: Final = ("rank", "borda", "percentile_rank")
