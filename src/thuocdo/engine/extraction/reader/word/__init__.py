"""Word documents (docx): what a reader of the printed page would see, with one table row a line and tabs between cells.

Automatic numbers are written out, tracked changes taken as accepted, hidden text, comments and running heads left out,
footnotes put at the end. Macros are never looked at.
"""

from thuocdo.engine.extraction.reader.media import DOCX
from thuocdo.engine.extraction.reader.plain import paragraphs_in_unicode
from thuocdo.engine.extraction.reader.source import SourceText, UnreadableDocument, joined
from thuocdo.engine.extraction.reader.word.body import Body
from thuocdo.engine.extraction.reader.word.package import Package


def read_word(data: bytes) -> SourceText:
    """Return the text of a Word document; archives that unpack too large or define XML entities are refused."""
    with Package(data) as package:
        try:
            body = Body(package)
            paragraphs, margins = body.paragraphs(), body.margins()
        except UnreadableDocument:
            raise
        except Exception as error:
            raise UnreadableDocument("broken_docx") from error
    paragraphs, notes = paragraphs_in_unicode(paragraphs)
    return joined(paragraphs, DOCX, sorted({*body.notes, *notes}), margins)
