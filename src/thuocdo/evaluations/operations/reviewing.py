"""Looks, on the schedule, for what figures and reports contradict without a stronger figure beside them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Min
from django.utils.timezone import localdate, make_aware

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import Period, month_of, quarter_of
from thuocdo.engine.quality import gaming
from thuocdo.engine.quality.gaps_patterns import burst, opposed
from thuocdo.engine.quality.gaps_unsigned import unfinished
from thuocdo.evaluations.lifecycle import Kind
from thuocdo.evaluations.models import Finding, Followed
from thuocdo.evaluations.queries.rules import rules_on
from thuocdo.evaluations.queries.series import Series, in_quarter, months_of, series_of
from thuocdo.evaluations.rules import Rules
from thuocdo.indicators.models import Indicator, Measurement, Provenance
from thuocdo.indicators.models import State as ValueState
from thuocdo.tasks.models import Report
from thuocdo.tasks.queries import State as TaskState

from .settling import Observed, Settled, settle

REVIEW = "review"
# How many finished quarters are looked at.
QUARTERS = 5
# Reports of tasks that were finished longer ago are not read again.
REPORT_DAYS = 400
FEWEST_VALUES, FEWEST_DAYS = 20, 4
MOST_ROWS = 12
# A task that is called done and is not: it stands above a gap of a few tolerances.
UNSIGNED_RISK = 6.0


@transaction.atomic
def review(*, actor: Actor, at: datetime) -> Settled:
    """Open, change and close findings of the newest finished quarter and of finished tasks; gives what was done."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    Followed.objects.get_or_create(job=REVIEW)
    Followed.objects.select_for_update().get(job=REVIEW)
    version, today = rules_on(localdate(at)), localdate(at)
    done = Settled()
    if version is None:
        return done
    rules = version.rules
    quarters = _finished(today)
    newest = quarters[-1]
    series = series_of(rules.indicators, since=quarters[0].start, until=newest.end)
    of_quarter = Finding.objects.filter(period=newest.label)
    indicators = dict(Indicator.objects.filter(code__in=rules.indicators).values_list("code", "pk"))
    looks: list[tuple[Kind, Iterable[Observed]]] = [
        (Kind.OPPOSED, _opposed(rules, series, quarters, indicators)),
        (Kind.LIMIT, _limits(rules, series, newest, indicators)),
        (Kind.BURST, _bursts(rules, series, newest, indicators)),
        (Kind.ROUND, _round(rules, quarters)),
        (Kind.HURRY, _hurries(quarters)),
    ]
    for kind, observed in looks:
        done.add(settle(observed, among=of_quarter.filter(kind=kind), actor=actor, at=at, subject=f"rule:{kind}"))
    unsigned = Finding.objects.filter(kind=Kind.UNSIGNED)
    done.add(settle(_unsigned(rules, today), among=unsigned, actor=actor, at=at, subject=f"rule:{Kind.UNSIGNED}"))
    return done


def _finished(today: date) -> list[Period]:
    found = [quarter_of(today).previous()]
    while len(found) < QUARTERS:
        found.insert(0, found[0].previous())
    return found


def _decimal(value: float) -> Decimal:
    return Decimal(repr(round(value, 8)))


# --- Rules of the pack


def _opposed(
    rules: Rules, series: Series, quarters: Sequence[Period], indicators: dict[str, int]
) -> Iterable[Observed]:
    directions = dict(Indicator.objects.filter(code__in=rules.indicators).values_list("code", "direction"))
    for pair in rules.pairs:
        volumes, outcomes = series.get(pair.volume, {}), series.get(pair.outcome, {})
        for body in sorted(volumes.keys() & outcomes.keys()):
            a = [in_quarter(volumes[body], one) for one in quarters]
            b = [in_quarter(outcomes[body], one) for one in quarters]
            found = opposed(
                [None if one is None else one.value for one in a],
                [None if one is None else one.value for one in b],
                rise=pair.rise,
                fall=pair.fall,
                volume_direction=directions[pair.volume],
                outcome_direction=directions[pair.outcome],
            )
            if found is None:
                continue
            yield Observed(
                cause=f"opposed:{pair.code}:{body}:{quarters[-1].label}",
                kind=Kind.OPPOSED,
                body_id=body,
                indicator_id=indicators[pair.outcome],
                period=quarters[-1].label,
                size=_decimal(abs(found.outcome_change)),
                sign=1 if found.outcome_change > 0 else -1,
                risk=min(abs(found.volume_change) / pair.rise + abs(found.outcome_change) / pair.fall, 20.0),
                facts={
                    "rule": pair.code,
                    "volume": pair.volume,
                    "outcome": pair.outcome,
                    "quarters": [one.label for one in quarters],
                    "volumes": [None if one is None else one.value for one in a],
                    "outcomes": [None if one is None else one.value for one in b],
                    "measurements": [one.measurement for one in (*a, *b) if one is not None],
                },
            )


def _limits(rules: Rules, series: Series, quarter: Period, indicators: dict[str, int]) -> Iterable[Observed]:
    for limit in rules.limits:
        for body, values in sorted(series.get(limit.indicator, {}).items()):
            found = in_quarter(values, quarter)
            volume = in_quarter(series.get(limit.volume, {}).get(body, {}), quarter)
            if found is None or found.value <= limit.above:
                continue
            if limit.volume and (volume is None or volume.value < limit.least):
                continue
            yield Observed(
                cause=f"limit:{limit.code}:{body}:{quarter.label}",
                kind=Kind.LIMIT,
                body_id=body,
                indicator_id=indicators[limit.indicator],
                period=quarter.label,
                size=_decimal(found.value - limit.above),
                sign=1,
                claimed_value=None,
                risk=min(2 * found.value / limit.above, 20.0),
                facts={
                    "rule": limit.code,
                    "value": found.value,
                    "above": limit.above,
                    "measurements": [one.measurement for one in (found, volume) if one is not None],
                },
            )


