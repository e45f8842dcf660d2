"""A workbook packed anew before anything reads it: bounded in bytes and in cells, whatever its archive says of itself.

Two small files can end a process. One unpacks to more than any machine holds, and lies about it; one holds a single
cell in the last row and column, for which readers put a whole table into the memory. What the reader gets is therefore
not the file, but what was counted of it.
"""

import io
import re
import zipfile
from typing import Final

# What readers of figures look at; pictures, fonts and printer settings are left behind.
_PARTS: Final = (".xml", ".rels")
# Where a cell or a row says that it stands: r="H12", r="12". One that says nothing stands behind the one before it.
_PLACE: Final = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)(\d+)""")
_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")


class TooVast(ValueError):
    """More than can be read: too many bytes, or, with `row`, cells that lie too far apart (`row` is the last one)."""

    def __init__(self, row: int = 0) -> None:
        super().__init__(f"cells as far away as row {row}" if row else "too large when unpacked")
        self.row = row


class Broken(ValueError):
    """An archive that cannot be unpacked: cut off, damaged, or locked with a password."""


def packed_anew(content: bytes, *, most_bytes: int, most_cells: int) -> bytes:
    """The workbook with its parts for figures alone, as many bytes as were counted; what is no archive stays as it is.

    Raises TooVast where the parts are more than `most_bytes`, or a sheet has its cells so far apart that the table
    between them has more than `most_cells`, and Broken.
    """
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    written = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(written, "w") as anew:
            if sum(part.file_size for part in archive.infolist()) > most_bytes:
                raise TooVast
            for name in dict.fromkeys(archive.namelist()):
                if name.endswith(_PARTS):
                    # No more is unpacked than was counted, even where the archive holds more.
                    part = archive.read(name)
                    # Any part may be named as a sheet.
                    _refuse_far_cells(part, most_cells)
                    anew.writestr(name, part)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, KeyError) as error:
        raise Broken(str(error)) from error
    return written.getvalue()


def _refuse_far_cells(part: bytes, most_cells: int) -> None:
    rows = columns = 0
    for letters, digits in _PLACE.findall(part):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        # A number of thousands of digits is a row far away as well.
        rows, columns = max(rows, int(digits[:9])), max(columns, column)
    in_rows = [len(_CELL.findall(row)) for row in _ROW.split(part)]
    if (rows + len(in_rows)) * (columns + max(in_rows)) > most_cells:
        raise TooVast(rows or len(in_rows))
