"""What the interface gives of a task: its line in a list, and the whole with its story."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from thuocdo.api.v1.answers import BodyRef
from thuocdo.tasks.queries import Effectiveness, Progress, Rhythm, Secrecy, State, Timing

from .examples import FILE, REPORT, SHORT, WHOLE, example


class TaskShort(Schema):
    """A task as a list shows it; `progress` and `timing` are the two axes of the shown status today."""

    model_config = example(SHORT)

    code: str
    title: str
    lead: BodyRef
    coordinators: list[BodyRef]
    assigned_by: BodyRef
    state: State
    progress: Progress
    timing: Timing
    percent: int
    assigned_on: date
    due_on: date | None
    original_due_on: date | None
    submitted_on: date | None
    completed_on: date | None
    effectiveness: Effectiveness
    is_core: bool
    is_local: bool
    secrecy: Secrecy
    rhythm: Rhythm
    programme: str
    document: int | None


class SourceOut(Schema):
    """The document and the sentence from which a task came."""

    document: int
    number: str
    title: str
    sentence: str


class ProductOut(Schema):
    """One product that a task owes."""

    id: int
    name: str
    quantity: str | None
    unit: str
    is_accepted: bool
    has_evidence: bool


class MilestoneOut(Schema):
    """A step on the way, with the day that was first set beside the one in force."""

    id: int
    title: str
    due_on: date
    original_due_on: date
    reached_on: date | None


class ExtensionOut(Schema):
    """A decision that moved the deadline."""

    old_due_on: date
    new_due_on: date
    decision_number: str
    reason: str
    is_objective: bool


class FileOut(Schema):
    """A file by its digest; its bytes are at `/api/v1/files/{sha256}`."""

    model_config = example(FILE | {"media_type": "application/pdf", "size": 18230})

    sha256: str
    name: str
    media_type: str
    size: int


class ReportOut(Schema):
    """What the lead body said of its work, with its evidence; erased files are left out."""

    model_config = example(REPORT)

    id: int
    kind: Literal["progress", "submission"]
    at: datetime
    text: str
    percent: int
    evidence: list[FileOut]


class StepOut(Schema):
    """One step of the task's history."""

    id: int
    step: str
    from_: str = Field(alias="from")
    to: State
    at: datetime
    lead: str
    note: str


class TaskWhole(TaskShort):
    """A task with everything that is known of it; `steps` are what the key may do now, `version` is its ETag."""

    model_config = example(WHOLE)

    version: str
    deliverable: str
    target: str
    deadline_raw: str
    weight: str
    accepting_body: BodyRef | None
    source: SourceOut | None
    products: list[ProductOut]
    milestones: list[MilestoneOut]
    extensions: list[ExtensionOut]
    reports: list[ReportOut]
    history: list[StepOut]
    steps: list[str]
