"""What other systems call a task: given, corrected, taken away; one per system, and each for one task."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.engine.canonical import Plain, canonical_json
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.engine.spelling import nfc
from thuocdo.exchanges.models import Identifier, System
from thuocdo.exchanges.queries.identifiers import identifier_key
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.tasks.models import Task

from .refusals import ExchangeRefused

LONGEST = 120
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def clean_identifier(value: str) -> str:
    """An identifier as it is kept: one line, no outer spaces. Raises ExchangeRefused for an empty or too long one."""
    text = " ".join(_CONTROL.sub(" ", nfc(value)).split())
    if not text or not identifier_key(text):
        raise ExchangeRefused(
            gettext("Chưa ghi mã; nhập mã của nhiệm vụ ở hệ thống ấy."), code="identifier_empty", field="value"
        )
    if len(text) > LONGEST:
        raise ExchangeRefused(
            gettext("Mã dài quá %(most)s ký tự; kiểm tra lại mã.") % {"most": LONGEST},
            code="identifier_long",
            field="value",
        )
    return text


def set_identifier(*, actor: Actor, at: datetime, task: Task, system: System, value: str) -> Identifier:
    """Say what a system calls the task, in place of what was said before. Raises NotAllowed, ExchangeRefused."""
    require(actor, Permission.MANAGE_EXCHANGES, task.lead)
    text = clean_identifier(value)
    if system.retired_at is not None:
        raise ExchangeRefused(
            gettext("Hệ thống %(system)s không còn trong danh mục; chọn hệ thống khác.") % {"system": system.name},
            code="system_retired",
            field="system",
        )
    try:
        with transaction.atomic():
            row, is_new = Identifier.objects.select_for_update().get_or_create(
                system=system,
                task=task,
                defaults={"value": text, "key": identifier_key(text), "at": at, "by_label": actor.label},
            )
            if not is_new and row.value == text:
                return row
            row.value, row.key, row.at, row.by_label = text, identifier_key(text), at, actor.label
            row.save()
            _tell(actor, at, [row])
            return row
    except IntegrityError as error:
        raise _taken(system, text) from error


def _taken(system: System, text: str) -> ExchangeRefused:
    owner = Identifier.objects.filter(system=system, key=identifier_key(text)).select_related("task").first()
    return ExchangeRefused(
        gettext("Mã “%(value)s” ở %(system)s đã thuộc nhiệm vụ %(code)s; kiểm tra lại mã, hoặc bỏ mã ở nhiệm vụ ấy.")
        % {"value": text, "system": system.name, "code": owner.task.code if owner else "?"},
        code="identifier_taken",
        field="value",
    )


@transaction.atomic
def remove_identifier(*, actor: Actor, at: datetime, task: Task, system: System) -> str:
    """Forget what the system calls the task; gives what it was, empty when there was nothing. Raises NotAllowed."""
    require(actor, Permission.MANAGE_EXCHANGES, task.lead)
    row = Identifier.objects.select_for_update().filter(system=system, task=task).first()
    if row is None:
        return ""
    value: str = row.value
    row.delete()
    append(
        actor=actor.label,
        at=at,
        event=Event.IDENTIFIERS_RECORDED,
        subject=task.label,
        data={"system": system.code, "removed": 1},
    )
    return value


def keep_identifiers(*, actor: Actor, at: datetime, system: System, values: Mapping[int, str]) -> Sequence[Identifier]:
    """Write identifiers by task (id) that were found free; part of a larger transaction, told in one entry."""
    rows = Identifier.objects.bulk_create(
        [
            Identifier(system=system, task_id=task, value=value, key=identifier_key(value), at=at, by_label=actor.label)
            for task, value in sorted(values.items())
        ],
        batch_size=500,
    )
    if rows:
        _tell(actor, at, rows)
    return rows


def _tell(actor: Actor, at: datetime, rows: Sequence[Identifier]) -> None:
    leaves: list[list[Plain]] = [[row.task_id, row.value] for row in rows]
    append(
        actor=actor.label,
        at=at,
        event=Event.IDENTIFIERS_RECORDED,
        subject=f"task:{rows[0].task_id}" if len(rows) == 1 else "exchanges",
        data={
            "system": rows[0].system.code,
            "recorded": len(rows),
            "root": merkle_root([canonical_json(leaf) for leaf in leaves]),
        },
    )
