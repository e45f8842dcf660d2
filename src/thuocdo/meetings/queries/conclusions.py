"""What a meeting concluded: each line with its wordings, the tasks that came of it, and what waits for a decision."""

from dataclasses import dataclass, field

from django.db.models import F, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.engine.canonical import Plain
from thuocdo.meetings.lifecycle import ConclusionState, MeetingState
from thuocdo.meetings.models import Conclusion, Meeting, Notice, Settlement, Version
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import FINAL
from thuocdo.tasks.models import Task
from thuocdo.tasks.queries import visible_to as tasks_visible_to

from .scope import may_keep


@dataclass(slots=True)
class Recorded:
    """A conclusion with its newest wording and, for a task, what became of it."""

    conclusion: Conclusion
    version: Version
    coordinators: list[Body] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    # Tasks about which the office has still to decide after a new wording.
    unsettled: list[Task] = field(default_factory=list)


def may_read_conclusions(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor may read them: at once who keeps it or watches its holder, others once it has ended."""
    if meeting.state == MeetingState.CONCLUDED or actor.is_machine:
        return True
    over = bodies_within(actor, Permission.VIEW_TASKS).filter(pk__in=[meeting.holder_id, meeting.office_id])
    return over.exists() or may_keep(actor, meeting)


def recorded(actor: Actor, meeting: Meeting) -> list[Recorded]:
    """All lines in their order, with those of their tasks that the actor may see; five queries."""
    rows = list(Conclusion.objects.filter(meeting=meeting).select_related("task__lead", "candidate").order_by("number"))
    wordings = Version.objects.filter(conclusion__in=rows, number=F("conclusion__version"))
    versions = {one.conclusion_id: one for one in wordings.select_related("lead", "group")}
    codes = {code for one in versions.values() for code in one.coordinators}
    bodies = {body.code: body for body in Body.objects.filter(code__in=codes)} if codes else {}
    of_candidate: dict[int, list[Task]] = {}
    candidates = [row.candidate_id for row in rows if row.candidate_id is not None]
    if candidates:
        owed = tasks_visible_to(actor).filter(candidate__in=candidates).select_related("lead").order_by("code")
        for task in owed:
            of_candidate.setdefault(task.candidate_id or 0, []).append(task)
    amended = [row for row in rows if row.recorded_version is not None and row.version > row.recorded_version]
    settled: set[tuple[int, int]] = set()
    if amended:
        done = Settlement.objects.filter(version__in=[versions[row.pk].pk for row in amended])
        settled = set(done.values_list("version", "task"))
    found = []
    for row in rows:
        version, tasks = versions[row.pk], of_candidate.get(row.candidate_id or -1, [])
        waiting = row in amended
        found.append(
            Recorded(
                conclusion=row,
                version=version,
                coordinators=[bodies[code] for code in version.coordinators if code in bodies],
                tasks=tasks,
                unsettled=[
                    task
                    for task in tasks
                    if waiting and task.state not in FINAL and (version.pk, task.pk) not in settled
                ],
            )
        )
    return found


def conclusion_by_number(meeting: Meeting, number: int) -> Conclusion | None:
    """The conclusion of the meeting with this number."""
    return (
        Conclusion.objects.filter(meeting=meeting, number=number).select_related("meeting", "task", "candidate").first()
    )


def versions_of(conclusion: Conclusion) -> list[Version]:
    """All wordings, the oldest first."""
    found = Version.objects.filter(conclusion=conclusion).select_related("lead", "group")
    return list(found.order_by("number"))


def settlements_of(conclusion: Conclusion) -> list[Settlement]:
    """What was decided for its tasks after new wordings, the oldest first."""
    found = Settlement.objects.filter(version__conclusion=conclusion).select_related("task__lead", "version")
    return list(found.order_by("at", "pk"))


def unsettled_tasks(conclusion: Conclusion) -> QuerySet[Task]:
    """The open tasks of a conclusion about whose newest wording nothing has been decided."""
    if conclusion.candidate_id is None or conclusion.version <= (conclusion.recorded_version or conclusion.version):
        return Task.objects.none()
    done = Settlement.objects.filter(version__conclusion=conclusion, version__number=conclusion.version)
    return (
        Task.objects.filter(candidate=conclusion.candidate_id)
        .exclude(state__in=sorted(FINAL))
        .exclude(pk__in=done.values("task"))
    )


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """A conclusion as a notice says it."""

    number: int
    version: int
    kind: str
    text: str

    @property
    def plain(self) -> dict[str, Plain]:
        return {"number": self.number, "version": self.version, "kind": self.kind, "text": self.text}


def lines_to_issue(meeting: Meeting, last: Notice | None) -> list[IssuedLine]:
    """What the next notice holds: every recorded conclusion, or those worded anew since the last notice."""
    rows = Version.objects.filter(
        conclusion__meeting=meeting,
        conclusion__state=ConclusionState.RECORDED,
        number=F("conclusion__version"),
    )
    if last is not None:
        rows = rows.filter(at__gt=last.at)
    return [
        IssuedLine(one.conclusion.number, one.number, one.conclusion.kind, one.text)
        for one in rows.select_related("conclusion").order_by("conclusion__number")
    ]


def notices_of(meeting: Meeting) -> list[Notice]:
    """The notices that went out, in their order."""
    return list(Notice.objects.filter(meeting=meeting).select_related("office").order_by("position"))


@dataclass(frozen=True, slots=True)
class Ordered:
    """By which conclusion of which meeting a task was ordered; whether a new wording waits for a decision."""

    meeting: Meeting
    conclusion: Conclusion
    is_unsettled: bool


def ordering_of(task: Task) -> Ordered | None:
    """The meeting and the conclusion that ordered a task; one query, and one more after a new wording."""
    if task.candidate_id is None:
        return None
    conclusion = Conclusion.objects.filter(candidate=task.candidate_id).select_related("meeting__series").first()
    if conclusion is None:
        return None
    is_open = unsettled_tasks(conclusion).filter(pk=task.pk).exists() if _is_amended(conclusion) else False
    return Ordered(conclusion.meeting, conclusion, is_open)


def _is_amended(conclusion: Conclusion) -> bool:
    return conclusion.recorded_version is not None and conclusion.version > conclusion.recorded_version
