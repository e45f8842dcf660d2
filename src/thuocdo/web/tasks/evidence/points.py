"""Single things that were returned, as pages show them: what each is called, and the answer that is being typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from thuocdo.tasks.queries import may_be_recalled

from .wording import PARTS

if TYPE_CHECKING:
    from thuocdo.tasks.models import ReturnedPoint


@dataclass(slots=True)
class Open:
    """A returned point with the answer to it."""

    point: "ReturnedPoint"
    name: str
    typed: str
    wrong: str = ""
    may_recall: bool = False

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


def _names(task: Any, points: Sequence["ReturnedPoint"]) -> Mapping[int, str]:
    products = {one.pk: one.name for one in task.products.all()}
    milestones = {one.pk: one.title for one in task.milestones.all()}
    fields = {value.field_id: value.field.label for value in task.field_values.select_related("field")}
    named: dict[str, Mapping[int, str]] = {"product": products, "milestone": milestones, "field": fields}
    return {
        point.pk: point.evidence.name if point.evidence else named.get(point.part, {}).get(point.reference or 0, "")
        for point in points
    }


def opened(task: Any, points: Sequence["ReturnedPoint"], *, may_recall: bool = False) -> list[Open]:
    """The points with their names; a text begins as it was submitted."""
    if not points:
        return []
    names = _names(task, points)
    return [
        Open(
            point,
            names[point.pk],
            point.report.text if point.part == "text" else "",
            may_recall=may_recall and may_be_recalled(point, task),
        )
        for point in points
    ]
