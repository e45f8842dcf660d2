"""How State and Party bodies lay out a document: sizes in points, margins in millimetres, fixed words and signs.

State: Decree 30/2020/NĐ-CP of 5 March 2020, Annex I. Party: Guidance 36-HD/VPTW of 3 April 2018 and its Annex 3.
"""

from dataclasses import dataclass

FONT = "Times New Roman"
# A4 with the margins that both rules allow: left 30, right 15, top and bottom 20 mm.
PAGE = (210, 297)
MARGINS = {"left": 30, "right": 15, "top": 20, "bottom": 20}


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout; the writers ask it, and never which layout it is."""

    key: str
    # What stands at the top right: the words and their size; the last line is underscored by a rule of its length.
    heads: tuple[tuple[str, float], ...]
    # Width of the left part of the head in millimetres, of 165.
    left: float
    superior_size: float
    body_size: float
    # Below the issuing body: a rule of a part of the name's length, or a sign of its own.
    body_sign: str
    number: str
    number_size: float
    date_size: float
    # A letter's subject below its number.
    letter_subject: str
    letter_subject_size: float
    is_letter_subject_slanted: bool
    kind_size: float
    subject_size: float
    # Whether the subject of a named document begins with a capital letter.
    is_subject_capital: bool
    # Below the subject of a named document: a rule, or a sign of its own.
    subject_sign: str
    text_size: float
    table_size: float
    addressed: str
    is_addressed_slanted: bool
    addressees_end: tuple[str, str]
    modes: dict[str, str]
    is_post_bold: bool
    signature_size: float
    recipients_heading: str
    recipients_heading_size: float
    # Underlined upright (Party) or bold and slanted (State).
    is_recipients_heading_underlined: bool
    recipients_size: float
    recipients_end: tuple[str, str]
    # What closes the text.
    closing: str
    page_number_size: float


STATE = Layout(
    key="state",
    heads=(("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13), ("Độc lập - Tự do - Hạnh phúc", 14)),
    left=67,
    superior_size=13,
    body_size=13,
    body_sign="",
    number="Số: {number}/{symbol}",
    number_size=13,
    date_size=14,
    letter_subject="V/v {subject}",
    letter_subject_size=13,
    is_letter_subject_slanted=False,
    kind_size=14,
    subject_size=14,
    is_subject_capital=True,
    subject_sign="",
    text_size=14,
    table_size=12,
    addressed="Kính gửi:",
    is_addressed_slanted=False,
    addressees_end=(";", "."),
    modes={"TM": "TM. ", "KT": "KT. ", "TL": "TL. ", "TUQ": "TUQ. ", "Q": "Q. "},
    is_post_bold=True,
    signature_size=14,
    recipients_heading="Nơi nhận:",
    recipients_heading_size=12,
    is_recipients_heading_underlined=False,
    recipients_size=11,
    recipients_end=(";", "."),
    closing="./.",
    page_number_size=13,
)

PARTY = Layout(
    key="party",
    heads=(("ĐẢNG CỘNG SẢN VIỆT NAM", 15),),
    left=78,
    superior_size=14,
    body_size=14,
    body_sign="*",
    number="Số {number}-{symbol}",
    number_size=14,
    date_size=14,
    letter_subject="{subject}",
    letter_subject_size=12,
    is_letter_subject_slanted=True,
    kind_size=16,
    subject_size=15,
    is_subject_capital=False,
    subject_sign="-----",
    text_size=14,
    table_size=12,
    addressed="Kính gửi:",
    is_addressed_slanted=True,
    addressees_end=(",", "."),
    modes={"TM": "T/M ", "KT": "K/T ", "TL": "T/L ", "TUQ": "T/UQ ", "Q": "Q. "},
    is_post_bold=False,
    signature_size=14,
    recipients_heading="Nơi nhận:",
    recipients_heading_size=14,
    is_recipients_heading_underlined=True,
    recipients_size=12,
    recipients_end=(",", "."),
    closing=".",
    page_number_size=14,
)

LAYOUTS = {layout.key: layout for layout in (STATE, PARTY)}
