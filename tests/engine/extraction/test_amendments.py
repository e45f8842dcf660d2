"""Amendments: which sentences change a task given elsewhere, which one they name, what they change."""

from datetime import date
from itertools import pairwise

import pytest

from thuocdo.engine.extraction.amendments import (
    Amendment,
    amended_symbol,
    find_amendments,
    find_orders,
    item_number,
    read_amendment,
)

DOCUMENT = """BAN CHỈ ĐẠO TRUNG ƯƠNG
Số: 60-TB/BCĐTW
Hà Nội, ngày 12 tháng 9 năm 2026
THÔNG BÁO
Về việc sửa đổi, bổ sung một số nhiệm vụ

1. Gia hạn nhiệm vụ số 4 của Thông báo số 41-TB/BCĐTW từ ngày 31/12/2026 sang ngày 31/3/2027.

2. Điều chỉnh cơ quan chủ trì nhiệm vụ NV-2026-000123 từ Bộ Y tế sang Bộ Công an.

3. Bộ Tư pháp xây dựng danh mục văn bản cần sửa đổi; trình Ban Chỉ đạo trước ngày 15/10/2026.
"""


def test_amendments_stand_beside_the_assignments_of_a_document() -> None:
    moved, handed_over = find_amendments(DOCUMENT)
    assert moved.deadline.date == date(2027, 3, 31)
    assert moved.lead == ()
    assert handed_over.lead == ("Bộ Công an",)
    assert handed_over.deadline.date is None
    assert all(DOCUMENT[one.start : one.end] == one.action for one in (moved, handed_over))
    orders = find_orders(DOCUMENT)
    assert [one.reasons[0] == "amends" for one in orders if one.start > DOCUMENT.index("1. ")] == [True, True, False]
    # An amendment of yours is no assignment of theirs: no stretch is both.
    assert all(one.end <= other.start for one, other in pairwise(orders))


@pytest.mark.parametrize(
    ("sentence", "amendment"),
    [
        (
            "Sửa đổi thời hạn nhiệm vụ số 12 tại Phụ lục Thông báo số 07-TB/CQTTBCĐ thành trước ngày 30/9/2026",
            Amendment(12, "", "07-TB/CQTTBCĐ", ("deadline",)),
        ),
        (
            "gia hạn nhiệm vụ thứ 3 của Quyết định số 1131/QĐ-TTg đến hết quý IV/2026",
            Amendment(3, "", "1131/QĐ-TTg", ("deadline",)),
        ),
        (
            "Điều chỉnh cơ quan chủ trì nhiệm vụ NV-2026-000123 từ Bộ Y tế sang Bộ Công an",
            Amendment(None, "NV-2026-000123", "", ("lead",)),
        ),
        ("Bổ sung sản phẩm của nhiệm vụ số 4 như sau: Đề án", Amendment(4, "", "", ("product", "wording"))),
    ],
)
def test_an_amending_sentence_names_its_task(sentence: str, amendment: Amendment) -> None:
    assert read_amendment(sentence) == amendment


@pytest.mark.parametrize(
    "sentence",
    [
        "Bộ Tư pháp rà soát, sửa đổi Nghị định số 12/2025/NĐ-CP trước ngày 30/6/2026",
        "Thực hiện nhiệm vụ số 12 trước ngày 30/6/2026",
        "Điều chỉnh 3 nhiệm vụ về chuyển đổi số",
    ],
)
def test_other_sentences_amend_no_task(sentence: str) -> None:
    assert read_amendment(sentence) is None


def test_a_document_that_amends_another_says_which() -> None:
    title = "Thông báo về việc sửa đổi, bổ sung một số nhiệm vụ của Kế hoạch số 02-KH/BCĐTW ngày 19/6/2025"
    assert amended_symbol(title) == "02-KH/BCĐTW"
    assert amended_symbol("Thông báo kết luận về việc thực hiện Kế hoạch số 02-KH/BCĐTW") == ""


@pytest.mark.parametrize(
    ("before", "number"),
    [("\n12. ", 12), ("12) ", 12), ("| 7 | ", 7), ("\n3\t", 3), ("Nhiệm vụ số 5: ", 5), ("ngày 12 ", None), ("", None)],
)
def test_the_number_before_an_assignment_is_its_item(before: str, number: int | None) -> None:
    text = before + "Bộ Tư pháp xây dựng danh mục"
    assert item_number(text, len(before)) == number
