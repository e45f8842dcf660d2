"""Deadlines as tables write them: "2025", "Quý II/2025", "2025 và những năm tiếp theo" as intervals with a last day."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from thuocdo.engine.extraction.deadlines import parse_column
from thuocdo.engine.extraction.view import TextView

_YEAR = r"(?:năm\s+)?(20\d\d)"
_ONWARDS = re.compile(
    rf"(?:từ\s+)?{_YEAR}(?:\s*(?:và|,|;|-)\s*)?\s*(?:(?:(?:những|các)\s+)?năm\s+(?:tiếp\s+theo|sau)|trở\s+đi|và\s+hằng\s+năm|hằng\s+năm)"
)
_SPAN = re.compile(rf"(?:giai\s+đoạn\s+|trong\s+|từ\s+)?{_YEAR}\s*(?:-|đến|tới|,)\s*(?:hết\s+)?{_YEAR}")
_QUARTER = re.compile(r"(?:quý\s+)?(i|ii|iii|iv)\s*[/.-]\s*(20\d\d)")
_ISO_DAY = re.compile(r"(20\d\d)-(\d\d)-(\d\d)(?:[t ]00:00:00)?")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_UNDATED = frozenset({"recurring", "relative"})


@dataclass(frozen=True, slots=True)
class Interval:
    """When something is due: from the first to the last allowed day, both included; either may be unknown.

    `kind` is that of the label scheme. `goes_on` says that it is owed again in every year after the first.
    """

    first: date | None
    last: date | None
    kind: str
    goes_on: bool = False


def read_interval(text: str) -> Interval | None:
    """The interval that the cell of a deadline column means; None when the cell cannot be read.

    A year, quarter or month ends on its last day; one without its year is not read. Day stands before month.
    """
    view = TextView(text.strip())
    flat = " ".join(view.flat.split())
    if not flat or len(flat) > 300:
        return None
    if found := _ISO_DAY.fullmatch(flat):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _ONWARDS.fullmatch(flat):
        return Interval(date(int(found[1]), 1, 1), None, "recurring", goes_on=True)
    if found := _SPAN.fullmatch(flat):
        first, last = int(found[1]), int(found[2])
        return Interval(date(first, 1, 1), date(last, 12, 31), "within_year") if first <= last else None
    if found := _QUARTER.fullmatch(flat):
        month = 3 * _QUARTERS[found[1]]
        year = int(found[2])
        return Interval(date(year, month - 2, 1), date(year, month, monthrange(year, month)[1]), "within_quarter")
    deadline = parse_column(view, 0, len(view.flat), None)
    if deadline.date is None:
        return Interval(None, None, deadline.kind) if deadline.kind in _UNDATED else None
    return Interval(_first_day(deadline.date, deadline.kind), deadline.date, deadline.kind)


def _day(year: int, month: int, day: int) -> Interval | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Interval(found, found, "by")


def _first_day(last: date, kind: str) -> date:
    match kind:
        case "within_year":
            return date(last.year, 1, 1)
        case "within_quarter":
            return date(last.year, last.month - 2, 1)
        case "within_month":
            return date(last.year, last.month, 1)
    return last
