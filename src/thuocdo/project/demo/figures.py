"""Five quarters of invented figures: fed by systems, surveyed, declared; provisional and final; some forgotten."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from functools import partial
from typing import Any

from django.utils.timezone import localdate

from thuocdo.accounts.models import ApiKey
from thuocdo.accounts.permissions import Actor, machine
from thuocdo.accounts.queries import actor_for_key
from thuocdo.engine.calendars import Period, month_of, quarter_of
from thuocdo.indicators.models import Frequency, Indicator, Kind, Provenance, State
from thuocdo.indicators.operations import MOST_ROWS, record_measurements
from thuocdo.indicators.queries import indicators
from thuocdo.organisations.models import Body
from thuocdo.scorecards.derivations import DERIVED_ROOMS

from .cast import Cast
from .chronicle import Chronicle
from .days import YEAR, Days
from .habits import rounds, to_the_nearest_five
from .levels import LEVELS, is_connected, is_forgotten, is_late, reading
from .people import ACCOUNTS
from .traits import chance, traits_of

Row = Mapping[str, Any]
QUARTERS = 5
# Months whose figures come twice: provisional, then final.
RECENT_MONTHS = 4
# Who sends what; the names are those of invented systems.
SOURCES = {
    "service_on_time": "dvc-minhhoa",
    "full_process_online": "dvc-minhhoa",
    "feedback_resolved": "pakn-minhhoa",
    "recommendations_answered": "pakn-minhhoa",
    "allocated_share": "kho-bac-minhhoa",
    "disbursed_share": "kho-bac-minhhoa",
    "money_with_milestones": "kho-bac-minhhoa",
    "priority_share": "kho-bac-minhhoa",
}
SURVEYED, ONLY_DECLARED = {"satisfaction"}, {"guiding_documents_on_time"}
# What bodies declare although a system feeds it, too: there the gap shows.
DECLARED_TOO = {"service_on_time", "feedback_resolved", "recommendations_answered"}
SECOND_SOURCE = ("service_on_time", "provinces", "mot-cua-minhhoa")
# Bodies that draft no guiding documents.
WITHOUT_GUIDING = {"VTV", "VOV", "TTXVN", "VHLKHCN", "VHLKHXH", "UBTWMTTQ", "VPQH"}
TYPED, SURVEY = "bieu-mau-minhhoa", "khao-sat-minhhoa"
# How many people a survey asks about a body, by its peer group; about a commune a few.
ASKED, FEWEST_ASKED = {"provinces": 1_500, "ministries_with_services": 900}, 120


class Turn(StrEnum):
    """On which occasion a figure comes."""

    FED = auto()
    FED_FINALLY = auto()
    TYPED_IN_TIME = auto()
    TYPED_LATE = auto()
    SURVEYED = auto()


# Days after the end of the period.
MONTHLY = {Turn.FED: 2, Turn.TYPED_IN_TIME: 7, Turn.FED_FINALLY: 17, Turn.TYPED_LATE: 23}
QUARTERLY = {Turn.FED: 5, Turn.SURVEYED: 9, Turn.TYPED_IN_TIME: 12, Turn.TYPED_LATE: 24}


@dataclass(slots=True)
class Figures:
    """Tells the figures to the chronicle, batch by batch as they would arrive."""

    days: Days
    cast: Cast
    chronicle: Chronicle
    key: ApiKey
    bodies: Sequence[Body]
    _columns: dict[str, Indicator] = field(init=False)

    def __post_init__(self) -> None:
        self._columns = {one.code: one for one in indicators(codes=LEVELS) if one.derived_from not in DERIVED_ROOMS}

    @property
    def quarters(self) -> list[Period]:
        """The running quarter and the four before it, oldest first."""
        found = [quarter_of(self.days.today)]
        while len(found) < QUARTERS:
            found.insert(0, found[0].previous())
        return found

    def tell(self) -> None:
        """Put every batch into the queue."""
        draw = chance("figures")
        month = month_of(self.quarters[0].start)
        running = month_of(self.days.today)
        while month.start < running.start:
            for turn, wait in MONTHLY.items():
                is_recent = (running.start - month.start).days <= 31 * RECENT_MONTHS
                if turn is not Turn.FED_FINALLY or is_recent:
                    happening = partial(self._record, month, turn, is_recent)
                    self.chronicle.on(self._day(month, wait), happening, draw)
            month = month.next()
        # The running month is told as far as it has come, once it has begun.
        moment = max(self.days.now - timedelta(hours=3), self.days.midnight + timedelta(minutes=1))
        self.chronicle.at(moment, partial(self._record, running, Turn.FED, True))
        for quarter in self.quarters[:-1]:
            for turn, wait in QUARTERLY.items():
                self.chronicle.on(self._day(quarter, wait), partial(self._record, quarter, turn, False), draw)

    def _day(self, period: Period, wait: int) -> date:
        """When figures of a period come; those from before the record begins come at its beginning."""
        return max(period.end + timedelta(days=wait), self.days.first + timedelta(days=3))

    def _record(self, period: Period, turn: Turn, is_recent: bool, at: datetime) -> None:
        rows = list(self._rows(period, turn, is_provisional=is_recent and turn is Turn.FED))
        if turn in (Turn.TYPED_IN_TIME, Turn.TYPED_LATE):
            self._record_typed(rows, at)
        else:
            actor = self._evaluator(at) if turn is Turn.SURVEYED else actor_for_key(self.key, on=localdate(at))
            self._send(actor, rows, SURVEY if turn is Turn.SURVEYED else "", at)

    def _record_typed(self, rows: list[Row], at: datetime) -> None:
        """The bodies of the accounts that are shown type their own figures, the form collects the others'."""
        own = {one.body for one in ACCOUNTS if one.role == "focal_point"}
        self._send(machine("form", localdate(at)), [row for row in rows if row["body"] not in own], TYPED, at)
        for body in sorted(own):
            typed = [row for row in rows if row["body"] == body]
            self._send(self.cast.focal_point(body, localdate(at)), typed, TYPED, at)

    def _send(self, actor: Actor, rows: list[Row], source: str, at: datetime) -> None:
        for start in range(0, len(rows), MOST_ROWS):
            result = record_measurements(actor=actor, at=at, rows=rows[start : start + MOST_ROWS], source=source)
            if result.errors:
                raise RuntimeError(f"An invented figure was refused: {result.errors[0]}")

    def _evaluator(self, at: datetime) -> Actor:
        return self.cast.actor("danhgia", localdate(at))

    def _rows(self, period: Period, turn: Turn, *, is_provisional: bool) -> Iterator[Row]:
        frequency = Frequency.MONTH if period.end - period.start < timedelta(days=40) else Frequency.QUARTER
        year_part = 1 - (self.days.today - period.start).days / YEAR
        day = min(period.last_day, self.days.today)
        for code, indicator in self._columns.items():
            if indicator.frequency != frequency or (code in SURVEYED) != (turn is Turn.SURVEYED):
                continue
            for body in self.bodies:
                if indicator.applies(body.peer_group):
                    yield from _rows_of(code, body, period, turn, day, year_part, is_provisional=is_provisional)


