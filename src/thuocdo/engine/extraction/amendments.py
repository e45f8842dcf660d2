"""Amendments: sentences that change a task given elsewhere, which task they name, and what they change."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from thuocdo.engine.extraction.addressees import addressees_at, names_of
from thuocdo.engine.extraction.assignments import find_assignments
from thuocdo.engine.extraction.deadlines import NO_DEADLINE, Deadline, find_mentions
from thuocdo.engine.extraction.drafts import Assignment
from thuocdo.engine.extraction.head import read_head
from thuocdo.engine.extraction.layout import HEADING, lay_out
from thuocdo.engine.extraction.sentences import sentences
from thuocdo.engine.extraction.view import TextView


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an amending sentence names: a task by code, or an item of a document; and which parts it changes.

    `changes` holds `deadline`, `lead`, `product` or `wording`; empty where the sentence does not say.
    """

    item: int | None
    code: str
    symbol: str
    changes: tuple[str, ...]


_CODE = re.compile(r"\bnv-\d{4}-\d{6}\b", re.IGNORECASE)
_SYMBOL = re.compile(r"\bsố\s+(\d{1,5}(?:/\d{4})?[/-][\wĐđ/\-]*\w)", re.IGNORECASE)
_ITEM = re.compile(
    r"nhiệm\s+vụ\s+(?:số|thứ|tại\s+(?:điểm|mục|số)|mục|điểm)\s*(?:thứ\s+tự\s+)?(\d{1,4})\b(?![/\-.]\w)", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:sửa\s+đổi|điều\s+chỉnh|bổ\s+sung|thay\s+thế|thay\s+đổi|gia\s+hạn|lùi|kéo\s+dài)\b", re.IGNORECASE
)
_CHANGED = (
    ("deadline", re.compile(r"gia\s+hạn|thời\s+hạn|hạn\s+hoàn\s+thành|thời\s+gian|tiến\s+độ", re.IGNORECASE)),
    ("lead", re.compile(r"cơ\s+quan\s+(?:chủ\s+trì|thực\s+hiện)|đơn\s+vị\s+chủ\s+trì", re.IGNORECASE)),
    ("product", re.compile(r"sản\s+phẩm|kết\s+quả\s+đầu\s+ra", re.IGNORECASE)),
    ("wording", re.compile(r"nội\s+dung|như\s+sau|tên\s+nhiệm\s+vụ", re.IGNORECASE)),
)


def read_amendment(sentence: str) -> Amendment | None:
    """What a sentence amends ("sửa đổi thời hạn của nhiệm vụ số 12 tại Thông báo số 07-TB/CQTTBCĐ …"), if it does.

    An item without a document means one of a document amended as a whole, whose symbol stands elsewhere.
    """
    if _VERB.search(sentence) is None:
        return None
    code, item, symbol = _CODE.search(sentence), _ITEM.search(sentence), _SYMBOL.search(sentence)
    if code is None and item is None:
        return None
    changes = tuple(name for name, pattern in _CHANGED if pattern.search(sentence))
    return Amendment(
        item=int(item[1]) if item else None,
        code=code[0].upper() if code else "",
        symbol=symbol[1] if symbol else "",
        changes=changes,
    )


_AMENDED_DOCUMENT = re.compile(
    r"(?:sửa\s+đổi|bổ\s+sung|điều\s+chỉnh)[^.\n]{0,120}?(?:thông\s+báo|nghị\s+quyết|quyết\s+định|kết\s+luận|kế\s+hoạch"
    r"|chương\s+trình|chỉ\s+thị|công\s+văn)\s+số\s+(\d{1,5}(?:/\d{4})?[/-][\wĐđ/\-]*\w)",
    re.IGNORECASE,
)


def amended_symbol(text: str) -> str:
    """The symbol of the document that a whole document amends, as its title or first lines say; else empty."""
    found = _AMENDED_DOCUMENT.search(text[:4000])
    return found[1] if found else ""


_NUMBER_BEFORE = re.compile(r"(?:^|[\n|\t])\s*(?:nhiệm\s+vụ\s+(?:số\s+)?)?(\d{1,4})\s*[.)\]:|\t]\s*$", re.IGNORECASE)


def item_number(text: str, start: int) -> int | None:
    """The number that stands before an assignment in its list or table row ("12. …", "12 | …"), if one does."""
    found = _NUMBER_BEFORE.search(text[max(0, start - 40) : start])
    return int(found[1]) if found else None


def find_orders(text: str, *, issued_on: date | None = None) -> list[Assignment]:
    """Return the assignments of a text and the sentences that amend tasks given elsewhere, in order.

    An assignment that overlaps an amending sentence gives way to it: the sentence changes a task, it gives none.
    """
    amending = list(find_amendments(text, issued_on=issued_on))
    given = [
        one
        for one in find_assignments(text, issued_on=issued_on)
        if not any(one.start < other.end and other.start < one.end for other in amending)
    ]
    return sorted([*given, *amending], key=lambda one: (one.start, one.end))


def find_amendments(text: str, *, issued_on: date | None = None) -> Iterable[Assignment]:
    """Return the sentences that amend a task, as assignments with the reason `amends`; see `read_amendment`."""
    view = TextView(text)
    issued_on = issued_on or read_head(text).issued_on
    for block in lay_out(view):
        if block.kind == HEADING:
            continue
        for start, end in sentences(view, block.start, block.end):
            while end > start and text[end - 1] in " .;,\n\r\t":
                end -= 1
            if end > start and read_amendment(text[start:end]) is not None:
                yield _assignment(view, start, end, issued_on)


# A new lead stands behind one of these; the old one does not.
_NEW_LEAD = re.compile(r"\b(?:sang|thành|cho|là|:)\s+")


def _assignment(view: TextView, start: int, end: int, issued_on: date | None) -> Assignment:
    mentions = [one for one in find_mentions(view, start, end, issued_on) if one.date is not None]
    # "từ ngày 30/6 sang ngày 30/9": the later in the sentence is the new one.
    last = mentions[-1] if mentions else None
    deadline = Deadline(view.cut(last.start, last.end), last.date, last.kind) if last is not None else NO_DEADLINE
    leads: tuple[str, ...] = ()
    for found in _NEW_LEAD.finditer(view.flat, start, end):
        if (addressed := addressees_at(view, found.end(), end)) is not None:
            leads = names_of(view, addressed)
    return Assignment(
        start=start,
        end=end,
        lead=leads,
        coordinating=(),
        action=view.cut(start, end),
        deliverable=None,
        deadline=deadline,
        target=None,
        addressee_kind="named" if leads else "none",
        confidence=0.8,
        reasons=("amends",),
    )
