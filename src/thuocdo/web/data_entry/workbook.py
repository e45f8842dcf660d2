"""What kind of file was uploaded, before its rows are read: each thing that is no filled-in template is told apart."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree import ElementTree

from django.utils.translation import gettext, ngettext

from thuocdo.indicators.files import COLUMNS, HEADING_ROW, SHEET, SheetUnreadable
from thuocdo.web.design.figures import number

MEGABYTE = 1_000_000
# Ten thousand filled-in lines take about half a megabyte.
LARGEST = 10 * MEGABYTE
LARGEST_UNPACKED = 120 * MEGABYTE
MOST_PARTS = 2_000
# So many cells or ranges are named; the others are counted.
MOST_NAMED = 8

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the workbook found: cells that hold formulas, in the columns and rows that are read."""

    formulas: tuple[str, ...] = ()

    def cautions(self) -> list[str]:
        """What a person should know before the figures are recorded."""
        if not self.formulas:
            return []
        words = {"cells": _named(self.formulas)}
        return [
            gettext(
                "Có công thức ở %(cells)s: hệ thống không chạy công thức, chỉ lấy giá trị đã lưu trong tệp; "
                "kiểm tra lại giá trị ở bảng dưới."
            )
            % words
        ]


def look(content: bytes) -> Looked:
    """Look at an uploaded file; raises SheetUnreadable, whose message says what it is and what to do."""
    if not content.strip(b"\0 \r\n\t"):
        raise SheetUnreadable(gettext("Tệp rỗng; chọn lại tệp biểu mẫu đã điền."))
    if len(content) > LARGEST:
        words = {"size": number(round(len(content) / MEGABYTE, 1)), "most": LARGEST // MEGABYTE}
        raise SheetUnreadable(
            gettext("Tệp %(size)s MB, lớn hơn %(most)s MB; xóa hình ảnh và trang tính thừa, hoặc chia thành nhiều tệp.")
            % words
        )
    if content.startswith(_OLE):
        raise SheetUnreadable(_ole(content))
    if not content.startswith(b"PK"):
        raise SheetUnreadable(_foreign(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _look_inside(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError, OSError) as error:
        raise SheetUnreadable(
            gettext("Tệp Excel bị hỏng hoặc tải lên chưa trọn; mở bằng Excel, lưu lại rồi tải lên lần nữa.")
        ) from error
    except ElementTree.ParseError as error:
        raise SheetUnreadable(
            gettext("Nội dung bên trong tệp Excel bị hỏng; sao chép số liệu sang biểu mẫu mới rồi tải lên.")
        ) from error


def _ole(content: bytes) -> str:
    if _ENCRYPTED in content:
        return gettext("Tệp đặt mật khẩu nên không đọc được; bỏ mật khẩu trong Excel, lưu lại rồi tải lên.")
    return gettext("Đây là tệp Excel 97–2003 (.xls) hoặc tệp Office cũ; mở bằng Excel và lưu thành .xlsx.")


def _foreign(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        return gettext("Đây là tệp PDF; tải lên biểu mẫu Excel (.xlsx) đã điền.")
    if b"\0" not in content[:4096]:
        return gettext("Đây là tệp văn bản hoặc CSV; mở biểu mẫu Excel, dán số liệu vào rồi lưu thành .xlsx.")
    return gettext("Đây không phải là tệp Excel (.xlsx); tải biểu mẫu về, điền vào đó rồi tải lên.")


def _look_inside(archive: zipfile.ZipFile) -> Looked:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise SheetUnreadable(gettext("Tệp quá lớn sau khi giải nén; dùng biểu mẫu và chia thành nhiều tệp."))
    if any(part.flag_bits & 1 for part in parts):
        raise SheetUnreadable(gettext("Tệp nén có mật khẩu; bỏ mật khẩu, lưu thành .xlsx rồi tải lên."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise SheetUnreadable(
            gettext("Tệp có chứa macro nên không được nhận; lưu lại thành “Sổ làm việc Excel (.xlsx)” không có macro.")
        )
    if "xl/workbook.bin" in names:
        raise SheetUnreadable(gettext("Đây là tệp Excel nhị phân (.xlsb); lưu lại thành .xlsx rồi tải lên."))
    if "xl/workbook.xml" not in names:
        raise SheetUnreadable(_not_a_workbook(names))
    return _look_at_cells(archive, _sheet_part(archive))


def _not_a_workbook(names: set[str]) -> str:
    if "word/document.xml" in names:
        return gettext("Đây là tệp Word; tải lên biểu mẫu Excel (.xlsx) đã điền.")
    if "content.xml" in names:
        return gettext("Đây là bảng tính OpenDocument (.ods); lưu lại thành .xlsx rồi tải lên.")
    return gettext("Đây là tệp nén, không phải tệp Excel; giải nén và tải lên từng tệp .xlsx.")


def _sheet_part(archive: zipfile.ZipFile) -> str:
    """The part that holds the sheet to fill in, or the first sheet, which is read where that one is missing."""
    sheets = list(_read(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet"))
    if not sheets:
        raise SheetUnreadable(gettext("Tệp không có trang tính nào; tải lại biểu mẫu về và điền vào đó."))
    wanted = next((sheet for sheet in sheets if sheet.get("name") == SHEET), sheets[0])
    links = _read(archive, "xl/_rels/workbook.xml.rels")
    target = next((link.get("Target", "") for link in links if link.get("Id") == wanted.get(_LINK)), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _read(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    content = archive.read(part)
    _refuse_declarations(content[:1024])
    return ElementTree.fromstring(content)  # noqa: S314 (no document type, hence no entities)


def _refuse_declarations(head: bytes) -> None:
    """Excel writes no document type; only what wants to blow the reader up does."""
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise SheetUnreadable(gettext("Tệp có nội dung lạ mà Excel không tạo ra; lưu lại bằng Excel rồi tải lên."))


def _look_at_cells(archive: zipfile.ZipFile, part: str) -> Looked:
    """Walk the sheet once: formulas never computed and merged cells would lose figures without a word."""
    formulas: list[str] = []
    empty: list[str] = []
    merged: list[str] = []
    with archive.open(part) as stream:
        _refuse_declarations(stream.read(1024))
    with archive.open(part) as stream:
        for element in _elements(stream):
            if element.tag == f"{_MAIN}c":
                formula = element.find(f"{_MAIN}f")
                if formula is not None and _is_read(element.get("r", "")):
                    value = element.find(f"{_MAIN}v")
                    has_value = value is not None and bool((value.text or "").strip())
                    (formulas if has_value else empty).append(element.get("r", ""))
                element.clear()
            elif element.tag == f"{_MAIN}mergeCell":
                area = element.get("ref", "")
                if any(_is_read(corner) for corner in area.split(":")):
                    merged.append(area)
    if merged:
        raise SheetUnreadable(
            gettext("Các ô %(cells)s đang gộp nên mất số liệu của những dòng sau; bỏ gộp ô và điền từng dòng.")
            % {"cells": _named(merged)}
        )
    if empty:
        raise SheetUnreadable(
            gettext("Công thức ở %(cells)s chưa được tính; mở tệp bằng Excel rồi lưu lại, hoặc dán giá trị vào ô.")
            % {"cells": _named(empty)}
        )
    return Looked(tuple(formulas))


def _elements(stream: IO[bytes]) -> Iterator[ElementTree.Element]:
    for _event, element in ElementTree.iterparse(stream):  # noqa: S314 (see above)
        yield element
        if element.tag == f"{_MAIN}row":
            element.clear()


def _is_read(cell: str) -> bool:
    """Whether a cell lies below the headings, in one of the template's columns."""
    found = _CELL.fullmatch(cell)
    if found is None:
        return False
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) > HEADING_ROW and column <= len(COLUMNS)


def _named(cells: "list[str] | tuple[str, ...]") -> str:
    """The first cells by name, the others counted."""
    shown = ", ".join(cells[:MOST_NAMED])
    left = len(cells) - MOST_NAMED
    if left <= 0:
        return shown
    return ngettext("%(cells)s và %(left)s ô khác", "%(cells)s và %(left)s ô khác", left) % {
        "cells": shown,
        "left": number(left),
    }
