"""Pauses count the days that offices really work, exchanged days included."""

from datetime import date

from thuocdo.organisations.working_days import swapped_days
from thuocdo.tasks.lifecycle import due_after_pause


def test_the_packs_know_the_exchanged_day_of_new_year_2026() -> None:
    assert swapped_days()[date(2026, 1, 2)] is False
    assert swapped_days()[date(2026, 1, 10)] is True


def test_a_pause_over_an_exchanged_friday_costs_one_day_less() -> None:
    due, paused, resumed = date(2026, 1, 20), date(2025, 12, 31), date(2026, 1, 5)
    assert due_after_pause(due, paused, resumed) == date(2026, 1, 22)
    assert due_after_pause(due, paused, resumed, overrides=swapped_days()) == date(2026, 1, 21)
