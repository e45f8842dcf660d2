"""What somebody may have meant who wrote a code, a period or a unit that is none."""

import difflib
from collections.abc import Iterable
from datetime import date

from thuocdo.engine.calendars import PeriodError, read_period

# Looking for look-alikes takes milliseconds; beyond this many different codes a batch is simply another's.
MOST_ASKED = 40
LONGEST_ASKED = 60


class Nearest:
    """The known codes, asked for the one nearest to a wrong code; every wrong code is looked up once."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._codes = list(codes)
        self._exact: dict[str, str] | None = None
        self._found: dict[str, str] = {}

    def to(self, given: str) -> str:
        """The code that was probably meant; empty when none is near, or too many have been asked for."""
        if given in self._found:
            return self._found[given]
        if len(self._found) >= MOST_ASKED or len(given) > LONGEST_ASKED:
            return ""
        if self._exact is None:
            # Capitals, hyphens and lost zeros at the front are the usual slips.
            self._exact = {_bare(code): code for code in sorted(self._codes, key=len, reverse=True)}
        near = self._exact.get(_bare(given)) or next(iter(difflib.get_close_matches(given, self._codes, 1, 0.75)), "")
        self._found[given] = near
        return near


def _bare(code: str) -> str:
    return code.strip().lower().replace("-", "_").replace(" ", "_").lstrip("0")


def period_meant(given: str) -> str:
    """The period as we write it, of one written in a usual other way; empty when nothing can be told for sure.

    Known are Vietnamese words (Quý III/2026, Tháng 9/2026, Năm 2026), 09/2026, Q3/2026, 2026Q3, 202609,
    2026/09/14 and day first with 14/09/2026 or 14-09-2026; month first is never guessed.
    """
    text = given.strip()
    for written in (text, *_rewritten(text)):
        try:
            label = read_period(written).label
        except PeriodError:
            continue
        if label.startswith(("19", "20")):
            return label
    return ""


def _rewritten(text: str) -> Iterable[str]:
    parts = text.replace("/", "-").replace(".", "-").split("-")
    upper = text.upper().replace(" ", "")
    if len(text) <= LONGEST_ASKED and all(part.isascii() and part.isdecimal() for part in parts):
        match [len(part) for part in parts]:
            case [6]:
                yield f"{text[:4]}-{text[4:]}"
            case [8]:
                yield f"{text[:4]}-{text[4:6]}-{text[6:]}"
            case [4, _]:
                yield f"{parts[0]}-{parts[1]:0>2}"
            case [_, 4]:
                yield f"{parts[1]}-{parts[0]:0>2}"
            case [4, _, _]:
                yield f"{parts[0]}-{parts[1]:0>2}-{parts[2]:0>2}"
            case [_, _, 4]:
                yield f"{parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}"
    elif len(upper) in (6, 7) and "Q" in upper:
        digits = upper.replace("/", "").replace("-", "").replace("Q", " ").split()
        if len(digits) == 2:
            yield f"{digits[0]}-Q{digits[1]}"
        elif len(digits) == 1 and len(digits[0]) == 5:
            yield f"{digits[0][1:]}-Q{digits[0][0]}"


def written_day(day: date) -> str:
    """A day as Vietnamese readers write it."""
    return f"{day.day:02}/{day.month:02}/{day.year}"
