"""Signs that figures or reports may have been made to please, each with the rows behind it; no accusation.

What is looked for stands in engine/quality/gaming.py. Everybody sees the signs of the bodies that their
permission reaches, and of tasks only those that they may open.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.engine.calendars import Period, quarter_of
from thuocdo.engine.quality import gaming
from thuocdo.engine.quality.gaming import Tally
from thuocdo.indicators.queries import Measurement, Provenance, State
from thuocdo.organisations.models import Body
from thuocdo.scorecards.models import Run
from thuocdo.tasks.models import Evidence, Report, Task
from thuocdo.tasks.queries import visible_to

from .runs import runs
from .trials import ground_of

# How far back is looked: the running quarter and the four before it.
PERIODS = 5
# A ceiling is a sign where at least half of the bodies stand at it, and steadily more than at the beginning.
MOST_AT_CEILING, RISE = 0.5, 0.1
FEWEST_BODIES = 8
STEPS = (5, 10)
FEWEST_VALUES = 20
FEWEST_DAYS = 4
MOST_REPORTS = 3000
MOST_ROWS, MOST_BODIES = 12, 40
MOST_SIGNS = 30


@dataclass(frozen=True, slots=True)
class Ceiling:
    """An indicator on which most bodies of a group have come near the maximum; shares run from the oldest period."""

    indicator: str
    peer_group: str
    period: str
    hits: int
    number: int
    shares: tuple[tuple[str, float], ...]
    bodies: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.hits / self.number

    @property
    def rise(self) -> float:
        return gaming.steady_rise([share for _period, share in self.shares])


@dataclass(frozen=True, slots=True)
class Told:
    """A declared value behind a sign."""

    measurement: int
    indicator: str
    period: str
    value: float


@dataclass(frozen=True, slots=True)
class Heap:
    """A body whose declared values lie on multiples of a step more often than chance lets expect."""

    body: Body
    step: int
    tally: Tally
    rows: tuple[Told, ...]


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


@dataclass(frozen=True, slots=True)
class Reuse:
    """One file that serves as evidence of several tasks."""

    digest: str
    name: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """Reports of different tasks, each nearly the same as another of them; 1 for word by word.

    `likeness` is the least of those by which they hang together.
    """

    likeness: float
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """Everything that stands out, most striking first, and how much was looked at."""

    ceilings: list[Ceiling]
    heaps: list[Heap]
    hurries: list[Hurry]
    reused: list[Reuse]
    copied: list[Copied]
    looked_at: dict[str, int]

    @property
    def number(self) -> int:
        found = (self.ceilings, self.heaps, self.hurries, self.reused, self.copied)
        return sum(len(kind) for kind in found)


def signs(actor: Actor, *, on: date, scorecard: str) -> Signs:
    """All signs of the newest five quarters, for the bodies that the actor's VIEW_SIGNALS reaches."""
    bodies = {body.pk: body for body in bodies_within(actor, Permission.VIEW_SIGNALS)}
    quarters = _quarters(on)
    tasks = visible_to(actor).filter(lead__in=bodies)
    values = _declared(bodies, since=quarters[0])
    hurries, tested = _hurries(tasks, values, bodies, quarters, on)
    copied, compared = _copied(tasks, since=quarters[0].start)
    # The running quarter still fills up: its ceilings would say nothing.
    over = [one for one in quarters if one.end <= on]
    ceilings, columns = _ceilings({body.code for body in bodies.values()}, scorecard, over)
    heaps = _heaps(values, bodies)
    looked_at = {
        "ceilings": columns,
        "heaps": len({row[0] for row in values}),
        "hurries": tested,
        "reports": compared,
        "evidence": Evidence.objects.filter(report__task__in=tasks).count(),
    }
    return Signs(ceilings, heaps, hurries, _reused(tasks), copied, looked_at)


def _quarters(on: date) -> list[Period]:
    found = [quarter_of(on)]
    while len(found) < PERIODS:
        found.insert(0, found[0].previous())
    return found


# --- Ceilings


def _ceilings(codes: set[str], scorecard: str, quarters: Sequence[Period]) -> tuple[list[Ceiling], int]:
    newest: dict[tuple[str, str], int] = {}
    rows = runs(code=scorecard).filter(period__in=[one.label for one in quarters]).order_by("computed_at", "pk")
    for pk, group, period in rows.values_list("pk", "peer_group", "period"):
        newest[group, period] = pk
    counted: dict[tuple[str, str], list[tuple[str, int, int, tuple[str, ...]]]] = defaultdict(list)
    for run in Run.objects.select_related("scorecard").filter(pk__in=newest.values()).order_by("period_start"):
        for column, hits, number, high in _counts(run, codes):
            counted[run.peer_group, column].append((run.period, hits, number, high))
    found = []
    for (group, column), periods in counted.items():
        period, hits, number, high = periods[-1]
        shares = tuple((label, own / among) for label, own, among, _high in periods if among)
        if number < FEWEST_BODIES or hits < MOST_AT_CEILING * number or len(shares) < 3:
            continue
        sign = Ceiling(column, group, period, hits, number, shares, high[:MOST_BODIES])
        if sign.rise >= RISE:
            found.append(sign)
    found.sort(key=lambda sign: (-sign.rise, sign.peer_group, sign.indicator))
    return found[:MOST_SIGNS], len(counted)


