"""What changed lately, in words: the newest entries of the ledger that the viewer may know of."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere
from thuocdo.directives.queries import visible_to as visible_documents
from thuocdo.ledger.events import Event
from thuocdo.ledger.queries import entries
from thuocdo.tasks.queries import visible_to
from thuocdo.web.design.figures import number, period
from thuocdo.web.rankings.marks import called

if TYPE_CHECKING:
    from thuocdo.ledger.models import Entry
    from thuocdo.tasks.models import Task

# How far back one looks for entries that the viewer may know of.
LOOKED_AT = 150
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened."""

    at: datetime
    words: SafeString


def latest(actor: Actor, *, limit: int = MOST_SHOWN) -> list[Happening]:
    """The newest happenings, newest first, in at most three queries.

    Of a task or a document only those hear who may see it; that figures came in is told to whoever sees
    indicators, that scores were computed to everybody who sees scores. Repetitions of one kind are told once.
    """
    rows = list(entries()[:LOOKED_AT])
    tasks = _tasks(actor, rows)
    documents = _documents(actor, rows)
    sees_figures = may_anywhere(actor, Permission.VIEW_INDICATORS)
    told: list[Happening] = []
    seen: set[tuple[str, str]] = set()
    for row in rows:
        words = _words(row, tasks, documents, sees_figures=sees_figures)
        # Scores follow every figure; one line about them says it all.
        key = (row.event, row.subject if row.event == Event.TASK_CHANGED else row.event)
        if words is None or (key in seen and row.event != Event.DOCUMENT_RECEIVED):
            continue
        seen.add(key)
        told.append(Happening(row.at, words))
        if len(told) == limit:
            break
    return told


def _key(subject: str, kind: str) -> int | None:
    name, _, text = subject.partition(":")
    return int(text) if name == kind and text.isdecimal() else None


def _tasks(actor: Actor, rows: "Iterable[Entry]") -> "dict[int, Task]":
    keys = {key for row in rows if (key := _key(row.subject, "task")) is not None}
    if not keys:
        return {}
    return {task.pk: task for task in visible_to(actor).filter(pk__in=keys).select_related("lead").defer("search")}


def _documents(actor: Actor, rows: "Iterable[Entry]") -> set[int]:
    keys = {key for row in rows if (key := _key(row.subject, "document")) is not None}
    if not keys or not may_anywhere(actor, Permission.VIEW_DIRECTIVES):
        return set()
    return set(visible_documents(actor).filter(pk__in=keys).values_list("pk", flat=True))


def _words(row: "Entry", tasks: "dict[int, Task]", documents: set[int], *, sees_figures: bool) -> SafeString | None:
    data: dict[str, Any] = json.loads(row.data)
    match row.event:
        case Event.TASK_CHANGED:
            task = tasks.get(_key(row.subject, "task") or 0)
            return None if task is None else _task(task, str(data.get("step", "")))
        case Event.DOCUMENT_RECEIVED | Event.ASSIGNMENTS_FOUND:
            key = _key(row.subject, "document")
            return None if key not in documents else _document(row.event, key or 0)
        case Event.MEASUREMENTS_RECORDED:
            if not sees_figures or data.get("derived"):
                return None
            text = ngettext(
                "Ghi nhận {} số liệu của {} cơ quan", "Ghi nhận {} số liệu của {} cơ quan", int(data["rows"])
            )
            return format_html(text, number(data["rows"]), number(data.get("body_count", 0)))
        case Event.SCORES_COMPUTED:
            units = sum(run["units"] for run in data["runs"])
            return format_html(
                gettext('Tính lại điểm <a href="{}">{}</a> cho {} cơ quan'),
                f"{reverse('rankings')}?ky={data['period']}",
                period(data["period"]),
                number(units),
            )
        case Event.SCORECARD_LOADED:
            return format_html(
                gettext('Bộ chỉ số có <a href="{}">phiên bản {}</a>'), reverse("method"), data["version"]
            )
        case Event.BODY_SUCCEEDED:
            return SafeString(gettext("Ghi nhận sắp xếp, sáp nhập cơ quan"))
    return None


def _task(task: "Task", step: str) -> SafeString | None:
    words = _steps().get(step)
    if words is None:
        return None
    title = task.title if len(task.title) <= 110 else f"{task.title[:109].rstrip()}…"
    return format_html('{} {}: <a href="{}">{}</a>', called(task.lead), words, reverse("task", args=[task.code]), title)


def _document(event: str, key: int) -> SafeString:
    words = gettext("Tiếp nhận") if event == Event.DOCUMENT_RECEIVED else gettext("Tìm thấy nhiệm vụ trong")
    return format_html(
        '{} <a href="{}">{}</a>',
        words,
        reverse("directive", args=[key]),
        gettext("văn bản số %(number)s") % {"number": key},
    )


def _steps() -> dict[str, str]:
    """What the lead body of a task did, or what was done to it."""
    return {
        "assign": gettext("được giao"),
        "issue": gettext("được giao"),
        "accept_assignment": gettext("đã nhận việc"),
        "dispute": gettext("kiến nghị giao lại"),
        "uphold": gettext("vẫn phải làm"),
        "transfer": gettext("được chuyển giao"),
        "withdraw": gettext("được rút việc"),
        "report_progress": gettext("báo cáo tiến độ"),
        "submit": gettext("nộp kết quả"),
        "return_result": gettext("bị trả lại kết quả"),
        "approve_result": gettext("hoàn thành"),
        "judge_effectiveness": gettext("được đánh giá hiệu quả"),
        "extend": gettext("được gia hạn"),
        "suspend": gettext("được tạm dừng"),
        "resume": gettext("tiếp tục"),
        "cancel": gettext("được hủy việc"),
    }
