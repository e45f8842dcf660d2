"""Which column holds which field: said once for lists with these headings, remembered, changed, left, brought back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, may
from thuocdo.engine.spelling import nfc
from thuocdo.exchanges.models import ColumnMapping, System
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.tasks.files.headings import FIELDS, headings_digest

from .refusals import ExchangeRefused

LONGEST_NAME = 80


def _require(actor: Actor, body: Body | None) -> None:
    """Mappings for everybody are the machine's; those of a body are kept by whoever manages its exchanges."""
    if actor.is_machine or (body is not None and may(actor, Permission.MANAGE_EXCHANGES, body)):
        return
    raise NotAllowed(actor, Permission.MANAGE_EXCHANGES, body)


def check_columns(columns: Mapping[str, int], headings: Sequence[str]) -> dict[str, int]:
    """Columns by field, checked: what a list must have, each column once. Raises ExchangeRefused."""
    chosen = {name: place for name, place in columns.items() if name in FIELDS and 0 <= place < len(headings)}
    if not chosen.keys() & {"title", "code", "external"}:
        raise ExchangeRefused(
            gettext(
                "Chưa có cột để nhận ra nhiệm vụ; chọn cột nào là “Nhiệm vụ”, “Mã nhiệm vụ” hoặc “Mã ở hệ thống khác”."
            ),
            code="title_missing",
            field="title",
        )
    if not chosen.keys() & {"deadline", "lead", "progress", "result"}:
        raise ExchangeRefused(
            gettext("Chưa có cột nào để nhập; chọn ít nhất một cột: thời hạn, chủ trì, tiến độ hoặc kết quả."),
            code="nothing_to_read",
            field="result",
        )
    if len(set(chosen.values())) < len(chosen):
        raise ExchangeRefused(
            gettext("Một cột chỉ ghép với một nội dung; bỏ bớt lựa chọn trùng."), code="column_twice", field="title"
        )
    return chosen


def _check_name(name: str) -> str:
    text = " ".join(nfc(name).split())
    if not text or len(text) > LONGEST_NAME:
        raise ExchangeRefused(
            gettext("Ghi tên hệ thống mà danh sách lấy từ đó, tối đa %(most)s ký tự.") % {"most": LONGEST_NAME},
            code="name_missing",
            field="name",
        )
    return text


def remember_columns(
    *,
    actor: Actor,
    at: datetime,
    body: Body | None,
    name: str,
    headings: Sequence[str],
    columns: Mapping[str, int],
    system: System | None = None,
) -> ColumnMapping:
    """Keep how lists with these headings are read for the body, in place of what was kept for the same headings.

    Raises NotAllowed, and ExchangeRefused for columns that make no list and for a name that other headings bear.
    """
    _require(actor, body)
    text, chosen, digest = _check_name(name), check_columns(columns, headings), headings_digest(headings)
    _check_system(chosen, system)
    with transaction.atomic():
        live = ColumnMapping.objects.select_for_update().filter(body=body, retired_at__isnull=True)
        row = live.filter(headings_digest=digest).first()
        _check_free(live.exclude(pk=row.pk if row else 0), text)
        row = row or ColumnMapping(body=body, headings_digest=digest, created_at=at, created_by=actor.label)
        row.name, row.headings, row.system = text, list(headings), system
        row.columns, row.changed_at = chosen, at
        row.save()
        _tell(actor, at, row, "kept")
    return row


@transaction.atomic
def change_mapping(
    *, actor: Actor, at: datetime, mapping: ColumnMapping, name: str, columns: Mapping[str, int], system: System | None
) -> ColumnMapping:
    """Change name and columns of a mapping. Raises NotAllowed, ExchangeRefused."""
    _require(actor, mapping.body)
    row = ColumnMapping.objects.select_for_update().get(pk=mapping.pk)
    text, chosen = _check_name(name), check_columns(columns, row.headings)
    _check_system(chosen, system)
    _check_free(ColumnMapping.objects.filter(body=row.body, retired_at__isnull=True).exclude(pk=row.pk), text)
    row.name, row.columns, row.system, row.changed_at = text, chosen, system, at
    row.save()
    _tell(actor, at, row, "changed")
    return row


@transaction.atomic
def retire_mapping(*, actor: Actor, at: datetime, mapping: ColumnMapping) -> None:
    """Forget a mapping; it can be brought back. Raises NotAllowed."""
    _require(actor, mapping.body)
    row = ColumnMapping.objects.select_for_update().get(pk=mapping.pk)
    if row.retired_at is None:
        row.retired_at = at
        row.save(update_fields=["retired_at"])
        _tell(actor, at, row, "retired")


@transaction.atomic
def restore_mapping(*, actor: Actor, at: datetime, mapping: ColumnMapping) -> None:
    """Bring back a mapping. Raises NotAllowed, and ExchangeRefused where another took its place."""
    _require(actor, mapping.body)
    row = ColumnMapping.objects.select_for_update().get(pk=mapping.pk)
    if row.retired_at is None:
        return
    live = ColumnMapping.objects.filter(body=row.body, retired_at__isnull=True)
    _check_free(live, row.name)
    if live.filter(headings_digest=row.headings_digest).exists():
        raise ExchangeRefused(
            gettext("Đã có cách ghép khác cho cùng tiêu đề cột; sửa cách ghép ấy."), code="headings_taken", field="name"
        )
    row.retired_at = None
    row.save(update_fields=["retired_at"])
    _tell(actor, at, row, "restored")


def _check_free(others: QuerySet[ColumnMapping], name: str) -> None:
    if any(other.casefold() == name.casefold() for other in others.values_list("name", flat=True)):
        raise ExchangeRefused(
            gettext("Đã có cách ghép cột tên “%(name)s”; đặt tên khác.") % {"name": name},
            code="name_taken",
            field="name",
        )


def _check_system(columns: Mapping[str, int], system: System | None) -> None:
    if "external" in columns and system is None:
        raise ExchangeRefused(
            gettext("Chọn hệ thống mà cột mã thuộc về, để mã được giữ lại."), code="system_missing", field="system"
        )


def _tell(actor: Actor, at: datetime, row: ColumnMapping, act: str) -> None:
    append(
        actor=actor.label,
        at=at,
        event=Event.MAPPING_CHANGED,
        subject=row.label,
        data={"act": act, "headings": row.headings_digest, "fields": sorted(row.columns)},
    )
