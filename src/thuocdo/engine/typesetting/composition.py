"""Which words of a letter stand where under a layout; what both writers draw, so that docx and pdf cannot differ."""

from dataclasses import dataclass
from datetime import date

from thuocdo.engine.typesetting.faces import width
from thuocdo.engine.typesetting.layouts import MARGINS, PAGE, Layout
from thuocdo.engine.typesetting.letters import Heading, Letter
from thuocdo.engine.typesetting.wording import clean

# Room for a number or a day written in by hand.
_BLANK = "\u00a0" * 7
_POINTS_IN_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Composition:
    """The frame of a letter in words; lengths of rules in points, 0 where a sign stands instead."""

    superior: str
    body: str
    body_rule: float
    head_rule: float
    number: str
    letter_subject: str
    day: str
    kind: str
    subject: str
    subject_rule: float
    addressees: tuple[str, ...]
    authority: str
    post: str
    name: str
    recipients: tuple[str, ...]
    title: str


def compose(letter: Letter, layout: Layout) -> Composition:
    """The frame of the letter under the layout."""
    body, kind, subject = (_line(words) for words in (letter.body, letter.kind, letter.subject))
    body, kind = body.upper(), kind.upper()
    last_head, last_size = layout.heads[-1]
    # "1/3 to 1/2 of the length of the line" (Annex I); of what fits on one line where the words need several.
    part = 0.4
    body_width = min(width(body, layout.body_size, bold=True), layout.left * _POINTS_IN_MM)
    subject_width = min(width(subject, layout.subject_size, bold=True), text_width(is_across=letter.is_across))
    signature = letter.signature
    return Composition(
        superior=_line(letter.superior).upper(),
        body=body,
        body_rule=0 if layout.body_sign else part * body_width,
        head_rule=width(last_head, last_size, bold=True),
        number=layout.number.format(number=_line(letter.number) or _BLANK, symbol=_line(letter.symbol)),
        letter_subject="" if kind or not subject else layout.letter_subject.format(subject=subject),
        day=f"{_line(letter.place)}, {day_in_words(letter.date)}",
        kind=kind,
        subject=subject if kind else "",
        subject_rule=0 if layout.subject_sign or not kind or not subject else part * subject_width,
        addressees=_addressees(letter, layout),
        authority=layout.modes[signature.mode] + _line(signature.on_behalf).upper()
        if signature and signature.mode
        else "",
        post=_line(signature.post).upper() if signature else "",
        name=_line(signature.name) if signature else "",
        recipients=_ended([f"- {_line(one)}" for one in letter.recipients], layout.recipients_end),
        title=". ".join(part for part in (kind, subject) if part) or body,
    )


def heading_levels(letter: Letter) -> list[int]:
    """The level of each block's heading in the outline, 0 for other blocks; the title is the first level.

    No level is left out on the way down, as readers' machines and PDF/UA ask.
    """
    last = above = 1 if letter.kind else 0
    levels = []
    for block in letter.blocks:
        if isinstance(block, Heading):
            last = min(block.level + above, last + 1)
        levels.append(last if isinstance(block, Heading) else 0)
    return levels


def day_in_words(day: date | None) -> str:
    """The date as documents write it: days below ten and the months January and February take a zero."""
    if day is None:
        return f"ngày{_BLANK}tháng{_BLANK}năm{_BLANK}"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def text_width(*, is_across: bool = False) -> float:
    """How wide the text is, in points."""
    return (PAGE[1 if is_across else 0] - MARGINS["left"] - MARGINS["right"]) * _POINTS_IN_MM


def _line(words: str) -> str:
    """The words on one line."""
    return " ".join(clean(words).split(" ")).replace("\n", " ").strip()


def _addressees(letter: Letter, layout: Layout) -> tuple[str, ...]:
    names = [_line(one) for one in letter.addressees]
    if len(names) < 2:
        return tuple(names)
    return _ended([f"- {name}" for name in names], layout.addressees_end)


def _ended(lines: list[str], ends: tuple[str, str]) -> tuple[str, ...]:
    """Each line with its sign at the end, the last with another."""
    between, last = ends
    return tuple(line.rstrip(" .;,") + (last if at == len(lines) - 1 else between) for at, line in enumerate(lines))
