"""Tasks that go to others, are opened again, ask for more time, wait in disputes, follow merged bodies."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.tasks.samples import completed, description, evidence, given, reported, taken_on
from tests.world import FOUNDED, NOW, TODAY, World, recall_world
from thuocdo.accounts.models import Role
from thuocdo.accounts.operations import grant_role
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.alerts.models import Told
from thuocdo.alerts.operations.reacting import catch_up
from thuocdo.engine.calendars import year_of
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import entries_after, newest_number
from thuocdo.organisations.models import Body, Descent
from thuocdo.organisations.operations import record_successions
from thuocdo.project.reactions import REACTIONS
from thuocdo.tasks.lifecycle import unclear_points, vague_phrases
from thuocdo.tasks.models import ExtensionRequest, Task
from thuocdo.tasks.operations import (
    Outcome,
    TaskRefused,
    Upload,
    approve_result,
    approve_version,
    assign_collective,
    cancel,
    decide_dispute,
    decide_succession,
    dispute,
    follow_successions,
    grant_extension,
    judge_effectiveness,
    new_version,
    open_programme,
    put_into_programme,
    reassign,
    refuse_extension,
    reopen,
    request_extension,
    submit,
    take_out_of_programme,
)
from thuocdo.tasks.operations.many import accept_many
from thuocdo.tasks.queries import (
    changes_between,
    clarity_counts,
    delivery_matrix,
    disputes,
    history,
    open_disputes,
    overdue_disputes,
    status_of,
    unclear_of,
    unclear_tasks,
    visible_to,
    waiting_for_judgement,
    without_living_lead,
)

LATER = date(2026, 12, 15)


def test_a_task_goes_to_another_body_without_any_dispute_and_the_way_is_kept(world: World) -> None:
    thu = world.actor("thu")
    task = reported(world)
    with pytest.raises(TaskRefused) as refused:
        reassign(actor=thu, at=NOW, task=task, new_lead=world.body("BTP"), reason="Đổi")
    assert refused.value.field == "new_lead"
    moved = reassign(actor=thu, at=NOW, task=task, new_lead=world.body("BYT"), reason="Chuyển chức năng")
    assert (moved.lead.code, moved.state, moved.due_on) == ("BYT", "assigned", task.due_on)
    assert [step.lead.code for step in history(task)][-2:] == ["BTP", "BYT"]
    with pytest.raises(NotAllowed):
        reassign(actor=world.actor("lan"), at=NOW, task=moved, new_lead=world.body("BTP"), reason="Lấy lại")


def test_a_completed_task_is_opened_again_and_owes_new_evidence(world: World) -> None:
    task = completed(world)
    judge_effectiveness(actor=world.actor("son"), at=NOW, task=task, effectiveness="effective", note="Có tác dụng")
    later = NOW + timedelta(days=30)
    opened = reopen(
        actor=world.actor("thu"), at=later, task=task, decision_number="12-QĐ", reason="Danh mục sai số liệu"
    )
    assert (opened.state, opened.completed_on, opened.effectiveness) == ("in_progress", None, "not_judged")
    with pytest.raises(TaskRefused) as refused:
        submit(actor=world.actor("lan"), at=later, task=task, text="Như cũ")
    assert refused.value.code == "no_evidence"
    submit(
        actor=world.actor("lan"), at=later + timedelta(days=1), task=task, text="Đã sửa",
        files=[Upload("moi.txt", "Danh mục đã sửa".encode())],
    )  # fmt: skip
    done = approve_result(actor=world.actor("minh"), at=later + timedelta(days=2), task=task)
    assert done.completed_on == TODAY + timedelta(days=32)


def test_more_time_is_asked_after_the_deadline_too_and_that_is_seen(world: World) -> None:
    task = taken_on(world)
    lan, thu, after = world.actor("lan"), world.actor("thu"), NOW + timedelta(days=40)
    asked = request_extension(actor=lan, at=after, task=task, wanted_on=LATER, reason="Chờ Luật", claims_objective=True)
    assert Entry.objects.latest("number").data.count('"after_deadline":true') == 1
    with pytest.raises(TaskRefused, match="đang chờ trả lời"):
        request_extension(actor=lan, at=after, task=task, wanted_on=LATER, reason="Nhắc lại")
    with pytest.raises(NotAllowed):
        refuse_extension(actor=lan, at=after, request=asked, answer="Tự trả lời")
    extension = grant_extension(
        actor=thu, at=after, request=asked, decision_number="57-QĐ", answer="Đồng ý", is_objective=True
    )
    asked.refresh_from_db()
    assert (asked.is_granted, asked.extension, asked.answer) == (True, extension, "Đồng ý")
    task.refresh_from_db()
    shown = status_of(task, after.date())
    assert (shown.timing, shown.against_original) == ("in_time", "overdue")
    submit(actor=lan, at=after, task=task, text="Xong", files=[evidence()])
    approve_result(actor=world.actor("minh"), at=after, task=task)
    (row,) = delivery_matrix(year_of(TODAY), after.date())
    assert (row.in_time, row.in_time_by_original, row.objective) == (1, 0, 1)


def test_a_refused_request_leaves_the_deadline_and_an_end_answers_what_waits(world: World) -> None:
    lan, thu = world.actor("lan"), world.actor("thu")
    task = taken_on(world)
    first = request_extension(actor=lan, at=NOW, task=task, wanted_on=LATER, reason="Thiếu người")
    refuse_extension(actor=thu, at=NOW, request=first, answer="Điều người từ đơn vị khác")
    with pytest.raises(TaskRefused, match="đã được trả lời"):
        grant_extension(actor=thu, at=NOW, request=first, decision_number="1", answer="Đổi ý")
    request_extension(actor=lan, at=NOW, task=task, wanted_on=LATER, reason="Vẫn thiếu người")
    cancel(actor=thu, at=NOW, task=task, reason="Không còn cần")
    assert not ExtensionRequest.objects.filter(is_granted__isnull=True).exists()
    task.refresh_from_db()
    assert task.due_on == task.original_due_on


def test_a_dispute_has_a_term_and_an_overdue_decision_is_listed(world: World) -> None:
    thu, lan = world.actor("thu"), world.actor("lan")
    task = dispute(actor=lan, at=NOW, task=given(world), reason="Thuộc Bộ Nội vụ", proposed_lead=world.body("BNV"))
    (raised,) = open_disputes(thu)
    # Five working days from a Monday.
    assert (raised.decide_by, raised.proposed_lead) == (date(2026, 9, 21), world.body("BNV"))
    assert not overdue_disputes(thu, date(2026, 9, 21)).exists()
    assert overdue_disputes(thu, date(2026, 9, 22)).exists()
    decide_dispute(
        actor=thu, at=NOW + timedelta(days=9), task=task, outcome=Outcome.TRANSFER, note="Đúng chức năng",
        new_lead=world.body("BNV"),
    )  # fmt: skip
    (decided,) = disputes(task)
    assert (decided.outcome, decided.answer) == ("transfer", "Đúng chức năng")
    assert '"after_term":true' in Entry.objects.latest("number").data


def ended(world: World, code: str, *heirs: str) -> None:
    body = world.body(code)
    Body.objects.filter(pk=body.pk).update(valid_to=TODAY)
    record_successions(
        actor="system:tests", at=NOW, on=TODAY,
        pairs=[(body, world.body(heir), Decimal(1) / len(heirs)) for heir in heirs],
    )  # fmt: skip


def test_tasks_follow_the_one_successor_by_themselves(world: World) -> None:
    task, helped = given(world, lead="00004"), given(world, coordinators=[world.body("00004")])
    ended(world, "00004", "00025")
    (moved,) = follow_successions(actor=world.machine, at=NOW)
    assert (moved, moved.lead.code) == (task, "00025")
    assert [body.code for body in helped.coordinators.all()] == ["00025"]
    assert Entry.objects.latest("number").event == "tasks.tasks.inherited"
    assert "Phường Ba Đình" in [step.note for step in history(task)][-1]
    assert follow_successions(actor=world.machine, at=NOW) == []


def test_the_effect_of_what_an_ended_body_did_is_judged_by_the_evaluators_of_its_successor(
    world: World, django_assert_max_num_queries: Any
) -> None:
    task, son = completed(world), world.actor("son")
    ended(world, "BTP", "BNV")
    Descent.objects.filter(descendant=world.body("BTP")).update(valid_to=TODAY)
    # Completed work stays with the body that did it.
    assert follow_successions(actor=world.machine, at=NOW) == []
    with django_assert_max_num_queries(5):
        assert list(waiting_for_judgement(son)) == [task]
    # Whoever belongs to the successor would judge what their own body took over.
    grant_role(
        actor=world.machine, at=NOW, user=world.people["quan"], role=Role.EVALUATOR, body=world.body("BNV"),
        over=world.body("TW"), valid_from=FOUNDED,
    )  # fmt: skip
    own = recall_world().actor("quan")
    assert not waiting_for_judgement(own).exists()
    with pytest.raises(NotAllowed):
        judge_effectiveness(actor=own, at=NOW, task=task, effectiveness="effective", note="Tốt")
    judged = judge_effectiveness(actor=son, at=NOW, task=task, effectiveness="not_effective", note="Chưa dùng đến")
    assert (judged.effectiveness, judged.lead.code) == ("not_effective", "BTP")
    assert not waiting_for_judgement(son).exists()


def test_a_body_gives_work_of_its_own_to_several_below_at_once_and_to_nobody_else(world: World) -> None:
    ha, wards = world.actor("ha"), [world.body("00004"), world.body("00025")]
    local = description(wards[0], title="Tổng vệ sinh dữ liệu hộ tịch", is_local=True)
    own = assign_collective(actor=ha, at=NOW, task=local, bodies=wards)
    assert {(one.lead.code, one.is_local) for one in own.instances.select_related("lead")} == {
        ("00004", True), ("00025", True),
    }  # fmt: skip
    assert own.assigned_by.code == "01"
    with pytest.raises(NotAllowed):
        assign_collective(actor=ha, at=NOW, task=local, bodies=[*wards, world.body("48")])
    with pytest.raises(NotAllowed):
        assign_collective(actor=ha, at=NOW, task=description(wards[0]), bodies=wards)


def test_acts_on_many_tasks_cause_nothing_that_looks_at_one_entry_alone(world: World) -> None:
    tasks = [given(world), given(world, title="Việc thứ hai")]
    before = newest_number()
    accept_many(actor=world.actor("lan"), at=NOW, tasks=tasks)
    events = {Event(entry.event) for entry in entries_after(before)}
    assert events == {Event.TASK_CHANGED}
    # Of the jobs gathered only the newest entry is handed on: both cover what came before it.
    assert {job.name for job in REACTIONS[Event.TASK_CHANGED]} == {"derive", "tell"}
    catch_up(actor=world.machine, at=NOW)
    assert Told.objects.get().entry == newest_number()


def test_of_several_successors_people_choose_and_a_doubled_order_is_merged(world: World) -> None:
    thu = world.actor("thu")
    both = assign_collective(
        actor=thu, at=NOW, task=description(world.body("00004")), bodies=[world.body("00004"), world.body("00025")]
    )
    alone = given(world, lead="00004", title="Việc riêng")
    ended(world, "00004", "00025", "20194")
    assert follow_successions(actor=world.machine, at=NOW) == []
    waiting = list(without_living_lead(thu, TODAY))
    assert len(waiting) == 2
    assert not without_living_lead(world.actor("an"), TODAY).exists()
    with pytest.raises(TaskRefused, match="không kế thừa"):
        decide_succession(actor=thu, at=NOW, tasks=waiting, successor=world.body("BTP"))
    moved = decide_succession(actor=thu, at=NOW, tasks=waiting, successor=world.body("00025"))
    assert moved == [alone]
    states = dict(both.instances.values_list("lead__code", "state"))
    assert states == {"00004": "cancelled", "00025": "assigned"}
    assert not without_living_lead(thu, TODAY).exists()


def test_a_programme_in_force_says_which_tasks_are_core(world: World) -> None:
    thu = world.actor("thu")
    one, two = given(world), given(world, lead="BYT")
    first = open_programme(actor=thu, at=NOW, code="CTCT-2026", title="Chương trình 2026", body=world.body("VPTW"))
    put_into_programme(actor=thu, at=NOW, version=first, tasks=[one], is_core=True)
    with pytest.raises(TaskRefused) as refused:
        approve_version(actor=thu, at=NOW, version=first, decision_number="", approved_on=TODAY)
    assert refused.value.field == "decision_number"
    approve_version(actor=thu, at=NOW, version=first, decision_number="01-QĐ", approved_on=TODAY)
    second = new_version(actor=thu, at=NOW, programme=first.programme)
    with pytest.raises(TaskRefused, match="còn là dự thảo"):
        new_version(actor=thu, at=NOW, programme=first.programme)
    take_out_of_programme(actor=thu, at=NOW, version=second, task=one)
    put_into_programme(actor=thu, at=NOW, version=second, tasks=[two], is_core=True)
    assert set(Task.objects.filter(is_core=True)) == {one}
    approve_version(actor=thu, at=NOW, version=second, decision_number="02-QĐ", approved_on=TODAY)
    assert set(Task.objects.filter(is_core=True)) == {two}
    changes = changes_between(first, second, thu)
    assert (changes.added, changes.dropped) == ([two], [one])
    with pytest.raises(TaskRefused, match="đã được phê duyệt"):
        put_into_programme(actor=thu, at=NOW, version=first, tasks=[two])
    with pytest.raises(NotAllowed):
        open_programme(actor=world.actor("lan"), at=NOW, code="X", title="X", body=world.body("BTP"))


def test_the_list_and_the_single_task_find_the_same_unclear_points(world: World) -> None:
    tasks = [
        given(world, title="Đẩy mạnh chuyển đổi số"),
        given(world, title="Tăng cường kiểm tra", target="100 cuộc", deliverable="Báo cáo"),
        given(world, title="Ban hành quy chế", deliverable="Quy chế", due_on=None),
    ]
    thu = world.actor("thu")
    for task in tasks:
        by_list = {
            point
            for point in ("lead", "person", "time", "result", "measure", "authority", "wording")
            if unclear_tasks(visible_to(thu), TODAY, point=point).filter(pk=task.pk).exists()
        }
        assert by_list == set(unclear_of(task, TODAY))
    (row,) = clarity_counts(visible_to(thu), TODAY)
    assert (row["lead__code"], row["number"], row["wording"], row["time"], row["result"]) == ("BTP", 3, 1, 1, 1)


@pytest.mark.parametrize(
    ("title", "target", "found"),
    [
        ("Đẩy mạnh, tăng cường phối hợp", "", ("tăng cường", "đẩy mạnh")),
        ("ĐẨY MẠNH chuyển đổi số", "", ("đẩy mạnh",)),
        ("Tăng cường kiểm tra", "100 cuộc", ()),
        ("Quy hoạch đẩy mạnhh", "", ()),
    ],
)
def test_vague_wording_is_found_by_whole_words_without_a_figure(title: str, target: str, found: Any) -> None:
    assert vague_phrases(title, target, ["tăng cường", "đẩy mạnh"]) == found
    missing = unclear_points(due_on=TODAY, is_recurring=False, deliverable="x", target="", has_source=True, vague=found)
    assert missing == (("wording",) if found else ())


def test_results_wait_for_judgement_until_somebody_judges(world: World) -> None:
    task, son = completed(world), world.actor("son")
    assert list(waiting_for_judgement(son)) == [task]
    assert not waiting_for_judgement(world.actor("lan")).exists()
    judge_effectiveness(actor=son, at=NOW, task=task, effectiveness="not_effective", note="Chưa ai dùng")
    assert not waiting_for_judgement(son).exists()