def _counts(run: Run, codes: set[str]) -> Iterable[tuple[str, int, int, tuple[str, ...]]]:
    """For every indicator of the run how many of the seen bodies stand at the ceiling, confidence left aside."""
    outcome = ground_of(run).outcome
    rows = [row for row, unit in enumerate(outcome.units) if unit in codes]
    units = np.array(outcome.units)[rows]
    for column, indicator in enumerate(outcome.spec.indicators):
        scores = outcome.normalised[rows, column]
        hits, number = gaming.at_ceiling(scores.tolist())
        if number:
            yield indicator.code, hits, number, tuple(units[scores >= 100 * gaming.CEILING].tolist())


# --- Round numbers

# body, indicator, period, value, number of the measurement, day of recording
Row = tuple[int, str, str, float, int, date]


def _declared(bodies: Iterable[int], *, since: Period) -> list[Row]:
    """What the bodies declared as shares of a hundred, the newest version of each."""
    rows = (
        Measurement.objects.filter(
            body__in=list(bodies),
            provenance=Provenance.DECLARED,
            state=State.VALUE,
            superseded_by__isnull=True,
            indicator__lower=0,
            indicator__upper=100,
            period_start__gte=since.start,
        )
        .order_by("pk")
        .values_list("body", "indicator__code", "period", "value", "pk", "recorded_at")
    )
    return [
        (body, indicator, period, float(value), pk, timezone.localdate(recorded))
        for body, indicator, period, value, pk, recorded in rows
        if value is not None
    ]


def _heaps(values: Sequence[Row], bodies: dict[int, Body]) -> list[Heap]:
    by_body: dict[int, list[Row]] = defaultdict(list)
    for row in values:
        by_body[row[0]].append(row)
    tests = len(STEPS) * len(by_body)
    found = []
    for body, rows in by_body.items():
        tallies = [(gaming.heaping([row[3] for row in rows], step=step), step) for step in STEPS]
        best, step = min(tallies, key=lambda pair: (pair[0].probability, -pair[1]))
        if best.stands_out(tests=tests, least=FEWEST_VALUES):
            hits = [row for row in rows if 0 < row[3] < 100 and row[3] % step == 0]
            told = tuple(Told(pk, indicator, period, value) for _b, indicator, period, value, pk, _d in hits)
            found.append(Heap(bodies[body], step, best, told[-MOST_ROWS:]))
    found.sort(key=lambda sign: (sign.tally.probability, sign.body.code))
    return found[:MOST_SIGNS]


# --- Last days


def _hurries(
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
        .filter(first__gte=_midnight(over[0].start), first__lt=_midnight(over[-1].end))
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


# --- Used twice


def _reused(tasks: QuerySet[Task]) -> list[Reuse]:
    seen = Evidence.objects.filter(report__task__in=tasks)
    twice = (
        seen.values("digest")
        .annotate(tasks=Count("report__task", distinct=True))
        .filter(tasks__gt=1)
        .order_by("-tasks", "digest")
        .values_list("digest", flat=True)
    )
    wanted = list(twice[:MOST_SIGNS])
    if not wanted:
        return []
    rows = (
        Evidence.objects.filter(digest__in=wanted, report__task__in=tasks)
        .select_related("report__task__lead")
        .order_by("pk")
    )
    by_digest: dict[str, dict[int, Task]] = defaultdict(dict)
    names: dict[str, str] = {}
    for row in rows:
        by_digest[row.digest].setdefault(row.report.task_id, row.report.task)
        names.setdefault(row.digest, row.name)
    return [Reuse(digest, names[digest], tuple(by_digest[digest].values())[:MOST_ROWS]) for digest in wanted]


def _copied(tasks: QuerySet[Task], *, since: date) -> tuple[list[Copied], int]:
    rows = list(
        Report.objects.filter(task__in=tasks, at__gte=_midnight(since))
        .order_by("-at", "-pk")
        .values_list("pk", "task", "text")[:MOST_REPORTS]
    )
    owners = {pk: task for pk, task, _text in rows}
    pairs = [
        pair
        for pair in gaming.alike({pk: text for pk, _task, text in reversed(rows)})
        if owners[pair.one] != owners[pair.other]
    ]
    groups = gaming.joined(pairs)[:MOST_SIGNS]
    known = Report.objects.select_related("task__lead").in_bulk([pk for _least, keys in groups for pk in keys])
    found = []
    for least, keys in groups:
        # Of a task that told the same twice, once is enough.
        reports = {known[pk].task_id: known[pk] for pk in sorted(keys, reverse=True)}
        found.append(Copied(least, tuple(sorted(reports.values(), key=lambda one: one.pk))[:MOST_ROWS]))
    return found, len(rows)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
