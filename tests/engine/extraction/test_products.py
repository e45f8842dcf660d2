"""The name of a product runs to its end: words that hand something in may also be a part of it."""

import pytest

from thuocdo.engine.extraction.assignments import find_assignments


@pytest.mark.parametrize(
    ("order", "deliverable"),
    [
        ("xây dựng khung chương trình đào tạo, trình Chính phủ", "khung chương trình đào tạo"),
        ("ban hành danh mục dịch vụ công toàn trình", "danh mục dịch vụ công toàn trình"),
        ("xây dựng đề án trung tâm phục vụ hành chính công", "đề án trung tâm phục vụ hành chính công"),
        ("xây dựng đề án trình Thủ tướng", "đề án"),
        ("xây dựng nền tảng phục vụ người dân", "nền tảng"),
    ],
)
def test_a_product_is_cut_where_its_name_ends(order: str, deliverable: str) -> None:
    (found,) = find_assignments(f"Giao Bộ Y tế {order} trước ngày 30/6/2026.")
    assert found.deliverable == deliverable
