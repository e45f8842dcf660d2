"""The days of the demonstration, counted from today: −30 is a month ago, +7 in a week."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from thuocdo.project.packs.reading import NEW_MAP

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
YEAR = 365
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Days:
    """A year that ends at the moment `now`; shorter where the two-tier map is not that old yet."""

    now: datetime

    @property
    def today(self) -> date:
        """The day on which the demonstration is loaded, in Vietnam."""
        return self.now.astimezone(ZONE).date()

    @property
    def midnight(self) -> datetime:
        """The moment at which today began."""
        return datetime.combine(self.today, time(), ZONE)

    @property
    def first(self) -> date:
        """The day on which the record begins."""
        return self.day(-YEAR)

    def day(self, offset: float) -> date:
        """The day at an offset from today; what is past is drawn together where history is short."""
        length = min(YEAR, (self.today - NEW_MAP).days - 1)
        return self.today + timedelta(days=round(offset * length / YEAR if offset < 0 else offset))

    def working_day(self, offset: float) -> date:
        """The same, moved off the weekend, away from today: what is past stays past."""
        found = self.day(offset)
        while found.weekday() >= SATURDAY:
            found += timedelta(days=-1 if offset < 0 else 1)
        return found

    def moment(self, day: date, minute: int) -> datetime:
        """A minute of the working day, from 8 o'clock on."""
        return datetime.combine(day, time(8), ZONE).astimezone(UTC) + timedelta(minutes=minute)

    def next_working_day(self, day: date) -> date:
        """The day itself, or Monday when it is a weekend."""
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        return day
