"""What reading a document gives: its text, where each stretch stood, or why it cannot be read."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# No directive is longer: about 1,500 pages of 2,000 characters. What is, would keep the machine busy for minutes.
MOST_CHARACTERS = 3_000_000


@dataclass(frozen=True, slots=True)
class Passage:
    """Where the stretch [start, end) of the text stood in the file; pages count from 1, paragraphs from 0."""

    start: int
    end: int
    page: int | None
    paragraph: int


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a document; ``notes`` are codes of what was done to it, such as ``converted_from_tcvn3``.

    ``margins`` are lines that stand at the edges of the pages and are no part of the text: running heads, stamps.
    """

    text: str
    media_type: str
    encoding: str | None
    passages: tuple[Passage, ...]
    notes: tuple[str, ...]
    margins: tuple[str, ...] = ()


class UnreadableDocument(ValueError):
    """A document that cannot or must not be read; ``code`` says why and ``details`` gives figures for the message."""

    def __init__(self, code: str, details: dict[str, str | int] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details: dict[str, str | int] = details or {}


def place_of(passages: Sequence[Passage], offset: int) -> tuple[int | None, int] | None:
    """Return the page (where the file knows pages) and the paragraph, both from 1, of an offset in the text.

    Paragraphs are counted on their page, or in the whole document without pages. None before the first of them.
    """
    number = bisect_right(passages, offset, key=lambda passage: passage.start) - 1
    if number < 0:
        return None
    page = passages[number].page
    first = 0 if page is None else number
    while first and passages[first - 1].page == page:
        first -= 1
    return page, number - first + 1


def passages_of_lines(text: str) -> tuple[Passage, ...]:
    """Return one passage for each line of a text that is not blank."""
    passages: list[Passage] = []
    offset = 0
    for line in text.split("\n"):
        body = line.strip()
        if body:
            start = offset + line.index(body[0])
            passages.append(Passage(start, start + len(body), None, len(passages)))
        offset += len(line) + 1
    return tuple(passages)


def joined(
    paragraphs: list[tuple[str, int | None]], media_type: str, notes: list[str], margins: Iterable[str] = ()
) -> SourceText:
    """Join paragraphs, each with its page, into one text with a line for each."""
    passages: list[Passage] = []
    pieces = []
    offset = 0
    for text, page in paragraphs:
        if text.strip():
            passages.append(Passage(offset, offset + len(text), page, len(passages)))
        pieces.append(text)
        offset += len(text) + 1
    return SourceText("\n".join(pieces), media_type, None, tuple(passages), tuple(notes), tuple(margins))
