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

    @property
    def bad_rows(self) -> int:
        """How many rows have an error."""
        return len({fault.row for fault in self.faults})

    @property
    def mark(self) -> str:
        """A digest of the plan; another one later says that something moved in between."""
        rows: list[Plain] = [
            [one.row, one.task.code, one.text, one.progress, [[d.field, d.before, d.after] for d in one.differences]]
            for one in self.changes
        ]
        rows += [[one.row, one.description.title, one.description.lead.code, one.text] for one in self.additions]
        return digest([rows, [[one.row, one.field, one.code, one.now] for one in self.faults]])
