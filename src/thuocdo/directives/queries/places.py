"""Where in the file a stretch of a document's text stood: page and paragraph."""

from dataclasses import dataclass

from thuocdo.directives.models import Document
from thuocdo.engine.extraction.reader import Passage, place_of


@dataclass(frozen=True, slots=True)
class Place:
    """A page, where the file knows pages, and a paragraph on it (else of the whole document), both from 1."""

    page: int | None
    paragraph: int


class Places:
    """The places of one document, for as many offsets as one asks about."""

    def __init__(self, document: Document) -> None:
        self._passages = [Passage(**passage) for passage in document.passages]

    def of(self, offset: int) -> Place | None:
        """The place of an offset of the text; None before the first paragraph."""
        found = place_of(self._passages, offset)
        return Place(*found) if found else None
