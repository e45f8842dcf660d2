"""Deadline expressions: where they stand, what kind they are, and the last allowed day they mean."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from thuocdo.engine.calendars import add_working_days, lunar_new_year
from thuocdo.engine.extraction import deadline_forms as forms
from thuocdo.engine.extraction.view import TextView

_DIGITS = str.maketrans("oil", "011")
_ONE_DAY = timedelta(days=1)
_MONTH_NAMES = {
    "giêng": 1,
    "một": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "mười một": 11,
    "mười hai": 12,
    "chạp": 12,
}
_QUARTER_NAMES = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4}
_UNTIL = re.compile(r"trước|chậm|muộn|hạn|đến|tới|hết")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as written, the last allowed day where it is known, and its kind."""

    raw: str | None
    date: date | None
    kind: str


NO_DEADLINE = Deadline(None, None, "none")


@dataclass(frozen=True, slots=True)
class Mention:
    """A time expression found at [start, end) of a view; ``strong`` when its words alone say that it limits."""

    start: int
    end: int
    date: date | None
    kind: str
    strong: bool
    bare: bool = False

    @property
    def closes(self) -> bool:
        """Say whether this is a completion deadline, which ends an assignment."""
        return self.kind not in ("recurring", "none")


def find_mentions(
    view: TextView, start: int, end: int, issued_on: date | None, *, column: bool = False
) -> list[Mention]:
    """Return the time expressions of a stretch in order, without overlaps; the longer of two rivals wins."""
    flat = view.flat
    if not column and not forms.TIME_WORD.search(flat, start, end):
        return []
    found: list[Mention] = []
    for form in forms.RECURRING:
        found += [Mention(m.start(), m.end(), None, "recurring", strong=False) for m in form.finditer(flat, start, end)]
    for match in forms.COUNTED.finditer(flat, start, end):
        found.append(Mention(match.start(), match.end(), _counted_day(match, issued_on, view), "relative", strong=True))
    for match in forms.AFTER.finditer(flat, start, end):
        found.append(Mention(match.start(), match.end(), None, "relative", strong=False))
    for match in forms.DITTO.finditer(flat, start, end):
        found.append(Mention(match.start(), match.end(), None, "ditto", strong=True))
    found += _calendar_mentions(flat, start, end, issued_on)
    found.sort(key=lambda m: (m.start, -m.end))
    kept: list[Mention] = []
    for mention in found:
        if kept and mention.start < kept[-1].end:
            if mention.end - mention.start > kept[-1].end - kept[-1].start and kept[-1].kind != "recurring":
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept


def parse_column(view: TextView, start: int, end: int, issued_on: date | None) -> Deadline:
    """Read the cell of a deadline column, where bare dates and "Thường xuyên" count."""
    raw = view.cut(start, end)
    mentions = [m for m in find_mentions(view, start, end, issued_on, column=True) if m.kind != "ditto"]
    dated = [m for m in mentions if m.date is not None]
    chosen = (dated or mentions)[:1]
    if chosen:
        kind = chosen[0].kind
        return Deadline(view.cut(chosen[0].start, chosen[0].end), chosen[0].date, kind)
    text = view.flat[start:end]
    if re.fullmatch(r"20\d\d", text):
        return Deadline(raw, date(int(text), 12, 31), "within_year")
    bare_month = re.fullmatch(r"([\doil]{1,2})\s?[/.-]\s?([12l][\do][\doil]{2})", text)
    if bare_month and 1 <= _number(bare_month[1]) <= 12:
        month, year = _number(bare_month[1]), _number(bare_month[2])
        return Deadline(raw, date(year, month, monthrange(year, month)[1]), "within_month")
    if re.search(r"thường\s+xuyên|định\s+kỳ|(?:hằng|hàng)\s+(?:năm|tháng|quý|tuần|ngày)", text):
        return Deadline(raw, None, "recurring")
    return NO_DEADLINE


def _calendar_mentions(flat: str, start: int, end: int, issued_on: date | None) -> list[Mention]:
    found = []
    for match in forms.CALENDAR.finditer(flat, start, end):
        if match.start() and flat[match.start() - 1].isalnum():
            continue
        resolved = _resolve(match, issued_on)
        if resolved is None:
            continue
        day, kind = resolved
        head = match["head"]
        strong = bool(_UNTIL.search(head)) and not match["year"]
        found.append(Mention(match.start(), match.end(), day, kind, strong, bare=not head.strip()))
    return found


