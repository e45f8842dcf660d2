"""Orders as leaders give them: who leads, who helps, what, by when, and where one order ends and the next begins.

All sentences are invented for these tests.
"""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thuocdo.engine.extraction.assignments import Assignment, find_assignments

ISSUED = date(2026, 3, 2)


def orders(text: str, issued_on: date = ISSUED) -> list[Assignment]:
    """Read the body of a numbered directive and check that every span and piece is a piece of the text."""
    found = find_assignments(text, issued_on=issued_on)
    for one in found:
        span = text[one.start : one.end]
        assert span == span.strip()
        assert one.action in text
        assert one.deliverable is None or one.deliverable in text
        assert 0 < one.confidence < 1
        assert one.reasons
    return found


def only(text: str) -> Assignment:
    found = orders(text)
    assert len(found) == 1, found
    return found[0]


def test_a_lead_with_partners_a_product_and_a_date() -> None:
    text = (
        "1. Bộ Y tế chủ trì, phối hợp với Bộ Công an, Bảo hiểm xã hội Việt Nam và các địa phương liên quan xây dựng"
        " danh mục dữ liệu khám bệnh dùng chung, trình Thủ tướng Chính phủ trước ngày 20/5/2026."
    )
    one = only(text)
    assert one.lead == ("Bộ Y tế",)
    assert one.coordinating == ("Bộ Công an", "Bảo hiểm xã hội Việt Nam", "các địa phương liên quan")
    assert one.action == "xây dựng danh mục dữ liệu khám bệnh dùng chung, trình Thủ tướng Chính phủ"
    assert one.deliverable == "danh mục dữ liệu khám bệnh dùng chung"
    assert (one.deadline.raw, one.deadline.date) == ("trước ngày 20/5/2026", date(2026, 5, 19))
    assert one.addressee_kind == "named"
    assert text[one.start : one.end] == text[3:-1]


def test_names_that_contain_and_are_one_body() -> None:
    one = only("1. Bộ Khoa học và Công nghệ và Bộ Nội vụ thống nhất phương án biên chế.")
    assert one.lead == ("Bộ Khoa học và Công nghệ", "Bộ Nội vụ")


def test_one_helper_without_a_word_for_leading() -> None:
    one = only("1. Thanh tra tỉnh phối hợp với Sở Tài chính kiểm tra việc mua sắm phần mềm.")
    assert (one.lead, one.coordinating) == (("Thanh tra tỉnh",), ("Sở Tài chính",))
    one = only("1. Sở Y tế chủ trì, Công an tỉnh phối hợp triển khai bệnh án điện tử.")
    assert (one.lead, one.coordinating) == (("Sở Y tế",), ("Công an tỉnh",))
    one = only("1. Sở Y tế, Công an tỉnh phối hợp triển khai bệnh án điện tử.")
    assert (one.lead, one.coordinating) == (("Sở Y tế", "Công an tỉnh"), ())


def test_a_list_of_ministries_after_a_colon_is_one_name_each() -> None:
    one = only("1. Các Bộ: Tài chính, Nội vụ và Y tế rà soát quy định chồng chéo trước ngày 30/9/2026.")
    assert one.lead == ("Bộ Tài chính", "Bộ Nội vụ", "Bộ Y tế")


def test_a_class_is_one_string_and_generic() -> None:
    one = only("1. Các sở, ban, ngành, nhất là các sở có nhiều hồ sơ, phải công khai tiến độ giải quyết hồ sơ.")
    assert (one.lead, one.addressee_kind) == (("Các sở, ban, ngành",), "generic")


