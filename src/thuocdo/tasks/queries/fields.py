"""Fields of a body's own: which hold for a task or a list, their values as one reads and sums them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.organisations.models import Body, Descent, Hierarchy
from thuocdo.tasks.files.typed import read_day, read_number
from thuocdo.tasks.models import Field, FieldValue, Task

FieldType = Field.Type


def fields_above(bodies: Iterable[int], on: date) -> QuerySet[Field]:
    """The fields in use that hold for these bodies (ids): their own, and those of every body above, by body."""
    up = Descent.objects.valid_on(on).filter(hierarchy=Hierarchy.TERRITORIAL, descendant__in=set(bodies))
    along = Q(body__in=up.values("ancestor")) | Q(body__in=set(bodies))
    return (
        Field.objects.filter(along, retired_at__isnull=True).select_related("body").order_by("body", "position", "pk")
    )


def fields_for(task: Task, on: date) -> QuerySet[Field]:
    """The fields that somebody may fill for a task: those of its lead body and of every body above that."""
    return fields_above([task.lead_id], on)


def fields_offered(actor: Actor, *, body: str = "") -> list[Field]:
    """The fields that a list of the actor may show: of the bodies where the actor works, of the body (code) that
    the list is narrowed to, and of those above them; only where the actor sees tasks of some body below."""
    bodies = {held.over_id for held in actor.held} | {held.body_id for held in actor.held}
    if body:
        bodies |= set(bodies_within(actor, Permission.VIEW_TASKS).filter(code=body).values_list("pk", flat=True))
    return list(fields_above(bodies, actor.on)) if bodies else []


def fields_managed(actor: Actor, body: Body) -> QuerySet[Field]:
    """Every field of the body, retired ones last, for whoever manages its fields."""
    managed = bodies_within(actor, Permission.MANAGE_FIELDS).filter(pk=body.pk)
    return Field.objects.filter(body__in=managed).order_by("retired_at", "position", "pk")


def field_within(actor: Actor, number: int) -> Field | None:
    """The field with this number, if the actor manages the fields of its body."""
    managed = bodies_within(actor, Permission.MANAGE_FIELDS)
    return Field.objects.filter(pk=number, body__in=managed).select_related("body").first()


def times_given(fields: Sequence[Field]) -> dict[int, int]:
    """How many tasks have a value of each field (id)."""
    rows = FieldValue.objects.filter(field__in=list(fields)).order_by().values("field").annotate(number=Count("pk"))
    return {row["field"]: row["number"] for row in rows}


def field_by_id(number: int) -> Field:
    """The field with this number; the operations ask whether the actor may write it."""
    return Field.objects.select_related("body").get(pk=number)


def stored(field: Field, columns: dict[str, str] | None) -> dict[str, Any] | None:
    """The columns of a value from plain texts, as an undo keeps them."""
    if columns is None:
        return None
    match field.type:
        case Field.Type.NUMBER:
            return {"number": Decimal(columns["number"])}
        case Field.Type.DATE:
            return {"day": date.fromisoformat(columns["day"])}
        case Field.Type.YES_NO:
            return {"is_yes": columns["is_yes"] == "True"}
    return dict(columns)


def values_for(tasks: Iterable[int], fields: Iterable[int]) -> dict[tuple[int, int], FieldValue]:
    """The values of these fields for these tasks (ids), by (task, field), in one query."""
    asked = list(fields)
    if not asked:
        return {}
    found = FieldValue.objects.filter(task__in=list(tasks), field__in=asked)
    return {(value.task_id, value.field_id): value for value in found}


def shown(field: Field, value: FieldValue | None) -> str:
    """A value as people read it; empty where none was given."""
    if value is None:
        return ""
    match field.type:
        case Field.Type.NUMBER:
            if value.number is None:
                return ""
            places = max(0, -int(value.number.normalize().as_tuple().exponent))
            return number_format(value.number, decimal_pos=places, use_l10n=True, force_grouping=True)
        case Field.Type.DATE:
            return f"{value.day:%d/%m/%Y}" if value.day else ""
        case Field.Type.YES_NO:
            return "" if value.is_yes is None else gettext("có") if value.is_yes else gettext("không")
    return value.text


def plain(field: Field, value: FieldValue | None) -> Any:
    """A value as a spreadsheet keeps it: number, date, word; None where none was given."""
    if value is None:
        return None
    match field.type:
        case Field.Type.NUMBER:
            return value.number
        case Field.Type.DATE:
            return value.day
        case Field.Type.YES_NO:
            return shown(field, value) or None
    return value.text or None


def matching(field: Field, words: str) -> Q | None:
    """The condition that a task's value of the field fits what was typed; None for what cannot be read.

    Texts hold the words, choices and yes/no are the word itself, numbers and days lie within "from..to".
    """
    values = FieldValue.objects.filter(field=field)
    match field.type:
        case Field.Type.TEXT:
            return Q(pk__in=values.filter(text__icontains=words).values("task"))
        case Field.Type.CHOICE:
            return Q(pk__in=values.filter(text=words).values("task"))
        case Field.Type.YES_NO:
            return Q(pk__in=values.filter(is_yes=words == "1").values("task"))
    first, between, last = words.partition("..")
    column = "number" if field.type == Field.Type.NUMBER else "day"
    read = read_number if field.type == Field.Type.NUMBER else read_day
    low, high = read(first), read(last) if between else read(first)
    if (first.strip() and low is None) or (last.strip() and high is None) or (low is None and high is None):
        return None
    if low is not None:
        values = values.filter(**{f"{column}__gte": low})
    if high is not None:
        values = values.filter(**{f"{column}__lte": high})
    return Q(pk__in=values.values("task"))


def missing_required(tasks: Sequence[Task], fields: Sequence[Field]) -> dict[int, list[Field]]:
    """Which required fields still wait for a value, by task (id); two queries at most."""
    required = [field for field in fields if field.is_required]
    given = values_for([task.pk for task in tasks], [field.pk for field in required])
    return {
        task.pk: open_fields
        for task in tasks
        if (open_fields := [field for field in required if (task.pk, field.pk) not in given])
    }
