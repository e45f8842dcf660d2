"""Reading the bytes of a batch: JSON or one JSON object a line, plain or compressed, never more than bounded."""

import zlib
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic_core import from_json

JSON, LINES = "application/json", "application/x-ndjson"
MEDIA_TYPES = {JSON: JSON, LINES: LINES, "application/ndjson": LINES, "application/jsonl": LINES}
ENCODINGS = ("", "identity", "gzip")
# A hundred thousand rows take some 25 MB; what unpacks to more is a mistake or an attack.
MOST_BYTES = 64_000_000
_PIECE = 1 << 20
OnError = Literal["refuse_all", "keep_good"]


class Unreadable(ValueError):
    """Bytes that are no batch; `field` and `code` are for machines, the message names the remedy."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field, self.code = field, code


class TooLarge(Unreadable):
    """The bytes unpack to more than is taken at once."""


class NotJson:
    """Stands in the place of a line that is no JSON."""


@dataclass(frozen=True, slots=True)
class Given:
    """A batch as read: its rows, unchecked, and what it says about errors, if it does."""

    rows: list[Any]
    on_error: OnError | None


def read_batch(content: bytes, *, media_type: str, encoding: str = "", most_bytes: int = MOST_BYTES) -> Given:
    """The rows of a batch; raises Unreadable, and TooLarge for what unpacks to more than `most_bytes`."""
    if encoding == "gzip":
        content = unpack(content, most_bytes=most_bytes)
    elif len(content) > most_bytes:
        raise _too_large(most_bytes)
    content = content.removeprefix(b"\xef\xbb\xbf")
    if media_type == LINES:
        return Given(_lines(content), None)
    try:
        payload = from_json(content)
    except ValueError:
        raise Unreadable("", "not_json", _("Nội dung gửi không phải là JSON hợp lệ.")) from None
    if not isinstance(payload, dict) or not isinstance(payload.get("rows"), list):
        raise Unreadable("rows", "rows_missing", _('Nội dung gửi phải có dạng {"rows": […]}.'))
    if unknown := sorted(payload.keys() - {"rows", "on_error"}):
        raise Unreadable(unknown[0][:60], "unknown_field", _("Chỉ có các trường rows và on_error."))
    return Given(payload["rows"], on_error_of(payload["on_error"]) if "on_error" in payload else None)


def on_error_of(given: object) -> OnError:
    """What is to be done when rows are wrong; raises Unreadable for anything else."""
    if given == "refuse_all":
        return "refuse_all"
    if given == "keep_good":
        return "keep_good"
    raise Unreadable("on_error", "unknown_choice", _("on_error phải là refuse_all hoặc keep_good."))


def unpack(content: bytes, *, most_bytes: int = MOST_BYTES) -> bytes:
    """What gzip has packed, a piece at a time, so that a small request cannot fill the memory."""
    pieces: list[bytes] = []
    size = 0
    rest = content
    while rest:
        # A file may consist of several members, one after the other.
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                piece = member.decompress(rest, _PIECE)
            except zlib.error:
                raise Unreadable("", "not_gzip", _("Nội dung nén không đọc được; nén lại bằng gzip.")) from None
            rest = member.unconsumed_tail
            size += len(piece)
            if size > most_bytes:
                raise _too_large(most_bytes)
            pieces.append(piece)
            if not piece and not rest and not member.eof:
                raise Unreadable("", "truncated", _("Nội dung nén bị cắt cụt; gửi lại toàn bộ."))
        rest = member.unused_data
    return b"".join(pieces)


def _too_large(most_bytes: int) -> TooLarge:
    text = _("Nội dung gửi vượt quá %(size)d MB sau khi giải nén; hãy chia thành nhiều lần gửi.")
    return TooLarge("", "too_large", text % {"size": most_bytes // 1_000_000})


def _lines(content: bytes) -> list[Any]:
    """One value a line; lines without anything are skipped and not counted."""
    lines = [line for line in content.splitlines() if line.strip()]
    try:
        # All at once is several times faster, and good for almost every batch.
        rows = from_json(b"[" + b",".join(lines) + b"]")
    except ValueError:
        rows = None
    if isinstance(rows, list) and len(rows) == len(lines):
        return rows
    return [_line(line) for line in lines]


def _line(line: bytes) -> Any:
    try:
        return from_json(line)
    except ValueError:
        return NotJson()
