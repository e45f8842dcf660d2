"""What a list would do: its rows known by our codes, by another system's identifiers or by their words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.exchanges.models import System
from thuocdo.exchanges.operations.identifiers import clean_identifier
from thuocdo.exchanges.operations.refusals import ExchangeRefused
from thuocdo.exchanges.queries.identifiers import identifier_key, identifiers_in, tasks_named
from thuocdo.organisations.models import Body
from thuocdo.tasks.files import Sheet, SheetRow
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import Fault, Plan, plan_import
from thuocdo.tasks.queries import visible_to

_CHUNK = 500


@dataclass(slots=True)
class Looked:
    """The plan of a list, and by row the identifier that its task shall bear from now on."""

    plan: Plan
    named: dict[int, str] = field(default_factory=dict)


def look_at(
    *,
    actor: Actor,
    at: datetime,
    sheet: Sheet,
    system: System | None = None,
    assigning_body: Body | None = None,
    lock: bool = False,
    every: Callable[[int], None] | None = None,
) -> Looked:
    """Compare every row with what is known; writes nothing. Raises NotAllowed."""
    rows, faults, named, foreign = _recognised(actor, sheet, system)
    plan = plan_import(
        actor=actor,
        at=at,
        sheet=replace(sheet, rows=rows),
        assigning_body=assigning_body,
        lock=lock,
        reporting_only=foreign,
        every=every,
    )
    plan.faults += faults
    looked = Looked(plan, named)
    if system is not None:
        _settle(looked, actor, system)
        plan.cautions = [*plan.cautions, *_renamed(plan, rows, foreign)]
    plan.faults.sort(key=lambda fault: fault.row)
    return looked


def _recognised(
    actor: Actor, sheet: Sheet, system: System | None
) -> tuple[list[SheetRow], list[Fault], dict[int, str], set[int]]:
    """The rows with the codes that their identifiers give them; which bear new ones; which are known by them only."""
    faults: list[Fault] = []
    named: dict[int, str] = {}
    foreign: set[int] = set()
    given = {row.number: row.cells["external"] for row in sheet.rows if row.cells.get("external")}
    if system is None or not given:
        return list(sheet.rows), faults, named, foreign
    bearers = tasks_named(system, given.values())
    visible = _visible(actor, [code for _task, code in bearers.values()])
    seen: dict[str, int] = {}
    rows = []
    for row in sheet.rows:
        value = given.get(row.number, "")
        if not value:
            rows.append(row)
            continue
        try:
            text = clean_identifier(value)
        except ExchangeRefused as error:
            faults.append(Fault(row.number, "external", error.code, str(error), given=value))
            continue
        key, code = identifier_key(text), row.cells.get("code", "")
        first = seen.setdefault(key, row.number)
        _task, owner = bearers.get(key, (0, ""))
        if first != row.number:
            words = {"value": value[:60], "row": first}
            message = gettext("Mã “%(value)s” đã có ở dòng %(row)s; mỗi mã chỉ để một dòng.") % words
            faults.append(Fault(row.number, "external", "identifier_twice", message, given=value))
        elif not owner:
            named[row.number] = text
            rows.append(row)
        elif owner not in visible:
            message = gettext("Mã này thuộc một nhiệm vụ ngoài phạm vi bạn được xem; bỏ dòng này khỏi tệp.")
            faults.append(Fault(row.number, "external", "unknown", message, given=value))
        elif code and code != owner:
            faults.append(_conflict(row, system, value, owner))
        else:
            if not code:
                foreign.add(row.number)
            rows.append(SheetRow(row.number, {**row.cells, "code": owner}))
    return rows, faults, named, foreign


def _visible(actor: Actor, codes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(codes), _CHUNK):
        found |= set(visible_to(actor).filter(code__in=codes[start : start + _CHUNK]).values_list("code", flat=True))
    return found


def _conflict(row: SheetRow, system: System, value: str, owner: str) -> Fault:
    words = {"value": value[:60], "system": system.name, "owner": owner, "code": row.cells.get("code", "")}
    message = gettext(
        "Mã “%(value)s” ở %(system)s đang thuộc nhiệm vụ %(owner)s, không phải %(code)s; sửa mã trong tệp, hoặc "
        "đổi mã ở trang nhiệm vụ."
    )
    return Fault(row.number, "external", "identifier_conflict", message % words, given=value, now=owner)


def _settle(looked: Looked, actor: Actor, system: System) -> None:
    """Leave out what cannot bear its identifier: a task with another one, an order to a group, a foreign lead."""
    plan, named = looked.plan, looked.named
    tasks = {number: plan.known[number] for number in named if number in plan.known}
    borne = identifiers_in(system, [task.pk for task in tasks.values()])
    for number, task in tasks.items():
        if task.pk in borne:
            words = {"code": task.code, "now": borne[task.pk], "system": system.name}
            message = gettext(
                "Nhiệm vụ %(code)s đã mang mã “%(now)s” ở %(system)s; sửa mã trong tệp, hoặc đổi mã ở trang nhiệm vụ."
            )
            now = borne[task.pk]
            plan.faults.append(
                Fault(number, "external", "identifier_conflict", message % words, given=named[number], now=now)
            )
    for addition in plan.additions:
        if addition.group and addition.row in named:
            message = gettext(
                "Một mã chỉ thuộc một nhiệm vụ, mà dòng này giao cho nhiều cơ quan; bỏ mã hoặc tách dòng."
            )
            plan.faults.append(
                Fault(addition.row, "external", "identifier_of_group", message, given=named[addition.row])
            )
    bad = {fault.row for fault in plan.faults}
    plan.changes = [one for one in plan.changes if one.row not in bad]
    plan.additions = [one for one in plan.additions if one.row not in bad]
    allowed = _managed(actor, [task.lead_id for task in tasks.values()])
    new = {one.row: one.description.lead.pk for one in plan.additions}
    allowed |= _managed(actor, new.values())
    for number in list(named):
        lead = tasks[number].lead_id if number in tasks else new.get(number)
        if number in bad or lead not in allowed:
            del named[number]


def _managed(actor: Actor, bodies: Collection[int]) -> set[int]:
    return set(
        bodies_within(actor, Permission.MANAGE_EXCHANGES).filter(pk__in=set(bodies)).values_list("pk", flat=True)
    )


def _renamed(plan: Plan, rows: Sequence[SheetRow], foreign: Collection[int]) -> list[str]:
    """A word on rows whose title is another than that of the task that their identifier means."""
    told = []
    for row in rows:
        task: Task | None = plan.known.get(row.number)
        title = " ".join(row.cells.get("title", "").split())
        if row.number in foreign and task is not None and title and title.casefold() != task.title.casefold():
            told.append(f"{row.number} ({task.code})")
    if not told:
        return []
    shown = ", ".join(told[:8]) + (" …" if len(told) > 8 else "")
    return [
        gettext("Các dòng có tên khác nhưng cùng mã nên vẫn là nhiệm vụ đã có, tên giữ nguyên: %(rows)s.")
        % {"rows": shown}
    ]


def marks_of(looked: Looked) -> Mapping[str, str]:
    """By row: the mark of what it would do, identifiers included."""
    marks = looked.plan.row_marks()
    for number, value in looked.named.items():
        marks[str(number)] = f"{marks.get(str(number), '')}|{identifier_key(value)}"
    return marks


def plain_faults(faults: Sequence[Fault], sheet: Sheet) -> list[dict[str, Any]]:
    """Errors as a machine and a page read them: where, what, why, and what stands there now."""
    return [
        {
            "row": fault.row,
            "cell": sheet.cell(fault.row, fault.field),
            "field": fault.field,
            "code": fault.code,
            "message": fault.message,
            "given": fault.given[:200],
            "now": fault.now[:200],
        }
        for fault in faults
    ]
