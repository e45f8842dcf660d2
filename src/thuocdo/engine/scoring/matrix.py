"""The values a scorecard is computed from, and the same turned so that every indicator is one row."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.spec import Spec

# Whatever is larger is no measurement, and its fourth power, which skewness asks for, no number.
LARGEST: Final = 1e70
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class ScoringError(ValueError):
    """Values that cannot be scored by this scorecard; `code` is for machines, the message says the remedy.

    `part` is the code of the node or indicator concerned, "" where there is no single one.
    """

    def __init__(self, message: str, code: str, part: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.part = part


@dataclass(frozen=True, eq=False)
class Matrix:
    """Values of units (rows) × indicators (columns); nan is "no value".

    `not_applicable` marks cells that never count, `in_grace` missing cells that do not count yet,
    `confidence` holds factors in [0, 1], nan counting as 1; each is None or shaped like `values`.
    `columns` has one array per further column of the data, one entry per unit: groups, denominators,
    targets of one's own. `earlier` holds values of former dates, each shaped like `values`, for imputation by
    the last known value: how far back it may reach is decided by what is put there.
    """

    units: tuple[str, ...]
    indicators: tuple[str, ...]
    values: FloatArray
    not_applicable: BoolArray | None = None
    confidence: FloatArray | None = None
    in_grace: BoolArray | None = None
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    earlier: Mapping[date, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.indicators))
        arrays = {name: getattr(self, name) for name in ("values", "not_applicable", "confidence", "in_grace")}
        for name, array in (arrays | {f"values of {day}": former for day, former in self.earlier.items()}).items():
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

    Cells that are not applicable are nan in `values`, so that no statistic sees them. `earlier` begins with
    the oldest values.
    """

    units: tuple[str, ...]
    values: FloatArray
    not_applicable: BoolArray | None
    confidence: FloatArray | None
    in_grace: BoolArray | None
    columns: Mapping[str, NDArray[Any]]
    earlier: tuple[FloatArray, ...] = ()

    def keep(self, units: BoolArray) -> "Cells":
        """Only the units where the mask is true."""
        return Cells(
            units=tuple(unit for unit, kept in zip(self.units, units, strict=True) if kept),
            values=self.values[:, units],
            not_applicable=None if self.not_applicable is None else self.not_applicable[:, units],
            confidence=None if self.confidence is None else self.confidence[:, units],
            in_grace=None if self.in_grace is None else self.in_grace[:, units],
            columns={name: column[units] for name, column in self.columns.items()},
            earlier=tuple(former[:, units] for former in self.earlier),
        )

    def without(self, indicators: BoolArray) -> "Cells":
        """As if the indicators where the mask is true applied to nobody."""
        not_applicable = np.zeros(self.values.shape, dtype=np.bool_)
        if self.not_applicable is not None:
            not_applicable |= self.not_applicable
        not_applicable[indicators] = True
        return replace(self, values=np.where(not_applicable, np.nan, self.values), not_applicable=not_applicable)

    def numbers(self, name: str, needed_for: str) -> FloatArray:
        """A column of the data as floats, nan for no value; ScoringError when it is absent, no number or infinite."""
        if name not in self.columns:
            raise ScoringError(f"The data have no column {name!r}, {needed_for} needs it: add it", "column_missing")
        try:
            numbers = np.asarray(self.columns[name], dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise ScoringError(f"Column {name!r} must hold numbers for {needed_for}: {error}", "column_type") from error
        if (np.abs(numbers) > LARGEST).any():
            unit = self.units[int(np.argmax(np.abs(numbers) > LARGEST))]
            raise ScoringError(
                f"Column {name!r} is infinite or beyond {LARGEST:g} for {unit}: correct it", "value_infinite"
            )
        return numbers

    def labels(self, name: str, needed_for: str) -> NDArray[np.str_]:
        """A column of the data as texts, empty for no value; ScoringError when it is absent."""
        if name not in self.columns:
            raise ScoringError(f"The data have no column {name!r}, {needed_for} needs it: add it", "column_missing")
        column = np.asarray(self.columns[name])
        if column.dtype.kind in "US":
            return column.astype(np.str_)
        # None and nan are the two values that say nothing; nan is the one that differs from itself.
        return np.array(["" if one is None or one != one else str(one) for one in column.tolist()], dtype=np.str_)


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

    earlier = tuple(turned(former, np.float64) for _, former in sorted(matrix.earlier.items()))
    values = turned(np.asarray(matrix.values), np.float64)
    assert values is not None  # noqa: S101
    for array in (values, *earlier):
        if (
            array is not None
            and array.size
            and np.fmax(np.fmax.reduce(array, None), -np.fmin.reduce(array, None)) > LARGEST
        ):
            row, unit = np.argwhere(np.abs(array) > LARGEST)[0]
            raise ScoringError(
                f"The value of {spec.indicators[row].code} for {matrix.units[unit]} is infinite or beyond "
                f"{LARGEST:g}: correct it",
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
        earlier=tuple(former for former in earlier if former is not None),
    )
