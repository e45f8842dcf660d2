"""PDF files as printed paper: columns, tables, running heads, broken words, loose signs, hostile files."""

import time
import unicodedata
import zlib

import pytest

from tests.engine.extraction.printed import Paper, assembled, printed, width_of
from thuocdo.engine.extraction.assignments import find_assignments
from thuocdo.engine.extraction.reader import UnreadableDocument, read
from thuocdo.engine.extraction.reader.syllables import is_syllable, mend


def lines_of(paper: Paper) -> list[str]:
    return read(paper.data()).text.split("\n")


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    return caught.value.code


def test_a_plan_with_its_head_its_paragraphs_and_its_table() -> None:
    paper = Paper()
    paper.page()
    paper.text(70, 775, "ỦY BAN NHÂN DÂN")
    paper.text(320, 775, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 10)
    paper.text(70, 760, "Số: 12/KH-UBND")
    paper.text(340, 760, "Gia Lai, ngày 05 tháng 01 năm 2026")
    order = (
        "1. Sở Y tế rà soát thiết bị, hoàn thành trước ngày 30/6/2026 và gửi báo cáo về Văn phòng Ủy ban nhân dân"
        " tỉnh để theo dõi. Sở Nội vụ cử đầu mối."
    )
    y = paper.paragraph(700, order, indent=28)
    rows = [
        ["TT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời hạn"],
        ["1", "Xây dựng kế hoạch số hóa hồ sơ đất đai", "Sở Nông nghiệp và Môi trường", "Sở Tư pháp", "30/6/2026"],
        ["2", "Mở lớp tập huấn", "Sở Nội vụ", "", "Quý I/2026"],
    ]
    paper.table(y, [70, 100, 280, 380, 455, 535], rows)
    assert lines_of(paper) == [
        "ỦY BAN NHÂN DÂN",
        "Số: 12/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Gia Lai, ngày 05 tháng 01 năm 2026",
        order,
        *("\t".join(row) for row in rows),
    ]
    assert [one.lead for one in find_assignments(read(paper.data()).text)] == [
        ("Sở Y tế",),
        ("Sở Nội vụ",),
        ("Sở Nông nghiệp và Môi trường",),
        ("Sở Nội vụ",),
    ]


