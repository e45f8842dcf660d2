"""Other systems, and which task bears which identifier in them."""

from collections.abc import Collection, Mapping

from django.db.models import Q, QuerySet

from thuocdo.engine.spelling import nfc
from thuocdo.exchanges.models import Identifier, System
from thuocdo.tasks.models import Task

_CHUNK = 500
_SHORTEST = 3
_MOST_FOUND = 200


def identifier_key(value: str) -> str:
    """An identifier without differences of case and spaces: what makes two of them the same."""
    return "".join(nfc(value).casefold().split())[:120]


def systems() -> QuerySet[System]:
    """The systems that take lists, in the order of their register."""
    return System.objects.filter(retired_at__isnull=True).order_by("position", "code")


def system_by_code(code: str) -> System | None:
    """The system of this code, unless it is no longer declared."""
    return systems().filter(code=code[:40]).first()


def identifiers_of(task: Task) -> QuerySet[Identifier]:
    """What other systems call the task, in the order of the register."""
    return Identifier.objects.filter(task=task).select_related("system").order_by("system__position", "system__code")


def identifiers_in(system: System, tasks: Collection[int]) -> dict[int, str]:
    """By task (id): its identifier in the system, for those that have one."""
    found: dict[int, str] = {}
    wanted = list(tasks)
    for start in range(0, len(wanted), _CHUNK):
        rows = Identifier.objects.filter(system=system, task__in=wanted[start : start + _CHUNK])
        found.update(rows.values_list("task_id", "value"))
    return found


def tasks_named(system: System, values: Collection[str]) -> Mapping[str, tuple[int, str]]:
    """By key of an identifier: id and code of the task that bears it in the system."""
    keys = list({identifier_key(value) for value in values})
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(keys), _CHUNK):
        rows = Identifier.objects.filter(system=system, key__in=keys[start : start + _CHUNK])
        found.update({key: (task, code) for key, task, code in rows.values_list("key", "task_id", "task__code")})
    return found


def bearing(system: System) -> Q:
    """The condition of tasks that bear an identifier in the system."""
    return Q(pk__in=Identifier.objects.filter(system=system).values("task"))


def tasks_named_like(words: str) -> list[int]:
    """Tasks (id) whose identifier in some system begins with these words; at most as many as one looks through.

    Only words with a digit are looked up: every identifier has one, and most of what people type has none.
    """
    key = identifier_key(words)
    if len(key) < _SHORTEST or not any(sign.isdecimal() for sign in key):
        return []
    return list(Identifier.objects.filter(key__startswith=key).values_list("task_id", flat=True)[:_MOST_FOUND])
