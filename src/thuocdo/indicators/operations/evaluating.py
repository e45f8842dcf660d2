"""Computing formulas: only what new figures touch, in the order of dependence, written down only where it changed."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Context, Decimal
from heapq import heappop, heappush

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import Period, month_of, parse_period, quarter_of, year_of
from thuocdo.engine.formulas import Formula, FormulaProblem, Missing, NotApplicable, Reading, compute
from thuocdo.engine.formulas.reading import Figure
from thuocdo.indicators.models import (
    BY_STRENGTH,
    EXACT_DIGITS,
    Followed,
    Indicator,
    Input,
    Kind,
    Measurement,
    Provenance,
    State,
)
from thuocdo.indicators.queries.formulas import SOURCE, Book, formula_book
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import within

from .recording import record_measurements
from .telling import RecordingResult

log = logging.getLogger(__name__)

JOB = "formulas"
# With more bodies than these a query names none of them.
FEW_BODIES = 200
_EXACT = Context(prec=EXACT_DIGITS)
# An indicator's code, a body, the label of a period.
Cell = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Told:
    """A standing figure; `pk` is 0 for one that this evaluation has computed and not yet written down."""

    cell: Cell
    state: str
    value: Decimal | None
    strength: int
    is_final: bool
    recorded_at: datetime
    pk: int


@dataclass(frozen=True, slots=True)
class Result:
    """What a formula gave for a body and period, and the figures that went into it."""

    cell: Cell
    state: str
    value: Decimal | None
    strength: int
    kind: str
    used: tuple[Told, ...]


@transaction.atomic
def evaluate(*, actor: Actor, at: datetime) -> RecordingResult | None:
    """Compute the formulas that figures recorded since the last evaluation touch; None when nothing changes.

    Results carry provenance derived and inherit the weakest of their inputs; they are provisional when an input is.
    A result whose inputs are withdrawn is withdrawn, too. All goes into one batch, or nothing does.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    # One evaluation at a time: a second one waits here and then finds the work done.
    mark, _ = Followed.objects.select_for_update().get_or_create(job=JOB)
    until = newest_number()
    if until <= mark.number:
        return None
    result = None
    if Indicator.objects.exclude(formula=None).exclude(formula="").exists():
        book = formula_book()
        rows = Measurement.objects.filter(
            batch__ledger__gt=mark.number, batch__ledger__lte=until, indicator__code__in=book.needed
        )
        result = _Evaluation(book, actor, at).run(_cells(rows))
    mark.number = until
    mark.save(update_fields=["number"])
    return result


