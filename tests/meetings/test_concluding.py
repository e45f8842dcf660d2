"""What a meeting concludes takes effect at once: tasks, decisions and notes; nothing is lost, nothing done twice."""

from datetime import date

import pytest

from tests.tasks.samples import given, submitted
from tests.world import NOW, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.ledger.models import Entry
from thuocdo.meetings.lifecycle import Choice, ConclusionKind, ConclusionState, Verdict
from thuocdo.meetings.models import Conclusion, Version
from thuocdo.meetings.operations import (
    LowerRefused,
    MeetingRefused,
    NotInThisState,
    Overtaken,
    conclude_meeting,
    drop,
    issue_notice,
    propose_lines,
    record,
    reopen_meeting,
    revise,
    settle,
    take_up,
)
from thuocdo.meetings.queries import notices_of, ordering_of, recorded, versions_of
from thuocdo.tasks.models import Extension, Source, Task
from thuocdo.tasks.operations import request_extension
from thuocdo.tasks.queries import source_sentence

from .scenes import as_read, confirmed, held, key, later, planned, proposed

ORDER = "Bộ Tư pháp chủ trì, phối hợp với Bộ Nội vụ hoàn thành Nghị định về dữ liệu mở trước ngày 30/11/2026."
PASTED = f"""
1. {ORDER}
2) Ghi nhận kết quả bước đầu của các cơ quan.
- Bộ Y tế khẩn trương ban hành hướng dẫn bệnh án điện tử; Bộ Nội vụ bố trí nhân lực trước ngày 20/12/2026.
"""


def test_pasted_lines_are_read_and_wait_for_a_person(world: World) -> None:
    meeting = held(world)
    lines = proposed(world, meeting, PASTED)
    assert [one.number for one in lines] == [1, 2, 3, 4]
    assert {one.state for one in lines} == {ConclusionState.PROPOSED}
    first, note, third, fourth = (Version.objects.get(conclusion=one) for one in lines)
    assert first.text == ORDER
    assert first.lead == world.body("BTP")
    assert first.coordinators == ["BNV"]
    assert (first.due_on, first.deliverable) == (date(2026, 11, 29), "Nghị định về dữ liệu mở")
    assert (note.lead, lines[1].kind) == (None, ConclusionKind.NOTE)
    # Two bodies in one line are two conclusions, and no word of it is lost.
    assert (third.lead, third.due_on) == (world.body("BYT"), None)
    assert (fourth.lead, fourth.due_on) == (world.body("BNV"), date(2026, 12, 19))
    assert not Task.objects.exists()


def test_a_confirmed_line_is_a_task_with_its_sentence(world: World) -> None:
    meeting = held(world)
    (line,) = proposed(world, meeting, ORDER)
    confirmed(world, line)
    task = Task.objects.get()
    assert (task.lead, task.due_on, task.assigned_by) == (
        world.body("BTP"),
        date(2026, 11, 29),
        world.body("VPTW"),
    )
    assert list(task.coordinators.all()) == [world.body("BNV")]
    sentence = source_sentence(task)
    assert sentence is not None
    assert sentence.quote.text == f"1. {ORDER}"
    ordered = ordering_of(task)
    assert ordered is not None
    assert (ordered.meeting, ordered.conclusion.number, ordered.is_unsettled) == (meeting, 1, False)


def test_without_owner_or_day_it_is_a_note_and_no_task(world: World) -> None:
    meeting = held(world)
    note, undated = proposed(world, meeting, "Ghi nhận kết quả.\nBộ Y tế ban hành hướng dẫn bệnh án điện tử.")
    with pytest.raises(MeetingRefused) as refused:
        confirmed(world, note)
    assert (refused.value.code, refused.value.field) == ("no_owner", "lead")
    with pytest.raises(MeetingRefused) as refused:
        confirmed(world, undated)
    assert (refused.value.code, refused.value.field) == ("no_deadline", "due_on")
    assert "ghi nhận" in str(refused.value)
    confirmed(world, note, kind="note")
    confirmed(world, undated, kind="note")
    assert not Task.objects.exists()


