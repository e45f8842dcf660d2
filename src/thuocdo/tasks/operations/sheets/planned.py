"""What importing a list would do: reports, new tasks, and every error by row; plain objects."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from thuocdo.engine.canonical import Plain, digest
from thuocdo.organisations.models import Body
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations.writing import TaskDescription


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell of a known task that differs: what the task says now, and what the sheet says."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """A row that becomes a report on a known task; with `accepts` its lead body takes the task on with it."""

    row: int
    task: Task
    differences: tuple[Difference, ...]
    text: str
    progress: int
    accepts: bool


@dataclass(frozen=True, slots=True)
class Addition:
    """A row that becomes a new task, with what the reading of its deadline decided; perhaps a first report."""

    row: int
    description: TaskDescription
    notes: tuple[str, ...]
    text: str = ""
    progress: int = 0
    # Of an order to a group: its code, and the bodies of which each owes a task of its own.
    group: str = ""
    bodies: tuple[Body, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is not taken over: the field, a code for machines, the remedy; of a conflict, what stands there now."""

    row: int
    field: str
    code: str
    message: str
    given: str = ""
    now: str = ""


@dataclass(slots=True)
class Plan:
    """Everything that importing a sheet would do; rows that change nothing are only counted."""

    changes: list[Change] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unchanged: int = 0
    cautions: Sequence[str] = ()
    # The known task that a row is about, by row, whether or not the row changes it.
    known: dict[int, Task] = field(default_factory=dict)

    @property
    def bad_rows(self) -> int:
        """How many rows have an error."""
        return len({fault.row for fault in self.faults})

    @property
    def mark(self) -> str:
        """A digest of the plan; another one later says that something moved in between."""
        marks: list[Plain] = [[row, mark] for row, mark in self.row_marks().items()]
        return digest([marks, [[one.row, one.field, one.code, one.now] for one in self.faults]])

    def row_marks(self) -> dict[str, str]:
        """By row: a short mark of what it would do, by which a person's yes to it is known again."""
        marks: dict[str, str] = {}
        for change in self.changes:
            cells: list[Plain] = [[one.field, one.before, one.after] for one in change.differences]
            marks[str(change.row)] = _short([change.task.code, change.text, change.progress, cells])
        for one in self.additions:
            marks[str(one.row)] = _short([one.description.title, one.description.lead.code, one.text])
        return marks


def _short(content: Plain) -> str:
    return digest(content)[:16]
