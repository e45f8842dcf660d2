"""What documents by a stranger to the rules taught them: one short sentence for each lesson."""

import unicodedata
from datetime import date

import pytest

from thuocdo.engine.extraction import reader
from thuocdo.engine.extraction.assignments import Assignment, find_assignments

HEAD = "CHÍNH PHỦ\nSố: 8/NQ-CP      Hà Nội, ngày 06 tháng 7 năm 2026\n\nNGHỊ QUYẾT\nVề một việc\n\nII. NHIỆM VỤ\n"


def read(text: str) -> list[Assignment]:
    return find_assignments(HEAD + text)


@pytest.mark.parametrize(
    ("sentence", "raw", "action"),
    [
        ("Bộ Y tế theo dõi dịch; 17 giờ hằng ngày báo cáo Chính phủ.", "17 giờ hằng ngày", "báo cáo Chính phủ"),
        (
            "Sở Y tế theo dõi dịch bệnh; cuối mỗi tuần chốt lại số giường trống.",
            "cuối mỗi tuần",
            "chốt lại số giường trống",
        ),
        (
            "Sở Nội vụ rà soát hồ sơ. Chậm nhất thứ Năm hằng tuần, gửi Bộ Nội vụ số liệu quá hạn.",
            "Chậm nhất thứ Năm hằng tuần",
            "gửi Bộ Nội vụ số liệu quá hạn",
        ),
        (
            "Sở Nội vụ đăng ký lịch họp, hạn cuối 16 giờ thứ Sáu hằng tuần.",
            "hạn cuối 16 giờ thứ Sáu hằng tuần",
            "đăng ký lịch họp",
        ),
    ],
)
def test_an_hour_or_a_weekday_that_comes_again_is_a_deadline(sentence: str, raw: str, action: str) -> None:
    last = read(f"1. {sentence}")[-1]
    assert (last.deadline.raw, last.deadline.kind, last.action) == (raw, "recurring", action)


def test_every_day_before_an_unknown_verb_binds_the_order() -> None:
    (one,) = read("1. Đài Khí tượng tăng cường quan trắc, mỗi ngày phát ít nhất 08 bản tin.")
    assert one.deadline.kind == "recurring"


def test_this_quarter_is_read_whole() -> None:
    (one,) = read("1. Sở Y tế biên tập bộ tài liệu kỹ năng số, hoàn thành trong quý III này.")
    assert (one.action, one.deadline.date) == ("biên tập bộ tài liệu kỹ năng số", date(2026, 9, 30))
    assert one.deliverable == "bộ tài liệu kỹ năng số"


def test_days_from_taking_effect_are_counted_from_the_day_the_document_names() -> None:
    (one,) = read(
        "1. Bộ Tài chính trong vòng 30 ngày kể từ ngày Nghị quyết này có hiệu lực hướng dẫn cơ chế chi trả.\n"
        "2. Nghị quyết này có hiệu lực từ ngày 10/7/2026.\n"
    )
    assert one.deadline.date == date(2026, 8, 9)


def test_being_late_is_no_deadline() -> None:
    (one,) = read("1. Thanh tra Chính phủ kết thúc thanh tra các dự án chậm tiến độ vào cuối quý III/2026.")
    assert one.action == "kết thúc thanh tra các dự án chậm tiến độ"


def test_a_basis_does_not_swallow_the_verb() -> None:
    (one,) = read(
        "1. Các bộ, cơ quan ngang bộ căn cứ Chương trình hành động ban hành kế hoạch thực hiện"
        " trong thời hạn 20 ngày kể từ ngày ký Nghị quyết này."
    )
    assert (one.action, one.deadline.date) == ("ban hành kế hoạch thực hiện", date(2026, 7, 26))


@pytest.mark.parametrize(
    ("sentence", "lead", "coordinating"),
    [
        ("Ban Quản lý dự án 85 cùng các nhà thầu tổ chức thi công ba ca.", "Ban Quản lý dự án 85", ("các nhà thầu",)),
        (
            "Ban Quản lý dự án đầu tư xây dựng tỉnh khẩn trương bàn giao mặt bằng.",
            "Ban Quản lý dự án đầu tư xây dựng tỉnh",
            (),
        ),
        ("Văn phòng HĐND và UBND xã lập danh sách các hộ.", "Văn phòng HĐND và UBND xã", ()),
        (
            "Bộ Giáo dục và Đào tạo chủ trì, cùng các trường đại học có đào tạo ngành hàng không biên soạn tài liệu.",
            "Bộ Giáo dục và Đào tạo",
            ("các trường đại học có đào tạo ngành hàng không",),
        ),
    ],
)
def test_names_end_where_they_end(sentence: str, lead: str, coordinating: tuple[str, ...]) -> None:
    (one,) = read(f"1. {sentence}")
    assert (one.lead, one.coordinating) == ((lead,), coordinating)


