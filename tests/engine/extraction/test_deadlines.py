"""Deadline expressions mean the last allowed day, as the table of the labelling scheme says."""

from datetime import date

import pytest

from thuocdo.engine.extraction.deadlines import find_mentions, parse_column
from thuocdo.engine.extraction.view import TextView

ISSUED = date(2026, 5, 8)


def only_mention(text: str, issued_on: date | None = ISSUED) -> tuple[str, date | None, str]:
    view = TextView(text)
    mentions = find_mentions(view, 0, len(text), issued_on)
    assert len(mentions) == 1, mentions
    mention = mentions[0]
    return text[mention.start : mention.end], mention.date, mention.kind


@pytest.mark.parametrize(
    ("text", "day", "kind"),
    [
        ("trước ngày 20/6/2026", date(2026, 6, 19), "before"),
        ("chậm nhất trước ngày 01 tháng 7 năm 2026", date(2026, 6, 30), "before"),
        ("trước quý IV/2026", date(2026, 9, 30), "before"),
        ("trước khi sang tháng 7", date(2026, 6, 30), "before"),
        ("trước năm 2027", date(2026, 12, 31), "before"),
        ("trước 17 giờ ngày 20/5/2026", date(2026, 5, 20), "before"),
        ("chậm nhất ngày 20/6/2026", date(2026, 6, 20), "by"),
        ("muộn nhất là 31-10", date(2026, 10, 31), "by"),
        ("từ nay đến hết ngày 30/6/2026", date(2026, 6, 30), "by"),
        ("trong tuần thứ hai tháng 9", date(2026, 9, 14), "by"),
        ("trong nửa đầu tháng 6", date(2026, 6, 15), "by"),
        ("trong 6 tháng cuối năm 2026", date(2026, 12, 31), "by"),
        ("ngay trong tháng 5 này", date(2026, 5, 31), "within_month"),
        ("tại phiên họp tháng 7", date(2026, 7, 31), "within_month"),
        ("chậm nhất trong quý I/2027", date(2027, 3, 31), "within_quarter"),
        ("cuối quý III", date(2026, 9, 30), "within_quarter"),
        ("đến năm 2028", date(2028, 12, 31), "within_year"),
        ("giai đoạn 2026 - 2030", date(2030, 12, 31), "within_year"),
        ("định kỳ hằng quý", None, "recurring"),
        ("trước ngày 15 hằng tháng", None, "recurring"),
        ("hằng tháng, trước ngày 20", None, "recurring"),
        ("trước ngày 10 của tháng đầu quý tiếp theo", None, "recurring"),
        ("định kỳ 6 tháng, năm", None, "recurring"),
        ("thứ Sáu hằng tuần", None, "recurring"),
        ("trong 10 ngày kể từ ngày ký Quyết định này", date(2026, 5, 18), "relative"),
        ("trong 05 ngày làm việc kể từ ngày nhận được hồ sơ", None, "relative"),
        ("ngay sau Hội nghị này", None, "relative"),
    ],
)
def test_the_table_of_the_scheme(text: str, day: date | None, kind: str) -> None:
    assert only_mention(text) == (text, day, kind)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    # 24 March 2026 is a Tuesday; nothing but weekends lies before 14 April.
    text = "trong 15 ngày làm việc kể từ ngày ban hành Chỉ thị này"
    assert only_mention(text, date(2026, 3, 24))[1] == date(2026, 4, 14)
    # 30 April and 1 May are holidays.
    assert only_mention("trong 3 ngày làm việc kể từ ngày ký", date(2026, 4, 29))[1] == date(2026, 5, 6)


def test_before_the_lunar_new_year() -> None:
    assert only_mention("trước Tết Nguyên đán", date(2025, 11, 10))[1] == date(2026, 2, 16)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("trước ngày 2O/6/2026", date(2026, 6, 19)),
        ("chậm nhất ngày I5/7/2O26", date(2026, 7, 15)),
        ("trong tháng I2/2026", date(2026, 12, 31)),
        ("trong quý l/2027", date(2027, 3, 31)),
    ],
)
def test_digits_misread_by_a_scanner_are_understood_and_kept(text: str, day: date) -> None:
    assert only_mention(text)[:2] == (text, day)


def test_a_day_without_a_year_is_the_next_such_day() -> None:
    assert only_mention("trước ngày 25-5")[1] == date(2026, 5, 24)
    assert only_mention("trước ngày 1-3")[1] == date(2027, 2, 28)
    assert only_mention("trước ngày 25-5", None) == ("trước ngày 25-5", None, "before")


@pytest.mark.parametrize("text", ["khẩn trương, kịp thời", "sâu 55 - 60 km", "trước ngày 31/02/2026", "theo quy định"])
def test_what_is_no_deadline(text: str) -> None:
    assert find_mentions(TextView(text), 0, len(text), ISSUED) == []


def test_columns_accept_bare_dates_and_standing_tasks() -> None:
    for text, day, kind in (
        ("30/6/2026", date(2026, 6, 30), "by"),
        ("Quý II/2026", date(2026, 6, 30), "within_quarter"),
        ("2026", date(2026, 12, 31), "within_year"),
        ("Thường xuyên", None, "recurring"),
    ):
        found = parse_column(TextView(text), 0, len(text), ISSUED)
        assert (found.date, found.kind) == (day, kind)