def _rows_of(
    code: str, body: Body, period: Period, turn: Turn, day: date, year_part: float, *, is_provisional: bool
) -> Iterator[Row]:
    """What arrives of one body's indicator on this occasion: nothing, a row, or two that should agree."""
    traits, label = traits_of(body.code), period.label
    row = {"indicator": code, "body": body.code, "period": label}
    is_fed = code in SOURCES and is_connected(code, body.code, traits)
    if turn in (Turn.TYPED_IN_TIME, Turn.TYPED_LATE):
        is_turn = is_late(body.code, traits, label) == (turn is Turn.TYPED_LATE)
        if not is_turn or (is_fed and code not in DECLARED_TOO):
            return
        if code in ONLY_DECLARED and body.code in WITHOUT_GUIDING:
            yield row | {"state": State.NOT_APPLICABLE.value, "provenance": Provenance.DECLARED.value}
        elif not is_forgotten(code, body.code, traits, label):
            told = reading(code, body.code, traits, label=label, day=day, year_part=year_part).declared
            told = to_the_nearest_five(told) if rounds(body.code) else told
            yield row | {"value": told, "provenance": Provenance.DECLARED.value}
        return
    if not is_fed and turn is not Turn.SURVEYED:
        return
    value = reading(code, body.code, traits, label=label, day=day, year_part=year_part).true
    if turn is Turn.SURVEYED:
        asked = ASKED.get(body.peer_group, FEWEST_ASKED)
        yield row | {"value": value, "provenance": Provenance.INDEPENDENT.value, "sample_size": asked}
        return
    row |= {"provenance": Provenance.SYSTEM.value, "source": SOURCES[code]}
    if is_provisional:
        yield row | {"value": _shifted(value, "provisional", code, body.code, label), "kind": Kind.PROVISIONAL.value}
    else:
        yield row | {"value": value}
        if (code, body.peer_group) == SECOND_SOURCE[:2] and turn is Turn.FED:
            width = 0.4 if traits.care > 1 / 2 else 1.6
            other = _shifted(value, "second", code, body.code, label, width=width)
            yield row | {"value": other, "source": SECOND_SOURCE[2]}


def _shifted(value: str, *words: str, width: float = 0.7) -> str:
    """The figure a little off, as it stood before it was settled."""
    return f"{min(100.0, max(0.0, float(value) + chance('shift', *words).gauss(0, width))):.1f}"
