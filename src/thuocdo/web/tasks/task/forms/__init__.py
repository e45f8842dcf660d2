"""The forms of the steps that move a task: which are offered, and which one the task is waiting for."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

from thuocdo.accounts.permissions import Actor

from .judging import Approve, Judge, Return
from .leading import Accept, Dispute, ReportProgress, Submit
from .planning import (
    AddDependency,
    AddMilestone,
    Divide,
    EndWaiting,
    JudgeProduct,
    MoveMilestone,
    PutInCharge,
    SetBudget,
    SetIndicators,
    SetProducts,
)
from .steering import Cancel, DecideDispute, Extend, Issue, Resume, Suspend
from .step import StepForm
from .turning import Reassign, RefuseExtension, Reopen, RequestExtension

if TYPE_CHECKING:
    from thuocdo.tasks.models import Task

__all__ = ["FORMS", "PLANNING", "STEERING", "StepForm", "form_for", "main_word", "offered"]

# Word of the address, its form, and the steps of the lifecycle that it stands for; in the order of the page.
FORMS: dict[str, tuple[type[StepForm], frozenset[str]]] = {
    "ban-hanh": (Issue, frozenset({"issue"})),
    "nhan-viec": (Accept, frozenset({"accept_assignment"})),
    "quyet-dinh": (DecideDispute, frozenset({"uphold", "transfer", "withdraw"})),
    "tiep-tuc": (Resume, frozenset({"resume"})),
    "phe-duyet": (Approve, frozenset({"approve_result"})),
    "tra-lai": (Return, frozenset({"return_result"})),
    "bao-cao": (ReportProgress, frozenset({"report_progress"})),
    "trinh-ket-qua": (Submit, frozenset({"submit"})),
    "kien-nghi": (Dispute, frozenset({"dispute"})),
    "hieu-qua": (Judge, frozenset({"judge_effectiveness"})),
    "nghiem-thu": (JudgeProduct, frozenset({"judge_product"})),
    "xin-gia-han": (RequestExtension, frozenset({"request_extension"})),
    "gia-han": (Extend, frozenset({"extend"})),
    "khong-gia-han": (RefuseExtension, frozenset({"refuse_extension"})),
    "chuyen": (Reassign, frozenset({"reassign"})),
    "tam-dung": (Suspend, frozenset({"suspend"})),
    "huy": (Cancel, frozenset({"cancel"})),
    "mo-lai": (Reopen, frozenset({"reopen"})),
    "phu-trach": (PutInCharge, frozenset({"put_in_charge"})),
    "chia-viec": (Divide, frozenset({"divide"})),
    "san-pham": (SetProducts, frozenset({"set_products"})),
    "them-moc": (AddMilestone, frozenset({"set_milestones"})),
    "doi-moc": (MoveMilestone, frozenset({"move_milestone"})),
    "cho": (AddDependency, frozenset({"set_dependencies"})),
    "het-cho": (EndWaiting, frozenset({"set_dependencies"})),
    "chi-so": (SetIndicators, frozenset({"set_indicators"})),
    "kinh-phi": (SetBudget, frozenset({"set_budget"})),
}
# Steps that steer a task; they never are what it is waiting for.
STEERING = frozenset({"xin-gia-han", "gia-han", "khong-gia-han", "chuyen", "tam-dung", "huy", "mo-lai"})
# What may be written down all the time; no task waits for it either.
PLANNING = frozenset(
    {"phu-trach", "chia-viec", "san-pham", "them-moc", "doi-moc", "cho", "het-cho", "chi-so", "kinh-phi", "nghiem-thu"}
)


def offered(possible: list[str]) -> list[str]:
    """The words of the forms for the steps that the reader may take."""
    return [word for word, (_form, steps) in FORMS.items() if steps & set(possible)]


def main_word(task: "Task", words: list[str], *, is_pressing: bool) -> str:
    """The one form whose step the task is waiting for; empty when it waits for somebody else.

    Work under way waits for reports, and for its result once it is done, returned or pressing.
    """
    waiting = [word for word in words if word not in STEERING | PLANNING]
    has_result = task.progress >= 100 or task.state == "returned" or (is_pressing and task.state == "in_progress")
    if has_result and "trinh-ket-qua" in waiting:
        return "trinh-ket-qua"
    return waiting[0] if waiting else ""


def form_for(word: str, task: "Task", actor: Actor, request: HttpRequest | None = None) -> StepForm:
    """The form of a step, with what was sent if a request is given."""
    form, _steps = FORMS[word]
    if request is None:
        return form(task, actor, word)
    return form(task, actor, word, request.POST, request.FILES)