def test_items_inherit_lead_partners_and_deadline_from_their_heading() -> None:
    text = """1. Giao Sở Xây dựng chủ trì, phối hợp với Sở Nội vụ thực hiện các việc sau, xong trước ngày 30/4/2026:

a) Lập bản đồ hạ tầng ngầm;

b) Số hóa 500 hồ sơ quy hoạch, xong trong quý III/2026.

2. Sở Tài chính:
- Bố trí kinh phí bảo trì;
- Hằng quý, công khai số liệu giải ngân.
"""
    first, second, third, fourth = orders(text)
    assert first.lead == second.lead == ("Sở Xây dựng",)
    assert first.coordinating == second.coordinating == ("Sở Nội vụ",)
    assert text[first.start : first.end] == "Lập bản đồ hạ tầng ngầm"
    assert first.deadline.date == date(2026, 4, 29)
    assert second.deadline.date == date(2026, 9, 30)
    assert third.lead == fourth.lead == ("Sở Tài chính",)
    assert third.deadline.kind == "none"
    assert (fourth.deadline.kind, fourth.coordinating) == ("recurring", ())


def test_numbers_in_brackets_cut_a_sentence() -> None:
    text = "1. Giao Cục Thuế: (1) rà soát hóa đơn; (2) trình Bộ Tài chính kế hoạch kiểm tra trong tháng 4; (3) đôn đốc."
    found = orders(text.replace("đôn đốc", "đôn đốc việc thực hiện"))
    assert [one.deadline.date for one in found] == [None, date(2026, 4, 30), None]
    assert all(one.lead == ("Cục Thuế",) for one in found)


def test_a_new_lead_cuts_and_bo_nay_is_the_body_named_before() -> None:
    text = (
        "1. Sở Công Thương cấp điện ổn định cho trạm dữ liệu; UBND các xã bố trí mặt bằng trước ngày 15/4/2026."
        " Sở Nội vụ tuyển chọn 20 kỹ sư. Sở này cũng được giao xây dựng khung năng lực số."
    )
    found = orders(text.replace("cấp điện", "bảo đảm cấp điện"))
    assert [one.lead[0] for one in found] == ["Sở Công Thương", "UBND các xã", "Sở Nội vụ", "Sở Nội vụ"]


def test_a_completion_deadline_closes_an_assignment() -> None:
    together = only("1. Bộ Nội vụ rà soát vị trí việc làm; trình Chính phủ phương án trước ngày 01/6/2026.")
    assert together.deadline.date == date(2026, 5, 31)
    apart = orders("1. Bộ Nội vụ rà soát vị trí việc làm trước ngày 01/6/2026; trình Chính phủ phương án.")
    assert [one.deadline.date for one in apart] == [date(2026, 5, 31), None]
    assert [one.lead for one in apart] == [("Bộ Nội vụ",)] * 2


def test_a_recurring_duty_stands_alone() -> None:
    first, second = orders("1. Văn phòng Chính phủ theo dõi, đôn đốc; định kỳ 3 tháng báo cáo Thủ tướng Chính phủ.")
    assert (first.deadline.kind, second.deadline.kind) == ("none", "recurring")
    assert second.action == "báo cáo Thủ tướng Chính phủ"


def test_two_levels_by_two_dates_are_two_assignments() -> None:
    first, second = orders("1. Bộ Tài chính giải ngân 60% kế hoạch vốn trong quý II/2026 và 90% trong quý IV/2026.")
    assert (first.target, second.target) == ("60% kế hoạch vốn", "90%")
    assert (first.deadline.date, second.deadline.date) == (date(2026, 6, 30), date(2026, 12, 31))


def test_a_deadline_in_a_sentence_of_its_own_belongs_to_what_precedes_it() -> None:
    text = "1. Bộ Xây dựng ban hành định mức bảo trì phần mềm. Hoàn thành trước ngày 10/5/2026."
    one = only(text)
    assert one.end == len(text) - 1
    assert one.action == "ban hành định mức bảo trì phần mềm"
    assert one.deadline.date == date(2026, 5, 9)


def test_a_date_beats_a_relative_expression_and_the_new_date_an_old_one() -> None:
    one = only(
        "1. Ngay sau Hội nghị này, các sở, ngành ban hành kế hoạch, gửi Văn phòng UBND tỉnh trước ngày 18/3/2026."
    )
    assert (one.deadline.date, one.deadline.kind) == (date(2026, 3, 17), "before")
    one = only("1. Sở Xây dựng số hóa bản đồ trước ngày 31/10/2026 (thay cho thời hạn 15/9/2026).")
    assert one.deadline.date == date(2026, 10, 30)
    one = only("1. Sở Xây dựng nộp báo cáo, thời hạn lùi từ ngày 15/3/2026 sang ngày 10/4/2026.")
    assert one.deadline.date == date(2026, 4, 10)


