"""What a task is made of: milestones, products, what it waits for, parts, people, budget; told with the cast."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from tests.tasks.samples import completed, description, evidence, given, reported, submitted, taken_on
from tests.world import NOW, TODAY, World, recall_world
from thuocdo.accounts.models import Role
from thuocdo.accounts.operations import end_role, grant_role
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.engine.calendars import year_of
from thuocdo.ledger.models import Entry
from thuocdo.organisations.models import Body
from thuocdo.organisations.operations import BodyDescription, establish_bodies
from thuocdo.tasks.models import Dependency, Product, Task
from thuocdo.tasks.operations import (
    BudgetLine,
    DependencyCycle,
    MilestonePlan,
    ProductPlan,
    TaskRefused,
    Upload,
    accept_assignment,
    add_dependency,
    add_milestone,
    approve_result,
    assign,
    divide,
    drop_dependency,
    fulfil_dependency,
    judge_product,
    leave_unattended,
    move_milestone,
    put_in_charge,
    report_progress,
    return_result,
    set_budget,
    set_products,
    submit,
)
from thuocdo.tasks.queries import (
    blocked,
    delivery_matrix,
    history,
    is_unattended,
    milestones,
    my_work,
    parts_of,
    possible_steps,
    products,
    unattended,
    visible_to,
    waiting_for,
)


def two_products(world: World, task: Task) -> list[Product]:
    return set_products(
        actor=world.actor("thu"),
        at=NOW,
        task=task,
        products=[ProductPlan("Danh mục văn bản"), ProductPlan("Dự thảo nghị định", Decimal(1), "văn bản")],
    )


def test_a_milestone_is_moved_only_by_decision_and_reached_by_a_report(world: World) -> None:
    task = taken_on(world)
    lan, thu = world.actor("lan"), world.actor("thu")
    first = add_milestone(actor=lan, at=NOW, task=task, milestone=MilestonePlan("Trình dự thảo", date(2026, 9, 30)))
    with pytest.raises(NotAllowed):
        move_milestone(
            actor=lan, at=NOW, milestone=first, new_due_on=date(2026, 10, 5), decision_number="1", reason="Chậm"
        )
    with pytest.raises(TaskRefused) as refused:
        move_milestone(
            actor=thu, at=NOW, milestone=first, new_due_on=date(2026, 10, 5), decision_number=" ", reason="Chậm"
        )
    assert refused.value.field == "decision_number"
    move_milestone(
        actor=thu, at=NOW, milestone=first, new_due_on=date(2026, 10, 5), decision_number="9-QĐ", reason="Chờ ý kiến"
    )
    report_progress(actor=lan, at=NOW, task=task, text="Đã trình", progress=50, milestones=[first])
    (row,) = milestones(task)
    assert (row.due_on, row.original_due_on, row.reached_on) == (date(2026, 10, 5), date(2026, 9, 30), TODAY)
    assert "9-QĐ" in next(step.note for step in history(task) if step.step == "move_milestone")
    with pytest.raises(TaskRefused, match="Ngày của mốc"):
        add_milestone(actor=lan, at=NOW, task=task, milestone=MilestonePlan("Quá xa", date(2027, 1, 1)))


def test_a_task_is_completed_only_when_every_product_has_evidence_and_is_accepted(world: World) -> None:
    task = taken_on(world)
    lan, minh = world.actor("lan"), world.actor("minh")
    list_of, decree = two_products(world, task)
    with pytest.raises(TaskRefused) as refused:
        submit(actor=lan, at=NOW, task=task, text="Xong", files=[evidence()], products=[list_of])
    assert refused.value.code == "product_without_evidence"
    report_progress(actor=lan, at=NOW, task=task, text="Danh mục", progress=50, files=[evidence()], products=[list_of])
    judge_product(actor=minh, at=NOW, product=list_of, is_accepted=True)
    with pytest.raises(NotAllowed):
        judge_product(actor=lan, at=NOW, product=decree, is_accepted=True)
    submit(
        actor=lan, at=NOW, task=task, text="Xong", files=[Upload("nghi-dinh.txt", "Nghị định".encode())],
        products=[decree],
    )  # fmt: skip
    with pytest.raises(TaskRefused, match="Dự thảo nghị định"):
        approve_result(actor=minh, at=NOW, task=task)
    done = approve_result(actor=minh, at=NOW, task=task, products=[decree])
    assert (done.state, [one.is_accepted for one in products(task)]) == ("completed", [True, True])


def test_a_product_with_evidence_is_not_dropped_and_others_change_places(world: World) -> None:
    task = taken_on(world)
    list_of, _decree = two_products(world, task)
    report_progress(
        actor=world.actor("lan"), at=NOW, task=task, text="Một", progress=5, files=[evidence()], products=[list_of]
    )
    thu = world.actor("thu")
    with pytest.raises(TaskRefused) as refused:
        set_products(actor=thu, at=NOW, task=task, products=[ProductPlan("Báo cáo")])
    assert refused.value.code == "product_in_use"
    set_products(actor=thu, at=NOW, task=task, products=[ProductPlan("Báo cáo"), ProductPlan("Danh mục văn bản")])
    assert [(one.position, one.name) for one in products(task)] == [(1, "Báo cáo"), (2, "Danh mục văn bản")]


def test_a_circle_of_waiting_is_refused_and_named(world: World) -> None:
    thu = world.actor("thu")
    first, second, third = (given(world) for _ in range(3))
    add_dependency(actor=thu, at=NOW, task=first, waits_for=second)
    add_dependency(actor=thu, at=NOW, task=second, waits_for=third)
    with pytest.raises(DependencyCycle) as refused:
        add_dependency(actor=thu, at=NOW, task=third, waits_for=first)
    assert refused.value.codes == (third.code, first.code, second.code, third.code)
    assert Dependency.objects.count() == 2


def test_four_writers_never_close_a_circle_together(own_database: str) -> None:
    world = recall_world()
    tasks = [given(world) for _ in range(4)]
    thu = world.actor("thu")

    def wait(number: int) -> str:
        try:
            add_dependency(actor=thu, at=NOW, task=tasks[number], waits_for=tasks[(number + 1) % 4])
        except DependencyCycle:
            return "refused"
        finally:
            connection.close()
        return "written"

    with ThreadPoolExecutor(4) as writers:
        assert sorted(writers.map(wait, range(4))) == ["refused", "written", "written", "written"]


def test_a_task_that_waits_says_so_and_its_clock_runs(world: World) -> None:
    thu = world.actor("thu")
    task, other = given(world), given(world, lead="BYT")
    law = add_dependency(
        actor=thu, at=NOW, task=task, kind="legal_document", title="Luật Dữ liệu", expected_on=date(2026, 9, 1)
    )
    add_dependency(actor=thu, at=NOW, task=task, waits_for=other)
    later = TODAY + timedelta(days=40)
    waiting = waiting_for(task, later)
    assert [(one.is_there, one.days) for one in waiting] == [(False, 40), (False, 40)]
    assert [one.is_late for one in waiting] == [True, True]
    assert list(Task.objects.filter(blocked())) == [task]
    with pytest.raises(TaskRefused) as refused:
        fulfil_dependency(actor=thu, at=NOW, dependency=law)
    assert refused.value.field == "decision_number"
    fulfil_dependency(actor=thu, at=NOW, dependency=law, number="60/2024/QH15")
    drop_dependency(actor=thu, at=NOW, dependency=Dependency.objects.get(waits_for=other), reason="Không cần nữa")
    assert not Task.objects.filter(blocked()).exists()


@pytest.fixture
def department(world: World) -> Body:
    (body,) = establish_bodies(
        actor="system:tests",
        at=NOW,
        bodies=[
            BodyDescription(
                code="BTP.PL", bloc="government", kind="department", name="Vụ Pháp luật", name_en="Law Department",
                short_name="Vụ Pháp luật", abbreviation="", peer_group="", superior="BTP",
                valid_from=date(2025, 3, 1),
            )
        ],
    )  # fmt: skip
    return body


def test_a_ministry_divides_its_task_down_to_a_department_and_a_person(world: World, department: Body) -> None:
    lan, minh, dung = world.actor("lan"), world.actor("minh"), world.actor("dung")
    whole = submitted(world)
    whole = return_result(actor=minh, at=NOW, task=whole, note="Chia việc rõ hơn")
    with pytest.raises(TaskRefused) as refused:
        divide(actor=lan, at=NOW, task=whole, part=description(department, due_on=date(2026, 12, 1)))
    assert refused.value.code == "part_after_whole"
    clerk = world.people["binh"]
    grant_role(
        actor=world.machine, at=NOW, user=clerk, role=Role.FOCAL_POINT, body=department, valid_from=date(2026, 1, 1)
    )
    part = divide(
        actor=lan, at=NOW, task=whole,
        part=description(department, title="Soạn phần một", responsible=clerk, responsible_post="Chuyên viên"),
    )  # fmt: skip
    assert (part.parent, part.assigned_by.code, part.responsible) == (whole, "BTP", clerk)
    binh = world.actor("binh")
    accept_assignment(actor=binh, at=NOW, task=part)
    report_progress(actor=binh, at=NOW, task=part, text="Một nửa", progress=50)
    submit(actor=lan, at=NOW, task=whole, text="Trình lại", files=[evidence()])
    with pytest.raises(TaskRefused, match=part.code):
        approve_result(actor=minh, at=NOW, task=whole)
    rolled = parts_of(whole, lan)
    assert rolled is not None
    assert (rolled.number, rolled.done, rolled.progress) == (1, 0, Decimal(50))
    submit(actor=binh, at=NOW, task=part, text="Xong", files=[Upload("phan-mot.txt", b"Phan mot")])
    assert [task.code for task in my_work(dung, TODAY).to_approve] == [part.code]
    # The head of the ministry stands outside the department; the clerk of the department does not.
    assert "approve_result" not in possible_steps(binh, part)
    assert approve_result(actor=dung, at=NOW, task=part).state == "completed"
    assert approve_result(actor=minh, at=NOW, task=whole).state == "completed"


def test_open_parts_can_be_left_behind_only_with_a_reason(world: World, department: Body) -> None:
    whole = taken_on(world)
    divide(actor=world.actor("lan"), at=NOW, task=whole, part=description(department))
    submit(actor=world.actor("lan"), at=NOW, task=whole, text="Xong", files=[evidence()])
    done = approve_result(
        actor=world.actor("minh"), at=NOW, task=whole, despite_parts="Phần còn lại chuyển sang năm 2027"
    )
    assert done.state == "completed"
    assert "2027" in [step.note for step in history(whole)][-1]


def test_a_task_of_a_bodys_own_counts_in_no_national_figure(world: World) -> None:
    ha = world.actor("ha")
    own = assign(
        actor=ha, at=NOW, assigning_body=world.body("01"),
        task=description(world.body("00004"), is_local=True, due_on=TODAY),
    )  # fmt: skip
    assert own in visible_to(ha)
    assert own not in visible_to(world.actor("an"))
    assert "cancel" in possible_steps(ha, own)
    given(world, lead="00025", due_on=TODAY)
    leads = [row.lead for row in delivery_matrix(year_of(TODAY), TODAY + timedelta(days=3))]
    assert leads == ["00025"]
    with pytest.raises(NotAllowed):
        assign(actor=ha, at=NOW, assigning_body=world.body("01"), task=description(world.body("00004")))


def test_the_accepting_body_and_nobody_else_accepts(world: World) -> None:
    task = submitted(world, accepting_body=world.body("VPCP"))
    thu, minh = world.actor("thu"), world.actor("minh")
    with pytest.raises(NotAllowed):
        approve_result(actor=thu, at=NOW, task=task)
    assert "approve_result" not in possible_steps(thu, task)
    assert approve_result(actor=minh, at=NOW, task=task).state == "completed"
    with pytest.raises(TaskRefused, match="không tự nghiệm thu"):
        given(world, accepting_body=world.body("BTP"))


def test_nobody_approves_what_they_have_not_seen(world: World) -> None:
    task = submitted(world)
    seen = task.reports.get().pk
    minh = world.actor("minh")
    return_result(actor=world.actor("thu"), at=NOW, task=task, note="Thiếu phụ lục")
    submit(actor=world.actor("lan"), at=NOW, task=task, text="Đã bổ sung", files=[Upload("phu-luc.txt", b"Phu luc")])
    with pytest.raises(TaskRefused) as refused:
        approve_result(actor=minh, at=NOW, task=task, seen_report=seen)
    assert refused.value.code == "report_moved"
    assert approve_result(actor=minh, at=NOW, task=task, seen_report=task.reports.latest("pk").pk).state == "completed"


def test_a_person_who_leaves_is_missed_by_the_focal_point(world: World) -> None:
    task = put_in_charge(actor=world.actor("lan"), at=NOW, task=reported(world), person=world.people["dung"])
    holding = world.people["dung"].holdings.get()
    end_role(actor=world.machine, at=NOW, holding=holding, on=TODAY)
    (freed,) = leave_unattended(actor=world.machine, at=NOW)
    assert (freed.responsible, freed.state) == (None, "in_progress")
    assert is_unattended(freed)
    assert list(unattended(world.actor("lan"))) == [task]
    assert leave_unattended(actor=world.machine, at=NOW) == []
    put_in_charge(actor=world.actor("lan"), at=NOW, task=task, person=world.people["lan"], post="Vụ trưởng")
    assert not unattended(world.actor("lan")).exists()
    with pytest.raises(TaskRefused, match="không giữ vai trò"):
        put_in_charge(actor=world.actor("lan"), at=NOW, task=task, person=world.people["an"])


def test_budget_lines_stand_on_the_task_and_their_sums_in_the_ledger(world: World) -> None:
    task = given(world)
    lines = [BudgetLine("KHCN-01", 2026, Decimal(5_000_000_000)), BudgetLine("KHCN-02", 2026, Decimal(1))]
    set_budget(actor=world.actor("thu"), at=NOW, task=task, lines=lines)
    assert json.loads(Entry.objects.latest("number").data)["budget"] == {"2026": "5000000001"}
    with pytest.raises(TaskRefused) as refused:
        set_budget(actor=world.actor("thu"), at=NOW, task=task, lines=[lines[0], lines[0]])
    assert refused.value.field == "lines"


def test_ten_thousand_characters_and_emoji_are_kept_as_written(world: World) -> None:
    text = "Đã hoàn thành 🚀 " * 625
    task = taken_on(world)
    report = submit(actor=world.actor("lan"), at=NOW, task=task, text=text, files=[evidence()])
    report.refresh_from_db()
    assert len(text) == 10_000
    assert report.text == text.strip()


def test_what_is_completed_waits_no_more_and_frees_who_waited(world: World) -> None:
    done = completed(world)
    task = given(world, lead="BYT")
    add_dependency(actor=world.actor("thu"), at=NOW, task=task, waits_for=done)
    assert not Task.objects.filter(blocked()).exists()
