"""The board: a column for each status, body or programme, the most urgent cards of each, steps on the card."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, bodies_within
from thuocdo.tasks.queries import State
from thuocdo.tasks.queries.plans import bodies_named_by, newest_of_groups
from thuocdo.web.design.figures import short_named
from thuocdo.web.design.marks import door
from thuocdo.web.design.tables import address_with
from thuocdo.web.pages_kept import kept_page
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.marks import Row
from thuocdo.web.tasks.narrowing import narrowed_for

if TYPE_CHECKING:
    from thuocdo.tasks.models import Task

# So many cards stand in a column; the rest is a number that leads to the list.
MOST_CARDS, MOST_COLUMNS = 8, 12
_BY = "cot_theo"
_COLUMNS = (
    State.ASSIGNED,
    State.DISPUTED,
    State.ACCEPTED,
    State.IN_PROGRESS,
    State.RETURNED,
    State.SUBMITTED,
    State.SUSPENDED,
    State.COMPLETED,
)
# The step that moves a card to the next column, by state: its word on the task's page, and the permission.
_STEPS = {
    State.ASSIGNED: ("nhan-viec", Permission.ACCEPT_ASSIGNMENT),
    State.ACCEPTED: ("bao-cao", Permission.REPORT_PROGRESS),
    State.IN_PROGRESS: ("trinh-ket-qua", Permission.SUBMIT_RESULT),
    State.RETURNED: ("trinh-ket-qua", Permission.SUBMIT_RESULT),
    State.SUBMITTED: ("phe-duyet", Permission.APPROVE_RESULT),
    State.DISPUTED: ("quyet-dinh", Permission.DECIDE_DISPUTE),
    State.SUSPENDED: ("tiep-tuc", Permission.SUSPEND_TASK),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A task with the step that the reader may take with it, if any."""

    row: Row
    step: str
    action: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, how many tasks it holds, the first cards, the list of all."""

    title: str
    number: int
    cards: list[Card]
    address: str


@require_GET
@login_required
@kept_page
def board(request: HttpRequest) -> HttpResponse:
    """The board of what the filters leave."""
    today = timezone.localdate()
    by = request.GET.get(_BY, "")
    by = by if by in ("co-quan", "chuong-trinh") else ""
    found = narrowed_for(request, today, "task_board", tab=None if by else "tat-ca")
    tasks = found.tasks.exclude(state__in=[State.DRAFT, State.CANCELLED])
    column_of = {"co-quan": "lead", "chuong-trinh": "programme", "": "state"}[by]
    counts, rows = newest_of_groups(tasks, column_of, MOST_CARDS, most=MOST_COLUMNS)
    actions = _actions(request, rows)
    cards: dict[object, list[Card]] = {}
    for task in rows:
        step, action = actions.get(task.pk, ("", ""))
        cards.setdefault(_group(task, column_of), []).append(Card(Row(task, today), step, action))
    columns = [
        Column(title, counts.get(key, 0), cards.get(key, []), _list_address(request, narrowing))
        for key, title, narrowing in _columns(by, counts)
    ]
    ways = [
        (address_with(request, **{_BY: word or None}), title, word == by)
        for word, title in (
            ("", gettext("Trạng thái")),
            ("co-quan", gettext("Cơ quan")),
            ("chuong-trinh", gettext("Chương trình")),
        )
    ]
    left_out = max(0, len(counts) - MOST_COLUMNS) if by else 0
    context = {
        "columns": columns,
        "ways": ways,
        "by": by,
        "left_out": left_out,
        "number": sum(counts.values()),
        "found": sum(counts.values()),
        "sentence": _sentence(counts, by),
    }
    return render(request, "tasks/board/page.html", found.context | context)


def _group(task: "Task", column: str) -> object:
    return task.lead_id if column == "lead" else getattr(task, column)


def _columns(by: str, counts: dict[Any, int]) -> list[tuple[Any, str, dict[str, str]]]:
    """Key, title and filter of each column; states always in their order, others by how much they hold."""
    if not by:
        # A column that is empty and seldom needed is left out.
        always = {State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED, State.COMPLETED}
        return [
            (state.value, str(state.label), {"trang_thai": state.value, "muc": "tat-ca"})
            for state in _COLUMNS
            if counts.get(state.value) or state in always
        ]
    largest = sorted(counts, key=lambda key: (-counts[key], str(key)))[:MOST_COLUMNS]
    if by == "chuong-trinh":
        return [(key, key or gettext("Ngoài chương trình"), {"chuong_trinh": key}) for key in largest]
    names = bodies_named_by(largest)
    return [(key, short_named(names[key]), {"co_quan": names[key].code}) for key in largest if key in names]


def _list_address(request: HttpRequest, narrowing: dict[str, str]) -> str:
    words = {name: value for name, value in request.GET.items() if name != _BY and value}
    return f"{reverse('tasks')}?{urlencode({**words, **{k: v for k, v in narrowing.items() if v}})}"


def _actions(request: HttpRequest, rows: "list[Task]") -> dict[int, tuple[str, str]]:
    """The step that the reader may take with each card: one question for each permission that is needed."""
    actor = actor_of(request)
    words = {
        "nhan-viec": gettext("Nhận việc"),
        "bao-cao": gettext("Báo cáo tiến độ"),
        "trinh-ket-qua": gettext("Trình kết quả"),
        "phe-duyet": gettext("Xem và phê duyệt"),
        "quyet-dinh": gettext("Quyết định"),
        "tiep-tuc": gettext("Cho tiếp tục"),
    }
    wanted: dict[Permission, set[int]] = {}
    for task in rows:
        if step := _STEPS.get(State(task.state)):
            wanted.setdefault(step[1], set()).add(task.lead_id)
    allowed = {
        permission: set(bodies_within(actor, permission).filter(pk__in=leads).values_list("pk", flat=True))
        for permission, leads in wanted.items()
    }
    found = {}
    for task in rows:
        step = _STEPS.get(State(task.state))
        if step and task.lead_id in allowed[step[1]]:
            if step[1] == Permission.APPROVE_RESULT and actor.belongs_to(task.lead_id):
                continue
            found[task.pk] = (step[0], words[step[0]])
    return found


def _sentence(counts: dict[Any, int], by: str) -> SafeString:
    total = sum(counts.values())
    if not total:
        return format_html("{}", gettext("Không có nhiệm vụ nào để xếp lên bảng."))
    link = door(f"{reverse('tasks')}?muc=tat-ca", total)
    if by:
        return format_html(
            ngettext("{number} nhiệm vụ còn phải làm.", "{number} nhiệm vụ còn phải làm.", total), number=link
        )
    waiting = counts.get(State.SUBMITTED.value, 0)
    asked = counts.get(State.ASSIGNED.value, 0)
    return format_html(
        gettext("{number} nhiệm vụ: {asked} chưa nhận, {waiting} chờ duyệt kết quả, {done} hoàn thành."),
        number=link,
        asked=door(f"{reverse('tasks')}?muc=chua-nhan", asked),
        waiting=door(f"{reverse('tasks')}?muc=cho-duyet", waiting),
        done=door(f"{reverse('tasks')}?muc=hoan-thanh", counts.get(State.COMPLETED.value, 0)),
    )
