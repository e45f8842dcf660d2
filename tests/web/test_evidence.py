"""The screens of evidence and remarks: looked at page by page, added, erased, returned by parts, talked about."""

import re
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.asgi import ASGIRequest
from django.http.multipartparser import MultiPartParserError
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from tests.tasks.samples import completed, pdf_file, picture_file, submitted, taken_on, word_file
from tests.world import NOW, World
from thuocdo.tasks.models import Comment, Evidence, Report, Task
from thuocdo.tasks.operations import Point, Upload, erase_evidence, remark, return_points, submit
from thuocdo.tasks.operations.fields import define_field, fill_field
from thuocdo.tasks.queries import mentions, open_points


@pytest.fixture(autouse=True)
def _on_the_day_of_the_tests() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def as_person(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def photo(seed: int = 1, name: str = "anh.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_file(seed))


def with_files(world: World, *files: Upload) -> Task:
    task = taken_on(world)
    submit(actor=world.actor("lan"), at=NOW, task=task, text="Đã ban hành 40 văn bản", files=files)
    return Task.objects.get(pk=task.pk)


# The viewer


def test_a_pdf_is_turned_page_by_page_and_served_only_as_a_drawing(world: World) -> None:
    with_files(world, Upload("bien-ban.pdf", pdf_file(3)))
    number = Evidence.objects.get().pk
    minh = as_person(world, "minh")
    text = minh.get(reverse("evidence_view", args=[number]), {"trang": "2"}).text
    assert "Trang 2/3" in text
    assert 'rel="prev" href="?trang=1"' in text
    assert "?trang=2&amp;co=lon" in text
    drawn = minh.get(reverse("evidence_page", args=[number, 2]))
    assert drawn.content.startswith(b"\xff\xd8\xff")
    assert (drawn["Content-Type"], drawn["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "default-src 'none'" in drawn["Content-Security-Policy"]
    assert "no-store" in drawn["Cache-Control"]
    assert minh.get(reverse("evidence_page", args=[number, 9])).status_code == 404
    assert "Trang 1/3" in minh.get(reverse("evidence_view", args=[number]), {"trang": "²"}).text
    for person in ("an", "ha", "binh"):
        assert as_person(world, person).get(reverse("evidence_view", args=[number])).status_code == 404
        assert as_person(world, person).get(reverse("evidence_page", args=[number, 1])).status_code == 404
    assert Client().get(reverse("evidence_page", args=[number, 1])).status_code == 302


def test_words_are_shown_as_words_and_run_nothing(world: World) -> None:
    with_files(world, Upload("ghi-chu.txt", b"<script>alert(1)</script> da lam xong"))
    text = as_person(world, "thu").get(reverse("evidence_view", args=[Evidence.objects.get().pk])).text
    assert "&lt;script&gt;alert(1)" in text


def test_what_was_erased_is_told_but_not_shown(world: World) -> None:
    task = completed(world)
    number = Evidence.objects.get().pk
    thu, lan = as_person(world, "thu"), as_person(world, "lan")
    address = reverse("evidence_erase", args=[number])
    assert lan.post(address, {"reason": "Không được phép"}).status_code == 403
    assert "Chưa nêu lý do" in thu.post(address, {"reason": ""}).text
    answer = thu.post(address, {"reason": "Lộ số căn cước"}, follow=True)
    assert "Nội dung tệp đã bị xóa" in answer.text
    assert "Lộ số căn cước" in answer.text
    assert "danh-muc.docx" not in answer.text
    assert "đã xóa vì dữ liệu cá nhân" in lan.get(reverse("task_evidence", args=[task.code])).text
    assert lan.get(reverse("evidence", args=[number])).status_code == 404
    new = {"evidence": [SimpleUploadedFile("da-che.docx", word_file("Đã che"))]}
    told = lan.post(reverse("evidence_redact", args=[number]), new, follow=True)
    assert "da-che.docx" in told.text


# Adding


def test_the_lead_body_adds_and_is_told_what_was_used_elsewhere(world: World) -> None:
    other = with_files(world, Upload("a.jpg", picture_file(1)))
    task = submitted(world)
    lan = as_person(world, "lan")
    address = reverse("task_evidence", args=[task.code])
    assert "Chưa chọn tệp nào" in lan.post(address, {"kind": "photo"}).text
    told = lan.post(address, {"kind": "photo", "evidence": [photo()]}, follow=True).text
    assert "Đã nộp thêm minh chứng" in told
    assert "Chính tệp này đã dùng ở" in told
    assert other.code in told
    for person, status in (("minh", 403), ("an", 404)):
        assert as_person(world, person).post(address, {"kind": "photo", "evidence": [photo(2)]}).status_code == status
    part = as_person(world, "minh").get(reverse("task_evidence_part", args=[task.code])).text
    assert other.code in part
    assert "Trả lại từng phần" in part


def test_a_script_that_shows_progress_is_told_where_to_go(world: World) -> None:
    task = submitted(world)
    address = reverse("task_evidence", args=[task.code])
    answer = as_person(world, "lan").post(
        address, {"kind": "photo", "evidence": [photo()]}, headers={"X-Wants-Address": "1"}
    )
    assert (answer.status_code, answer["X-Address"]) == (204, address)


@pytest.mark.parametrize("cut", [10, 400])
def test_an_upload_that_was_cut_off_is_no_upload(cut: int) -> None:
    whole = encode_multipart(BOUNDARY, {"kind": "photo", "evidence": photo()})

    def size_of_file(body: bytes) -> int:
        headers = [(b"content-type", MULTIPART_CONTENT.encode()), (b"content-length", str(len(body)).encode())]
        # As the server keeps what arrives.
        with SpooledTemporaryFile() as kept:
            kept.write(body)
            kept.seek(0)
            request = ASGIRequest({"type": "http", "method": "POST", "path": "/", "headers": headers}, kept)
            return int(request.FILES["evidence"].size)

    assert size_of_file(whole) == len(picture_file(1))
    # Answered with status 400, as everything that this exception says.
    with pytest.raises(MultiPartParserError, match="cut off"):
        size_of_file(whole[:-cut])


# Returned by parts


def test_parts_are_returned_answered_and_the_change_is_shown(world: World) -> None:
    task = with_files(world, Upload("mo.jpg", picture_file(1)), Upload("giu.docx", word_file()))
    blurred = Evidence.objects.get(name="mo.jpg")
    minh, lan = as_person(world, "minh"), as_person(world, "lan")
    address = reverse("task_give_back", args=[task.code])
    assert as_person(world, "lan").get(address).status_code == 403
    page = minh.get(address).text
    assert "giu.docx" in page
    empty = minh.post(address, {})
    assert (empty.status_code, "Chưa chọn phần nào" in empty.text) == (422, True)
    given = {"message-text": "Số không khớp", f"message-file-{blurred.pk}": "Ảnh mờ"}
    assert "Đã trả lại 2 phần" in minh.post(address, given, follow=True).text
    text, file = open_points(task)
    mending = reverse("task_answer_points", args=[task.code])
    opened = lan.get(mending).text
    assert "Ảnh mờ" in opened
    assert "giu.docx" not in opened
    sent = {f"text-{text.pk}": "Đã ban hành 45 văn bản"}
    missing = lan.post(mending, sent)
    assert (missing.status_code, "Chọn đúng một tệp" in missing.text) == (422, True)
    assert "45 văn bản" in missing.text
    answer = lan.post(mending, sent | {f"files-{file.pk}": photo(2, "ro.jpg")}, follow=True)
    assert "Đã trình lại" in answer.text
    shown = minh.get(reverse("task_evidence", args=[task.code])).text
    assert "<del" in shown
    assert ": </span>45<span" in shown
    assert "ro.jpg" in shown
    assert "Kết quả đã bị trả lại 1 lần" in shown


def test_the_page_of_the_task_leads_to_what_was_returned_and_not_past_it(world: World) -> None:
    task = submitted(world)
    lan = as_person(world, "lan")
    return_points(actor=world.actor("minh"), at=NOW, task=task, points=[Point("text", "Chưa rõ")])
    text = lan.get(reverse("task", args=[task.code])).text
    mending = reverse("task_answer_points", args=[task.code])
    assert "Sửa 1 phần bị trả lại" in text
    assert mending in text
    assert "buoc-trinh-ket-qua" not in text
    assert "Sửa 1 phần bị trả lại" not in as_person(world, "minh").get(reverse("task", args=[task.code])).text
    # Whoever opens the row of their work is led there, too.
    in_place = f"{reverse('my_work_report', args=[task.code])}?viec=trinh-ket-qua"
    assert lan.get(in_place, headers={"HX-Request": "true"})["HX-Redirect"] == mending
    assert lan.get(in_place)["Location"] == mending


def test_what_arrives_while_somebody_decides_is_shown_before_it_is_approved(world: World) -> None:
    task = submitted(world)
    minh, address = as_person(world, "minh"), reverse("task", args=[task.code])
    step = reverse("task_step", args=[task.code, "phe-duyet"])

    def hidden(text: str) -> dict[str, str]:
        form = text[text.index('id="buoc-phe-duyet"') :]
        return {
            name: re.search(rf'name="{name}" value="([^"]*)"', form)[1] for name in ("seen_report", "seen_evidence")
        }  # type: ignore[index]

    seen = hidden(minh.get(address).text)
    as_person(world, "lan").post(
        reverse("task_evidence", args=[task.code]), {"kind": "photo", "evidence": [photo(1, "moi.jpg")]}
    )
    answer = minh.post(step, seen | {"note": "Đạt"})
    assert answer.status_code == 422
    assert "Minh chứng vừa có thay đổi nên chưa ghi quyết định" in answer.text
    assert "moi.jpg" in answer.text
    assert "Đạt" in answer.text
    assert "Hidden field" not in answer.text
    assert Task.objects.get(pk=task.pk).state == "submitted"
    # The page that came back shows the new file: pressing again is a decision about it.
    minh.post(step, hidden(answer.text) | {"note": "Đạt"})
    assert Task.objects.get(pk=task.pk).state == "completed"


def test_a_returned_value_is_mended_in_a_box_of_its_kind(world: World) -> None:
    task = submitted(world)
    field = define_field(
        actor=world.actor("thu"), at=NOW, body=world.body("TW"), label="Nguồn vốn", kind="choice",
        choices=["Ngân sách", "Vay"],
    )  # fmt: skip
    fill_field(actor=world.actor("lan"), at=NOW, field=field, tasks=[task], typed="Vay")
    assert "Nguồn vốn" in as_person(world, "minh").get(reverse("task", args=[task.code])).text
    return_points(actor=world.actor("minh"), at=NOW, task=task, points=[Point("field", "Sai nguồn", field.pk)])
    point, mending = open_points(task).get(), reverse("task_answer_points", args=[task.code])
    lan = as_person(world, "lan")
    assert '<option value="Vay" selected>' in lan.get(mending).text
    wrong = lan.post(mending, {f"text-{point.pk}": "Xã hội hóa"})
    assert (wrong.status_code, "không có trong danh sách" in wrong.text) == (422, True)
    lan.post(mending, {f"text-{point.pk}": "Ngân sách"})
    assert field.values.get(task=task).text == "Ngân sách"
    assert Task.objects.get(pk=task.pk).state == "submitted"


def test_a_file_is_described_on_its_page_until_the_result_is_accepted(world: World) -> None:
    task = submitted(world)
    number = Evidence.objects.get().pk
    page, address = reverse("evidence_view", args=[number]), reverse("evidence_describe", args=[number])
    lan, minh = as_person(world, "lan"), as_person(world, "minh")
    assert "Sửa loại, sản phẩm mà tệp chứng minh" in lan.get(page).text
    assert "Sửa loại, sản phẩm mà tệp chứng minh" not in minh.get(page).text
    assert (lan.post(address, {"kind": "rumour"}).status_code, minh.post(address, {"kind": "data"}).status_code) == (
        422,
        403,
    )
    assert "Minh chứng (quyết định, văn bản)" in lan.post(address, {"kind": "decision"}, follow=True).text
    minh.post(reverse("task_step", args=[task.code, "phe-duyet"]), {"note": ""})
    late = lan.post(address, {"kind": "data"})
    assert (late.status_code, "Hoàn thành" in late.text) == (422, True)
    assert Evidence.objects.get().kind == "decision"


def test_a_point_is_taken_back_on_the_page(world: World) -> None:
    task = submitted(world)
    return_points(actor=world.actor("minh"), at=NOW, task=task, points=[Point("text", "Chưa rõ")])
    point = open_points(task).get()
    minh = as_person(world, "minh")
    assert "Rút lại" in minh.get(reverse("task_evidence", args=[task.code])).text
    assert "Rút lại" not in as_person(world, "lan").get(reverse("task_evidence", args=[task.code])).text
    minh.post(reverse("task_recall_point", args=[task.code, point.pk]))
    assert Task.objects.get(pk=task.pk).state == "submitted"
    assert not Report.objects.filter(returned_points__isnull=False).exists()


# Talked about


def test_a_remark_is_made_read_and_withdrawn(world: World) -> None:
    task = submitted(world)
    minh, lan = as_person(world, "minh"), as_person(world, "lan")
    address = reverse("task_remarks", args=[task.code])
    text = "@Trần Thị Lan xem https://example.org 🙏 <img src=x onerror=alert(1)>"
    told = minh.post(address, {"text": text, "people": [world.people["lan"].pk]}, follow=True).text
    assert '<b class="named">@Trần Thị Lan</b>' in told
    assert "&lt;img src=x" in told
    assert 'href="https://example.org' not in told
    assert mentions(world.actor("lan"), unread=True).count() == 1
    assert "Trần Thị Lan" in lan.get(reverse("task_remarks_part", args=[task.code])).text
    assert not mentions(world.actor("lan"), unread=True).exists()
    said = Comment.objects.get()
    assert lan.post(reverse("remark_withdraw", args=[said.pk])).status_code == 403
    minh.post(reverse("remark_withdraw", args=[said.pk]))
    assert "được người viết rút" in lan.get(reverse("task_remarks_list", args=[task.code])).text


def test_a_remark_refused_keeps_what_was_typed_and_strangers_find_nothing(world: World) -> None:
    task = submitted(world)
    address = reverse("task_remarks", args=[task.code])
    refused = as_person(world, "thu").post(address, {"text": "@an xem giúp"})
    assert refused.status_code == 422
    assert "không có tên đăng nhập" in refused.text
    assert "@an xem giúp" in refused.text
    assert as_person(world, "an").get(address).status_code == 404
    assert as_person(world, "an").post(address, {"text": "Chào"}).status_code == 404
    thanh = as_person(world, "thanh").get(address).text
    assert "<textarea" not in thanh


def test_the_parts_ask_few_questions(world: World, django_assert_max_num_queries: Any) -> None:
    task = submitted(world)
    for number in range(8):
        people = [world.people["lan"].pk]
        remark(actor=world.actor("thu"), at=NOW, task=task, text=f"Ý kiến {number}", people=people)
    erase_evidence(actor=world.actor("thu"), at=NOW, evidence=Evidence.objects.get(), reason="Thử")
    minh = as_person(world, "minh")
    for name in ("task_evidence", "task_evidence_part", "task_remarks", "task_remarks_part"):
        address = reverse(name, args=[task.code])
        # The bell is counted once for each person and entry of the ledger.
        minh.get(address)
        with django_assert_max_num_queries(15):
            assert minh.get(address).status_code == 200
