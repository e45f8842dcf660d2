"""Known assignments: what counts as the same."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from thuocdo.engine.extraction.matching import Known, likenesses

WORDS = "xây dựng danh mục cơ sở dữ liệu dùng chung của ngành tư pháp"


def test_the_same_order_in_other_dress_is_recognised() -> None:
    known = [
        Known(1, "Khẩn trương xây dựng danh mục cơ sở dữ liệu dùng chung ngành Tư pháp", date(2026, 6, 30)),
        Known(2, "Tổ chức tập huấn kỹ năng số cho cán bộ cấp xã"),
        Known(3, "Xây dựng danh mục cơ sở dữ liệu dùng chung của ngành Y tế"),
    ]
    first, *others = likenesses(Known(0, WORDS, date(2026, 6, 30)), known)
    assert first.number == 1
    assert first.likeness == 1.0
    assert first.reasons == ("same_words", "same_deadline")
    # The same work for another sector is alike, but less: a person decides.
    assert [one.number for one in others] == [3]
    assert others[0].likeness < 0.9


def test_an_equal_deadline_never_makes_different_words_alike() -> None:
    day = date(2026, 6, 30)
    known = [Known(1, "Tổ chức tập huấn kỹ năng số cho cán bộ cấp xã", day, "báo cáo")]
    assert likenesses(Known(0, WORDS, day, "báo cáo"), known) == []


def test_without_words_nothing_is_alike() -> None:
    assert likenesses(Known(0, ""), [Known(1, ""), Known(2, WORDS)]) == []


@given(st.text(alphabet="abcdeăđ ", max_size=40), st.text(alphabet="abcdeăđ ", max_size=40))
def test_likeness_is_mutual_and_bounded(one: str, other: str) -> None:
    there = likenesses(Known(1, one), [Known(2, other)], least=0.0)
    back = likenesses(Known(2, other), [Known(1, one)], least=0.0)
    assert [found.likeness for found in there] == [found.likeness for found in back]
    assert all(0 <= found.likeness <= 1 for found in there)
