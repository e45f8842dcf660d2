"""Single things that were returned, as pages show them: what each is called, and the answer that is being typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from thuocdo.tasks.queries import recallable
from thuocdo.web.tasks.fields.forms import value_field
from thuocdo.web.tasks.fields.values import typed_of

from .wording import PARTS

if TYPE_CHECKING:
    from thuocdo.tasks.models import FieldValue, ReturnedPoint


@dataclass(slots=True)
class Open:
    """A returned point with the answer to it."""

    point: "ReturnedPoint"
    name: str
    typed: str
    wrong: str = ""
    may_recall: bool = False
    # Of an own field: the value that was returned.
    value: "FieldValue | None" = None

    @property
    def entry(self) -> SafeString:
        """Of an own field: the box in which its value is typed or chosen, as on the page of the fields."""
        if self.value is None:
            return SafeString("")
        marks = {"id": self.field} | (
            {"aria-invalid": "true", "aria-describedby": f"{self.field}-loi"} if self.wrong else {}
        )
        box: SafeString = value_field(self.value.field).widget.render(self.field, self.typed, marks)
        return box

    @property
    def field(self) -> str:
        return f"text-{self.point.pk}"

    @property
    def fields(self) -> tuple[str, ...]:
        return (f"files-{self.point.pk}",)

    @property
    def title(self) -> str:
        return str(PARTS[self.point.part])

    @property
    def takes_one_file(self) -> bool:
        return self.point.part == "file"

    @property
    def takes_files(self) -> bool:
        return self.point.part != "text"


def _name(point: Any, values: Mapping[int, Any]) -> str:
    """What was returned, as the points of `open_points` know it."""
    if point.evidence:
        return str(point.evidence.name)
    value = values.get(point.reference or 0)
    named = {
        "product": point.product_name,
        "milestone": point.milestone_name,
        "field": value.field.label if value is not None else "",
    }
    return named.get(point.part) or ""


def opened(task: Any, points: Sequence["ReturnedPoint"], *, may_recall: bool = False) -> list[Open]:
    """The points with their names; a text and a value begin as they were submitted."""
    if not points:
        return []
    has_fields = any(point.part == "field" for point in points)
    values = {row.field_id: row for row in task.field_values.select_related("field")} if has_fields else {}
    open_to_recall = recallable(points, task) if may_recall else set()
    return [
        Open(
            point,
            _name(point, values),
            _begun(point, values.get(point.reference or 0)),
            may_recall=point.pk in open_to_recall,
            value=values.get(point.reference or 0) if point.part == "field" else None,
        )
        for point in points
    ]


def _begun(point: "ReturnedPoint", value: "FieldValue | None") -> str:
    if point.part == "text":
        return point.report.text
    return typed_of(value.field, value) if point.part == "field" and value is not None else ""
