"""What is wrong with a scorecard file, and asking it for values without stopping at the first problem."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from thuocdo.engine.scoring.spec.lines import Path, line_of

T = TypeVar("T", bound=str)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where (line of the file, key), what is wrong, and what to do."""

    line: int | None
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.key}: {self.what}; {self.remedy}"


class SpecError(ValueError):
    """A scorecard file that cannot be used, with every problem found in it."""

    code = "scorecard_invalid"

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Problems:
    """Collects the problems of one file."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self.lines = lines
        self.found: list[Problem] = []

    def add(self, path: Path, what: str, remedy: str) -> None:
        """Note a problem at a path."""
        problem = Problem(line_of(self.lines, path), spell(path), what, remedy)
        if problem not in self.found:
            self.found.append(problem)

    def at(self, path: Path) -> bool:
        """Whether a problem was noted at the path."""
        return any(problem.key == spell(path) for problem in self.found)


def spell(path: Path) -> str:
    """The path as people write it: indicator[3].weight, counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "file"


class Table:
    """One table of the file. Every question notes its own problem and answers with something usable."""

    def __init__(self, problems: Problems, data: Mapping[str, Any], path: Path) -> None:
        self.problems, self.data, self.path = problems, data, path
        self.asked: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        self.asked.add(key)
        return key in self.data

    def problem(self, key: str, what: str, remedy: str) -> None:
        """Note a problem at one key of this table, or at the table itself for an empty key."""
        self.problems.add((*self.path, key) if key else self.path, what, remedy)

    def raw(self, key: str) -> Any:
        """The value as TOML gave it; None when absent."""
        self.asked.add(key)
        return self.data.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default the key is required."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.problem(key, "is missing" if value is None else "is not a text", f'write {key} = "…"')
            return default or ""
        return value

    def choice(self, key: str, options: Collection[T], default: T) -> T:
        """One of some words."""
        value = self.raw(key)
        if value is None:
            return default
        for option in options:
            if option == value:
                return option
        self.problem(key, f"{value!r} is not known", _suggestion(str(value), options))
        return default

    def number(self, key: str, default: float, *, lowest: float | None = None, highest: float | None = None) -> float:
        """A finite number within bounds, as a float."""
        return as_number(self, key, self.raw(key), default, lowest, highest)

    def integer(self, key: str, default: int, *, lowest: int, highest: int) -> int:
        """A whole number within bounds."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            self.problem(key, f"{value!r} is not a whole number from {lowest} to {highest}", f"for example {default}")
            return default
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(key, f"{value!r} is neither true nor false", f"write {key} = true or false")
            return default
        return value

    def table(self, key: str) -> "Table":
        """A table inside this one; empty when absent."""
        value = self.raw(key)
        if value is not None and not isinstance(value, dict):
            self.problem(key, "is not a table", f"write [{spell((*self.path, key))}] and its keys below")
            value = None
        return Table(self.problems, value or {}, (*self.path, key))

    def tables(self, key: str) -> list["Table"]:
        """The tables of an array."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(key, "is not an array of tables", f"begin each one with [[{key}]]")
            return []
        return [Table(self.problems, item, (*self.path, key, index)) for index, item in enumerate(value)]

    def close(self) -> None:
        """Note every key nobody asked for: most are misspelt."""
        for key in self.data:
            if key not in self.asked:
                self.problem(key, "is not a key of this table", _suggestion(key, self.asked))


def as_number(
    table: Table,
    key: str,
    value: Any,
    default: float,
    lowest: float | None = None,
    highest: float | None = None,
) -> float:
    """The value as a finite float within bounds; otherwise a problem of the table's key and the default."""
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < float("inf"):
        table.problem(key, f"{value!r} is not a number", f"for example {key} = {default:g}")
        return default
    if (lowest is not None and value < lowest) or (highest is not None and value > highest):
        bounds = f"at least {lowest:g}" if highest is None else f"between {lowest:g} and {highest:g}"
        table.problem(key, f"{value!r} is out of bounds", f"it must be {bounds}")
        return default
    return float(value)


def _suggestion(word: str, options: Collection[str]) -> str:
    close = get_close_matches(word, options, n=1)
    return f"did you mean {close[0]}?" if close else f"use one of {', '.join(sorted(options))}"
