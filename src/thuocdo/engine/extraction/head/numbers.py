"""Numbers and symbols of documents, in the Party's and the State's arrangements, old and new."""

import re
from dataclasses import dataclass

from thuocdo.engine.extraction.head.kinds import KIND_OF_CODE
from thuocdo.engine.extraction.head.pieces import Piece

_MARKED = re.compile(
    r"(?:luật\s+|nghị\s+quyết\s+|lệnh\s+)?(?:số|so)\s*[:.]?\s*(?P<number>\d[\w.]*\s{0,2}[-/]\s?[\w/&.-]*(?:\s?-\s?[\w/&]+)*\w)"
)
_BARE = re.compile(r"(?P<number>\d{1,5}(?:/20\d\d)?\s?[-/]\s?[A-ZĐ][\w]{0,4}\s?[-/]\s?[A-ZĐ][\w/&.-]*)")
_SERIAL = re.compile(r"(?P<serial>\d+[a-zđ]?)")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class NumberParts:
    """A number and symbol taken apart: 71/NQ-CP is 71, NQ, CP; 07-TB/CQTTBCĐ is 07, TB, CQTTBCĐ."""

    serial: str
    year: int | None
    kind_code: str | None
    body_code: str | None
    unit_code: str | None


def number_in(pieces: list[Piece]) -> str | None:
    """Return the number and symbol of a head, without spaces; None where a head leaves its number open."""
    for piece in pieces:
        found = _MARKED.match(piece.fold)
        if found:
            return re.sub(r"\s", "", piece.text[found.start("number") : found.end("number")])
    for piece in pieces[:14]:
        bare = _BARE.fullmatch(piece.text)
        if bare:
            return re.sub(r"\s", "", bare["number"])
    return None


def parts_of_number(number: str) -> NumberParts:
    """Take a number and symbol apart; the code of the kind is told by its letters, not by its place.

    `KH-UBND` is a plan of the committee, `UBND-TH` a letter of its general division.
    """
    pieces = [piece for piece in re.split(r"[/-]", number.replace(" ", "")) if piece]
    serial = _SERIAL.match(pieces[0]) if pieces else None
    codes = pieces[1:]
    year = next((int(code) for code in codes if _YEAR.fullmatch(code)), None)
    codes = [code for code in codes if not _YEAR.fullmatch(code)]
    kind = next((code for code in codes if code in KIND_OF_CODE), None)
    if kind is None and codes and re.fullmatch(r"QH\d+", codes[0]):
        kind = "QH"
    others = [code for code in codes if code != kind]
    return NumberParts(
        serial["serial"] if serial else "",
        year,
        kind,
        others[0] if others else None,
        others[1] if len(others) > 1 else None,
    )
