"""The pack of a meeting: computed from living records until it is frozen, and then as it lay on the table."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localdate

from thuocdo.accounts.permissions import Actor, Permission, permissions_for_each
from thuocdo.evaluations.lifecycle import OPENISH
from thuocdo.evaluations.models import Finding
from thuocdo.meetings.lifecycle import ConclusionState, standing_of
from thuocdo.meetings.models import Commitment, Meeting, Version
from thuocdo.meetings.models import Pack as FrozenPack
from thuocdo.meetings.pack import Line, Pack, read_pack
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import FINAL, OWED, State
from thuocdo.tasks.models import Dependency, Dispute, ExtensionRequest, Report, Task

from .scope import bodies_of, earlier_than, previous_of, tasks_of
from .then import Then, changed_since, counts_at, mark_of

LONGEST_WORDS = 300
# So many findings come to a meeting, the riskiest first; the rest is work of the verifiers.
MOST_FINDINGS = 50


def pack_of(meeting: Meeting, at: datetime) -> Pack:
    """The frozen pack, or the one that lies on the table if the meeting were held at `at`."""
    frozen = FrozenPack.objects.filter(meeting=meeting).first() if meeting.held_at is not None else None
    return read_pack(json.loads(frozen.content)) if frozen is not None else build_pack(meeting, at)


def build_pack(meeting: Meeting, at: datetime) -> Pack:
    """Everything that the meeting is to know, of all bodies of its reach, as known at the moment."""
    today = localdate(at)
    before = previous_of(meeting)
    since = moment_of(before) if before is not None else None
    tasks = tasks_of(meeting, on=today)
    changed = changed_since(tasks, since) if since is not None else {}
    promised = _commitments(meeting)
    now, then = counts_at(tasks, today, since, changed.values())
    return Pack(
        meeting=meeting.pk,
        at=at,
        since=since,
        since_meeting=before.pk if before is not None else 0,
        now=now,
        before=then,
        overdue=tuple(_overdue(tasks, changed, promised, meeting, since, today)),
        promises=tuple(_promises(meeting, before, promised, since, today)),
        wanted=(*_wanted(tasks, meeting, today), *_findings(meeting, today)),
        moved=tuple(_moved(changed.values(), since, today)) if since is not None else (),
        resolved=tuple(_resolved(changed.values(), since, today)) if since is not None else (),
    )


def moment_of(meeting: Meeting) -> datetime:
    """The moment with which a later meeting is compared: when the pack of this one was frozen."""
    return meeting.pack.at


@dataclass(frozen=True, slots=True)
class Seen:
    """A pack as its reader may see it, the bodies that it speaks of by code, and what the reader may do."""

    pack: Pack
    bodies: dict[str, Body]
    # Whether the reader keeps the meeting, and for which bodies (codes) they may give a word.
    keeps: bool = False
    answers_for: frozenset[str] = frozenset()


def seen_by(actor: Actor, meeting: Meeting, pack: Pack) -> Seen:
    """What of a pack the actor may see: the bodies whose tasks they may see; findings of those they watch over.

    Two queries, however many bodies there are.
    """
    proposed = {line.proposed for line in pack.wanted if line.proposed}
    found = Body.objects.filter(Q(code__in=pack.leads | proposed) | Q(pk=meeting.holder_id))
    bodies = {body.code: body for body in found}
    if actor.is_machine:
        return Seen(pack, bodies, keeps=True, answers_for=frozenset(bodies))
    rights = permissions_for_each(actor, [body.pk for body in bodies.values()])

    def over(permission: Permission) -> frozenset[str]:
        return frozenset(code for code, body in bodies.items() if permission in rights[body.pk])

    keeps = actor.belongs_to(meeting.office_id) and meeting.holder.code in over(Permission.RECORD_CONCLUSIONS)
    return Seen(
        pack.narrowed(over(Permission.VIEW_TASKS), signals=over(Permission.VIEW_SIGNALS)),
        bodies,
        keeps=keeps,
        answers_for=frozenset(bodies) if keeps else over(Permission.SUBMIT_RESULT),
    )


def _line(task: Task, today: date, **more: object) -> Line:
    return Line(
        lead=task.lead.code,
        title=capfirst(task.title),
        task=task.pk,
        code=task.code,
        post=task.responsible_post,
        now=mark_of(task.state, task.due_on, task.completed_on, today),
        due_on=task.due_on,
        original_due_on=task.original_due_on,
        done_on=task.completed_on,
        source=task.document.number if task.document else "",
        **more,  # type: ignore[arg-type]
    )


def _overdue(
    tasks: QuerySet[Task],
    changed: dict[int, Then],
    promised: list[Commitment],
    meeting: Meeting,
    since: datetime | None,
    today: date,
) -> Iterable[Line]:
    """Overdue now and not at the last meeting; each with what its body says of it, the newest word of each kind."""
    reports = Report.objects.filter(task=OuterRef("pk")).order_by("-at", "-pk")
    asked = ExtensionRequest.objects.filter(task=OuterRef("pk")).order_by("-at", "-pk")
    late = tasks.filter(state__in=sorted(OWED), due_on__lt=today)
    day = localdate(since) if since is not None else None
    if day is not None:
        late = late.filter(Q(due_on__gte=day) | Q(pk__in=list(changed)))
    late = late.select_related("lead", "document").annotate(
        said=Subquery(reports.values("text")[:1]),
        said_at=Subquery(reports.values("at")[:1]),
        cause=Subquery(asked.values("reason")[:1]),
    )
    words = {one.task_id: one for one in promised if one.meeting_id == meeting.pk}
    for task in late.order_by("due_on", "code"):
        then = changed.get(task.pk)
        if then is not None and day is not None and then.is_overdue(day):
            continue
        word = words.get(task.pk)
        said_at: datetime | None = task.said_at
        yield _line(
            task,
            today,
            reported_on=localdate(said_at) if said_at else None,
            report=_short(task.said or ""),
            reason=_short(word.reason if word else task.cause or ""),
            promised_on=word.promised_on if word else None,
        )


def _short(words: str) -> str:
    return Truncator(" ".join(words.split())).chars(LONGEST_WORDS)


def _moved(changed: Iterable[Then], since: datetime, today: date) -> Iterable[Line]:
    """Tasks that stand otherwise than at the last meeting by what was done, the new ones last."""
    day = localdate(since)
    lines = []
    for one in changed:
        task, before = one.task, one.mark(day)
        now = mark_of(task.state, task.due_on, task.completed_on, today)
        is_same = before == now and one.due_on == task.due_on and one.lead == task.lead.code
        if is_same or (not before and task.state == State.CANCELLED):
            continue
        lines.append(_line(task, today, before=before, before_due_on=one.due_on if one.due_on != task.due_on else None))
    return sorted(lines, key=lambda line: (not line.before, line.now, line.due_on or date.max, line.code))


def _resolved(changed: Iterable[Then], since: datetime, today: date) -> Iterable[Line]:
    """Overdue at the last meeting and not any more: done, given more time, taken back or suspended."""
    day = localdate(since)
    for one in sorted(changed, key=lambda then: (then.due_on or date.max, then.task.code)):
        task = one.task
        still = task.state in OWED and task.due_on is not None and task.due_on < today
        if one.is_overdue(day) and not still:
            yield _line(task, today, before="overdue", before_due_on=one.due_on)


def _commitments(meeting: Meeting) -> list[Commitment]:
    """What bodies promised for this meeting and the earlier ones of its series, oldest first."""
    mine = Q(meeting=meeting.pk)
    if meeting.series_id is not None and meeting.session is not None:
        mine |= Q(meeting__in=earlier_than(meeting))
    found = Commitment.objects.filter(mine).select_related("meeting", "task__lead", "task__document")
    return list(found.order_by("at", "pk"))


def _promises(
    meeting: Meeting, before: Meeting | None, promised: list[Commitment], since: datetime | None, today: date
) -> Iterable[Line]:
    """What was promised at earlier meetings: all of the last one, of older ones what was not settled by then."""
    if before is None or since is None:
        return
    day = localdate(since)
    lines: list[Line] = []
    wording = Version.objects.filter(
        conclusion=OuterRef("candidate__conclusion"), number=OuterRef("candidate__conclusion__recorded_version")
    )
    owed = (
        Task.objects.filter(
            candidate__conclusion__meeting__in=earlier_than(meeting),
            candidate__conclusion__state=ConclusionState.RECORDED,
        )
        .annotate(promised_on=Subquery(wording.values("due_on")[:1]))
        .filter(promised_on__isnull=False)
        .select_related("lead", "document", "candidate__conclusion")
    )
    for task in owed:
        conclusion = task.candidate.conclusion  # type: ignore[union-attr]
        lines.append(_promise(task, task.promised_on, conclusion.meeting_id, today, conclusion=conclusion.number))
    # The last word of a body at a meeting counts.
    words = {(one.meeting_id, one.task_id): one for one in promised if one.meeting_id != meeting.pk}
    lines += [
        _promise(one.task, one.promised_on, one.meeting_id, today, reason=_short(one.reason)) for one in words.values()
    ]
    for line in sorted(lines, key=lambda one: (one.promised_on or date.max, one.code, one.conclusion)):
        is_settled = line.done_on is not None and line.done_on < day
        if line.meeting == before.pk or not (is_settled or line.standing == "void"):
            yield line


def _promise(task: Task, promised_on: date, meeting: int, today: date, **more: object) -> Line:
    standing = standing_of(
        promised_on,
        today,
        submitted_on=task.submitted_on,
        completed_on=task.completed_on,
        is_cancelled=task.state == State.CANCELLED,
    )
    return _line(task, today, promised_on=promised_on, standing=standing.value, meeting=meeting, **more)


def _wanted(tasks: QuerySet[Task], meeting: Meeting, today: date) -> Iterable[Line]:
    """Disputes, requests for more time, results and decisions of this body that tasks wait for; one query."""
    disputes = Dispute.objects.filter(task=OuterRef("pk"), decided_at__isnull=True)
    asked = ExtensionRequest.objects.filter(task=OuterRef("pk"), is_granted__isnull=True)
    awaited = Dependency.objects.filter(
        task=OuterRef("pk"),
        kind=Dependency.Kind.DECISION,
        fulfilled_on__isnull=True,
        owner__in=[meeting.holder_id, meeting.office_id],
    ).order_by("pk")
    waits = tasks.exclude(state__in=sorted(FINAL)).filter(
        Q(state=State.SUBMITTED) | Q(state=State.DISPUTED) | Exists(asked) | Exists(awaited)
    )
    rows = waits.select_related("lead", "document").annotate(
        raised_by=Subquery(disputes.values("decide_by")[:1]),
        raised_reason=Subquery(disputes.values("reason")[:1]),
        raised_for=Subquery(disputes.values("proposed_lead__code")[:1]),
        asked_for=Subquery(asked.values("wanted_on")[:1]),
        asked_reason=Subquery(asked.values("reason")[:1]),
        awaited_title=Subquery(awaited.values("title")[:1]),
        awaited_on=Subquery(awaited.values("expected_on")[:1]),
    )
    for task in rows.order_by(F("due_on").asc(nulls_last=True), "code"):
        if task.state == State.DISPUTED:
            yield _line(
                task, today, kind="dispute", by=task.raised_by, reason=_short(task.raised_reason or ""),
                proposed=task.raised_for or "",
            )  # fmt: skip
        if task.asked_for is not None:
            yield _line(task, today, kind="extension", wanted_on=task.asked_for, reason=_short(task.asked_reason or ""))
        if task.state == State.SUBMITTED:
            yield _line(task, today, kind="approval", reported_on=task.submitted_on)
        if task.awaited_title is not None:
            yield _line(task, today, kind="decision", by=task.awaited_on, reason=_short(task.awaited_title))


def _findings(meeting: Meeting, today: date) -> Iterable[Line]:
    """Open findings that figures and reality differ, about the bodies of the meeting."""
    found = Finding.objects.filter(state__in=sorted(OPENISH), body__in=bodies_of(meeting, on=today).values("pk"))
    for one in found.select_related("body", "indicator", "task").order_by("-risk", "pk")[:MOST_FINDINGS]:
        title = one.task.title if one.task else one.indicator.title if one.indicator else one.get_kind_display()
        yield Line(
            lead=one.body.code,
            title=capfirst(title),
            kind="finding",
            number=one.pk,
            by=one.answer_by,
            reason=one.kind,
            code=one.period,
        )
