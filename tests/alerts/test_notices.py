"""Who is told of what and when: the ladder day by day, what was done at once, rights, roles that change hands."""

from datetime import date, timedelta

import pytest

from tests.alerts.scenes import due_in, load_the_ladder, morning, reviewed, told, waiting_for
from tests.tasks.samples import evidence, submitted, taken_on
from tests.world import FOUNDED, NOW, TODAY, World
from thuocdo.accounts.models import Role, RoleHolding
from thuocdo.accounts.operations import grant_role
from thuocdo.accounts.permissions import Permission, bodies_within
from thuocdo.alerts import operations
from thuocdo.alerts.lifecycle import Choice, Kind, Standing
from thuocdo.alerts.models import LadderVersion, Message, Notice, Reached
from thuocdo.alerts.queries import acknowledged_below, notices_of, open_number
from thuocdo.alerts.queries.seats import Directory
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.tasks import operations as tasks
from thuocdo.tasks.models import Task

PLAIN = operations.Digest()


@pytest.fixture(autouse=True)
def _ladder(world: World) -> None:
    load_the_ladder(world)
    told()


def test_the_same_ladder_again_is_no_new_version(world: World) -> None:
    load_the_ladder(world)
    assert LadderVersion.objects.count() == 1
    assert Entry.objects.filter(event=Event.LADDER_LOADED).count() == 1


def test_the_ladder_reaches_more_people_the_longer_a_task_is_late(world: World) -> None:
    # Due on a Thursday; thirty days after it is a Saturday, so the last rung comes on the Monday.
    due_in(world, 10)
    days = {"before_7": 3, "before_3": 7, "before_1": 9, "on_day": 10, "after_1": 11, "after_7": 17, "after_30": 42}
    for rung, offset in days.items():
        day = TODAY + timedelta(days=offset)
        reviewed(day)
        people = set(Notice.objects.filter(rung=rung).values_list("recipient__username", flat=True))
        expected = {"lan"}
        if rung not in ("before_7", "before_3"):
            expected.add("dung")
        if rung.startswith("after"):
            # Thu holds the standing office at the body that gave the task.
            expected.add("thu")
        assert people == expected, rung
        assert reviewed(day) == 0
    assert Reached.objects.get().height == 6


def test_a_late_review_raises_one_notice_and_not_a_flood(world: World) -> None:
    due_in(world, -40)
    due_in(world, -8)
    due_in(world, 60)
    assert reviewed() == 6
    assert waiting_for(world, "lan") == [(Kind.OVERDUE, "after_30"), (Kind.OVERDUE, "after_7")]
    assert Entry.objects.filter(event=Event.NOTICES_RAISED).count() == 2


def test_an_extension_begins_anew_and_settles_what_was_open(world: World) -> None:
    task = due_in(world, -2)
    reviewed()
    assert waiting_for(world, "lan") == [(Kind.OVERDUE, "after_1")]
    tasks.extend(
        actor=world.actor("thu"), at=NOW, task=task, new_due_on=TODAY + timedelta(days=3),
        decision_number="12-QĐ/VPTW", reason="Chờ luật",
    )  # fmt: skip
    reviewed()
    assert waiting_for(world, "lan") == [(Kind.REMINDER, "before_3")]
    assert Notice.objects.get(rung="after_1", recipient=world.people["lan"]).standing == Standing.SETTLED


def test_the_ladder_rests_while_a_task_is_suspended_and_goes_on_from_the_moved_deadline(world: World) -> None:
    task = taken_on(world, due_on=TODAY + timedelta(days=2), assigned_on=date(2026, 6, 1))
    reviewed()
    assert waiting_for(world, "lan") == [(Kind.REMINDER, "before_3")]
    tasks.suspend(actor=world.actor("thu"), at=NOW, task=task, reason="Chờ ý kiến")
    later = TODAY + timedelta(days=28)
    assert reviewed(later) == 0
    assert waiting_for(world, "lan", later) == []
    task.refresh_from_db()
    tasks.resume(actor=world.actor("thu"), at=morning(later), task=task)
    task.refresh_from_db()
    assert task.due_on is not None
    assert task.due_on > later
    reviewed(later)
    assert waiting_for(world, "lan", later) == [(Kind.REMINDER, "before_3")]


def test_a_result_that_is_handed_in_is_reminded_of_no_more(world: World) -> None:
    task = submitted(world, due_on=TODAY + timedelta(days=1), assigned_on=date(2026, 6, 1))
    assert reviewed() == 0
    tasks.return_result(actor=world.actor("minh"), at=NOW, task=task, note="Thiếu phụ lục")
    assert reviewed() == 2
    told()
    assert (Kind.RETURNED, "return_result") in waiting_for(world, "lan")


