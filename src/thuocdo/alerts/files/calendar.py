"""Deadlines as an iCalendar file (RFC 5545): all-day events that calendars fetch again and keep in step.

Only this much of the standard is needed and only in this direction, so it is written here: lines of at most 75 octets,
text escaped, identifiers that stay the same, what was cancelled said to be cancelled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

# RFC 5545, 3.1: octets of a line without its end.
LONGEST_LINE = 75


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day on which something is due. `number` grows with every change; `changed_at` is the time of the last one."""

    identifier: str
    day: date
    title: str
    words: str
    address: str
    changed_at: datetime
    number: int = 0
    is_cancelled: bool = False
    category: str = ""


def calendar_ics(deadlines: Iterable[Deadline], *, name: str, host: str) -> bytes:
    """The calendar `name` as bytes in UTF-8; identifiers end with `host`, so that two instances never meet."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Thước Đo//Lịch nhiệm vụ//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for one in deadlines:
        lines += _event(one, host)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(one: Deadline, host: str) -> list[str]:
    changed = f"{one.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return [
        "BEGIN:VEVENT",
        f"UID:{one.identifier}@{host}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{one.number}",
        # A day has no hour and no time zone; its end is the day after, which does not belong to it.
        f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(one.title)}",
        f"DESCRIPTION:{escaped(one.words)}",
        f"URL:{one.address}",
        *([f"CATEGORIES:{escaped(one.category)}"] if one.category else []),
        f"STATUS:{'CANCELLED' if one.is_cancelled else 'CONFIRMED'}",
        # Whoever has something due on a day is not busy all day.
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """A text as a value (3.3.11): backslash, comma and semicolon marked, new lines as \\n, other controls left out."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(letter for letter in text if letter.isprintable() or letter == "\t")


def folded(line: str) -> bytes:
    """A line in pieces of at most 75 octets, never within a letter; each further piece begins with a space."""
    pieces: list[bytes] = []
    piece = b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    pieces.append(piece)
    return b"\r\n".join(pieces) + b"\r\n"
