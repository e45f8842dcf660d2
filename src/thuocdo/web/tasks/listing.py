"""The list of tasks behind its page: narrowed, counted once per change, ordered and cut into pages."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thuocdo.accounts.permissions import Actor
from thuocdo.exchanges.queries.identifiers import tasks_named_like
from thuocdo.ledger.queries import entries
from thuocdo.organisations.queries import Hierarchy
from thuocdo.tasks.lifecycle import DUE_SOON_DAYS, OPEN, OWED
from thuocdo.tasks.queries import State, filtered, visible_to
from thuocdo.tasks.queries.fields import matching, values_for
from thuocdo.tasks.queries.lists import listed_for
from thuocdo.tasks.queries.status import counts_by_state, most_overdue

from .marks import Row

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Field, FieldValue, Task

PAGE_SIZE = 50
# Counts are kept this long at most; whatever happens to a task or a body makes them be counted anew at once.
KEPT_SECONDS = 3600
_CHANGING = (
    Q(event__startswith="tasks.") | Q(event__startswith="organisations.") | Q(event="exchanges.identifiers.recorded")
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the list: its word in the address, its title, and the condition for a day."""

    word: str
    title: "str | Promise"


OPEN_TAB = Tab("", _("Còn phải làm"))
TABS = (
    OPEN_TAB,
    Tab("qua-han", _("Quá hạn")),
    Tab("sap-den-han", _("Đến hạn trong 7 ngày")),
    Tab("chua-nhan", _("Chưa nhận việc")),
    Tab("cho-duyet", _("Chờ duyệt")),
    Tab("tra-lai", _("Bị trả lại")),
    Tab("kien-nghi", pgettext_lazy("tab", "Kiến nghị giao lại")),
    Tab("tam-dung", _("Tạm dừng")),
    Tab("du-thao", _("Dự thảo")),
    Tab("hoan-thanh", _("Hoàn thành")),
    Tab("da-huy", _("Đã hủy")),
    Tab("tat-ca", _("Tất cả")),
)
ALWAYS_SHOWN = {"", "qua-han", "sap-den-han", "hoan-thanh", "tat-ca"}
ORDERS = {
    "han": "due_on",
    "ma": "code",
    "co_quan": "lead__name",
    "tien_do": "progress",
    "giao": "assigned_on",
    "han_goc": "original_due_on",
    "bao_cao": "reported_on",
}
# Columns that may be empty; those rows stand last in either direction.
_NULLABLE = {"due_on", "original_due_on", "reported_on"}
# The tabs that hold one state each.
_STATES = {
    "chua-nhan": State.ASSIGNED,
    "cho-duyet": State.SUBMITTED,
    "tra-lai": State.RETURNED,
    "kien-nghi": State.DISPUTED,
    "tam-dung": State.SUSPENDED,
    "du-thao": State.DRAFT,
    "hoan-thanh": State.COMPLETED,
    "da-huy": State.CANCELLED,
}
_REACHES = {"lanh-tho": Hierarchy.TERRITORIAL, "nganh": Hierarchy.SECTOR}


def condition(word: str, today: date) -> Q:
    """Which tasks a tab holds; written on columns that have an index."""
    owed = Q(state__in=sorted(OWED))
    match word:
        case "":
            return Q(state__in=sorted(OPEN))
        case "qua-han":
            return owed & Q(due_on__lt=today)
        case "sap-den-han":
            return owed & Q(due_on__gte=today, due_on__lte=today + timedelta(days=DUE_SOON_DAYS))
    if word in _STATES:
        return Q(state=_STATES[word])
    return Q()


