"""Rows of known tasks: which become reports, which change nothing, which are refused and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from thuocdo.tasks.files import Line, SheetRow
from thuocdo.tasks.files.layouts import STAMPED, with_request
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations.refusals import NotInThisState
from thuocdo.tasks.queries import line_of

from .cells import CellWrong, Compared, base_of, compare, meanings, percent
from .planned import Change, Difference, Fault, Plan

# The cells by which a row reports; all others belong to the order.
REPORTED = ("progress", "result", "request")
_REPORTING = frozenset({State.ASSIGNED, State.ACCEPTED, State.IN_PROGRESS, State.RETURNED})


@dataclass(frozen=True, slots=True)
class Reach:
    """The lead bodies for which the actor may report, and accept tasks."""

    reports: frozenset[int]
    accepts: frozenset[int]


def plan_known(
    plan: Plan, row: SheetRow, task: Task, *, reach: Reach, today: date, fields: Sequence[str] = STAMPED
) -> None:
    """Add to the plan what the row would do to its task, looking at these fields of it."""
    plan.known[row.number] = task
    line = line_of(task, today)
    faults: list[Fault] = []
    stated = _stated(row, line, faults)
    compared = _compared(row, line, stated, fields)
    for name, cell in compared.items():
        if cell.touched and name not in REPORTED:
            faults.append(_fixed(row, name, line))
    touched = [name for name in REPORTED if name in compared and compared[name].touched]
    if touched:
        faults += [_conflict(row, name, line) for name, cell in compared.items() if name in REPORTED and cell.moved]
        faults += _forbidden(row, touched[0], task, reach)
    if not touched and not faults:
        plan.unchanged += 1
        return
    text = _text(row, line)
    if touched and not text:
        faults.append(
            Fault(
                row.number, "result", "empty", gettext("Báo cáo phải nói rõ kết quả hiện tại; ghi kết quả đã làm được.")
            )
        )
    if faults:
        plan.faults += faults
        return
    plan.changes.append(
        Change(
            row=row.number,
            task=task,
            differences=tuple(
                Difference(name, _before(name, line), f"{stated}%" if name == "progress" else row.cells[name])
                for name in touched
            ),
            text=text,
            progress=task.progress if stated is None else stated,
            accepts=task.state == State.ASSIGNED,
        )
    )


def _before(name: str, line: Line) -> str:
    return f"{line.progress}%" if name == "progress" else line.text(name)


def _stated(row: SheetRow, line: Line, faults: list[Fault]) -> int | None:
    given = row.cells.get("progress", "")
    if not given:
        return None
    try:
        return percent(given, status=line.status)
    except CellWrong as error:
        faults.append(Fault(row.number, "progress", "progress_unclear", str(error), given=given))
        return None


def _compared(row: SheetRow, line: Line, stated: int | None, fields: Sequence[str]) -> Mapping[str, Compared]:
    """The cells that differ from the task, by field; an empty cell says nothing."""
    theirs, base = line.compared(), base_of(row.cells.get("stamp", ""))
    found = {}
    for name in fields:
        if not row.cells.get(name) or (name == "progress" and stated is None):
            continue
        mine = (str(stated),) if name == "progress" else meanings(name, row.cells[name])
        cell = compare(line.code, name, mine, theirs[name], base)
        if cell.differs:
            found[name] = cell
    return found


def _text(row: SheetRow, line: Line) -> str:
    """The text of the report: what the sheet says, and where it says nothing, what was reported before."""
    result = row.cells.get("result") or line.result
    return with_request(result, row.cells.get("request") or line.request) if result else ""


def _fixed(row: SheetRow, name: str, line: Line) -> Fault:
    """The order itself does not change through a sheet."""
    words = {"code": line.code}
    if name == "deadline":
        message = gettext(
            "Thời hạn chỉ đổi bằng quyết định gia hạn; trả ô về như cũ, và đề nghị cơ quan giao việc gia hạn trên "
            "trang nhiệm vụ %(code)s với số quyết định và lý do."
        )
        code = "deadline_fixed"
    elif name == "lead":
        message = gettext(
            "Cơ quan chủ trì không đổi được qua tệp; trả ô về như cũ, và dùng “Kiến nghị giao lại” trên trang nhiệm "
            "vụ %(code)s."
        )
        code = "lead_fixed"
    else:
        message = gettext(
            "Nội dung đã giao chỉ đổi bằng văn bản sửa đổi; trả ô về như cũ, hoặc nhận văn bản sửa đổi nhiệm vụ "
            "%(code)s ở trang Văn bản."
        )
        code = "order_fixed"
    return Fault(row.number, name, code, message % words, given=row.cells[name], now=line.text(name))


def _conflict(row: SheetRow, name: str, line: Line) -> Fault:
    return Fault(
        row.number,
        name,
        "conflict",
        gettext(
            "Ô này đã được người khác cập nhật sau khi tải tệp; hiện nay ghi “%(now)s”. Tải danh sách mới rồi sửa lại."
        )
        % {"now": line.text(name)[:200]},
        given=row.cells.get(name, ""),
        now=line.text(name),
    )


def _forbidden(row: SheetRow, name: str, task: Task, reach: Reach) -> list[Fault]:
    if task.state not in _REPORTING:
        return [Fault(row.number, name, "not_in_this_state", str(NotInThisState(task)))]
    if task.lead_id in reach.reports and (task.state != State.ASSIGNED or task.lead_id in reach.accepts):
        return []
    return [
        Fault(
            row.number,
            name,
            "not_lead",
            gettext(
                "Chỉ đầu mối của %(lead)s được báo cáo nhiệm vụ %(code)s; gửi tệp cho cơ quan ấy nhập, hoặc trả ô về "
                "như cũ."
            )
            % {"lead": task.lead.name, "code": task.code},
        )
    ]
