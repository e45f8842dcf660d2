"""Orders in tables, in blocks of labelled lines, and in news reports. All texts are invented for these tests."""

from datetime import date

from thuocdo.engine.extraction.assignments import find_assignments

ISSUED = date(2026, 9, 9)

TABLE = """Phụ lục
DANH MỤC NHIỆM VỤ
| STT | Nhiệm vụ | Đơn vị chủ trì | Đơn vị phối hợp | Thời hạn hoàn thành | Sản phẩm | Tình trạng |
|---|---|---|---|---|---|---|
| I | Hạ tầng | | | | | |
| 1 | Lắp đặt máy chủ | Văn phòng UBND tỉnh | Sở Tài chính; VNPT Lào Cai | Trước 30/10/2026 | Máy chủ | Đang thực hiện |
| 2 | Lắp camera giao thông | Công an tỉnh | // | -nt- | Hệ thống camera | |
| 3 | Kéo cáp quang | Sở Xây dựng | | Quý III/2026 | | Đã hoàn thành |
| 4 | Mở trang tin | Báo và Phát thanh, Truyền hình Lào Cai | | 30/11/2026 | | Bỏ khỏi kế hoạch |
| 5 | Đào tạo cán bộ | Sở Nội vụ | Các sở, ngành | Thường xuyên | Tối thiểu 200 chứng chỉ | |
"""


def test_rows_of_a_table_with_ditto_marks_and_finished_rows() -> None:
    first, second, third = find_assignments(TABLE, issued_on=ISSUED)
    assert first.coordinating == second.coordinating == ("Sở Tài chính", "VNPT Lào Cai")
    assert first.deadline == second.deadline
    assert second.deadline.date == date(2026, 10, 29)
    assert TABLE[second.start : second.end].startswith("Lắp camera giao thông | Công an tỉnh")
    assert TABLE[second.start : second.end].endswith("Hệ thống camera")
    assert (third.deadline.kind, third.target, third.addressee_kind) == (
        "recurring",
        "Tối thiểu 200 chứng chỉ",
        "named",
    )


def test_rows_with_tabs_read_the_same_as_rows_with_bars() -> None:
    rows = [line for line in TABLE.splitlines() if not line.startswith("|---")]
    tabbed = "\n".join("\t".join(c.strip() for c in r.strip("|").split("|")) if "|" in r else r for r in rows)
    bars, tabs = find_assignments(TABLE, issued_on=ISSUED), find_assignments(tabbed, issued_on=ISSUED)
    assert [(a.lead, a.coordinating, a.deadline) for a in bars] == [(a.lead, a.coordinating, a.deadline) for a in tabs]


def test_blocks_of_labelled_lines() -> None:
    text = """1. Xây dựng Khung kiến trúc số cấp xã
- Cơ quan chủ trì: Bộ Khoa học và Công nghệ.
- Cơ quan phối hợp: Bộ Nội vụ, các địa phương.
- Thời hạn: Quý III/2027.
- Sản phẩm: Quyết định ban hành Khung kiến trúc.
2. Đánh giá độc lập dịch vụ công
- Cơ quan chủ trì: Văn phòng Chính phủ.
- Thời hạn: như trên.
3. Nâng cấp Cổng dịch vụ công
- Cơ quan chủ trì: Bộ Công an.
- Tình trạng: Đã hoàn thành.
"""
    first, second = find_assignments(text, issued_on=ISSUED)
    assert (first.lead, first.coordinating) == (("Bộ Khoa học và Công nghệ",), ("Bộ Nội vụ", "các địa phương"))
    assert first.deliverable == "Quyết định ban hành Khung kiến trúc"
    assert text[first.start : first.end].endswith("Khung kiến trúc")
    assert (second.deadline.date, second.deadline.kind) == (date(2027, 9, 30), "within_quarter")


NEWS = """Bí thư Thành ủy: Mỗi phường phải có một tổ dữ liệu
15/4/2026 09:10

(BNO) - Bí thư Thành ủy yêu cầu hoàn thành kho dữ liệu dùng chung trong quý II.

Chiều 14-4, Bí thư Thành ủy chủ trì hội nghị về chuyển đổi số. Báo cáo tại hội nghị, Giám đốc Sở Tài chính cho biết \
sở cam kết sẽ hoàn thành kết nối trước ngày 30-6. Đại diện Sở Y tế đề nghị giao UBND các phường tự chủ kinh phí.

Ảnh: Bí thư Thành ủy yêu cầu các phường công khai tiến độ. (NTV)

Phát biểu kết luận, Bí thư Thành ủy yêu cầu Sở Khoa học và Công nghệ khẩn trương hoàn thiện kho dữ liệu dùng chung, \
chậm nhất là ngày 20-6, đồng thời Sở Nội vụ phải bố trí đủ nhân sự cho 100% phường trong tháng 5.

"Tất cả phường phải niêm yết mã QR tại bộ phận một cửa, muộn nhất là 31-5", Bí thư Thành ủy nhấn mạnh. \
Bí thư Thành ủy cũng nhấn mạnh vai trò của người dân. Người dân cần nâng cao kỹ năng số.

Bên cạnh đó, đẩy nhanh số hóa hồ sơ đất đai. Trước đó, tháng 12-2025, Thành ủy đã giao Sở Xây dựng lập cơ sở dữ liệu.

Hồng Minh
"""


def test_a_report_gives_the_orders_of_its_body_only() -> None:
    found = find_assignments(NEWS)
    assert [NEWS[one.start : one.end] for one in found] == [
        "yêu cầu Sở Khoa học và Công nghệ khẩn trương hoàn thiện kho dữ liệu dùng chung, chậm nhất là ngày 20-6",
        "Sở Nội vụ phải bố trí đủ nhân sự cho 100% phường trong tháng 5",
        "Tất cả phường phải niêm yết mã QR tại bộ phận một cửa, muộn nhất là 31-5",
        "đẩy nhanh số hóa hồ sơ đất đai",
    ]
    assert [one.deadline.date for one in found] == [date(2026, 6, 20), date(2026, 5, 31), date(2026, 5, 31), None]
    assert [one.addressee_kind for one in found] == ["named", "named", "generic", "none"]
    assert found[1].target == "100% phường"


def test_a_letter_that_counts_in_words() -> None:
    text = """Hà Nội, ngày 20/02/2026
Kính gửi: Các sở giáo dục và đào tạo

Để chuẩn bị cho năm học mới, Bộ yêu cầu:
Một là, các sở giáo dục và đào tạo rà soát điều kiện dạy học số, gửi báo cáo về Bộ trước ngày 15/3/2026.
Hai là, Cục Công nghệ thông tin hoàn thiện học bạ số. Thời gian thực hiện: quý II năm 2026.
Ba là, hiệu trưởng các trường đại học công bố chuẩn đầu ra; định kỳ cuối mỗi học kỳ cập nhật dữ liệu sinh viên.
Bốn là, trường hợp phát sinh khó khăn, các sở kịp thời báo cáo về Bộ.
"""
    first, second, third, fourth = find_assignments(text)
    assert (first.lead, first.deadline.date) == (("các sở giáo dục và đào tạo",), date(2026, 3, 14))
    assert (second.lead, second.deadline.date) == (("Cục Công nghệ thông tin",), date(2026, 6, 30))
    assert third.lead == fourth.lead == ("hiệu trưởng các trường đại học",)
    assert fourth.deadline.kind == "recurring"
