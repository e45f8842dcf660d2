"""Evidence: added, described, approved as it was seen, found again when used twice, erased for personal data."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db import IntegrityError, connection, transaction

from tests.tasks.samples import (
    completed,
    evidence,
    given,
    pdf_file,
    picture_file,
    reported,
    submitted,
    taken_on,
    word_file,
)
from tests.world import NOW, World
from thuocdo.accounts.operations import issue_key
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.cli.ledger import verify
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.indicators.models import Batch, Landing
from thuocdo.ledger.queries import entries, newest_number
from thuocdo.tasks.files import previews
from thuocdo.tasks.jobs import compare, forget_erased
from thuocdo.tasks.models import Evidence, Fingerprint, Likeness, Product, Report, Task
from thuocdo.tasks.operations import (
    FileRefused,
    NotInThisState,
    TaskRefused,
    Upload,
    accept_assignment,
    add_evidence,
    add_redacted,
    describe_evidence,
    erase_evidence,
    forget_file,
    report_progress,
    submit,
)
from thuocdo.tasks.previewing import PDF, NotShown
from thuocdo.tasks.queries import evidence_of, evidence_state, may_add_evidence, may_erase, other_uses

LETTER = " ".join(f"Nội dung số {number} của báo cáo kết quả thực hiện" for number in range(40))


def add(world: World, task: Task, *files: Upload, person: str = "lan", **more: object) -> list[Evidence]:
    return add_evidence(actor=world.actor(person), at=NOW, task=task, files=files, **more)  # type: ignore[arg-type]


def photo(seed: int = 1, name: str = "anh.jpg") -> Upload:
    return Upload(name, picture_file(seed))


def with_photo(world: World, lead: str, person: str, upload: Upload) -> Task:
    """A task of a body whose report has one photo, already compared."""
    task = given(world, lead)
    accept_assignment(actor=world.actor(person), at=NOW, task=task)
    report_progress(actor=world.actor(person), at=NOW, task=task, text="Đã làm", progress=50, files=[upload])
    compare.call(newest_number() - 1)
    return Task.objects.get(pk=task.pk)


# What there is


def test_files_are_added_to_a_submitted_result_and_change_what_was_seen(world: World) -> None:
    task = submitted(world)
    seen = evidence_state(task)
    product = Product.objects.create(task=task, position=1, name="Danh mục")
    other = Product.objects.create(task=task, position=2, name="Phụ lục")
    files = add(world, task, photo(1), photo(2, "b.jpg"), kind="photo", products=[product, other])
    assert evidence_state(task) != seen
    assert {(file.kind, file.uploaded_by, file.added_at) for file in files} == {
        ("photo", world.people["lan"].label, NOW)
    }
    assert [shown.name for shown in evidence_of(task)[1].products.all()] == ["Danh mục", "Phụ lục"]
    state = evidence_state(task)
    # The same bytes once more add nothing.
    assert add(world, task, photo(1)) == []
    assert evidence_state(task) == state


def test_a_file_handed_in_before_supports_a_later_report_too(world: World) -> None:
    task = reported(world)
    (file,) = add(world, task, evidence())
    report_progress(actor=world.actor("lan"), at=NOW + timedelta(1), task=task, text="Thêm", progress=60)
    (again,) = add(world, task, known=[file])
    assert (again.file, again.added_at, again.report_id != file.report_id) == (file.file, NOW, True)
    strange = submitted(world, title="Việc khác").reports.get().evidence.get()
    with pytest.raises(TaskRefused) as refused:
        add(world, task, known=[strange])
    assert refused.value.code == "of_another_task"


def test_what_a_file_is_can_be_said_later(world: World) -> None:
    task = submitted(world)
    file = evidence_of(task).get()
    describe_evidence(actor=world.actor("lan"), at=NOW, evidence=file, kind="decision")
    assert evidence_of(task).get().kind == "decision"
    with pytest.raises(TaskRefused, match="không có trong danh mục"):
        describe_evidence(actor=world.actor("lan"), at=NOW, evidence=file, kind="rumour")


def test_only_the_lead_body_adds_and_only_while_it_is_open(world: World) -> None:
    task = submitted(world)
    for person in ("minh", "thu", "an", "son"):
        assert not may_add_evidence(world.actor(person), task)
        with pytest.raises(NotAllowed):
            add(world, task, photo(), person=person)
    done = completed(world, title="Việc đã xong")
    for closed in (done, taken_on(world, title="Việc mới nhận")):
        with pytest.raises(NotInThisState):
            add(world, closed, photo())
    with pytest.raises(TaskRefused, match="Chưa chọn tệp"):
        add(world, task)
    with pytest.raises(FileRefused):
        add(world, task, photo(), Upload("x.exe", b"MZ\x00"))
    assert evidence_of(task).count() == 1


@pytest.mark.parametrize(
    "change",
    [{"file": "aa/exchanged"}, {"digest": "f" * 64}, {"size": 1}, {"name": "khac.docx"}, {"uploaded_by": "user:0"}],
)
def test_the_database_refuses_to_exchange_a_file(world: World, change: dict[str, object]) -> None:
    submitted(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.update(**change)


def test_the_database_refuses_to_remove_accepted_evidence(world: World) -> None:
    completed(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM tasks_evidence")
    open_task = submitted(world, title="Việc còn mở")
    Evidence.objects.filter(report__task=open_task).delete()
    assert Evidence.objects.count() == 1


# Looked at


def test_pages_are_drawn_once_and_pictures_lose_what_the_camera_wrote(world: World) -> None:
    task = reported(world)
    drawn, taken = add(world, task, Upload("a.pdf", pdf_file(3)), photo())
    assert previews.number_of_pages(drawn.file, drawn.digest, PDF) == 3
    page = previews.picture(drawn.file, drawn.digest, PDF, 2, 1_000)
    assert page.startswith(b"\xff\xd8\xff")
    # The second time nothing is drawn: the original may even be gone.
    assert previews.picture("aa/nowhere", drawn.digest, PDF, 2, 1_000) == page
    shown = previews.picture(taken.file, taken.digest, taken.media_type, 1, 1_000)
    assert b"Exif" in picture_file(1)
    assert b"Exif" not in shown
    with pytest.raises(NotShown, match="no_such_page"):
        previews.picture(drawn.file, drawn.digest, PDF, 9, 1_000)


def test_a_word_file_is_shown_as_text_and_a_broken_one_says_so_once(world: World) -> None:
    (file,) = add(world, reported(world), evidence())
    assert previews.words(file.file, file.digest, file.media_type).paragraphs == ("Danh mục văn bản đã ban hành",)
    broken = default_storage.save("x", ContentFile(b"%PDF-1.7"))
    with pytest.raises(NotShown):
        previews.number_of_pages(broken, "e" * 64, PDF)
    with pytest.raises(NotShown):
        previews.number_of_pages("aa/nowhere", "e" * 64, PDF)


# Used twice


def test_the_same_photo_made_smaller_is_found_and_named_only_to_whoever_sees_the_other_task(world: World) -> None:
    theirs = with_photo(world, "48", "an", Upload("goc.jpg", picture_file(5)))
    ours = with_photo(world, "BTP", "lan", Upload("ban-sao.jpg", picture_file(5, size=(250, 188))))
    pair = Likeness.objects.get()
    assert pair.degree > 0.85
    (file,) = evidence_of(ours)
    (use,) = other_uses(world.actor("minh"), [file])[file.digest]
    assert (use.task, use.is_same, use.is_picture) == (theirs, False, True)
    (hidden,) = other_uses(world.actor("lan"), [file])[file.digest]
    assert (hidden.task, hidden.degree) == (None, pair.degree)
    # Once more changes nothing.
    told = entries(event="tasks.evidence.added").first()
    assert told is not None
    compare.call(told.number)
    assert Likeness.objects.count() == 1


def test_the_same_text_in_another_file_and_the_same_bytes_are_found(world: World) -> None:
    first = with_photo(world, "BTP", "lan", Upload("a.docx", word_file(LETTER)))
    second = with_photo(world, "01", "ha", Upload("b.txt", LETTER.replace("số 7 ", "số 700 ").encode()))
    third = with_photo(world, "48", "an", Upload("c.docx", word_file(LETTER)))
    (file,) = evidence_of(first)
    uses = other_uses(world.actor("minh"), [file])[file.digest]
    assert [(use.task, use.is_same) for use in uses] == [(third, True), (second, False)]


def test_strange_photos_and_a_report_that_repeats_its_own_file_are_no_finding(world: World) -> None:
    with_photo(world, "48", "an", photo(1))
    task = with_photo(world, "BTP", "lan", photo(2))
    report_progress(actor=world.actor("lan"), at=NOW, task=task, text="Tiếp", progress=70, files=[photo(2)])
    assert not Likeness.objects.exists()
    assert other_uses(world.actor("thu"), list(evidence_of(task))) == {}


# Erased


def test_personal_data_is_erased_everywhere_and_the_ledger_still_verifies(world: World) -> None:
    first, second = completed(world), submitted(world, title="Việc khác, cùng một tệp")
    file = evidence_of(first).get()
    digest = digest_of_bytes(word_file())
    previews.words(file.file, digest, file.media_type)
    Fingerprint.objects.create(digest=digest, kind="text", band="0:x", value="x")
    erased, left = erase_evidence(actor=world.actor("thu"), at=NOW, evidence=file, reason="Lộ số căn cước")
    assert (erased, left) == (2, 0)
    forget_erased.call(newest_number())
    gone = evidence_of(second).get()
    assert (gone.file, gone.name, gone.digest, gone.size) == ("", "", digest, len(word_file()))
    assert (gone.erased_at, gone.erased_by) == (NOW, world.people["thu"].label)
    assert not default_storage.exists(f"{digest[:2]}/{digest}")
    assert not storages["previews"].exists(f"{digest[:2]}/{digest}")
    assert not Fingerprint.objects.exists()
    told = CliRunner().invoke(verify)
    assert (told.exit_code, "nguyên vẹn" in told.output) == (0, True)
    # Not to be handed in again, not to be brought back.
    with pytest.raises(TaskRefused, match="đã bị xóa trước đây"):
        add(world, second, Upload("lai.docx", word_file()))
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.update(erased_at=None, erased_by="")


def test_bytes_that_also_came_as_a_batch_of_measurements_stay_where_they_are(world: World) -> None:
    data = "chỉ số;giá trị\nA;1\n".encode()
    submit(actor=world.actor("lan"), at=NOW, task=taken_on(world), text="Xong", files=[Upload("so-lieu.csv", data)])
    file = Evidence.objects.get()
    key, _token = issue_key(actor=world.actor("quan"), at=NOW, body=world.body("01"), title="Một cửa")
    batch = Batch.objects.create(owner="key:1", recorded_at=NOW, accepted=0, rejected=0, answer={}, status=202)
    Landing.objects.create(
        batch=batch, key=key, address=file.file, size=len(data), media_type="text/csv", on_error="reject",
        language="vi", rows=1, landed_at=NOW,
    )  # fmt: skip
    erase_evidence(actor=world.actor("thu"), at=NOW, evidence=file, reason="Lộ số căn cước")
    assert not forget_file(digest=file.digest)
    assert default_storage.exists(file.file)


def test_a_redacted_file_stands_beside_the_erased_one_even_after_acceptance(world: World) -> None:
    task = completed(world)
    file = evidence_of(task).get()
    new = Upload("da-che.docx", word_file("Danh mục, đã che tên"))
    with pytest.raises(TaskRefused, match="chưa bị xóa"):
        add_redacted(actor=world.actor("lan"), at=NOW, evidence=file, file=new)
    erase_evidence(actor=world.actor("thu"), at=NOW, evidence=file, reason="Dữ liệu cá nhân")
    file.refresh_from_db()
    for person in ("minh", "an"):
        with pytest.raises(NotAllowed):
            add_redacted(actor=world.actor(person), at=NOW, evidence=file, file=new)
    shown = add_redacted(actor=world.actor("lan"), at=NOW, evidence=file, file=new)
    assert (shown.redacts, shown.report) == (file, file.report)


def test_only_the_standing_office_erases_and_says_why(world: World) -> None:
    task = submitted(world)
    file = evidence_of(task).get()
    for person in ("lan", "minh", "quan", "an", "thanh"):
        assert not may_erase(world.actor(person), task)
        with pytest.raises(NotAllowed):
            erase_evidence(actor=world.actor(person), at=NOW, evidence=file, reason="Không được phép")
    with pytest.raises(TaskRefused) as refused:
        erase_evidence(actor=world.actor("thu"), at=NOW, evidence=file, reason=" ")
    assert refused.value.field == "reason"
    assert Report.objects.get().evidence.get().erased_at is None
