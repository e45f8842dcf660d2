"""What kind of file some bytes are, by their content and never by a name."""

import io
import zipfile

TEXT = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_CONTROL = frozenset(range(32)) - {9, 10, 11, 12, 13, 27}
_SAMPLE = 65_536


def media_type_of(data: bytes) -> str | None:
    """Return the media type of a readable document, or None when the bytes are something else."""
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK"):
        return DOCX if _holds_word_document(data) else None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return TEXT
    sample = data[:_SAMPLE]
    if not sample or any(byte in _CONTROL for byte in sample):
        return None
    return TEXT


def _holds_word_document(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        # A damaged archive that speaks of a Word document is a broken Word document, not an unknown type.
        return b"word/document.xml" in data