def test_a_thing_counts_only_with_a_date_of_its_own() -> None:
    one = only("1. Thông tư về giá dịch vụ dữ liệu phải được ban hành chậm nhất 15/6/2026.")
    assert (one.lead, one.addressee_kind) == ((), "none")
    assert one.deliverable == "Thông tư về giá dịch vụ dữ liệu"
    assert orders("1. Dữ liệu phải được cập nhật đầy đủ, thống nhất.") == []


def test_text_with_combining_marks_gives_the_same_orders_at_its_own_offsets() -> None:
    text = (
        "1. Thành uỷ Huế chỉ đạo số hoá di sản, hoàn thành trước ngày 2O/6/2026.\n"
        "2. Uỷ ban nhân dân các xã lập danh sách hộ chưa có mạng."
    )
    decomposed = unicodedata.normalize("NFD", text)
    for plain, marked in zip(orders(text), find_assignments(decomposed, issued_on=ISSUED), strict=True):
        assert decomposed[marked.start : marked.end] == unicodedata.normalize("NFD", text[plain.start : plain.end])
        assert marked.action == unicodedata.normalize("NFD", plain.action)
        assert marked.deadline.date == plain.deadline.date


def test_lines_broken_in_the_middle_are_one_order() -> None:
    text = """1. Bộ Tư pháp chủ trì, phối hợp với các bộ, cơ quan liên quan rà soát,
tổng hợp các vướng mắc pháp luật về dữ liệu, báo cáo Chính phủ tại phiên
họp tháng 7.
"""
    one = only(text)
    assert one.deadline.date == date(2026, 7, 31)
    assert one.coordinating == ("các bộ, cơ quan liên quan",)


def test_nothing_in_an_empty_or_foreign_text() -> None:
    assert find_assignments("") == []
    assert find_assignments("\n\n  \n") == []
    assert find_assignments("The minister shall report by 1/1/2027.") == []


def test_what_an_addressee_starts_from_is_no_part_of_the_action() -> None:
    one = only(
        "1. Các tỉnh ủy, thành ủy căn cứ Kết luận này và tình hình thực tế xây dựng chương trình hành động,"
        " báo cáo Ban Bí thư trong vòng 45 ngày kể từ ngày ký."
    )
    assert one.action == "xây dựng chương trình hành động, báo cáo Ban Bí thư"
    assert one.deadline.date == date(2026, 4, 16)


def test_the_horizon_of_a_plan_is_no_deadline_of_the_work_on_it() -> None:
    one = only("1. Bộ Công an xây dựng chiến lược dữ liệu đến năm 2035, trình Chính phủ trong tháng 6/2026.")
    assert (one.deadline.date, one.deliverable) == (date(2026, 6, 30), "chiến lược dữ liệu đến năm 2035")
    one = only("1. Bộ Tài chính cân đối kinh phí vận hành nền tảng giai đoạn 2026 - 2030.")
    assert one.deadline.kind == "none"


@given(
    st.text(
        alphabet=st.sampled_from(list("Giao Bộ Y tế,;.:()|\t\n-1a trước ngày 20/5/2026 nt\u0301\u0323“”phải")),
        max_size=300,
    )
)
def test_no_text_breaks_the_reading_and_all_spans_lie_in_it(text: str) -> None:
    last = 0
    for one in find_assignments(text, issued_on=ISSUED):
        assert 0 <= one.start < one.end <= len(text)
        assert one.start >= last
        last = one.start
        assert one.action in text


@pytest.mark.parametrize(
    "unit", ["Thủ tướng ", "các bộ, ", "Bộ và ", "trước ngày 20/5/2026, ", "phối hợp với Bộ Y tế, "]
)
def test_endless_repetition_neither_breaks_nor_stalls_the_reading(unit: str) -> None:
    text = "1. Bộ Y tế rà soát " + unit * 300
    assert all(one.end <= len(text) for one in find_assignments(text, issued_on=ISSUED))
