"""What a call on a task brings: a task to assign, and the form of each act; no other fields than these."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from thuocdo.api.v1.answers import LARGEST, Code, Digest, Line, Text
from thuocdo.tasks.queries import Rhythm, Secrecy

from .examples import FILE, example


class Given(Schema):
    """What a call brings: no other fields than these."""

    model_config = ConfigDict(extra="forbid")


class FileRef(Given):
    """A file that was sent to `POST /files` before, or that is evidence already, and what to call it."""

    sha256: Digest
    name: Line = Field("", max_length=255)


Numbers = Annotated[list[Annotated[int, Field(ge=1, le=LARGEST)]], Field(max_length=200)]


class TaskIn(Given):
    """A task to assign. Without `assigned_on` it is given today, or on the day of its document."""

    model_config = example(
        {
            "title": "Xây dựng danh mục văn bản cần sửa đổi",
            "lead": "BTP",
            "coordinators": ["BNV"],
            "deliverable": "Danh mục",
            "due_on": "2026-10-15",
            "is_core": True,
        }
    )

    title: Text = Field(min_length=1)
    lead: Code
    coordinators: list[Code] = Field(default=[], max_length=200)
    deliverable: Text = ""
    target: Text = ""
    deadline_raw: Line = Field("", max_length=300)
    due_on: date | None = None
    assigned_on: date | None = None
    rhythm: Rhythm | None = None
    is_core: bool = False
    weight: Decimal = Field(Decimal(1), gt=0, max_digits=6, decimal_places=2)
    secrecy: Secrecy = Secrecy.INTERNAL
    programme: Code = ""
    document: int | None = Field(None, ge=1, le=LARGEST)
    accepting_body: Code = ""
    assigning_body: Code = Field("", description="The body that assigns; by default the one for which the key may.")


class NoteIn(Given):
    """A note, where there is something to say."""

    model_config = example({"note": "Đã nhận việc."})

    note: Text = ""


class ReturnIn(Given):
    """Why a result is sent back: what is missing."""

    model_config = example({"note": "Thiếu phụ lục II."})

    note: Text


class ApprovalIn(Given):
    """The approval of a result; `products` are those accepted with it, `despite_parts` why open parts do not matter."""

    model_config = example({"note": "Đạt yêu cầu."})

    note: Text = ""
    is_last: bool = False
    products: Numbers = []
    despite_parts: Text = ""


class ReportIn(Given):
    """A report in words and percent. `evidence` names files sent before; a form may bring the files themselves."""

    model_config = example({"text": "Đã rà soát 40 văn bản.", "progress": 40, "evidence": [FILE]})

    text: Text
    progress: int = Field(ge=0, le=100)
    evidence: list[FileRef] = Field(default=[], max_length=20)
    products: Numbers = []
    milestones: Numbers = []


class SubmissionIn(Given):
    """A result for approval; there must be evidence, with this or with an earlier report."""

    model_config = example({"text": "Đã ban hành danh mục.", "evidence": [FILE]})

    text: Text
    evidence: list[FileRef] = Field(default=[], max_length=20)
    products: Numbers = []
    milestones: Numbers = []


class EvidenceIn(Given):
    """Further files for the newest report, sent before or brought by the form."""

    model_config = example({"evidence": [FILE]})

    evidence: list[FileRef] = Field(default=[], max_length=20)


class DisputeIn(Given):
    """Why a task does not fit the lead body, and which body it holds responsible."""

    model_config = example({"reason": "Không thuộc chức năng.", "proposed_lead": "BNV"})

    reason: Text
    proposed_lead: Code = ""


class ExtensionRequestIn(Given):
    """A later deadline that the lead body asks for."""

    model_config = example({"wanted_on": "2026-11-15", "reason": "Chờ luật có hiệu lực."})

    wanted_on: date
    reason: Text
    claims_objective: bool = False


class ExtensionIn(Given):
    """A later deadline by a decision of the assigning side."""

    model_config = example({"new_due_on": "2026-11-15", "decision_number": "12/QĐ", "reason": "Chờ luật có hiệu lực."})

    new_due_on: date
    decision_number: Line = Field(max_length=80)
    reason: Text
    is_objective: bool = False


class CancellationIn(Given):
    """Why a task is taken back."""

    model_config = example({"reason": "Đã có nhiệm vụ thay thế."})

    reason: Text


class DecisionIn(Given):
    """How a dispute ends: the task stays, goes to another body, or is withdrawn."""

    model_config = example({"outcome": "uphold", "note": "Đúng chức năng được giao."})

    outcome: Literal["uphold", "transfer", "withdraw"]
    note: Text
    new_lead: Code = ""
