"""Word files for tests, written part by part, so that each peculiarity of the format can be put into one."""

import io
import zipfile

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph with one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def numbered(text: str, list_id: int, level: int = 0) -> str:
    """A paragraph of a list."""
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def table(*rows: list[str]) -> str:
    """A table; cells are given as their content, or as a pair of properties and content parted by "||"."""
    shown = ""
    for row in rows:
        cells = ""
        for cell in row:
            properties, _, content = cell.rpartition("||")
            content = content if content.startswith("<") else paragraph(content)
            cells += f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"
        shown += f"<w:tr>{cells}</w:tr>"
    return f"<w:tbl>{shown}</w:tbl>"


def word_file(body: str, *, main: str = "document.xml", extra: dict[str, bytes] | None = None, **parts: str) -> bytes:
    """A docx with this body; `parts` are the contents of numbering, styles, footnotes, endnotes."""
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>'
        for number, kind in enumerate(parts)
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument"'
            f' Target="word/{main}"/></Relationships>',
        )
        archive.writestr(f"word/{main}", f"<w:document {_W} {_MORE}><w:body>{body}</w:body></w:document>")
        archive.writestr(f"word/_rels/{main}.rels", f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>')
        for kind, content in parts.items():
            archive.writestr(f"word/{kind}.xml", f"<w:{kind} {_W}>{content}</w:{kind}>")
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return stream.getvalue()
