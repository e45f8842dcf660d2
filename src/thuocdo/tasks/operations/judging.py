"""What another body does with a result: return it, approve it, and later judge whether it was effective.

Whoever reported on the task and whoever belongs to the lead body is refused here, whatever a page may offer.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.tasks.lifecycle import Effectiveness, Rhythm, State, next_due
from thuocdo.tasks.models import Occurrence, Task
from thuocdo.tasks.queries import has_evidence

from .refusals import TaskRefused, require_text
from .taking import begin, finish


@transaction.atomic
def return_result(*, actor: Actor, at: datetime, task: Task, note: str) -> Task:
    """Send a submitted result back, saying what is missing."""
    current = begin("return_result", task, actor=actor)
    return finish("return_result", current, actor=actor, at=at, note=require_text(nfc(note), "note"))


@transaction.atomic
def approve_result(*, actor: Actor, at: datetime, task: Task, note: str = "", is_last: bool = False) -> Task:
    """Accept a submitted result: the task is completed on this day. Needs evidence.

    A recurring task notes the occurrence and goes on to its next deadline, unless `is_last` ends it.
    """
    current = begin("approve_result", task, actor=actor)
    if not has_evidence(current):
        raise TaskRefused(
            gettext("Nhiệm vụ chưa có minh chứng nên không phê duyệt được; trả lại để cơ quan chủ trì bổ sung."),
            code="no_evidence",
            field="files",
        )
    today, words = localdate(at), nfc(note).strip()
    if current.rhythm == Rhythm.NONE:
        current.completed_on = today
        return finish("approve_result", current, actor=actor, at=at, note=words, back_to=State.COMPLETED)
    due = _take_occurrences(current, today)
    if is_last:
        # The last deadline stays on the completed task; it is counted there and not as an occurrence.
        last = due.pop()
        current.due_on, current.original_due_on, current.completed_on = last.due_on, last.original_due_on, today
    else:
        current.progress = 0
    Occurrence.objects.bulk_create(due)
    return finish(
        "approve_result",
        current,
        actor=actor,
        at=at,
        note=words,
        back_to=State.COMPLETED if is_last else State.IN_PROGRESS,
        data={"occurrences": [one.due_on for one in due]},
    )


def _take_occurrences(task: Task, today: date) -> list[Occurrence]:
    """The present occurrence and all that fell due before the day; moves the task to the next deadline."""
    taken: list[Occurrence] = []
    while task.due_on is not None and task.original_due_on is not None and (not taken or task.due_on < today):
        taken.append(
            Occurrence(task=task, due_on=task.due_on, original_due_on=task.original_due_on, completed_on=today)
        )
        task.due_on = next_due(Rhythm(task.rhythm), task.due_on, task.rhythm_day)
        task.original_due_on = task.due_on
    return taken


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
