"""Words that are in no list: verbs and names are known by their place, and what recognition misread is mended."""

import pytest

from thuocdo.engine.extraction.assignments import Assignment, find_assignments

HEAD = "CHÍNH PHỦ\nSố: 8/NQ-CP      Hà Nội, ngày 06 tháng 7 năm 2026\n\nNGHỊ QUYẾT\nVề một việc\n\nII. NHIỆM VỤ\n"


def read(text: str) -> list[Assignment]:
    return find_assignments(HEAD + text)


@pytest.mark.parametrize(
    ("sentence", "lead", "action"),
    [
        ("Sở Du lịch ngầm hóa dây điện trên phố đi bộ.", ("Sở Du lịch",), "ngầm hóa dây điện trên phố đi bộ"),
        (
            "Bộ Chỉ huy Quân sự tỉnh túc trực lực lượng tại ba điểm xung yếu.",
            ("Bộ Chỉ huy Quân sự tỉnh",),
            "túc trực lực lượng tại ba điểm xung yếu",
        ),
        ("Đồn Biên phòng Tam Hải hỗ trợ vớt rác.", ("Đồn Biên phòng Tam Hải",), "hỗ trợ vớt rác"),
        ("Công an xã phân luồng giao thông.", ("Công an xã",), "phân luồng giao thông"),
        ("VEC thông xe toàn tuyến trước ngày 30/9.", ("VEC",), "thông xe toàn tuyến"),
    ],
)
def test_an_unknown_verb_is_what_follows_the_body(sentence: str, lead: tuple[str, ...], action: str) -> None:
    (found,) = read(f"1. {sentence}")
    assert (found.lead, found.action) == (lead, action)


def test_a_verb_known_only_by_its_place_makes_the_reading_less_sure() -> None:
    (guessed,) = read("1. Sở Du lịch ngầm hóa dây điện trên phố đi bộ.")
    (known,) = read("1. Sở Du lịch lắp đặt dây điện trên phố đi bộ.")
    assert guessed.reasons[0] == "open"
    assert guessed.confidence < known.confidence


def test_facts_about_a_body_are_no_orders() -> None:
    assert read("1. Bộ Y tế đã niêm phong 12 kho. Các hiệp hội ngành hàng có thể đề xuất mô hình.") == []
    assert read("1. Ghi nhận việc Bộ Y tế niêm phong 12 kho.") == []


@pytest.mark.parametrize(
    ("words", "lead"),
    [
        ("Phòng Kinh tế, Hạ tầng và Đô thị lập danh mục.", ("Phòng Kinh tế, Hạ tầng và Đô thị",)),
        ("Cục Quản lý Khám, chữa bệnh lập danh mục.", ("Cục Quản lý Khám, chữa bệnh",)),
        ("UBND các tỉnh Gia Lai, Đắk Lắk lập danh mục.", ("UBND các tỉnh Gia Lai, Đắk Lắk",)),
        ("UBND các tỉnh: Gia Lai, Đắk Lắk và thành phố Huế lập danh mục.",
         ("UBND các tỉnh: Gia Lai, Đắk Lắk và thành phố Huế",)),
        ("Các Ban Quản lý rừng phòng hộ, rừng đặc dụng lập danh mục.",
         ("Các Ban Quản lý rừng phòng hộ, rừng đặc dụng",)),
        ("Cả hai bộ lập danh mục.", ("Cả hai bộ",)),
        ("Bộ Công Thương, Bộ Xây dựng, mỗi bộ theo lĩnh vực quản lý, lập danh mục.", ("Bộ Công Thương", "Bộ Xây dựng")),
        ("Cục Điều tra, thống kê hàng hóa và phương tiện chủ trì lập danh mục.",
         ("Cục Điều tra, thống kê hàng hóa và phương tiện",)),
        ("Đ/c Phó Giám đốc phụ trách chuyển đổi số trực tiếp lập danh mục.",
         ("Đ/c Phó Giám đốc phụ trách chuyển đổi số",)),
        ("Vụ Quản lý đào tạo lập danh mục.", ("Vụ Quản lý đào tạo",)),
    ],
)  # fmt: skip
def test_names_keep_their_commas_and_inner_verbs(words: str, lead: tuple[str, ...]) -> None:
    (found,) = read(f"1. {words}")
    assert found.lead == lead
    assert found.deliverable == "danh mục"


def test_who_stands_with_another_coordinates() -> None:
    (found,) = read("1. Bộ Xây dựng cùng các địa phương rà soát trữ lượng mỏ.")
    assert (found.lead, found.coordinating) == (("Bộ Xây dựng",), ("các địa phương",))


def test_a_heading_tells_whom_the_authority_speaks_to() -> None:
    found = read(
        "Hội đồng nhân dân tỉnh yêu cầu Ủy ban nhân dân tỉnh và các cơ quan liên quan thực hiện các nội dung sau:\n"
        "1. Lập bản đồ cảnh báo sạt lở.\n"
    )
    assert [one.lead for one in found] == [("Ủy ban nhân dân tỉnh", "các cơ quan liên quan")]


