"""Plain text files: which encoding they are in, and their text."""

import re
import unicodedata
from contextlib import suppress

from thuocdo.engine.extraction.reader.legacy import TCVN3, from_vni
from thuocdo.engine.extraction.reader.media import TEXT, wide_encoding
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
# UTF-8 that was read as Windows-1252 and saved again.
_TWICE = re.compile(r"á[»º][\x80-\xbf\u0152-\u2122]|Ä[‘\x91]|Æ[°¡]")
_WESTERN = {bytes([code]).decode("cp1252"): code for code in range(128, 256) if code not in (129, 141, 143, 144, 157)}
_MODERN = re.compile("[\u1ea0-\u1ef9ăơưđĂƠƯĐ]")
_OLD_LINE = re.compile(r"[µ¶¸¹¨¾©®ª«¬]|[aeouy][ùøûõï]")
_MOJIBAKE = re.compile(r"[µ¶¸¹¨»¼½¾©®ª«¬§]|[aeouy][ùøûõï]|ñ|[aeo][åäãáàâ]")


def read_plain(data: bytes) -> SourceText:
    """Return the text of a plain text file; old Vietnamese encodings are converted and noted."""
    wide = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else wide_encoding(data)
    if wide:
        try:
            return _source(data.decode(wide), wide, [])
        except UnicodeDecodeError as error:
            raise UnreadableDocument("unknown_encoding") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _from_bytes(data)
    better, notes = in_unicode(text)
    return _source(better, "utf-8", notes)


def in_unicode(text: str) -> tuple[str, list[str]]:
    """Mend text that was in an old encoding, or in UTF-8 twice, when somebody saved it letter by letter."""
    sample = text[:20_000]
    if len(_TWICE.findall(sample)) >= 3:
        once = _once(text)
        if once is not None and _vietnamese(once) > _vietnamese(text):
            return once, ["converted_from_double_utf8"]
    if len(_MOJIBAKE.findall(sample.lower())) >= 5:
        converted = _best([("tcvn3", text.translate(TCVN3)), ("vni", from_vni(text))])
        if converted is not None and _vietnamese(converted[1]) > 2 * _vietnamese(text):
            name, better = converted
            return better, [f"converted_from_{name}"]
    return _line_by_line(text)


def paragraphs_in_unicode(
    paragraphs: list[tuple[str, int | None]],
) -> tuple[list[tuple[str, int | None]], list[str]]:
    """Mend the paragraphs of a document that was set in an old Vietnamese font."""
    mended, notes = in_unicode("\n".join(text for text, _page in paragraphs))
    if not notes:
        return paragraphs, []
    lines = iter(mended.split("\n"))
    return [("\n".join(next(lines) for _ in range(text.count("\n") + 1)), page) for text, page in paragraphs], notes


def _line_by_line(text: str) -> tuple[str, list[str]]:
    """Convert single lines that were pasted from an old document; all others stay as they are."""
    if text.isascii() or not _OLD_LINE.search(text):
        return text, []
    lines = text.split("\n")
    notes: set[str] = set()
    for number, line in enumerate(lines):
        if line.isascii() or _MODERN.search(line) or len(_MOJIBAKE.findall(line.lower())) < 3:
            continue
        found = _best([("tcvn3", line.translate(TCVN3)), ("vni", from_vni(line))])
        if found is not None and _vietnamese(found[1]) > 2 * _vietnamese(line):
            lines[number] = found[1]
            notes |= {f"converted_from_{found[0]}", "mixed_encodings"}
    return "\n".join(lines), sorted(notes)


def _once(text: str) -> str | None:
    """Undo one reading of UTF-8 as Windows-1252; None when the text was not made so."""
    data = bytearray()
    for letter in text:
        code = _WESTERN.get(letter, ord(letter))
        if code > 255:
            return None
        data.append(code)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _from_bytes(data: bytes) -> SourceText:
    mixed = _mixed(data)
    if mixed is not None:
        return mixed
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


def _mixed(data: bytes) -> SourceText | None:
    """Read a file of which most lines are UTF-8 and some are not; None when it is another kind of file."""
    lines = data.split(b"\n")
    read: list[str | None] = []
    sound = 0
    for line in lines:
        try:
            read.append(line.decode("utf-8"))
            sound += not line.isascii()
        except UnicodeDecodeError:
            read.append(None)
    broken = [number for number, text in enumerate(read) if text is None]
    if sound < 2 * len(broken):
        return None
    notes = {"mixed_encodings"}
    shown = [text or "" for text in read]
    for number in broken:
        line = lines[number]
        candidates = [("tcvn3", line.decode("latin-1").translate(TCVN3))]
        with suppress(UnicodeDecodeError):
            candidates.append(("windows_1258", line.decode("cp1258")))
        if not _has_gaps(line):
            candidates.append(("vni", from_vni(line.decode("cp1252"))))
        found = _best(candidates)
        if found is None:
            # A stray byte, or letters cut in two: the rest of the line is still to be read.
            shown[number] = line.decode("utf-8", errors="replace")
            notes.add("damaged_characters")
        else:
            shown[number] = found[1]
            notes.add(f"converted_from_{found[0]}")
    return _source("\n".join(shown), "utf-8", sorted(notes))


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
