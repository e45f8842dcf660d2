"""One act for many tasks: each row for itself, with its outcome; what can be undone says what it needs for that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.models import User
from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, require
from thuocdo.ledger.operations import reactions_gathered
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import ProgrammeEntry, ProgrammeVersion, Task, Transition

from .programmes import put_into_programme, take_out_of_programme
from .refusals import TaskRefused
from .steering import extend, resume, suspend
from .structure import put_in_charge
from .taking import append_change, begin, finish, write_transition
from .working import accept_assignment

MOST_TASKS = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act did to one task: done, or the reason why not."""

    task: int
    code: str
    refused: str = ""


@dataclass(slots=True)
class Done:
    """What an act did to many tasks; `before` is what undoing needs, by task (id), and is plain JSON."""

    outcomes: list[Outcome] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """How many tasks were changed."""
        return sum(not one.refused for one in self.outcomes)


def _each(tasks: Sequence[Task], act: Callable[[Task], Any], *, actor: Actor) -> Done:
    """Do it for each task in a transaction of its own; a refusal of one stops none of the others."""
    if len(tasks) > MOST_TASKS:
        raise TaskRefused(
            gettext("Mỗi lần xử lý nhiều nhất %(most)s nhiệm vụ; chọn ít hơn.") % {"most": MOST_TASKS},
            code="many",
            field="tasks",
        )
    done = Done()
    with reactions_gathered():
        for task in tasks:
            try:
                with transaction.atomic():
                    before = act(task)
            except TaskRefused as refusal:
                done.outcomes.append(Outcome(task.pk, task.code, str(refusal)))
            except NotAllowed:
                done.outcomes.append(
                    Outcome(task.pk, task.code, gettext("Bạn không có quyền thực hiện việc này với nhiệm vụ."))
                )
            else:
                done.outcomes.append(Outcome(task.pk, task.code))
                done.before[str(task.pk)] = before
    return done


def accept_many(*, actor: Actor, at: datetime, tasks: Sequence[Task]) -> Done:
    """Accept the assignment of each task."""
    return _each(tasks, lambda task: accept_assignment(actor=actor, at=at, task=task) and None, actor=actor)


def extend_many(
    *, actor: Actor, at: datetime, tasks: Sequence[Task], new_due_on: date, decision_number: str, reason: str
) -> Done:
    """Move the deadline of each task by one decision; an extension stays on record and is not undone."""

    def act(task: Task) -> None:
        extend(actor=actor, at=at, task=task, new_due_on=new_due_on, decision_number=decision_number, reason=reason)

    return _each(tasks, act, actor=actor)


def suspend_many(*, actor: Actor, at: datetime, tasks: Sequence[Task], reason: str) -> Done:
    """Stop the clock of each task."""
    return _each(tasks, lambda task: suspend(actor=actor, at=at, task=task, reason=reason) and None, actor=actor)


def set_responsible_many(*, actor: Actor, at: datetime, tasks: Sequence[Task], person: User | None, post: str) -> Done:
    """Say for each task who of its lead body answers for it: a person, a post, or both."""

    def act(task: Task) -> list[int | str | None]:
        before = [task.responsible_id, task.responsible_post]
        put_in_charge(actor=actor, at=at, task=task, person=person, post=post)
        return before

    return _each(tasks, act, actor=actor)


def _nobody_in_charge(task: Task, *, actor: Actor, at: datetime) -> None:
    current = begin("put_in_charge", task, actor=actor)
    current.responsible, current.responsible_post = None, ""
    finish("put_in_charge", current, actor=actor, at=at, data={"responsible": None})


def mark_core(*, actor: Actor, at: datetime, task: Task, is_core: bool) -> bool:
    """Say whether a task is one of the focal ones; gives what it was before."""
    current = _locked(task)
    require(actor, Permission.ASSIGN_TASK, current.lead)
    require(actor, Permission.ASSIGN_TASK, current.assigned_by)
    before = current.is_core
    if before != is_core:
        current.is_core = is_core
        current.save(update_fields=["is_core"])
        append_change("mark_core", current, current.state, actor=actor, at=at, data={"is_core": is_core})
    return before


