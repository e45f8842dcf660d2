"""What another body does with a result: return it, approve it, and later judge whether it was effective.

Whoever reported on the task and whoever belongs to the lead body is refused here, whatever a page may offer.
"""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.tasks.lifecycle import Effectiveness
from thuocdo.tasks.models import Evidence, Task

from .refusals import TaskRefused, require_text
from .taking import begin, finish


@transaction.atomic
def return_result(*, actor: Actor, at: datetime, task: Task, note: str) -> Task:
    """Send a submitted result back, saying what is missing."""
    current = begin("return_result", task, actor=actor)
    return finish("return_result", current, actor=actor, at=at, note=require_text(nfc(note), "note"))


@transaction.atomic
def approve_result(*, actor: Actor, at: datetime, task: Task, note: str = "") -> Task:
    """Accept a submitted result: the task is completed on this day. Needs evidence."""
    current = begin("approve_result", task, actor=actor)
    if not Evidence.objects.filter(report__task=current).exists():
        raise TaskRefused(
            gettext("Nhiệm vụ chưa có minh chứng nên không phê duyệt được; trả lại để cơ quan chủ trì bổ sung."),
            code="no_evidence",
            field="files",
        )
    current.completed_on = localdate(at)
    return finish("approve_result", current, actor=actor, at=at, note=nfc(note).strip())


@transaction.atomic
def judge_effectiveness(*, actor: Actor, at: datetime, task: Task, effectiveness: str, note: str) -> Task:
    """Say, with the reason, whether a completed task brought about what it was for; may be judged again."""
    current = begin("judge_effectiveness", task, actor=actor)
    if effectiveness not in (Effectiveness.EFFECTIVE, Effectiveness.NOT_EFFECTIVE):
        raise TaskRefused(
            gettext("Chọn “có hiệu quả” hoặc “chưa có hiệu quả”."), code="effectiveness_unknown", field="effectiveness"
        )
    current.effectiveness = effectiveness
    return finish(
        "judge_effectiveness",
        current,
        actor=actor,
        at=at,
        note=require_text(nfc(note), "note"),
        data={"effectiveness": effectiveness},
    )
