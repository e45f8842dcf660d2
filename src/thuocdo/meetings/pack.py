"""What lies on the table of a meeting, as plain objects: counted, listed, turned into JSON and back. No tables."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from thuocdo.engine.canonical import Plain, instant

# By body (code): how many of its tasks stand how. The words are those of the marks on pages.
Counts = Mapping[str, Mapping[str, int]]
# The parts of a pack, in the order of the page.
SECTIONS = ("overdue", "promises", "wanted", "moved", "resolved")
# How tasks are counted, in the order in which they are read out.
STANDINGS = ("overdue", "due_soon", "on_time", "no_deadline", "suspended", "done", "done_late")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of any part; what a part does not speak of stays empty. `lead` is the code of a body."""

    lead: str
    title: str
    task: int = 0
    code: str = ""
    post: str = ""
    # How it stands, and how it stood at the last meeting; empty: it was not there yet.
    now: str = ""
    before: str = ""
    due_on: date | None = None
    original_due_on: date | None = None
    before_due_on: date | None = None
    done_on: date | None = None
    source: str = ""
    reported_on: date | None = None
    report: str = ""
    reason: str = ""
    promised_on: date | None = None
    # Of a promise: what became of it, and at which meeting (number) it was made, by conclusion or commitment.
    standing: str = ""
    meeting: int = 0
    conclusion: int = 0
    # Of a decision that is wanted: which, the number of its row, the day by which, the body that is proposed.
    kind: str = ""
    number: int = 0
    by: date | None = None
    wanted_on: date | None = None
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """The whole pack: as known at `at`, compared with `since`, the moment of the last meeting (None: there is none)."""

    meeting: int
    at: datetime
    since: datetime | None
    since_meeting: int
    now: Counts
    before: Counts
    overdue: tuple[Line, ...] = ()
    promises: tuple[Line, ...] = ()
    wanted: tuple[Line, ...] = ()
    moved: tuple[Line, ...] = ()
    resolved: tuple[Line, ...] = ()

    def lines(self, section: str) -> tuple[Line, ...]:
        """The rows of one of SECTIONS."""
        found: tuple[Line, ...] = getattr(self, section)
        return found

    @property
    def leads(self) -> set[str]:
        """Codes of all bodies that the pack speaks of."""
        return {*self.now, *self.before, *(line.lead for name in SECTIONS for line in self.lines(name))}

    def narrowed(self, leads: Collection[str], *, signals: Collection[str]) -> "Pack":
        """What concerns the bodies only; findings those of `signals`."""

        def seen(line: Line) -> bool:
            return line.lead in (signals if line.kind == "finding" else leads)

        return Pack(
            self.meeting,
            self.at,
            self.since,
            self.since_meeting,
            {code: counts for code, counts in self.now.items() if code in leads},
            {code: counts for code, counts in self.before.items() if code in leads},
            *(tuple(filter(seen, self.lines(name))) for name in SECTIONS),
        )


def totals(counts: Counts) -> Counter[str]:
    """The counts of all bodies together."""
    found: Counter[str] = Counter()
    for of_body in counts.values():
        found.update(of_body)
    return found


def standings(lines: Iterable[Line]) -> Counter[str]:
    """How many promises were kept, broken, are running or void."""
    return Counter(line.standing for line in lines)


_DAYS = frozenset(one.name for one in fields(Line) if one.type == date | None)


def plain_pack(pack: Pack) -> dict[str, Plain]:
    """The pack in JSON's types, without what is empty."""
    return {
        "meeting": pack.meeting,
        "at": pack.at,
        "since": pack.since,
        "since_meeting": pack.since_meeting,
        "now": pack.now,
        "before": pack.before,
        **{name: [_plain(line) for line in pack.lines(name)] for name in SECTIONS},
    }


def _plain(line: Line) -> dict[str, Plain]:
    values = ((one.name, getattr(line, one.name)) for one in fields(line))
    return {name: value for name, value in values if value}


def read_pack(told: Mapping[str, Any]) -> Pack:
    """The pack that `plain_pack` wrote down."""
    return Pack(
        meeting=told["meeting"],
        at=datetime.fromisoformat(told["at"]),
        since=datetime.fromisoformat(told["since"]) if told["since"] else None,
        since_meeting=told["since_meeting"],
        now=told["now"],
        before=told["before"],
        **{name: tuple(_line(line) for line in told[name]) for name in SECTIONS},
    )


def _line(told: Mapping[str, Any]) -> Line:
    values: dict[str, Any] = {
        name: date.fromisoformat(value) if name in _DAYS else value for name, value in told.items()
    }
    return Line(**values)


def mark_of(pack: Pack) -> str:
    """The moment of a pack in a form that file names can bear."""
    return instant(pack.at)[:10]
