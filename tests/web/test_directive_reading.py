"""What the pages tell of a document's reading: its head, where a sentence stood, a failure and another try, a scan."""

import pytest
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from tests.directives.samples import receive_notice
from tests.engine.extraction.printed import printed
from tests.world import NOW, World
from thuocdo.directives import recognition
from thuocdo.directives.jobs import extract
from thuocdo.directives.models import Document
from thuocdo.directives.operations import receive, record_failure, record_pages
from thuocdo.ledger.queries import newest_number
from thuocdo.tasks.operations import assign_from_candidate

pytestmark = pytest.mark.django_db

TEXT = (
    "BỘ Y TẾ\nSố: 12/CĐ-BYT\nHỎA TỐC\nHà Nội, ngày 01 tháng 9 năm 2026\n\nCÔNG ĐIỆN\nVề phòng dịch\n\n"
    "Căn cứ Luật Phòng bệnh;\n\n1. Bộ Tư pháp rà soát quy định, báo cáo trước ngày 01/12/2026.\n\n"
    "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nKT. BỘ TRƯỞNG\nTHỨ TRƯỞNG\n\nTrần Văn Mẫu\n"
)


@pytest.fixture
def thu(world: World, client: Client) -> Client:
    client.force_login(world.people["thu"])
    return client


def test_the_head_stands_on_the_review(thu: Client, world: World) -> None:
    document = receive_notice(world, text=TEXT)
    page = thu.get(reverse("directive", args=[document.pk])).text
    for words in ("Hỏa tốc", "Người ký: KT. BỘ TRƯỞNG, THỨ TRƯỞNG", "Căn cứ Luật Phòng bệnh", "Lưu: VT"):
        assert words in page


def test_a_sentence_is_told_by_page_and_paragraph_on_its_card_and_on_its_task(thu: Client, world: World) -> None:
    filling = [f"Đoạn mở đầu thứ {number} nói về tình hình chung của ngành trong năm qua." for number in range(60)]
    order = "1. Bộ Tư pháp rà soát quy định về dữ liệu, báo cáo Ban Chỉ đạo trước ngày 01/12/2026."
    data = printed(["Số: 15-KH/BCĐ", "KẾ HOẠCH", *filling, order])
    actor = world.actor("thu")
    document = receive(actor=actor, at=NOW, data=data, file_name="ke-hoach.pdf")
    extract.func(newest_number())
    found = document.candidates.get(lead=["Bộ Tư pháp"])
    place = "trang 2, đoạn "
    assert place in thu.get(reverse("directive", args=[document.pk])).text
    [task] = assign_from_candidate(actor=actor, at=NOW, candidate=found)
    assert place in thu.get(reverse("task", args=[task.code])).text


def test_a_failed_document_is_read_again_at_a_press(thu: Client, world: World) -> None:
    document = receive_notice(world)
    record_failure(actor=world.machine, at=NOW, document=document, code="RecursionError")
    address = reverse("directive", args=[document.pk])
    again = reverse("directive_again", args=[document.pk])
    assert f'action="{again}"' in thu.get(address).text
    before = DBTaskResult.objects.filter(task_path="thuocdo.directives.jobs.extract").count()
    for _ in range(2):
        answer = thu.post(again, follow=True)
        assert "Máy đang đọc lại văn bản." in answer.text
    assert DBTaskResult.objects.filter(task_path="thuocdo.directives.jobs.extract").count() == before + 1
    extract.func(newest_number())
    assert "không cần đọc lại" in thu.post(again, follow=True).text
    assert thu.get(again).status_code == 405


def test_nobody_else_has_it_read_again(client: Client, world: World) -> None:
    document = receive_notice(world)
    record_failure(actor=world.machine, at=NOW, document=document, code="RecursionError")
    for person, status in (("an", 404), ("minh", 403)):
        client.force_login(world.people[person])
        assert client.post(reverse("directive_again", args=[document.pk])).status_code == status
    document.refresh_from_db()
    assert document.state == "failed"


def test_a_scan_without_tesseract_is_refused_with_the_remedy(
    thu: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    monkeypatch.setattr("thuocdo.directives.operations.receiving.is_available", lambda: False)
    file = SimpleUploadedFile("quet.pdf", blank_pages(2))
    page = thu.post(reverse("directives"), {"file": file})
    assert page.status_code == 422
    assert "tesseract-ocr-vie" in page.text
    assert not Document.objects.exists()


def blank_pages(count: int) -> bytes:
    """A PDF of pages without letters, as a scanner makes them."""
    from tests.engine.extraction.printed import Paper

    paper = Paper()
    for _ in range(count):
        paper.page()
        paper.line(10, 10, 500, 500)
    return paper.data()


def test_a_scan_is_recognised_page_by_page_and_tells_how_far_it_is(
    thu: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thuocdo.directives.operations.receiving.is_available", lambda: True)
    document = receive(actor=world.actor("thu"), at=NOW, data=blank_pages(2), file_name="quet.pdf")
    assert (document.title, document.text, document.pages_to_recognise) == ("quet", "", 2)
    record_pages(document=document, pages=1)
    address = reverse("directive", args=[document.pk])
    assert "Đang nhận dạng chữ trên bản quét: xong 1/2 trang" in thu.get(address).text
    progress = reverse("directive_progress", args=[document.pk])
    assert thu.get(progress, {"doc": "1", "trang": "1"}).status_code == 204
    assert thu.get(progress, {"doc": "1", "trang": "0"}).headers["HX-Refresh"] == "true"
    monkeypatch.setattr(recognition, "_table", lambda _image: table_of(TEXT))
    extract.func(newest_number())
    document.refresh_from_db()
    assert (document.state, document.pages_recognised, document.number) == ("extracted", 2, "12/CĐ-BYT")
    assert document.title == "Về phòng dịch"
    page = thu.get(address).text
    assert "nhận dạng từ bản quét" in page
    assert document.candidates.filter(lead=["Bộ Tư pháp"]).exists()


def test_a_secret_scan_is_given_up(thu: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thuocdo.directives.operations.receiving.is_available", lambda: True)
    document = receive(actor=world.actor("thu"), at=NOW, data=blank_pages(1), file_name="quet.pdf")
    monkeypatch.setattr(recognition, "_table", lambda _image: table_of(TEXT.replace("HỎA TỐC", "TUYỆT MẬT")))
    extract.func(newest_number())
    document.refresh_from_db()
    assert (document.state, document.failure, document.text, document.file) == ("failed", "secret", "", "")
    page = thu.get(reverse("directive", args=[document.pk])).text
    assert "dấu độ mật" in page
    assert "doc-lai" not in page
    assert thu.get(reverse("directive_file", args=[document.pk])).status_code == 404


def table_of(text: str) -> str:
    """The table that tesseract would write for a page with these lines."""
    rows = ["level\tleft\ttop\twidth\theight\tconf\ttext", "1\t0\t0\t2480\t3508\t-1\t"]
    for number, line in enumerate(text.split("\n")):
        left = 300
        for word in line.split():
            rows.append(f"5\t{left}\t{300 + 60 * number}\t{20 * len(word)}\t40\t95\t{word}")
            left += 20 * len(word) + 15
    return "\n".join(rows)
