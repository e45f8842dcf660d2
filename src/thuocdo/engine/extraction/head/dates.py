"""Place and date of a document, as a head, a report or the first line of a report gives them."""

import re
from datetime import date

from thuocdo.engine.extraction.deadlines import read_day
from thuocdo.engine.extraction.view import TextView

_PLACE_DATE = re.compile(r",\s*ngày\s+(?P<day>[\doil]{1,2}\s+tháng\s+[\doil]{1,2}\s+năm\s+[\doil]{4})")
_PLACE = re.compile(
    r"(?:^|\n|\s{3,}|\t|\|\s*)(?P<place>[^\W\d][^\n,;:.|\t]{1,40}?),\s*ngày\s*[\d.…_oil]*\s*tháng\s*[\d.…_oil]*\s*năm"
)
_NEWS_DATE = re.compile(r"(?<![\d/-])(?P<day>\d{1,2}[/-]\d{1,2}[/-]20\d\d)(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_SPOKEN_DATE = re.compile(r"ngày\s+(?P<day>\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+20\d\d)")
_LEFT_OPEN = re.compile(r",\s*ngày[\s.…_]*(?:\d{1,2}\s*)?tháng[\s.…_]*(?:\d{1,2}\s*)?năm")


def issued_on_in(fold: str) -> date | None:
    """Return the day of issue from the folded head; a day that the head leaves open is not looked for elsewhere."""
    place = _PLACE_DATE.search(fold)
    if place:
        return read_day(place["day"], None)
    if _LEFT_OPEN.search(fold[:1200]):
        return None
    iso = _ISO_DATE.search(fold[:400])
    if iso:
        try:
            return date(int(iso["year"]), int(iso["month"]), int(iso["day"]))
        except ValueError:
            return None
    for form in (_NEWS_DATE, _SPOKEN_DATE):
        found = form.search(fold[:700])
        if found:
            return read_day(found["day"], None)
    return None


def place_in(view: TextView, length: int) -> str | None:
    """Return the place before the date ("Hà Nội", "Gia Lai"), also where the day is left open."""
    found = _PLACE.search(view.fold[:length])
    return " ".join(view.written[found.start("place") : found.end("place")].split()) if found else None