def test_a_sanction_takes_only_its_own_clause() -> None:
    (found,) = read("1. Bộ Y tế phân bổ vắc xin trước ngày 31/8/2026; đơn vị nào không báo cáo sẽ bị thu hồi.")
    assert found.action == "phân bổ vắc xin"


def test_what_recognition_misread_is_mended_for_reading_and_kept_in_what_is_handed_out() -> None:
    text = HEAD + (
        "l. Sờ Nội vụ chù trì, phối hợp với Công an tỉnh kiếm tra hồ sơ trước ngày 3O/11/2O26.\n"
        "2. Sở Y tế báo cáo kết quả trước ngày I5/12/2026.\n"
    )
    first, second = find_assignments(text)
    assert (first.lead, first.coordinating) == (("Sờ Nội vụ",), ("Công an tỉnh",))
    assert first.action == "kiếm tra hồ sơ"
    assert str(first.deadline.date) == "2026-11-29"
    assert str(second.deadline.date) == "2026-12-14"
    assert "misread" in first.reasons


def test_a_text_without_such_marks_is_left_alone() -> None:
    (found,) = read("1. Công an tỉnh chù trì kiếm tra hồ sơ tại các xã.")
    assert "misread" not in found.reasons


def test_minutes_order_only_in_their_conclusion() -> None:
    text = (
        "SỞ Y TẾ\n\nHà Nội, ngày 06 tháng 4 năm 2026\n\n"
        "BIÊN BẢN\nHọp giao ban tháng 4\n\nI. Nội dung\n1. Văn phòng Sở lập báo cáo kết quả tháng 3.\n"
        "II. Kết luận của Giám đốc Sở\n1. Văn phòng Sở lập danh mục thiết bị trước ngày 10/5/2026.\n"
    )
    assert [one.deliverable for one in find_assignments(text)] == ["danh mục thiết bị"]


def test_a_thing_after_a_comma_that_must_be_done_by_a_day() -> None:
    (found,) = read("1. Sau khi rà soát, báo cáo tổng hợp phải được gửi về Văn phòng Chính phủ trước ngày 20/8/2026.")
    assert (found.lead, found.deliverable) == ((), "báo cáo tổng hợp")
    assert str(found.deadline.date) == "2026-08-19"


def test_places_after_a_colon_and_offices_of_all_places() -> None:
    (first, second) = read(
        "1. UBND các tỉnh: Vĩnh Long, An Giang khẩn trương nâng công suất mỏ.\n"
        "2. Sở Công Thương các tỉnh, thành phố dự trữ hàng hóa.\n"
    )
    assert (first.lead, first.addressee_kind) == (("UBND các tỉnh: Vĩnh Long, An Giang",), "named")
    assert (second.lead, second.addressee_kind) == (("Sở Công Thương các tỉnh, thành phố",), "generic")


@pytest.mark.parametrize(
    ("heading", "lead"),
    [
        ("1. Đối với Bộ Công an", ("Bộ Công an",)),
        ("1. Các khoa", ("Các khoa",)),
        ("1. Công an tỉnh (cơ quan thường trực)", ("Công an tỉnh",)),
        ("1. Các Khu Quản lý đường bộ, Sở Xây dựng:", ("Các Khu Quản lý đường bộ", "Sở Xây dựng")),
    ],
)
def test_headings_that_name_who_is_charged(heading: str, lead: tuple[str, ...]) -> None:
    (found,) = read(f"{heading}\n1.1. Rà soát quy chuẩn kỹ thuật.\n")
    assert found.lead == lead


@pytest.mark.parametrize(
    ("words", "kind", "day"),
    [
        ("trước 17 giờ ngày 15/9/2026", "before", "2026-09-15"),
        ("trong thời hạn 05 ngày làm việc kể từ ngày Nghị quyết này được ban hành", "relative", "2026-07-13"),
        ("trong tuần thứ hai của tháng 8", "by", "2026-08-14"),
        ("đến cuối năm", "within_year", "2026-12-31"),
        ("tại phiên họp Chính phủ tháng 11", "within_month", "2026-11-30"),
        ("trong quý II năm sau", "within_quarter", "2027-06-30"),
        ("định kỳ hai tuần một lần", "recurring", "None"),
        ("trong 05 ngày đầu mỗi tháng", "recurring", "None"),
        ("trong vòng 15 ngày sau đối thoại", "relative", "None"),
    ],
)
def test_more_forms_of_time(words: str, kind: str, day: str) -> None:
    (found,) = read(f"1. Bộ Y tế rà soát danh mục thuốc {words}.")
    assert (found.deadline.kind, str(found.deadline.date)) == (kind, day)
    assert found.action == "rà soát danh mục thuốc"
