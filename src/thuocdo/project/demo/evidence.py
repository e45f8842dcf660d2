"""Small invented files that bodies attach to their reports: real Word, PDF and text files, each a page long."""

import io
import re
import zipfile
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from textwrap import wrap

import docx
import vl_convert

from thuocdo.tasks.files import Upload

FONTS = Path(__file__).resolve().parents[2] / "web" / "charts" / "fonts"
ENDINGS = ("docx", "pdf", "txt")
_LINE = 62
_THUMBNAIL = re.compile(rb"<Relationship [^>]*thumbnail[^>]*/>")
# Every part of the files carries the same time: the same words give the same bytes.
_NEVER = (2026, 1, 1, 0, 0, 0)


def evidence(*, ending: str, name: str, title: str, lines: list[str], on: date) -> Upload:
    """A file with the title and the lines; `ending` is one of ENDINGS."""
    told = ["Văn bản minh hoạ, nội dung hư cấu.", f"Ngày {on:%d/%m/%Y}.", "", *lines]
    match ending:
        case "docx":
            data = _word(title, told)
        case "pdf":
            data = _pdf(title, told)
        case _:
            data = "\n".join([title.upper(), "", *told, ""]).encode()
    return Upload(f"{name}.{ending}", data)


@cache
def _model() -> tuple[tuple[str, bytes], ...]:
    """The parts of a Word file with places for title and text; made once, because python-docx takes its time."""
    document = docx.Document()
    document.add_heading("$TITLE", level=1)
    document.add_paragraph("$TEXT")
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as archive:
        # The picture of the model's first page would be that of an empty one.
        return tuple(
            (part, _THUMBNAIL.sub(b"", archive.read(part)) if part == "_rels/.rels" else archive.read(part))
            for part in archive.namelist()
            if "thumbnail" not in part
        )


def _word(title: str, lines: list[str]) -> bytes:
    text = "</w:t><w:br/><w:t>".join(escape(line) for line in lines)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, content in _model():
            filled = content
            if part == "word/document.xml":
                filled = content.decode().replace("$TITLE", escape(title)).replace("$TEXT", text).encode()
            place = zipfile.ZipInfo(part, _NEVER)
            archive.writestr(place, filled, compress_type=zipfile.ZIP_DEFLATED, compresslevel=1)
    return stream.getvalue()


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def _pdf(title: str, lines: list[str]) -> bytes:
    """One A4 page with a text layer."""
    _register_fonts()
    rows = [(18, part) for part in wrap(title, _LINE - 16)] + [(12, "")]
    rows += [(12, part) for line in lines for part in (wrap(line, _LINE) or [""])]
    height, drawn = 80, []
    for size, row in rows:
        drawn.append(f'<text x="64" y="{height}" font-family="Be Vietnam Pro" font-size="{size}">{escape(row)}</text>')
        height += round(size * 1.6)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="595" height="842">{"".join(drawn)}</svg>'
    return bytes(vl_convert.svg_to_pdf(svg))
