"""The sections of "my work today", by what the person may do; empty ones are left out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere
from thuocdo.directives.queries import DocumentState, with_progress
from thuocdo.directives.queries import visible_to as visible_documents
from thuocdo.tasks.queries import MyWork, my_work
from thuocdo.web.tasks.marks import Row

if TYPE_CHECKING:
    from thuocdo.directives.models import Document
    from thuocdo.tasks.models import Task

# So many rows of a section stand on the page; the rest is a number that leads to the list.
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Section:
    """Tasks that wait for the same thing: `step` is the word of the form that moves them, `action` its button."""

    word: str
    title: str
    said: str
    action: str
    step: str
    number: int
    rows: list[Row]
    more: str


@dataclass(frozen=True, slots=True)
class Documents:
    """Directives whose assignments wait for a person's yes."""

    number: int
    rows: list["Document"]
    address: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """A section before it is asked for: its list, the permission without which it is always empty, its words."""

    tasks: Callable[[MyWork], QuerySet["Task"]]
    permission: Permission
    step: str
    more: str


# In the order of urgency; what stands in an earlier section is not repeated in a later one.
_KINDS = {
    "decide": _Kind(lambda work: work.to_decide, Permission.DECIDE_DISPUTE, "quyet-dinh", "muc=kien-nghi"),
    "approve": _Kind(lambda work: work.to_approve, Permission.APPROVE_RESULT, "phe-duyet", "muc=cho-duyet"),
    "returned": _Kind(lambda work: work.returned, Permission.SUBMIT_RESULT, "trinh-ket-qua", "muc=tra-lai"),
    "accept": _Kind(lambda work: work.to_accept, Permission.ACCEPT_ASSIGNMENT, "nhan-viec", "muc=chua-nhan"),
    "late": _Kind(lambda work: work.late, Permission.SUBMIT_RESULT, "trinh-ket-qua", "muc=qua-han"),
    "due_soon": _Kind(lambda work: work.due_soon, Permission.SUBMIT_RESULT, "bao-cao", "muc=sap-den-han"),
    "urge": _Kind(lambda work: work.to_urge, Permission.ASSIGN_TASK, "", "muc=qua-han"),
}


def _words(word: str) -> tuple[str, str, str]:
    """Title, words after the number in the opening sentence, and the button."""
    return {
        "decide": (
            gettext("Chờ bạn quyết định kiến nghị"),
            gettext("kiến nghị giao lại chờ quyết định"),
            gettext("Quyết định"),
        ),
        "approve": (gettext("Chờ bạn phê duyệt"), gettext("kết quả chờ phê duyệt"), gettext("Xem và phê duyệt")),
        "returned": (gettext("Bị trả lại"), gettext("việc bị trả lại"), gettext("Bổ sung và trình lại")),
        "accept": (gettext("Chờ nhận việc"), gettext("việc chờ nhận"), gettext("Nhận việc")),
        "late": (gettext("Quá hạn"), gettext("việc quá hạn"), gettext("Báo cáo, trình kết quả")),
        "due_soon": (
            gettext("Đến hạn trong 7 ngày"),
            gettext("việc đến hạn trong 7 ngày tới"),
            gettext("Báo cáo tiến độ"),
        ),
        "urge": (gettext("Cần đôn đốc"), gettext("việc đã giao nay quá hạn"), gettext("Xem nhiệm vụ")),
    }[word]


def sections(actor: Actor, today: date) -> list[Section]:
    """What waits for the actor, most urgent kind first; a task stands in one section only."""
    work = my_work(actor, today)
    found: list[Section] = []
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
        number = len(rows) if len(rows) <= MOST_ROWS else tasks.order_by().count()
        seen |= {task.pk for task in rows[:MOST_ROWS]}
        title, said, action = _words(word)
        found.append(
            Section(
                word=word,
                title=title,
                said=said,
                action=action,
                step=kind.step,
                number=number,
                rows=[Row(task, today) for task in rows[:MOST_ROWS]],
                more=f"{reverse('tasks')}?{kind.more}",
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
