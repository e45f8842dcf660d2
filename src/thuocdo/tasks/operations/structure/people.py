"""The person who answers for a task inside its lead body, and what happens when that person leaves."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.models import RoleHolding, User
from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.tasks.lifecycle import OPEN
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations.refusals import TaskRefused
from thuocdo.tasks.operations.taking import begin, finish
from thuocdo.tasks.operations.writing import check_person


@transaction.atomic
def put_in_charge(*, actor: Actor, at: datetime, task: Task, person: User | None, post: str = "") -> Task:
    """Say who of the lead body answers for a task: a person, a post, or both."""
    current = begin("put_in_charge", task, actor=actor)
    words = " ".join(nfc(post).split())[:120]
    if person is None and not words:
        raise TaskRefused(
            gettext("Chưa nêu người hay chức danh phụ trách; chọn người hoặc ghi chức danh."),
            code="nobody_named",
            field="responsible",
        )
    if person is not None:
        check_person(person, current.lead, localdate(at))
    current.responsible, current.responsible_post = person, words
    return finish(
        "put_in_charge",
        current,
        actor=actor,
        at=at,
        # The post says enough in the history; the name stands on the task alone.
        note=words,
        data={"responsible": person.label if person is not None else None},
    )


@transaction.atomic
def leave_unattended(*, actor: Actor, at: datetime, people: Sequence[int] = ()) -> list[Task]:
    """Free open tasks of people who no longer hold a role at the lead body; all people, or those with the numbers.

    The post stays, and the focal point sees that nobody answers any more. Doing it twice does no harm.
    """
    found = Task.objects.filter(state__in=sorted(OPEN), responsible__isnull=False)
    if people:
        found = found.filter(responsible__in=list(people))
    holding = set(
        RoleHolding.objects.valid_on(localdate(at))
        .filter(user__in=found.values("responsible"), user__is_active=True)
        .values_list("user", "body")
    )
    gone = [task for task in found.order_by("pk") if (task.responsible_id, task.lead_id) not in holding]
    freed = []
    for task in gone:
        current = begin("leave_unattended", task, actor=actor)
        person, current.responsible = current.responsible_id, None
        freed.append(finish("leave_unattended", current, actor=actor, at=at, data={"responsible": f"user:{person}"}))
    return freed