def mark_core_many(*, actor: Actor, at: datetime, tasks: Sequence[Task], is_core: bool) -> Done:
    """Say of each task whether it is one of the focal ones."""
    return _each(tasks, lambda task: mark_core(actor=actor, at=at, task=task, is_core=is_core), actor=actor)


def add_to_programme_many(
    *, actor: Actor, at: datetime, tasks: Sequence[Task], version: ProgrammeVersion, is_core: bool
) -> Done:
    """Put each task into a draft version of a programme; an approved version is closed."""
    require(actor, Permission.ASSIGN_TASK, version.programme.body)
    if version.approved_on is not None:
        raise TaskRefused(
            gettext("Bản này của chương trình đã được phê duyệt; lập bản mới rồi bổ sung nhiệm vụ."),
            code="approved",
            field="version",
        )

    def act(task: Task) -> None:
        if ProgrammeEntry.objects.filter(version=version, task=task).exists():
            raise TaskRefused(gettext("Nhiệm vụ đã có trong chương trình."), code="present", field="version")
        put_into_programme(actor=actor, at=at, version=version, tasks=[task], is_core=is_core)

    return _each(tasks, act, actor=actor)


def undo_many(
    act: str,
    *,
    actor: Actor,
    at: datetime,
    tasks: Sequence[Task],
    before: Mapping[str, Any],
    version: int | None = None,
) -> Done:
    """Take back an act of the same person for each task that nobody has moved since; the ledger tells of both."""

    def one(task: Task) -> None:
        was = before[str(task.pk)]
        match act:
            case "accept":
                _give_back(task, actor=actor, at=at)
            case "suspend":
                _same_hand(task, "suspend", actor=actor)
                resume(actor=actor, at=at, task=task, note=gettext("Hoàn tác tạm dừng hàng loạt"))
            case "responsible":
                _same_hand(task, "put_in_charge", actor=actor)
                person = User.objects.filter(pk=was[0]).first() if was[0] is not None else None
                if person is None and not was[1]:
                    _nobody_in_charge(task, actor=actor, at=at)
                else:
                    put_in_charge(actor=actor, at=at, task=task, person=person, post=was[1])
            case "core":
                mark_core(actor=actor, at=at, task=task, is_core=bool(was))
            case "programme":
                _leave_programme(task, version, actor=actor, at=at)
            case _:
                raise TaskRefused(gettext("Việc này không hoàn tác được."), code="final")

    return _each([task for task in tasks if str(task.pk) in before], one, actor=actor)


def _give_back(task: Task, *, actor: Actor, at: datetime) -> None:
    """The lead body has not accepted after all: as if the step had not been taken, both on record."""
    current = _locked(task)
    require(actor, Permission.ACCEPT_ASSIGNMENT, current.lead)
    _same_hand(current, "accept_assignment", actor=actor)
    if current.state != State.ACCEPTED:
        raise _moved_on(current)
    current.state, current.accepted_on = State.ASSIGNED, None
    current.save(update_fields=["state", "accepted_on"])
    write_transition(
        "undo_acceptance",
        current,
        State.ACCEPTED,
        actor=actor,
        at=at,
        note=gettext("Hoàn tác nhận việc hàng loạt"),
    )
    append_change("undo_acceptance", current, State.ACCEPTED, actor=actor, at=at)


def _leave_programme(task: Task, version: int | None, *, actor: Actor, at: datetime) -> None:
    entry = ProgrammeEntry.objects.filter(version=version, task=task).select_related("version__programme").first()
    if entry is None or entry.version.approved_on is not None:
        raise _moved_on(task)
    take_out_of_programme(actor=actor, at=at, version=entry.version, task=task)


def _same_hand(task: Task, step: str, *, actor: Actor) -> None:
    """Only whoever took the last step takes it back, and only while it is the last."""
    last = Transition.objects.filter(task=task).order_by("-at", "-pk").first()
    if last is None or last.step != step or last.by_label != actor.label:
        raise _moved_on(task)


def _moved_on(task: Task) -> TaskRefused:
    return TaskRefused(
        gettext("Nhiệm vụ %(code)s đã có thay đổi khác nên không hoàn tác được.") % {"code": task.code},
        code="moved_on",
    )


def _locked(task: Task) -> Task:
    return Task.objects.select_for_update(of=("self",)).select_related("lead", "assigned_by").get(pk=task.pk)
