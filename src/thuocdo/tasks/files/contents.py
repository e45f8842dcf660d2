"""What a file is by its content, and what is not let in: cut off, locked, with programmes, of two kinds, a bomb."""

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath

from django.utils.translation import gettext
from PIL import Image, UnidentifiedImageError

from thuocdo.tasks.previewing import MOST_PIXELS, NotShown, page_count

# Media type and ending of everything that is let in.
_DOCX = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
_XLSX = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
_PDF = ("application/pdf", ".pdf")
_PNG = ("image/png", ".png")
_JPEG = ("image/jpeg", ".jpg")
_TEXT = ("text/plain", ".txt")
_CSV = ("text/csv", ".csv")
ALLOWED = "docx, pdf, xlsx, png, jpg, txt, csv"

# An honest office file grows a few times when unpacked; a bomb a thousand times.
_MOST_UNPACKED = 400_000_000
_MOST_PARTS = 5_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_TAIL = 2_048
# What a PDF does by itself when it is opened: run a programme, send what was filled in.
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|SubmitForm)\b")
_LOCKED = re.compile(rb"/Encrypt\b")
_OBJECTS = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_MOST_OBJECTS = 4_000_000
# Beginnings of other files; a camera writes many things behind a picture, but none of these.
_OTHER_KINDS = (b"PK\x03\x04", b"%PDF-", b"<script", b"<html", b"<?php", b"<svg", b"\x7fELF", b"MZ\x90\x00")


class FileRefused(ValueError):
    """The file is not let in; the text names it, says why and what to do instead."""

    field = "files"

    def __init__(self, code: str, name: str, message: str, **values: str | int) -> None:
        super().__init__(message % {"name": name, **values})
        self.code = code


def kind_of(data: bytes, name: str) -> tuple[str, str]:
    """Media type and ending of a file that is let in; raises FileRefused for every other."""
    if data.startswith(b"%PDF-"):
        _check_pdf(data, name)
        return _PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        _check_picture(data, name, data.rfind(b"IEND\xaeB`\x82"), 8)
        return _PNG
    if data.startswith(b"\xff\xd8\xff"):
        _check_picture(data, name, data.rfind(b"\xff\xd9"), 2)
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
        _refuse_two_kinds(data, name)
        return _CSV if name.lower().endswith(".csv") else _TEXT
    raise FileRefused(
        "type_not_allowed",
        name,
        gettext("Nội dung tệp “%(name)s” không thuộc loại được nhận; chỉ nhận: %(allowed)s."),
        allowed=ALLOWED,
    )


def _refuse_two_kinds(data: bytes, name: str, after: int | None = None) -> None:
    """Refuse a file that is another one as well; `after` is where what belongs to the picture ends."""
    behind = b"" if after is None else data[after:].lower()
    if zipfile.is_zipfile(io.BytesIO(data)) or any(mark.lower() in behind for mark in _OTHER_KINDS):
        raise FileRefused(
            "two_kinds",
            name,
            gettext("Tệp “%(name)s” chứa một tệp khác bên trong nên không được nhận; mở tệp rồi lưu hoặc in lại."),
        )


def _cut_off(name: str) -> FileRefused:
    return FileRefused(
        "cut_off", name, gettext("Tệp “%(name)s” bị đứt giữa chừng, thiếu phần cuối; chọn lại tệp gốc rồi tải lên.")
    )


def _check_pdf(data: bytes, name: str) -> None:
    if b"%%EOF" not in data[-_TAIL:] and b"startxref" not in data[-_TAIL:]:
        raise _cut_off(name)
    _refuse_two_kinds(data, name)
    if _ACTIVE.search(data) or any(_ACTIVE.search(part) for part in _objects(data)):
        raise FileRefused(
            "active_pdf",
            name,
            gettext("Tệp “%(name)s” chứa mã tự chạy; in lại thành tệp pdf mới (Print to PDF) rồi tải lên."),
        )
    if _LOCKED.search(data):
        # Many files only forbid printing and open without a password: that is for the reader to find out.
        try:
            page_count(data)
        except NotShown as error:
            if error.code == "encrypted_pdf":
                raise FileRefused(
                    "encrypted", name, gettext("Tệp “%(name)s” có mật khẩu; bỏ mật khẩu rồi tải lên.")
                ) from error


def _objects(data: bytes) -> list[bytes]:
    """The objects that a PDF keeps compressed together, as far as a bounded look reaches."""
    parts, left = [], _MOST_OBJECTS
    for found in _OBJECTS.finditer(data):
        try:
            part = zlib.decompressobj().decompress(data[found.end() :], left)
        except zlib.error:
            continue
        parts.append(part)
        left -= len(part)
        if left <= 0:
            break
    return parts


def _check_picture(data: bytes, name: str, end: int, mark: int) -> None:
    if end < 0:
        raise _cut_off(name)
    _refuse_two_kinds(data, name, end + mark)
    try:
        # Only the head is read here; what it says of the size is enough to know a bomb.
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as picture:
            pixels = picture.width * picture.height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pixels = MOST_PIXELS + 1
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise FileRefused(
            "broken_picture", name, gettext("Ảnh “%(name)s” bị hỏng, không mở được; chọn ảnh khác hoặc chụp lại.")
        ) from error
    if pixels > MOST_PIXELS:
        raise FileRefused(
            "too_many_pixels",
            name,
            gettext("Ảnh “%(name)s” quá lớn (trên %(most)s triệu điểm ảnh); thu nhỏ rồi tải lên."),
            most=MOST_PIXELS // 1_000_000,
        )


def _office_kind(data: bytes, name: str) -> tuple[str, str]:
    broken = FileRefused(
        "broken_office", name, gettext("Tệp “%(name)s” bị hỏng hoặc không phải docx, xlsx; lưu lại rồi tải lên.")
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            first, said = min((part.header_offset for part in parts), default=0), archive.comment
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise broken from error
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise FileRefused(
            "bomb",
            name,
            gettext("Tệp “%(name)s” phình to bất thường khi giải nén nên không được nhận; lưu lại dạng pdf."),
        )
    # A file that begins or ends with something else than its own archive is read as that something by others.
    end = data.rfind(b"PK\x05\x06")
    if first != 0 or said or len(data) - end > 22 or b"%PDF-" in data[:1_024]:
        _refuse_two_kinds(data, name)
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
