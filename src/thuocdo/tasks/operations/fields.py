"""Fields of a body's own: add, change, retire and take up again; give, change and take back their values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, bodies_within, require
from thuocdo.engine.canonical import canonical_json
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.engine.spelling import nfc, search_key
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import within
from thuocdo.tasks.files.typed import read_day, read_number
from thuocdo.tasks.models import Field, FieldValue, Task

from .refusals import TaskRefused

MOST_FIELDS, MOST_CHOICES, LONGEST_VALUE = 40, 60, 2000


@dataclass(frozen=True, slots=True)
class Filled:
    """What giving a value did: the tasks (ids) that were written, with the value each had before (None: none)."""

    before: Mapping[int, dict[str, Any] | None]
    # Tasks that the actor may not fill, or for which the field does not hold, with the reason.
    refused: Mapping[int, str]


def _cleaned(label: str, kind: str, choices: Sequence[str]) -> tuple[str, list[str]]:
    text = " ".join(nfc(label).split())
    if not text:
        raise TaskRefused(gettext("Chưa có tên trường; đặt tên ngắn gọn."), code="empty", field="label")
    if len(text) > 120:
        raise TaskRefused(gettext("Tên trường dài quá 120 ký tự; rút gọn lại."), code="too_long", field="label")
    if kind not in Field.Type.values:
        raise TaskRefused(gettext("Kiểu dữ liệu không có trong danh mục; chọn lại."), code="type", field="type")
    offered = list(dict.fromkeys(" ".join(nfc(choice).split()) for choice in choices if choice.strip()))
    if kind != Field.Type.CHOICE:
        return text, []
    if len(offered) < 2:
        raise TaskRefused(
            gettext("Trường lựa chọn cần ít nhất hai giá trị; ghi mỗi giá trị một dòng."), code="few", field="choices"
        )
    if len(offered) > MOST_CHOICES or any(len(choice) > 200 for choice in offered):
        raise TaskRefused(
            gettext("Nhiều nhất 60 giá trị, mỗi giá trị không quá 200 ký tự; rút gọn danh sách."),
            code="many",
            field="choices",
        )
    return text, offered


@transaction.atomic
def define_field(
    *,
    actor: Actor,
    at: datetime,
    body: Body,
    label: str,
    kind: str,
    unit: str = "",
    choices: Sequence[str] = (),
    is_required: bool = False,
) -> Field:
    """Add a field to the tasks of a body and of everything below it; raises NotAllowed or TaskRefused."""
    require(actor, Permission.MANAGE_FIELDS, body)
    text, offered = _cleaned(label, kind, choices)
    present = Field.objects.filter(body=body)
    if present.filter(retired_at__isnull=True).count() >= MOST_FIELDS:
        raise TaskRefused(
            gettext("Mỗi cơ quan có nhiều nhất 40 trường riêng; thôi dùng bớt trường cũ trước."),
            code="many",
            field="label",
        )
    if present.filter(label__iexact=text, retired_at__isnull=True).exists():
        raise TaskRefused(
            gettext("Cơ quan đã có trường “%(label)s”; đặt tên khác.") % {"label": text}, code="taken", field="label"
        )
    key = "-".join(search_key(text).split())[:34] or "truong"
    taken = set(present.filter(key__startswith=key).values_list("key", flat=True))
    free = next(name for name in [key, *(f"{key}-{number}" for number in range(2, 100))] if name not in taken)
    try:
        with transaction.atomic():
            field = Field.objects.create(
                body=body,
                key=free,
                label=text,
                type=kind,
                unit=" ".join(nfc(unit).split())[:40] if kind == Field.Type.NUMBER else "",
                choices=offered,
                is_required=is_required,
                position=(present.aggregate(last=Max("position"))["last"] or 0) + 1,
            )
    except IntegrityError as error:
        raise TaskRefused(
            gettext("Trường này vừa được người khác thêm; tải lại trang."), code="taken", field="label"
        ) from error
    _told(field, "defined", actor=actor, at=at)
    return field


@transaction.atomic
def revise_field(
    *,
    actor: Actor,
    at: datetime,
    field: Field,
    label: str,
    unit: str = "",
    choices: Sequence[str] = (),
    is_required: bool = False,
    position: int | None = None,
) -> Field:
    """Change how a field is called, its unit, choices, order or whether it is required; its type stays.

    Values that are no longer among the choices stay as they were given.
    """
    current = Field.objects.select_for_update(of=("self",)).select_related("body").get(pk=field.pk)
    require(actor, Permission.MANAGE_FIELDS, current.body)
    current.label, current.choices = _cleaned(label, current.type, choices)
    others = Field.objects.filter(body=current.body, retired_at__isnull=True).exclude(pk=current.pk)
    if others.filter(label__iexact=current.label).exists():
        raise TaskRefused(
            gettext("Cơ quan đã có trường “%(label)s”; đặt tên khác.") % {"label": current.label},
            code="taken",
            field="label",
        )
    current.unit = " ".join(nfc(unit).split())[:40] if current.type == Field.Type.NUMBER else ""
    current.is_required = is_required
    if position is not None:
        current.position = max(0, min(position, 32_000))
    current.save()
    _told(current, "revised", actor=actor, at=at)
    return current


@transaction.atomic
def retire_field(*, actor: Actor, at: datetime, field: Field) -> Field:
    """Ask for a field no longer; the values given so far are kept."""
    return _set_retired(field, at, actor=actor, at=at)


@transaction.atomic
def restore_field(*, actor: Actor, at: datetime, field: Field) -> Field:
    """Take a retired field up again, with the values that it kept."""
    return _set_retired(field, None, actor=actor, at=at)


def _set_retired(field: Field, retired_at: datetime | None, *, actor: Actor, at: datetime) -> Field:
    current = Field.objects.select_for_update(of=("self",)).select_related("body").get(pk=field.pk)
    require(actor, Permission.MANAGE_FIELDS, current.body)
    if (current.retired_at is None) == (retired_at is None):
        return current
    current.retired_at = retired_at
    current.save(update_fields=["retired_at"])
    _told(current, "retired" if retired_at else "restored", actor=actor, at=at)
    return current


def _told(field: Field, what: str, *, actor: Actor, at: datetime) -> None:
    append(
        actor=actor.label,
        at=at,
        event=Event.FIELD_CHANGED,
        subject=field.body.label,
        data={"field": field.key, "type": field.type, "change": what, "required": field.is_required},
    )


def read_value(field: Field, typed: str) -> dict[str, Any] | None:
    """The columns of a value as typed; None for an empty one, which takes the value away. Raises TaskRefused."""
    text = nfc(typed).strip()
    if not text:
        return None
    name = f"field_{field.pk}"
    match field.type:
        case Field.Type.NUMBER:
            number = read_number(text)
            if number is None:
                raise TaskRefused(
                    gettext("“%(typed)s” không phải là số; nhập ví dụ 1.234,5.") % {"typed": text[:40]},
                    code="number",
                    field=name,
                )
            return {"number": number}
        case Field.Type.DATE:
            day = read_day(text)
            if day is None:
                raise TaskRefused(
                    gettext("“%(typed)s” chưa đúng dạng ngày; nhập theo dạng ngày/tháng/năm, ví dụ 31/12/2026.")
                    % {"typed": text[:40]},
                    code="day",
                    field=name,
                )
            return {"day": day}
        case Field.Type.YES_NO:
            if text not in ("0", "1"):
                raise TaskRefused(gettext("Chọn “có” hoặc “không”."), code="yes_no", field=name)
            return {"is_yes": text == "1"}
        case Field.Type.CHOICE:
            if text not in field.choices:
                raise TaskRefused(
                    gettext("“%(typed)s” không có trong danh sách; chọn một giá trị của trường.")
                    % {"typed": text[:40]},
                    code="choice",
                    field=name,
                )
            return {"text": text}
    if len(text) > LONGEST_VALUE:
        raise TaskRefused(
            gettext("Nội dung dài quá %(most)s ký tự; rút gọn lại.") % {"most": LONGEST_VALUE},
            code="too_long",
            field=name,
        )
    return {"text": text}


@transaction.atomic
def fill_field(*, actor: Actor, at: datetime, field: Field, tasks: Sequence[Task], typed: str) -> Filled:
    """Give a field the same value for many tasks, or take it away with an empty one; one ledger entry.

    Tasks that the actor may not fill are named in the answer and left alone. Raises TaskRefused for a value
    that does not fit the type, and for taking away a required one.
    """
    if field.retired_at is not None:
        raise TaskRefused(
            gettext("Trường “%(label)s” đã thôi dùng; khôi phục trường trước khi nhập.") % {"label": field.label},
            code="retired",
            field=f"field_{field.pk}",
        )
    value = read_value(field, typed)
    if value is None and field.is_required:
        raise TaskRefused(
            gettext("Trường “%(label)s” bắt buộc phải có giá trị; nhập giá trị khác.") % {"label": field.label},
            code="required",
            field=f"field_{field.pk}",
        )
    return put_values(actor=actor, at=at, field=field, values={task.pk: value for task in tasks})


@transaction.atomic
def put_values(*, actor: Actor, at: datetime, field: Field, values: Mapping[int, dict[str, Any] | None]) -> Filled:
    """Write values (columns, or None for none) by task (id), as `fill_field` read them or as they stood before."""
    rows = list(
        Task.objects.select_for_update(of=("self",)).filter(pk__in=values).select_related("lead").order_by("pk")
    )
    refused = _not_fillable(actor, field, rows)
    open_rows = [row for row in rows if row.pk not in refused]
    given = {row.task_id: row for row in FieldValue.objects.filter(field=field, task__in=open_rows)}
    before = {row.pk: columns_of(given.get(row.pk)) for row in open_rows}
    changed = [row for row in open_rows if before[row.pk] != values[row.pk]]
    if not changed:
        return Filled({}, refused)
    write_values(field, changed, values, actor=actor, at=at)
    return Filled({row.pk: before[row.pk] for row in changed}, refused)


def write_values(
    field: Field, changed: Sequence[Task], values: Mapping[int, dict[str, Any] | None], *, actor: Actor, at: datetime
) -> None:
    """Put the values of locked tasks in the place of those they had, and tell the ledger; rights were asked before."""
    FieldValue.objects.filter(field=field, task__in=changed).delete()
    FieldValue.objects.bulk_create(
        [
            FieldValue(field=field, task=row, at=at, by_label=actor.label, **written)
            for row in changed
            if (written := values[row.pk]) is not None
        ],
        batch_size=500,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.FIELD_VALUES_RECORDED,
        subject=changed[0].label if len(changed) == 1 else "tasks",
        data={
            "body": field.body.code,
            "field": field.key,
            "tasks": len(changed),
            "root": merkle_root(
                [canonical_json([row.code, {k: str(v) for k, v in (values[row.pk] or {}).items()}]) for row in changed]
            ),
        },
    )


def columns_of(value: FieldValue | None) -> dict[str, Any] | None:
    """The filled column of a value by name; None where there is no value."""
    if value is None:
        return None
    columns = {"number": value.number, "day": value.day, "is_yes": value.is_yes}
    return {name: given for name, given in columns.items() if given is not None} or {"text": value.text}


def may_fill(actor: Actor, lead: Body) -> bool:
    """Whether the actor may give values for tasks of the lead body: who reports for it, assigns or manages fields."""
    return _fillable(actor).filter(pk=lead.pk).exists()


def _fillable(actor: Actor) -> QuerySet[Body]:
    wanted = (Permission.REPORT_PROGRESS, Permission.DIVIDE_TASK, Permission.ASSIGN_TASK, Permission.MANAGE_FIELDS)
    condition = Q(pk__in=[])
    for permission in wanted:
        condition |= Q(pk__in=bodies_within(actor, permission).values("pk"))
    return Body.objects.filter(condition)


def _not_fillable(actor: Actor, field: Field, rows: Sequence[Task]) -> dict[int, str]:
    leads = {row.lead_id for row in rows}
    allowed = set(_fillable(actor).filter(pk__in=leads).values_list("pk", flat=True))
    if not allowed and len(rows) == 1:
        raise NotAllowed(actor, Permission.REPORT_PROGRESS, rows[0].lead)
    covered = set(within([field.body_id], on=actor.on).filter(pk__in=leads).values_list("pk", flat=True))
    refused = {}
    for row in rows:
        if row.lead_id not in allowed:
            refused[row.pk] = gettext("Bạn không được ghi dữ liệu cho nhiệm vụ của cơ quan này.")
        elif row.lead_id not in covered:
            refused[row.pk] = gettext("Trường này không dùng cho cơ quan chủ trì của nhiệm vụ.")
    return refused
