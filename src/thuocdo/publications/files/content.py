"""What stands in a frozen dossier, read back from its canonical text, and how two versions differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from json import loads
from typing import Any

from thuocdo.publications.lifecycle import FIGURES

FORMAT = "thuocdo/heads-dossier/1"


@dataclass(frozen=True, slots=True)
class SignedRow:
    """A row of a frozen dossier: a debt or a happening, with the ledger's entry that tells of it."""

    number: int
    key: str
    code: str
    title: str
    figures: tuple[str, ...]
    on: date
    is_event: bool
    owed_from: date | None
    due: date | None
    original_due: date | None
    completed_on: date | None
    days_late: int
    entry: int | None


@dataclass(frozen=True, slots=True)
class Content:
    """A frozen dossier, read back from its canonical text."""

    body: str
    body_name: str
    bloc: str
    post: str
    appointment: int
    is_acting: bool
    term: str
    spans: tuple[tuple[date, date], ...]
    until: date
    known_at: datetime
    entry: int
    method_version: int
    method: tuple[str, ...]
    figures: Mapping[str, int]
    rows: tuple[SignedRow, ...]

    def rows_of(self, figure: str) -> list[SignedRow]:
        """Exactly the rows that a figure counts."""
        return [row for row in self.rows if figure in row.figures]

    @property
    def late_rows(self) -> list[SignedRow]:
        """The rows to which an explanation belongs: late or overdue, debts taken over among them."""
        asked = {"late", "overdue", "debt_settled", "debt_open"}
        return [row for row in self.rows if asked & set(row.figures)]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version says otherwise than the one before: figures that moved, rows that came, went or changed."""

    figures: tuple[tuple[str, int, int], ...]
    added: tuple[SignedRow, ...]
    removed: tuple[SignedRow, ...]
    changed: tuple[tuple[SignedRow, SignedRow], ...]

    def __bool__(self) -> bool:
        return bool(self.figures or self.added or self.removed or self.changed)


def read_content(text: str) -> Content:
    """The content of a version from its canonical text."""
    whole: dict[str, Any] = loads(text)
    facts, entries = whole["facts"], whole["entries"]
    return Content(
        body=facts["body"],
        body_name=facts["body_name"],
        bloc=facts["bloc"],
        post=facts["post"],
        appointment=facts["appointment"],
        is_acting=facts["is_acting"],
        term=facts["term"],
        spans=tuple((date.fromisoformat(first), date.fromisoformat(until)) for first, until in facts["days"]),
        until=date.fromisoformat(facts["until"]),
        known_at=datetime.fromisoformat(whole["known_at"]),
        entry=whole["ledger_entry"],
        method_version=facts["method_version"],
        method=tuple(facts["method"]),
        figures=facts["figures"],
        rows=tuple(_signed_row(place, row, entries) for place, row in enumerate(facts["rows"], start=1)),
    )


def _signed_row(place: int, row: Mapping[str, Any], entries: Mapping[str, int]) -> SignedRow:
    return SignedRow(
        number=place,
        key=row["key"],
        code=row["code"],
        title=row["title"],
        figures=tuple(row["figures"]),
        on=date.fromisoformat(row["on"]),
        is_event=row["is_event"],
        owed_from=_day(row["owed_from"]),
        due=_day(row["due"]),
        original_due=_day(row["original_due"]),
        completed_on=_day(row["completed_on"]),
        days_late=row["days_late"],
        entry=entries.get(row["key"]),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def differences(former: Content, later: Content) -> Difference:
    """What the later version says otherwise."""
    old, new = {row.key: row for row in former.rows}, {row.key: row for row in later.rows}
    return Difference(
        figures=tuple(
            (figure.code, former.figures.get(figure.code, 0), later.figures.get(figure.code, 0))
            for figure in FIGURES
            if former.figures.get(figure.code, 0) != later.figures.get(figure.code, 0)
        ),
        added=tuple(row for row in later.rows if row.key not in old),
        removed=tuple(row for row in former.rows if row.key not in new),
        changed=tuple(
            (old[row.key], row) for row in later.rows if row.key in old and _differ(old[row.key], row)
        ),
    )  # fmt: skip


def _differ(one: SignedRow, other: SignedRow) -> bool:
    """Whether two rows say different things; their places in the annex and the ledger's entry are no matter."""
    return _said(one) != _said(other)


def _said(row: SignedRow) -> tuple[object, ...]:
    return (row.title, row.figures, row.on, row.due, row.original_due, row.completed_on, row.days_late)
