"""Findings: opened where figures differ, owned, answered, judged by outsiders, closed when the figure is corrected."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.evaluations.scenes import RULES, a_gap, compared, dictionary, told
from tests.tasks.samples import given
from tests.world import NOW, TODAY, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.engine.calendars import parse_period
from thuocdo.evaluations.jobs import compare as compare_job
from thuocdo.evaluations.lifecycle import ACTS, CLOSED, By, Kind, State
from thuocdo.evaluations.models import Comparison, Finding, Size, Step
from thuocdo.evaluations.operations import (
    EvaluationRefused,
    answer,
    ask_again,
    assign_owner,
    check_value,
    confirm,
    draw_sample,
    load_rules,
    refute,
    resume,
    review,
)
from thuocdo.evaluations.queries import findings_visible_to, inflation_by_body, possible_acts
from thuocdo.evaluations.rules import RulesMalformed, read_rules
from thuocdo.ledger.events import Event
from thuocdo.ledger.queries import entries, newest_number
from thuocdo.tasks.models import Report, Task

LATER = NOW + timedelta(days=1)


def test_a_declared_value_far_from_the_system_opens_a_finding_once(world: World) -> None:
    finding = a_gap(world)
    assert (finding.kind, finding.state, finding.size, finding.sign) == (Kind.GAP, State.OPEN, Decimal(15), 1)
    assert (finding.in_tolerances, finding.is_flattering) == (15.0, True)
    assert finding.claimed is not None
    assert finding.claimed.value == 95
    assert finding.sizes.count() == 1
    compared(world)
    told(world, 80, "independent", body="BNV")
    compared(world)
    assert Finding.objects.count() == 1
    assert finding.sizes.count() == 1
    [entry] = entries(event=Event.FINDINGS_FOUND)
    assert json.loads(entry.data)["opened"] == 1


def test_values_within_the_tolerance_are_compared_and_nothing_is_opened(world: World) -> None:
    dictionary(world)
    told(world, 81)
    told(world, 80, "system")
    assert not compared(world)
    assert not Finding.objects.exists()
    assert Comparison.objects.get().flattery == 1.0


def test_the_job_follows_the_ledger_and_leaves_at_once_when_it_did(
    world: World, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    dictionary(world)
    told(world, 95)
    told(world, 80, "system")
    compare_job.call(newest_number())
    assert Finding.objects.count() == 1
    covered = newest_number() - 2
    with django_assert_max_num_queries(1):
        compare_job.call(covered)


def test_figures_that_nobody_declared_hold_nobody_up(
    world: World, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    dictionary(world)
    for body in ("BTP", "BNV"):
        for period in ("2026-06", "2026-07", "2026-08"):
            told(world, 80, "system", body=body, period=period)
    # Which cells were ever declared is one question, however many figures came.
    with django_assert_max_num_queries(15):
        assert not compared(world)
    told(world, 95, period="2026-07")
    compared(world)
    assert Finding.objects.get().period == "2026-07"


def test_figures_of_many_indicators_and_periods_are_compared_together(
    world: World, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    """Months beside quarters and years, each cell held against its own; no question more for more of them."""
    dictionary(world)
    cells = [
        (indicator, body, period)
        for indicator, periods in (
            ("service_on_time", ("2026-05", "2026-06", "2026-07")),
            ("satisfaction", ("2026-Q1", "2026-Q2")),
            ("full_process_online", ("2025", "2026-06")),
        )
        for body in ("BTP", "BNV", "BYT")
        for period in periods
    ]
    for place, (indicator, body, period) in enumerate(cells):
        told(world, 80, "system", indicator=indicator, body=body, period=period)
        # Within the tolerance of each, but for every third, which lies further away each time.
        told(world, 81 if place % 3 else 85 + place * 0.5, indicator=indicator, body=body, period=period)
    with django_assert_max_num_queries(35):
        done = compared(world)
    assert len(done.opened) == 7
    assert Comparison.objects.count() == len(cells) == 21
    found = {
        (row.indicator.code, row.body.code, row.period): row.size for row in Finding.objects.all() if row.indicator
    }
    assert found == {cell: Decimal(str(5 + place * 0.5)) for place, cell in enumerate(cells) if place % 3 == 0}
    [entry] = entries(event=Event.FINDINGS_FOUND)
    assert entry.subject == "indicators"


def test_of_equally_strong_values_the_final_one_and_then_the_newest_counts(world: World) -> None:
    dictionary(world)
    told(world, 95)
    told(world, 80, "system", source="A")
    told(world, 70, "system", source="B", kind="provisional", at=NOW + timedelta(minutes=1))
    compared(world)
    assert Finding.objects.get().stronger_value == 80
    told(world, 85, "system", source="C", at=NOW + timedelta(minutes=2))
    compared(world)
    assert Finding.objects.get().stronger_value == 85


def test_a_new_figure_changes_the_size_and_keeps_the_old_one(world: World) -> None:
    finding = a_gap(world)
    told(world, 85, "system", at=LATER)
    done = compared(world, at=LATER)
    assert done.changed == [finding.pk]
    finding.refresh_from_db()
    assert (finding.size, finding.stronger_value) == (Decimal(10), Decimal(85))
    assert list(Size.objects.order_by("pk").values_list("size", flat=True)) == [15, 10]


def test_correcting_the_declared_value_closes_the_finding_and_going_back_opens_it_again(world: World) -> None:
    finding = a_gap(world)
    told(world, 80, at=LATER)
    assert compared(world, at=LATER).corrected == [finding.pk]
    finding.refresh_from_db()
    assert (finding.state, finding.closed_at) == (State.CORRECTED, LATER)
    told(world, 95, at=LATER)
    assert compared(world, at=LATER).reopened == [finding.pk]
    finding.refresh_from_db()
    assert (finding.state, finding.closed_at) == (State.OPEN, None)
    assert [step.act for step in Step.objects.order_by("pk")] == ["correct", "reopen"]


def test_a_withdrawn_declaration_is_no_gap_any_more(world: World) -> None:
    finding = a_gap(world)
    told(world, None, state="null", at=LATER)
    assert compared(world, at=LATER).corrected == [finding.pk]
    assert not Comparison.objects.exists()


def test_owner_answer_and_judgement(world: World) -> None:
    finding, minh, lan = a_gap(world), world.actor("minh"), world.actor("lan")
    answer_by = TODAY + timedelta(days=14)
    assign_owner(actor=minh, at=NOW, finding=finding, owner=world.people["lan"], answer_by=answer_by)
    answer(actor=lan, at=NOW, finding=finding, text="Số tự khai gồm cả hồ sơ nộp lại.")
    ask_again(actor=minh, at=NOW, finding=finding, text="Gửi danh sách hồ sơ nộp lại.")
    answer(actor=world.actor("dung"), at=NOW, finding=finding, text="Danh sách đã gửi kèm công văn.")
    confirm(actor=minh, at=NOW, finding=finding, text="Hồ sơ nộp lại không được tính hai lần.")
    finding.refresh_from_db()
    assert (finding.state, finding.owner, finding.answer_by) == (State.CONFIRMED, world.people["lan"], answer_by)
    assert [step.act for step in finding.steps.order_by("pk")] == ["assign", "answer", "ask", "answer", "confirm"]
    resume(actor=minh, at=NOW, finding=finding)
    refute(actor=minh, at=NOW, finding=finding, text="Hai số liệu cùng đúng, khác phạm vi.")
    # The same figures do not open it again; other ones do.
    compared(world, at=LATER)
    finding.refresh_from_db()
    assert finding.state == State.REFUTED
    told(world, 70, "system", at=LATER)
    assert compared(world, at=LATER).reopened == [finding.pk]
    assert entries(subject=finding.label).count() == 7


@pytest.mark.parametrize("person", ["lan", "dung", "ha", "an", "thanh", "hoa", "quan", "binh"])
def test_only_a_verifier_outside_the_body_judges(world: World, person: str) -> None:
    finding = a_gap(world)
    with pytest.raises(NotAllowed):
        refute(actor=world.actor(person), at=NOW, finding=finding, text="Không sao.")


def test_a_verifier_does_not_judge_their_own_house(world: World) -> None:
    dictionary(world)
    told(world, 95, body="VPCP")
    told(world, 80, "system", body="VPCP")
    compared(world)
    finding = Finding.objects.get()
    with pytest.raises(NotAllowed):
        refute(actor=world.actor("minh"), at=NOW, finding=finding, text="Không sao.")
    assert not findings_visible_to(world.actor("minh")).exists()
    refute(actor=world.actor("son"), at=NOW, finding=finding, text="Đã đối chiếu bảng gốc.")


def test_only_the_body_answers(world: World) -> None:
    finding = a_gap(world)
    for person in ("minh", "ha", "an"):
        with pytest.raises(NotAllowed):
            answer(actor=world.actor(person), at=NOW, finding=finding, text="Trả lời thay.")


def test_what_is_refused_names_field_and_remedy(world: World) -> None:
    finding, minh = a_gap(world), world.actor("minh")
    with pytest.raises(EvaluationRefused, match="vai trò") as refusal:
        assign_owner(actor=minh, at=NOW, finding=finding, owner=world.people["ha"], answer_by=TODAY)
    assert refusal.value.field == "owner"
    with pytest.raises(EvaluationRefused, match="đã qua"):
        assign_owner(
            actor=minh, at=NOW, finding=finding, owner=world.people["lan"], answer_by=TODAY - timedelta(days=1)
        )
    with pytest.raises(EvaluationRefused, match="Chưa có nội dung"):
        answer(actor=world.actor("lan"), at=NOW, finding=finding, text="  ")
    with pytest.raises(EvaluationRefused, match="quá 5000"):
        answer(actor=world.actor("lan"), at=NOW, finding=finding, text="a" * 5001)
    with pytest.raises(EvaluationRefused, match="trạng thái"):
        confirm(actor=minh, at=NOW, finding=finding, text="Chưa hỏi cơ quan đã kết luận.")
    assert not Step.objects.exists()


def test_who_sees_a_finding(world: World) -> None:
    a_gap(world)
    seen = {name for name in world.people if findings_visible_to(world.actor(name)).exists()}
    assert seen == {"thu", "minh", "son", "thanh", "lan", "dung"}
    finding = Finding.objects.get()
    assert [act.name for act in possible_acts(world.actor("lan"), finding)] == ["answer"]
    assert [act.name for act in possible_acts(world.actor("minh"), finding)] == ["assign", "refute"]
    assert not possible_acts(world.actor("thanh"), finding)


def test_inflation_is_estimated_from_all_pairs(world: World) -> None:
    dictionary(world)
    for body, declared in (("BTP", 90), ("BNV", 81), ("BYT", 79), ("VPCP", 80)):
        for month in ("2026-05", "2026-06", "2026-07"):
            told(world, declared + int(month[-1]) % 2, body=body, period=month)
            told(world, 80, "system", body=body, period=month)
    compared(world)
    first, *others = inflation_by_body()
    assert first.key == world.body("BTP").pk
    assert first.is_clear
    assert first.estimate < first.mean == pytest.approx(10 + 2 / 3)
    assert not any(one.is_clear and one.estimate > 3 for one in others)


def test_what_a_sample_found_is_corrected_once_the_body_declares_it_and_only_for_its_own_cell(world: World) -> None:
    dictionary(world)
    for body in ("BTP", "BNV"):
        told(world, 95, body=body, period="2026-06")
    minh = world.actor("minh")
    sample = draw_sample(actor=minh, at=NOW, period=parse_period("2026-Q2"), size=2)
    for unit in sample.units.all():
        check_value(actor=minh, at=NOW, unit=unit, found_value=Decimal(80))
    compared(world)
    of = {row.body.code: row for row in Finding.objects.filter(kind=Kind.CHECKED)}
    assert {code: row.state for code, row in of.items()} == {"BTP": State.OPEN, "BNV": State.OPEN}
    # Nearer, but not yet what was found: the finding shrinks. Then what was found, then something else again.
    for value, state, size in ((85, State.OPEN, 5), (80, State.CORRECTED, 5), (95, State.OPEN, 15)):
        told(world, value, period="2026-06", at=LATER)
        compared(world, at=LATER)
        of["BTP"].refresh_from_db()
        assert (of["BTP"].state, of["BTP"].size) == (state, size)
    of["BNV"].refresh_from_db()
    assert (of["BNV"].state, of["BNV"].size) == (State.OPEN, 15)
    # Found right after all: whatever is declared later, the sample holds nothing against it any more.
    check_value(actor=minh, at=LATER, unit=sample.units.get(measurement__body__code="BTP"), found_value=Decimal(95))
    told(world, 60, period="2026-06", at=LATER)
    compared(world, at=LATER)
    of["BTP"].refresh_from_db()
    assert of["BTP"].state == State.CORRECTED


# --- What the schedule looks for


def quarters(world: World) -> None:
    """Online filing rises, satisfaction falls; one account files a third; the last month of the quarter swells."""
    dictionary(world)
    for quarter, online, content in (("2025-Q3", 40, 90), ("2026-Q1", 55, 86), ("2026-Q2", 70, 80)):
        told(world, online, "system", indicator="full_process_online", period=quarter)
        told(world, content, "independent", indicator="satisfaction", period=quarter)
    for month, number in (("2026-04", 100), ("2026-05", 120), ("2026-06", 330)):
        told(world, number, "system", indicator="dossiers_received", period=month)
    told(world, 35, "system", indicator="dossiers_top_account", period="2026-06")


def test_the_review_finds_what_contradicts_itself_and_does_not_repeat_itself(world: World) -> None:
    quarters(world)
    review(actor=world.machine, at=NOW)
    found = {row.kind: row for row in Finding.objects.all()}
    assert set(found) == {Kind.OPPOSED, Kind.LIMIT, Kind.BURST}
    assert (found[Kind.OPPOSED].size, found[Kind.OPPOSED].sign) == (Decimal(10), -1)
    assert found[Kind.LIMIT].size == 15
    assert found[Kind.BURST].size == 3
    assert {row.period for row in found.values()} == {"2026-Q2"}
    assert not review(actor=world.machine, at=LATER)
    # A corrected figure closes what it opened.
    told(world, 12, "system", indicator="dossiers_top_account", period="2026-06", at=LATER)
    assert review(actor=world.machine, at=LATER).corrected == [found[Kind.LIMIT].pk]


def test_without_rules_nothing_is_looked_for(world: World) -> None:
    assert not review(actor=world.machine, at=NOW)


def test_a_task_called_done_whose_report_says_it_is_not_signed(world: World) -> None:
    dictionary(world)
    done, other = given(world, "BTP"), given(world, "BTP")
    Task.objects.filter(pk__in=[done.pk, other.pk]).update(state="completed", completed_on=TODAY)
    for task, text in ((done, "Quyết định đang trình ký Bộ trưởng."), (other, "Trước đang trình ký, đã ban hành.")):
        Report.objects.create(task=task, kind="submission", at=NOW, by_label="user:1", text=text, progress=100)
    review(actor=world.machine, at=NOW)
    finding = Finding.objects.get()
    assert (finding.kind, finding.task_id, finding.body) == (Kind.UNSIGNED, done.pk, world.body("BTP"))
    assert finding.facts["phrases"] == ["đang trình ký"]
    # The issued product is handed in: the contradiction is gone.
    Report.objects.create(task=done, kind="submission", at=LATER, by_label="user:1", text="Đã ban hành.", progress=100)
    review(actor=world.machine, at=LATER)
    finding.refresh_from_db()
    assert finding.state == State.CORRECTED


def test_rules_are_kept_by_version_and_malformed_ones_named(world: World) -> None:
    dictionary(world)
    again = load_rules(actor=world.machine, at=NOW, document=RULES)
    assert again.number == 1
    changed = load_rules(actor=world.machine, at=NOW, document=RULES | {"days_to_answer": 5})
    assert (changed.number, changed.rules.days_to_answer) == (2, 5)
    with pytest.raises(RulesMalformed, match="does not have: nowhere"):
        load_rules(actor=world.machine, at=NOW, document={"burst": [RULES["burst"][0] | {"indicator": "nowhere"}]})
    for document, words in (
        ({"pair": [RULES["pair"][0] | {"rise": 0}]}, "rise must be a number above 0"),
        ({"pair": [RULES["pair"][0] | {"title": {}}]}, "title.vi is missing"),
        ({"limit": [RULES["limit"][0] | {"code": ""}]}, "code of its own"),
        ({"days_to_answer": 0}, "days_to_answer"),
        ({"round_numbers": {"steps": [1]}}, "from 2"),
    ):
        with pytest.raises(RulesMalformed, match=words):
            read_rules(document)


def test_the_table_of_acts_closes_what_it_closes(db: None) -> None:
    for act in ACTS.values():
        assert act.target not in act.sources or act.name == "assign"
        if act.by is By.BODY:
            assert act.target not in CLOSED
