"""Marks say in words what they show; the ruler puts its marks where the figures are."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thuocdo.web.design import marks
from thuocdo.web.design.ruler import ruler, time_ruler


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.mark.parametrize("code", sorted(marks.STATUSES))
def test_every_status_has_a_shape_of_the_sprite_and_a_word(code: str) -> None:
    from django.template.loader import render_to_string

    html = marks.status(code)
    shape = re.search(r'href="#([\w-]+)"', html)
    assert shape
    assert f'id="{shape.group(1)}"' in render_to_string("design/_sprite.html")
    assert _words(html)


def test_no_two_states_of_time_share_their_shape() -> None:
    times = ["done", "done_late", "on_time", "due_soon", "overdue", "not_started", "suspended"]
    assert len({marks.STATUSES[code].shape for code in times}) == len(times)


def test_days_are_said_with_the_status() -> None:
    assert _words(marks.status("due_soon", 3)) == "Còn 3 ngày làm việc"
    assert _words(marks.status("overdue", -12)) == "Quá hạn 12 ngày làm việc"
    assert _words(marks.status("not_started", 8)) == "Chưa thực hiện còn 8 ngày làm việc"


def test_a_fall_is_good_where_less_is_better() -> None:
    assert "better" in marks.change(-2, "ngày", 0, higher_is_better=False)
    assert "worse" in marks.change(-2, "điểm", 0)
    assert _words(marks.change(-2, "ngày", 0, higher_is_better=False)) == "giảm 2 ngày"
    assert _words(marks.rank_change(2)) == "lên 2 bậc"


def test_what_people_wrote_is_escaped() -> None:
    nasty = '"><script>alert(1)</script>'
    for html in (marks.door(nasty, nasty, nasty), marks.as_of(None, nasty), ruler(1, label=nasty, unit=nasty)):
        assert "<script" not in html


def test_a_rank_tells_its_interval() -> None:
    html = marks.rank(3, 34, 2, 6)
    assert 'aria-label="hạng 3 trong 34, khoảng tin cậy 90% từ 2 đến 6"' in html
    assert _words(html).startswith("3 /34")


def test_the_ruler_says_where_we_are_were_and_must_be() -> None:
    html = ruler(62.4, 80, 58.1, 70, label="Chỉ số chung", unit="điểm", by=date(2026, 12, 31))
    assert (
        'aria-label="Chỉ số chung: hiện nay 62,4 điểm; kỳ trước 58,1 điểm; lẽ ra đã phải đạt 70 điểm; '
        'phải đạt chậm nhất 31/12/2026 80 điểm"'
    ) in html
    assert 'width="62.4%"' in html


def test_without_a_value_the_ruler_is_empty_and_says_so() -> None:
    html = ruler(None, 80, label="Niềm tin")
    assert 'class="v"' not in html
    assert "chưa có số liệu" in html


@given(
    st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-100, 100), st.floats(0.1, 1000),
    st.sampled_from(["cell", "row", "headline"]),
)  # fmt: skip
def test_no_mark_leaves_the_ruler(value: float, target: float, low: float, span: float, size: str) -> None:
    html = ruler(value, target, low=low, high=low + span, size=size)  # type: ignore[arg-type]
    drawing = ElementTree.fromstring(f"<div>{html}</div>")  # noqa: S314 (our own)
    places = [
        float(text.removesuffix("%"))
        for element in drawing.iter()
        for name, text in element.attrib.items()
        if name in ("x", "x1", "cx", "width") and text.endswith("%")
    ]
    assert places
    assert all(0 <= place <= 100 for place in places)


def test_what_lies_behind_the_deadline_is_drawn_as_late() -> None:
    late = time_ruler(date(2026, 1, 1), date(2026, 4, 11), date(2026, 3, 22), label="Thời hạn")
    assert 'class="late" width="20%"' in late
    assert "late" not in time_ruler(date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 22))
    # Finished before the deadline: today does not matter any more.
    assert "late" not in time_ruler(date(2026, 1, 1), date(2026, 9, 1), date(2026, 3, 22), done=date(2026, 3, 20))


def test_long_times_get_ticks_that_can_be_told_apart() -> None:
    years = time_ruler(date(2021, 1, 1), date(2026, 1, 1), date(2045, 12, 31))
    assert years.count('class="r-t"') < 30
