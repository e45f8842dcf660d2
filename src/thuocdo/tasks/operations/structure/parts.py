"""Parts of a task: what a body gives on within itself, any depth down to a department and a person."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations.refusals import TaskRefused
from thuocdo.tasks.operations.taking import append_change, begin, finish
from thuocdo.tasks.operations.writing import TaskDescription, write_tasks


@transaction.atomic
def divide(*, actor: Actor, at: datetime, task: Task, part: TaskDescription) -> Task:
    """Make a part of a task for the lead body itself or a body below it, due no later than the whole.

    The lead body of the whole assigns it. The part inherits secrecy, programme and whether the task is local.
    """
    whole = begin("divide", task, actor=actor)
    if part.due_on is not None and whole.due_on is not None and part.due_on > whole.due_on:
        raise TaskRefused(
            gettext("Thời hạn của phần việc phải trước hoặc đúng thời hạn của nhiệm vụ (%(due)s); chọn ngày sớm hơn.")
            % {"due": date_format(whole.due_on, "d/m/Y")},
            code="part_after_whole",
            field="due_on",
        )
    wanted = replace(
        part, parent=whole, is_local=whole.is_local, secrecy=whole.secrecy, programme=whole.programme, document=None
    )
    (row,) = write_tasks([wanted], actor=actor, at=at, assigning_body=whole.lead, state=State.ASSIGNED)
    finish("divide", whole, actor=actor, at=at, note=f"{row.code}: {row.title}", data={"part": row.code})
    append_change("assign", row, "", actor=actor, at=at, data={"parent": whole.code})
    return row
