"""Last days: bodies that hand in, or write their figures down, when a quarter ends."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, QuerySet
from django.utils import timezone

from thuocdo.engine.calendars import Period, quarter_of
from thuocdo.engine.quality import gaming
from thuocdo.engine.quality.gaming import Tally
from thuocdo.organisations.models import Body
from thuocdo.tasks.models import Report, Task

from .heaps import Row
from .lookback import MOST_ROWS, MOST_SIGNS, midnight

FEWEST_DAYS = 4


@dataclass(frozen=True, slots=True)
class Hurry:
    """A body that handed in, or wrote down its figures, in the last days of the quarters above the even rate.

    `kind` is tasks or measurements; of measurements it is the days of writing that are counted. `tasks` and `days`
    are those that fell into the last days.
    """

    kind: str
    body: Body
    tally: Tally
    tasks: tuple[tuple[Task, date], ...]
    days: tuple[date, ...]


def hurries(
    tasks: QuerySet[Task], values: Sequence[Row], bodies: dict[int, Body], quarters: Sequence[Period], on: date
) -> tuple[list[Hurry], int]:
    """The quarters that are over, pooled body by body; gives how many bodies were tested, too.

    A task counts on the day on which its result was first handed in: what is sent back is not handed in later.
    """
    over = [one for one in quarters if one.end <= on]
    handed: dict[int, list[tuple[date, int]]] = defaultdict(list)
    wrote: dict[int, set[date]] = defaultdict(set)
    if not over:
        return [], 0
    first = (
        Report.objects.filter(task__in=tasks, kind=Report.Kind.SUBMISSION)
        .values("task", "task__lead")
        .annotate(first=Min("at"))
        .filter(first__gte=midnight(over[0].start), first__lt=midnight(over[-1].end))
        .order_by("first", "task")
    )
    for pk, lead, at in first.values_list("task", "task__lead", "first"):
        handed[lead].append((timezone.localdate(at), pk))
    for body, _indicator, _period, _value, _pk, day in values:
        if over[0].start <= day < over[-1].end:
            wrote[body].add(day)
    asked: list[tuple[str, int, list[date]]] = [
        *(("tasks", body, [day for day, _pk in rows]) for body, rows in handed.items()),
        *(("measurements", body, sorted(days)) for body, days in wrote.items()),
    ]
    asked = [one for one in asked if len(one[2]) >= FEWEST_DAYS]
    found = []
    for kind, body, days in asked:
        tally = gaming.pooled(gaming.hurry(days, first=one.start, last=one.last_day) for one in over)
        if tally.stands_out(tests=len(asked), factor=2, least=FEWEST_DAYS):
            found.append((kind, body, tally))
    found.sort(key=lambda one: (one[2].probability, one[1]))
    begins = {one.label: gaming.final_days(one.last_day) for one in over}

    def is_last(day: date) -> bool:
        return day >= begins[quarter_of(day).label]

    late = {pk for kind, body, _t in found if kind == "tasks" for day, pk in handed[body] if is_last(day)}
    known = tasks.select_related("lead").in_bulk(late)
    return [
        Hurry(
            kind,
            bodies[body],
            tally,
            tuple((known[pk], day) for day, pk in handed[body] if pk in known)[:MOST_ROWS] if kind == "tasks" else (),
            tuple(day for day in sorted(wrote[body]) if is_last(day)) if kind == "measurements" else (),
        )
        for kind, body, tally in found[:MOST_SIGNS]
    ], len(asked)
