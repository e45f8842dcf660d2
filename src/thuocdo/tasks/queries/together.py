"""Short rows of several kinds that belong to one task, read in one query."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, F, JSONField, Model, OuterRef, QuerySet, Value
from django.db.models.fields import DateTimeField, DecimalField, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.timezone import is_naive

from thuocdo.tasks.models import (
    BudgetReference,
    Evidence,
    Extension,
    ExtensionRequest,
    Milestone,
    Occurrence,
    Pause,
    Product,
    Task,
)


class Short(NamedTuple):
    """What is written down of a task in short rows, each kind in the order of its own query."""

    milestones: list[Milestone]
    products: list[Product]
    budget: list[BudgetReference]
    extensions: list[Extension]
    # Each with its extension, where it was granted.
    requests: list[ExtensionRequest]
    pauses: list[Pause]
    occurrences: list[Occurrence]
    evidence: list[Evidence]


def short_rows(task: Task) -> Short:
    """Milestones, products (with `has_file`), budget, extensions, requests, pauses, occurrences and evidence."""
    proof = Evidence.objects.filter(products=OuterRef("pk"))
    found = _read(
        {
            "milestones": Milestone.objects.filter(task=task),
            "products": Product.objects.filter(task=task).annotate(has_file=Exists(proof)),
            "budget": BudgetReference.objects.filter(task=task),
            "extensions": Extension.objects.filter(task=task),
            "requests": ExtensionRequest.objects.filter(task=task),
            "pauses": Pause.objects.filter(task=task),
            "occurrences": Occurrence.objects.filter(task=task),
            "evidence": Evidence.objects.filter(report__task=task),
        }
    )
    extensions = {one.pk: one for one in found["extensions"]}
    for request in found["requests"]:
        if request.extension_id is not None:
            request.extension = extensions[request.extension_id]
    return Short(
        milestones=_sorted(found["milestones"], "due_on", "position"),
        products=_sorted(found["products"], "position"),
        budget=_sorted(found["budget"], "year", "code"),
        extensions=_sorted(found["extensions"], "at", "pk"),
        requests=_sorted(found["requests"], "at", "pk"),
        pauses=_sorted(found["pauses"], "paused_on", "pk"),
        occurrences=_sorted(found["occurrences"], "due_on")[::-1],
        evidence=_sorted(found["evidence"], "pk"),
    )


def _sorted(rows: Iterable[Any], *names: str) -> list[Any]:
    return sorted(rows, key=lambda row: tuple(getattr(row, name) for name in names))


def _read(asked: Mapping[str, QuerySet[Any]]) -> dict[str, list[Any]]:
    """The rows of every query under its name; each row travels as one JSON object, so that all fit in one answer."""
    parts = [
        rows.order_by().annotate(of_kind=Value(name), as_object=_object(rows)).values_list("of_kind", "as_object")
        for name, rows in asked.items()
    ]
    found: dict[str, list[Any]] = {name: [] for name in asked}
    for name, columns in parts[0].union(*parts[1:], all=True):
        found[name].append(_row(asked[name], columns))
    return found


def _object(rows: QuerySet[Any]) -> JSONObject:
    # JSON knows binary fractions only: exact numbers travel as words.
    columns: dict[str, Any] = {
        field.attname: Cast(field.attname, TextField()) if isinstance(field, DecimalField) else F(field.attname)
        for field in rows.model._meta.concrete_fields  # noqa: SLF001
    }
    columns |= {name: F(name) for name in rows.query.annotations}
    return JSONObject(**columns)


def _row(rows: QuerySet[Any], columns: Mapping[str, Any]) -> Model:
    model = rows.model
    fields: Sequence[Any] = model._meta.concrete_fields  # noqa: SLF001
    row: Model = model.from_db(
        rows.db, [one.attname for one in fields], [_value(one, columns[one.attname]) for one in fields]
    )
    for name in rows.query.annotations:
        # SQLite says yes and no as 1 and 0.
        setattr(row, name, bool(columns[name]))
    return row


def _value(field: Any, given: Any) -> Any:
    if isinstance(field, JSONField):
        raise TypeError(field)
    target = field.target_field if field.is_relation else field
    value = target.to_python(given)
    if isinstance(target, DateTimeField) and isinstance(value, datetime) and is_naive(value):
        # SQLite keeps moments in UTC without saying so.
        return value.replace(tzinfo=UTC)
    if isinstance(target, DecimalField) and isinstance(value, Decimal):
        # With the places of its column, as the column itself would give it.
        return value.quantize(Decimal(1).scaleb(-target.decimal_places))
    return value
