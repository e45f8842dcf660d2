"""Delivery: tasks in time, severity of delay, accepted products, effectiveness; from the records of tasks.

A result counts when a body other than its lead accepted it, so these figures are as strong as a cross-check;
effectiveness is an evaluator's judgement.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from thuocdo.engine.calendars import Period, working_days_between, year_of
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import Effectiveness
from thuocdo.tasks.models import Task
from thuocdo.tasks.queries import counted_in, delivery_matrix, judged_within_a_year

from .figures import DECIMALS, Figure, shares

BY_ACCEPTANCE = "cross_checked"
BY_JUDGEMENT = "independent"
# A task that is forgotten altogether does not outweigh everything else.
MOST_DAYS = 60


def on_time(period: Period, on: date, bodies: Sequence[Body]) -> list[Figure]:
    """Of the tasks due in the period or still owed from before: accepted by the deadline in force, per cent."""
    rows = delivery_matrix(period, _day(period, on))
    return shares(
        bodies,
        {row.lead: row.in_time for row in rows},
        {row.lead: row.due for row in rows},
        inherits=BY_ACCEPTANCE,
    )


def accepted_products(period: Period, on: date, bodies: Sequence[Body]) -> list[Figure]:
    """Of the priority weight due since the beginning of the year or still owed from before: accepted, per cent."""
    rows = delivery_matrix(year_of(period.start), _day(period, on))
    return shares(
        bodies,
        {row.lead: float(row.weight_completed) for row in rows},
        {row.lead: float(row.weight_due) for row in rows},
        inherits=BY_ACCEPTANCE,
    )


def delay_severity(period: Period, on: date, bodies: Sequence[Body]) -> list[Figure]:
    """Working days of lateness, at most 60 a task, over tasks due in the period or still owed from before."""
    day = _day(period, on)
    days: Counter[str] = Counter()
    tasks: Counter[str] = Counter()
    found = Task.objects.filter(counted_in(period, day), assigned_on__lte=day)
    for lead, due, completed in found.values_list("lead__code", "due_on", "completed_on"):
        tasks[lead] += 1
        end = completed if completed is not None and completed <= day else day
        if due is not None and end > due:
            days[lead] += min(MOST_DAYS, working_days_between(due, end))
    return [
        Figure(
            body.code,
            round(days[body.code] / tasks[body.code], DECIMALS) if tasks[body.code] else None,
            BY_ACCEPTANCE,
        )
        for body in bodies
    ]


def effective_share(period: Period, on: date, bodies: Sequence[Body]) -> list[Figure]:
    """Effective among the judged of the tasks completed in the last twelve months, per cent."""
    day = _day(period, on)
    effective: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    found = Task.objects.filter(judged_within_a_year(day))
    for lead, effectiveness in found.values_list("lead__code", "effectiveness"):
        judged[lead] += 1
        effective[lead] += effectiveness == Effectiveness.EFFECTIVE
    return shares(bodies, effective, judged, inherits=BY_JUDGEMENT)


def _day(period: Period, on: date) -> date:
    """The day as of which the period is looked at: today while it runs, its last day afterwards."""
    return min(on, period.last_day)
