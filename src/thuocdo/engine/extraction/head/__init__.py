"""The head of a document and its end: number, place and date, kind, issuer, subject, marks, recipients, signature."""

import re
from dataclasses import dataclass
from datetime import date

from thuocdo.engine.extraction.head.dates import issued_on_in, place_in
from thuocdo.engine.extraction.head.kinds import KIND_OF_CODE, kind_of_piece
from thuocdo.engine.extraction.head.lists import legal_bases_in, recipients_in
from thuocdo.engine.extraction.head.marks import secrecy_mark, urgency_in
from thuocdo.engine.extraction.head.numbers import NumberParts, number_in, parts_of_number
from thuocdo.engine.extraction.head.pieces import Piece, pieces_of
from thuocdo.engine.extraction.head.signing import signature_in
from thuocdo.engine.extraction.view import TextView

__all__ = ["DocumentHead", "NumberParts", "parts_of_number", "read_head", "secrecy_mark"]

_HEAD_LENGTH = 2500
_MOTTO = re.compile(r"(?:đảng\s+)?cộng\s+(?:hòa|sản)|đảng\s+cộng|độc\s+lập|tự\s+do|nghĩa\s+việt\s+nam|việt\s+nam$|nam$")
_SUBJECT_LETTER = re.compile(r"(?:^|\s)v/v\s*:?\s*(?P<subject>[^\n]+(?:\n(?!\s*\n)[^\n]{1,80})?)")
_AFTER_SUBJECT = re.compile(
    r"(?:căn\s+cứ|kính\s+gửi|thực\s+hiện|nơi\s+nhận|thủ\s+tướng\s+chính\s+phủ\s+điện|theo\s+đề\s+nghị|quyết\s+định\s*:"
    r"|(?:[ivx]{1,4}|\d{1,2})\s*[.)/]\s|điều\s+\d|ngày\s+\d|sáng\s|chiều\s|trong\s|thời\s+gian|sau\s+khi)"
)
_MOST_SUBJECT_LINES, _LONGEST_SUBJECT = 6, 400


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """What stands at the head and the end of a document; None or () where it does not stand or could not be read."""

    number: str | None
    issued_on: date | None
    kind: str | None
    issuer: str | None
    subject: str | None
    secrecy: str | None
    place: str | None = None
    urgency: str | None = None
    signer: str | None = None
    signer_post: str | None = None
    # The lines of the issuer, from the superior body to the body that signs.
    issuer_lines: tuple[str, ...] = ()
    # "Kính gửi" at the head, "Nơi nhận" at the end.
    addressed_to: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    legal_bases: tuple[str, ...] = ()


def read_head(text: str) -> DocumentHead:
    """Read the head of a document from the first part of its text, and recipients and signature from its end."""
    view = TextView(text[: _HEAD_LENGTH * 2])
    fold = view.fold[:_HEAD_LENGTH]
    pieces = pieces_of(view, _HEAD_LENGTH)
    number = number_in(pieces)
    kind_at = next((place for place, piece in enumerate(pieces) if kind_of_piece(piece)), None)
    letter = _SUBJECT_LETTER.search(fold)
    official = number is not None or kind_at is not None
    kind = kind_of_piece(pieces[kind_at]) if kind_at is not None else None
    if kind is None and number is not None:
        code = parts_of_number(number).kind_code
        kind = KIND_OF_CODE.get(code or "", "Công văn" if letter else None)
    issuer = _issuer_lines(pieces[: kind_at if kind_at is not None else 16]) if official else ()
    post, signer = signature_in(text) if official else (None, None)
    return DocumentHead(
        number=number,
        issued_on=issued_on_in(fold),
        kind=kind,
        issuer=" ".join(issuer) or None,
        subject=_subject(view, pieces, kind_at, letter),
        secrecy=secrecy_mark(text),
        place=place_in(view, _HEAD_LENGTH),
        urgency=urgency_in(view, _HEAD_LENGTH),
        signer=signer,
        signer_post=post,
        issuer_lines=issuer,
        addressed_to=recipients_in(text, "kính gửi") if official else (),
        recipients=recipients_in(text, "nơi nhận") if official else (),
        legal_bases=legal_bases_in(text) if official else (),
    )


def _issuer_lines(pieces: list[Piece]) -> tuple[str, ...]:
    """The capital lines at the top left, without the motto beside or below them."""
    parts: list[str] = []
    for piece in pieces[:16]:
        if re.match(r"(?:số\s*:?\s*[\d.…/-]|\d)", piece.fold) and piece.is_left:
            break
        if not piece.is_left or _MOTTO.match(piece.fold) or not piece.text.isupper() or kind_of_piece(piece):
            continue
        if urgency_in_piece(piece.text) or len(piece.text) < 3 or re.match(r"bản\s+(?:sao|nháp)", piece.fold):
            continue
        parts.append(piece.text)
    return tuple(parts)


def urgency_in_piece(text: str) -> bool:
    """Say whether a piece is a mark and no part of a name."""
    folded = TextView(text).fold
    return re.fullmatch(r"(?:thượng\s+)?khẩn|h(?:ỏa|oả)\s+tốc.*|(?:tuyệt\s+|tối\s+)?mật", folded) is not None


def _subject(view: TextView, pieces: list[Piece], kind_at: int | None, letter: re.Match[str] | None) -> str | None:
    if kind_at is None:
        return " ".join(view.written[letter.start("subject") : letter.end("subject")].split()) if letter else None
    lines: list[str] = []
    first = pieces[kind_at]
    rest = first.text[len(kind_of_piece(first) or "") :].strip(" :.-") if len(first.text.split()) > 4 else ""
    if rest:
        lines.append(rest)
    for piece in pieces[kind_at + 1 :]:
        if lines and (piece.after_gap or set(piece.text) <= set("-_*=─—")):
            break
        if set(piece.text) <= set("-_*=─—"):
            continue
        begins = piece.text[0].isupper() or piece.text[0].isdigit()
        if lines and (
            (begins and _AFTER_SUBJECT.match(piece.fold))
            or piece.text.endswith((".", ";", ":"))
            or len(piece.text) > 220
        ):
            break
        lines.append(piece.text)
        if len(lines) >= _MOST_SUBJECT_LINES or sum(map(len, lines)) > _LONGEST_SUBJECT:
            break
    return " ".join(lines) or None
