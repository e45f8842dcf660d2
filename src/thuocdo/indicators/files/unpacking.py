"""A workbook packed anew before anything reads it: bounded in bytes and in cells, whatever its archive says of itself.

Two small files can end a process. One unpacks to more than any machine holds, and lies about it; one holds a single
cell in the last row and column, for which the reader puts a whole table into the memory. What the reader gets is
therefore not the file, but what was counted of it.
"""

import io
import re
import zipfile
from typing import Final

from django.utils.translation import gettext as _

from .layout import LARGEST_UNPACKED, SheetUnreadable

# A template of ten thousand lines has 130,000 cells.
MOST_CELLS: Final = 2_000_000
# What readers of figures look at; pictures, fonts and printer settings are left behind.
_PARTS: Final = (".xml", ".rels")
# Where a cell or a row says that it stands: r="H12", r="12". One that says nothing stands behind the one before it.
_PLACE: Final = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)(\d+)""")
_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")


def packed_anew(content: bytes) -> bytes:
    """The workbook with its parts for figures alone, as many bytes as were counted; what is no archive stays as it is.

    Raises SheetUnreadable where the parts are more than LARGEST_UNPACKED bytes, or a sheet has its cells so far apart
    that the table between them has more than MOST_CELLS.
    """
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content  # Older formats are no archives; what is no workbook at all is refused by the reader.
    written = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(written, "w") as anew:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise SheetUnreadable(_("Tệp quá lớn sau khi giải nén; hãy dùng biểu mẫu và chia thành nhiều tệp."))
            for name in dict.fromkeys(archive.namelist()):
                if name.endswith(_PARTS):
                    # No more is unpacked than was counted, even where the archive holds more.
                    part = archive.read(name)
                    # Any part may be named as a sheet.
                    _refuse_far_cells(part)
                    anew.writestr(name, part)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, KeyError) as error:
        raise SheetUnreadable(
            _("Không đọc được tệp; hãy lưu lại dưới dạng Excel (.xlsx), không đặt mật khẩu, rồi tải lên.")
        ) from error
    return written.getvalue()


def _refuse_far_cells(part: bytes) -> None:
    rows = columns = 0
    for letters, digits in _PLACE.findall(part):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        # A number of thousands of digits is a row far away as well.
        rows, columns = max(rows, int(digits[:9])), max(columns, column)
    in_rows = [len(_CELL.findall(row)) for row in _ROW.split(part)]
    if (rows + len(in_rows)) * (columns + max(in_rows)) > MOST_CELLS:
        raise SheetUnreadable(
            _("Trang tính có ô nằm quá xa bảng (dòng %(row)s); sao chép bảng sang biểu mẫu mới rồi tải lên.")
            % {"row": rows or len(in_rows)}
        )
