"""What a letter or a report is made of: its frame, its blocks and who signs it; no layout, no file format."""

import datetime
from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "centre", "right", "justified"]
Mode = Literal["", "TM", "KT", "TL", "TUQ", "Q"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of words in one weight and slant; raised, it refers to a note."""

    words: str
    bold: bool = False
    italic: bool = False
    is_raised: bool = False


Words = str | tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a line break in the words stays a line break."""

    words: Words
    side: Side = "justified"
    is_indented: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the text; level 1 is the highest below the title, 3 the lowest."""

    words: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True)
class Points:
    """A list: numbered `1.`, lettered `a)` or dashed."""

    items: tuple[Words, ...]
    marks: Literal["numbers", "letters", "dashes"] = "numbers"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `width` is its share of the table's width, in any unit the columns have in common."""

    heading: str
    width: float
    side: Side = "left"

    def __post_init__(self) -> None:
        if not self.width > 0:
            raise ValueError(f"The column {self.heading!r} needs a width above zero.")


@dataclass(frozen=True, slots=True)
class Table:
    """A table that may run over pages: its head row is repeated, a row breaks only when it is longer than a page.

    `unit` stands at the right above it ("Đơn vị: nhiệm vụ"), `notes` below it; `total` is its last row, in bold.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    caption: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()
    total: tuple[Words, ...] | None = None

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("A table needs at least one column.")
        for row in (*self.rows, *([self.total] if self.total else [])):
            if len(row) != len(self.columns):
                raise ValueError(f"A row has {len(row)} cells, the table {len(self.columns)} columns.")


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: its value as written, its unit, what it says."""

    value: str
    unit: str
    label: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Key figures side by side, three in a row."""

    items: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a ruler: `share` and `mark` (a target, if there is one) between 0 and 1, `value` as written."""

    label: str
    share: float
    value: str
    mark: float | None = None

    def __post_init__(self) -> None:
        for place in (self.share, self.mark):
            if place is not None and not 0 <= place <= 1:
                raise ValueError(f"The bar {self.label!r} lies outside of its ruler: {place}.")


@dataclass(frozen=True, slots=True)
class Ruler:
    """Bars under each other on one scale, drawn as vectors."""

    bars: tuple[Bar, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block = Paragraph | Heading | Points | Table | Figures | Ruler | PageBreak


@dataclass(frozen=True, slots=True)
class Cover:
    """A title page before the text: the issuing body on top, title, lines and a ruler in the middle, `foot` below."""

    title: str
    lines: tuple[str, ...] = ()
    ruler: Ruler | None = None
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: for the collective (TM), for the head (KT), by order (TL), by authorisation (TUQ), acting (Q).

    `on_behalf` names whom the mode speaks of ("ỦY BAN NHÂN DÂN" with TM, "CHỦ TỊCH" with KT); `name` may wait.
    """

    post: str
    name: str = ""
    mode: Mode = ""
    on_behalf: str = ""

    def __post_init__(self) -> None:
        if bool(self.mode) != bool(self.on_behalf):
            raise ValueError("A mode of signing and the body or post it speaks for go together.")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, a note or a report, ready to be laid out.

    Without `kind` it is an official letter (công văn), whose subject stands below its number. `number` and `date`
    may be missing: room is left for them. `recipients` are written without dash and full stop. `is_across` turns the
    page, for wide tables. Behind a `cover` pages are counted from the first page of the text.
    """

    body: str
    symbol: str
    place: str
    subject: str
    blocks: tuple[Block, ...]
    superior: str = ""
    number: str = ""
    date: datetime.date | None = None
    kind: str = ""
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    signature: Signature | None = None
    cover: Cover | None = None
    is_draft: bool = False
    is_across: bool = False
