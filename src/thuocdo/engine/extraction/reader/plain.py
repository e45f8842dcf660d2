"""Plain text files: which encoding they are in, and their text."""

import re
import unicodedata
from contextlib import suppress

from thuocdo.engine.extraction.reader.legacy import TCVN3, from_vni
from thuocdo.engine.extraction.reader.media import TEXT
from thuocdo.engine.extraction.reader.source import SourceText, UnreadableDocument, passages_of_lines
from thuocdo.engine.extraction.view import word_set
from thuocdo.engine.spelling import unify_tone_marks

# Frequent syllables that need Vietnamese letters; a right decoding shows many of them, a wrong one none.
_FREQUENT = word_set(
    "của và các được là có không cho đến về một những với việc để công tác nghị quyết định chính phủ"
    " thực hiện nhân dân ủy uỷ bộ tỉnh số ngày tháng năm tổ chức thông báo kết luận trước phối hợp"
    " chủ trì nhiệm vụ cơ quan địa phương khoa học nghệ triển khai đổi mới chuyển dữ liệu báo cáo xây"
    " dựng hành yêu cầu đề nghị giao hoàn thành trình thủ tướng trung ương đảng văn phòng"
)
_ASCII_WORD = re.compile(r"[a-z]+")
_MOJIBAKE = re.compile(r"[µ¶¸¹¨»¼½¾©®ª«¬§]|[aeouy][ùøûõï]|ñ|[aeo][åäãáàâ]")


def read_plain(data: bytes) -> SourceText:
    """Return the text of a plain text file; old Vietnamese encodings are converted and noted."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return _source(data.decode("utf-16"), "utf-16", [])
        except UnicodeDecodeError as error:
            raise UnreadableDocument("unknown_encoding") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _from_bytes(data)
    if len(_MOJIBAKE.findall(text[:20_000].lower())) >= 5:
        # Old text that somebody saved as UTF-8 letter by letter.
        converted = _best([("tcvn3", text.translate(TCVN3)), ("vni", from_vni(text))])
        if converted is not None and _vietnamese(converted[1]) > 2 * _vietnamese(text):
            name, better = converted
            return _source(better, "utf-8", [f"converted_from_{name}"])
    return _source(text, "utf-8", [])


def _from_bytes(data: bytes) -> SourceText:
    western = data.decode("latin-1") if _has_gaps(data) else data.decode("cp1252")
    candidates = [("tcvn3", data.decode("latin-1").translate(TCVN3)), ("vni", from_vni(western))]
    # Bytes that Windows-1258 does not know only rule that encoding out.
    with suppress(UnicodeDecodeError):
        candidates.append(("windows_1258", data.decode("cp1258")))
    chosen = _best(candidates)
    if chosen is None:
        raise UnreadableDocument("unknown_encoding")
    name, text = chosen
    return _source(text, name, [f"converted_from_{name}"])


def _has_gaps(data: bytes) -> bool:
    """Say whether bytes occur that Windows-1252 does not define."""
    return any(byte in data for byte in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))


def _best(candidates: list[tuple[str, str]]) -> tuple[str, str] | None:
    """Return the reading with the most frequent Vietnamese syllables, composed; None when none is convincing."""
    scored = [(_vietnamese(unicodedata.normalize("NFC", text)), name, text) for name, text in candidates]
    score, name, text = max(scored)
    return (name, unicodedata.normalize("NFC", text)) if score >= 0.1 else None


def _vietnamese(text: str) -> float:
    """Return the share of words that are frequent Vietnamese syllables with marks."""
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text[:20_000]).lower())
    marked = [word for word in words if not _ASCII_WORD.fullmatch(word)]
    return sum(unify_tone_marks(word) in _FREQUENT for word in marked) / len(words) if words else 0.0


def _source(text: str, encoding: str, notes: list[str]) -> SourceText:
    return SourceText(text, TEXT, encoding, passages_of_lines(text), tuple(notes))
