"""A letter stands on paper as the decree and the guidance want it, whatever strangers wrote into it."""

import io
import re
import unicodedata
import zipfile
from datetime import date
from typing import Any

import pypdfium2
import pytest
from docx import Document
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from thuocdo.engine.typesetting import (
    LAYOUTS,
    PARTY,
    STATE,
    Bar,
    Column,
    Cover,
    Figure,
    Figures,
    Heading,
    Layout,
    Letter,
    PageBreak,
    Paragraph,
    Points,
    Ruler,
    Signature,
    Span,
    Table,
    letter_docx,
    letter_pdf,
)
from thuocdo.engine.typesetting.composition import balanced, compose, day_in_words
from thuocdo.engine.typesetting.faces import BORROWED, covered, width
from thuocdo.engine.typesetting.wording import MISSING, clean, printable

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = '#import "x": * $a$ *đậm* _nghiêng_ <nhãn> @trích `mã` \\ "nháy" {{ }} & <w:p/> ]]> {number} #{1+1}'


def letter(**changed: Any) -> Letter:
    told: dict[str, Any] = {
        "body": "Ủy ban nhân dân tỉnh Bắc Ninh",
        "symbol": "UBND-TH",
        "place": "Bắc Ninh",
        "subject": "về việc thực hiện nhiệm vụ quá hạn",
        "blocks": (Paragraph("Kính đề nghị quý cơ quan báo cáo."),),
        "kind": "Phiếu đôn đốc",
        "addressees": ("Sở Tư pháp",),
        "recipients": ("Như trên", "Lưu: VT"),
        "signature": Signature("Phó Chủ tịch", "Nguyễn Văn An", "KT", "Chủ tịch"),
    }
    return Letter(**(told | changed))