def test_what_is_done_is_told_at_once_to_those_whom_it_concerns(world: World) -> None:
    task = due_in(world, 60)
    assert told() == 2
    assert waiting_for(world, "lan") == [(Kind.ASSIGNED, "assign")]
    assert told() == 0
    tasks.accept_assignment(actor=world.actor("lan"), at=NOW, task=task)
    told()
    # Taken on: there is nothing left to ask of either.
    assert waiting_for(world, "lan") == waiting_for(world, "dung") == []
    tasks.submit(actor=world.actor("lan"), at=NOW, task=task, text="Xong", files=[evidence()])
    told()
    assert waiting_for(world, "minh") == [(Kind.WAITING, "submit")]
    assert waiting_for(world, "thu") == [(Kind.WAITING, "submit")]
    tasks.approve_result(actor=world.actor("minh"), at=NOW, task=task)
    told()
    # Minh did it and is not told of it; the head of the ministry is.
    assert waiting_for(world, "minh") == []
    assert waiting_for(world, "dung") == [(Kind.JUDGED, "approve_result")]


def test_a_dispute_calls_the_assigning_body_and_its_decision_calls_both_leads(world: World) -> None:
    task = due_in(world, 60)
    tasks.dispute(actor=world.actor("lan"), at=NOW, task=task, reason="Không đúng chức năng")
    told()
    assert waiting_for(world, "thu") == [(Kind.WAITING, "dispute")]
    tasks.decide_dispute(
        actor=world.actor("thu"), at=NOW, task=task, outcome=tasks.Outcome.TRANSFER, note="Giao Đà Nẵng",
        new_lead=world.body("48"),
    )  # fmt: skip
    told()
    assert waiting_for(world, "an") == [(Kind.ASSIGNED, "transfer")]
    # The ministry lost the task and may not see it any more: it is not told of what it may not see.
    assert waiting_for(world, "lan") == []
    assert waiting_for(world, "thu") == []


def test_many_tasks_given_at_once_tell_each_lead_of_its_own(world: World) -> None:
    from tests.tasks.samples import description

    tasks.assign_many(
        actor=world.actor("thu"), at=NOW,
        tasks=[description(world.body(code)) for code in ("BTP", "48", "01")],
    )  # fmt: skip
    assert told() == 4
    for name in ("lan", "an", "ha"):
        assert waiting_for(world, name) == [(Kind.ASSIGNED, "assign")]


def test_nobody_learns_of_what_they_may_not_see(world: World) -> None:
    due_in(world, -40, "48")
    due_in(world, -40, "BTP")
    told()
    reviewed()
    for name in ("lan", "dung", "an", "thu", "minh", "ha", "binh", "quan"):
        actor = world.actor(name)
        leads = set(Notice.objects.filter(recipient=world.people[name]).values_list("lead__code", flat=True))
        assert leads <= set(bodies_within(actor, Permission.VIEW_TASKS).values_list("code", flat=True))
    assert not notices_of(world.actor("ha")).exists()


def test_the_directory_answers_as_permissions_do(world: World) -> None:
    everybody = {body.pk: code for code, body in world.bodies.items()}
    whole, near = Directory(TODAY), Directory(TODAY, around={world.body("00004").pk, world.body("BTP").pk})
    for name in world.people:
        actor = world.actor(name)
        for permission in (Permission.VIEW_TASKS, Permission.DECIDE_DISPUTE, Permission.APPROVE_RESULT):
            allowed = set(bodies_within(actor, permission).values_list("pk", flat=True))
            user = world.people[name].pk
            assert {body for body in everybody if whole.may(user, permission, [body])} == allowed, (name, permission)
            for code in ("00004", "BTP"):
                body = world.body(code).pk
                assert near.may(user, permission, [body]) == (body in allowed)


def test_open_notices_pass_to_whoever_holds_the_role_now(world: World) -> None:
    due_in(world, -2)
    reviewed()
    RoleHolding.objects.filter(user=world.people["lan"]).update(valid_to=TODAY)
    # Nobody holds the role: the notice waits.
    operations.hand_on(actor=world.machine, at=NOW)
    assert waiting_for(world, "lan") == []
    assert Notice.objects.filter(is_waiting_for_holder=True).count() == 1
    grant_role(
        actor=world.machine, at=NOW, user=world.people["binh"], role=Role.FOCAL_POINT, body=world.body("BTP"),
        valid_from=TODAY,
    )  # fmt: skip
    operations.hand_on(actor=world.machine, at=NOW)
    assert waiting_for(world, "binh") == [(Kind.OVERDUE, "after_1")]
    assert not Notice.objects.filter(is_waiting_for_holder=True).exists()
    assert operations.hand_on(actor=world.machine, at=NOW) == 0
    assert Entry.objects.filter(event=Event.NOTICES_TRANSFERRED).count() == 2


