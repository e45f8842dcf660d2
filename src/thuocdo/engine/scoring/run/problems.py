"""What is wrong with a table of values: where it is, and what, as a code that doors put into words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

Detail = str | int


@dataclass(frozen=True, slots=True)
class DataProblem:
    """One thing to mend; rows count from 1 and the heading is row 1, as a spreadsheet shows them."""

    code: str
    row: int | None = None
    column: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)

    def __str__(self) -> str:
        place = ", ".join(
            f"{what} {where}" for what, where in (("row", self.row), ("column", self.column)) if where is not None
        )
        told = ", ".join(f"{key} {value}" for key, value in self.details.items())
        return f"{place + ': ' if place else ''}{self.code.replace('_', ' ')}{f' ({told})' if told else ''}"


class DataError(ValueError):
    """A table that cannot be scored; `problems` has the first ones in the order of the file, `total` counts all."""

    code = "data_invalid"

    def __init__(self, problems: Iterable[DataProblem], total: int | None = None) -> None:
        self.problems = tuple(problems)
        self.total = len(self.problems) if total is None else total
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DataProblems:
    """Collects the problems of one table; a table that is wrong everywhere is told by its first hundred."""

    LIMIT = 100

    def __init__(self) -> None:
        self.found: list[DataProblem] = []
        self.total = 0

    def add(self, code: str, row: int | None = None, column: str | None = None, **details: Detail) -> None:
        """Note a problem."""
        self.total += 1
        if len(self.found) < self.LIMIT:
            self.found.append(DataProblem(code, row, column, details))

    def refuse(self, code: str, row: int | None = None, column: str | None = None, **details: Detail) -> NoReturn:
        """Note a problem after which nothing more can be read, and raise `DataError`."""
        self.add(code, row, column, **details)
        raise DataError(self.found, self.total)

    def settle(self) -> None:
        """Raise `DataError` when anything was noted."""
        if self.total:
            raise DataError(self.found, self.total)
