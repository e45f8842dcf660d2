"""The path to a target: points in time, and the level that is due between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

# linear: on the straight line between the points; step: the last level stays due until the next point;
# given: each level is due within its own period, as plans by year say it.
SHAPES = ("linear", "step", "given")
# No plan has more levels, and a page can still be read.
MOST_POINTS = 60


@dataclass(frozen=True, slots=True)
class Point:
    """A level that is due on the last day of a period, which began on `since`."""

    due: date
    level: Decimal
    since: date | None = None


class PathProblem(ValueError):
    """A path that cannot be used.

    `code` is one of: no_points, too_many, unknown_shape, twice, out_of_range, backwards; `place` counts
    the points from 1 (0: the whole); `values` fill the words.
    """

    def __init__(self, code: str, *, place: int = 0, **values: str) -> None:
        super().__init__(f"{code} at point {place}: {values}" if values else f"{code} at point {place}")
        self.code = code
        self.place = place
        self.values = values


def level_on(points: Sequence[Point], day: date, *, shape: str = "linear", every_year: bool = False) -> Decimal | None:
    """The level due at the end of the day; `points` are ordered by day.

    Before the first point nothing is due yet, after the last one its level stays due. A path of one point is due
    from that day on; with `every_year`, from the beginning of that year.
    """
    if not points:
        return None
    if every_year and len(points) == 1 and day.year == points[0].due.year:
        return points[0].level
    if shape == "given":
        inside = next((one for one in points if one.since is not None and one.since <= day <= one.due), None)
        if inside is not None:
            return inside.level
        return points[-1].level if day > points[-1].due else None
    if day < points[0].due:
        return None
    for before, after in pairwise(points):
        if before.due <= day < after.due:
            if shape == "step":
                return before.level
            share = Decimal((day - before.due).days) / Decimal((after.due - before.due).days)
            return before.level + (after.level - before.level) * share
    return points[-1].level


def check_path(
    points: Sequence[Point],
    *,
    shape: str,
    direction: int = 0,
    lower: Decimal | None = None,
    upper: Decimal | None = None,
) -> None:
    """Raises PathProblem for the first thing that is wrong; `points` stand in the order in which they were given.

    Levels lie in the range of valid values and do not go against the direction of the indicator.
    """
    if shape not in SHAPES:
        raise PathProblem("unknown_shape", found=shape, shapes=", ".join(SHAPES))
    if not points:
        raise PathProblem("no_points")
    if len(points) > MOST_POINTS:
        raise PathProblem("too_many", most=str(MOST_POINTS))
    seen: set[date] = set()
    for place, one in enumerate(points, start=1):
        if one.due in seen:
            raise PathProblem("twice", place=place, day=one.due.isoformat())
        seen.add(one.due)
        if (lower is not None and one.level < lower) or (upper is not None and one.level > upper):
            raise PathProblem("out_of_range", place=place, level=_plain(one.level))
    places = sorted(range(len(points)), key=lambda place: points[place].due)
    for before, after in pairwise(places):
        if direction * (points[after].level - points[before].level) < 0:
            raise PathProblem(
                "backwards",
                place=after + 1,
                level=_plain(points[after].level),
                former=_plain(points[before].level),
            )


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
