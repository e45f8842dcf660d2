"""Marks of secrecy and of urgency: only where they stand as marks, never the words in running text."""

import re

from thuocdo.engine.extraction.view import TextView
from thuocdo.engine.spelling import unify_tone_marks

_HEAD_LENGTH = 2500
_EDGE = r"(?:^|\n|\s{3,}|\t|[|(\[])[^\S\n]*"
_REST = r"[^\S\n]*(?:$|\n|\s{3,}|\t|[|)\]])"
# A mark is printed in capitals in a place of its own.
_SECRECY = re.compile(rf"{_EDGE}(?P<mark>TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)(?={_REST})")
_NAMED_SECRECY = re.compile(rf"{_EDGE}độ\s+mật\s*:\s*(?P<mark>tuyệt\s+mật|tối\s+mật|mật)(?={_REST})")
_URGENCY = re.compile(rf"{_EDGE}(?P<mark>HỎA\s+TỐC(?:\s+HẸN\s+GIỜ)?|THƯỢNG\s+KHẨN|KHẨN)(?={_REST})")
_NAMED_URGENCY = re.compile(
    rf"{_EDGE}độ\s+khẩn\s*:\s*(?P<mark>hỏa\s+tốc(?:\s+hẹn\s+giờ)?|thượng\s+khẩn|khẩn)(?={_REST})"
)


def secrecy_mark(text: str) -> str | None:
    """Return the secrecy mark of a document (in capitals in a place of its own in the head), or None."""
    view = TextView(text[: _HEAD_LENGTH * 2])
    return _mark(view, _HEAD_LENGTH, _SECRECY, _NAMED_SECRECY)


def urgency_in(view: TextView, length: int) -> str | None:
    """Return the urgency mark of a head, or None."""
    return _mark(view, length, _URGENCY, _NAMED_URGENCY)


def _mark(view: TextView, length: int, plain: re.Pattern[str], named: re.Pattern[str]) -> str | None:
    written = unify_tone_marks(view.written[:length])
    found = plain.search(written) or named.search(view.fold[:length])
    return " ".join(found["mark"].split()).capitalize() if found else None
