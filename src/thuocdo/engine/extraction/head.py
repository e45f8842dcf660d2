"""The head of a document: number, date, kind, issuer, subject, secrecy. A modest first reading."""

import re
from dataclasses import dataclass
from datetime import date

from thuocdo.engine.extraction.deadlines import read_day
from thuocdo.engine.extraction.view import TextView

_HEAD_LENGTH = 2500
_NUMBER = re.compile(r"(?:^|\n|\s{2,})\s*số\s*:?\s*(?P<number>\d[\w.]*\s?[-/]\s?[\w/&-]*\w)", re.MULTILINE)
_PLACE_DATE = re.compile(r",\s*ngày\s+(?P<day>[\doil]{1,2}\s+tháng\s+[\doil]{1,2}\s+năm\s+[\doil]{4})")
_NEWS_DATE = re.compile(r"(?<![\d/-])(?P<day>\d{1,2}[/-]\d{1,2}[/-]20\d\d)(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_SPOKEN_DATE = re.compile(r"ngày\s+(?P<day>\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+20\d\d)")
_KINDS = (
    "nghị quyết|quyết định|chỉ thị|quy chế|quy định|thông báo kết luận|thông báo|hướng dẫn"
    "|chương trình hành động|chương trình|kế hoạch|phương án|đề án|dự án|báo cáo|biên bản|tờ trình"
    "|công điện|công văn|kết luận|thông tri|giấy mời|nghị định|thông tư|luật"
)
_KIND_LINE = re.compile(rf"^\s*(?P<kind>{_KINDS})\s*$", re.MULTILINE)
_SECRECY = re.compile(
    r"^[^\S\n]*(?:độ\s+mật\s*:?\s*)?[(\[|]?\s*(?P<mark>tuyệt\s+mật|tối\s+mật|mật)\s*[)\]|]?\s*$", re.MULTILINE
)
_SECRECY_COLUMN = re.compile(r"(?:^|\s{3,})(?P<mark>TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)(?:\s{3,}|\s*$)", re.MULTILINE)
_SUBJECT_LETTER = re.compile(r"(?:^|\s)v/v\s*:?\s*(?P<subject>[^\n]+(?:\n(?!\s*\n)[^\n]{1,80})?)")


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """What stands at the head of a document; None where it does not stand there or could not be read."""

    number: str | None
    issued_on: date | None
    kind: str | None
    issuer: str | None
    subject: str | None
    secrecy: str | None


def read_head(text: str) -> DocumentHead:
    """Read the head of a document from the first part of its text."""
    view = TextView(text[: _HEAD_LENGTH * 2])
    fold = view.fold[:_HEAD_LENGTH]
    number = _NUMBER.search(fold)
    kind = _KIND_LINE.search(fold)
    official = number is not None or kind is not None
    return DocumentHead(
        number=re.sub(r"\s", "", view.written[number.start("number") : number.end("number")]) if number else None,
        issued_on=_issued_on(fold),
        kind=" ".join(view.written[kind.start("kind") : kind.end("kind")].split()).capitalize() if kind else None,
        issuer=_issuer(view, fold) if official else None,
        subject=_subject(view, fold, kind),
        secrecy=secrecy_mark(text),
    )


def secrecy_mark(text: str) -> str | None:
    """Return the secrecy mark of a document (a line or a column of its own in the head), or None."""
    view = TextView(text[: _HEAD_LENGTH * 2])
    mark = _SECRECY.search(view.fold[:_HEAD_LENGTH]) or _SECRECY_COLUMN.search(view.written[:_HEAD_LENGTH])
    return " ".join(mark["mark"].split()).capitalize() if mark else None


def _issued_on(fold: str) -> date | None:
    place = _PLACE_DATE.search(fold)
    if place:
        return read_day(place["day"], None)
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


def _issuer(view: TextView, fold: str) -> str | None:
    """Join the capital lines at the top left, without the motto beside them."""
    parts: list[str] = []
    offset = 0
    for line in fold.splitlines(keepends=True)[:8]:
        written = view.written[offset : offset + len(line)]
        offset += len(line)
        left = re.split(r"\s{3,}|\t", written.strip())[0].strip(" *")
        if re.match(r"(?:số\s*:?\s*\d|\d)", left.lower()) or (parts and not left):
            break
        if re.match(r"(?:cộng hòa|đảng cộng sản|độc lập)", TextView(left).fold):
            continue
        if left.isupper() and not re.fullmatch(_KINDS, TextView(left).fold):
            parts.append(left)
    return " ".join(parts) or None


def _subject(view: TextView, fold: str, kind: re.Match[str] | None) -> str | None:
    letter = _SUBJECT_LETTER.search(fold)
    if kind is None:
        return " ".join(view.written[letter.start("subject") : letter.end("subject")].split()) if letter else None
    lines: list[str] = []
    offset = kind.end()
    for line in fold[kind.end() :].splitlines(keepends=True):
        written = view.written[offset : offset + len(line)].strip()
        offset += len(line)
        if lines and (not written or set(written) <= set("-_*=")):
            break
        if written and not set(written) <= set("-_*="):
            lines.append(written)
        if len(lines) >= 4:
            break
    return " ".join(lines) or None
