"""What importing a list would do, before anything is written."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, bodies_within, may, require_anywhere
from thuocdo.organisations.models import Body
from thuocdo.tasks.files import Sheet, SheetRow
from thuocdo.tasks.files.layouts import STAMPED
from thuocdo.tasks.models import Task
from thuocdo.tasks.queries import visible_to, with_result

from .known import REPORTED, Reach, plan_known
from .new import Surroundings, documents_in, names_in, plan_new, tasks_like
from .planned import Fault, Plan

_CHUNK = 500


def plan_import(
    *,
    actor: Actor,
    at: datetime,
    sheet: Sheet,
    assigning_body: Body | None = None,
    lock: bool = False,
    reporting_only: Collection[int] = (),
    every: Callable[[int], None] | None = None,
) -> Plan:
    """Compare every row with what is known; writes nothing. With `lock` the known tasks stay locked until the end
    of the transaction. Raises NotAllowed when the actor may see no tasks, or not assign for the body.

    The rows in `reporting_only` are known by another system's identifier: their words for the order itself do not
    count. `every` is told from time to time how many rows were looked at.
    """
    require_anywhere(actor, Permission.VIEW_TASKS)
    today = localdate(at)
    plan = Plan(cautions=sheet.cautions)
    reach = Reach(_bodies(actor, Permission.REPORT_PROGRESS), _bodies(actor, Permission.ACCEPT_ASSIGNMENT))
    coded = _coded(plan, sheet.rows)
    looked_at = 0
    for start in range(0, len(coded), _CHUNK):
        rows = coded[start : start + _CHUNK]
        tasks = _tasks(actor, [row.cells["code"] for row in rows], lock=lock)
        for row in rows:
            task = tasks.get(row.cells["code"])
            if task is None:
                plan.faults.append(_unknown(row))
            else:
                fields = REPORTED if row.number in reporting_only else STAMPED
                plan_known(plan, row, task, reach=reach, today=today, fields=fields)
        looked_at += len(rows)
        if every is not None:
            every(looked_at)
    new = [row for row in sheet.rows if not row.cells.get("code")]
    if new:
        around = Surroundings(
            actor=actor,
            today=today,
            authority=authority_of(actor, assigning_body),
            reach=reach,
            assigns=_bodies(actor, Permission.ASSIGN_TASK),
            names=names_in(new, today=today),
            documents=documents_in(new, actor),
            known=tasks_like(new),
        )
        for place, row in enumerate(new, start=1):
            plan_new(plan, row, around)
            if every is not None and place % _CHUNK == 0:
                every(looked_at + place)
    plan.faults.sort(key=lambda fault: fault.row)
    return plan


def authority_of(actor: Actor, body: Body | None) -> Body | None:
    """The body in whose name new tasks are given: the one that is named, or the actor's own; raises NotAllowed."""
    if body is None:
        held = next((held for held in actor.held if Permission.ASSIGN_TASK in held.grants), None)
        return Body.objects.get(pk=held.body_id) if held else None
    if not actor.is_machine and not (actor.belongs_to(body.pk) and may(actor, Permission.ASSIGN_TASK, body)):
        raise NotAllowed(actor, Permission.ASSIGN_TASK, body)
    return body


def _bodies(actor: Actor, permission: Permission) -> frozenset[int]:
    return frozenset(bodies_within(actor, permission).values_list("pk", flat=True))


def _tasks(actor: Actor, codes: Sequence[str], *, lock: bool) -> dict[str, Task]:
    if lock:
        # In the order of their numbers, so that two imports never wait for each other.
        list(Task.objects.filter(code__in=codes).order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    return {task.code: task for task in with_result(visible_to(actor).filter(code__in=codes))}


def _coded(plan: Plan, rows: Sequence[SheetRow]) -> list[SheetRow]:
    """The rows with a code, each code once."""
    first: dict[str, int] = {}
    kept = []
    for row in rows:
        code = row.cells.get("code", "")
        if not code:
            continue
        if code in first:
            message = gettext("Mã %(code)s đã có ở dòng %(row)s; mỗi nhiệm vụ chỉ để một dòng.")
            words = {"code": code[:40], "row": first[code]}
            plan.faults.append(Fault(row.number, "code", "twice", message % words, given=code))
            continue
        first[code] = row.number
        kept.append(row)
    return kept


def _unknown(row: SheetRow) -> Fault:
    code = row.cells["code"]
    return Fault(
        row.number,
        "code",
        "unknown",
        gettext("Không thấy nhiệm vụ %(code)s trong phạm vi bạn được xem; sửa mã, hoặc xóa mã nếu là nhiệm vụ mới.")
        % {"code": code[:40]},
        given=code,
    )