def test_an_office_in_a_heading_hands_down_its_name() -> None:
    found = read("1. Văn phòng HĐND và UBND xã\n- Lập danh sách các hộ.\n- In và cấp phát tờ rơi cho từng hộ.\n")
    assert [one.lead for one in found] == [("Văn phòng HĐND và UBND xã",)] * 2


def test_an_amendment_quotes_the_item_it_words_anew() -> None:
    (one,) = read(
        "1. Sửa đổi điểm b khoản 2 Mục III như sau:\n\n"
        "“b) Sở Xây dựng chủ trì lắp đặt hệ thống chiếu sáng, hoàn thành trước ngày 30/9/2026”.\n"
    )
    assert (one.lead, one.deadline.date) == (("Sở Xây dựng",), date(2026, 9, 29))


def test_a_short_label_gives_a_block_its_deadline() -> None:
    (one,) = read("Nội dung: Dự thảo báo cáo sơ kết\nNgười thực hiện: Văn phòng Sở\nHạn: 10/8/2026\n")
    assert (one.lead, one.deadline.date) == (("Văn phòng Sở",), date(2026, 8, 10))


def test_whatever_is_set_up_is_the_product() -> None:
    (one,) = read("1. Phòng Y tế thành lập Tổ lưu động hỗ trợ dịch vụ công.")
    assert one.deliverable == "Tổ lưu động hỗ trợ dịch vụ công"


@pytest.mark.parametrize(
    "sentence",
    [
        "Trên cơ sở đó, Bộ Nội vụ sẽ tổng hợp, báo cáo Thủ tướng Chính phủ.",
        "Thông tin chi tiết đề nghị liên hệ Vụ Công chức, điện thoại 024.0000.0000.",
        (
            "Thực hiện ý kiến của Phó Thủ tướng, trong đó giao Bộ Nội vụ tổng hợp nhu cầu trước ngày 28/8/2026,"
            " Bộ Nội vụ đã có Công văn số 1/BNV-CCVC hướng dẫn các biểu mẫu."
        ),
        "Ban Thường vụ Tỉnh ủy thống nhất chưa thành lập trung tâm dữ liệu riêng.",
        "Kiến nghị bổ sung nút giao chưa được xem xét trong giai đoạn này.",
        "Các đồng chí phải coi đây là công trình của trái tim.",
    ],
)
def test_told_and_not_ordered(sentence: str) -> None:
    assert read(f"{sentence}\n") == []


def test_a_reporter_tells_what_the_authority_wants() -> None:
    report = (
        "Chiều 22/6, Thủ tướng chủ trì cuộc họp về đường cao tốc.\n\n"
        "Thủ tướng yêu cầu Bộ Xây dựng rà soát tiến độ. Theo Thủ tướng, cần chăm lo chỗ ở cho công nhân.\n"
    )
    found = find_assignments(report)
    assert [one.lead for one in found] == [("Bộ Xây dựng",), ()]
    assert [one.action for one in found] == [
        "rà soát tiến độ",
        "chăm lo chỗ ở cho công nhân",
    ]


def test_decomposed_letters_are_vietnamese() -> None:
    text = "Ban Thường vụ Tỉnh ủy yêu cầu các đảng ủy xã báo cáo kết quả chuyển đổi số trước ngày 30/9/2026. " * 5
    assert "not_vietnamese" not in reader.read(unicodedata.normalize("NFD", text).encode()).notes


def test_a_class_that_a_comma_divides_bears_a_list_with_its_deadline() -> None:
    found = read(
        "6. Trong tháng 7/2026, các cơ quan tham mưu, giúp việc Trung ương Đảng hoàn thành các việc sau:\n"
        "a) Thống kê tài liệu lưu trữ;\nb) Huỷ các phần mềm cũ.\n"
    )
    assert [(one.lead, one.deadline.date) for one in found] == [
        (("các cơ quan tham mưu, giúp việc Trung ương Đảng",), date(2026, 7, 31))
    ] * 2


@pytest.mark.parametrize(
    ("partners", "expected"),
    [
        ("UBND các xã, phường; các hợp tác xã", ("UBND các xã, phường", "các hợp tác xã")),
        ("Sở Công Thương, Viễn thông Đắk Lắk", ("Sở Công Thương", "Viễn thông Đắk Lắk")),
    ],
)
def test_partners_in_a_labelled_line_are_told_apart(partners: str, expected: tuple[str, ...]) -> None:
    (one,) = read(
        f"1. Rà soát ranh giới vùng trồng\n- Cơ quan chủ trì: Sở Tài chính.\n- Cơ quan phối hợp: {partners}.\n"
        "- Thời gian: Tháng 8/2026.\n"
    )
    assert one.coordinating == expected


