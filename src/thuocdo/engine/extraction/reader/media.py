"""What kind of file some bytes are, by their content and never by a name."""

import io
import re
import zipfile

TEXT = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_CONTROL = frozenset(range(32)) - {9, 10, 11, 12, 13, 27}
_SAMPLE = 65_536
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"


def media_type_of(data: bytes) -> str | None:
    """Return the media type of a readable document, or None when the bytes are something else."""
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK"):
        return DOCX if _holds_word_document(data) else None
    if refusal_of(data):
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or wide_encoding(data):
        return TEXT
    sample = data[:_SAMPLE]
    if not sample or any(byte in _CONTROL for byte in sample):
        return None
    return TEXT


def refusal_of(data: bytes) -> str | None:
    """Return the code for a kind of file that people take for a Word document or a text, with a remedy of its own."""
    if data.startswith(_OLE):
        return "encrypted_docx" if "EncryptedPackage".encode("utf-16-le") in data else "legacy_doc"
    if data.startswith(b"{\\rtf"):
        return "rich_text"
    if _WEB_PAGE.match(data[:200].removeprefix(b"\xef\xbb\xbf")):
        return "web_page"
    return "open_document" if data.startswith(b"PK") and _ODT in data[:200] else None


def wide_encoding(data: bytes) -> str | None:
    """Return which UTF-16 a text without a byte order mark is in, by where its zero bytes stand."""
    sample = data[:4_096]
    half = len(sample) // 2
    if half < 4 or len(data) % 2:
        return None
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    # Most letters of Vietnamese are below U+0100, so every other byte is mostly zero.
    if high > 0.4 * half and low <= 0.02 * half:
        return "utf-16-le"
    return "utf-16-be" if low > 0.4 * half and high <= 0.02 * half else None


def _holds_word_document(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.startswith("word/document") for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        # A damaged archive that speaks of a Word document is a broken Word document, not an unknown type.
        return b"word/document" in data