def _bursts(rules: Rules, series: Series, quarter: Period, indicators: dict[str, int]) -> Iterable[Observed]:
    last = month_of(quarter.last_day)
    months = [last.previous().previous(), last.previous(), last]
    for rule in rules.bursts:
        for body, values in sorted(series.get(rule.indicator, {}).items()):
            amounts = months_of(values, months)
            times = burst(amounts, factor=rule.factor, least=rule.least)
            if times is None:
                continue
            yield Observed(
                cause=f"burst:{rule.code}:{body}:{quarter.label}",
                kind=Kind.BURST,
                body_id=body,
                indicator_id=indicators[rule.indicator],
                period=quarter.label,
                size=_decimal(times),
                sign=1,
                risk=min(2 * times / rule.factor, 20.0),
                facts={
                    "rule": rule.code,
                    "months": [one.label for one in months],
                    "amounts": amounts,
                    "measurements": [values[one].measurement for one in months if one in values],
                },
            )


# --- Words against the state


def _unsigned(rules: Rules, today: date) -> Iterable[Observed]:
    rows = (
        Report.objects.filter(
            kind=Report.Kind.SUBMISSION,
            task__state=TaskState.COMPLETED,
            task__completed_on__gte=today - timedelta(days=REPORT_DAYS),
        )
        .order_by("task_id", "at", "pk")
        .values_list("task_id", "task__lead_id", "pk", "text")
    )
    # Of several submissions the last one was accepted.
    last: tuple[int, int, int, str] | None = None
    for row in rows.iterator():
        if last is not None and last[0] != row[0]:
            yield from _words(rules, *last)
        last = row
    if last is not None:
        yield from _words(rules, *last)


def _words(rules: Rules, task: int, lead: int, report: int, text: str) -> Iterable[Observed]:
    found = unfinished(text, phrases=rules.phrases, settled=rules.settled)
    if found:
        yield Observed(
            cause=f"unsigned:{task}",
            kind=Kind.UNSIGNED,
            body_id=lead,
            task_id=task,
            size=Decimal(len(found)),
            risk=UNSIGNED_RISK,
            # The words stay in the report; here only where they stand and what they were found by.
            facts={"report": report, "phrases": [one.phrase for one in found]},
        )


# --- Signs of figures made to please (engine/quality/gaming.py)


def _round(rules: Rules, quarters: Sequence[Period]) -> Iterable[Observed]:
    rows = (
        Measurement.objects.filter(
            provenance=Provenance.DECLARED,
            state=ValueState.VALUE,
            superseded_by__isnull=True,
            indicator__lower=0,
            indicator__upper=100,
            period_start__gte=quarters[0].start,
            period_end__lte=quarters[-1].end,
        )
        .order_by("body_id", "pk")
        .values_list("body_id", "pk", "value")
    )
    told: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for body, pk, value in rows.iterator():
        if value is not None:
            told[body].append((pk, float(value)))
    tests = len(rules.round_steps) * len(told)
    for body, values in told.items():
        tallies = [(gaming.heaping([value for _pk, value in values], step=step), step) for step in rules.round_steps]
        if not tallies:
            return
        best, step = min(tallies, key=lambda pair: (pair[0].probability, -pair[1]))
        if best.stands_out(tests=tests, least=FEWEST_VALUES):
            hits = [pk for pk, value in values if 0 < value < 100 and value % step == 0]
            yield Observed(
                cause=f"round:{body}:{quarters[-1].label}",
                kind=Kind.ROUND,
                body_id=body,
                period=quarters[-1].label,
                size=_decimal(100 * best.share),
                risk=3.0,
                facts={**_told(best), "step": step, "measurements": hits[-MOST_ROWS:]},
            )


def _hurries(quarters: Sequence[Period]) -> Iterable[Observed]:
    first, last = quarters[0].start, quarters[-1].end
    handed: dict[int, list[date]] = defaultdict(list)
    rows = (
        Report.objects.filter(kind=Report.Kind.SUBMISSION)
        .values("task", "task__lead")
        .annotate(first=Min("at"))
        .filter(first__gte=_midnight(first), first__lt=_midnight(last))
        .order_by("first", "task")
    )
    for lead, at in rows.values_list("task__lead", "first"):
        handed[lead].append(localdate(at))
    asked = {lead: days for lead, days in handed.items() if len(days) >= FEWEST_DAYS}
    for lead, days in asked.items():
        tally = gaming.pooled(gaming.hurry(days, first=one.start, last=one.last_day) for one in quarters)
        if tally.stands_out(tests=len(asked), factor=2, least=FEWEST_DAYS):
            yield Observed(
                cause=f"hurry:{lead}:{quarters[-1].label}",
                kind=Kind.HURRY,
                body_id=lead,
                period=quarters[-1].label,
                size=_decimal(100 * tally.share),
                risk=3.0,
                facts=_told(tally),
            )


def _told(tally: gaming.Tally) -> dict[str, float]:
    return {
        "hits": tally.hits,
        "number": tally.number,
        "expected": tally.expected,
        "probability": tally.probability,
    }


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))
