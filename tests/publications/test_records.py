"""What a head answers for: each figure its rows, each day its head, objective causes apart."""

from datetime import date, timedelta

from tests.publications.scenes import CHANGE, TERM, TODAY, codes, done, given, headed, morning, one_of_each, record
from tests.world import World
from thuocdo.publications.lifecycle import FIGURES, parse_term
from thuocdo.publications.queries import counts_of_group, record_of, seat_of
from thuocdo.tasks.operations import reopen


def test_each_figure_counts_its_task_for_the_head_of_its_day(world: World) -> None:
    first = headed(world, "BTP", since=date(2026, 1, 1))
    second = headed(world, "BTP", since=CHANGE, person="Phạm Thị Mới")
    tasks = one_of_each(world)
    earlier, later = record(world, "BTP", first.pk), record(world, "BTP", second.pk)
    for figure in ("in_time", "late"):
        assert codes(earlier, figure) == {tasks[figure].code}
    assert codes(earlier, "overdue") == {tasks["debt_open"].code, tasks["debt_settled"].code}
    assert codes(later, "in_time") == {tasks["effective"].code, tasks["not_effective"].code}
    assert not codes(later, "late")
    for figure in (
        "debt_open", "debt_settled", "overdue", "suspended", "returned", "transferred", "extended",
        "objective_extended", "disputed", "dispute_granted", "effective", "not_effective",
    ):  # fmt: skip
        assert codes(later, figure) == {tasks[figure].code}, figure
        assert figure in {"overdue"} or not codes(earlier, figure), figure
    assert codes(later, "paused") == {tasks["suspended"].code}
    assert codes(later, "left") == {tasks[name].code for name in ("left", "transferred", "dispute_granted")}
    assert codes(later, "running") == {
        tasks[name].code for name in ("running", "returned", "extended", "objective_extended", "disputed")
    }
    # Everything that the first head left unfinished, and nothing else, was taken over.
    assert codes(later, "inherited") == codes(later, "owed")
    assert codes(earlier, "owed") == {task.code for task in tasks.values()}
    assert not codes(earlier, "inherited")


def test_the_other_body_owes_what_was_handed_to_it(world: World) -> None:
    head = headed(world, "BNV", since=date(2026, 1, 1))
    tasks = one_of_each(world)
    taken = record(world, "BNV", head.pk)
    assert codes(taken, "running") == {tasks["transferred"].code}
    assert not codes(taken, "transferred")


def test_debts_add_up_and_numbers_are_rows(world: World) -> None:
    head = headed(world, "BTP", since=CHANGE)
    one_of_each(world)
    found = record(world, "BTP", head.pk)
    outcomes = ("in_time", "late", "overdue", "running", "suspended", "left", "debt_settled", "debt_open")
    assert found.counts.of("owed") == sum(found.counts.of(one) for one in outcomes)
    for figure in FIGURES:
        assert found.counts.of(figure.code) == len(found.rows(figure.code))
    assert len({fact.key for fact in found.facts}) == len(found.facts)


def test_the_list_of_a_group_has_the_figures_of_each_page(world: World) -> None:
    first = headed(world, "BTP", since=date(2026, 1, 1))
    headed(world, "BTP", since=CHANGE, person="Phạm Thị Mới")
    one_of_each(world)
    listed = counts_of_group("ministries_with_services", TERM, TODAY)
    assert {one.code for one in listed} == {"BTP", "BNV", "BYT", "VPCP"}
    mine = [one for one in listed if one.code == "BTP"]
    assert next(one.tenure.key for one in mine) == str(first.pk)
    assert len(mine) == 2
    for one in listed:
        assert dict(one.counts) == dict(record(world, one.code, one.tenure.key).counts.counts)
    assert all(one.tenure.is_vacant for one in listed if one.code != "BTP")


def test_a_vacancy_has_its_own_days_and_no_debts_taken_over(world: World) -> None:
    headed(world, "BTP", since=date(2026, 1, 1), until=date(2026, 8, 1))
    headed(world, "BTP", since=date(2026, 9, 1), post="Quyền Bộ trưởng")
    given(world, "Đến hạn khi khuyết", date(2026, 7, 6), date(2026, 8, 14))
    seat = seat_of(world.body("BTP"))
    before, vacant, acting = seat.tenures(TERM)
    assert (vacant.key, vacant.is_vacant, acting.is_acting, before.is_acting) == (
        "khuyet-2026-08-01",
        True,
        True,
        False,
    )
    assert record_of(seat, vacant, TERM, TODAY).counts.of("overdue") == 1
    assert record_of(seat, acting, TERM, TODAY).counts.of("debt_open") == 1
    assert record_of(seat, before, TERM, TODAY).counts.of("running") == 1


def test_what_was_opened_again_stays_done_in_the_term_in_which_it_was(world: World) -> None:
    head = headed(world, "BTP", since=date(2026, 1, 1))
    task = given(world, "Mở lại", date(2026, 5, 4), date(2026, 6, 30))
    done(world, task, date(2026, 6, 20))
    reopen(
        actor=world.actor("thu"), at=morning(date(2026, 7, 10)), task=task, decision_number="5/QĐ", reason="Chưa đạt"
    )
    second = parse_term("2026-Q2")
    assert record(world, "BTP", head.pk, second).counts.of("in_time") == 1
    now = record(world, "BTP", head.pk)
    assert (now.counts.of("in_time"), now.counts.of("overdue")) == (0, 1)


def test_the_last_day_of_a_deadline_is_in_time_until_it_is_over(world: World) -> None:
    head = headed(world, "BTP", since=date(2026, 1, 1))
    given(world, "Đến hạn hôm nay", date(2026, 7, 6), TODAY)
    assert record(world, "BTP", head.pk).counts.of("running") == 1
    assert record(world, "BTP", head.pk, today=TODAY + timedelta(days=1)).counts.of("overdue") == 1
