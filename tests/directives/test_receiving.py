"""A directive arrives: it is read, kept once under its digest and told to the ledger; or nothing is written."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django_tasks_db.models import DBTaskResult

from tests.directives.samples import NOTICE, receive_notice
from tests.world import NOW, World, recall_world
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.directives.jobs import extract
from thuocdo.directives.models import Candidate, Document
from thuocdo.directives.operations import (
    AlreadyReceived,
    DirectiveRefused,
    add_by_hand,
    describe,
    receive,
    record_failure,
    try_again,
)
from thuocdo.directives.queries import document_by_id, filtered, visible_to
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.engine.extraction.amendments import find_orders
from thuocdo.engine.extraction.reader import UnreadableDocument
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import newest_number


def test_the_standing_office_uploads_a_notice_and_its_head_is_read(world: World) -> None:
    document = receive_notice(world)
    assert (document.number, document.kind, document.issued_on) == (
        "41-TB/BCĐTW",
        "Thông báo",
        date(2026, 9, 1),
    )
    assert document.title == "Kết luận của Thường trực Ban Chỉ đạo tại phiên họp tháng 8"
    assert document.text == NOTICE
    assert document.body == world.body("VPTW")
    assert (document.state, document.media_type, document.size) == ("received", "text/plain", len(NOTICE.encode()))
    with default_storage.open(document.file) as kept:
        assert kept.read() == NOTICE.encode()


def test_the_ledger_tells_of_it_by_digest_and_asks_for_the_extraction(world: World) -> None:
    document = receive_notice(world)
    entry = Entry.objects.get(number=newest_number())
    assert (entry.event, entry.subject) == ("directives.document.received", document.label)
    assert digest_of_bytes(NOTICE.encode()) in entry.data
    assert "Kết luận" not in entry.data
    waiting = DBTaskResult.objects.get(task_path="thuocdo.directives.jobs.extract")
    assert waiting.args_kwargs["args"] == [entry.number]


def test_what_the_person_fills_in_wins_over_what_was_read(world: World) -> None:
    document = receive(
        actor=world.actor("thu"),
        at=NOW,
        data=NOTICE.encode(),
        file_name="C:\\Tệp\\thong-bao.txt",
        title="Thông báo kết luận tháng 8",
        number="41a-TB/BCĐTW",
        issuer=world.body("VPTW"),
        issued_on=date(2026, 8, 31),
    )
    assert (document.title, document.number) == ("Thông báo kết luận tháng 8", "41a-TB/BCĐTW")
    assert (document.issuer, document.issued_on) == (world.body("VPTW"), date(2026, 8, 31))
    assert document.file_name == "thong-bao.txt"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\x7fELF\x02\x01\x01\x00" + bytes(64), "unsupported_type"),
        (b"PK\x03\x04 word/document.xml broken", "broken_docx"),
    ],
)
def test_what_cannot_be_read_leaves_nothing_behind(world: World, data: bytes, code: str) -> None:
    before = newest_number()
    with pytest.raises(UnreadableDocument) as refused:
        receive(actor=world.actor("thu"), at=NOW, data=data, file_name="don.docx")
    assert refused.value.code == code
    assert not Document.objects.exists()
    assert newest_number() == before
    digest = digest_of_bytes(data)
    assert not default_storage.exists(f"{digest[:2]}/{digest}")


def test_a_file_over_the_limit_is_refused(world: World, settings: object) -> None:
    settings.MAX_UPLOAD = 100  # type: ignore[attr-defined]
    with pytest.raises(UnreadableDocument) as refused:
        receive_notice(world)
    assert refused.value.code == "too_large"


def test_the_same_file_twice_leads_to_the_first_document(world: World) -> None:
    first = receive_notice(world)
    before = newest_number()
    with pytest.raises(AlreadyReceived) as refused:
        receive(actor=world.actor("thu"), at=NOW, data=NOTICE.encode(), file_name="lan-hai.txt")
    assert refused.value.first == first
    assert (refused.value.code, refused.value.field) == ("already_received", "file")
    assert "14/09/2026" in str(refused.value)
    assert (Document.objects.count(), newest_number()) == (1, before)


def test_a_date_of_issue_in_the_future_is_a_mistake_of_the_form(world: World) -> None:
    with pytest.raises(DirectiveRefused) as refused:
        receive_notice(world, issued_on=date(2027, 1, 1))
    assert (refused.value.field, refused.value.code) == ("issued_on", "issued_in_future")
    assert not Document.objects.exists()


def test_a_future_date_that_was_only_read_is_taken_for_none(world: World) -> None:
    document = receive_notice(world, text=NOTICE.replace("năm 2026\n", "năm 2062\n"))
    assert document.issued_on is None


def test_the_head_of_a_document_can_be_corrected_later(world: World) -> None:
    document = receive_notice(world)
    thu = world.actor("thu")
    corrected = describe(
        actor=thu,
        at=NOW,
        document=document,
        title="Kết luận phiên họp",
        number="42-TB/BCĐTW",
        issuer=world.body("VPTW"),
        issued_on=date(2026, 8, 30),
    )
    assert (corrected.number, corrected.issued_on, corrected.text) == (
        "42-TB/BCĐTW",
        date(2026, 8, 30),
        NOTICE,
    )
    assert Entry.objects.get(number=newest_number()).event == "directives.document.described"
    wrong: dict[str, Any] = {"title": " ", "number": "", "issuer": None, "issued_on": None}
    with pytest.raises(DirectiveRefused) as refused:
        describe(actor=thu, at=NOW, document=document, **wrong)
    assert refused.value.field == "title"
    with pytest.raises(NotAllowed):
        describe(actor=world.actor("lan"), at=NOW, document=document, **(wrong | {"title": "Khác"}))


@pytest.mark.parametrize(
    ("words", "state", "found"),
    [
        ("ket luan", "", True),
        ("41-tb thường trực", "received", True),
        ("ban chi dao trung uong", "", True),
        ("kế hoạch", "", False),
        ("", "reviewed", False),
    ],
)
def test_documents_are_found_by_words_and_state(world: World, words: str, state: str, found: bool) -> None:
    receive_notice(world)
    assert filtered(visible_to(world.actor("thu")), words=words, state=state).exists() is found


@pytest.mark.parametrize("person", ["lan", "minh", "thanh", "hoa", "quan", "binh"])
def test_nobody_but_the_standing_office_receives_directives(world: World, person: str) -> None:
    with pytest.raises(NotAllowed):
        receive(actor=world.actor(person), at=NOW, data=NOTICE.encode(), file_name="thong-bao.txt")
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("person", "sees"),
    [("thu", True), ("minh", True), ("thanh", True), ("lan", False), ("an", False), ("binh", False)],
)
def test_a_document_is_seen_by_those_who_may_see_its_body(world: World, person: str, sees: bool) -> None:
    document = receive_notice(world)
    assert visible_to(world.actor(person)).filter(pk=document.pk).exists() is sees
    assert (document_by_id(world.actor(person), document.pk) == document) is sees


def test_the_job_finds_the_assignments_once(world: World) -> None:
    document = receive_notice(world)
    extract.func(newest_number())
    document.refresh_from_db()
    assert document.state == "extracted"
    numbers = list(Candidate.objects.values_list("pk", flat=True))
    assert len(numbers) == 4
    entry = Entry.objects.get(event="directives.assignments.found")
    assert (entry.actor, entry.subject) == ("system:extraction", document.label)
    extract.func(entry.number)
    assert list(Candidate.objects.values_list("pk", flat=True)) == numbers


def test_a_text_on_which_the_rules_break_does_not_stop_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thuocdo.directives import jobs

    broken = receive_notice(world)
    sound = receive_notice(world, text=NOTICE + "\n5. Bộ Nội vụ tổng hợp, báo cáo trước ngày 20/12/2026.\n")

    def find_or_break(text: str, *, issued_on: date | None) -> object:
        if text == NOTICE:
            raise RecursionError("too deep")
        return find_orders(text, issued_on=issued_on)

    monkeypatch.setattr(jobs, "find_orders", find_or_break)
    extract.func(newest_number())
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, broken.failure) == ("failed", "RecursionError")
    assert (sound.state, sound.failure) == ("extracted", "")
    assert sound.candidates.count() == 5


def failed_document(world: World) -> Document:
    document = receive_notice(world)
    return record_failure(actor=world.actor("thu"), at=NOW, document=document, code="RecursionError")


def test_a_failed_document_is_tried_again_once_however_often_one_asks(world: World) -> None:
    document, thu = failed_document(world), world.actor("thu")
    for _ in range(2):
        again = try_again(actor=thu, at=NOW, document=document)
        assert (again.state, again.failure) == ("received", "")
    repeated = Entry.objects.get(event="directives.extraction.repeated")
    assert (repeated.actor, repeated.subject) == (thu.label, document.label)
    extract.func(repeated.number)
    extract.func(repeated.number)
    document.refresh_from_db()
    assert (document.state, document.candidates.count()) == ("extracted", 4)
    with pytest.raises(DirectiveRefused) as refused:
        try_again(actor=thu, at=NOW, document=document)
    assert refused.value.code == "not_failed"


def test_only_reviewers_have_a_failed_document_tried_again(world: World) -> None:
    document = failed_document(world)
    with pytest.raises(NotAllowed):
        try_again(actor=world.actor("lan"), at=NOW, document=document)
    document.refresh_from_db()
    assert document.state == "failed"


def test_a_card_added_by_hand_makes_a_failed_document_one_under_review(world: World) -> None:
    document = failed_document(world)
    place = document.text.index("1. ")
    add_by_hand(actor=world.actor("thu"), at=NOW, document=document, start=place, end=place + 60)
    document.refresh_from_db()
    assert (document.state, document.failure) == ("extracted", "")


def test_the_whole_head_is_kept(world: World) -> None:
    text = (
        "BỘ Y TẾ\nSố: 12/CĐ-BYT\nHỎA TỐC\nHà Nội, ngày 01 tháng 9 năm 2026\n\nCÔNG ĐIỆN\nVề phòng dịch\n\n"
        "Căn cứ Luật Phòng bệnh;\n\nKính gửi: Sở Y tế các tỉnh\n\n1. Sở Y tế rà soát thiết bị.\n\n"
        "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nKT. BỘ TRƯỞNG\nTHỨ TRƯỞNG\n\nTrần Văn Mẫu\n"
    )
    document = receive_notice(world, text=text)
    assert (document.place, document.urgency) == ("Hà Nội", "Hỏa tốc")
    assert (document.signer_post, document.signer) == ("KT. BỘ TRƯỞNG, THỨ TRƯỞNG", "Trần Văn Mẫu")
    assert document.legal_bases == ["Căn cứ Luật Phòng bệnh"]
    assert (document.addressed_to, document.recipients) == (["Sở Y tế các tỉnh"], ["Như trên", "Lưu: VT"])


def test_of_two_who_bring_the_same_file_at_once_one_is_told_so(own_database: str) -> None:
    world = recall_world()
    actor = world.actor("thu")

    def bring(_: int) -> str:
        try:
            receive(actor=actor, at=NOW, data=NOTICE.encode(), file_name="thong-bao.txt")
        except AlreadyReceived as refused:
            return f"already {refused.first.number}"
        finally:
            connection.close()
        return "received"

    with ThreadPoolExecutor(4) as people:
        answers = sorted(people.map(bring, range(4)))
    assert answers == ["already 41-TB/BCĐTW"] * 3 + ["received"]
    assert Document.objects.count() == 1
    assert Entry.objects.filter(event="directives.document.received").count() == 1
