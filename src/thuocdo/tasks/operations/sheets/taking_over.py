"""Take a list over: reports and new tasks in one transaction, told to the ledger in one entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.db import transaction
from django.utils.timezone import localdate

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.canonical import Plain, canonical_json
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.tasks.files import Sheet
from thuocdo.tasks.lifecycle import State, state_after
from thuocdo.tasks.models import Report, Task, Transition
from thuocdo.tasks.operations.writing import write_collective, write_tasks

from .plan import authority_of, plan_import
from .planned import Addition, Change, Plan

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import; without `entry` nothing was written: refused, nothing to do, or `has_moved`."""

    plan: Plan
    entry: int | None = None
    has_moved: bool = False
    # The new tasks by the row that gave them; an order to a group gives several.
    added: Mapping[int, Sequence[Task]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Reported:
    """A report to be written on a task as it stands."""

    task: Task
    text: str
    progress: int


@transaction.atomic
def import_sheet(
    *,
    actor: Actor,
    at: datetime,
    sheet: Sheet,
    on_error: Literal["refuse_all", "keep_good"] = "refuse_all",
    assigning_body: Body | None = None,
    expected: str = "",
    file_digest: str = "",
) -> Imported:
    """Take the rows over: all or none, or the good ones. One ledger entry with a Merkle root over all of them.

    `expected` is the mark of the plan that a person agreed to; when it no longer holds, nothing is written.
    """
    plan = plan_import(actor=actor, at=at, sheet=sheet, assigning_body=assigning_body, lock=True)
    if expected and plan.mark != expected:
        return Imported(plan, has_moved=True)
    return write_plan(
        actor=actor, at=at, plan=plan, on_error=on_error, assigning_body=assigning_body, file_digest=file_digest
    )


@transaction.atomic
def write_plan(
    *,
    actor: Actor,
    at: datetime,
    plan: Plan,
    on_error: Literal["refuse_all", "keep_good"] = "refuse_all",
    assigning_body: Body | None = None,
    file_digest: str = "",
) -> Imported:
    """Write a plan that was made, with its tasks locked, in the same transaction; nothing when it may not be."""
    if (plan.faults and on_error == "refuse_all") or not (plan.changes or plan.additions):
        return Imported(plan)
    by_row, reports = _add(plan.additions, actor=actor, at=at, authority=authority_of(actor, assigning_body))
    added = [task for tasks in by_row.values() for task in tasks]
    reports = [_reported(change) for change in plan.changes] + reports
    rows = _report(reports, actor=actor, at=at)
    leaves: list[list[Plain]] = [[task.code, task.lead.code, task.due_on] for task in added]
    leaves += [[row.task.code, "report", row.pk, row.progress] for row in rows]
    entry = append(
        actor=actor.label,
        at=at,
        event=Event.SHEET_IMPORTED,
        subject="tasks",
        data={
            "changed": len(plan.changes),
            "added": len(added),
            "refused": plan.bad_rows,
            "first": added[0].code if added else "",
            "last": added[-1].code if added else "",
            "file": file_digest,
            "root": merkle_root([canonical_json(leaf) for leaf in leaves]),
        },
    )
    return Imported(plan, entry=entry.number, added=by_row)


def _reported(change: Change) -> _Reported:
    return _Reported(change.task, change.text, change.progress)


def _add(
    additions: Sequence[Addition], *, actor: Actor, at: datetime, authority: Body | None
) -> tuple[dict[int, list[Task]], list[_Reported]]:
    """Write the new tasks; gives them by row, with the first reports on them."""
    single = [one for one in additions if not one.group]
    added: dict[int, list[Task]] = {}
    reports: list[_Reported] = []
    if single:
        written = write_tasks([one.description for one in single], actor=actor, at=at, assigning_body=authority)
        for task, one in zip(written, single, strict=True):
            added[one.row] = [task]
            if one.text:
                reports.append(_Reported(task, one.text, one.progress))
    for one in additions:
        if one.group:
            _collective, added[one.row] = write_collective(
                one.description, one.bodies, groups=[one.group], actor=actor, at=at, assigning_body=authority
            )
    return added, reports


def _report(reports: Sequence[_Reported], *, actor: Actor, at: datetime) -> list[Report]:
    """Write the reports with their transitions and move the tasks, in few statements however many they are."""
    rows = Report.objects.bulk_create(
        [
            Report(
                task=one.task,
                kind=Report.Kind.PROGRESS,
                occurrence=one.task.original_due_on if one.task.rhythm else None,
                at=at,
                by_label=actor.label,
                by_user_id=actor.user_id,
                text=one.text,
                progress=one.progress,
            )
            for one in reports
        ],
        batch_size=_CHUNK,
    )
    Transition.objects.bulk_create(
        [step for one in reports for step in _steps(one.task, actor=actor, at=at)], batch_size=_CHUNK
    )
    _move(reports, localdate(at))
    return rows


def _steps(task: Task, *, actor: Actor, at: datetime) -> Iterable[Transition]:
    """The steps by which a report moves its task: whoever reports on a task not yet taken on takes it on with it."""
    before = State(task.state)
    for step in ("accept_assignment", "report_progress") if before == State.ASSIGNED else ("report_progress",):
        after = state_after(step, before)
        yield Transition(
            task=task,
            step=step,
            from_state=before,
            to_state=after,
            lead=task.lead,
            at=at,
            by_label=actor.label,
            by_user_id=actor.user_id,
        )
        before = after


def _move(reports: Sequence[_Reported], today: date) -> None:
    """Set state and progress of the tasks, those alike together."""
    alike: dict[tuple[str, int, bool], list[int]] = {}
    for one in reports:
        was_given = one.task.state == State.ASSIGNED
        after = state_after("report_progress", State.ACCEPTED if was_given else one.task.state)
        alike.setdefault((after, one.progress, was_given), []).append(one.task.pk)
    for (state, progress, was_given), keys in alike.items():
        taken_on = {"accepted_on": today} if was_given else {}
        for start in range(0, len(keys), _CHUNK):
            Task.objects.filter(pk__in=keys[start : start + _CHUNK]).update(
                state=state, progress=progress, reported_on=today, **taken_on
            )
