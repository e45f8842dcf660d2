"""The lead body works: accepts, disputes, reports with evidence, submits; hostile files stay outside."""

import io
import struct
import zipfile
import zlib
from datetime import date

import pytest
from django.core.files.storage import default_storage

from tests.tasks.samples import evidence, given, picture_file, reported, submitted, taken_on, word_file
from tests.world import NOW, TODAY, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import newest_number
from thuocdo.tasks.files import CheckedFile, FileRefused, Upload, check_upload, open_file
from thuocdo.tasks.models import Evidence, Report, Task
from thuocdo.tasks.operations import (
    NotInThisState,
    Outcome,
    TaskRefused,
    accept_assignment,
    decide_dispute,
    dispute,
    report_progress,
    submit,
)
from thuocdo.tasks.queries import evidence_for, history, reports

PDF = b"%PDF-1.7\n%%EOF\n"


def zipped(**parts: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return kept.getvalue()


def test_the_focal_point_accepts_reports_and_submits(world: World) -> None:
    task = submitted(world)
    assert (task.state, task.accepted_on, task.submitted_on, task.progress) == ("submitted", TODAY, TODAY, 100)
    assert [step.step for step in history(task)] == ["assign", "accept_assignment", "submit"]
    (report,) = reports(task)
    (file,) = report.evidence.all()
    assert (file.name, file.digest) == ("danh-muc.docx", digest_of_bytes(word_file()))
    with open_file(file.file) as kept:
        assert kept.read() == word_file()


def test_a_report_is_told_to_the_ledger_by_digest_only(world: World) -> None:
    task = taken_on(world)
    before = newest_number()
    report_progress(actor=world.actor("lan"), at=NOW, task=task, text="Ông Tư đã ký", progress=30, files=[evidence()])
    entries = list(Entry.objects.filter(number__gt=before).order_by("number"))
    assert [entry.event for entry in entries] == ["tasks.evidence.added", "tasks.task.changed"]
    assert digest_of_bytes(word_file()) in entries[0].data
    assert '"progress":30' in entries[1].data
    assert not any("Ông Tư" in entry.data or "danh-muc" in entry.data for entry in entries)


def test_the_first_report_starts_the_work(world: World) -> None:
    task = reported(world)
    assert (task.state, task.progress, task.reported_on) == ("in_progress", 40, TODAY)


@pytest.mark.parametrize("person", ["thu", "minh", "son", "ha", "an", "binh"])
def test_nobody_reports_for_the_ministry_but_the_ministry(world: World, person: str) -> None:
    task = taken_on(world)
    actor = world.actor(person)
    with pytest.raises(NotAllowed):
        report_progress(actor=actor, at=NOW, task=task, text="Xong", progress=100)
    with pytest.raises(NotAllowed):
        submit(actor=actor, at=NOW, task=task, text="Xong", files=[evidence()])
    assert not Report.objects.exists()


def test_the_head_accepts_and_submits_but_does_not_report_progress(world: World) -> None:
    dung = world.actor("dung")
    task = accept_assignment(actor=dung, at=NOW, task=given(world))
    with pytest.raises(NotAllowed):
        report_progress(actor=dung, at=NOW, task=task, text="Đang làm", progress=10)
    assert submit(actor=dung, at=NOW, task=task, text="Đã xong", files=[evidence()]).kind == "submission"


def test_nothing_is_submitted_without_evidence(world: World) -> None:
    task = reported(world)
    with pytest.raises(TaskRefused) as refused:
        submit(actor=world.actor("lan"), at=NOW, task=task, text="Đã xong")
    assert (refused.value.field, refused.value.code) == ("files", "no_evidence")
    report_progress(actor=world.actor("lan"), at=NOW, task=task, text="Đã ký", progress=90, files=[evidence()])
    submit(actor=world.actor("lan"), at=NOW, task=task, text="Đã xong")
    task.refresh_from_db()
    assert task.state == "submitted"


def test_the_same_file_supports_several_reports_and_is_kept_once(world: World) -> None:
    task = taken_on(world)
    for progress in (30, 60):
        report_progress(
            actor=world.actor("lan"),
            at=NOW,
            task=task,
            text="Tiến độ",
            progress=progress,
            files=[evidence(), evidence("ban-sao.docx")],
        )
    assert Evidence.objects.count() == 2
    assert Evidence.objects.values("file").distinct().count() == 1


@pytest.mark.parametrize(
    ("text", "progress", "field"), [("", 50, "text"), ("Đang làm", 101, "progress"), ("Đang làm", -1, "progress")]
)
def test_a_report_needs_words_and_a_percentage(world: World, text: str, progress: int, field: str) -> None:
    task = taken_on(world)
    with pytest.raises(TaskRefused) as refused:
        report_progress(actor=world.actor("lan"), at=NOW, task=task, text=text, progress=progress)
    assert refused.value.field == field
    assert not Report.objects.exists()


def test_no_report_before_the_assignment_is_accepted(world: World) -> None:
    with pytest.raises(NotInThisState, match="Đã giao") as refused:
        report_progress(actor=world.actor("lan"), at=NOW, task=given(world), text="Đang làm", progress=10)
    assert refused.value.code == "not_in_this_state"


def test_a_dispute_needs_a_reason_and_ends_with_a_decision(world: World) -> None:
    task = given(world)
    lan, thu = world.actor("lan"), world.actor("thu")
    with pytest.raises(TaskRefused) as refused:
        dispute(actor=lan, at=NOW, task=task, reason=" ")
    assert refused.value.field == "reason"
    dispute(actor=lan, at=NOW, task=task, reason="Thuộc chức năng của Bộ Nội vụ")
    with pytest.raises(NotAllowed):
        decide_dispute(actor=lan, at=NOW, task=task, outcome=Outcome.WITHDRAW, note="Tự rút")
    decided = decide_dispute(
        actor=thu, at=NOW, task=task, outcome=Outcome.TRANSFER, note="Đúng", new_lead=world.body("BNV")
    )
    assert (decided.state, decided.lead.code, decided.due_on) == ("assigned", "BNV", date(2026, 10, 15))
    assert [(step.step, step.lead.code) for step in history(task)] == [
        ("assign", "BTP"),
        ("dispute", "BTP"),
        ("transfer", "BNV"),
    ]
    entry = Entry.objects.get(number=newest_number())
    assert '"lead":"BNV","lead_before":"BTP"' in entry.data


@pytest.mark.parametrize(("outcome", "state"), [(Outcome.UPHOLD, "assigned"), (Outcome.WITHDRAW, "cancelled")])
def test_a_dispute_may_be_upheld_or_the_task_withdrawn(world: World, outcome: Outcome, state: str) -> None:
    task = given(world)
    dispute(actor=world.actor("lan"), at=NOW, task=task, reason="Chưa đủ nguồn lực")
    decided = decide_dispute(actor=world.actor("thu"), at=NOW, task=task, outcome=outcome, note="Đã xem xét")
    assert decided.state == state


def test_a_transfer_names_another_body(world: World) -> None:
    task = given(world)
    dispute(actor=world.actor("lan"), at=NOW, task=task, reason="Không đúng chức năng")
    for new_lead in (None, world.body("BTP")):
        with pytest.raises(TaskRefused) as refused:
            decide_dispute(
                actor=world.actor("thu"), at=NOW, task=task, outcome=Outcome.TRANSFER, note="Đúng", new_lead=new_lead
            )
        assert refused.value.field == "new_lead"


@pytest.mark.parametrize(
    ("name", "data", "kept", "media_type"),
    [
        ("quyet-dinh.pdf", PDF, "quyet-dinh.pdf", "application/pdf"),
        ("quyet-dinh.exe", PDF, "quyet-dinh.exe.pdf", "application/pdf"),
        ("anh.PNG", picture_file(1, "PNG", (40, 30)), "anh.PNG", "image/png"),
        ("anh.jpeg", picture_file(1, "JPEG", (40, 30)), "anh.jpeg", "image/jpeg"),
        ("ghi chú.txt", "Đã làm".encode(), "ghi chú.txt", "text/plain"),
        ("so-lieu.csv", "mã;số\n01;5\n".encode("utf-16"), "so-lieu.csv", "text/csv"),
        ("../../etc/passwd.txt", b"root", "passwd.txt", "text/plain"),
        ("C:\\Tạm\\bao\u202ecao.txt", b"x", "baocao.txt", "text/plain"),
    ],
)
def test_honest_files_are_let_in_under_a_harmless_name(name: str, data: bytes, kept: str, media_type: str) -> None:
    assert check_upload(Upload(name, data), max_bytes=10_000) == CheckedFile(kept, media_type, data)


def test_office_files_are_told_by_their_parts() -> None:
    sheet = zipped(**{"[Content_Types]_xml": b"<x/>", "xl__workbook_xml": b"<x/>"})
    assert check_upload(Upload("a.xlsx", sheet), max_bytes=10_000).media_type.endswith("spreadsheetml.sheet")
    assert check_upload(Upload("a.xlsx", word_file()), max_bytes=10**6).name == "a.xlsx.docx"


PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def poster() -> bytes:
    """A picture that says of itself that it has ten thousand million points."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    whole = PNG_HEAD + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return whole + b"\x00\x00\x00\x00IEND\xaeB`\x82"


def compressed_action() -> bytes:
    """A PDF that hides what it runs in a compressed stream of objects."""
    packed = zlib.compress(b"5 0 <</S/Launch/F(cmd.exe)>>")
    return b"%PDF-1.7\n3 0 obj<</Type/ObjStm/N 1/First 4>>\nstream\n" + packed + b"\nendstream endobj\n%%EOF"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("trong.docx", b"", "empty"),
        ("lon.pdf", b"%PDF-" + bytes(10_000), "too_large"),
        ("chuong-trinh.docx", b"MZ\x90\x00" + bytes(64), "type_not_allowed"),
        ("trang.html", b"<script>alert(1)</script>", "type_not_allowed"),
        ("hinh.svg", b"<svg onload='alert(1)'/>", "type_not_allowed"),
        ("dut.pdf", b"%PDF-1.7\n" + bytes(3_000), "cut_off"),
        ("dut.jpg", picture_file(1, "JPEG", (40, 30))[:-40], "cut_off"),
        ("dut.png", picture_file(1, "PNG", (40, 30))[:-12], "cut_off"),
        ("hong.png", PNG_HEAD + b"\x00\x00\x00\x00IEND\xaeB`\x82", "broken_picture"),
        ("bom-anh.png", poster(), "too_many_pixels"),
        ("hai-loai.jpg", picture_file(1, "JPEG", (40, 30)) + zipped(a_xml=b"x"), "two_kinds"),
        ("hai-loai.png", picture_file(1, "PNG", (40, 30)) + b"<script>alert(1)</script>", "two_kinds"),
        ("hai-loai.pdf", PDF[:-6] + zipped(a_xml=b"x") + b"%%EOF", "two_kinds"),
        ("ma.pdf", b"%PDF-1.7\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj\n%%EOF", "active_pdf"),
        ("ma-nen.pdf", compressed_action(), "active_pdf"),
        ("nhi-phan.txt", b"abc\x00def", "type_not_allowed"),
        ("cu.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "old_or_encrypted_office"),
        ("hong.docx", b"PK\x03\x04 nothing follows", "broken_office"),
        ("nen.zip", zipped(a_xml=b"x"), "broken_office"),
        (
            "macro.docx",
            zipped(**{"[Content_Types]_xml": b"x", "word__document_xml": b"x", "word__vbaProject_bin": b"x"}),
            "macros",
        ),
    ],
)
def test_hostile_or_useless_files_are_refused_by_name_and_with_a_remedy(name: str, data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        check_upload(Upload(name, data), max_bytes=10_000)
    assert refused.value.code == code
    assert name in str(refused.value)


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    bomb = zipped(**{"[Content_Types]_xml": b"x", "word__document_xml": bytes(1_000_000)})
    # The directory of the archive claims a gigabyte; nobody unpacks it to see.
    claimed = bomb.replace((1_000_000).to_bytes(4, "little"), (1_000_000_000).to_bytes(4, "little"))
    with pytest.raises(FileRefused) as refused:
        check_upload(Upload("to.docx", claimed), max_bytes=10_000)
    assert refused.value.code == "bomb"


def test_one_bad_file_among_good_ones_stops_the_whole_report(world: World) -> None:
    task, before = taken_on(world), newest_number()
    good = Upload("riêng.txt", b"chi co o bao cao nay")
    with pytest.raises(FileRefused):
        submit(actor=world.actor("lan"), at=NOW, task=task, text="Xong", files=[good, Upload("virus.exe", b"MZ\x00")])
    task = Task.objects.get(pk=task.pk)
    assert (task.state, Report.objects.count(), newest_number()) == ("accepted", 0, before)
    digest = digest_of_bytes(good.data)
    assert not default_storage.exists(f"{digest[:2]}/{digest}")


def test_evidence_is_opened_by_those_who_see_the_task(world: World) -> None:
    submitted(world)
    file = Evidence.objects.get()
    assert evidence_for(world.actor("minh"), file.pk) == file
    assert evidence_for(world.actor("lan"), file.pk) == file
    assert evidence_for(world.actor("an"), file.pk) is None
    assert evidence_for(world.actor("binh"), file.pk) is None
