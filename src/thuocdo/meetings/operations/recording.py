"""A person confirms a line of conclusions, and it takes effect in the same moment."""

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.directives.models import Document
from thuocdo.directives.operations import DirectiveRefused, add_clause, add_words, begin_document
from thuocdo.engine.canonical import Plain, digest
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.meetings.lifecycle import ConclusionKind, ConclusionState, Verdict
from thuocdo.meetings.models import Conclusion, Meeting, Version
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.tasks.lifecycle import Rhythm, read_rhythm
from thuocdo.tasks.models import Counter, Task
from thuocdo.tasks.operations import TaskRefused, assign_from_candidate
from thuocdo.tasks.operations.writing import as_title

from .deciding import decide
from .keeping import lock_for_recording
from .refusals import LowerRefused, MeetingRefused, Overtaken
from .wordings import Wording, clean, newest_version, same, write_version


@transaction.atomic
def record(
    *,
    actor: Actor,
    at: datetime,
    conclusion: Conclusion,
    seen_version: int,
    kind: str,
    wording: Wording,
    task: Task | None = None,
    verdict: str = "",
    new_lead: Body | None = None,
) -> Conclusion:
    """Confirm a line as it is worded now: a task on the spot, a decision upon a known task, or a note.

    `seen_version` is the wording that the person saw; with a newer one nothing is written (Overtaken). A second click
    finds its own work done. Raises MeetingRefused where something is missing, with the remedy.
    """
    meeting = lock_for_recording(conclusion.meeting, actor)
    current = Conclusion.objects.select_for_update().get(pk=conclusion.pk)
    current.meeting = meeting
    newest = newest_version(current)
    given = clean(wording)
    if current.state == ConclusionState.RECORDED and current.kind == kind and same(newest, given):
        return current
    if current.state != ConclusionState.PROPOSED or current.version != seen_version:
        raise Overtaken(current, newest)
    if kind not in ConclusionKind.values:
        raise MeetingRefused(gettext("Chọn kết luận này là gì."), code="kind_unknown", field="kind")
    if kind == ConclusionKind.TASK:
        _check_order(given)
    if not same(newest, given):
        newest = write_version(current, given, actor=actor, at=at)
    current.kind, current.state = kind, ConclusionState.RECORDED
    current.recorded_at, current.recorded_by, current.recorded_version = at, actor.label, current.version
    tasks: list[Task] = []
    try:
        if kind == ConclusionKind.TASK:
            tasks = _give_task(current, newest, given, actor=actor, at=at)
        elif kind == ConclusionKind.DECISION:
            _decide(current, given, task, verdict, new_lead, actor=actor, at=at)
        document = document_of(meeting, actor=actor, at=at)
        if kind != ConclusionKind.TASK:
            add_words(actor=actor, at=at, document=document, text=_clause(current, given))
    except (TaskRefused, DirectiveRefused) as error:
        raise LowerRefused(error) from error
    current.save()
    data: dict[str, Plain] = {
        "number": current.number,
        "kind": kind,
        "version": current.version,
        "digest": digest(given.text),
        "tasks": [one.code for one in tasks[:20]],
        "verdict": verdict,
    }
    append(actor=actor.label, at=at, event=Event.CONCLUSION_RECORDED, subject=meeting.label, data=data)
    return current


def _check_order(wording: Wording) -> None:
    """A task has a lead and a deadline; without them the line may still be a note."""
    if wording.lead is None and wording.group is None:
        raise MeetingRefused(
            gettext("Chưa nêu cơ quan chủ trì nên không thành nhiệm vụ; chọn cơ quan, hoặc ghi là nội dung ghi nhận."),
            code="no_owner",
            field="lead",
        )
    if wording.due_on is None and read_rhythm(wording.deadline_raw)[0] == Rhythm.NONE:
        raise MeetingRefused(
            gettext("Kết luận chưa nêu thời hạn nên không thành nhiệm vụ; nhập ngày, hoặc ghi là nội dung ghi nhận."),
            code="no_deadline",
            field="due_on",
        )


def _give_task(conclusion: Conclusion, version: Version, wording: Wording, *, actor: Actor, at: datetime) -> list[Task]:
    """Write the clause and the task; the counter of codes is locked before anything tells the ledger."""
    year = localdate(at).year
    Counter.objects.get_or_create(year=year)
    Counter.objects.select_for_update().get(year=year)
    document = document_of(conclusion.meeting, actor=actor, at=at)
    action = wording.action or wording.text
    owner = wording.lead.name if wording.lead else wording.group.title_vi if wording.group else ""
    candidate = add_clause(
        actor=actor,
        at=at,
        document=document,
        text=_clause(conclusion, wording),
        action=action,
        lead=[owner],
        coordinating=[body.name for body in wording.coordinators],
        deliverable=wording.deliverable,
        deadline_raw=wording.deadline_raw,
        deadline_kind=wording.deadline_kind,
        deadline_date=wording.due_on,
    )
    conclusion.candidate = candidate
    return assign_from_candidate(
        actor=actor,
        at=at,
        candidate=candidate,
        lead=wording.lead,
        groups=[wording.group] if wording.group else None,
        coordinators=list(bodies_by_code(version.coordinators).values()),
        title=as_title(action),
        deliverable=wording.deliverable,
        due_on=wording.due_on,
        # Ordered by the meeting, on the day on which it is written down.
        assigned_on=localdate(at),
        programme=conclusion.meeting.programme,
    )


def _decide(
    conclusion: Conclusion,
    wording: Wording,
    task: Task | None,
    verdict: str,
    new_lead: Body | None,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    if task is None:
        raise MeetingRefused(
            gettext("Chưa chọn nhiệm vụ mà kết luận này quyết định; nhập mã nhiệm vụ."), code="no_task", field="task"
        )
    if verdict not in Verdict.values:
        raise MeetingRefused(gettext("Chưa chọn quyết định; chọn một."), code="no_verdict", field="verdict")
    meeting = conclusion.meeting
    decide(
        Verdict(verdict),
        actor=actor,
        at=at,
        task=task,
        note=wording.text,
        due_on=wording.due_on,
        new_lead=new_lead,
        decision=gettext("Kết luận số %(number)s, họp ngày %(day)s")
        % {"number": conclusion.number, "day": date_format(meeting.held_on, "d/m/Y")},
    )
    conclusion.task, conclusion.verdict = task, verdict


def document_of(meeting: Meeting, *, actor: Actor, at: datetime) -> Document:
    """The directive that a locked meeting's conclusions make up, begun with the first of them."""
    if meeting.document is None:
        title = gettext("Kết luận %(title)s, ngày %(day)s") % {
            "title": meeting.title,
            "day": date_format(meeting.held_on, "d/m/Y"),
        }
        meeting.document = begin_document(
            actor=actor,
            at=at,
            body=meeting.office,
            title=title,
            kind="Thông báo",
            heading=f"THÔNG BÁO\n{title}\n({meeting.label})",
            file_name=f"ket-luan-cuoc-hop-{meeting.pk}.txt",
        )
        meeting.save(update_fields=["document"])
    return meeting.document


def _clause(conclusion: Conclusion, wording: Wording) -> str:
    return f"{conclusion.number}. {wording.text}"
