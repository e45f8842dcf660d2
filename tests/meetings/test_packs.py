"""What lies on the table: then and now as written down, new delays, promises, decisions; frozen as it was."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from tests.tasks.samples import evidence, given
from tests.world import NOW, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.meetings.models import Meeting, Pack
from thuocdo.meetings.operations import (
    MeetingRefused,
    cancel_meeting,
    commit_to,
    hold_meeting,
    plan_meeting,
    restore_meeting,
    revise_meeting,
)
from thuocdo.meetings.pack import plain_pack, read_pack, standings, totals
from thuocdo.meetings.queries import build_pack, pack_of, seen_by, visible_to
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import (
    Outcome,
    accept_assignment,
    approve_result,
    assign_many,
    cancel,
    decide_dispute,
    dispute,
    extend,
    request_extension,
    submit,
)

from .scenes import confirmed, described, held, key, later, planned, proposed, series

SOON, FAR = date(2026, 9, 20), date(2026, 12, 31)


def _next(world: World, days: int, **fields: Any) -> Meeting:
    return planned(world, at=later(days), held_on=later(days).date(), series=series(), **fields)


def test_the_first_session_has_nothing_to_compare_with(world: World) -> None:
    given(world, due_on=SOON)
    pack = build_pack(planned(world), later(10))
    assert (pack.since, pack.moved, pack.resolved, pack.before) == (None, (), (), {})
    assert totals(pack.now) == {"overdue": 1}
    assert [line.lead for line in pack.overdue] == ["BTP"]


def test_then_and_now_are_told_from_what_was_written_down(world: World) -> None:
    thu, lan, minh = (world.actor(name, on=later(20).date()) for name in ("thu", "lan", "minh"))
    done, more_time, falls_late, gone, was_late = (
        given(world, due_on=due) for due in (SOON, SOON, later(10).date(), FAR, NOW.date())
    )
    held(world, at=later(5))
    assert totals(pack_of(Meeting.objects.get(), later(5)).now) == {"due_soon": 3, "on_time": 1, "overdue": 1}
    for task in (done, was_late):
        accept_assignment(actor=lan, at=later(6), task=task)
        submit(actor=lan, at=later(6), task=task, text="Xong", files=[evidence()])
        approve_result(actor=minh, at=later(6), task=task)
    extend(actor=thu, at=later(8), task=more_time, new_due_on=FAR, decision_number="1/QĐ", reason="Chờ luật")
    cancel(actor=thu, at=later(8), task=gone, reason="Thôi")
    new = given(world, at=later(9), due_on=FAR)
    pack = build_pack(_next(world, 20), later(20))
    assert totals(pack.before) == {"due_soon": 3, "on_time": 1, "overdue": 1}
    assert totals(pack.now) == {"done": 1, "done_late": 1, "on_time": 2, "overdue": 1}
    assert [line.task for line in pack.overdue] == [falls_late.pk]
    assert {line.task: (line.before, line.now) for line in pack.moved} == {
        done.pk: ("due_soon", "done"),
        was_late.pk: ("overdue", "done_late"),
        more_time.pk: ("due_soon", "on_time"),
        gone.pk: ("on_time", "cancelled"),
        new.pk: ("", "on_time"),
    }
    assert [(line.task, line.before_due_on) for line in pack.resolved] == [(was_late.pk, NOW.date())]


def test_who_led_then_is_counted_then(world: World) -> None:
    lan, thu = world.actor("lan", on=later(9).date()), world.actor("thu", on=later(9).date())
    task = given(world, due_on=FAR)
    held(world)
    dispute(actor=lan, at=later(1), task=task, reason="Không thuộc chức năng", proposed_lead=world.body("BYT"))
    decide_dispute(
        actor=thu, at=later(2), task=task, outcome=Outcome.TRANSFER, note="Chuyển", new_lead=world.body("BYT")
    )
    pack = build_pack(_next(world, 9), later(9))
    assert (pack.before, pack.now) == ({"BTP": {"on_time": 1}}, {"BYT": {"on_time": 1}})


def test_a_late_task_bears_its_address_reason_and_word(world: World) -> None:
    lan = world.actor("lan", on=later(9).date())
    task = given(world, due_on=NOW.date() + timedelta(days=3), responsible_post="Vụ trưởng Vụ Pháp luật")
    thu = world.actor("thu")
    extend(actor=thu, at=NOW, task=task, new_due_on=later(5).date(), decision_number="1/QĐ", reason="Chờ")
    meeting = planned(world, at=later(9))
    for days in (20, 25):
        commit_to(
            actor=lan, at=later(9), meeting=meeting, task=task, reason="Chờ thẩm định",
            promised_on=later(days).date(), key=key(),
        )  # fmt: skip
    (line,) = build_pack(meeting, later(10)).overdue
    assert (line.lead, line.post, line.reason) == ("BTP", "Vụ trưởng Vụ Pháp luật", "Chờ thẩm định")
    assert line.promised_on == later(25).date()
    # The deadline that was first ordered stays in sight (R28), and a promise moves none.
    assert (line.due_on, line.original_due_on) == (later(5).date(), NOW.date() + timedelta(days=3))


def test_a_word_is_given_by_the_lead_body_for_a_task_it_owes(world: World) -> None:
    task, meeting = given(world, due_on=SOON), planned(world)
    given_word: dict[str, Any] = {"at": later(1), "meeting": meeting, "task": task, "key": key()}
    for stranger in ("ha", "an", "minh", "binh"):
        with pytest.raises(NotAllowed):
            commit_to(actor=world.actor(stranger), reason="Vì", promised_on=FAR, **given_word)
    lan = world.actor("lan")
    for field, reason, day in (("reason", " ", FAR), ("promised_on", "Vì", NOW.date())):
        with pytest.raises(MeetingRefused) as refused:
            commit_to(actor=lan, reason=reason, promised_on=day, **given_word)
        assert refused.value.field == field
    words = [commit_to(actor=lan, reason="Vì", promised_on=FAR, **given_word) for _click in range(2)]
    assert words[0] == words[1]


def test_promises_are_held_against_their_day(world: World) -> None:
    lan, minh = (world.actor(name, on=later(40).date()) for name in ("lan", "minh"))
    first = held(world)
    lines = proposed(
        world,
        first,
        "Bộ Tư pháp trình Đề án một trước ngày 25/9/2026.\nBộ Tư pháp trình Đề án hai trước ngày 26/9/2026.\n"
        "Bộ Tư pháp trình Đề án ba trước ngày 30/12/2026.",
    )
    for line in lines:
        confirmed(world, line)
    kept, broken, running = Task.objects.order_by("code")
    accept_assignment(actor=lan, at=later(1), task=kept)
    submit(actor=lan, at=later(9), task=kept, text="Xong", files=[evidence()])
    approve_result(actor=minh, at=later(14), task=kept)
    pack = build_pack(_next(world, 20), later(20))
    assert {line.task: line.standing for line in pack.promises} == {
        kept.pk: "kept",
        broken.pk: "broken",
        running.pk: "running",
    }
    assert standings(pack.promises) == {"kept": 1, "broken": 1, "running": 1}
    assert {line.meeting for line in pack.promises} == {first.pk}
    second = hold_meeting(actor=world.actor("thu", on=later(20).date()), at=later(20), meeting=_latest())
    # At the third session what was settled before the second is not told again; what is still owed is.
    pack = build_pack(_next(world, 40), later(40))
    assert {line.task for line in pack.promises} == {broken.pk, running.pk}
    assert pack.since_meeting == second.pk


def _latest() -> Meeting:
    return Meeting.objects.latest("session")


def test_decisions_wanted_are_gathered(world: World) -> None:
    lan = world.actor("lan")
    asked, disputed, handed_in, _quiet = (given(world, due_on=FAR) for _number in range(4))
    request_extension(actor=lan, at=NOW, task=asked, wanted_on=date(2027, 1, 31), reason="Chờ số liệu")
    dispute(actor=lan, at=NOW, task=disputed, reason="Không thuộc chức năng", proposed_lead=world.body("BYT"))
    accept_assignment(actor=lan, at=NOW, task=handed_in)
    submit(actor=lan, at=NOW, task=handed_in, text="Xong", files=[evidence()])
    wanted = {line.task: line for line in build_pack(planned(world), NOW).wanted}
    assert {pk: line.kind for pk, line in wanted.items()} == {
        asked.pk: "extension",
        disputed.pk: "dispute",
        handed_in.pk: "approval",
    }
    assert wanted[asked.pk].wanted_on == date(2027, 1, 31)
    assert wanted[disputed.pk].proposed == "BYT"


def test_the_frozen_pack_stays_whatever_happens(world: World) -> None:
    task = given(world, due_on=SOON)
    meeting = held(world, at=later(10))
    frozen = Pack.objects.get()
    assert frozen.digest == digest_of_bytes(frozen.content.encode())
    cancel(actor=world.actor("thu", on=later(11).date()), at=later(11), task=task, reason="Thôi")
    pack = pack_of(meeting, later(12))
    assert [line.task for line in pack.overdue] == [task.pk]
    assert read_pack(json.loads(json.dumps(json.loads(frozen.content)))) == pack
    assert plain_pack(pack)["meeting"] == meeting.pk
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Pack.objects.filter(pk=frozen.pk).update(content="{}")
    again = hold_meeting(actor=world.actor("thu", on=later(12).date()), at=later(12), meeting=meeting)
    assert again.held_at == later(10)


def test_each_reader_sees_what_they_may_see(world: World) -> None:
    given(world, "BTP", due_on=SOON)
    given(world, "48", due_on=SOON)
    meeting = planned(world, participants=[world.body("BTP"), world.body("48")])
    whole = build_pack(meeting, later(10))
    seen = {name: seen_by(world.actor(name), meeting, whole).pack for name in ("thu", "lan", "an", "ha", "thanh")}
    assert {name: [line.lead for line in pack.overdue] for name, pack in seen.items()} == {
        "thu": ["BTP", "48"],
        "thanh": ["BTP", "48"],
        "lan": ["BTP"],
        "an": ["48"],
        "ha": [],
    }
    assert totals(seen["lan"].now) == {"overdue": 1}
    # Who neither takes part nor watches the holder knows nothing of the meeting.
    who = {name for name in ("thu", "lan", "an", "ha", "minh", "thanh", "binh") if visible_to(world.actor(name))}
    assert who == {"thu", "lan", "an", "minh", "thanh"}


def test_a_meeting_is_planned_once_in_order_and_within_reach(world: World) -> None:
    thu, sent = world.actor("thu"), key()
    first, again = (plan_meeting(actor=thu, at=NOW, meeting=described(world), key=sent) for _click in range(2))
    assert first == again
    with pytest.raises(MeetingRefused) as refused:
        planned(world, series=series(), held_on=NOW.date() - timedelta(days=1))
    assert (refused.value.code, refused.value.field) == ("before_predecessor", "held_on")
    second = planned(world, series=series(), held_on=later(7).date())
    assert second.session == 2
    with pytest.raises(MeetingRefused, match="sau phiên liền sau"):
        revise_meeting(actor=thu, at=NOW, meeting=first, description=described(world, held_on=later(9).date()))
    with pytest.raises(MeetingRefused, match="Chưa đến ngày họp"):
        hold_meeting(actor=thu, at=NOW, meeting=second)
    # A session that was called off leaves its number to the next one, and comes back under a free one.
    cancel_meeting(actor=thu, at=NOW, meeting=second, reason="Chưa đủ tài liệu")
    third = planned(world, series=series(), held_on=later(8).date())
    assert third.session == 2
    with pytest.raises(MeetingRefused, match="trước phiên liền trước"):
        restore_meeting(actor=thu, at=NOW, meeting=second)
    for stranger in ("lan", "minh", "thanh", "binh"):
        with pytest.raises(NotAllowed):
            plan_meeting(
                actor=world.actor(stranger), at=NOW, meeting=described(world, office=world.body("BTP")), key=key()
            )


def test_a_holder_beyond_ones_reach_is_refused(world: World) -> None:
    from thuocdo.accounts.models import Role
    from thuocdo.accounts.operations import grant_role

    grant_role(
        actor=world.machine, at=NOW, user=world.people["ha"], role=Role.STANDING_OFFICE, body=world.body("01"),
        over=world.body("01"), valid_from=NOW.date(),
    )  # fmt: skip
    ha = world.actor("ha")
    mine = plan_meeting(actor=ha, at=NOW, meeting=described(world, holder=world.body("01")), key=key())
    assert mine.office == world.body("01")
    with pytest.raises(NotAllowed):
        plan_meeting(
            actor=ha, at=NOW, meeting=described(world, holder=world.body("48"), new_series="Chuỗi hai"), key=key()
        )


def test_hundreds_of_tasks_ask_no_more_questions(world: World, django_assert_max_num_queries: Any) -> None:
    thu = world.actor("thu")
    from tests.tasks.samples import description

    bodies = [world.body(code) for code in ("BTP", "BNV", "BYT", "01")]
    assign_many(
        actor=thu,
        at=NOW,
        tasks=[description(bodies[number % 4], due_on=later(number % 9).date()) for number in range(320)],
    )
    held(world, at=later(3))
    for task in Task.objects.order_by("code")[:30]:
        extend(actor=thu, at=later(4), task=task, new_due_on=FAR, decision_number="1/QĐ", reason="Chờ")
    meeting = _next(world, 12)
    with django_assert_max_num_queries(11):
        pack = build_pack(Meeting.objects.select_related("series", "holder", "office").get(pk=meeting.pk), later(12))
    assert sum(totals(pack.now).values()) == 320
    assert sum(totals(pack.before).values()) == 320
    assert connection.vendor in ("sqlite", "postgresql")
