"""Which words of a letter stand where under a layout; what both writers draw, so that docx and pdf cannot differ."""

from dataclasses import dataclass
from datetime import date

from thuocdo.engine.typesetting.faces import width
from thuocdo.engine.typesetting.layouts import MARGINS, PAGE, Layout
from thuocdo.engine.typesetting.letters import Heading, Letter
from thuocdo.engine.typesetting.wording import clean, printable

# Room for a number or a day written in by hand.
_BLANK = "\u00a0" * 7
# What a file is called in which nothing else has a name.
_UNTITLED = "Văn bản"
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
    author: str


def compose(letter: Letter, layout: Layout) -> Composition:
    """The frame of the letter under the layout."""
    body, kind, subject = (_line(words) for words in (letter.body, letter.kind, letter.subject))
    # The head's parts stay apart by a finger's breadth.
    left = layout.left * _POINTS_IN_MM - 6
    body = balanced(body.upper(), left, layout.body_size, bold=True)
    kind = kind.upper() if _shows(kind) else ""
    last_head, last_size = layout.heads[-1]
    # "1/3 to 1/2 of the length of the line" (Annex I); of what fits on one line where the words need several.
    part = 0.4
    body_width = min(max(width(line, layout.body_size, bold=True) for line in body.split("\n")), left)
    subject_width = min(width(subject, layout.subject_size, bold=True), text_width(is_across=letter.is_across))
    signature = letter.signature
    return Composition(
        superior=balanced(_line(letter.superior).upper(), left, layout.superior_size),
        body=body,
        body_rule=0 if layout.body_sign else part * body_width,
        head_rule=width(last_head, last_size, bold=True),
        number=layout.number.format(number=_line(letter.number) or _BLANK, symbol=_line(letter.symbol)),
        letter_subject="" if kind or not subject else layout.letter_subject.format(subject=_about(subject)),
        day=f"{_line(letter.place)}, {day_in_words(letter.date)}",
        kind=kind,
        subject=(subject[:1].upper() + subject[1:] if layout.is_subject_capital else subject) if kind else "",
        subject_rule=0 if layout.subject_sign or not kind or not subject else part * subject_width,
        addressees=_addressees(letter, layout),
        authority=layout.modes[signature.mode] + _line(signature.on_behalf).upper()
        if signature and signature.mode
        else "",
        post=_line(signature.post).upper() if signature else "",
        name=_line(signature.name) if signature else "",
        recipients=_ended([f"- {_line(one)}" for one in letter.recipients], layout.recipients_end),
        title=". ".join(filter(_shows, (kind, subject))) or next(filter(_shows, (_line(letter.body), _UNTITLED))),
        author=_line(letter.body),
    )


def balanced(words: str, wide: float, size: float, *, bold: bool = False) -> str:
    """The words on as few lines as fit into the width, in points, and these as even as they can be."""
    fewest = _broken(words, wide, size, bold)
    evenest = fewest
    for tenth in range(9, 3, -1):
        lines = _broken(words, wide * tenth / 10, size, bold)
        if len(lines) > len(fewest):
            break
        evenest = lines
    return "\n".join(evenest)


def _broken(words: str, wide: float, size: float, bold: bool) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or width(longer, size, bold=bold) <= wide:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def heading_levels(letter: Letter) -> list[int]:
    """The level of each block's heading in the outline, 0 for other blocks and headings that show nothing.

    The title is the first level; no level is left out on the way down, as readers' machines and PDF/UA ask.
    """
    last = above = 1 if _shows(letter.kind) else 0
    levels = []
    for block in letter.blocks:
        is_heading = isinstance(block, Heading) and _shows(block.words)
        if isinstance(block, Heading) and is_heading:
            last = min(block.level + above, last + 1)
        levels.append(last if is_heading else 0)
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


def _shows(words: str) -> bool:
    """Whether anything of the words is left on paper."""
    return bool(printable(words).strip())


def _line(words: str) -> str:
    """The words on one line."""
    return " ".join(clean(words).split(" ")).replace("\n", " ").strip()


def _about(subject: str) -> str:
    """The subject without the words that the abbreviation before it stands for."""
    opening = "về việc "
    return subject[len(opening) :] if subject.lower().startswith(opening) else subject


def _addressees(letter: Letter, layout: Layout) -> tuple[str, ...]:
    names = [_line(one) for one in letter.addressees]
    if len(names) < 2:
        return tuple(names)
    return _ended([f"- {name}" for name in names], layout.addressees_end)


def _ended(lines: list[str], ends: tuple[str, str]) -> tuple[str, ...]:
    """Each line with its sign at the end, the last with another."""
    between, last = ends
    return tuple(line.rstrip(" .;,") + (last if at == len(lines) - 1 else between) for at, line in enumerate(lines))
