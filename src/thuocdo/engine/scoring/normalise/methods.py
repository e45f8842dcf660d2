"""Every method by its word in a scorecard file, and the step that applies them."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from thuocdo.engine.scoring.matrix import Cells, FloatArray
from thuocdo.engine.scoring.normalise import achieving, comparing
from thuocdo.engine.scoring.normalise.block import Block
from thuocdo.engine.scoring.rank import to_significant
from thuocdo.engine.scoring.spec import Spec

# What a method took from the data, by indicator and by name: one number, or the ordered values for ranks.
Learnt = Mapping[str, Mapping[str, tuple[float, ...]]]


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


METHODS: Final[Mapping[str, Callable[[Block], FloatArray]]] = {
    "min_max": comparing.min_max,
    "z_score": comparing.z_score,
    "goalposts": comparing.goalposts,
    "scaled": comparing.scaled,
    "distance_to_target": comparing.distance_to_target,
    "distance_to_reference": comparing.distance_to_reference,
    "distance_to_maximum": comparing.distance_to_maximum,
    "rank": comparing.ascending_ranks,
    "borda": comparing.borda,
    "percentile_rank": comparing.percentile_rank,
    "fraction_of_maximum": comparing.fraction_of_maximum,
    "none": comparing.none,
    "target_path": achieving.target_path,
    "bands": achieving.bands,
    "ratio": achieving.ratio,
    "inverse_ratio": achieving.inverse_ratio,
    "range": achieving.within_range,
    "yes_no": achieving.yes_no,
}
_BY_RANK: Final = ("rank", "borda", "percentile_rank")
