"""The head of a document: numbers old and new, marks that stand as marks, issuer, subject, recipients, signature."""

import time
from datetime import date

import pytest

from thuocdo.engine.extraction.head import parts_of_number, read_head, secrecy_mark

STATE = """BỘ KHOA HỌC VÀ CÔNG NGHỆ          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
CỤC CHUYỂN ĐỔI SỐ QUỐC GIA            Độc lập - Tự do - Hạnh phúc
Số: 125 /QĐ-BKHCN                     Hà Nội, ngày 05 tháng 01 năm 2026
          HOẢ TỐC

QUYẾT ĐỊNH
Ban hành Kế hoạch kết nối dữ liệu
trong ngành khoa học và công nghệ

Căn cứ Luật Giao dịch điện tử ngày 22 tháng 6 năm 2023;
Căn cứ Nghị định số 194/2025/NĐ-CP quy định về cơ sở dữ liệu
quốc gia;
Theo đề nghị của Vụ trưởng Vụ Pháp chế.

QUYẾT ĐỊNH:

Điều 1. Ban hành kèm theo Quyết định này Kế hoạch kết nối dữ liệu.

Nơi nhận:                             KT. BỘ TRƯỞNG
- Như Điều 3;                         THỨ TRƯỞNG
- Bộ trưởng (để báo cáo);
- Lưu: VT, PC.
                                      (đã ký)

                                      Trần Văn Mẫu

PHỤ LỤC
Danh mục nhiệm vụ
"""

# As a PDF or a Word file gives it: first what stood on the left, then what stood on the right.
PARTY = """BAN CHẤP HÀNH TRUNG ƯƠNG
*
Số 57-NQ/TW
ĐẢNG CỘNG SẢN VIỆT NAM
Hà Nội, ngày 22 tháng 12 năm 2024
NGHỊ QUYẾT CỦA BỘ CHÍNH TRỊ
về đột phá phát triển khoa học, công nghệ
Khoa học, công nghệ đang là yếu tố quyết định.
I. Quan điểm
Nơi nhận:
- Các tỉnh ủy, thành ủy,
- Lưu Văn phòng Trung ương Đảng.
T/M BỘ CHÍNH TRỊ
TỔNG BÍ THƯ
Nguyễn Thị Mẫu
"""

LETTER = """ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH GIA LAI\tĐộc lập - Tự do - Hạnh phúc
Số: 345/UBND-KGVX\tGia Lai, ngày      tháng 3 năm 2026
V/v rà soát thủ tục hành chính

Kính gửi:
- Các sở, ban, ngành;
- UBND các xã, phường.

Thực hiện Công điện số 12/CĐ-TTg ngày 10/02/2026, UBND tỉnh yêu cầu các sở rà soát.
"""


def test_the_head_of_a_state_decision() -> None:
    head = read_head(STATE)
    assert (head.number, head.kind, head.issued_on, head.place) == (
        "125/QĐ-BKHCN",
        "Quyết định",
        date(2026, 1, 5),
        "Hà Nội",
    )
    assert head.issuer_lines == ("BỘ KHOA HỌC VÀ CÔNG NGHỆ", "CỤC CHUYỂN ĐỔI SỐ QUỐC GIA")
    assert head.subject == "Ban hành Kế hoạch kết nối dữ liệu trong ngành khoa học và công nghệ"
    assert (head.urgency, head.secrecy) == ("Hỏa tốc", None)
    assert head.legal_bases == (
        "Căn cứ Luật Giao dịch điện tử ngày 22 tháng 6 năm 2023",
        "Căn cứ Nghị định số 194/2025/NĐ-CP quy định về cơ sở dữ liệu quốc gia",
        "Theo đề nghị của Vụ trưởng Vụ Pháp chế",
    )
    assert head.recipients == ("Như Điều 3", "Bộ trưởng (để báo cáo)", "Lưu: VT, PC")
    assert (head.signer_post, head.signer) == ("KT. BỘ TRƯỞNG, THỨ TRƯỞNG", "Trần Văn Mẫu")


def test_the_head_of_a_party_resolution_with_its_sides_one_after_the_other() -> None:
    head = read_head(PARTY)
    assert (head.number, head.kind, head.issued_on) == ("57-NQ/TW", "Nghị quyết", date(2024, 12, 22))
    assert head.issuer == "BAN CHẤP HÀNH TRUNG ƯƠNG"
    assert head.subject is not None
    assert head.subject.endswith("về đột phá phát triển khoa học, công nghệ")
    assert head.recipients == ("Các tỉnh ủy, thành ủy", "Lưu Văn phòng Trung ương Đảng")
    assert (head.signer_post, head.signer) == ("T/M BỘ CHÍNH TRỊ, TỔNG BÍ THƯ", "Nguyễn Thị Mẫu")


