"""Hands a list to a receiving system: made in its columns, with its identifiers, and written down with its cells."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.exchanges.models import DeliveredTask, Delivery, System
from thuocdo.exchanges.queries.identifiers import identifiers_in
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.tasks.files import Cover, Layout, Line, workbook
from thuocdo.tasks.files.layouts import Column
from thuocdo.tasks.models import Task
from thuocdo.tasks.queries import line_of, with_result

# Widths of columns in characters; the others are as wide as their usual text.
_WIDTHS = {
    "number": 8,
    "external": 18,
    "title": 44,
    "deliverable": 26,
    "document": 22,
    "deadline": 17,
    "lead": 22,
    "progress": 22,
    "result": 40,
    "request": 28,
}
# The cells that a report fills; all others belong to the order.
REPORTED = ("progress", "result", "request")


def layout_of(system: System) -> Layout:
    """The columns of a list for the system, in the order that it declares."""
    columns = tuple(Column(one["field"], one["heading"], _WIDTHS[one["field"]]) for one in system.columns)
    return Layout(system.code, system.code, False, columns)


@transaction.atomic
def deliver(*, actor: Actor, at: datetime, system: System, tasks: QuerySet[Task], cover: Cover) -> bytes:
    """The workbook for the system with these tasks in their order; which stood in it is kept. Raises NotAllowed."""
    require_anywhere(actor, Permission.VIEW_TASKS)
    today = localdate(at)
    found = list(with_result(tasks))
    names = identifiers_in(system, [task.pk for task in found])
    fields = [one["field"] for one in system.columns if one["field"] in REPORTED]
    delivery = Delivery.objects.create(system=system, at=at, by_label=actor.label, rows=len(found))
    rows: list[DeliveredTask] = []

    def lines() -> Iterator[Line]:
        for task in found:
            line = replace(line_of(task, today), external=names.get(task.pk, ""))
            rows.append(DeliveredTask(delivery=delivery, task=task, body_id=task.lead_id, cells=_filled(line, fields)))
            yield line

    with workbook(lines(), layout=layout_of(system), cover=cover) as file:
        content = file.read()
    DeliveredTask.objects.bulk_create(rows, batch_size=500)
    append(
        actor=actor.label,
        at=at,
        event=Event.LIST_DELIVERED,
        subject=delivery.label,
        data={"system": system.code, "rows": len(found), "named": len(names)},
    )
    return content


def _filled(line: Line, fields: list[str]) -> int:
    """How many reported cells of the row say something: text, or a percent that somebody reported."""
    return sum(1 for name in fields if (line.progress if name == "progress" else getattr(line, name)))
