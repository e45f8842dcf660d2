"""Recording what people filled into a spreadsheet: the same checks as for machines, errors named by cell."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from thuocdo.accounts.permissions import Actor
from thuocdo.indicators.files import read_template

from .recording import RecordingResult, record_measurements


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in a spreadsheet: the cell (H12) or the row of the sheet, a code, a message with the remedy."""

    cell: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class SheetResult:
    """The answer to a spreadsheet."""

    result: RecordingResult
    problems: tuple[CellProblem, ...]


def record_sheet(
    *,
    actor: Actor,
    at: datetime,
    content: bytes,
    source: str = "",
    on_error: Literal["refuse_all", "keep_good"] = "refuse_all",
) -> SheetResult:
    """Record the filled-in lines of a template; raises SheetUnreadable for a file that is none."""
    rows = read_template(content)
    result = record_measurements(
        actor=actor, at=at, rows=[row.fields for row in rows], source=source, on_error=on_error
    )
    problems = tuple(
        CellProblem(
            rows[error["row"] - 1].cell(error["field"]) if error["row"] else "", error["code"], error["message"]
        )
        for error in result.errors
    )
    return SheetResult(result, problems)