def test_whoever_gets_the_role_back_finds_their_notices_again(world: World) -> None:
    due_in(world, -2)
    reviewed()
    holding = RoleHolding.objects.filter(user=world.people["lan"])
    holding.update(valid_to=TODAY)
    operations.hand_on(actor=world.machine, at=NOW)
    holding.update(valid_to=None)
    operations.hand_on(actor=world.machine, at=NOW)
    assert waiting_for(world, "lan") == [(Kind.OVERDUE, "after_1")]


def test_where_nobody_works_for_the_lead_the_standing_office_is_told(world: World) -> None:
    due_in(world, 3, "BYT")
    reviewed()
    assert waiting_for(world, "thu") == [(Kind.REMINDER, "before_3")]


def test_one_acknowledges_ones_own_notices_and_can_take_it_back(world: World) -> None:
    due_in(world, -2)
    due_in(world, -2)
    reviewed()
    lan, dung = world.actor("lan"), world.actor("dung")
    others = list(Notice.objects.filter(recipient=world.people["dung"]).values_list("pk", flat=True))
    assert operations.acknowledge(actor=lan, at=NOW, numbers=others) == 0
    assert open_number(lan) == 2
    assert operations.acknowledge(actor=lan, at=NOW) == 2
    assert operations.acknowledge(actor=lan, at=NOW) == 0
    assert (open_number(lan), open_number(dung)) == (0, 2)
    assert Entry.objects.filter(event=Event.NOTICES_ACKNOWLEDGED).count() == 1
    assert operations.take_back_acknowledgement(actor=lan, at=NOW, acknowledged_at=NOW) == 2
    assert open_number(lan) == 2


def test_escalation_says_whether_the_rung_below_was_acknowledged(world: World) -> None:
    due_in(world, -1)
    reviewed()
    operations.acknowledge(actor=world.actor("lan"), at=NOW)
    reviewed(TODAY + timedelta(days=7))
    notice = Notice.objects.get(recipient=world.people["thu"], rung="after_7")
    below = acknowledged_below([notice])[notice.pk]
    assert (below.told, below.acknowledged) == (2, 1)


def test_a_kind_that_is_not_wanted_is_not_raised_and_lateness_is_never_silent(world: World) -> None:
    lan = world.actor("lan")
    wishes = {Kind.ASSIGNED: Choice.NONE, Kind.OVERDUE: Choice.APPLICATION}
    operations.prefer(actor=lan, at=NOW, choices=wishes, digest=PLAIN, quiet_from=NOW.time(), quiet_to=NOW.time())
    due_in(world, -2)
    told()
    reviewed()
    assert waiting_for(world, "lan") == [(Kind.OVERDUE, "after_1")]
    assert not Message.objects.filter(recipient=world.people["lan"]).exists()
    with pytest.raises(operations.AlertRefused) as refused:
        operations.prefer(
            actor=lan, at=NOW, choices={Kind.OVERDUE: Choice.NONE}, digest=PLAIN, quiet_from=NOW.time(),
            quiet_to=NOW.time(),
        )  # fmt: skip
    assert refused.value.field == "overdue"


def test_a_review_of_many_tasks_asks_few_questions(world: World, django_assert_max_num_queries: object) -> None:
    first = due_in(world, -2)
    rows = [
        Task(
            code=f"NV-2026-9{number:05d}", title="Việc", lead=first.lead, assigned_by=first.assigned_by,
            due_on=first.due_on, original_due_on=first.due_on, assigned_on=FOUNDED, search="",
        )
        for number in range(600)
    ]  # fmt: skip
    Task.objects.bulk_create(rows)
    # SQLite takes some forty rows at a time; PostgreSQL needs a third of these.
    with django_assert_max_num_queries(120):  # type: ignore[operator]
        assert operations.review(actor=world.machine, at=NOW, batch=300) == 3 * 601
    assert open_number(world.actor("lan")) == 601
    # One piece of mail for each person, however many notices stand in it.
    assert Message.objects.count() == 3
