"""The ruler of days: where a day lies on it (per cent), its ticks, and the way to the time before and after."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

ZOOMS = {"thang": 1, "quy": 3, "nam": 12}


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the ruler with its words."""

    at: float
    words: str
    is_strong: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """The days that a ruler shows, both included."""

    first: date
    last: date
    zoom: str

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1

    def at(self, day: date) -> float:
        """Where the day begins, from 0 to 100; days outside lie at the ends."""
        return round(100 * min(max((day - self.first).days, 0), self.days) / self.days, 3)

    def after(self, day: date) -> float:
        """Where the day ends."""
        return self.at(day + timedelta(days=1))

    def shows(self, day: date) -> bool:
        """Whether the day is on the ruler."""
        return self.first <= day <= self.last

    def ticks(self) -> list[Tick]:
        """Mondays of a month, months of a quarter or year."""
        found = []
        if self.zoom == "thang":
            day = self.first
            while day <= self.last:
                if day.weekday() == 0 or day == self.first:
                    found.append(Tick(self.at(day), f"{day:%d/%m}", day.weekday() == 0))
                day += timedelta(days=1)
            return found
        day = self.first
        while day <= self.last:
            words = gettext("tháng %(month)s") % {"month": day.month} if self.zoom == "quy" else f"T{day.month}"
            found.append(Tick(self.at(day), words, day.month % 3 == 1))
            day = plus_months(day, 1)
        return found

    def moved(self, steps: int) -> date:
        """The first day of the time that many zooms later."""
        return plus_months(self.first, steps * ZOOMS[self.zoom])


def plus_months(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def scale_for(zoom: str, on: date) -> Scale:
    """The month, quarter or year in which the day lies."""
    months = ZOOMS[zoom]
    first = date(on.year, (on.month - 1) // months * months + 1, 1)
    end = plus_months(first, months - 1)
    return Scale(first, end.replace(day=monthrange(end.year, end.month)[1]), zoom)
