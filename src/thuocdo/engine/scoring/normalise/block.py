"""What a method of normalisation is given: the indicators that use it, their values and parameters."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from thuocdo.engine.scoring.matrix import Cells, FloatArray
from thuocdo.engine.scoring.spec import Indicator
from thuocdo.engine.scoring.spec.vocabulary import DATA_SCALE_PARAMETERS


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
