"""The tables a run writes: CSV bytes with 17 significant digits, rows in the order of the input, empty for missing."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.pipeline import Outcome
from thuocdo.engine.scoring.statistics import skewness_and_kurtosis

if TYPE_CHECKING:
    from thuocdo.engine.scoring.sensitivity import Sensitivity
    from thuocdo.engine.scoring.uncertainty import Simulation

_BLOCK = 500
TOPS = (1, 3, 10)
INTERVAL_HEADING = ("unit", "rank", "q05", "median", "q95", *(f"top{k}" for k in TOPS))
SENSITIVITY_HEADING = (
    "factor",
    "first_order",
    "first_order_low",
    "first_order_high",
    "total",
    "total_low",
    "total_high",
)
TREATMENT_HEADING = (
    "indicator",
    "skewness_before",
    "kurtosis_before",
    "skewness_after",
    "kurtosis_after",
    "winsorised",
    "transform",
    "passed",
)


def result_tables(outcome: Outcome) -> Mapping[str, bytes]:
    """The tables of every run by file name."""
    units, columns = outcome.units, outcome.columns
    indicators = [indicator.code for indicator in outcome.spec.indicators]
    return {
        "imputed.csv": wide_table(units, indicators, outcome.imputed_values),
        "treated.csv": wide_table(units, indicators, outcome.treated_values),
        "normalised.csv": wide_table(units, indicators, outcome.normalised),
        "treatment.csv": treatment_table(outcome),
        "scores.csv": wide_table(units, columns, outcome.scores),
        "ranks.csv": wide_table(units, columns, outcome.ranks),
    }


def wide_table(units: Sequence[str], columns: Sequence[str], values: NDArray[np.float64]) -> bytes:
    """`unit` and one column per code; values are units × columns."""
    row_format = ",%.17g" * len(columns) + "\n"
    written = bytearray(_line(["unit", *columns]).encode())
    for unit, row in _rows(units, values):
        written += (unit + (row_format % row).replace(",nan", ",")).encode()
    return bytes(written)


def long_table(units: Sequence[str], columns: Sequence[str], name: str, values: FloatArray) -> bytes:
    """One row per unit and code with the value under `name`; values are units × columns."""
    codes = _quoted(columns)
    row_format = "".join(f",{code.replace('%', '%%')},%.17g\0" for code in codes)
    written = bytearray(_line(["unit", "indicator", name]).encode())
    for unit, row in _rows(units, values):
        lines = (row_format % row).replace(",nan\0", ",\0").split("\0")[:-1]
        written += "".join(f"{unit}{line}\n" for line in lines).encode()
    return bytes(written)


def _rows(units: Sequence[str], values: FloatArray) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Units as cells with their numbers, a block at a time: a large table never stands in memory as objects."""
    for start in range(0, len(units), _BLOCK):
        block = slice(start, start + _BLOCK)
        # Adding zero turns -0.0 into 0.0, which reads the same to a person and is equal to it.
        numbers = (np.asarray(values[block]) + 0.0).tolist()
        yield from zip(_quoted(units[block]), map(tuple, numbers), strict=True)


def mixed_table(heading: Sequence[str], rows: Iterable[Sequence[str | float | bool | None]]) -> bytes:
    """A small table of texts, numbers and true or false; None and nan are empty."""
    return (_line(heading) + "".join(_line([_written(cell) for cell in row]) for row in rows)).encode()


def treatment_table(outcome: Outcome) -> bytes:
    """One row per indicator under `TREATMENT_HEADING`."""
    return mixed_table(TREATMENT_HEADING, treatment_rows(outcome))


def treatment_rows(outcome: Outcome) -> list[list[str | float | bool | None]]:
    """What `TREATMENT_HEADING` names for each indicator; one not subject to treatment stands as it is."""
    records = {record.indicator: record for record in outcome.treatments}
    shapes = np.stack(skewness_and_kurtosis(np.ascontiguousarray(outcome.imputed_values.T)), axis=1).tolist()
    rows: list[list[str | float | bool | None]] = []
    for indicator, (skewness, kurtosis) in zip(outcome.spec.indicators, shapes, strict=True):
        record = records.get(indicator.code)
        if record is None:
            limits = indicator.treatment
            passed = not (abs(skewness) >= limits.max_abs_skewness and kurtosis >= limits.max_kurtosis)
            rows.append([indicator.code, skewness, kurtosis, skewness, kurtosis, 0.0, "none", passed])
        else:
            rows.append(
                [
                    record.indicator,
                    record.skewness_before,
                    record.kurtosis_before,
                    record.skewness_after,
                    record.kurtosis_after,
                    float(record.winsorised),
                    record.transform,
                    record.passed,
                ]
            )
    return rows


def interval_table(simulation: "Simulation") -> bytes:
    """Rank, its 5, 50 and 95 % quantiles, and the share of runs in the top 1, 3 and 10, one row per unit."""
    spread = simulation.intervals()
    columns = [spread.rank, spread.low, spread.median, spread.high, *(simulation.top(k) for k in TOPS)]
    numbers = np.stack(columns, axis=1).tolist()
    rows = [[unit, *row] for unit, row in zip(simulation.units, numbers, strict=True)]
    return mixed_table(INTERVAL_HEADING, rows)


def sensitivity_table(sensitivity: "Sensitivity | None") -> bytes:
    """First-order and total index of each factor with the 5 and 95 % quantiles of their bootstrap; the heading
    alone where nothing varies."""
    if sensitivity is None:
        return mixed_table(SENSITIVITY_HEADING, [])
    found = sensitivity.indices
    columns = [found.first, found.first_low, found.first_high, found.total, found.total_low, found.total_high]
    numbers = np.stack(columns, axis=1).tolist()
    rows = [[factor, *row] for factor, row in zip(sensitivity.factors, numbers, strict=True)]
    return mixed_table(SENSITIVITY_HEADING, rows)


def _written(cell: str | float | bool | None) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case str():
            return cell
    return "" if cell != cell else f"{cell + 0.0:.17g}"


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _quoted(names: Sequence[str]) -> list[str]:
    """Names as cells: in quotes only where a comma, a quote or a line break needs them."""
    return [_line([name, ""])[:-2] for name in names]