def _resolve(match: re.Match[str], issued_on: date | None) -> tuple[date | None, str] | None:
    """Return the last allowed day and the kind of one calendar expression, or None when it is no real date."""
    before = "trước" in match["head"]
    if match["part"]:
        return _end_of_part(match["part"], issued_on), "by"
    if match["day"]:
        day = read_day(match["day"], issued_on)
        if day is None:
            return None if not _has_year_missing(match["day"], issued_on) else (None, "before" if before else "by")
        # Before 17 o'clock of a day still allows that day.
        return (day - _ONE_DAY if before and not match["hour"] else day), "before" if before else "by"
    if match["month"]:
        first_last = read_month(match["month"], issued_on)
        return _edge(first_last, before=before, kind="within_month")
    if match["quarter"]:
        return _edge(_read_quarter(match["quarter"], issued_on), before=before, kind="within_quarter")
    if match["tet"]:
        if not before:
            return None
        return _before_tet(match["tet"], issued_on), "before"
    if match["this"]:
        return _this_period(match["head"], match["this"], issued_on, before=before)
    if match["span"]:
        return date(int(match["last"].translate(_DIGITS)), 12, 31), "within_year"
    year = _year_in(match["year"], issued_on)
    return _edge(None if year is None else (date(year, 1, 1), date(year, 12, 31)), before=before, kind="within_year")


def _this_period(head: str, text: str, issued_on: date | None, *, before: bool) -> tuple[date | None, str] | None:
    """Read "đến cuối năm", "trong tháng này", "tháng tới", which only the document's date makes definite."""
    words = " ".join((head + text).split())
    if "tháng" in text:
        if issued_on is None:
            return _edge(None, before=before, kind="within_month")
        later = issued_on.month - 1 + (0 if "này" in text else 1)
        year, month = issued_on.year + later // 12, later % 12 + 1
        first_last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return _edge(first_last, before=before, kind="within_month")
    if not re.search(r"(?:đến|trước|nhất|hết) .*(?:cuối|hết)? ?năm$", words) or not re.search(
        r"(?:cuối|hết) năm$", words
    ):
        return None
    end = None if issued_on is None else date(issued_on.year, 12, 31)
    return end, "within_year"


def _edge(first_last: tuple[date, date] | None, *, before: bool, kind: str) -> tuple[date | None, str]:
    if first_last is None:
        return None, "before" if before else kind
    return (first_last[0] - _ONE_DAY, "before") if before else (first_last[1], kind)


def _has_year_missing(text: str, issued_on: date | None) -> bool:
    numbers = re.findall(r"[\doil]+", text.replace("ngày", ""))
    return issued_on is None and len(numbers) == 2 and 1 <= _number(numbers[0]) <= 31 and 1 <= _number(numbers[1]) <= 12


def _number(text: str) -> int:
    return int(text.translate(_DIGITS))


def _year_in(text: str, issued_on: date | None) -> int | None:
    match = re.search(r"(?<!\w)[12l][\do][\doil]{2}(?!\w)", text)
    if match:
        return _number(match[0])
    if issued_on and re.search(r"nay|này", text):
        return issued_on.year
    if issued_on and re.search(r"năm\s+(?:sau|tới)", text):
        return issued_on.year + 1
    return None


def read_day(text: str, issued_on: date | None) -> date | None:
    """Return the day written in folded text; without a year the first such day on or after the document's date."""
    numbers = re.findall(r"(?<!\w)[\doil]{1,4}(?!\w)", re.sub(r"thứ\s+\w+", "", text))
    if len(numbers) < 2 or not any(c.isdigit() for c in numbers[0] + numbers[1]):
        return None
    day, month = _number(numbers[0]), _number(numbers[1])
    year = _number(numbers[2]) if len(numbers) > 2 else _year_in(text, issued_on)
    if year is not None:
        return _safe_date(year + 2000 if year < 100 else year, month, day)
    if issued_on is None:
        return None
    this_year = _safe_date(issued_on.year, month, day)
    if this_year is not None and this_year >= issued_on:
        return this_year
    return _safe_date(issued_on.year + 1, month, day)


