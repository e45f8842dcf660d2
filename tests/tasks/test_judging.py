"""Another body judges: returns with a note, approves, and later says whether it was effective. Nobody judges
their own work, whatever roles they hold."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from tests.tasks.samples import completed, evidence, given, reported, submitted
from tests.world import FOUNDED, NOW, TODAY, World, recall_world
from thuocdo.accounts.models import Role
from thuocdo.accounts.operations import end_role, grant_role
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import first_broken_entry, newest_number
from thuocdo.tasks.models import Task, Transition
from thuocdo.tasks.operations import (
    ConflictOfInterest,
    NotInThisState,
    TaskRefused,
    approve_result,
    judge_effectiveness,
    report_progress,
    return_result,
    submit,
)
from thuocdo.tasks.queries import possible_steps


def test_the_verifier_of_another_body_approves_and_the_task_is_completed(world: World) -> None:
    task = completed(world)
    assert (task.state, task.completed_on, task.effectiveness) == ("completed", TODAY, "not_judged")
    entry = Entry.objects.get(number=newest_number())
    assert '"from":"submitted"' in entry.data
    assert '"to":"completed"' in entry.data


def test_a_return_needs_a_note_and_the_result_may_come_again(world: World) -> None:
    task, minh = submitted(world), world.actor("minh")
    with pytest.raises(TaskRefused) as refused:
        return_result(actor=minh, at=NOW, task=task, note="  ")
    assert refused.value.field == "note"
    returned = return_result(actor=minh, at=NOW, task=task, note="Thiếu số văn bản")
    assert returned.state == "returned"
    report_progress(actor=world.actor("lan"), at=NOW, task=task, text="Đang bổ sung", progress=80)
    task.refresh_from_db()
    assert task.state == "returned"
    submit(actor=world.actor("lan"), at=NOW, task=task, text="Đã bổ sung")
    assert approve_result(actor=minh, at=NOW, task=task).state == "completed"


@pytest.mark.parametrize("person", ["lan", "dung", "thanh", "hoa", "quan", "ha", "an", "binh", "son"])
def test_nobody_without_the_role_approves(world: World, person: str) -> None:
    task = submitted(world)
    with pytest.raises(NotAllowed):
        approve_result(actor=world.actor(person), at=NOW, task=task)
    task.refresh_from_db()
    assert task.state == "submitted"


def test_a_verifier_who_belongs_to_the_lead_body_is_told_why_not(world: World) -> None:
    task = submitted(world)
    grant_role(
        actor=world.machine,
        at=NOW,
        user=world.people["minh"],
        role=Role.FOCAL_POINT,
        body=world.body("BTP"),
        valid_from=FOUNDED,
    )
    minh = world.actor("minh")
    for step in (approve_result, return_result):
        with pytest.raises(ConflictOfInterest) as refused:
            step(actor=minh, at=NOW, task=task, note="Của mình")
        assert refused.value.code == "lead_judges"
    assert "approve_result" not in possible_steps(minh, task)


def test_whoever_reported_does_not_approve_even_after_changing_bodies(world: World) -> None:
    """Lan reports for the ministry, moves to the Government Office and becomes a verifier there."""
    task = submitted(world)
    lan = world.people["lan"]
    later = NOW + timedelta(days=30)
    end_role(actor=world.machine, at=later, holding=lan.holdings.get(), on=later.date())
    grant_role(
        actor=world.machine,
        at=later,
        user=lan,
        role=Role.VERIFIER,
        body=world.body("VPCP"),
        over=world.body("TW"),
        valid_from=later.date(),
    )
    moved = world.actor("lan", on=later.date())
    with pytest.raises(ConflictOfInterest, match="tự phê duyệt") as refused:
        approve_result(actor=moved, at=later, task=task)
    assert refused.value.code == "reporter_judges"
    assert "approve_result" not in possible_steps(moved, task)
    assert "approve_result" in possible_steps(world.actor("minh"), task)


def test_only_what_was_submitted_is_approved(world: World) -> None:
    for task in (given(world), reported(world)):
        with pytest.raises(NotInThisState):
            approve_result(actor=world.actor("minh"), at=NOW, task=task)


def test_no_approval_without_evidence_even_if_it_went_missing(world: World) -> None:
    task = submitted(world)
    task.reports.all().delete()
    with pytest.raises(TaskRefused) as refused:
        approve_result(actor=world.actor("minh"), at=NOW, task=task)
    assert refused.value.code == "no_evidence"


def test_the_evaluator_judges_whether_it_was_effective(world: World) -> None:
    task, son = completed(world), world.actor("son")
    with pytest.raises(TaskRefused) as refused:
        judge_effectiveness(actor=son, at=NOW, task=task, effectiveness="not_judged", note="?")
    assert refused.value.field == "effectiveness"
    judged = judge_effectiveness(
        actor=son, at=NOW, task=task, effectiveness="not_effective", note="Chưa giảm thời gian giải quyết"
    )
    assert (judged.state, judged.effectiveness) == ("completed", "not_effective")
    again = judge_effectiveness(actor=son, at=NOW, task=task, effectiveness="effective", note="Đã giảm 30%")
    assert again.effectiveness == "effective"


def test_effectiveness_is_judged_after_completion_and_by_evaluators_only(world: World) -> None:
    with pytest.raises(NotInThisState):
        judge_effectiveness(
            actor=world.actor("son"), at=NOW, task=submitted(world), effectiveness="effective", note="Tốt"
        )
    for person in ("lan", "thu", "minh", "thanh"):
        with pytest.raises(NotAllowed):
            judge_effectiveness(
                actor=world.actor(person), at=NOW, task=completed(world), effectiveness="effective", note="Tốt"
            )


# What a task is made of and who answers for it may be written down all the time.
PLANNING = {
    "divide", "put_in_charge", "request_extension", "set_products", "set_milestones", "set_dependencies", "set_budget",
    "set_indicators",
    "judge_product", "move_milestone", "refuse_extension",
}  # fmt: skip


def test_pages_offer_what_operations_allow(world: World) -> None:
    """For every person and every state: what is offered can be begun, and nothing else."""
    tasks = [given(world), reported(world), submitted(world), completed(world)]
    offered = {
        (person, task.state): [step for step in possible_steps(world.actor(person), task) if step not in PLANNING]
        for person in world.people
        for task in tasks
    }
    assert offered["lan", "assigned"] == ["accept_assignment", "dispute"]
    assert offered["lan", "in_progress"] == ["report_progress", "submit"]
    assert offered["dung", "in_progress"] == ["submit"]
    assert offered["thu", "assigned"] == ["extend", "suspend", "reassign", "cancel"]
    assert offered["thu", "submitted"] == ["return_result", "approve_result", "extend", "reassign", "cancel"]
    assert offered["thu", "completed"] == ["reopen"]
    assert offered["minh", "submitted"] == ["return_result", "approve_result"]
    assert offered["son", "completed"] == ["judge_effectiveness"]
    assert not any(offered[person, task.state] for person in ("an", "binh", "thanh", "hoa") for task in tasks)


def test_of_an_approval_and_a_return_at_once_one_holds(own_database: str) -> None:
    world = recall_world()
    task = submitted(world)
    minh, thu = world.actor("minh"), world.actor("thu")

    def judge(person: int) -> str:
        try:
            if person % 2:
                approve_result(actor=minh, at=NOW, task=task)
            else:
                return_result(actor=thu, at=NOW, task=task, note="Thiếu số văn bản")
        except NotInThisState:
            return "too late"
        finally:
            connection.close()
        return "held"

    with ThreadPoolExecutor(4) as people:
        answers = sorted(people.map(judge, range(4)))
    assert answers == ["held", "too late", "too late", "too late"]
    steps = Transition.objects.filter(task=task, step__in=["approve_result", "return_result"])
    assert steps.count() == 1
    assert Task.objects.get(pk=task.pk).state == steps.get().to_state
    assert first_broken_entry() is None


def test_two_reports_at_once_are_both_kept(own_database: str) -> None:
    world = recall_world()
    task = reported(world)
    lan = world.actor("lan")

    def report(progress: int) -> None:
        try:
            report_progress(
                actor=lan,
                at=NOW,
                task=task,
                text=f"{progress}%",
                progress=progress,
                files=[evidence(f"{progress}.docx")],
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as people:
        list(people.map(report, [50, 60, 70]))
    assert task.reports.count() == 4
    assert Task.objects.get(pk=task.pk).progress in (50, 60, 70)
    assert Task.objects.get(pk=task.pk).due_on == date(2026, 10, 15)
