"""Notices, wishes, the ladder and urging notes as pages: each person's own, with bad input and the way back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.alerts.scenes import due_in, load_the_ladder, reviewed
from tests.world import NOW, TODAY, World
from thuocdo.alerts.models import LadderVersion, Notice, Preference, Urging


@pytest.fixture(autouse=True)
def _on_the_day_of_the_tests(world: World) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        load_the_ladder(world)
        yield


@pytest.fixture
def as_person(world: World) -> Any:
    """`as_person("lan")`: a browser of one of the cast."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.people[name])
        return client

    return sign_in


def test_the_bell_leads_to_notices_that_are_acknowledged_with_one_press(world: World, as_person: Any) -> None:
    due_in(world, -8, title="Hoàn thiện kho dữ liệu")
    due_in(world, 1, title="Ban hành quy chế")
    reviewed()
    lan = as_person("lan")
    assert '<b>2</b><span class="hidden">thông báo chưa xác nhận' in lan.get(reverse("my_work")).text
    text = lan.get(reverse("notices")).text
    assert ">2</a> thông báo chờ bạn xác nhận" in text
    assert "Quá hạn 8 ngày, hạn 06/09/2026" in text
    assert "Còn 1 ngày, hạn 15/09/2026" in text
    assert "Người đứng đầu trực tiếp chỉ đạo" in text
    late = Notice.objects.get(recipient=world.people["lan"], rung="after_7")
    lan.post(reverse("notices_acknowledge"), {"so": late.pk})
    text = lan.get(reverse("notices")).text
    assert "Hoàn thiện kho dữ liệu" not in text
    assert "Đã xác nhận 1 thông báo" in text
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        lan.post(reverse("notices_acknowledge"), {"tat_ca": "1"})
    answer = lan.get(reverse("notices")).text
    assert "Không có thông báo nào chờ bạn xác nhận" in answer
    undo = answer.split('action="/thong-bao/hoan-tac/')[1].split('"')[0]
    lan.post(f"/thong-bao/hoan-tac/{undo}")
    assert ">1</a> thông báo chờ bạn xác nhận" in lan.get(reverse("notices")).text
    assert "Hoàn thiện kho dữ liệu" in lan.get(f"{reverse('notices')}?muc=tat-ca").text


def test_nobody_reads_or_acknowledges_what_is_told_to_others(world: World, as_person: Any) -> None:
    due_in(world, -8, title="Việc của Bộ Tư pháp")
    reviewed()
    notice = Notice.objects.get(recipient=world.people["lan"])
    an = as_person("an")
    assert an.get(reverse("notice", args=[notice.pk])).status_code == 404
    an.post(reverse("notices_acknowledge"), {"so": [notice.pk, "x", "9" * 40]})
    notice.refresh_from_db()
    assert notice.acknowledged_at is None
    assert "Bộ Tư pháp" not in an.get(reverse("notices")).text
    assert an.post("/thong-bao/hoan-tac/khong-phai-luc/").status_code == 404


def test_following_a_notice_marks_it_as_seen(world: World, as_person: Any) -> None:
    task = due_in(world, -8)
    reviewed()
    notice = Notice.objects.get(recipient=world.people["lan"])
    answer = as_person("lan").get(reverse("notice", args=[notice.pk]))
    assert answer.url == reverse("task", args=[task.code])
    notice.refresh_from_db()
    assert notice.seen_at == NOW


def test_whoever_is_told_of_an_escalation_sees_whether_those_below_answered(world: World, as_person: Any) -> None:
    due_in(world, -1)
    reviewed()
    as_person("lan").post(reverse("notices_acknowledge"), {"tat_ca": "1"})
    later = NOW + timedelta(days=7)
    with time_machine.travel(later, tick=False):
        reviewed(TODAY + timedelta(days=7))
        assert "1/2 người của cơ quan chủ trì đã xác nhận" in as_person("thu").get(reverse("notices")).text


def test_wishes_are_kept_and_what_was_typed_wrong_stays(world: World, as_person: Any) -> None:
    lan = as_person("lan")
    address = reverse("notice_settings")
    text = lan.get(address).text
    assert "chưa có địa chỉ thư" in text
    typed = {
        "email": "lan@btp.example", "reminder": "application", "overdue": "both", "assigned": "none",
        "returned": "both", "waiting": "application",
        "decided": "application", "judged": "none", "mentioned": "both", "urged": "application",
        "finding": "both",
        "digest_weekday": "4", "digest_hour": "16", "quiet_from": "21h30", "quiet_to": "25:00",
    }  # fmt: skip
    wrong = lan.post(address, typed)
    assert wrong.status_code == 422
    assert "Giờ chưa đúng dạng" in wrong.text
    assert 'value="21h30"' in wrong.text
    assert lan.post(address, typed | {"quiet_to": "06:00"}).status_code == 302
    kept = Preference.objects.get(user=world.people["lan"])
    assert "lan@btp.example" in lan.get(address).text
    odd = lan.post(address, typed | {"quiet_to": "06:00", "email": "không phải thư"})
    assert odd.status_code == 422
    assert "không phải là địa chỉ thư" in odd.text
    assert (kept.choices["assigned"], kept.digest_weekday, kept.has_digest) == ("none", 4, False)
    # Lateness cannot be switched off, whatever a form sends.
    assert lan.post(address, typed | {"quiet_to": "06:00", "overdue": "none"}).status_code == 422


