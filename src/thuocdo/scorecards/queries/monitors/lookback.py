"""How far back signs are looked for, and how much of them is told."""

from datetime import date, datetime, time

from django.utils import timezone

from thuocdo.engine.calendars import Period, quarter_of

# How far back is looked: the running quarter and the four before it.
PERIODS = 5
# So many rows of a sign and signs of a kind are told, the most striking ones.
MOST_ROWS = 12
MOST_SIGNS = 30


def quarters_before(on: date) -> list[Period]:
    """The running quarter and those before it, the oldest first."""
    found = [quarter_of(on)]
    while len(found) < PERIODS:
        found.insert(0, found[0].previous())
    return found


def midnight(day: date) -> datetime:
    """The moment in which a day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))