@transaction.atomic
def evaluate_formulas(*, actor: Actor, at: datetime, codes: Iterable[str]) -> RecordingResult | None:
    """Compute these formulas for every body and period of which their inputs tell, as after a new definition."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    Followed.objects.select_for_update().get_or_create(job=JOB)
    book = formula_book()
    today = timezone.localdate(at)
    wanted = {name for code in codes if (formula := book.at(today).get(code)) is not None for name in formula.codes}
    rows = Measurement.objects.filter(indicator__code__in=wanted)
    return _Evaluation(book, actor, at).run(_cells(rows))


def _cells(rows: QuerySet[Measurement]) -> set[Cell]:
    return set(rows.values_list("indicator__code", "body_id", "period").distinct())


@dataclass(slots=True)
class _Evaluation:
    """One evaluation: a queue of formulas and periods by time and dependence, and what came out so far."""

    book: Book
    actor: Actor
    at: datetime
    _queue: list[tuple[date, int, int, str, str]] = field(default_factory=list)
    _bodies: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    _results: dict[Cell, Told] = field(default_factory=dict)
    _rows: list[dict[str, str | None]] = field(default_factory=list)
    _new: list[Result] = field(default_factory=list)
    _same: list[tuple[int, Result]] = field(default_factory=list)
    _groups: dict[int, tuple[str, str]] = field(default_factory=dict)
    _inside: dict[int, set[int]] = field(default_factory=dict)

    def run(self, touched: Iterable[Cell]) -> RecordingResult | None:
        self._spread(touched)
        if not self._queue:
            return None
        self._groups = {pk: (code, group) for pk, code, group in Body.objects.values_list("pk", "code", "peer_group")}
        while self._queue:
            *_, code, label = heappop(self._queue)
            self._compute(code, parse_period(label), self._bodies.pop((code, label)))
        return self._write()

    # What is touched

    def _spread(self, touched: Iterable[Cell]) -> None:
        """Put every formula over the touched figures into the queue, for the periods in which it looks at them."""
        by_place: dict[tuple[str, str], set[int]] = {}
        for code, body, label in touched:
            by_place.setdefault((code, label), set()).add(body)
        for (code, label), bodies in by_place.items():
            place = parse_period(label)
            for formula_code, formula in self.book.at(place.last_day).items():
                if code in formula.codes:
                    for period in _looking_at(formula, code, place):
                        self._ask(formula_code, period, bodies)
                    self._ask_inside(formula_code, formula, code, place, bodies)

    def _ask(self, code: str, period: Period, bodies: set[int]) -> None:
        # Periods that have not begun have no figures; without this a formula over its own past would never end.
        if not bodies or period.start > timezone.localdate(self.at):
            return
        key = (code, period.label)
        if key not in self._bodies:
            self._bodies[key] = set()
            order = list(self.book.at(period.last_day))
            place = order.index(code) if code in order else len(order)
            heappush(self._queue, (period.start, -(period.end - period.start).days, place, code, period.label))
        self._bodies[key] |= bodies

    def _ask_inside(self, code: str, formula: Formula, touched: str, place: Period, bodies: set[int]) -> None:
        """A figure of a year stands for its months, where the other figures are told by month."""
        others = [one.code for one in formula.figures if one.code != touched or one.when]
        if place.kind == "day" or not others:
            return
        found = Measurement.objects.filter(
            indicator__code__in=others, period_start__gte=place.start, period_end__lte=place.end
        ).exclude(period=place.label)
        if len(bodies) <= FEW_BODIES:
            found = found.filter(body__in=bodies)
        by_label: dict[str, set[int]] = {}
        for body, label in found.values_list("body_id", "period").distinct():
            if body in bodies:
                by_label.setdefault(label, set()).add(body)
        for label, those in by_label.items():
            self._ask(code, parse_period(label), those)

    # What comes out

    def _compute(self, code: str, period: Period, bodies: set[int]) -> None:
        formula = self.book.at(period.last_day).get(code)
        indicator = self.book.indicators[code]
        bodies = {body for body in bodies if self._is_measured(indicator, body, period)}
        if formula is None or not bodies:
            return
        told = self._told(formula, period, bodies)
        heads = self._heads(indicator, period, bodies)
        changed: set[Cell] = set()
        for body in sorted(bodies):
            result = self._result(formula, code, period, body, told)
            if self._note(result, heads.get(body, [])):
                changed.add(result.cell)
        self._spread(changed)

    def _is_measured(self, indicator: Indicator, body: int, period: Period) -> bool:
        _, group = self._groups[body]
        if indicator.retired_on is not None and period.start >= indicator.retired_on:
            return False
        if indicator.kept_by_id is not None:
            if indicator.kept_by_id not in self._inside:
                on = timezone.localdate(self.at)
                below = within([indicator.kept_by_id], on=on).values_list("pk", flat=True)
                self._inside[indicator.kept_by_id] = set(below)
            return body in self._inside[indicator.kept_by_id]
        return not group or indicator.applies(group)

    def _told(self, formula: Formula, period: Period, bodies: set[int]) -> dict[Cell, Told]:
        """The value in force of every figure that the formula may look at."""
        labels = {one.label for figure in formula.figures for one in _places(figure.when, period)}
        later = Measurement.objects.filter(supersedes=OuterRef("pk"))
        found = Measurement.objects.filter(indicator__code__in=formula.codes, period__in=labels).filter(~Exists(later))
        if len(bodies) <= FEW_BODIES:
            found = found.filter(body__in=bodies)
        best: dict[Cell, Told] = {}
        for code, body, label, state, value, strength, kind, recorded_at, pk, source, provenance in found.values_list(
            "indicator__code", "body_id", "period", "state", "value", "strength", "kind", "recorded_at", "pk",
            "source", "provenance",
        ):  # fmt: skip
            cell = (code, body, label)
            is_former = cell in self._results and source == SOURCE and provenance == Provenance.DERIVED
            if state != State.NULL and not is_former:
                _keep(best, Told(cell, state, value, strength, kind == Kind.FINAL, recorded_at, pk))
        for cell, one in self._results.items():
            if cell[0] in formula.codes and cell[2] in labels and one.state != State.NULL:
                _keep(best, one)
        return best

    def _heads(self, indicator: Indicator, period: Period, bodies: set[int]) -> dict[int, list[Measurement]]:
        """What this formula gave before, by body: at most one provisional and one final figure."""
        found = Measurement.objects.filter(
            indicator=indicator, period_start=period.start, period=period.label, provenance=Provenance.DERIVED,
            source=SOURCE, superseded_by__isnull=True,
        )  # fmt: skip
        if len(bodies) <= FEW_BODIES:
            found = found.filter(body__in=bodies)
        heads: dict[int, list[Measurement]] = {}
        for row in found:
            heads.setdefault(row.body_id, []).append(row)
        return heads

    def _result(self, formula: Formula, code: str, period: Period, body: int, told: Mapping[Cell, Told]) -> Result:
        used: dict[Cell, Told] = {}

        def one(name: str, place: Period) -> Reading:
            found = told.get((name, body, place.label))
            if found is None:
                return Missing
            used[found.cell] = found
            return NotApplicable if found.value is None else found.value

        def look_up(figure: Figure) -> Reading:
            places = _places(figure.when, period)
            if figure.when == "year_to_date":
                return _total([one(figure.code, place) for place in places])
            # The period itself, else the shortest one around it that was told.
            return next((found for place in places if (found := one(figure.code, place)) is not Missing), Missing)

        cell = (code, body, period.label)
        value = self._value(formula, code, cell, look_up)
        inputs = tuple(used.values())
        strength = min((row.strength for row in inputs), default=0)
        kind = Kind.FINAL.value if all(row.is_final for row in inputs) else Kind.PROVISIONAL.value
        if isinstance(value, Decimal):
            return Result(cell, State.VALUE.value, value, strength, kind, inputs)
        state = State.NOT_APPLICABLE if value is NotApplicable else State.NULL
        return Result(cell, state.value, None, strength, kind, inputs)

    def _value(self, formula: Formula, code: str, cell: Cell, look_up: Callable[[Figure], Reading]) -> Reading:
        indicator, units = self.book.indicators[code], self.book.units
        try:
            value = compute(formula, look_up, units, result=units[code])
        except FormulaProblem as problem:
            log.warning("Formula of %s gave no usable number for %s: %s", code, cell, problem)
            return Missing
        if not isinstance(value, Decimal):
            return value
        value = _EXACT.plus(value)
        too_low = indicator.lower is not None and value < indicator.lower
        if too_low or (indicator.upper is not None and value > indicator.upper):
            # A figure that cannot be is no figure; its inputs stand, and their own checks find what is wrong.
            log.warning("Formula of %s gave %s for %s, outside of its range", code, value, cell)
            return Missing
        return value

    def _note(self, result: Result, heads: list[Measurement]) -> bool:
        """Keep what differs from the figure so far; says whether anything does."""
        by_kind = {row.kind: row for row in heads if row.state != State.NULL}
        if result.state == State.NULL:
            for row in by_kind.values():
                self._withdraw(result.cell, row)
            if by_kind:
                self._results[result.cell] = self._as_told(result)
            return bool(by_kind)
        former = by_kind.pop(result.kind, None)
        for row in by_kind.values():
            # The inputs have become final, or provisional again: the other figure must not stand beside this one.
            self._withdraw(result.cell, row)
        is_same = former is not None and (former.state, former.value, former.inherits) == (
            result.state, result.value, BY_STRENGTH[result.strength],
        )  # fmt: skip
        if is_same and former is not None:
            self._same.append((former.pk, result))
            return bool(by_kind)
        self._results[result.cell] = self._as_told(result)
        self._rows.append(self._row(result.cell, result.kind, BY_STRENGTH[result.strength], result.state, result.value))
        self._new.append(result)
        return True

    def _as_told(self, result: Result) -> Told:
        return Told(result.cell, result.state, result.value, result.strength, result.kind == Kind.FINAL, self.at, 0)

    def _withdraw(self, cell: Cell, row: Measurement) -> None:
        self._rows.append(self._row(cell, row.kind, row.inherits, State.NULL.value, None))

    def _row(self, cell: Cell, kind: str, inherits: str, state: str, value: Decimal | None) -> dict[str, str | None]:
        code, body, label = cell
        return {
            "indicator": code,
            "body": self._groups[body][0],
            "period": label,
            "value": None if value is None else format(value.normalize(), "f"),
            "state": state,
            "kind": kind,
            "provenance": Provenance.DERIVED.value,
            "inherits": inherits,
        }

    # What is written down

    def _write(self) -> RecordingResult | None:
        result = None
        written: dict[tuple[Cell, str], int] = {}
        if self._rows:
            result = record_measurements(
                actor=self.actor, at=self.at, rows=self._rows, source=SOURCE, on_error="keep_good"
            )
            for error in result.errors[:10]:
                log.error("A computed figure was refused: %s", error)
            rows = Measurement.objects.filter(batch=result.batch) if result.batch is not None else None
            if rows is not None:
                for code, body, label, kind, pk in rows.values_list(
                    "indicator__code", "body_id", "period", "kind", "pk"
                ):
                    written[(code, body, label), kind] = pk
        self._link(written)
        return result

    def _link(self, written: Mapping[tuple[Cell, str], int]) -> None:
        """Remember what each figure was computed from; figures that stayed the same may have other inputs now."""
        known: dict[int, set[int]] = {}
        ids = [pk for pk, _ in self._same]
        for start in range(0, len(ids), 5000):
            found = Input.objects.filter(measurement__in=ids[start : start + 5000])
            for measurement, of in found.values_list("measurement_id", "of_id"):
                known.setdefault(measurement, set()).add(of)
        pairs = [(written.get((one.cell, one.kind)), one) for one in self._new]
        fresh = {one.cell: pk for pk, one in pairs if pk is not None}
        links = [
            Input(measurement_id=pk, of_id=of)
            for pk, result in [*((pk, one) for pk, one in pairs if pk is not None), *self._same]
            for of in sorted({row.pk or fresh.get(row.cell, 0) for row in result.used} - known.get(pk, set()) - {0})
        ]
        Input.objects.bulk_create(links, batch_size=5000)


def _keep(best: dict[Cell, Told], one: Told) -> None:
    """Of figures of one cell the strongest counts, then a final one, then the newest."""
    held = best.get(one.cell)
    if held is None or _merit(one) > _merit(held):
        best[one.cell] = one


def _merit(one: Told) -> tuple[int, bool, datetime, float]:
    return one.strength, one.is_final, one.recorded_at, one.pk or float("inf")


def _total(values: list[Reading]) -> Reading:
    if NotApplicable in values:
        return NotApplicable
    told = [one for one in values if isinstance(one, Decimal)]
    return sum(told, Decimal(0)) if len(told) == len(values) else Missing


def _places(when: str, period: Period) -> list[Period]:
    """The periods that a figure of a formula may be looked up in, the best first; for year_to_date all of them."""
    if when == "previous":
        return [period.previous()]
    if when == "year_ago":
        return list(_shifted(period, -1))
    if when == "year_to_date":
        start = year_of(period.start).start
        places = [period]
        while places[0].start > start:
            places.insert(0, places[0].previous())
        return places
    around = [month_of(period.start), quarter_of(period.start), year_of(period.start)]
    return [period, *(one for one in around if one != period and one.start <= period.start and period.end <= one.end)]


def _looking_at(formula: Formula, code: str, place: Period) -> Iterator[Period]:
    """The periods for which a formula looks at the figure of the place."""
    for when in {figure.when for figure in formula.figures if figure.code == code}:
        if when == "":
            yield place
        elif when == "previous":
            yield place.next()
        elif when == "year_ago":
            yield from _shifted(place, 1)
        else:
            end = year_of(place.start).end
            while place.start < end:
                yield place
                place = place.next()


def _shifted(period: Period, years: int) -> Iterator[Period]:
    """The same period of another year; a 29 February has none in most years."""
    year, rest = period.label[:4], period.label[4:]
    if period.kind == "day" and rest == "-02-29":
        return
    yield parse_period(f"{int(year) + years:04d}{rest}")