def test_a_deadline_before_today_is_refused_with_the_words_of_tasks(world: World) -> None:
    (line,) = proposed(world, held(world), ORDER)
    with pytest.raises(LowerRefused) as refused:
        confirmed(world, line, due_on=date(2026, 9, 1))
    assert refused.value.code == "deadline_before_assignment"
    line.refresh_from_db()
    assert line.state == ConclusionState.PROPOSED


def test_a_second_click_writes_nothing_more(world: World) -> None:
    meeting = held(world)
    sent = key()
    twice = [
        propose_lines(actor=world.actor("thu"), at=NOW, meeting=meeting, text=ORDER, key=sent) for _click in range(2)
    ]
    assert twice[0] == twice[1]
    confirmed(world, twice[0][0])
    again = record(
        actor=world.actor("thu"),
        at=NOW,
        conclusion=twice[0][0],
        seen_version=1,
        kind="task",
        wording=as_read(twice[0][0]),
    )
    assert again.state == ConclusionState.RECORDED
    assert Task.objects.count() == 1


def test_whoever_comes_second_sees_what_stands_there(world: World) -> None:
    meeting = held(world)
    (line,) = proposed(world, meeting, ORDER)
    stale = Conclusion.objects.get(pk=line.pk)
    confirmed(world, line, text=ORDER.replace("30/11", "15/11"), due_on=date(2026, 11, 14))
    with pytest.raises(Overtaken) as refused:
        record(
            actor=world.actor("thu"),
            at=NOW,
            conclusion=stale,
            seen_version=1,
            kind="note",
            wording=as_read(stale, text="Chỉ ghi nhận."),
        )
    assert refused.value.stands.due_on == date(2026, 11, 14)
    # Two who add lines at the same time both keep theirs.
    proposed(world, meeting, "Ghi nhận ý kiến của Bộ Y tế.")
    proposed(world, meeting, "Ghi nhận ý kiến của Bộ Nội vụ.")
    assert Conclusion.objects.filter(meeting=meeting).count() == 3


def test_a_dropped_line_comes_back(world: World) -> None:
    (line,) = proposed(world, held(world), ORDER)
    thu = world.actor("thu")
    assert drop(actor=thu, at=NOW, conclusion=line).state == ConclusionState.DROPPED
    assert take_up(actor=thu, at=NOW, conclusion=line).state == ConclusionState.PROPOSED


def test_a_meeting_decides_upon_known_tasks(world: World) -> None:
    late, done = given(world, due_on=date(2026, 9, 30)), submitted(world)
    lan = world.actor("lan")
    request_extension(actor=lan, at=NOW, task=late, wanted_on=date(2026, 10, 20), reason="Chờ số liệu")
    meeting = held(world)
    extend, approve = proposed(world, meeting, "Đồng ý gia hạn.\nĐồng ý kết quả.")
    for line, task, verdict, due in (
        (extend, late, Verdict.EXTEND, date(2026, 10, 20)),
        (approve, done, Verdict.APPROVE, None),
    ):
        record(
            actor=world.actor("thu"),
            at=NOW,
            conclusion=line,
            seen_version=1,
            kind="decision",
            wording=as_read(line, due_on=due),
            task=task,
            verdict=verdict,
        )
    late.refresh_from_db()
    done.refresh_from_db()
    assert (late.due_on, late.original_due_on) == (date(2026, 10, 20), date(2026, 9, 30))
    assert Extension.objects.get().decision_number.startswith("Kết luận số 1")
    assert done.state == "completed"


def test_a_new_wording_moves_no_task_by_itself(world: World) -> None:
    meeting = held(world)
    (line,) = proposed(world, meeting, ORDER)
    line = confirmed(world, line)
    task, thu = Task.objects.get(), world.actor("thu")
    conclude_meeting(actor=thu, at=NOW, meeting=meeting)
    worded = as_read(line, text=ORDER.replace("30/11", "15/12"), due_on=date(2026, 12, 14))
    line = revise(actor=thu, at=later(1), conclusion=line, seen_version=1, wording=worded)
    task.refresh_from_db()
    assert task.due_on == date(2026, 11, 29)
    assert [one.due_on for one in versions_of(line)] == [date(2026, 11, 29), date(2026, 12, 14)]
    (shown,) = recorded(thu, meeting)
    assert shown.unsettled == [task]
    ordered = ordering_of(task)
    assert ordered is not None
    assert ordered.is_unsettled
    settle(actor=thu, at=later(1), conclusion=line, task=task, choice=Choice.AMENDED, seen_version=2)
    task.refresh_from_db()
    assert (task.due_on, task.original_due_on) == (date(2026, 12, 14), date(2026, 11, 29))
    assert Source.objects.get().changes == {"due_on": ["2026-11-29", "2026-12-14"]}
    assert recorded(thu, meeting)[0].unsettled == []


