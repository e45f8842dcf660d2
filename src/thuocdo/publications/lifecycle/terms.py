"""The terms for which a head answers: a quarter, half a year, a year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["quarter", "half", "year"]

_LABEL = re.compile(r"(\d{4})(?:-(?:([Qq])([1-4])|([Hh])([12])))?")
_MONTHS: dict[Kind, int] = {"quarter": 3, "half": 6, "year": 12}
_ROMAN = ("I", "II", "III", "IV")


class TermError(ValueError):
    """A text that names no term."""


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """A quarter, half a year or a year, half-open: the end is the first day after it."""

    start: date
    end: date
    kind: Kind

    @property
    def label(self) -> str:
        """What `parse_term` reads back: 2026-Q4, 2026-H2 or 2026."""
        year, number = f"{self.start.year:04d}", (self.start.month - 1) // _MONTHS[self.kind] + 1
        return {"quarter": f"{year}-Q{number}", "half": f"{year}-H{number}", "year": year}[self.kind]

    @property
    def last_day(self) -> date:
        """The last day that still belongs to the term."""
        return self.end - timedelta(days=1)

    def display(self, language: str) -> str:
        """The term as people write it, in English for `en…`, otherwise in Vietnamese."""
        english, year = language.lower().startswith("en"), self.start.year
        number = (self.start.month - 1) // _MONTHS[self.kind] + 1
        match self.kind:
            case "year":
                return f"{year}" if english else f"Năm {year}"
            case "half":
                if english:
                    return f"{'First' if number == 1 else 'Second'} half of {year}"
                return f"6 tháng {'đầu' if number == 1 else 'cuối'} năm {year}"
            case "quarter":
                return f"Q{number} {year}" if english else f"Quý {_ROMAN[number - 1]}/{year}"

    def previous(self) -> "Term":
        """The term of the same kind that ends where this one starts."""
        return term_of(self.start - timedelta(days=1), self.kind)

    def contains(self, day: date) -> bool:
        """Whether the day lies in the term."""
        return self.start <= day < self.end


def term_of(day: date, kind: Kind = "quarter") -> Term:
    """The term of a kind in which the day lies."""
    months = _MONTHS[kind]
    first = (day.month - 1) // months * months + 1
    year, month = divmod(day.year * 12 + first - 1 + months, 12)
    return Term(date(day.year, first, 1), date(year, month + 1, 1), kind)


def parse_term(label: str) -> Term:
    """Read 2026-Q4, 2026-H2 or 2026; raises TermError for anything else."""
    found = _LABEL.fullmatch(label.strip())
    if found is None or not 1900 <= int(found[1]) <= 9000:
        raise TermError(f"{label!r} is no term: write 2026-Q4, 2026-H2 or 2026")
    year = int(found[1])
    if found[2]:
        return term_of(date(year, 3 * int(found[3]), 1), "quarter")
    if found[4]:
        return term_of(date(year, 6 * int(found[5]), 1), "half")
    return term_of(date(year, 1, 1), "year")


def terms_before(term: Term, number: int) -> list[Term]:
    """The term and those of its kind before it, the oldest first; `number` in all."""
    found = [term]
    while len(found) < number:
        found.append(found[-1].previous())
    return found[::-1]
