"""What changed between two texts, word by word, for people to read."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Kind = Literal["same", "added", "removed"]
_PIECE = re.compile(r"\S+|\s+")
# Texts with more pieces are compared line by line: word by word would take longer than anybody waits.
_MOST_PIECES = 8_000


class Change(NamedTuple):
    """A stretch of text and what became of it."""

    kind: Kind
    text: str


def word_changes(old: str, new: str) -> list[Change]:
    """The stretches that stayed, were removed or added, in the order of reading; removed before added.

    Everything but what was removed is the new text, everything but what was added the old one.
    """
    before, after = _pieces(old), _pieces(new)
    if len(before) + len(after) > 2 * _MOST_PIECES:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[Change] = []
    # Long texts repeat words so often that the matcher would otherwise take minutes.
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > 2_000)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            found.append(Change("same", "".join(before[start:end])))
            continue
        if end > start:
            found.append(Change("removed", "".join(before[start:end])))
        if new_end > new_start:
            found.append(Change("added", "".join(after[new_start:new_end])))
    return found


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(text)
