"""The values a scorecard is computed from, and the same turned so that every indicator is one row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.spec import Spec

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class ScoringError(ValueError):
    """Values that cannot be scored by this scorecard; `code` is for machines, the message says the remedy."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, eq=False)
class Matrix:
    """Values of units (rows) × indicators (columns); nan is "no value".

    `not_applicable` marks cells that never count, `in_grace` missing cells that do not count yet,
    `confidence` holds factors in [0, 1], nan counting as 1; each is None or shaped like `values`.
    `columns` has one array per further column of the data, one entry per unit: groups, denominators,
    targets of one's own.
    """

    units: tuple[str, ...]
    indicators: tuple[str, ...]
    values: FloatArray
    not_applicable: BoolArray | None = None
    confidence: FloatArray | None = None
    in_grace: BoolArray | None = None
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.indicators))
        for name in ("values", "not_applicable", "confidence", "in_grace"):
            array = getattr(self, name)
            if array is not None and np.shape(array) != shape:
                raise ScoringError(f"{name} is {np.shape(array)}, not {shape}: units × indicators", "matrix_shape")
        for name, column in self.columns.items():
            if np.shape(column) != (shape[0],):
                raise ScoringError(f"Column {name!r} must have one entry for each unit", "matrix_shape")
        for what, codes in (("unit", self.units), ("indicator", self.indicators)):
            if len(set(codes)) < len(codes):
                twice = next(code for index, code in enumerate(codes) if code in codes[:index])
                raise ScoringError(f"The {what} {twice!r} occurs twice: keep one", f"{what}_twice")


@dataclass(frozen=True, eq=False)
class Cells:
    """A matrix in the order of a spec's indicators and turned: every array is indicators × units.

    Cells that are not applicable are nan in `values`, so that no statistic sees them.
    """

    units: tuple[str, ...]
    values: FloatArray
    not_applicable: BoolArray | None
    confidence: FloatArray | None
    in_grace: BoolArray | None
    columns: Mapping[str, NDArray[Any]]

    def keep(self, units: BoolArray) -> "Cells":
        """Only the units where the mask is true."""
        return Cells(
            units=tuple(unit for unit, kept in zip(self.units, units, strict=True) if kept),
            values=self.values[:, units],
            not_applicable=None if self.not_applicable is None else self.not_applicable[:, units],
            confidence=None if self.confidence is None else self.confidence[:, units],
            in_grace=None if self.in_grace is None else self.in_grace[:, units],
            columns={name: column[units] for name, column in self.columns.items()},
        )

    def numbers(self, name: str, needed_for: str) -> FloatArray:
        """A column of the data as floats; ScoringError when it is absent or no number."""
        if name not in self.columns:
            raise ScoringError(f"The data have no column {name!r}, {needed_for} needs it: add it", "column_missing")
        try:
            return np.asarray(self.columns[name], dtype=np.float64)
        except ValueError as error:
            raise ScoringError(f"Column {name!r} must hold numbers for {needed_for}: {error}", "column_type") from error

    def labels(self, name: str, needed_for: str) -> NDArray[np.str_]:
        """A column of the data as texts; ScoringError when it is absent."""
        if name not in self.columns:
            raise ScoringError(f"The data have no column {name!r}, {needed_for} needs it: add it", "column_missing")
        return np.asarray(self.columns[name]).astype(np.str_)


def select_cells(spec: Spec, matrix: Matrix) -> Cells:
    """The cells a spec asks for; ScoringError when an indicator is absent or a value infinite."""
    position = {code: index for index, code in enumerate(matrix.indicators)}
    absent = [indicator.code for indicator in spec.indicators if indicator.code not in position]
    if absent:
        raise ScoringError(f"The data have no column for {', '.join(absent)}: add it", "indicator_missing")
    order = [position[indicator.code] for indicator in spec.indicators]
    in_order = order == list(range(len(matrix.indicators)))

    def turned(array: NDArray[Any] | None, kind: type[Any]) -> NDArray[Any] | None:
        if array is None:
            return None
        return np.array(array.T if in_order else array.T[order], dtype=kind, order="C")

    values = turned(np.asarray(matrix.values), np.float64)
    assert values is not None  # noqa: S101
    if np.isinf(values).any():
        row, unit = np.argwhere(np.isinf(values))[0]
        raise ScoringError(
            f"The value of {spec.indicators[row].code} for {matrix.units[unit]} is infinite: correct it",
            "value_infinite",
        )
    not_applicable = turned(matrix.not_applicable, np.bool_)
    if not_applicable is not None:
        if not_applicable.any():
            values[not_applicable] = np.nan
        else:
            not_applicable = None
    confidence = turned(matrix.confidence, np.float64)
    if confidence is not None:
        confidence[np.isnan(confidence)] = 1.0
    if confidence is not None and not ((confidence >= 0) & (confidence <= 1)).all():
        raise ScoringError("Confidence factors must lie between 0 and 1", "confidence_bounds")
    return Cells(
        units=matrix.units,
        values=values,
        not_applicable=not_applicable,
        confidence=confidence,
        in_grace=turned(matrix.in_grace, np.bool_),
        columns=matrix.columns,
    )
