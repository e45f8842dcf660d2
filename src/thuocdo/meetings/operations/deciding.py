"""What a meeting decides upon a task that is known already, through the operations of the room of tasks."""

from datetime import date, datetime

from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.meetings.lifecycle import Verdict
from thuocdo.organisations.models import Body
from thuocdo.tasks.models import ExtensionRequest, Task
from thuocdo.tasks.operations import (
    Outcome,
    approve_result,
    cancel,
    decide_dispute,
    extend,
    refuse_extension,
    return_result,
)

from .refusals import MeetingRefused


def decide(
    verdict: Verdict,
    *,
    actor: Actor,
    at: datetime,
    task: Task,
    note: str,
    decision: str,
    due_on: date | None = None,
    new_lead: Body | None = None,
) -> None:
    """Take the step; `note` is the sentence of the conclusion, `decision` names it. May raise TaskRefused."""
    match verdict:
        case Verdict.EXTEND:
            if due_on is None:
                raise MeetingRefused(
                    gettext("Chưa nêu thời hạn mới; nhập ngày gia hạn đến."), code="no_deadline", field="due_on"
                )
            extend(actor=actor, at=at, task=task, new_due_on=due_on, decision_number=decision[:80], reason=note)
        case Verdict.REFUSE_EXTENSION:
            asked = ExtensionRequest.objects.filter(task=task, is_granted__isnull=True).first()
            if asked is None:
                raise MeetingRefused(
                    gettext("Nhiệm vụ này không có đề nghị gia hạn nào đang chờ; chọn quyết định khác."),
                    code="nothing_asked",
                    field="verdict",
                )
            refuse_extension(actor=actor, at=at, request=asked, answer=note)
        case Verdict.APPROVE:
            approve_result(actor=actor, at=at, task=task, note=note)
        case Verdict.RETURN:
            return_result(actor=actor, at=at, task=task, note=note)
        case Verdict.UPHOLD | Verdict.TRANSFER | Verdict.WITHDRAW:
            outcome = Outcome(verdict.value)
            decide_dispute(actor=actor, at=at, task=task, outcome=outcome, note=note, new_lead=new_lead)
        case Verdict.CANCEL:
            cancel(actor=actor, at=at, task=task, reason=note)