def test_a_cell_merged_over_rows_is_said_in_each_of_them() -> None:
    paper = Paper()
    paper.page()
    edges = [70, 110, 300, 420, 535]
    for y, left, right in ((700, 70, 535), (670, 70, 535), (640, 110, 420), (610, 70, 535)):
        paper.line(left, y, right, y)
    for x in edges:
        paper.line(x, 700, x, 610)
    for x, text in zip(edges, ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"], strict=False):
        paper.text(x + 4, 680, text)
    for x, y, text in (
        (74, 640, "1"), (114, 650, "Việc một"), (304, 650, "Sở Y tế"),
        (114, 620, "Việc hai"), (304, 620, "Sở Nội vụ"), (424, 640, "30/6/2026"),
    ):  # fmt: skip
        paper.text(x, y, text)
    assert lines_of(paper)[1:] == ["1\tViệc một\tSở Y tế\t30/6/2026", "1\tViệc hai\tSở Nội vụ\t30/6/2026"]


def test_a_table_over_two_pages_says_its_header_once_and_keeps_a_cut_row_whole() -> None:
    paper = Paper()
    header, edges = ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"], [70.0, 100.0, 300.0, 420.0, 535.0]
    paper.page()
    paper.table(
        760,
        edges,
        [header, ["1", "Rà soát quy chế", "Sở Tư pháp", "30/6/2026"], ["2", "Xây dựng kế hoạch", "Sở Y tế", "Quý I"]],
    )
    paper.page()
    paper.table(760, edges, [header, ["", "số hóa hồ sơ", "", ""], ["3", "Mở lớp tập huấn", "Sở Nội vụ", "Quý II"]])
    assert lines_of(paper) == [
        "\t".join(header),
        "1\tRà soát quy chế\tSở Tư pháp\t30/6/2026",
        "2\tXây dựng kế hoạch số hóa hồ sơ\tSở Y tế\tQuý I",
        "3\tMở lớp tập huấn\tSở Nội vụ\tQuý II",
    ]


def test_two_columns_are_read_one_after_the_other_without_heads_and_page_numbers() -> None:
    paper = Paper()
    told = [
        [f"{word.capitalize()} đoạn {page} kể việc triển khai nhiệm vụ chuyển đổi số ở cơ quan, đơn vị trên cả nước."
         for word in ("một", "hai", "ba", "bốn", "năm", "sáu")]
        for page in ("đầu", "giữa", "cuối")
    ]  # fmt: skip
    for number, paragraphs in enumerate(told, start=1):
        paper.page()
        paper.text(70, 812, f"CÔNG BÁO/Số {number}/Ngày 01-01-2026", 9)
        paper.text(290, 30, f"- {number} -", 9)
        for left, right, part in ((70, 290, paragraphs[:3]), (315, 535, paragraphs[3:])):
            y = 750.0
            for text in part:
                y = paper.paragraph(y, text, left, right, 14)
    assert lines_of(paper) == [text for page in told for text in page]


def test_words_broken_over_lines_are_whole_again() -> None:
    assert mend("Bộ Khoa học và Côn", "g nghệ") == "Bộ Khoa học và Công nghệ"
    assert mend("hệ thống tele-", "phone") == "hệ thống telephone"
    assert mend("KH-", "CN") == "KH-CN"
    assert mend("khoa học -", "công nghệ") == "khoa học - công nghệ"
    assert mend("trước ngày 20-", "4") == "trước ngày 20-4"
    assert mend("UBND", "tỉnh") == "UBND tỉnh"
    assert mend("triển", "khai") == "triển khai"
    assert is_syllable("nghiệp")
    assert not is_syllable("ng")
    paper = Paper()
    paper.page()
    for x in (70, 140, 300, 400):
        paper.line(x, 700, x, 620)
    for y in (700, 640, 620):
        paper.line(70, y, 400, y)
    paper.text(74, 685, "Sở Khoa h")
    paper.text(74, 670, "ọc và Côn")
    paper.text(74, 655, "g nghệ")
    paper.text(74, 625, "Sở Y tế")
    paper.text(144, 690, "Việc")
    paper.text(304, 690, "Hạn")
    assert lines_of(paper) == ["Sở Khoa học và Công nghệ\tViệc\tHạn", "Sở Y tế\t\t"]


def test_signs_that_are_glyphs_of_their_own_are_set_on_their_letters() -> None:
    text = "Bộ trưởng Bộ Y tế khẩn trương chỉ đạo các bệnh viện"
    paper = Paper()
    paper.page()
    paper.text(70, 700, unicodedata.normalize("NFD", text))
    assert lines_of(paper) == [text]
    later = Paper()
    later.page()
    later.text(70, 700, "Bô Y tê")
    later.text(70 + width_of("B") + 3, 700, "\u0323")
    later.text(70 + width_of("Bô Y t") + 3, 700, "\u0301")
    assert lines_of(later) == ["Bộ Y tế"]


@pytest.mark.parametrize(
    ("rotate", "matrix", "first", "step"),
    [
        (90, "0 1 -1 0", (100, 70), (15, 0)),
        (0, "0 1 -1 0", (100, 70), (15, 0)),
        (180, "-1 0 0 -1", (500, 700), (0, 15)),
        (270, "0 -1 1 0", (300, 700), (-15, 0)),
        (90, "1 0 0 1", (100, 700), (0, -15)),
    ],
)
def test_turned_pages(rotate: int, matrix: str, first: tuple[int, int], step: tuple[int, int]) -> None:
    paper = Paper()
    paper.page(rotate)
    paper.text(*first, "Giao Sở Y tế rà soát", matrix=matrix)
    paper.text(first[0] + step[0], first[1] + step[1], "thiết bị y tế.", matrix=matrix)
    assert lines_of(paper) == ["Giao Sở Y tế rà soát thiết bị y tế."]


def test_running_text_goes_on_over_the_page_and_keeps_its_first_page() -> None:
    order = "{}. Sở Y tế rà soát thiết bị, phối hợp với Sở Tài chính lập dự toán, trình Ủy ban nhân dân trước {}/6."
    told = [order.format(number, number % 28 + 1) for number in range(1, 60)]
    source = read(printed(told, header="Kế hoạch của tỉnh"))
    assert source.text.split("\n") == told
    pages = [passage.page for passage in source.passages]
    assert pages == sorted(pages, key=lambda page: page or 0)
    assert (pages[0], pages[-1]) == (1, 3)


def test_a_file_that_was_cut_off_is_broken() -> None:
    whole = printed(["Giao Sở Y tế rà soát thiết bị."])
    assert code_of(whole[: len(whole) * 2 // 3]) == "broken_pdf"
    assert code_of(b"%PDF-1.7\n" + b"x" * 5000 + b"startxref") == "broken_pdf"


def test_a_pdf_with_a_million_objects_is_answered_in_bounded_time() -> None:
    bodies = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 0 /Kids [] >>"]
    bodies += [b"null"] * 1_000_000
    data = assembled(bodies)
    begun = time.perf_counter()
    with pytest.raises(UnreadableDocument) as caught:
        read(data, max_bytes=100_000_000)
    assert caught.value.code == "broken_pdf"
    assert time.perf_counter() - begun < 10


def test_a_page_with_endless_text_and_drawings_is_bounded() -> None:
    drawing = b"0 0 m 9 9 l S\n" * 200_000 + b"BT /F 9 Tf (x) Tj ET\n" * 100_000
    packed = zlib.compress(drawing)
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    begun = time.perf_counter()
    read(assembled(bodies))
    assert time.perf_counter() - begun < 10


def test_more_pages_than_a_directive_has() -> None:
    bodies = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 1604))
    bodies[1] = b"<< /Type /Pages /Count 1601 /Kids [%s] >>" % kids
    bodies += [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * 1601
    assert code_of(assembled(bodies)) == "too_large"


def test_words_that_only_a_gap_parts_are_words() -> None:
    paper = Paper()
    paper.page()
    x = 70.0
    for word in ("Bộ", "Tư", "pháp", "sửa", "đổi", "quy", "định", "về", "chia", "sẻ", "dữ", "liệu"):
        paper.text(x, 700, word)
        x += width_of(word) + 0.2 * 11
    assert lines_of(paper) == ["Bộ Tư pháp sửa đổi quy định về chia sẻ dữ liệu"]
    close = Paper()
    close.page()
    x = 70.0
    for letter in "nghiệp":
        close.text(x, 700, letter)
        x += width_of(letter) + 0.03 * 11
    assert lines_of(close) == ["nghiệp"]
