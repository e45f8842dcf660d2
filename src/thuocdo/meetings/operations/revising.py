"""A conclusion is worded anew after tasks came of it: a new version; what happens to each task is decided apart."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.directives.operations import DirectiveRefused, add_clause, add_words
from thuocdo.engine.canonical import digest
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.meetings.lifecycle import REVISING, Choice, ConclusionKind, ConclusionState
from thuocdo.meetings.models import Conclusion, Meeting, Settlement, Version
from thuocdo.meetings.queries import unsettled_tasks
from thuocdo.tasks.models import Match, Source, Task
from thuocdo.tasks.operations import TaskRefused, amend, cancel

from .keeping import lock, require_keeper
from .recording import document_of
from .refusals import LowerRefused, MeetingRefused, NotInThisState, Overtaken
from .wordings import Wording, clean, newest_version, same, write_version

# What of a task a new wording may change, and the words by which an amending sentence names it.
_PARTS = {
    "due_on": "thời hạn",
    "lead_id": "cơ quan chủ trì",
    "deliverable": "sản phẩm",
    "action": "nội dung như sau",
}


@transaction.atomic
def revise(*, actor: Actor, at: datetime, conclusion: Conclusion, seen_version: int, wording: Wording) -> Conclusion:
    """Word a recorded conclusion anew; its tasks stay as they are until the office decides (`settle`)."""
    meeting, current = _begin(conclusion, actor)
    newest = newest_version(current)
    given = clean(wording)
    if same(newest, given):
        return current
    if current.version != seen_version:
        raise Overtaken(current, newest)
    version = write_version(current, given, actor=actor, at=at)
    current.save(update_fields=["version"])
    try:
        add_words(
            actor=actor,
            at=at,
            document=document_of(meeting, actor=actor, at=at),
            text=f"{current.number} (sửa lần {version.number - (current.recorded_version or 1)}). {given.text}",
        )
    except DirectiveRefused as error:
        raise LowerRefused(error) from error
    append(
        actor=actor.label,
        at=at,
        event=Event.CONCLUSION_REVISED,
        subject=meeting.label,
        data={"number": current.number, "version": current.version, "digest": digest(given.text)},
    )
    return current


@transaction.atomic
def settle(
    *, actor: Actor, at: datetime, conclusion: Conclusion, task: Task, choice: str, seen_version: int, note: str = ""
) -> Settlement:
    """Decide for one task of a conclusion that was worded anew: it stays, is amended by the new clause, or cancelled.

    An amendment changes only what the new wording says otherwise than the recorded one; the old wording, the original
    deadline and the way there stay on the task.
    """
    meeting, current = _begin(conclusion, actor)
    if current.version != seen_version:
        raise Overtaken(current, newest_version(current))
    version = newest_version(current)
    known = Settlement.objects.filter(version=version, task=task).first()
    if known is not None:
        return known
    # Locked before anything tells the ledger.
    owed = Task.objects.select_for_update(of=("self",)).select_related("lead").get(pk=task.pk)
    if not unsettled_tasks(current).filter(pk=owed.pk).exists():
        raise MeetingRefused(
            gettext("Nhiệm vụ này không chờ quyết định theo kết luận đã sửa; tải lại trang."),
            code="nothing_to_settle",
            field="task",
        )
    words = nfc(note).strip()
    try:
        match choice:
            case Choice.AMENDED:
                _amend(meeting, current, version, owed, actor=actor, at=at)
            case Choice.CANCELLED:
                cancel(actor=actor, at=at, task=owed, reason=words or version.text)
            case Choice.STAYS:
                if not words:
                    raise MeetingRefused(
                        gettext("Chưa nêu lý do giữ nguyên; ghi ngắn gọn để lần sau còn biết."),
                        code="empty",
                        field="note",
                    )
            case _:
                raise MeetingRefused(gettext("Chọn một cách xử lý nhiệm vụ."), code="choice_unknown", field="choice")
    except (TaskRefused, DirectiveRefused) as error:
        raise LowerRefused(error) from error
    row = Settlement.objects.create(version=version, task=owed, choice=choice, note=words, at=at, by_label=actor.label)
    append(
        actor=actor.label,
        at=at,
        event=Event.CONCLUSION_SETTLED,
        subject=meeting.label,
        data={"number": current.number, "version": version.number, "task": owed.code, "choice": choice},
    )
    return row


def _amend(
    meeting: Meeting, conclusion: Conclusion, version: Version, task: Task, *, actor: Actor, at: datetime
) -> None:
    """Write the amending clause for one task, and let the room of tasks apply it."""
    first = Version.objects.get(conclusion=conclusion, number=conclusion.recorded_version or 1)
    changed = [field for field in _PARTS if getattr(first, field) != getattr(version, field)]
    if not changed:
        raise MeetingRefused(
            gettext("Lời kết luận mới không đổi thời hạn, cơ quan, sản phẩm hay nội dung; chọn giữ nguyên nhiệm vụ."),
            code="nothing_to_amend",
            field="choice",
        )
    if "due_on" in changed and version.due_on is None:
        raise MeetingRefused(
            gettext("Lời kết luận mới không nêu thời hạn nên không sửa thời hạn được; nhập ngày hoặc chọn cách khác."),
            code="no_deadline",
            field="due_on",
        )
    parts = ", ".join(_PARTS[field] for field in changed)
    # A group stays what it was for each of its bodies; only a lead of its own can be replaced.
    owner = version.lead if "lead_id" in changed and version.lead else task.lead
    candidate = add_clause(
        actor=actor,
        at=at,
        document=document_of(meeting, actor=actor, at=at),
        text=f"Điều chỉnh {parts} nhiệm vụ {task.code} theo kết luận số {conclusion.number} đã sửa: {version.text}",
        action=version.action or version.text,
        lead=[owner.name],
        deliverable=version.deliverable,
        deadline_raw=version.deadline_raw,
        deadline_kind=version.deadline_kind,
        deadline_date=version.due_on if "due_on" in changed else None,
    )
    match = Match.objects.create(
        candidate=candidate, task=task, kind=Source.Kind.AMENDS, likeness=1.0, reasons=["names_the_task"]
    )
    amend(actor=actor, at=at, match=match)


def _begin(conclusion: Conclusion, actor: Actor) -> tuple[Meeting, Conclusion]:
    meeting = lock(conclusion.meeting)
    require_keeper(actor, meeting, Permission.RECORD_CONCLUSIONS)
    if meeting.state not in REVISING:
        raise NotInThisState(meeting)
    current = Conclusion.objects.select_for_update().get(pk=conclusion.pk)
    current.meeting = meeting
    if current.state != ConclusionState.RECORDED or current.kind == ConclusionKind.DECISION:
        raise MeetingRefused(
            gettext("Chỉ sửa lời kết luận đã ghi; quyết định về nhiệm vụ đã giao thì sửa ở trang nhiệm vụ đó."),
            code="not_recorded",
            field="text",
        )
    return meeting, current