def _safe_date(year: int, month: int, day: int) -> date | None:
    if not (1990 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def read_month(text: str, issued_on: date | None) -> tuple[date, date] | None:
    """Return the first and the last day of a month written in folded text."""
    match = re.search(r"tháng\s+([\doil]{1,2}(?!\w)|mười\s+một|mười\s+hai|\w+)", text)
    if match is None:
        return None
    written = " ".join(match[1].split())
    month = _MONTH_NAMES[written] if written in _MONTH_NAMES else _number(written)
    if not 1 <= month <= 12:
        return None
    year = _year_in(text[match.end() :], issued_on)
    if year is None and issued_on is not None:
        year = issued_on.year if month >= issued_on.month else issued_on.year + 1
    if year is None or not 1990 <= year <= 2100:
        return None
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _read_quarter(text: str, issued_on: date | None) -> tuple[date, date] | None:
    match = re.search(r"quý\s+(\w+)", text)
    written = match[1] if match else ""
    if written == "này" and issued_on is not None:
        quarter = (issued_on.month + 2) // 3
    else:
        quarter = _QUARTER_NAMES.get(written) or _QUARTER_NAMES.get(written.replace("l", "i").replace("1", "i"), 0)
        quarter = quarter or (int(written) if written.isdigit() else 0)
    if not 1 <= quarter <= 4:
        return None
    year = _year_in(text, issued_on)
    if year is None and issued_on is not None:
        year = issued_on.year if 3 * quarter >= issued_on.month else issued_on.year + 1
    if year is None:
        return None
    last_month = 3 * quarter
    return date(year, last_month - 2, 1), date(year, last_month, monthrange(year, last_month)[1])


def _end_of_part(text: str, issued_on: date | None) -> date | None:
    """Return the last day of a part of a month or a year."""
    year = _year_in(text, issued_on) or (issued_on.year if issued_on else None)
    months = re.match(r"(\d{1,2})\s+tháng\s+(đầu|cuối)", text)
    if months or re.match(r"nửa\s+(?:đầu|cuối)\s+năm", text):
        if year is None:
            return None
        last = 12 if "cuối" in text else int(months[1]) if months else 6
        return date(year, last, monthrange(year, last)[1]) if 1 <= last <= 12 else None
    first_last = read_month(text[text.index("tháng") :], issued_on)
    if first_last is None:
        return None
    ends = (
        (r"tuần\s+(?:đầu|(?:thứ\s+)?(?:nhất|1|i)(?!\w))", 7),
        (r"tuần\s+(?:thứ\s+)?(?:hai|2|ii)(?!\w)", 14),
        (r"tuần\s+(?:thứ\s+)?(?:ba|3|iii)(?!\w)", 21),
        (r"tuần\s+(?:thứ\s+)?(?:tư|4|iv)(?!\w)", 28),
        (r"nửa\s+đầu", 15),
        (r"đầu|thượng", 10),
        (r"giữa|trung", 20),
    )
    for form, day in ends:
        if re.match(form, text):
            return first_last[0].replace(day=day)
    return first_last[1]


def _before_tet(text: str, issued_on: date | None) -> date | None:
    year = _year_in(text, issued_on)
    if year is None:
        if issued_on is None:
            return None
        year = issued_on.year if lunar_new_year(issued_on.year) > issued_on else issued_on.year + 1
    return lunar_new_year(year) - _ONE_DAY


def _effective(view: TextView, issued_on: date | None) -> date | None:
    """Return the day from which the document has effect where it names one, else its date."""
    if view.effective is None:
        found = forms.EFFECTIVE.search(view.flat)
        view.effective = found["from"] if found else ""
    return read_day(view.effective, issued_on) or issued_on


def _counted_day(match: re.Match[str], issued_on: date | None, view: TextView) -> date | None:
    """Return the day a count of days from a known day ends on; the starting day itself does not count."""
    signing = match["signing"]
    known = _effective(view, issued_on) if signing and "hiệu lực" in " ".join(signing.split()) else issued_on
    start = known if signing else read_day(match["from"], issued_on) if match["from"] else None
    if start is None or match["unit"] == "giờ":
        return None
    count = int(match["count"])
    if match["working"]:
        return add_working_days(start, count)
    if match["unit"] == "tháng":
        month = start.month - 1 + count
        year, month = start.year + month // 12, month % 12 + 1
        return date(year, month, min(start.day, monthrange(year, month)[1]))
    return start + timedelta(days=count * (7 if match["unit"] == "tuần" else 1))
