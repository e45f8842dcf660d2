"""What a task looks like on its way in and out, each form with an example."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from thuocdo.api.v1.answers import LARGEST, BodyRef, Code, Digest, Line, Text
from thuocdo.tasks.queries import Effectiveness, Progress, Rhythm, Secrecy, State, Timing

BTP = {"code": "BTP", "name": "Bộ Tư pháp"}
SHORT: dict[str, Any] = {
    "code": "NV-2026-000123",
    "title": "Xây dựng danh mục văn bản cần sửa đổi",
    "lead": BTP,
    "coordinators": [{"code": "BNV", "name": "Bộ Nội vụ"}],
    "assigned_by": {"code": "VPTW", "name": "Văn phòng Trung ương Đảng"},
    "state": "submitted",
    "progress": "in_progress",
    "timing": "due_soon",
    "percent": 100,
    "assigned_on": "2026-09-14",
    "due_on": "2026-10-15",
    "original_due_on": "2026-09-30",
    "submitted_on": "2026-10-12",
    "completed_on": None,
    "effectiveness": "not_judged",
    "is_core": True,
    "is_local": False,
    "secrecy": "internal",
    "rhythm": "",
    "programme": "NQ57",
    "document": 12,
}
FILE: dict[str, Any] = {
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "name": "danh-muc.docx",
}
REPORT: dict[str, Any] = {
    "id": 31,
    "kind": "submission",
    "at": "2026-10-12T09:30:00+07:00",
    "text": "Đã ban hành danh mục.",
    "percent": 100,
    "evidence": [FILE | {"media_type": "application/pdf", "size": 18230}],
}
WHOLE: dict[str, Any] = SHORT | {
    "version": "5f2c9a0b7e3d4c1f8a6b5d4e3f2a1b0c",
    "deliverable": "Danh mục",
    "target": "",
    "deadline_raw": "trong quý III/2026",
    "weight": "1.00",
    "accepting_body": None,
    "source": {
        "document": 12,
        "number": "57-TB/BCĐTW",
        "title": "Thông báo kết luận",
        "sentence": "Bộ Tư pháp chủ trì xây dựng danh mục.",
    },
    "products": [
        {"id": 4, "name": "Danh mục", "quantity": None, "unit": "", "is_accepted": False, "has_evidence": True}
    ],
    "milestones": [
        {
            "id": 9,
            "title": "Gửi lấy ý kiến",
            "due_on": "2026-09-25",
            "original_due_on": "2026-09-25",
            "reached_on": "2026-09-24",
        }
    ],
    "extensions": [
        {
            "old_due_on": "2026-09-30",
            "new_due_on": "2026-10-15",
            "decision_number": "12/QĐ",
            "reason": "Chờ luật có hiệu lực",
            "is_objective": True,
        }
    ],
    "reports": [REPORT],
    "history": [
        {
            "id": 77,
            "step": "submit",
            "from": "in_progress",
            "to": "submitted",
            "at": "2026-10-12T09:30:00+07:00",
            "lead": "BTP",
            "note": "",
        }
    ],
    "steps": ["approve_result", "return_result"],
}


def example(plain: dict[str, Any]) -> ConfigDict:
    """The configuration of a form with its example."""
    return ConfigDict(json_schema_extra={"examples": [plain]}, populate_by_name=True)


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

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "Xây dựng danh mục văn bản cần sửa đổi",
                    "lead": "BTP",
                    "coordinators": ["BNV"],
                    "deliverable": "Danh mục",
                    "due_on": "2026-10-15",
                    "is_core": True,
                }
            ]
        },
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

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "Đã nhận việc."}]})

    note: Text = ""


class ReturnIn(Given):
    """Why a result is sent back: what is missing."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "Thiếu phụ lục II."}]})

    note: Text


class ApprovalIn(Given):
    """The approval of a result; `products` are those accepted with it, `despite_parts` why open parts do not matter."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "Đạt yêu cầu."}]})

    note: Text = ""
    is_last: bool = False
    products: Numbers = []
    despite_parts: Text = ""


class ReportIn(Given):
    """A report in words and percent. `evidence` names files sent before; a form may bring the files themselves."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "Đã rà soát 40 văn bản.", "progress": 40, "evidence": [FILE]}]},
    )

    text: Text
    progress: int = Field(ge=0, le=100)
    evidence: list[FileRef] = Field(default=[], max_length=20)
    products: Numbers = []
    milestones: Numbers = []


class SubmissionIn(Given):
    """A result for approval; there must be evidence, with this or with an earlier report."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Đã ban hành danh mục.", "evidence": [FILE]}]}
    )

    text: Text
    evidence: list[FileRef] = Field(default=[], max_length=20)
    products: Numbers = []
    milestones: Numbers = []


class EvidenceIn(Given):
    """Further files for the newest report, sent before or brought by the form."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"evidence": [FILE]}]})

    evidence: list[FileRef] = Field(default=[], max_length=20)


class DisputeIn(Given):
    """Why a task does not fit the lead body, and which body it holds responsible."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Không thuộc chức năng.", "proposed_lead": "BNV"}]}
    )

    reason: Text
    proposed_lead: Code = ""


class ExtensionRequestIn(Given):
    """A later deadline that the lead body asks for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"wanted_on": "2026-11-15", "reason": "Chờ luật có hiệu lực."}]}
    )

    wanted_on: date
    reason: Text
    claims_objective: bool = False


class ExtensionIn(Given):
    """A later deadline by a decision of the assigning side."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"new_due_on": "2026-11-15", "decision_number": "12/QĐ", "reason": "Chờ luật có hiệu lực."}]
        },
    )

    new_due_on: date
    decision_number: Line = Field(max_length=80)
    reason: Text
    is_objective: bool = False


class CancellationIn(Given):
    """Why a task is taken back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "Đã có nhiệm vụ thay thế."}]})

    reason: Text


class DecisionIn(Given):
    """How a dispute ends: the task stays, goes to another body, or is withdrawn."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"outcome": "uphold", "note": "Đúng chức năng được giao."}]}
    )

    outcome: Literal["uphold", "transfer", "withdraw"]
    note: Text
    new_lead: Code = ""
