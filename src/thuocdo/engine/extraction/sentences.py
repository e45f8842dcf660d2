"""A block cut into sentences and clauses, and the words that only link them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.name_ends import skip_spaces
from thuocdo.engine.extraction.view import TextView

_LONGEST_SENTENCE = 5_000
_SENTENCE_END = re.compile(r"[.!?…]+[\"')]*(?=\s)")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:tp|tx|tt|q|p|h|pgs|gs|ts|ths|bs|mr|st|đ/c|v\.v)$")


def sentences(view: TextView, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a block as stretches; a monstrous one is cut, so that the work stays bounded."""
    for begin, stop in _whole_sentences(view, start, end):
        for piece in range(begin, stop, _LONGEST_SENTENCE):
            yield piece, min(piece + _LONGEST_SENTENCE, stop)


def _whole_sentences(view: TextView, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for stop in _SENTENCE_END.finditer(view.flat, start, end):
        after = skip_spaces(view, stop.end())
        if after < end and not (
            view.is_capital(after) or view.flat[after] in "\"'(" or view.flat[stop.start()] in "!?"
        ):
            continue
        if view.flat[stop.start()] == "." and _ABBREVIATION.search(
            view.flat, max(begin, stop.start() - 5), stop.start()
        ):
            continue
        if stop.end() > begin:
            yield begin, stop.end()
        begin = after
    if begin < end:
        yield begin, end


def skip_links(view: TextView, offset: int, limit: int) -> int:
    """Return the offset after linking words ("đồng thời", "bên cạnh đó")."""
    while True:
        offset = skip_spaces(view, offset)
        link = stops.LINK.match(view.flat, offset, limit)
        if link is None:
            return offset
        offset = link.end() + (view.flat[link.end() : link.end() + 1] == ",")


def semicolon_clauses(view: TextView, start: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches between semicolons."""
    edges = [start, *(m.end() for m in re.compile(r";\s*").finditer(view.flat, start, end)), end]
    return list(pairwise(edges))


def inside_quotes(flat: str, start: int, end: int) -> tuple[int, int]:
    """Return what is said between quotes when a sentence begins with one and its speaker follows."""
    if flat[start] != '"':
        return start, end
    closing = flat.find('"', start + 1, end)
    return (start + 1, closing) if closing > 0 else (start + 1, end)
