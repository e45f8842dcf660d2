"""Reading the table of values: CSV bytes to a matrix, or every problem with its row and column."""

import csv
import io
import math
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import LARGEST, BoolArray, FloatArray, Matrix
from thuocdo.engine.scoring.run.cells import NUMBER_CHARACTERS, Mark, fault_of, fold, mark_of, number_of
from thuocdo.engine.scoring.run.columns import further_columns
from thuocdo.engine.scoring.run.problems import DataProblems
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.spec.vocabulary import PROVENANCES

MAX_BYTES: Final = 100_000_000
UNIT: Final = "unit"
PROVENANCE: Final = ".provenance"

_PLAIN_ROW = NUMBER_CHARACTERS | {","}
_SEPARATORS = {";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True, eq=False)
class Data:
    """A table as read: the matrix, and the provenance of each cell where columns state it (units × indicators)."""

    matrix: Matrix
    provenance: NDArray[np.str_] | None


def read_data(content: bytes, spec: Spec) -> Data:
    """The table a scorecard is to be computed from; raises `DataError` with every problem found.

    One row per unit, a column `unit`, the indicators by code; comma, decimal point, UTF-8. Empty is missing.
    """
    problems = DataProblems()
    rows = _rows(_text(content, problems), problems)
    heading = next(rows, (1, []))[1]
    table = _Table(spec, heading, problems)
    problems.settle()
    for number, row in rows:
        table.take(number, row)
    return table.finish()


def _text(content: bytes, problems: DataProblems) -> str:
    if len(content) > MAX_BYTES:
        problems.refuse("too_large", megabytes=math.ceil(len(content) / 1e6), limit=MAX_BYTES // 1_000_000)
    if content.startswith(b"PK\x03\x04"):
        problems.refuse("workbook")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.refuse("not_utf8", row=content.count(b"\n", 0, error.start) + 1)
    if not text.strip():
        problems.refuse("empty")
    return text


def _rows(text: str, problems: DataProblems) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers; blank lines count but are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if row:
                yield number, row
    except csv.Error as error:
        problems.refuse("broken_quotes", row=number + 1, reason=str(error))


class _Table:
    """The columns of one table, filled row by row so that a large file is never held as texts."""

    def __init__(self, spec: Spec, heading: list[str], problems: DataProblems) -> None:
        self.spec, self.problems = spec, problems
        self.names = [name.strip() for name in heading]
        self.codes = [indicator.code for indicator in spec.indicators]
        self.units: list[str] = []
        self.seen: dict[str, int] = {}
        self.values = array("d")
        self.marks: dict[Mark, list[tuple[int, int]]] = {mark: [] for mark in Mark}
        further = further_columns(spec)
        self.needed = further.needed
        position = {name: place for place, name in enumerate(self.names) if name}
        self._check_heading(position, {**further.numbers, **further.labels})
        self.unit_place = position.get(UNIT, 0)
        self.places = [position.get(code, 0) for code in self.codes]
        self.numbers = {name: (position[name], array("d")) for name in further.numbers if name in position}
        self.labels = {name: (position[name], list[str]()) for name in further.labels if name in position}
        self.provenances = {
            column: (position[code + PROVENANCE], list[str]())
            for column, code in enumerate(self.codes)
            if code + PROVENANCE in position
        }

    def _check_heading(self, position: Mapping[str, int], further: Mapping[str, str]) -> None:
        problems = self.problems
        if UNIT not in position:
            for separator, name in _SEPARATORS.items():
                if any(UNIT in one.replace('"', "").split(separator) for one in self.names):
                    problems.add("separator", row=1, separator=name)
                    return
            problems.add("no_unit_column", row=1, found=", ".join(self.names[:8]))
        twice = [name for place, name in enumerate(self.names) if name and position[name] != place]
        for name in dict.fromkeys(twice):
            problems.add("column_twice", row=1, column=name)
        if UNIT in self.spec.tree.columns:
            problems.add("code_reserved", column=UNIT)
        for code in self.codes:
            if code not in position:
                close = _closest(code, position)
                problems.add("indicator_missing", row=1, column=code, **close)
        for name, use in further.items():
            if name in self.needed and name not in position:
                problems.add("column_missing", row=1, column=name, use=use, **_closest(name, position))

    def take(self, number: int, row: list[str]) -> None:
        """One row: the unit's name, its values, and what other columns say of it."""
        if len(row) != len(self.names):
            code = "too_many_cells" if len(row) > len(self.names) else "too_few_cells"
            self.problems.add(code, row=number, found=len(row), expected=len(self.names))
            return
        unit = row[self.unit_place]
        self._name(number, unit)
        cells = [row[place] for place in self.places]
        numbers = _plain_numbers(cells)
        if numbers is None:
            numbers = [self._value(number, column, cell) for column, cell in enumerate(cells)]
        self.values.extend(numbers)
        for name, (place, column_numbers) in self.numbers.items():
            column_numbers.append(self._number(number, name, row[place]))
        for name, (place, labels) in self.labels.items():
            label = row[place].strip()
            if not label and name in self.needed:
                self.problems.add("label_missing", row=number, column=name)
            labels.append(label)
        for column, (place, provenances) in self.provenances.items():
            word = row[place].strip()
            if word and word not in PROVENANCES:
                name = self.codes[column] + PROVENANCE
                self.problems.add(
                    "provenance_unknown", row=number, column=name, text=_short(word), known=", ".join(PROVENANCES)
                )
                word = ""
            provenances.append(word)

    def _name(self, number: int, unit: str) -> None:
        name = _plain_name(unit)
        if not name:
            self.problems.add("unit_unnamed", row=number, column=UNIT)
        elif (first := self.seen.setdefault(name, number)) != number:
            self.problems.add("unit_twice", row=number, column=UNIT, unit=_short(unit), first=first)
        self.units.append(unit)

    def _value(self, number: int, column: int, cell: str) -> float:
        value = number_of(cell)
        if value is not None:
            return value
        mark = mark_of(cell)
        if mark is None:
            self.problems.add(fault_of(cell), row=number, column=self.codes[column], text=_short(cell))
        else:
            self.marks[mark].append((len(self.units) - 1, column))
        return math.nan

    def _number(self, number: int, name: str, cell: str) -> float:
        value = number_of(cell)
        if value is None:
            # The column may be an indicator too, in which case its own reading has told of the fault.
            if name not in self.codes:
                self.problems.add(fault_of(cell), row=number, column=name, text=_short(cell))
            return math.nan
        return value

    def finish(self) -> Data:
        """The table as a matrix."""
        problems = self.problems
        if not self.units and not problems.total:
            problems.add("no_rows")
        problems.settle()
        values = np.frombuffer(self.values, dtype=np.float64).reshape(len(self.units), len(self.codes))
        # Beyond it sums of powers overflow, which is why no step takes such values.
        for unit, column in np.argwhere(np.abs(values) > LARGEST):
            problems.add(
                "infinite", row=self._row_of(int(unit)), column=self.codes[column], text=f"{values[unit, column]}"
            )
        marked = {mark: _mask(places, values.shape) for mark, places in self.marks.items()}
        not_applicable = marked[Mark.NOT_APPLICABLE]
        empty = np.isnan(values) if not_applicable is None else np.isnan(values) & ~not_applicable
        if not self._copes_with_empty_columns():
            for column in np.flatnonzero(empty.all(axis=0)):
                problems.add("column_empty", column=self.codes[column])
        problems.settle()
        provenance = self._provenance(values.shape)
        matrix = Matrix(
            units=tuple(self.units),
            indicators=tuple(self.codes),
            values=values,
            not_applicable=not_applicable,
            confidence=None if provenance is None else self._confidence(provenance),
            in_grace=marked[Mark.NOT_DUE],
            columns={
                **{name: np.frombuffer(numbers, dtype=np.float64) for name, (_, numbers) in self.numbers.items()},
                **{name: np.array(labels, dtype=np.str_) for name, (_, labels) in self.labels.items()},
            },
        )
        return Data(matrix, provenance)

    def _copes_with_empty_columns(self) -> bool:
        """Whether the scorecard says what becomes of an indicator without any value; otherwise it is a mistake."""
        spec = self.spec
        return (
            spec.indicator_availability > 0
            or spec.imputation.method == "constant"
            or spec.aggregating.missing == "zero"
        )

    def _row_of(self, unit: int) -> int:
        return self.seen[_plain_name(self.units[unit])]

    def _provenance(self, shape: tuple[int, int]) -> NDArray[np.str_] | None:
        if not self.provenances:
            return None
        stated = np.full(shape, "", dtype=f"<U{max(map(len, PROVENANCES))}")
        for column, (_, words) in self.provenances.items():
            stated[:, column] = words
        return stated

    def _confidence(self, provenance: NDArray[np.str_]) -> FloatArray:
        factors = np.ones(provenance.shape)
        for word in PROVENANCES:
            factors[provenance == word] = self.spec.confidence.factor(word)
        return factors


def _plain_numbers(cells: list[str]) -> list[float] | None:
    """The numbers of a row that holds nothing else, which is nearly every row; None where one must look closer."""
    if not _PLAIN_ROW.issuperset(",".join(cells)):
        return None
    try:
        return [float(cell) if cell else math.nan for cell in cells]
    except ValueError:
        return None


def _plain_name(unit: str) -> str:
    """A unit's name for comparing: letters composed in different ways, or spaces around it, make no other unit."""
    return normalize("NFC", unit).strip()


def _mask(places: list[tuple[int, int]], shape: tuple[int, int]) -> BoolArray | None:
    if not places:
        return None
    mask = np.zeros(shape, dtype=np.bool_)
    mask[tuple(np.array(places).T)] = True
    return mask


def _closest(name: str, names: Iterable[str]) -> dict[str, str]:
    folded = {fold(one): one for one in names}
    close = get_close_matches(fold(name), folded, n=1, cutoff=0.8)
    return {"close": folded[close[0]]} if close else {}


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"
