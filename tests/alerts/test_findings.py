"""Notices of findings: new ones as one number, each step to whoever has to act on it, closed when it is done."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.alerts.scenes import morning, notice_for, told, waiting_for
from tests.evaluations.scenes import a_gap, compared, dictionary
from tests.evaluations.scenes import told as measured
from tests.tasks.samples import given
from tests.world import FOUNDED, NOW, TODAY, World
from thuocdo.accounts.models import Role
from thuocdo.accounts.operations import grant_role
from thuocdo.alerts import messages, operations
from thuocdo.alerts.jobs import tell
from thuocdo.alerts.lifecycle import Choice, Kind, Standing
from thuocdo.alerts.models import Message, Notice
from thuocdo.alerts.queries import for_page, notices_of
from thuocdo.evaluations.lifecycle import State
from thuocdo.evaluations.models import Finding
from thuocdo.evaluations.operations import answer, ask_again, assign_owner, confirm, refute, resume
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.ledger.operations import append
from thuocdo.project.reactions import REACTIONS
from thuocdo.tasks.lifecycle import State as TaskState
from thuocdo.tasks.models import Task

BY = TODAY + timedelta(days=14)
FOUND, ELSEWHERE = (Kind.FINDING, "found"), (Kind.FINDING, "found_elsewhere")


@pytest.fixture(autouse=True)
def _begun(world: World) -> None:
    told()


def gaps(world: World, *periods: str, body: str = "BTP") -> None:
    for period in periods:
        measured(world, 95, body=body, period=period)
        measured(world, 80, "system", body=body, period=period)


def titles(world: World, name: str) -> list[str]:
    return [messages.title_of(notice) for notice in for_page(notices_of(world.actor(name)))]


def test_a_new_finding_reaches_the_house_and_the_nearest_verifier_and_nobody_else(world: World) -> None:
    a_gap(world)
    assert told() == 3
    assert told() == 0
    assert waiting_for(world, "lan") == waiting_for(world, "dung") == [FOUND]
    assert waiting_for(world, "minh") == [ELSEWHERE]
    for other in ("thu", "son", "thanh", "ha", "an", "binh", "quan"):
        assert waiting_for(world, other) == []
    assert titles(world, "lan") == ["Khai báo lệch với số đã kiểm chứng – Bộ Tư pháp"]
    assert Message.objects.count() == 3
    assert all(tell in REACTIONS[event] for event in (Event.FINDINGS_FOUND, Event.FINDING_CHANGED))


def test_many_findings_of_one_comparison_at_a_body_are_one_notice_that_grows_while_it_is_open(world: World) -> None:
    dictionary(world)
    gaps(world, "2026-05", "2026-06", "2026-07")
    compared(world)
    assert told() == 3
    assert titles(world, "lan") == titles(world, "minh") == ["3 phát hiện mới ở Bộ Tư pháp"]
    gaps(world, "2026-04")
    gaps(world, "2026-06", body="01")
    compared(world, at=NOW + timedelta(hours=1))
    # Hà alone is new: the notices of the others say a larger number.
    assert told() == 1
    assert titles(world, "lan") == ["4 phát hiện mới ở Bộ Tư pháp"]
    assert titles(world, "minh") == ["5 phát hiện mới ở nhiều cơ quan"]
    assert titles(world, "ha") == ["Khai báo lệch với số đã kiểm chứng – Thành phố Hà Nội"]
    # Once acknowledged, only what comes later is told.
    operations.acknowledge(actor=world.actor("lan"), at=NOW)
    assert told() == 0
    gaps(world, "2026-03")
    compared(world, at=NOW + timedelta(hours=2))
    assert told() == 1
    assert waiting_for(world, "lan") == [FOUND]
    assert waiting_for(world, "dung") == [FOUND]


def test_each_step_calls_the_side_that_has_to_act_and_closes_what_was_asked_before(world: World) -> None:
    finding, minh, lan = a_gap(world), world.actor("minh"), world.actor("lan")
    told()
    assign_owner(actor=minh, at=NOW, finding=finding, owner=world.people["lan"], answer_by=BY)
    told()
    # Taken up: nobody is told of a new one any more, and the one who was named has a day.
    assert waiting_for(world, "lan") == [(Kind.FINDING, "assign")]
    assert waiting_for(world, "dung") == waiting_for(world, "minh") == []
    assert notice_for(world, "lan", step="found").standing == Standing.SETTLED
    assert messages.said(notice_for(world, "lan", step="assign"), TODAY).endswith("chậm nhất ngày 28/09/2026")
    answer(actor=lan, at=NOW, finding=finding, text="Số tự khai gồm cả hồ sơ nộp lại.")
    told()
    assert (waiting_for(world, "lan"), waiting_for(world, "minh")) == ([], [(Kind.FINDING, "answer")])
    ask_again(actor=minh, at=NOW, finding=finding, text="Gửi danh sách.")
    told()
    assert (waiting_for(world, "lan"), waiting_for(world, "minh")) == ([(Kind.FINDING, "ask")], [])
    confirm(actor=minh, at=NOW, finding=finding, text="Tính hai lần.")
    told()
    assert waiting_for(world, "lan") == [(Kind.FINDING, "confirm")]
    resume(actor=minh, at=NOW, finding=finding)
    told()
    assert waiting_for(world, "lan") == [(Kind.FINDING, "resume")]
    refute(actor=minh, at=NOW, finding=finding, text="Khác phạm vi.")
    told()
    assert waiting_for(world, "lan") == [(Kind.FINDING, "refute")]
    assert messages.said(notice_for(world, "lan", step="refute"), TODAY) == "Kết luận: không có sai lệch"


def test_the_answer_goes_to_the_one_who_asked_though_others_stand_nearer(world: World) -> None:
    finding, son = a_gap(world), world.actor("son")
    assign_owner(actor=son, at=NOW, finding=finding, owner=world.people["dung"], answer_by=BY)
    told()
    assert (waiting_for(world, "dung"), waiting_for(world, "lan")) == ([(Kind.FINDING, "assign")], [])
    answer(actor=world.actor("lan"), at=NOW, finding=finding, text="Đã rà lại.")
    told()
    assert (waiting_for(world, "son"), waiting_for(world, "minh")) == ([(Kind.FINDING, "answer")], [])


def test_a_late_job_calls_nobody_to_what_is_done_and_a_corrected_figure_closes_all(world: World) -> None:
    finding = a_gap(world)
    assign_owner(actor=world.actor("minh"), at=NOW, finding=finding, owner=world.people["lan"], answer_by=BY)
    answer(actor=world.actor("lan"), at=NOW, finding=finding, text="Đã rà lại.")
    told()
    assert set(Notice.objects.values_list("step", flat=True)) == {"answer"}
    measured(world, 80)
    compared(world, at=NOW + timedelta(hours=1))
    told()
    assert Finding.objects.get().state == State.CORRECTED
    assert not Notice.objects.filter(standing=Standing.OPEN).exists()


def test_the_review_closes_what_was_done_before_anybody_was_told(world: World) -> None:
    finding = a_gap(world)
    told()
    refute(actor=world.actor("minh"), at=NOW, finding=finding, text="Khác phạm vi.")
    operations.review(actor=world.machine, at=morning(TODAY))
    assert set(Notice.objects.values_list("standing", flat=True)) == {Standing.SETTLED}
    assert Entry.objects.latest("number").event == Event.NOTICES_SETTLED


def test_a_finding_about_a_task_is_told_only_to_those_who_see_the_task_and_never_names_it(world: World) -> None:
    draft = given(world, title="việc chưa giao")
    Task.objects.filter(pk=draft.pk).update(state=TaskState.DRAFT)
    row: dict[str, Any] = {"size": 1, "opened_at": NOW, "changed_at": NOW}
    hidden = Finding.objects.create(cause="unsigned:1", kind="unsigned", body=draft.lead, task=draft, **row)
    append(actor="machine:findings", at=NOW, event=Event.FINDINGS_FOUND, subject="task", data={"opened": 1})
    told()
    # Lan and Dũng belong to the body, but a draft is seen on the assigning side only.
    assert waiting_for(world, "lan") == waiting_for(world, "dung") == []
    Task.objects.filter(pk=draft.pk).update(state=TaskState.ACCEPTED)
    append(actor="machine:findings", at=NOW, event=Event.FINDINGS_FOUND, subject="task", data={"opened": 1})
    told()
    assert waiting_for(world, "lan") == [FOUND]
    assert titles(world, "lan") == [f"{hidden.get_kind_display()} – Bộ Tư pháp"]
    # Who loses the sight of the task loses the notice.
    Task.objects.filter(pk=draft.pk).update(state=TaskState.DRAFT)
    assert waiting_for(world, "lan") == []


def test_whoever_wants_no_notices_of_findings_gets_none_and_a_new_holder_inherits(world: World) -> None:
    operations.prefer(
        actor=world.actor("dung"), at=NOW, choices={Kind.FINDING: Choice.NONE}, digest=operations.Digest(),
        quiet_from=time(20), quiet_to=time(6),
    )  # fmt: skip
    a_gap(world)
    told()
    assert waiting_for(world, "dung") == []
    grant_role(
        actor=world.machine, at=NOW, user=world.people["binh"], role=Role.FOCAL_POINT, body=world.body("BTP"),
        over=None, valid_from=FOUNDED,
    )  # fmt: skip
    Notice.objects.filter(recipient=world.people["lan"]).update(is_waiting_for_holder=True, standing=Standing.PASSED)
    operations.hand_on(actor=world.machine, at=NOW)
    assert waiting_for(world, "binh") == [FOUND]


def test_the_database_refuses_a_notice_of_findings_without_one(world: World) -> None:
    a_gap(world)
    told()
    for wrong in ({"finding": None}, {"findings": 0}, {"kind": Kind.WAITING}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.filter(step="found").update(**wrong)


def test_the_page_leads_to_the_finding_or_to_the_list_and_names_the_kind(world: World, client: Client) -> None:
    finding = a_gap(world)
    told()
    client.force_login(world.people["lan"])
    notice = notice_for(world, "lan")
    assert "Phát hiện sai lệch" in client.get(reverse("notices")).content.decode()
    assert client.get(reverse("notice", args=[notice.pk])).url == reverse("finding", args=[finding.pk])  # type: ignore[attr-defined]
    Notice.objects.filter(pk=notice.pk).update(findings=2)
    assert client.get(reverse("notice", args=[notice.pk])).url.endswith("?muc=open")  # type: ignore[attr-defined]
