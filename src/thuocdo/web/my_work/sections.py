"""The sections of "my work today", by what the person may do; empty ones are left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, npgettext

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere
from thuocdo.directives.queries import DocumentState, with_progress
from thuocdo.directives.queries import visible_to as visible_documents
from thuocdo.tasks.lifecycle import DUE_SOON_DAYS
from thuocdo.tasks.queries import MyWork, State, mentions, my_work
from thuocdo.web.tasks.marks import Row

from .reporting import IN_PLACE

if TYPE_CHECKING:
    from thuocdo.directives.models import Document
    from thuocdo.tasks.models import Mention, Task

# So many rows of a section stand on the page; the rest is a number that leads to the list.
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A task with the one action that moves it; `step` is the word of its form, empty when others are to act."""

    row: Row
    action: str
    step: str
    # Of work falling due: the heading of the days that begin with this line.
    heading: str = ""
    # Where the step can be taken in the row itself.
    in_place: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Tasks that wait for the same reason; `is_own` says that all are led by the reader's own body."""

    word: str
    title: str
    said: str
    number: int
    lines: list[Line]
    more: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Documents:
    """Directives whose assignments wait for a person's yes."""

    number: int
    rows: list["Document"]
    address: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """A section before it is asked for: its list, the permission without which it is always empty, its address."""

    tasks: Callable[[MyWork], QuerySet["Task"]]
    permission: Permission
    more: str
    is_own: bool = False


# In the order in which people ask for them; what stands in an earlier section is not repeated in a later one.
_KINDS = {
    "late": _Kind(lambda work: work.late, Permission.SUBMIT_RESULT, "qua-han", is_own=True),
    "due_soon": _Kind(lambda work: work.due_soon, Permission.SUBMIT_RESULT, "sap-den-han", is_own=True),
    "returned": _Kind(lambda work: work.returned, Permission.SUBMIT_RESULT, "tra-lai", is_own=True),
    "accept": _Kind(lambda work: work.to_accept, Permission.ACCEPT_ASSIGNMENT, "chua-nhan", is_own=True),
    "decide": _Kind(lambda work: work.to_decide, Permission.DECIDE_DISPUTE, "kien-nghi"),
    "approve": _Kind(lambda work: work.to_approve, Permission.APPROVE_RESULT, "cho-duyet"),
    "urge": _Kind(lambda work: work.to_urge, Permission.ASSIGN_TASK, "qua-han"),
}


def _words(word: str, count: int) -> tuple[str, str]:
    """Title, and the words after the number in the opening sentence."""
    return {
        "late": (gettext("Quá hạn"), npgettext("waiting", "việc quá hạn", "việc quá hạn", count)),
        "due_soon": (
            gettext("Đến hạn trong 7 ngày"),
            npgettext("waiting", "việc đến hạn trong 7 ngày tới", "việc đến hạn trong 7 ngày tới", count),
        ),
        "returned": (gettext("Bị trả lại"), npgettext("waiting", "việc bị trả lại", "việc bị trả lại", count)),
        "accept": (gettext("Chờ nhận việc"), npgettext("waiting", "việc chờ nhận", "việc chờ nhận", count)),
        "decide": (
            gettext("Chờ bạn quyết định kiến nghị"),
            npgettext("waiting", "kiến nghị giao lại chờ quyết định", "kiến nghị giao lại chờ quyết định", count),
        ),
        "approve": (
            gettext("Chờ bạn phê duyệt"),
            npgettext("waiting", "kết quả chờ phê duyệt", "kết quả chờ phê duyệt", count),
        ),
        "urge": (
            gettext("Cần đôn đốc"),
            npgettext("waiting", "việc đã giao nay quá hạn", "việc đã giao nay quá hạn", count),
        ),
    }[word]


def _line(section: str, row: Row, *, may_report: bool) -> Line:
    """The action that moves the task from the state in which it is."""
    if section == "decide":
        return Line(row, gettext("Quyết định"), "quyet-dinh")
    if section == "approve":
        return Line(row, gettext("Xem và phê duyệt"), "phe-duyet")
    if section == "urge":
        return Line(row, gettext("Xem nhiệm vụ"), "")
    match row.task.state:
        case State.ASSIGNED:
            return Line(row, gettext("Nhận việc"), "nhan-viec")
        case State.RETURNED:
            return Line(row, gettext("Bổ sung, trình lại"), "trinh-ket-qua")
        case State.ACCEPTED if may_report:
            return Line(row, gettext("Báo cáo tiến độ"), "bao-cao")
        case State.ACCEPTED | State.IN_PROGRESS:
            return Line(row, gettext("Trình kết quả"), "trinh-ket-qua")
    return Line(row, gettext("Xem nhiệm vụ"), "")