def test_the_ladder_is_readable_and_says_what_to_do_when_there_is_none(world: World, as_person: Any) -> None:
    text = as_person("lan").get(reverse("ladder")).text
    assert "7 ngày trước hạn" in text
    assert "30 ngày sau hạn" in text
    assert as_person("binh").get(reverse("ladder")).status_code == 403
    LadderVersion.objects.all().delete()
    assert "thuocdo pack load nq57" in as_person("lan").get(reverse("ladder")).text


def test_an_urging_note_from_overdue_tasks_to_the_answer(world: World, as_person: Any) -> None:
    first, second = due_in(world, -40, title="Sửa đổi nghị định"), due_in(world, -10, title="Lập danh mục")
    due_in(world, 5, title="Chưa đến hạn")
    thu, lan = as_person("thu"), as_person("lan")
    assert "Nên đôn đốc" in thu.get(reverse("urgings")).text
    address = f"{reverse('urging_new')}?co_quan=BTP"
    text = thu.get(address).text
    assert "Bộ Tư pháp có 2 nhiệm vụ quá hạn" in text
    assert "Chưa đến hạn" not in text
    nothing = thu.post(address, {"reply_by": "20/09/2026", "request": "Nêu rõ đầu mối"})
    assert nothing.status_code == 422
    assert "Chưa chọn nhiệm vụ" in nothing.text
    assert "Nêu rõ đầu mối" in nothing.text
    typed = {"tasks": [first.code, second.code], "reply_by": "20/09/2026", "request": "Nêu rõ đầu mối"}
    past = thu.post(address, typed | {"reply_by": "01/09/2026"})
    assert "Hạn trả lời 01/09/2026 đã qua" in past.text
    thu.post(address, typed)
    note = Urging.objects.get()
    page = reverse("urging", args=[note.pk])
    assert lan.get(page).status_code == 404
    thu.post(reverse("urging_act", args=[note.pk, "phat-hanh"]))
    note.refresh_from_db()
    assert (note.number, note.year) == (1, 2026)
    assert "Phiếu đôn đốc số 1/2026" in lan.get(reverse("notices")).text
    assert as_person("an").get(page).status_code == 404
    for ending, beginning in (("docx", b"PK"), ("pdf", b"%PDF")):
        file = lan.get(reverse("urging_file", args=[note.pk, ending]))
        assert file.content.startswith(beginning)
        assert f"phieu-don-doc-1-2026.{ending}" in file["Content-Disposition"]
    assert lan.get(reverse("urging_file", args=[note.pk, "exe"])).status_code == 404
    answered = reverse("urging_act", args=[note.pk, "tra-loi"])
    assert "Chưa có nội dung trả lời" in lan.post(answered, {"answer": " "}).text
    lan.post(answered, {"answer": "Hoàn thành trước 30/9/2026"})
    assert "Hoàn thành trước 30/9/2026" in thu.get(page).text
    assert "đã trả lời" in thu.get(reverse("notices")).text
    assert thu.post(reverse("urging_act", args=[note.pk, "bo"])).status_code == 302
    assert "làm được việc này" in thu.get(page).text


def test_only_those_who_may_urge_write_notes(world: World, as_person: Any) -> None:
    due_in(world, -40)
    address = f"{reverse('urging_new')}?co_quan=BTP"
    for name in ("lan", "minh", "thanh", "an", "binh"):
        assert as_person(name).get(address).status_code == 403, name
    # A head may urge what stands below, but not the own house.
    assert as_person("dung").get(address).status_code == 403
    assert as_person("thu").get(f"{reverse('urging_new')}?co_quan=khong-co").status_code in (200, 422)


@pytest.mark.parametrize("name", ["notices", "urgings", "ladder", "notice_settings"])
def test_the_pages_cost_few_queries(
    world: World, as_person: Any, name: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        due_in(world, -40 + number)
    reviewed()
    thu = as_person("thu")
    with django_assert_max_num_queries(15):
        assert thu.get(reverse(name)).status_code == 200
    assert as_person("lan").get(reverse(name)).status_code == 200
