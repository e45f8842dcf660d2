"""What another body does with a result: return it, approve it, and later judge whether it was effective.

Whoever reported on the task and whoever belongs to the lead body is refused here, whatever a page may offer.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.canonical import Plain
from thuocdo.engine.spelling import nfc
from thuocdo.tasks.lifecycle import Effectiveness, Rhythm, State, next_due
from thuocdo.tasks.models import Occurrence, Product, Report, Task
from thuocdo.tasks.queries import has_evidence
from thuocdo.tasks.queries.evidence import evidence_state
from thuocdo.tasks.queries.structure import open_parts

from .redirecting import close_requests
from .refusals import TaskRefused, require_text
from .structure.products import accept_products, refuse_open_products
from .taking import begin, finish


@transaction.atomic
def return_result(
    *,
    actor: Actor,
    at: datetime,
    task: Task,
    note: str,
    seen_report: int | None = None,
    seen_evidence: str | None = None,
) -> Task:
    """Send a submitted result back, saying what is missing; `seen_report`, `seen_evidence` as in `approve_result`."""
    current = begin_judging("return_result", task, actor=actor, seen_report=seen_report, seen_evidence=seen_evidence)
    return finish("return_result", current, actor=actor, at=at, note=require_text(nfc(note), "note"))


@transaction.atomic
def approve_result(
    *,
    actor: Actor,
    at: datetime,
    task: Task,
    note: str = "",
    is_last: bool = False,
    products: Sequence[Product] = (),
    seen_report: int | None = None,
    seen_evidence: str | None = None,
    despite_parts: str = "",
) -> Task:
    """Accept a submitted result: the task is completed on this day. Needs evidence.

    Every product of a task with several must be accepted, now (`products`) or before. With open parts it is not
    completed, unless `despite_parts` says why. `seen_report` is the number of the newest report that the person saw,
    `seen_evidence` the `evidence_state` of the files: with anything newer nothing is approved unseen. A recurring task
    notes the occurrence and goes on to its next deadline, unless `is_last` ends it.
    """
    current = begin_judging("approve_result", task, actor=actor, seen_report=seen_report, seen_evidence=seen_evidence)
    if not has_evidence(current):
        raise TaskRefused(
            gettext("Nhiệm vụ chưa có minh chứng nên không phê duyệt được; trả lại để cơ quan chủ trì bổ sung."),
            code="no_evidence",
            field="files",
        )
    today, words = localdate(at), nfc(note).strip()
    accepted = accept_products(current, products, actor=actor, at=at)
    refuse_open_products(current)
    waiving = nfc(despite_parts).strip()
    parts = list(open_parts(current).values_list("code", flat=True))
    if parts and not waiving:
        raise TaskRefused(
            gettext("Còn phần việc chưa xong: %(codes)s; chờ các phần việc xong hoặc nêu lý do vẫn phê duyệt.")
            % {"codes": ", ".join(parts[:5]) + ("…" if len(parts) > 5 else "")},
            code="parts_open",
            field="despite_parts",
        )
    if parts:
        words = "; ".join(word for word in (words, waiving) if word)
    close_requests(current, gettext("Kết quả đã được phê duyệt."), actor=actor, at=at)
    told: dict[str, Plain] = {"products": accepted, "open_parts": len(parts)}
    if current.rhythm == Rhythm.NONE:
        current.completed_on = today
        return finish("approve_result", current, actor=actor, at=at, note=words, back_to=State.COMPLETED, data=told)
    due = _take_occurrences(current, today)
    if is_last:
        # The last deadline stays on the completed task; it is counted there and not as an occurrence.
        last = due.pop()
        current.due_on, current.original_due_on, current.completed_on = last.due_on, last.original_due_on, today
    else:
        current.progress = 0
        # The next occurrence owes its products again.
        Product.objects.filter(task=current).update(is_accepted=False, accepted_on=None, accepted_by="")
    Occurrence.objects.bulk_create(due)
    return finish(
        "approve_result",
        current,
        actor=actor,
        at=at,
        note=words,
        back_to=State.COMPLETED if is_last else State.IN_PROGRESS,
        data=told | {"occurrences": [one.due_on for one in due]},
    )


def begin_judging(step: str, task: Task, *, actor: Actor, seen_report: int | None, seen_evidence: str | None) -> Task:
    """As `begin`; refuses a judgement on a report that is no longer the newest, or on other files than were seen.

    Who adds files holds the lock on the task until they are written, so the two never cross.
    """
    current = begin(step, task, actor=actor)
    newest = Report.objects.filter(task=current).aggregate(pk=Max("pk"))["pk"]
    if seen_report is not None and newest is not None and newest != seen_report:
        raise TaskRefused(
            gettext("Cơ quan chủ trì vừa gửi thêm báo cáo hoặc minh chứng; xem báo cáo mới nhất rồi quyết định lại."),
            code="report_moved",
            field="seen_report",
        )
    if seen_evidence is not None and evidence_state(current) != seen_evidence:
        raise TaskRefused(
            gettext("Minh chứng vừa có thay đổi nên chưa ghi quyết định; xem các tệp hiện có rồi quyết định lại."),
            code="evidence_moved",
            field="seen_evidence",
        )
    return current


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