@pytest.mark.parametrize("choice", [Choice.STAYS, Choice.CANCELLED])
def test_the_task_stays_or_goes_when_the_office_says_so(world: World, choice: Choice) -> None:
    (line,) = proposed(world, held(world), ORDER)
    line = confirmed(world, line)
    task, thu = Task.objects.get(), world.actor("thu")
    line = revise(
        actor=thu, at=NOW, conclusion=line, seen_version=1, wording=as_read(line, deliverable="Đề án dữ liệu mở")
    )
    if choice == Choice.STAYS:
        with pytest.raises(MeetingRefused, match="lý do"):
            settle(actor=thu, at=NOW, conclusion=line, task=task, choice=choice, seen_version=2)
    settle(actor=thu, at=NOW, conclusion=line, task=task, choice=choice, seen_version=2, note="Đã làm được một nửa.")
    task.refresh_from_db()
    assert task.deliverable == "Nghị định về dữ liệu mở"
    assert task.state == ("assigned" if choice == Choice.STAYS else "cancelled")


def test_the_notice_is_kept_as_it_went_out(world: World) -> None:
    meeting = held(world)
    line, note = proposed(world, meeting, f"{ORDER}\nGhi nhận kết quả.")
    line = confirmed(world, line)
    thu = world.actor("thu")
    with pytest.raises(MeetingRefused, match="chờ xác nhận"):
        conclude_meeting(actor=thu, at=NOW, meeting=meeting)
    confirmed(world, note, kind="note")
    conclude_meeting(actor=thu, at=NOW, meeting=meeting)
    issued = issue_notice(actor=thu, at=NOW, meeting=meeting, number="27-TB/VPTW", issued_on=NOW.date())
    again = issue_notice(actor=thu, at=NOW, meeting=meeting, number="27-TB/VPTW", issued_on=NOW.date())
    assert issued == again
    meeting.refresh_from_db()
    assert meeting.document is not None
    assert meeting.document.number == "27-TB/VPTW"
    with pytest.raises(MeetingRefused, match="sửa đổi, bổ sung"):
        reopen_meeting(actor=thu, at=NOW, meeting=meeting)
    revise(actor=thu, at=later(1), conclusion=line, seen_version=1, wording=as_read(line, text=f"{ORDER} Gấp."))
    issue_notice(actor=thu, at=later(2), meeting=meeting, number="31-TB/VPTW", issued_on=later(2).date())
    first, second = notices_of(meeting)
    assert "Gấp" not in first.content
    assert "Gấp" in second.content
    assert "Ghi nhận" not in second.content


def test_only_the_office_of_the_meeting_records(world: World) -> None:
    meeting = held(world)
    (line,) = proposed(world, meeting, ORDER)
    for stranger in ("lan", "minh", "thanh", "binh"):
        with pytest.raises(NotAllowed):
            record(
                actor=world.actor(stranger),
                at=NOW,
                conclusion=line,
                seen_version=1,
                kind="note",
                wording=as_read(line),
            )
    with pytest.raises(NotInThisState):
        proposed(world, planned(world, new_series="Chuỗi khác"), ORDER)


def test_the_ledger_learns_no_words(world: World) -> None:
    (line,) = proposed(world, held(world), ORDER)
    confirmed(world, line)
    told = Entry.objects.filter(event__startswith="meetings.").values_list("data", flat=True)
    assert len(told) == 6
    assert not any("Nghị định" in data or "Ban Chỉ đạo" in data for data in told)
