"""What corrected figures changed: scores and ranks of a run as they are, beside those without the corrections.

Everything else stays as it went into the run, so that nothing but the correction can have moved anybody. Rankings as
known at an earlier moment are another matter: they are computed from what was known then, and never change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from django.db.models import Max
from django.utils import timezone

from thuocdo.engine.calendars import Period, parse_period, quarter_of
from thuocdo.engine.scoring import Outcome, Spec, compute
from thuocdo.indicators.queries import BY_STRENGTH, Cells, Measurement
from thuocdo.indicators.queries.knowing import corrections, histories
from thuocdo.scorecards.models import Run, Scorecard

from .inputs import is_waiting
from .methods import spec_of
from .runs import runs
from .trials import Ground, Place, Trial, ground_of

# A figure can count in the quarters of a year, and stand in for later ones while they run.
MOST_PERIODS = 6


@dataclass(frozen=True)
class Effect:
    """What a correction changed in a run: every body as it stood without it and as it stands with it."""

    run: Run
    trial: Trial
    body: str

    @property
    def period(self) -> Period:
        return parse_period(self.run.period)

    @cached_property
    def own(self) -> Place:
        """The body whose figure was corrected."""
        return next(one for one in self.trial.places if one.code == self.body)

    @cached_property
    def others(self) -> list[Place]:
        """The other bodies whose rank is another one by the correction, those that moved furthest first."""
        return [one for one in self.trial.moved if one.code != self.body]

    @property
    def changes_something(self) -> bool:
        return bool(self.own.gained or self.own.won or self.own.is_class_changed or self.others)


@dataclass(frozen=True)
class Restated:
    """All corrections that a run rests on, newest first, and what they changed together; None where nothing."""

    run: Run
    rows: tuple[Measurement, ...]
    trial: Trial | None

    @cached_property
    def changed(self) -> list[Place]:
        """The bodies whose score, rank or class is another one by the corrections, best first."""
        places = self.trial.places if self.trial is not None else []
        return [one for one in places if one.gained or one.won or one.is_class_changed]


def effects_of(row: Measurement, *, scorecard: Scorecard | str) -> list[Effect]:
    """What a figure that replaced another one changed in the newest ranking of every period in which it counts.

    Empty for a figure that replaced none, and where another source's value counts before and after. Compares with
    what counted just before the figure was told; a later correction of the same figure is not part of it. A handful
    of queries, and a computation or two for each period, newest first.
    """
    if row.supersedes_id is None or not row.body.peer_group:
        return []
    known = histories([row])
    found = []
    for run in _runs_around(row, scorecard):
        spec, period, on = spec_of(run.scorecard), parse_period(run.period), timezone.localdate(run.known_at)
        if row.indicator.code not in {one.code for one in spec.indicators}:
            continue
        carry_on = _carry_on(spec, period, on)
        before = known.before(row, period, carry_on=carry_on)
        after = known.after(row, period, carry_on=carry_on)
        if before.measurement[0, 0] == after.measurement[0, 0]:
            continue
        ground = ground_of(run)
        if row.body.code not in ground.place_of:
            continue
        place = (row.body.code, row.indicator.code)
        without, stands = (_outcome(ground, spec, {place: cell}, on) for cell in (before, after))
        found.append(Effect(run, Trial(without, stands), row.body.code))
    return found


def restated(run: Run) -> Restated:
    """The corrections that a run rests on, and what they changed together.

    Compares with what would count had none of them been told. Two queries and those of the run.
    """
    spec, period, on = spec_of(run.scorecard), parse_period(run.period), timezone.localdate(run.known_at)
    codes = [one.code for one in spec.indicators]
    rows = corrections(indicators=codes, peer_group=run.peer_group, period=period)
    ground = ground_of(run)
    rows = [row for row in rows if row.body.code in ground.place_of and row.recorded_at <= run.known_at]
    if not rows:
        return Restated(run, (), None)
    cells = histories(rows).without(rows, period, known_at=run.known_at, carry_on=_carry_on(spec, period, on))
    return Restated(run, tuple(rows), Trial(_outcome(ground, spec, cells, on), ground.outcome))


def _runs_around(row: Measurement, scorecard: Scorecard | str) -> list[Run]:
    """The newest run of each period in which the row can count, newest period first; one query."""
    code = scorecard if isinstance(scorecard, str) else scorecard.code
    found = Run.objects.filter(
        scorecard__code=code,
        peer_group=row.body.peer_group,
        period_start__gte=quarter_of(row.period_start).start,
        # Beyond a year nothing stands in any more, and a year after it everything has fallen due.
        period_start__lt=row.period_end + timedelta(days=366),
    )
    newest = found.order_by().values("period").annotate(newest=Max("pk")).values("newest")
    return list(runs().filter(pk__in=newest)[:MOST_PERIODS])


def _carry_on(spec: Spec, period: Period, on: date) -> date | None:
    return on if on < period.end + timedelta(days=spec.aggregating.grace_days) else None


def _outcome(ground: Ground, spec: Spec, cells: Mapping[tuple[str, str], Cells], on: date) -> Outcome:
    """The outcome of the run with other cells (each one by one), by body and indicator; its own where none differs."""
    matrix = ground.matrix
    assert matrix.confidence is not None  # noqa: S101 (kept inputs have all of them)
    assert matrix.not_applicable is not None  # noqa: S101
    assert matrix.in_grace is not None  # noqa: S101
    values, confidence = matrix.values.copy(), matrix.confidence.copy()
    not_applicable, in_grace = matrix.not_applicable.copy(), matrix.in_grace.copy()
    rows, columns = _places(matrix.units), _places(matrix.indicators)
    for (body, code), cell in cells.items():
        at = (rows[body], columns[code])
        value, strength = float(cell.values[0, 0]), int(cell.strength[0, 0])
        values[at], not_applicable[at] = value, cell.not_applicable[0, 0]
        confidence[at] = 1.0 if strength < 0 else _factor(spec, BY_STRENGTH[strength], derived=bool(cell.derived[0, 0]))
        waits = is_waiting(cell.indicators[0], cell.period, on, spec.aggregating.grace_days)
        in_grace[at] = np.isnan(value) and not not_applicable[at] and waits
    # Compared by what counts: a value told anew as it was is another row, and changes nothing.
    is_same = (
        np.array_equal(values, matrix.values, equal_nan=True)
        and np.array_equal(confidence, matrix.confidence, equal_nan=True)
        and np.array_equal(not_applicable, matrix.not_applicable)
        and np.array_equal(in_grace, matrix.in_grace)
    )
    if is_same:
        return ground.outcome
    changed = replace(matrix, values=values, confidence=confidence, not_applicable=not_applicable, in_grace=in_grace)
    return compute(spec, changed)


def _factor(spec: Spec, strength: str, *, derived: bool) -> float:
    return spec.confidence.factor("derived", strength) if derived else spec.confidence.factor(strength)


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}