def narrowed(actor: Actor, today: date, asked: Mapping[str, Any], fields: "Sequence[Field]" = ()) -> QuerySet["Task"]:
    """The visible tasks that fit the filters of the form, in every tab; `fields` are bodies' own ones."""
    core = asked.get("trong_tam", "")
    found = filtered(
        listed_for(actor),
        today,
        words=asked.get("tim", ""),
        also_named=tasks_named_like(asked.get("tim", "")),
        lead=asked.get("co_quan"),
        reach=_REACHES.get(asked.get("pham_vi", ""), ""),
        is_core=None if core == "" else core == "1",
        due_from=asked.get("tu"),
        due_to=asked.get("den"),
    )
    period = asked.get("ky")
    found = filtered(
        found,
        today,
        state=asked.get("trang_thai", ""),
        progress=asked.get("thuc_hien", ""),
        timing=asked.get("so_han", ""),
        is_local={"giao": False, "rieng": True}.get(asked.get("loai", "")),
        programme=asked.get("chuong_trinh", "").strip(),
        unclear=asked.get("chua_ro", ""),
        due_from=period.start if period else None,
        due_to=period.last_day if period else None,
    )
    for one in fields:
        typed = asked.get(f"f{one.pk}")
        condition = matching(one, typed) if typed else None
        if condition is not None:
            found = found.filter(condition)
    if collective := asked.get("nhom"):
        found = found.filter(collective=collective)
    if number := asked.get("van_ban", "").strip():
        # A link from a document carries its row's number, a person types the number of the document.
        found = (
            found.filter(document=int(number)) if _is_key(number) else found.filter(document__number__icontains=number)
        )
    return found


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tasks each tab holds, and who leads most of the overdue ones."""

    numbers: Mapping[str, int]
    worst: "Body | None" = None
    worst_number: int = 0

    def __getitem__(self, word: str) -> int:
        return self.numbers[word]


def tally(
    actor: Actor,
    today: date,
    asked: Mapping[str, Any],
    fields: "Sequence[Field]" = (),
    *,
    tasks: "QuerySet[Task] | None" = None,
    newest: tuple[int, str] | None = None,
) -> Tally:
    """Counts of every tab for what the actor sees, counted again only after something happened to a task.

    `tasks` are what `narrowed` gave and `newest` the newest entry, where the caller has them already.
    """
    key = _key(actor, today, asked)
    if newest is None:
        newest = entries().values_list("number", "digest").first() or (0, "")
    kept: tuple[tuple[int, str], Tally] | None = cache.get(key)
    if kept is not None and (kept[0] == newest or not _has_changed_since(*kept[0])):
        counted = kept[1]
    else:
        counted = _count(narrowed(actor, today, asked, fields) if tasks is None else tasks, today)
    if kept is None or kept[0] != newest:
        cache.set(key, (newest, counted), KEPT_SECONDS)
    return counted


def _has_changed_since(number: int, digest: str) -> bool:
    """Whether a task or a body changed after the entry, or the entry does not stand in this ledger at all."""
    later = entries().order_by()
    if number and not later.filter(number=number, digest=digest).exists():
        return True
    return later.filter(_CHANGING, number__gt=number).exists()


def _key(actor: Actor, today: date, asked: Mapping[str, Any]) -> str:
    filters = sorted(
        (name, str(getattr(value, "pk", value))) for name, value in asked.items() if name != "muc" and value
    )
    reach = sorted(map(repr, actor.held))
    return "tasks:" + hashlib.sha256(repr((reach, actor.is_machine, today, filters)).encode()).hexdigest()


def _count(tasks: QuerySet["Task"], today: date) -> Tally:
    """The numbers that `condition` would find, from one count by state."""
    found = counts_by_state(tasks, today)
    owed = [one for state, one in found.items() if state in OWED]
    by_word = {
        "": sum(one.number for state, one in found.items() if state in OPEN),
        "qua-han": sum(one.past for one in owed),
        "sap-den-han": sum(one.soon for one in owed),
        "tat-ca": sum(one.number for one in found.values()),
    }
    by_word |= {word: found[state].number if state in found else 0 for word, state in _STATES.items()}
    worst = most_overdue(tasks, today) if by_word["qua-han"] else None
    return Tally(by_word) if worst is None else Tally(by_word, *worst)


def ordered(tasks: QuerySet["Task"], order: Sequence[str]) -> QuerySet["Task"]:
    """The tasks in the order asked for; those without a deadline stand last on every database."""
    fields = [
        (F(name).desc(nulls_last=True) if field.startswith("-") else F(name).asc(nulls_last=True))
        if (name := field.removeprefix("-")) in _NULLABLE
        else field
        for field in order
    ]
    return tasks.order_by(*fields)


def rows_of(
    actor: Actor,
    keys: Sequence[int],
    today: date,
    fields: "Sequence[Field]" = (),
    *,
    with_coordinators: bool = True,
) -> list[Row]:
    """The tasks with these numbers as rows, in this order, with the values of bodies' own fields."""
    found = (
        visible_to(actor)
        .filter(pk__in=keys)
        .select_related("lead", "assigned_by", "document", "responsible")
        .defer("search", "document__text", "document__passages", "document__notes")
        .prefetch_related(*(("coordinations__body",) if with_coordinators else ()))
        .annotate(files=Count("reports__evidence"))
    )
    by_key = {task.pk: task for task in found}
    values: dict[int, dict[int, FieldValue]] = {}
    for (task, field), value in values_for(keys, [one.pk for one in fields]).items():
        values.setdefault(task, {})[field] = value
    return [Row(by_key[key], today, by_key[key].files, values.get(key, {})) for key in keys if key in by_key]
