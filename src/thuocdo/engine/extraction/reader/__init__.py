"""From the bytes of a document to its text, with the place of every stretch; hostile files are refused."""

import re
import unicodedata
from dataclasses import replace

from thuocdo.engine.extraction.head import secrecy_mark
from thuocdo.engine.extraction.reader import pdf, plain, word
from thuocdo.engine.extraction.reader.media import DOCX, PDF, TEXT, media_type_of, refusal_of
from thuocdo.engine.extraction.reader.source import MOST_CHARACTERS, Passage, SourceText, UnreadableDocument, place_of

__all__ = ["DOCX", "PDF", "TEXT", "Passage", "SourceText", "UnreadableDocument", "media_type_of", "place_of", "read"]

_WORD = re.compile(r"[^\W\d_]+")
_FEW_WORDS = 40
_READERS = {TEXT: plain.read_plain, DOCX: word.read_word, PDF: pdf.read_pdf}


def read(data: bytes, *, max_bytes: int = 20_000_000) -> SourceText:
    """Return the text of a document; raises ``UnreadableDocument`` with a code when it must not or cannot be read.

    The text of a UTF-8 file is the file itself, decoded and nothing else, so that offsets stay exact.
    """
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        raise UnreadableDocument("empty")
    if len(data) > max_bytes:
        raise UnreadableDocument("too_large", {"bytes": len(data), "limit": max_bytes})
    media_type = media_type_of(data)
    if media_type is None:
        raise UnreadableDocument(refusal_of(data) or "unsupported_type")
    source = _READERS[media_type](data)
    if not source.text.strip("\ufeff \t\r\n"):
        raise UnreadableDocument("empty")
    if len(source.text) > MOST_CHARACTERS:
        raise UnreadableDocument("too_large", {"characters": len(source.text), "limit": MOST_CHARACTERS})
    mark = secrecy_mark(source.text) or secrecy_mark("\n".join(source.margins))
    if mark is not None:
        raise UnreadableDocument("secret", {"mark": mark})
    return source if _is_vietnamese(source.text) else replace(source, notes=(*source.notes, "not_vietnamese"))


def _is_vietnamese(text: str) -> bool:
    """Say whether a text is Vietnamese with its marks; of a few words one cannot tell."""
    words = _WORD.findall(unicodedata.normalize("NFC", text[:20_000]))
    return len(words) < _FEW_WORDS or sum(not word.isascii() for word in words) >= 0.15 * len(words)