def _with_headings(lines: list[Line], today: date) -> list[Line]:
    """Lines of work falling due, each group of days (1, 3 and 7 ahead) under its heading."""
    said, found = "", []
    for line in lines:
        left = (line.row.task.due_on - today).days if line.row.task.due_on else DUE_SOON_DAYS
        words = gettext("Trong 7 ngày")
        if left <= 1:
            words = gettext("Hôm nay, ngày mai")
        elif left <= 3:
            words = gettext("Trong 3 ngày")
        found.append(replace(line, heading=words if words != said else ""))
        said = words
    return found


def _in_place(section: str, line: Line) -> Line:
    """The line with the address of its form, where the step is one of the reader's own work."""
    if not _KINDS[section].is_own or line.step not in IN_PLACE:
        return line
    address = f"{reverse('my_work_report', args=[line.row.task.code])}?viec={line.step}"
    return replace(line, in_place=address)


def mentioned(actor: Actor) -> tuple[int, list["Mention"]]:
    """Remarks that name the actor and were not read: their number, and the newest."""
    found = mentions(actor, unread=True)
    rows = list(found[: MOST_ROWS + 1])
    return (len(rows) if len(rows) <= MOST_ROWS else found.order_by().count()), rows[:MOST_ROWS]


def _counted(longer: Mapping[str, "QuerySet[Task]"]) -> dict[str, int]:
    """How many tasks the long sections have, in one query for all of them."""
    if not longer:
        return {}
    first, *rest = [
        tasks.order_by()
        .annotate(section=Value(word, output_field=CharField()))
        .values("section")
        .annotate(number=Count("pk", distinct=True))
        .values_list("section", "number")
        for word, tasks in longer.items()
    ]
    return dict(first.union(*rest, all=True) if rest else first)


def sections(actor: Actor, today: date) -> list[Section]:
    """What waits for the actor; a task stands in one section only."""
    work = my_work(actor, today)
    may_report = may_anywhere(actor, Permission.REPORT_PROGRESS)
    shown: dict[str, list[Task]] = {}
    longer: dict[str, QuerySet[Task]] = {}
    seen: set[int] = set()
    for word, kind in _KINDS.items():
        if not may_anywhere(actor, kind.permission):
            continue
        tasks = kind.tasks(work).prefetch_related(None).select_related(None).select_related("lead")
        if seen:
            tasks = tasks.exclude(pk__in=seen)
        rows = list(tasks.defer("search", "also_coordinating", "target")[: MOST_ROWS + 1])
        if not rows:
            continue
        if len(rows) > MOST_ROWS:
            longer[word] = tasks
        shown[word] = rows[:MOST_ROWS]
        seen |= {task.pk for task in shown[word]}
    numbers = {word: len(rows) for word, rows in shown.items()} | _counted(longer)
    found: list[Section] = []
    for word, rows in shown.items():
        kind, number = _KINDS[word], numbers[word]
        title, said = _words(word, number)
        lines = [_in_place(word, _line(word, Row(task, today), may_report=may_report)) for task in rows]
        found.append(
            Section(
                word=word,
                title=title,
                said=said,
                number=number,
                lines=_with_headings(lines, today) if word == "due_soon" else lines,
                more=f"{reverse('tasks')}?muc={kind.more}",
                is_own=kind.is_own,
            )
        )
    return found


def documents_to_review(actor: Actor) -> Documents | None:
    """Directives with undecided assignments, for those who review them; None when there are none."""
    if not may_anywhere(actor, Permission.REVIEW_CANDIDATES):
        return None
    waiting = (
        with_progress(visible_documents(actor))
        .filter(Q(("found__gt", F("decided"))), state=DocumentState.EXTRACTED)
        .defer("text", "passages", "notes")
    )
    rows = list(waiting[: MOST_ROWS + 1])
    if not rows:
        return None
    number = len(rows) if len(rows) <= MOST_ROWS else waiting.order_by().count()
    try:
        address = reverse("directives")
    except NoReverseMatch:
        address = ""
    return Documents(number, rows[:MOST_ROWS], address)
