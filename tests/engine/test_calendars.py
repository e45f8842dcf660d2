"""Reporting periods and working days: published calendars as facts, arithmetic as properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thuocdo.engine.calendars import (
    Period,
    PeriodError,
    add_working_days,
    day_of,
    due_after,
    is_working_day,
    lunar_new_year,
    month_of,
    parse_period,
    quarter_of,
    read_period,
    swapped_days,
    working_days_between,
    year_of,
)

days = st.dates(date(2010, 1, 1), date(2060, 12, 31))
counts = st.integers(-600, 600)
swaps = st.dictionaries(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.booleans(), max_size=8)


@pytest.mark.parametrize(
    ("label", "start", "last", "kind", "vietnamese", "english"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "year", "Năm 2026", "2026"),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30), "quarter", "Quý III/2026", "Q3 2026"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "quarter", "Quý IV/2026", "Q4 2026"),
        ("2026-09", date(2026, 9, 1), date(2026, 9, 30), "month", "Tháng 9/2026", "September 2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month", "Tháng 2/2024", "February 2024"),
        ("2026-09-14", date(2026, 9, 14), date(2026, 9, 14), "day", "14/09/2026", "14/09/2026"),
    ],
)
def test_a_label_names_one_period_and_people_read_it(label, start, last, kind, vietnamese, english):
    period = parse_period(label)
    assert (period.start, period.last_day, period.kind) == (start, last, kind)
    assert period.label == label
    assert period.display("vi") == vietnamese
    assert period.display("en-gb") == english


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("", "period_format"),
        ("quý 3", "period_format"),
        ("2026-Q5", "period_format"),
        ("2026-9", "period_format"),
        ("2026-09-14 ", None),
        ("2026-13", "period_date"),
        ("2026-02-30", "period_date"),
        ("0000", "period_date"),
        ("9999", "period_date"),
    ],
)
def test_a_bad_label_is_refused_with_a_code(label, code):
    if code is None:
        assert parse_period(label).label == label.strip()
        return
    with pytest.raises(ValueError, match=r"period|date") as caught:
        parse_period(label)
    assert caught.value.code == code


def test_an_interval_that_is_no_period_is_refused():
    for start, end in [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 2), date(2026, 2, 2)),
        (date(2026, 2, 1), date(2026, 5, 1)),
        (date(2026, 7, 1), date(2027, 7, 1)),
        (date(2026, 2, 1), date(2026, 1, 1)),
    ]:
        with pytest.raises(PeriodError) as caught:
            Period(start, end)
        assert caught.value.code == "period_shape"


@given(days, st.sampled_from([day_of, month_of, quarter_of, year_of]))
def test_periods_tile_time(day, period_of):
    period = period_of(day)
    assert period.contains(day)
    assert period.contains(period.last_day)
    assert not period.contains(period.end)
    assert parse_period(period.label) == period
    assert period.next().start == period.end
    assert period.previous().end == period.start
    assert period.next().previous() == period == period.previous().next()
    assert period.previous() < period < period.next()
    assert period.next().kind == period.kind


def test_tet_and_its_substitute_days_are_free():
    # Tết 2026 is 17 February: the five days from its eve, between two week-ends.
    free = [date(2026, 2, day) for day in range(14, 23)]
    assert not any(is_working_day(day) for day in free)
    assert is_working_day(date(2026, 2, 13))
    assert is_working_day(date(2026, 2, 23))
    # The Hùng Kings' day of 2026 falls on Sunday 26 April; Monday is its substitute.
    assert not is_working_day(date(2026, 4, 27))
    assert add_working_days(date(2026, 4, 24), 1) == date(2026, 4, 28)


def test_first_day_of_tet_where_hanoi_and_beijing_differ():
    assert lunar_new_year(2026) == date(2026, 2, 17)
    assert lunar_new_year(2007) == date(2007, 2, 17)
    assert lunar_new_year(2030) == date(2030, 2, 2)
    with pytest.raises(ValueError, match="1901"):
        lunar_new_year(1800)


def test_ten_working_days_over_the_spring_holidays():
    # Signed on Monday 27/4/2026 (a substitute day): 28, 29 April, then 4 to 8 and 11 to 13 May.
    assert add_working_days(date(2026, 4, 27), 10) == date(2026, 5, 13)
    assert working_days_between(date(2026, 4, 27), date(2026, 5, 13)) == 10


def test_a_yearly_swap_makes_a_saturday_worked_and_a_monday_free():
    swap = {date(2027, 8, 30): False, date(2027, 8, 21): True}
    assert is_working_day(date(2027, 8, 21), overrides=swap)
    assert not is_working_day(date(2027, 8, 30), overrides=swap)
    assert add_working_days(date(2027, 8, 20), 1, overrides=swap) == date(2027, 8, 21)
    assert add_working_days(date(2027, 8, 27), 1, overrides=swap) == date(2027, 8, 31)
    assert working_days_between(date(2027, 8, 20), date(2027, 8, 31), overrides=swap) == 7
    assert working_days_between(date(2027, 8, 20), date(2027, 8, 31)) == 7


@given(days, counts, swaps)
def test_adding_and_counting_agree(start, count, overrides):
    end = add_working_days(start, count, overrides=overrides)
    assert is_working_day(end, overrides=overrides)
    assert working_days_between(start, end, overrides=overrides) == count


@given(days, st.integers(0, 60), swaps)
def test_counting_equals_walking_day_by_day(start, length, overrides):
    end = start + timedelta(days=length)
    walked = sum(is_working_day(start + timedelta(days=step), overrides=overrides) for step in range(1, length + 1))
    assert working_days_between(start, end, overrides=overrides) == walked
    assert working_days_between(end, start, overrides=overrides) == -walked


@given(days, days, counts)
def test_adding_is_monotone_in_both_arguments(one, other, count):
    earlier, later = sorted((one, other))
    assert add_working_days(earlier, count) <= add_working_days(later, count)
    assert add_working_days(one, count) < add_working_days(one, count + 1)


@given(days, days, days)
def test_counts_add_up(first, second, third):
    assert working_days_between(first, second) + working_days_between(second, third) == working_days_between(
        first, third
    )


def test_the_end_of_the_calendar_is_an_error_and_not_a_loop():
    with pytest.raises(OverflowError):
        add_working_days(date(9999, 12, 30), 300)
    with pytest.raises(OverflowError):
        add_working_days(date(1, 1, 2), -300)


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("Quý III/2026", "2026-Q3"),
        ("quý 3 năm 2026", "2026-Q3"),
        ("quý iv/2026", "2026-Q4"),
        ("Tháng 9/2026", "2026-09"),
        ("tháng 02 năm 2026", "2026-02"),
        ("Năm 2026", "2026"),
        ("2026-Q1", "2026-Q1"),
    ],
)
def test_periods_are_read_as_documents_write_them(written, label):
    assert read_period(written).label == label
    with pytest.raises(PeriodError):
        read_period("quý V/2026")


@given(st.sampled_from([quarter_of, month_of, year_of]), days)
def test_what_is_shown_in_vietnamese_is_read_back(period_of, day):
    period = period_of(day)
    assert read_period(period.display("vi")) == period


pauses = st.lists(st.tuples(days, st.integers(0, 40)).map(lambda p: (p[0], p[0] + timedelta(days=p[1]))), max_size=4)


@given(days, pauses, swaps)
def test_as_many_working_days_remain_after_pauses_as_before(due, stops, overrides):
    later = due_after(due, stops, overrides=overrides)
    stood = {
        first + timedelta(days=step)
        for first, until in stops
        for step in range(1, (until - first).days + 1)
        if is_working_day(first + timedelta(days=step), overrides=overrides)
    }
    assert working_days_between(due, later, overrides=overrides) == len(stood)
    assert later == due or is_working_day(later, overrides=overrides)


@given(days, days, pauses, swaps)
def test_a_later_deadline_stays_later_through_pauses(one, other, stops, overrides):
    earlier, later = sorted((one, other))
    assert due_after(earlier, stops, overrides=overrides) <= due_after(later, stops, overrides=overrides)
    assert due_after(earlier, [*stops, (one, one + timedelta(days=9))], overrides=overrides) >= due_after(
        earlier, stops, overrides=overrides
    )


@given(days, days, pauses)
def test_an_extension_never_shortens(due, extended, stops):
    assert due_after(due, stops, extended_to=extended) >= due_after(due, stops)
    assert due_after(due, stops, extended_to=extended) == due_after(max(due, extended), stops)


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="cannot end"):
        due_after(date(2026, 5, 4), [(date(2026, 5, 8), date(2026, 5, 7))])


def test_a_pack_declares_its_swaps_in_pairs():
    found = swapped_days({"swap": [{"holiday": date(2026, 1, 2), "working": date(2026, 1, 10)}]})
    assert found == {date(2026, 1, 2): False, date(2026, 1, 10): True}
    assert swapped_days({}) == {}
    with pytest.raises(ValueError, match="names a day off"):
        swapped_days({"swap": [{"holiday": date(2026, 1, 2)}]})
    with pytest.raises(ValueError, match="both"):
        swapped_days(
            {
                "swap": [
                    {"holiday": date(2026, 1, 2), "working": date(2026, 1, 10)},
                    {"holiday": date(2026, 1, 10), "working": date(2026, 1, 17)},
                ]
            }
        )
