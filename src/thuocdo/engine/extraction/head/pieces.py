"""The head of a document cut into pieces: lines, and the two sides of a line on which two things stand."""

import re
from dataclasses import dataclass

from thuocdo.engine.extraction.view import TextView

_APART = re.compile(r"\s{3,}|\t+|\s+\|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One side of a line, as written and folded; `after_gap` after an empty line."""

    text: str
    fold: str
    is_left: bool
    after_gap: bool


def pieces_of(view: TextView, length: int) -> list[Piece]:
    """Return the pieces of the first `length` characters in their order."""
    pieces: list[Piece] = []
    offset = 0
    gap = False
    for line in view.fold[:length].splitlines(keepends=True):
        written = view.written[offset : offset + len(line)]
        body = written.strip("\r\n")
        offset += len(line)
        if not body.strip():
            gap = bool(pieces)
            continue
        indent = len(body) - len(body.lstrip())
        found = [part.strip(" *|\ufeff") for part in _APART.split(body.strip()) if part.strip(" *|\ufeff")]
        for number, part in enumerate(found):
            # A line far to the right is the right side of a head whose left side is empty there.
            is_left = number == 0 and (indent < 25 or len(found) > 1)
            pieces.append(Piece(part, TextView(part).fold, is_left, gap))
        gap = gap and not found
    return pieces
