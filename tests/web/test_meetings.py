"""Pages of meetings: each reader gets what is theirs; what was typed is kept; few questions however many tasks."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.meetings.scenes import confirmed, described, key, proposed, series
from tests.tasks.samples import description, given
from tests.world import World
from thuocdo.accounts.permissions import Actor
from thuocdo.accounts.queries import actor_for_user
from thuocdo.meetings.models import Commitment, Conclusion, Meeting, Notice
from thuocdo.meetings.operations import hold_meeting, plan_meeting
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import assign_many

ORDER = "Bộ Tư pháp chủ trì, phối hợp với Bộ Nội vụ hoàn thành Nghị định về dữ liệu mở trước ngày 31/12/2030."


def _thu(world: World) -> Actor:
    return actor_for_user(world.people["thu"], on=timezone.localdate())


def _planned(world: World, **fields: Any) -> Meeting:
    now = timezone.now()
    meeting = described(world, held_on=timezone.localdate(now), **fields)
    return plan_meeting(actor=_thu(world), at=now, meeting=meeting, key=key())


def _held(world: World, **fields: Any) -> Meeting:
    return hold_meeting(actor=_thu(world), at=timezone.now(), meeting=_planned(world, **fields))


@pytest.fixture
def thu(client: Client, world: World) -> Client:
    client.force_login(world.people["thu"])
    return client


def _signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def test_a_meeting_is_planned_from_the_page(thu: Client, world: World) -> None:
    page = thu.get(reverse("meetings"))
    assert "Chưa có cuộc họp" in page.content.decode()
    filled = {
        "key": "a",
        "title": "Giao ban tháng 9",
        "new_series": "Giao ban",
        "holder": "Trung ương",
        "reach": "territorial",
        "held_on": "31/12/2030",
        "begins_at": "8h30",
        "participants": "Bộ Tư pháp; Bộ Nội vụ",
        "agenda": "Việc quá hạn\nViệc cần quyết định",
    }
    for _click in range(2):
        done = thu.post(reverse("meeting_new"), filled)
        assert done.status_code == 302, done.context["form"].errors
    meeting = Meeting.objects.get()
    assert (meeting.session, meeting.agenda, meeting.participants.count()) == (
        1,
        ["Việc quá hạn", "Việc cần quyết định"],
        2,
    )
    before = thu.post(
        reverse("meeting_new"),
        filled | {"key": "b", "new_series": "", "holder": "", "series": series().pk, "held_on": "30/12/2030"},
    )
    assert before.status_code == 422
    assert "trước phiên liền trước" in before.content.decode()
    assert "30/12/2030" in before.content.decode()
    changed = thu.post(reverse("meeting_edit", args=[meeting.pk]), filled | {"title": "Giao ban tháng 10"})
    assert changed.status_code == 302
    called_off = thu.post(reverse("meeting_act", args=[meeting.pk, "huy"]), {"reason": "Dời lịch"}, follow=True)
    assert "Hoàn tác" in called_off.content.decode()


def test_the_whole_course_of_recording(thu: Client, world: World) -> None:
    meeting = _planned(world)
    opened = thu.post(reverse("meeting_act", args=[meeting.pk, "khai-mac"]))
    assert opened["Location"] == reverse("meeting_conclusions", args=[meeting.pk])
    here = opened["Location"]
    for _click in range(2):
        thu.post(here, {"key": "x", "text": f"{ORDER}\nGhi nhận kết quả.\nBộ Y tế ban hành hướng dẫn bệnh án."})
    page = thu.get(here).content.decode()
    assert "3 dòng chờ xác nhận" in page
    assert "Nghị định về dữ liệu mở" in page
    # What is read well is given with one click; what lacks a day is refused beside its field, and kept as typed.
    thu.post(reverse("meeting_line_act", args=[meeting.pk, 1, "ghi-nhu-doc"]), {"seen": 1})
    assert Task.objects.get().lead == world.body("BTP")
    typed = {"seen": 1, "text": "Bộ Y tế ban hành ngay.", "kind": "task", "lead": "Bộ Y tế", "due_on": ""}
    refused = thu.post(reverse("meeting_line_act", args=[meeting.pk, 3, "ghi"]), typed)
    assert refused.status_code == 422
    assert "chưa nêu thời hạn" in refused.content.decode()
    assert "Bộ Y tế ban hành ngay." in refused.content.decode()
    thu.post(reverse("meeting_line_act", args=[meeting.pk, 3, "ghi"]), typed | {"due_on": "31/12/2030"})
    assert Task.objects.filter(lead=world.body("BYT")).exists()
    early = thu.post(reverse("meeting_act", args=[meeting.pk, "ket-thuc"]), follow=True)
    assert "chờ xác nhận" in early.content.decode()
    thu.post(reverse("meeting_line_act", args=[meeting.pk, 2, "bo"]))
    thu.post(reverse("meeting_line_act", args=[meeting.pk, 2, "lay-lai"]))
    thu.post(reverse("meeting_line_act", args=[meeting.pk, 2, "ghi-nhu-doc"]), {"seen": 1})
    thu.post(reverse("meeting_act", args=[meeting.pk, "ket-thuc"]))
    draft = thu.get(reverse("meeting_notice_file", args=[meeting.pk, 0, "pdf"]))
    assert draft.content.startswith(b"%PDF")
    today = f"{timezone.localdate():%d/%m/%Y}"
    unnumbered = thu.post(reverse("meeting_issue", args=[meeting.pk]), {"number": "", "issued_on": today})
    assert "sổ văn thư" in unnumbered.content.decode()
    thu.post(reverse("meeting_issue", args=[meeting.pk]), {"number": "27-TB/VPTW", "issued_on": today})
    assert Notice.objects.get().number == "27-TB/VPTW"
    assert thu.get(reverse("meeting_notice_file", args=[meeting.pk, 1, "docx"])).content.startswith(b"PK")


def test_a_second_hand_sees_what_stands_there(thu: Client, world: World) -> None:
    meeting = _held(world)
    (line,) = proposed(world, meeting, ORDER, at=timezone.now())
    confirmed(world, line, at=timezone.now(), deliverable="Nghị định")
    typed = {"seen": 1, "text": "Lời của tôi.", "kind": "note"}
    refused = thu.post(reverse("meeting_line_act", args=[meeting.pk, 1, "ghi"]), typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Người khác vừa ghi" in page
    assert "Lời của tôi." in page
    assert ORDER in page


def test_a_new_wording_waits_for_a_decision(thu: Client, world: World) -> None:
    meeting = _held(world)
    (line,) = proposed(world, meeting, ORDER, at=timezone.now())
    confirmed(world, line, at=timezone.now())
    task = Task.objects.get()
    here = reverse("meeting_conclusion", args=[meeting.pk, 1])
    typed = {
        "seen": 1,
        "text": ORDER.replace("31/12", "30/11"),
        "lead": "Bộ Tư pháp",
        "coordinators": "Bộ Nội vụ",
        "deliverable": "Nghị định về dữ liệu mở",
        "due_on": "29/11/2030",
    }
    assert thu.post(here, typed).status_code == 302
    page = thu.get(here).content.decode()
    assert "<del>30/12/2030</del> <ins>29/11/2030</ins>" in page
    assert "chờ quyết định" in page
    told = thu.get(reverse("task", args=[task.code])).content.decode()
    assert reverse("meeting_conclusion", args=[meeting.pk, 1]) in told
    assert "đã sửa lời" in told
    silent = thu.post(here, {"seen": 2, "task": task.code, "choice": "stays", "note": ""})
    assert silent.status_code == 422
    assert thu.post(here, {"seen": 2, "task": task.code, "choice": "amended", "note": ""}).status_code == 302
    task.refresh_from_db()
    assert f"{task.due_on:%d/%m/%Y}" == "29/11/2030"
    assert "đã sửa lời" not in thu.get(reverse("task", args=[task.code])).content.decode()


def test_each_person_gets_what_is_theirs(world: World) -> None:
    given(world, "BTP", title="Việc của Bộ Tư pháp", due_on=timezone.localdate())
    meeting = _held(world)
    (line,) = proposed(world, meeting, "Ghi nhận kết quả chung.", at=timezone.now())
    pack, lines = (reverse(name, args=[meeting.pk]) for name in ("meeting_pack", "meeting_conclusions"))
    opens = {"thu": (200, 200), "minh": (200, 200), "lan": (200, 404), "ha": (404, 404), "binh": (404, 404)}
    for name, statuses in opens.items():
        client = _signed_in(world, name)
        assert (client.get(pack).status_code, client.get(lines).status_code) == statuses, name
    lan = _signed_in(world, "lan")
    assert lan.post(lines, {"key": "z", "text": "Tôi kết luận."}).status_code in (403, 404)
    assert lan.post(reverse("meeting_line_act", args=[meeting.pk, line.number, "bo"])).status_code == 404
    assert Conclusion.objects.count() == 1


def test_a_body_gives_its_word(world: World) -> None:
    task = given(world, "BTP", due_on=timezone.localdate())
    meeting = _planned(world)
    here = reverse("meeting_promise", args=[meeting.pk, task.code])
    lan = _signed_in(world, "lan")
    assert lan.get(here).status_code == 200
    past = lan.post(here, {"key": "p", "reason": "Chờ", "promised_on": "01/01/2020"})
    assert "chọn từ hôm nay" in past.content.decode()
    assert lan.post(here, {"key": "p", "reason": "Chờ", "promised_on": "31/12/2030"}).status_code == 302
    assert Commitment.objects.get().reason == "Chờ"
    assert _signed_in(world, "an").get(here).status_code == 404


def test_pages_ask_few_questions(thu: Client, world: World, django_assert_max_num_queries: Any) -> None:
    now, actor = timezone.now(), _thu(world)
    bodies = [world.body(code) for code in ("BTP", "BNV", "BYT", "01", "48")]
    first = _held(world)
    proposed(world, first, "\n".join([ORDER] * 12), at=now)
    assign_many(
        actor=actor,
        at=now,
        tasks=[description(bodies[one % 5], due_on=timezone.localdate()) for one in range(300)],
    )
    second = _planned(world, series=series())
    for address in (
        reverse("meetings"),
        reverse("meeting", args=[first.pk]),
        reverse("meeting_pack", args=[first.pk]),
        reverse("meeting_pack", args=[second.pk]),
        f"{reverse('meeting_pack', args=[second.pk])}?muc=dien-bien",
        reverse("meeting_conclusions", args=[first.pk]),
        reverse("meeting_conclusion", args=[first.pk, 1]),
    ):
        with django_assert_max_num_queries(15):
            page = thu.get(address)
        assert page.status_code == 200, address
        assert len(page.content) < 150_000, address
    for ending, beginning in (("pdf", b"%PDF"), ("docx", b"PK")):
        drawn = thu.get(reverse("meeting_pack_file", args=[second.pk, ending]))
        assert drawn.content.startswith(beginning)