def test_a_letter_with_its_day_left_open() -> None:
    head = read_head(LETTER)
    assert (head.number, head.kind, head.subject) == ("345/UBND-KGVX", "Công văn", "rà soát thủ tục hành chính")
    # The day of another document in the text is not the day of this one.
    assert (head.issued_on, head.place) == (None, "Gia Lai")
    assert head.issuer == "ỦY BAN NHÂN DÂN TỈNH GIA LAI"
    assert head.addressed_to == ("Các sở, ban, ngành", "UBND các xã, phường")


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("07-TB/CQTTBCĐ", ("07", None, "TB", "CQTTBCĐ", None)),
        ("71/NQ-CP", ("71", None, "NQ", "CP", None)),
        ("1131/QĐ-TTg", ("1131", None, "QĐ", "TTg", None)),
        ("194/2025/NĐ-CP", ("194", 2025, "NĐ", "CP", None)),
        ("116/2025/QH15", ("116", 2025, "QH", "QH15", None)),
        ("10/KH-UBND", ("10", None, "KH", "UBND", None)),
        ("125/UBND-TH", ("125", None, None, "UBND", "TH")),
        ("88/SNV-CCHC", ("88", None, None, "SNV", "CCHC")),
        ("02-CTr/TU", ("02", None, "CTr", "TU", None)),
        ("15a-KL/BCĐ-TW", ("15a", None, "KL", "BCĐ", "TW")),
    ],
)
def test_a_number_taken_apart(number: str, parts: tuple[str, int | None, str | None, str | None, str | None]) -> None:
    found = parts_of_number(number)
    assert (found.serial, found.year, found.kind_code, found.body_code, found.unit_code) == parts


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Số: 71/NQ-CP", "71/NQ-CP"),
        ("Số 07-TB/CQTTBCĐ", "07-TB/CQTTBCĐ"),
        ("Số: 125 /UBND-TH", "125/UBND-TH"),
        ("Luật số: 116/2025/QH15", "116/2025/QH15"),
        ("1131/QĐ-TTg", "1131/QĐ-TTg"),
        ("Số:       /KH-UBND", None),
    ],
)
def test_the_number_in_its_arrangements(line: str, number: str | None) -> None:
    assert read_head(f"ỦY BAN NHÂN DÂN\n{line}\n\nKẾ HOẠCH\nNăm 2026\n").number == number


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("TỈNH ỦY          ĐẢNG CỘNG SẢN VIỆT NAM\n   TUYỆT MẬT   \nSố 1-KL/TU", "Tuyệt mật"),
        ("TỈNH ỦY\tMẬT\tĐẢNG CỘNG SẢN VIỆT NAM", "Mật"),
        ("Độ mật: tối mật\nSố 1-KL/TU", "Tối mật"),
        ("[ TỐI MẬT ]\nSố 1-KL/TU", "Tối mật"),
        ("Bảo vệ bí mật nhà nước; tài liệu MẬT phải được quản lý.", None),
        ("Ong làm\nmật\ncho đời", None),
        ("BÍ MẬT NHÀ NƯỚC", None),
    ],
)
def test_secrecy_only_where_it_stands_as_a_mark(text: str, mark: str | None) -> None:
    assert secrecy_mark(text) == mark


@pytest.mark.parametrize(
    ("text", "mark"),
    [("HỎA TỐC", "Hỏa tốc"), ("THƯỢNG KHẨN", "Thượng khẩn"), ("Độ khẩn: Khẩn", "Khẩn"), ("Khẩn trương rà soát", None)],
)
def test_urgency_marks(text: str, mark: str | None) -> None:
    assert read_head(f"Số: 1/CĐ-TTg\n{text}\n\nCÔNG ĐIỆN\nVề phòng chống bão\n").urgency == mark


def test_a_poem_and_a_report_have_no_head() -> None:
    head = read_head("Quê hương là chùm khế ngọt\nCho con trèo hái mỗi ngày\n")
    assert (head.number, head.kind, head.issuer, head.signer_post, head.recipients) == (None, None, None, None, ())


@pytest.mark.parametrize(
    "piece", ["Căn cứ ", "KT. BỘ TRƯỞNG ", "Nơi nhận: ", "a  ", "Số: 1-", "- x;\n", "KT. BỘ TRƯỞNG\n"]
)
def test_a_head_of_endless_lines_is_read_in_bounded_time(piece: str) -> None:
    text = f"Số: 12/KH-UBND\n\nKẾ HOẠCH\n\nNơi nhận:\n{piece * (1_500_000 // len(piece))}"
    begun = time.perf_counter()
    assert read_head(text).number == "12/KH-UBND"
    assert time.perf_counter() - begun < 10