def words_of_pdf(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return unicodedata.normalize("NFC", "\n".join(pages)).replace("\r\n", "\n").replace("\u200b", "")


def words_of_docx(content: bytes) -> str:
    """The words in their order, those of tables where they stand."""
    body = Document(io.BytesIO(content)).element.body
    return "\n".join(
        "".join(part.text or "\n" for part in one.iter(f"{WORD}t", f"{WORD}br")) for one in body.iter(f"{WORD}p")
    )


def in_order(words: str, *parts: str) -> bool:
    flat, at = " ".join(words.split()), 0
    for part in parts:
        found = flat.find(" ".join(part.split()), at)
        if found < 0:
            return False
        at = found + 1
    return True


READERS = [
    lambda one, layout: words_of_docx(letter_docx(one, layout)),
    lambda one, layout: words_of_pdf(letter_pdf(one, layout)),
]


@pytest.mark.parametrize("read", READERS, ids=["docx", "pdf"])
def test_the_parts_of_a_state_document_stand_in_the_order_of_the_decree(read: Any) -> None:
    words = read(letter(number="12", date=date(2026, 2, 5), superior="Chính phủ"), STATE)
    assert in_order(words, "CHÍNH PHỦ", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    assert in_order(
        words,
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/UBND-TH",
        "Bắc Ninh, ngày 05 tháng 02 năm 2026",
        "PHIẾU ĐÔN ĐỐC",
        "Về việc thực hiện nhiệm vụ quá hạn",
        "Kính gửi: Sở Tư pháp",
        "Kính đề nghị quý cơ quan báo cáo.",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Nguyễn Văn An",
    )


@pytest.mark.parametrize("read", READERS, ids=["docx", "pdf"])
def test_the_party_has_its_own_head_number_and_slashes(read: Any) -> None:
    words = read(
        letter(
            body="Văn phòng",
            superior="Ban Chấp hành Trung ương",
            symbol="PĐĐ/VPTW",
            number="36",
            addressees=("Ban Tổ chức Trung ương", "Ban Nội chính Trung ương"),
        ),
        PARTY,
    )
    assert in_order(words, "BAN CHẤP HÀNH TRUNG ƯƠNG", "VĂN PHÒNG", "*", "ĐẢNG CỘNG SẢN VIỆT NAM", "Số 36-PĐĐ/VPTW")
    assert in_order(
        words, "PHIẾU ĐÔN ĐỐC", "về việc", "-----", "- Ban Tổ chức Trung ương,", "- Ban Nội chính Trung ương."
    )
    assert in_order(words, "- Như trên,", "- Lưu: VT.", "K/T CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert "CỘNG HÒA" not in words


def test_room_is_left_for_a_number_and_a_day_that_are_still_missing() -> None:
    frame = compose(letter(), STATE)
    assert re.fullmatch(r"Số: \u00a0{4,}/UBND-TH", frame.number)
    assert re.fullmatch(r"Bắc Ninh, ngày\u00a0{4,}tháng\u00a0{4,}năm\u00a0{4,}", frame.day)
    assert re.fullmatch(r"Số \u00a0{4,}-UBND-TH", compose(letter(), PARTY).number)


def test_a_plain_letter_says_its_subject_below_its_number() -> None:
    frame = compose(letter(kind=""), STATE)
    assert (frame.kind, frame.subject, frame.letter_subject) == ("", "", "V/v thực hiện nhiệm vụ quá hạn")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 1, 1), "ngày 01 tháng 01 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days_below_ten_and_the_first_two_months_take_a_zero(day: date, words: str) -> None:
    assert day_in_words(day) == words


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_word_gets_the_paper_the_margins_and_the_face_of_the_rules(layout: Layout) -> None:
    document = Document(io.BytesIO(letter_docx(letter(), layout)))
    page = document.sections[0]
    assert [round(side.mm) for side in (page.page_width, page.page_height) if side is not None] == [210, 297]
    margins = (page.left_margin, page.right_margin, page.top_margin, page.bottom_margin)
    assert [round(margin.mm) for margin in margins if margin is not None] == [30, 15, 20, 20]
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert document.styles["Normal"].font.size == Pt(14)
    assert page.different_first_page_header_footer
    assert "PAGE" in page.header.paragraphs[0]._p.xml
    assert "PAGE" not in page.first_page_header.paragraphs[0]._p.xml
    assert document.core_properties.language == "vi-VN"
    # Word's own blue headings would show otherwise.
    assert str(document.styles["Heading 1"].font.color.rgb) == "000000"


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_the_pdf_keeps_its_margins_its_face_and_the_marks_of_an_archive(layout: Layout) -> None:
    content = letter_pdf(letter(blocks=(Paragraph("Nội dung " * 400), *letter().blocks)), layout)
    assert b"pdfaid:part" in content
    assert b"<pdfaid:conformance>A" in content
    assert b"pdfuaid:part" in content
    assert b"/Lang(vi-VN)" in content
    assert b"+Tinos-Regular" in content
    with pypdfium2.PdfDocument(content) as document:
        assert document.get_metadata_dict()["Title"].startswith("PHIẾU ĐÔN ĐỐC")
        for number, page in enumerate(document, start=1):
            text = page.get_textpage()
            boxes = [text.get_charbox(at) for at in range(text.count_chars()) if text.get_text_range(at, 1).strip()]
            assert min(box[0] for box in boxes) >= Mm(30).pt - 2
            assert max(box[2] for box in boxes) <= page.get_width() - Mm(15).pt + 2
            assert min(box[1] for box in boxes) >= Mm(20).pt - 4
            first = text.get_text_range().split()[0]
            assert (first == str(number)) == (number > 1)


@pytest.mark.parametrize("write", [letter_docx, letter_pdf])
def test_the_same_letter_gives_the_same_bytes_at_any_time(write: Any, time_machine: Any) -> None:
    one = letter(date=date(2026, 2, 5), is_draft=True)
    time_machine.move_to("2026-02-05 08:00:00+07:00")
    before = write(one, STATE)
    time_machine.move_to("2031-07-01 23:59:58+07:00")
    assert write(one, STATE) == before


def test_long_tables_repeat_their_head_on_every_page_and_lose_no_row() -> None:
    columns = (Column("STT", 1, "centre"), Column("Tên nhiệm vụ", 5), Column("Hạn", 2, "centre"))
    rows = tuple((str(at), f"Nhiệm vụ mã NV-{at:04}", "31/12/2026") for at in range(1, 201))
    one = letter(blocks=(Table(columns, rows, total=("", "Cộng", "200")), Paragraph("Hết.")))
    content = letter_pdf(one, STATE)
    with pypdfium2.PdfDocument(content) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert len(pages) > 4
    assert all("STT" in words for words in pages if "NV-" in unicodedata.normalize("NFC", words))
    assert re.findall(r"NV-(\d{4})", " ".join(pages)) == [f"{at:04}" for at in range(1, 201)]
    # The signature does not stand alone.
    assert "Hết." in unicodedata.normalize("NFC", pages[-1])
    xml = Document(io.BytesIO(letter_docx(one, STATE))).element.xml
    assert xml.count("<w:tblHeader/>") == 1
    assert xml.count("NV-") == 200


def test_a_cell_longer_than_a_page_and_a_word_without_end_stay_on_the_paper() -> None:
    columns = (Column("STT", 1), Column("Kết quả", 3))
    rows = (("1", "dài dòng " * 1200), ("2", "x" * 10_000), ("3", "hết"))
    content = letter_pdf(letter(blocks=(Table(columns, rows),)), STATE)
    words = words_of_pdf(content)
    assert words.count("dòng") == 1200
    assert "".join(words.split()).count("x" * 10) > 500
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            text = page.get_textpage()
            assert max(text.get_charbox(at)[2] for at in range(text.count_chars())) <= page.get_width() - Mm(15).pt + 2


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_no_word_of_a_stranger_is_a_command(layout: Layout) -> None:
    one = letter(
        body=HOSTILE,
        superior=HOSTILE,
        number=HOSTILE,
        symbol=HOSTILE,
        place=HOSTILE,
        subject=HOSTILE,
        addressees=(HOSTILE, HOSTILE),
        recipients=(HOSTILE,),
        signature=Signature(HOSTILE, HOSTILE, "TM", HOSTILE),
        blocks=(
            Paragraph((Span(HOSTILE, bold=True),)),
            Heading(HOSTILE, 3),
            Points((HOSTILE,), "letters"),
            Table((Column(HOSTILE, 1), Column("B", 1)), ((HOSTILE, HOSTILE),), HOSTILE, HOSTILE, (HOSTILE,)),
            Figures((Figure(HOSTILE, HOSTILE, HOSTILE),)),
            Ruler((Bar(HOSTILE, 0.5, HOSTILE, 0.7),), HOSTILE),
        ),
        cover=Cover(HOSTILE, (HOSTILE,), None, HOSTILE),
    )
    for words in (words_of_docx(letter_docx(one, layout)), words_of_pdf(letter_pdf(one, layout))):
        together = "".join(words.split())
        wanted = "".join(HOSTILE.split())
        assert together.count(wanted) >= 12
        assert together.count("".join(HOSTILE.upper().split())) >= 3


@settings(max_examples=30, deadline=None)
@given(
    words=st.text(max_size=300),
    short=st.text(max_size=40),
    layout=st.sampled_from(list(LAYOUTS.values())),
    is_across=st.booleans(),
)
def test_any_text_can_be_set(words: str, short: str, layout: Layout, is_across: bool) -> None:
    one = letter(
        body=short or "Sở",
        subject=words,
        place=short,
        is_across=is_across,
        kind=short,
        addressees=(words, short),
        recipients=(short,),
        blocks=(Heading(short, 2), Paragraph(words), Table((Column(short, 1),), ((words,),), total=(short,))),
        signature=Signature(short, words),
    )
    assert letter_pdf(one, layout).startswith(b"%PDF")
    # Outside of spaces, whatever was cleaned is found again.
    assert "".join(clean(words).split()) in "".join(words_of_docx(letter_docx(one, layout)).split())


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_cleaning_twice_changes_nothing_and_leaves_only_what_can_be_drawn(words: str) -> None:
    once = clean(words)
    assert clean(once) == once
    assert all(letter in "\n\u200b" or covered(letter) for letter in printable(words))


def test_what_deceives_is_dropped_and_what_cannot_be_drawn_becomes_a_square() -> None:
    assert clean("an\u202etoàn\u200b\x00 so\u0302\u0323") == "antoàn sộ"
    assert printable("Xong 👍🏽, số ｗｉｄｅ") == f"Xong {MISSING * 2}, số wide"


def test_borrowed_signs_are_in_the_faces_on_board() -> None:
    # PDF/A refuses a letter that no face has, so that the list cannot promise too much.
    words = words_of_pdf(letter_pdf(letter(blocks=(Paragraph(" ".join(sorted(BORROWED))),)), STATE))
    assert all(sign in words for sign in BORROWED)


def test_widths_are_those_of_times_new_roman() -> None:
    # Published widths of Times at 1000 units: A 722, a 444, space 250; bold A 722, a 500.
    assert width("A", 1000) == pytest.approx(722, abs=1)
    assert width("a ", 1000) == pytest.approx(694, abs=1)
    assert width("a", 1000, bold=True) == pytest.approx(500, abs=1)
    # A letter with accents is as wide as its bare one.
    assert width("ệ", 14) == width("e", 14)


def test_a_long_name_is_broken_into_even_lines() -> None:
    assert balanced("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", 184, 13, bold=True) == "ỦY BAN NHÂN DÂN\nTỈNH BẮC NINH"
    assert balanced("VĂN PHÒNG", 184, 13, bold=True) == "VĂN PHÒNG"


def test_reports_have_headings_figures_and_rulers_in_both_formats() -> None:
    one = letter(
        kind="",
        addressees=(),
        recipients=(),
        signature=None,
        blocks=(
            Heading("Kết quả", 2),
            Figures(tuple(Figure(str(at), "%", f"Chỉ số {at}") for at in range(4))),
            Ruler((Bar("Giải ngân", 0.4, "40 %", 0.9), Bar("Đúng hạn", 1, "100 %"), Bar("Trống", 0, "0 %", 0))),
            PageBreak(),
            Heading("Chi tiết", 3),
            Points(tuple("abc"), "dashes"),
        ),
    )
    for words in (words_of_docx(letter_docx(one, STATE)), words_of_pdf(letter_pdf(one, STATE))):
        assert in_order(
            words, "Kết quả", "Chỉ số 0", "Chỉ số 3", "Giải ngân", "40 %", "Trống", "Chi tiết", "- a", "- c"
        )
        assert "Nơi nhận" not in words
    with pypdfium2.PdfDocument(letter_pdf(one, STATE)) as document:
        assert len(document) == 2


def test_a_dossier_has_a_cover_with_a_ruler_and_counts_its_pages_behind_it() -> None:
    columns = (Column("Chỉ số", 3), Column("Giá trị", 1, "right"))
    marked = (Span("Vốn giải ngân"), Span("(1)", is_raised=True))
    one = letter(
        cover=Cover(
            "HỒ SƠ TRÁCH NHIỆM",
            ("Sở Khoa học và Công nghệ", "Quý III năm 2026"),
            Ruler((Bar("Đúng hạn", 0.72, "72 %", 0.9),)),
            "Bắc Ninh, tháng 11 năm 2026",
        ),
        blocks=(
            Table(columns, ((marked, "1.198"),), notes=("(1) Dòng 2 của Phụ lục II.",)),
            Paragraph("Nội dung " * 500),
        ),
    )
    order = ("HỒ SƠ TRÁCH NHIỆM", "Quý III năm 2026", "72 %", "Bắc Ninh, tháng 11", "PHIẾU ĐÔN ĐỐC", "Phụ lục II")
    docx, pdf = letter_docx(one, STATE), letter_pdf(one, STATE)
    assert in_order(words_of_docx(docx), *order)
    assert in_order(words_of_pdf(pdf), *order)
    with pypdfium2.PdfDocument(pdf) as document:
        firsts = [words_of_page(page).split()[0] for page in document]
    assert firsts == ["ỦY", "ỦY", "2"]
    read = Document(io.BytesIO(docx))
    assert len(read.sections) == 2
    assert "PAGE" not in read.sections[0].header.paragraphs[0]._p.xml
    assert 'w:pgNumType w:start="1"' in read.sections[1]._sectPr.xml
    raised = [
        run.text for cell in read.tables[-2].rows[1].cells for run in cell.paragraphs[0].runs if run.font.superscript
    ]
    assert raised == ["(1)"]


def test_a_draft_says_so_on_every_page() -> None:
    content = letter_pdf(letter(is_draft=True, blocks=(Paragraph("Một"), PageBreak(), Paragraph("Hai"))), STATE)
    with pypdfium2.PdfDocument(content) as document:
        assert ["DỰ THẢO" in words_of_page(page) for page in document] == [True, True]
    with zipfile.ZipFile(io.BytesIO(letter_docx(letter(is_draft=True), STATE))) as parts:
        headers = [parts.read(name).decode() for name in parts.namelist() if "/header" in name]
    assert [header.count('string="DỰ THẢO"') for header in headers] == [1, 1]


def words_of_page(page: Any) -> str:
    return unicodedata.normalize("NFC", page.get_textpage().get_text_range())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Table((), ()),
        lambda: Table((Column("A", 1),), (("1", "2"),)),
        lambda: Column("A", 0),
        lambda: Bar("A", 1.01, "101 %"),
        lambda: Signature("Phó Chủ tịch", mode="KT"),
    ],
)
def test_what_cannot_be_drawn_is_refused_where_it_is_written(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        wrong()
