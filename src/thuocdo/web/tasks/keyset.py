"""Pages of a list of any length: the next page begins after the last row, wherever in the list that is.

The address of a page holds the place where it begins (`sau`, or `truoc` for going back) beside its number, so that
the hundredth page costs what the first one costs. A number alone still works: it is counted from the nearer end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from thuocdo.web.design.tables import PAGE, address_with

if TYPE_CHECKING:
    from thuocdo.tasks.models import Task

AFTER, BEFORE = "sau", "truoc"
SIZE = 50
# Between the value of the last row and its number; no column of the order holds it.
BETWEEN = "~"
NULLABLE = {"due_on", "original_due_on", "reported_on"}
_DATES = {"due_on", "original_due_on", "reported_on", "assigned_on"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: the value of the column in the order, and the number of the row."""

    value: Any
    pk: int


@dataclass(frozen=True, slots=True)
class Paged:
    """One page: the numbers (ids) of its tasks in order, its number, how many there are, and the way on."""

    keys: list[int]
    number: int
    pages: int
    total: int
    previous: str
    next: str
    first: str
    last: str

    @property
    def start(self) -> int:
        """The place of the first row in the whole list, from 1."""
        return (self.number - 1) * SIZE + 1

    @property
    def end(self) -> int:
        """The place of the last row in the whole list."""
        return self.start + len(self.keys) - 1


def read_place(text: str, column: str) -> Place | None:
    """A place as it stands in an address; None for nonsense."""
    value, between, number = text.rpartition(BETWEEN)
    if not between or not number.isdecimal() or len(number) > 18:
        return None
    if not value:
        return Place(None, int(number)) if column in NULLABLE else None
    try:
        if column in _DATES:
            return Place(date.fromisoformat(value), int(number))
        if column == "progress":
            return Place(int(value), int(number))
    except ValueError:
        return None
    return Place(value[:200], int(number))


def beyond(column: str, place: Place, *, descending: bool, backwards: bool) -> Q:
    """The rows after a place in the order (column, then number), rows without a value last; `backwards`: before it."""
    # The tie-breaker always rises with the list, whichever way the column runs.
    tie = Q(pk__lt=place.pk) if backwards else Q(pk__gt=place.pk)
    if place.value is None:
        same = Q(**{f"{column}__isnull": True}) & tie
        return same | Q(**{f"{column}__isnull": False}) if backwards else same
    side = "lt" if descending != backwards else "gt"
    found = Q(**{f"{column}__{side}": place.value}) | (Q(**{column: place.value}) & tie)
    if column in NULLABLE and not backwards:
        found |= Q(**{f"{column}__isnull": True})
    return found


def _sorted(tasks: "QuerySet[Task]", column: str, *, descending: bool, backwards: bool) -> "QuerySet[Task]":
    down = descending != backwards
    if column in NULLABLE:
        first = {"nulls_first": True} if backwards else {"nulls_last": True}
        return tasks.order_by(F(column).desc(**first) if down else F(column).asc(**first), "-pk" if backwards else "pk")
    return tasks.order_by(f"-{column}" if down else column, "-pk" if backwards else "pk")


def page_of_keys(request: HttpRequest, tasks: "QuerySet[Task]", order: Sequence[str], total: int) -> Paged:
    """The page that the address asks for, in one query; a number beyond the last gives the last."""
    descending, column = order[0].startswith("-"), order[0].removeprefix("-")
    pages = max(1, -(-total // SIZE))
    asked = request.GET.get(PAGE, "1")
    number = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 10 else 1
    after = read_place(request.GET.get(AFTER, ""), column)
    before = read_place(request.GET.get(BEFORE, ""), column)
    if number == 1:
        after = before = None
    fields = ("pk", column)
    if before is not None or after is not None:
        backwards = after is None
        rows = _sorted(tasks, column, descending=descending, backwards=backwards).filter(
            beyond(column, before or after, descending=descending, backwards=backwards)  # type: ignore[arg-type]
        )
        found = list(rows.values_list(*fields)[:SIZE])
        if backwards:
            found.reverse()
    else:
        # From the nearer end: an offset costs as many rows as it leaves out.
        start, length = (number - 1) * SIZE, min(SIZE, max(total - (number - 1) * SIZE, 0))
        backwards = start > total - start
        rows = _sorted(tasks, column, descending=descending, backwards=backwards)
        skipped = total - start - length if backwards else start
        found = list(rows.values_list(*fields)[skipped : skipped + (length if backwards else SIZE)])
        if backwards:
            found.reverse()

    def address(page: int, **place: str | None) -> str:
        return address_with(request, **{PAGE: page if page > 1 else None, AFTER: None, BEFORE: None, **place})

    return Paged(
        keys=[key for key, _ in found],
        number=number,
        pages=pages,
        total=total,
        previous=address(number - 1, **{BEFORE: _told(found[0])}) if number > 1 and found else "",
        next=address(number + 1, **{AFTER: _told(found[-1])}) if number < pages and found else "",
        first=address(1) if number > 2 else "",
        last=address(pages) if number < pages - 1 else "",
    )


def _told(row: tuple[int, Any]) -> str:
    key, value = row
    return f"{'' if value is None else value}{BETWEEN}{key}"
