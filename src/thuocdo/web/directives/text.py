"""The text of a document on screen: cut into parts of bearable size, drawn with its marks, found again by quotation.

Offsets count the characters of the text as it was read. What is drawn holds exactly these characters and nothing
else, so that a selection in the browser can be counted back to offsets.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from thuocdo.directives.queries import CandidateState, segments

if TYPE_CHECKING:
    from thuocdo.directives.models import Candidate, Document

# A page holds at most so many assignments, or so many characters where there are few.
MOST_CANDIDATES = 80
LONGEST_TEXT = 60_000
# Where an assignment may be cut: behind a mark that closes a clause, or before a word that joins two.
_CLAUSES = re.compile(r"(?<=[;,.:])\s+|\s*\n\s*|\s+(?=(?:và|hoặc|đồng thời)\s)")
_WORDS = re.compile(r"\s+")
# Which state a stretch shows that several assignments share.
_ORDER = (CandidateState.PROPOSED, CandidateState.CONFIRMED, CandidateState.REJECTED)


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a document: its number from 1 and its stretch [start, end) of the text."""

    number: int
    start: int
    end: int


def parts_of(text: str, spans: Iterable[tuple[int, int]]) -> list[TextPart]:
    """Cut a text into parts of bearable size, at line ends and never inside one of the spans (in order)."""
    edges, held, reached = [0], 0, 0
    for start, end in [*spans, (len(text), len(text))]:
        while start - max(edges[-1], reached) > LONGEST_TEXT:
            free = max(edges[-1], reached)
            edges.append(_line_end(text, free + 1, free + LONGEST_TEXT))
            held = 0
        if start >= reached and held and (held >= MOST_CANDIDATES or end - edges[-1] > LONGEST_TEXT):
            edges.append(_line_end(text, reached, start))
            held = 0
        held += 1
        reached = max(reached, end)
    edges = sorted({*edges, len(text)})
    pairs = pairwise(edges)
    return [TextPart(number, start, end) for number, (start, end) in enumerate(pairs, 1)] or [TextPart(1, 0, len(text))]


def _line_end(text: str, low: int, high: int) -> int:
    """The last place in [low, high] where a line begins, else `high`."""
    return text.rfind("\n", low, high) + 1 or high


def part_at(parts: Sequence[TextPart], offset: int) -> TextPart:
    """The part that holds the offset."""
    return parts[max(bisect_right([part.start for part in parts], offset) - 1, 0)]


def draw(
    document: "Document", candidates: Sequence["Candidate"], numbers: dict[int, int], part: TextPart
) -> SafeString:
    """The text of a part as HTML: every assignment marked, with an empty link that shows its number."""
    states = {found.pk: CandidateState(found.state) for found in candidates}
    begun: set[int] = set()
    pieces: list[SafeString] = []
    for segment in segments(document, candidates):
        start, end = max(segment.start, part.start), min(segment.end, part.end)
        if start >= end:
            continue
        # A carriage return has to be written as a reference, or the browser would swallow it and miscount.
        shown = mark_safe(escape(document.text[start:end]).replace("\r", "&#13;"))  # noqa: S308 (escaped here)
        for pk in segment.candidates:
            if pk not in begun:
                begun.add(pk)
                pieces.append(_number(pk, numbers[pk]))
        if segment.candidates:
            pieces.append(
                format_html(
                    '<mark class="{}" data-c="{}">{}</mark>',
                    min((states[pk] for pk in segment.candidates), key=_ORDER.index),
                    " ".join(map(str, segment.candidates)),
                    shown,
                )
            )
        else:
            pieces.append(shown)
    return mark_safe("".join(pieces))  # noqa: S308 (joined from safe pieces)


def _number(pk: int, number: int) -> SafeString:
    return format_html(
        '<a class="n" id="c{0}" href="#k{0}" data-n="{1}" aria-label="{2}"></a>',
        pk,
        number,
        gettext("Nhiệm vụ %(number)s") % {"number": number},
    )


def locate(text: str, quotation: str) -> list[tuple[int, int]]:
    """Where a quotation stands in a text; white space and the form of Vietnamese letters (NFC, NFD) do not matter."""
    words = quotation.split()
    if not words:
        return []
    forms = [{unicodedata.normalize(form, word) for form in ("NFC", "NFD")} | {word} for word in words]
    pattern = r"\s+".join("(?:" + "|".join(sorted(map(re.escape, form))) + ")" for form in forms)
    return [found.span() for found in re.finditer(pattern, text)]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an assignment between two places where it may be cut; `offset` is its beginning."""

    offset: int
    text: str


def pieces_of(text: str, start: int, end: int, *, by_word: bool = False) -> list[Piece]:
    """The stretch [start, end) cut wherever it may be split: at clauses, or before every word."""
    cuts = [found.end() for found in (_WORDS if by_word else _CLAUSES).finditer(text, start, end)]
    edges = sorted({start, *(cut for cut in cuts if start < cut < end), end})
    return [Piece(low, text[low:high]) for low, high in pairwise(edges) if text[low:high].strip()]
