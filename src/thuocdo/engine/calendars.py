"""Reporting periods (year, quarter, month, day) and the Vietnamese working-day calendar with Tết."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from typing import Literal

import holidays

Kind = Literal["year", "quarter", "month", "day"]

_LABEL = re.compile(r"(\d{4})(?:-(?:[Qq]([1-4])|(\d{2})(?:-(\d{2}))?))?")
_ROMAN = ("I", "II", "III", "IV")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ONE_DAY = timedelta(days=1)
# What people write: "Quý III/2026", "quý 3 năm 2026", "Tháng 9/2026", "Năm 2026".
_WRITTEN = re.compile(
    r"(?:(?P<quarter>quý)\s+(?P<number>i{1,3}|iv|[1-4])|(?P<month>tháng)\s+(?P<of_year>\d{1,2})|(?P<only>năm))"
    r"\s*(?:/|,?\s*năm\s+|-|\s)\s*(?P<year>\d{4})"
)


class PeriodError(ValueError):
    """A text, a date or a pair of dates that names no reporting period; `code` is for machines."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One calendar year, quarter, month or day, half-open: the end is the first day after it.

    Periods sort by their start and then by their end. Any other interval raises `PeriodError`
    with code `period_shape`.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if _kind(self.start, self.end) is None:
            raise PeriodError(
                f"{self.start} to {self.end} (end excluded) is not a calendar year, quarter, month or day",
                "period_shape",
            )

    @property
    def kind(self) -> Kind:
        """Which of the four kinds of period this is."""
        kind = _kind(self.start, self.end)
        assert kind is not None, "the constructor lets nothing else in"  # noqa: S101
        return kind

    @property
    def last_day(self) -> date:
        """The last day that still belongs to the period."""
        return self.end - _ONE_DAY

    @property
    def label(self) -> str:
        """The text that `parse_period` reads back: 2026, 2026-Q3, 2026-09 or 2026-09-14."""
        year = f"{self.start.year:04d}"
        match self.kind:
            case "year":
                return year
            case "quarter":
                return f"{year}-Q{_quarter_number(self.start)}"
            case "month":
                return f"{year}-{self.start.month:02d}"
            case "day":
                return self.start.isoformat()

    def display(self, language: str) -> str:
        """The period as people write it, in English for `en…`, otherwise in Vietnamese."""
        english, year = language.lower().startswith("en"), self.start.year
        match self.kind:
            case "year":
                return f"{year}" if english else f"Năm {year}"
            case "quarter":
                number = _quarter_number(self.start)
                return f"Q{number} {year}" if english else f"Quý {_ROMAN[number - 1]}/{year}"
            case "month":
                month = self.start.month
                return f"{_MONTHS[month - 1]} {year}" if english else f"Tháng {month}/{year}"
            case "day":
                return f"{self.start.day:02d}/{self.start.month:02d}/{year:04d}"

    def previous(self) -> "Period":
        """The period of the same kind that ends where this one starts."""
        return _around(self.start - _ONE_DAY, self.kind)

    def next(self) -> "Period":
        """The period of the same kind that starts where this one ends."""
        return _around(self.end, self.kind)

    def contains(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.start <= day < self.end


def parse_period(label: str) -> Period:
    """Read 2026, 2026-Q3, 2026-09 or 2026-09-14.

    Raises `PeriodError`: code `period_format` for another form, `period_date` for a date that does not exist.
    """
    found = _LABEL.fullmatch(label.strip())
    if not found:
        raise PeriodError(
            f"{label!r} is not a period: write a year 2026, a quarter 2026-Q3, a month 2026-09 or a day 2026-09-14",
            "period_format",
        )
    year, quarter, month, day = (None if part is None else int(part) for part in found.groups())
    try:
        if quarter is not None:
            return _around(date(year or 0, 3 * quarter, 1), "quarter")
        kind: Kind = "year" if month is None else "month" if day is None else "day"
        return _around(
            date(year or 0, 1 if month is None else month, 1 if day is None else day),
            kind,
        )
    except PeriodError:
        raise
    except ValueError as error:
        raise PeriodError(f"{label!r} names a date that does not exist: {error}", "period_date") from error


def read_period(text: str) -> Period:
    """Read a period as Vietnamese documents write it: "Quý III/2026", "Tháng 9/2026", "Năm 2026", or a label.

    Raises `PeriodError` as `parse_period` does.
    """
    found = _WRITTEN.fullmatch(" ".join(text.lower().split()))
    if found is None:
        return parse_period(text)
    year = int(found["year"])
    if found["only"]:
        return parse_period(f"{year:04d}")
    if found["month"]:
        return parse_period(f"{year:04d}-{int(found['of_year']):02d}")
    number = found["number"]
    quarter = int(number) if number.isdigit() else _ROMAN.index(number.upper()) + 1
    return parse_period(f"{year:04d}-Q{quarter}")


def day_of(day: date) -> Period:
    """The day itself as a period."""
    return _around(day, "day")


def month_of(day: date) -> Period:
    """The month in which the day lies."""
    return _around(day, "month")


def quarter_of(day: date) -> Period:
    """The quarter in which the day lies."""
    return _around(day, "quarter")


def year_of(day: date) -> Period:
    """The year in which the day lies."""
    return _around(day, "year")


def is_working_day(day: date, *, overrides: Mapping[date, bool] | None = None) -> bool:
    """Whether public offices work that day.

    Saturdays, Sundays, Vietnamese public holidays and their substitute days are free. `overrides` wins over
    all of them; it is where a yearly swap ("nghỉ thứ Hai, làm bù thứ Bảy") declares its worked Saturday.
    """
    if overrides is not None and day in overrides:
        return overrides[day]
    return day.weekday() < 5 and day not in _holidays(day.year)


def add_working_days(start: date, days: int, *, overrides: Mapping[date, bool] | None = None) -> date:
    """The working day that lies `days` working days after `start`, which itself does not count.

    Negative numbers go backwards. The answer is always a working day: 0 gives `start` or, when offices are
    closed on it, the last working day before it, so that adding and `working_days_between` always agree.
    """
    year = start.year
    position = bisect_right(_working_ordinals(year, overrides), start.toordinal()) - 1 + days
    while position < 0:
        year -= 1
        position += len(_working_ordinals(_checked(year), overrides))
    while position >= (size := len(_working_ordinals(year, overrides))):
        position -= size
        year = _checked(year + 1)
    return date.fromordinal(_working_ordinals(year, overrides)[position])


def working_days_between(start: date, end: date, *, overrides: Mapping[date, bool] | None = None) -> int:
    """How many working days lie in (start, end]; for an earlier end, minus those in (end, start]."""
    if end < start:
        return -working_days_between(end, start, overrides=overrides)
    before = bisect_right(_working_ordinals(start.year, overrides), start.toordinal())
    whole_years = sum(len(_working_ordinals(year, overrides)) for year in range(start.year, end.year))
    return whole_years + bisect_right(_working_ordinals(end.year, overrides), end.toordinal()) - before


def due_after(
    due_on: date,
    pauses: Iterable[tuple[date, date]],
    *,
    extended_to: date | None = None,
    overrides: Mapping[date, bool] | None = None,
) -> date:
    """The deadline after pauses and an extension.

    An extension replaces the day that was set, never by an earlier one. Each pause is half-open: the clock stands from
    its first day until the day it runs again; pauses that overlap count once. The deadline then moves by as many
    working days as the pauses took, so that as many remain as before; without a lost working day it stays as it is,
    even on a day when offices are closed. A pause that ends before it begins is a ValueError.
    """
    due = max(due_on, extended_to) if extended_to else due_on
    lost = 0
    reached: date | None = None
    for first, until in sorted(pauses):
        if until < first:
            raise ValueError(f"A pause cannot end on {until} when it begins on {first}")
        begin = first if reached is None else max(first, reached)
        if until > begin:
            lost += working_days_between(begin, until, overrides=overrides)
            reached = until
    return add_working_days(due, lost, overrides=overrides) if lost else due


def swapped_days(document: Mapping[str, object]) -> dict[date, bool]:
    """The overrides that a pack's calendar declares: its `swap` entries, each a day off and a day worked instead.

    Raises ValueError when an entry has no such pair, or when two entries say opposite things of a day.
    """
    swaps = document.get("swap", [])
    found: dict[date, bool] = {}
    for entry in swaps if isinstance(swaps, list) else [swaps]:
        off = entry.get("holiday") if isinstance(entry, dict) else None
        worked = entry.get("working") if isinstance(entry, dict) else None
        if type(off) is not date or type(worked) is not date:
            raise ValueError("A swap names a day off (holiday) and a day worked instead (working)")
        for day, works in ((off, False), (worked, True)):
            if found.setdefault(day, works) is not works:
                raise ValueError(f"{day} is declared both worked and free")
    return found


@lru_cache(maxsize=256)
def lunar_new_year(year: int) -> date:
    """Mùng 1 Tết of a year; ValueError outside 1901–2100, where the calendar's tables end."""
    first_days = holidays.country_holidays("VN", years=year, language="vi").get_named("Tết Nguyên Đán", lookup="exact")
    if not first_days:
        raise ValueError(f"The date of Tết is only known for the years 1901 to 2100, not for {year}")
    first: date = first_days[0]
    return first


def _quarter_number(day: date) -> int:
    return (day.month + 2) // 3


def _kind(start: date, end: date) -> Kind | None:
    """The kind of the half-open interval, None when it is none of the four."""
    if end - start == _ONE_DAY:
        return "day"
    if start.day != 1 or end.day != 1:
        return None
    months = 12 * (end.year - start.year) + end.month - start.month
    if months == 1:
        return "month"
    if months == 3 and start.month % 3 == 1:
        return "quarter"
    return "year" if months == 12 and start.month == 1 else None


def _around(day: date, kind: Kind) -> Period:
    """The period of that kind in which the day lies."""
    match kind:
        case "day":
            return Period(date(day.year, day.month, day.day), date.fromordinal(day.toordinal() + 1))
        case "month":
            first_month, length = day.month, 1
        case "quarter":
            first_month, length = 3 * _quarter_number(day) - 2, 3
        case "year":
            first_month, length = 1, 12
    years, month = divmod(first_month + length - 1, 12)
    return Period(date(day.year, first_month, 1), date(day.year + years, month + 1, 1))


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[date]:
    """Public holidays with their substitute days, computed once a year."""
    return frozenset(holidays.country_holidays("VN", years=year))


@lru_cache(maxsize=256)
def _plain_working_ordinals(year: int) -> tuple[int, ...]:
    """Ordinals of the working days of a year, ascending, without any override."""
    first = date(year, 1, 1).toordinal()
    days = (date.fromordinal(first + offset) for offset in range(date(year, 12, 31).toordinal() - first + 1))
    return tuple(day.toordinal() for day in days if is_working_day(day))


def _working_ordinals(year: int, overrides: Mapping[date, bool] | None) -> tuple[int, ...]:
    """The same with the overrides of that year."""
    plain = _plain_working_ordinals(year)
    if not overrides:
        return plain
    changed = frozenset((day.toordinal(), works) for day, works in overrides.items() if day.year == year)
    return _swapped_working_ordinals(year, changed) if changed else plain


@lru_cache(maxsize=256)
def _swapped_working_ordinals(year: int, changed: frozenset[tuple[int, bool]]) -> tuple[int, ...]:
    free = {ordinal for ordinal, works in changed if not works}
    worked = {ordinal for ordinal, works in changed if works}
    return tuple(sorted(worked.union(_plain_working_ordinals(year)) - free))


def _checked(year: int) -> int:
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError("The result lies outside the years 1 to 9999")
    return year