@pytest.mark.parametrize(
    ("sentence", "lead", "action"),
    [
        (
            "UBND các xã, phường: Chỉ đạo các hợp tác xã đăng ký mã số vùng trồng.",
            "UBND các xã, phường",
            "Chỉ đạo các hợp tác xã đăng ký mã số vùng trồng",
        ),
        (
            "Sở Tài chính: Trên cơ sở đề xuất của các đơn vị, thẩm định, trình bố trí kinh phí.",
            "Sở Tài chính",
            "thẩm định, trình bố trí kinh phí",
        ),
        (
            "Sở Y tế là cơ quan thường trực, chịu trách nhiệm hướng dẫn, kiểm tra các đơn vị.",
            "Sở Y tế",
            "hướng dẫn, kiểm tra các đơn vị",
        ),
    ],
)
def test_the_duty_begins_at_its_verb(sentence: str, lead: str, action: str) -> None:
    (one,) = read(f"1. {sentence}")
    assert (one.lead, one.action) == ((lead,), action)


def test_a_misread_day_at_the_beginning_of_a_line_is_no_list_marker() -> None:
    (one,) = read("1. Ủy ban nhân dân các xã lập danh sách, gửi Công an xã chậm nhất ngày\nO5/8/2026.")
    assert one.deadline.date == date(2026, 8, 5)


def test_what_a_province_asks_of_the_issuer_is_no_order() -> None:
    (one,) = read(
        "3. UBND thành phố Huế đề nghị Bộ ban hành mẫu biên bản; Bộ trưởng giao Cục Quản lý đất đai"
        " ban hành mẫu thống nhất trong tháng 8/2026."
    )
    assert one.lead == ("Cục Quản lý đất đai",)


def test_the_horizon_of_a_plan_is_no_deadline_of_its_list() -> None:
    found = find_assignments(
        "THỦ TƯỚNG CHÍNH PHỦ\nSố: 8/QĐ-TTg      Hà Nội, ngày 06 tháng 7 năm 2026\n\nQUYẾT ĐỊNH\nPhê duyệt Đề án\n\n"
        "Điều 1. Phê duyệt Đề án thư viện số đến năm 2030 với những nội dung chủ yếu sau:\n\nIII. TỔ CHỨC THỰC HIỆN\n\n"
        "1. Bộ Tài chính bố trí kinh phí thực hiện Đề án.\n"
    )
    assert [one.deadline.kind for one in found] == ["none"]


def test_a_summary_that_sets_the_scene_is_still_a_summary() -> None:
    report = (
        "(NLĐ) - Tại hội nghị trực tuyến sáng 2-6, Bộ trưởng Bộ Y tế yêu cầu các địa phương kiểm tra dữ liệu.\n\n"
        "Sáng 2-6, Bộ Y tế tổ chức hội nghị trực tuyến về khám bệnh từ xa.\n\n"
        "Bộ trưởng ghi nhận nỗ lực của các sở trong việc làm sạch dữ liệu.\n\n"
        "Bộ trưởng Bộ Y tế yêu cầu Cục Quản lý Khám, chữa bệnh mở đường dây nóng trước ngày 10-6.\n"
    )
    (one,) = find_assignments(report, issued_on=date(2026, 6, 2))
    assert one.lead == ("Cục Quản lý Khám, chữa bệnh",)


def test_a_heading_may_share_out_lead_and_partner() -> None:
    (one,) = read(
        "3. Phòng Điều dưỡng chủ trì, Phòng Tổ chức cán bộ phối hợp\n- Tập huấn lại cho điều dưỡng các khoa.\n"
    )
    assert (one.lead, one.coordinating) == (("Phòng Điều dưỡng",), ("Phòng Tổ chức cán bộ",))


def test_departments_of_a_hospital_bear_a_list() -> None:
    (one,) = read("2. Khoa Dược và Khoa Xét nghiệm\n- Đồng bộ danh mục thuốc với hệ thống.\n")
    assert one.lead == ("Khoa Dược", "Khoa Xét nghiệm")


@pytest.mark.parametrize(
    ("sentence", "raw", "action"),
    [
        (
            "Sở Y tế tổ chức hội nghị quán triệt, xong trước Tết Nguyên đán Đinh Mùi.",
            "trước Tết Nguyên đán Đinh Mùi",
            "tổ chức hội nghị quán triệt",
        ),
        ("Tháng 11 hằng năm, Sở Y tế đánh giá kết quả.", "Tháng 11 hằng năm", "đánh giá kết quả"),
        (
            "Sở Y tế xây dựng mục lục trực tuyến, hoàn thành toàn bộ trước ngày 30/9/2026.",
            "trước ngày 30/9/2026",
            "xây dựng mục lục trực tuyến",
        ),
    ],
)
def test_deadlines_are_read_whole(sentence: str, raw: str, action: str) -> None:
    (one,) = read(f"1. {sentence}")
    assert (one.deadline.raw, one.action) == (raw, action)


def test_handing_out_tasks_is_no_task() -> None:
    (one,) = read("Giám đốc Bệnh viện giao nhiệm vụ cho các đơn vị như sau:\n1. Phòng Dược\n- Kiểm kê kho thuốc.\n")
    assert one.lead == ("Phòng Dược",)
