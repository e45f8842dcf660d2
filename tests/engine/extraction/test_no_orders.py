"""What sounds like an order and is none: praise, the past, proposals, prohibitions, permissions, aims, sanctions."""

from datetime import date

import pytest

from thuocdo.engine.extraction.assignments import find_assignments

ISSUED = date(2026, 3, 2)


@pytest.mark.parametrize(
    "sentence",
    [
        # Praise, consent and assessment.
        "Đánh giá cao Bộ Y tế đã chủ động kết nối dữ liệu trước ngày 30/12/2025.",
        "Biểu dương Sở Tài chính, Sở Nội vụ hoàn thành sớm kế hoạch.",
        "Đồng ý về nguyên tắc với phương án của Tập đoàn Điện lực Việt Nam.",
        "Thời gian qua, các địa phương đã triển khai 5.000 trạm phát sóng.",
        # The past and promises.
        "Trước đó, Thủ tướng Chính phủ đã giao Bộ Xây dựng lập cơ sở dữ liệu nhà ở trước ngày 31/12/2025.",
        "Bộ Công Thương cam kết sẽ hoàn thành kết nối trước ngày 30/6/2026.",
        "Bộ Công Thương sẽ trình nghị định trong quý III/2026.",
        # Proposals, refusals, postponements.
        "Sở Tài chính kiến nghị giao UBND các xã tự chủ kinh phí trước ngày 01/7/2026.",
        "Chưa giao Bộ Nội vụ xây dựng hệ thống riêng về quản lý cán bộ.",
        "Đối với đề nghị lùi thời hạn của một số địa phương, Ban Chỉ đạo không đồng ý.",
        "Riêng đề xuất lập quỹ mới, Chính phủ sẽ xem xét sau khi có kết quả thí điểm.",
        # Prohibitions, permissions and encouragement that stand alone.
        "Nghiêm cấm chia nhỏ gói thầu để chỉ định thầu.",
        "Các địa phương không được yêu cầu người dân nộp thêm giấy tờ.",
        "Khuyến khích các doanh nghiệp dùng chung hạ tầng.",
        "Các bộ, ngành có thể thuê dịch vụ công nghệ thông tin.",
        # Standing formulas and conditional sanctions.
        "Trong quá trình thực hiện, nếu có vướng mắc, các đơn vị phản ánh về Sở Nội vụ để được hướng dẫn.",
        "Địa phương nào không hoàn thành, người đứng đầu phải chịu trách nhiệm.",
        "Văn phòng Chính phủ thông báo để các bộ, cơ quan biết, thực hiện.",
        # Abstract subjects, attitudes without an addressee, the meeting itself.
        "Nhà nước phải đóng vai trò kiến tạo, tháo gỡ rào cản.",
        "Toàn dân phải nâng cao kỹ năng số.",
        "Yêu cầu phải giữ vững kỷ cương.",
        "Đề nghị các đại biểu tập trung thảo luận, làm rõ nguyên nhân.",
        "Trong đó, làm rõ các nội dung đột phá về hạ tầng.",
        "Chỉ thị này có hiệu lực từ ngày ký.",
    ],
)
def test_a_sentence_that_orders_nothing(sentence: str) -> None:
    assert find_assignments(f"1. {sentence}\n", issued_on=ISSUED) == []


def test_sections_of_aims_and_assessment_are_passed_over() -> None:
    text = """I. ĐÁNH GIÁ CHUNG
1. Sở Nội vụ hoàn thành 5/7 nhiệm vụ.
II. MỤC TIÊU
- Đến hết năm 2026, các sở, ngành phải số hóa 80% hồ sơ.
III. NHIỆM VỤ
1. Sở Nội vụ ban hành quy chế làm việc trực tuyến trong tháng 4/2026.
"""
    (one,) = find_assignments(text, issued_on=ISSUED)
    assert one.lead == ("Sở Nội vụ",)
    assert one.deliverable == "quy chế làm việc trực tuyến"


def test_recipients_at_the_head_and_the_foot_are_no_addressees() -> None:
    text = """Số: 12/CV-UBND
Gia Lai, ngày 02 tháng 3 năm 2026

Kính gửi:
- Các sở, ban, ngành;
- UBND các xã, phường.

UBND tỉnh yêu cầu các cơ quan, đơn vị thực hiện nội dung sau:
1. Cử đầu mối về dữ liệu trước ngày 10/3/2026.

Nơi nhận:
- Như trên;
- Sở Nội vụ theo dõi;
- Lưu: VT.
"""
    (one,) = find_assignments(text)
    assert text[one.start : one.end] == "Cử đầu mối về dữ liệu trước ngày 10/3/2026"
    assert one.lead == ("các cơ quan, đơn vị",)


def test_a_prohibition_after_a_duty_belongs_to_it() -> None:
    text = "1. Các bộ, ngành công khai hợp đồng thuê; không kéo dài hợp đồng đã hết hạn."
    (one,) = find_assignments(text, issued_on=ISSUED)
    assert text[one.start : one.end] == text[3:-1]


def test_a_clause_about_others_ends_the_order_before_it() -> None:
    text = "1. Bộ Công Thương trả lời kiến nghị trong tháng 6/2026; riêng đề xuất giảm thuế, Chính phủ sẽ xem xét sau."
    (one,) = find_assignments(text, issued_on=ISSUED)
    assert text[one.start : one.end] == "Bộ Công Thương trả lời kiến nghị trong tháng 6/2026"
