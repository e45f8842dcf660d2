"""Files that people attach as evidence: what they are by their content, whether they are let in, their names.

Bytes to plain objects; decides nothing about tasks.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext

from thuocdo.engine.spelling import nfc

# Media type and ending of everything that is let in.
_DOCX = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
_XLSX = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
_PDF = ("application/pdf", ".pdf")
_PNG = ("image/png", ".png")
_JPEG = ("image/jpeg", ".jpg")
_TEXT = ("text/plain", ".txt")
_CSV = ("text/csv", ".csv")
_OTHER_ENDINGS = {".jpg": {".jpeg"}}
ALLOWED = "docx, pdf, xlsx, png, jpg, txt, csv"

# An honest office file grows a few times when unpacked; a bomb a thousand times.
_MOST_UNPACKED = 400_000_000
_MOST_PARTS = 5_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives: what the person calls it, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was let in, with a name that is safe to show and the type that its content says."""

    name: str
    media_type: str
    data: bytes


class FileRefused(ValueError):
    """The file is not let in; the text names it, says why and what to do instead."""

    field = "files"

    def __init__(self, code: str, name: str, message: str, **values: str | int) -> None:
        super().__init__(message % {"name": name, **values})
        self.code = code


def check_upload(upload: Upload, *, max_bytes: int) -> CheckedFile:
    """The upload with its true media type; raises FileRefused for what is empty, too large or not allowed."""
    name = _plain_name(upload.name)
    if not upload.data:
        raise FileRefused("empty", name, gettext("Tệp “%(name)s” không có nội dung; chọn lại tệp."))
    if len(upload.data) > max_bytes:
        raise FileRefused(
            "too_large",
            name,
            gettext("Tệp “%(name)s” quá lớn; giảm dung lượng hoặc chia nhỏ để mỗi tệp không quá %(most)s MB."),
            most=max_bytes // 1_000_000,
        )
    media_type, ending = _kind(upload.data, name)
    given = PurePosixPath(name).suffix.lower()
    if given != ending and given not in _OTHER_ENDINGS.get(ending, set()):
        # The content decides; whoever downloads the file gets the ending that fits it.
        name = f"{name[: 255 - len(ending)]}{ending}"
    return CheckedFile(name, media_type, upload.data)


def _kind(data: bytes, name: str) -> tuple[str, str]:
    if data.startswith(b"%PDF-"):
        return _PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _PNG
    if data.startswith(b"\xff\xd8\xff"):
        return _JPEG
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data, name)
    if data.startswith(_OLD_OFFICE):
        raise FileRefused(
            "old_or_encrypted_office",
            name,
            gettext("Tệp “%(name)s” là tệp Office đời cũ hoặc có mật khẩu; bỏ mật khẩu, lưu lại dạng docx hoặc xlsx."),
        )
    if PurePosixPath(name).suffix.lower() in (".txt", ".csv") and _is_text(data):
        return _CSV if name.lower().endswith(".csv") else _TEXT
    raise FileRefused(
        "type_not_allowed",
        name,
        gettext("Nội dung tệp “%(name)s” không thuộc loại được nhận; chỉ nhận: %(allowed)s."),
        allowed=ALLOWED,
    )


def _office_kind(data: bytes, name: str) -> tuple[str, str]:
    broken = FileRefused(
        "broken_office", name, gettext("Tệp “%(name)s” bị hỏng hoặc không phải docx, xlsx; lưu lại rồi tải lên.")
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise broken from error
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise FileRefused(
            "bomb",
            name,
            gettext("Tệp “%(name)s” phình to bất thường khi giải nén nên không được nhận; lưu lại dạng pdf."),
        )
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused("encrypted", name, gettext("Tệp “%(name)s” có mật khẩu; bỏ mật khẩu rồi tải lên."))
    if any(PurePosixPath(part).name.lower() == "vbaproject.bin" for part in names):
        raise FileRefused(
            "macros", name, gettext("Tệp “%(name)s” chứa macro; lưu lại dạng docx hoặc xlsx không có macro.")
        )
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return _DOCX
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return _XLSX
    raise broken


def _is_text(data: bytes) -> bool:
    """Whether bytes are text in UTF-8, UTF-16 with its mark, or a one-byte encoding without control characters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data.decode("utf-16")
        except UnicodeDecodeError:
            return False
        return True
    return _CONTROL.search(data) is None


def _plain_name(name: str) -> str:
    last = PurePosixPath(nfc(name).replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable()).strip(". ")[-255:] or "tep"


def open_file(address: str) -> File[bytes]:
    """The kept bytes of a piece of evidence, opened for reading."""
    return default_storage.open(address, "rb")
