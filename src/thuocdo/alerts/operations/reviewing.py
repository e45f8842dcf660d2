"""The review: raises the rungs that deadlines have reached, settles what is no longer owed, hands on what is orphaned.

Set-based and in batches, so that a review of a nation's tasks needs little memory and few questions.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from thuocdo.accounts.models import Role
from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.alerts.ladder import Band, Ladder, Rung, bands
from thuocdo.alerts.lifecycle import Kind
from thuocdo.alerts.models import Reached
from thuocdo.alerts.queries import ladder_on
from thuocdo.alerts.queries.recipients import audience_of
from thuocdo.alerts.queries.seats import Directory
from thuocdo.organisations.working_days import swapped_days
from thuocdo.tasks.lifecycle import OWED, State
from thuocdo.tasks.models import Coordination, Task

from .findings import settle_findings
from .settling import hand_on, settle
from .telling import Telling, tell_ledger, write_notices

BATCH = 1000
# A submitted result waits for somebody else: its lead has nothing to be reminded of until it comes back.
REMINDED = sorted(OWED - {State.SUBMITTED})


def review(*, actor: Actor, at: datetime, batch: int = BATCH) -> int:
    """Raise what is due today; gives the number of new notices. Run again, it finds nothing more to say."""
    settle(actor=actor, at=at)
    settle_findings(actor=actor, at=at)
    today = localdate(at)
    hand_on(actor=actor, at=at)
    version = ladder_on(today)
    if version is None:
        return 0
    ladder = version.ladder
    directory = Directory(today)
    raised = 0
    for band in bands(ladder, today, overrides=swapped_days()):
        after = 0
        while True:
            last, number = _raise_batch(ladder, band, directory, actor=actor, at=at, after=after, size=batch)
            raised += number
            if last is None:
                break
            after = last
    return raised


@transaction.atomic
def _raise_batch(
    ladder: Ladder, band: Band, directory: Directory, *, actor: Actor, at: datetime, after: int, size: int
) -> tuple[int | None, int]:
    """Raise a rung for the next tasks of its band; gives the last task's number (None at the end) and the notices."""
    rung = ladder.rungs[band.height]
    done = Reached.objects.filter(
        task=OuterRef("pk"), due_on=OuterRef("due_on"), lead=OuterRef("lead"), height__gte=band.height
    )
    owed = Task.objects.filter(~Exists(done), pk__gt=after, state__in=REMINDED, due_on__lte=band.last)
    if band.first is not None:
        owed = owed.filter(due_on__gte=band.first)
    fields = ("pk", "lead_id", "assigned_by_id", "due_on", "responsible_id", "state")
    tasks = list(owed.order_by("pk").only(*fields)[:size])
    if not tasks:
        return None, 0
    others = _coordinators([task.pk for task in tasks])
    notices = write_notices(
        [
            telling
            for task in tasks
            for telling in _tellings(task, rung, band.height, directory, others.get(task.pk, []))
        ],
        at=at,
    )
    Reached.objects.bulk_create(
        [
            Reached(task=task, lead_id=task.lead_id, due_on=task.due_on, height=band.height, raised_at=at)
            for task in tasks
            if task.due_on is not None
        ],
        update_conflicts=True,
        unique_fields=["task"],
        update_fields=["lead", "due_on", "height", "raised_at"],
    )
    tell_ledger(notices, "reminders", actor=actor, at=at, rung=rung.code)
    return tasks[-1].pk if len(tasks) == size else None, len(notices)


def _tellings(task: Task, rung: Rung, height: int, directory: Directory, others: list[int]) -> list[Telling]:
    # Where nobody holds the role that is to be told, the nearest standing office learns of it instead of nobody.
    seats = audience_of(directory, task, rung.audience) or directory.nearest_over(task.lead_id, Role.STANDING_OFFICE)
    bodies = [task.lead_id, task.assigned_by_id, *others]
    return [
        Telling(
            stem=f"rung:{task.pk}:{task.due_on}:{rung.code}",
            seat=seat,
            kind=Kind.OVERDUE if rung.days > 0 else Kind.REMINDER,
            task_id=task.pk,
            lead_id=task.lead_id,
            rung=rung.code,
            height=height,
            due_on=task.due_on,
            by_mail=rung.by_mail,
        )
        for seat in seats
        if directory.may(seat.user_id, Permission.VIEW_TASKS, bodies)
    ]


def _coordinators(tasks: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for task, body in Coordination.objects.filter(task__in=tasks).values_list("task", "body"):
        found.setdefault(task, []).append(body)
    return found
