"""The screens of directives: receive a document, see what was found in it, decide on every assignment."""

import re
import unicodedata
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from tests.directives.samples import NOTICE, found_in, load_sample_groups, receive_notice
from tests.engine.extraction.test_reader import pdf_document, word_document
from tests.world import NOW, World
from thuocdo.accounts.models import Role
from thuocdo.accounts.operations import grant_role
from thuocdo.directives.models import Candidate, Document
from thuocdo.directives.operations import record_failure
from thuocdo.ledger.queries import newest_number
from thuocdo.tasks.models import Task
from thuocdo.web.directives.text import MOST_CANDIDATES, locate, parts_of, pieces_of

Queries = Callable[[int], Any]
LIVE = {"HX-Request": "true"}


def as_person(client: Client, world: World, name: str) -> Client:
    client.force_login(world.people[name])
    return client


def upload(client: Client, data: bytes, name: str = "van-ban.txt", **fields: str) -> Any:
    return client.post(reverse("directives"), {"file": SimpleUploadedFile(name, data), **fields})


@pytest.fixture
def review(world: World) -> tuple[Document, list[Candidate]]:
    """A notice with the four assignments found in it."""
    load_sample_groups(world)
    document = receive_notice(world)
    return document, found_in(world, document)


@pytest.fixture
def thu(client: Client, world: World) -> Client:
    """Signed in as the standing office."""
    return as_person(client, world, "thu")


def address(step: str, candidate: Candidate) -> str:
    return reverse(f"candidate_{step}", args=[candidate.document_id, candidate.pk])


# The list and the upload


def test_an_empty_list_says_what_to_do(thu: Client) -> None:
    answer = thu.get(reverse("directives"))
    assert "Chưa có văn bản nào" in answer.text
    assert "Nhận văn bản đầu tiên" in answer.text


def test_thu_receives_a_notice_and_is_led_to_it_while_it_is_read(thu: Client) -> None:
    answer = upload(thu, NOTICE.encode(), "thong-bao.txt")
    document = Document.objects.get()
    assert answer.url == reverse("directive", args=[document.pk])
    page = thu.get(answer.url)
    assert "Đang đọc văn bản…" in page.text
    assert "directives.assignments.found" in page.text
    assert 'http-equiv="refresh"' in page.text
    waiting = thu.get(reverse("directive_progress", args=[document.pk]), {"doc": "1"})
    assert waiting.status_code == 204


def test_the_page_fills_itself_when_the_assignments_are_found(thu: Client, world: World) -> None:
    document = receive_notice(world)
    found_in(world, document)
    answer = thu.get(reverse("directive_progress", args=[document.pk]), {"doc": "1"})
    assert answer.headers["HX-Refresh"] == "true"


LOCKED = pdf_document(["x"]).replace(
    b"/Root 1 0 R >>",
    b"/Root 1 0 R /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
    + b"41" * 32
    + b"> /U <"
    + b"42" * 32
    + b"> >> >>",
)


@pytest.mark.parametrize(
    ("name", "data", "remedy"),
    [
        ("trong.txt", b"", "Hãy chọn lại tệp có văn bản"),
        ("anh.docx", b"\x89PNG\r\n\x1a\n" + bytes(40), "docx, pdf có lớp chữ hoặc txt"),
        ("hong.docx", word_document()[:2000] + b"word/document.xml", "mở bằng Word và lưu lại"),
        ("quet.pdf", pdf_document([], []), "OCR"),
        ("khoa.pdf", LOCKED, "gỡ mật khẩu"),
        ("hong.pdf", b"%PDF-1.7 this is no document", "xuất lại tệp"),
        ("la.txt", bytes(range(128, 256)) * 20, "UTF-8"),
        ("mat.txt", "Độ mật: Tối mật\nBộ Tư pháp báo cáo trước ngày 01/12/2026.".encode(), "bảo vệ bí mật"),
    ],
)
def test_a_bad_file_is_explained_beside_the_field_and_nothing_is_written(
    thu: Client, name: str, data: bytes, remedy: str
) -> None:
    before = newest_number()
    answer = upload(thu, data, name, number="12/TB")
    assert answer.status_code == 422
    assert remedy in " ".join(answer.context["form"].errors["file"])
    assert 'aria-invalid="true"' in answer.text
    assert 'value="12/TB"' in answer.text
    assert not Document.objects.exists()
    assert newest_number() == before


def test_a_file_that_is_too_large_is_refused_before_it_is_read(thu: Client, settings: Any) -> None:
    settings.MAX_UPLOAD = 2_000_000
    answer = upload(thu, b"a" * 3_000_000)
    assert "3 MB, giới hạn 2 MB" in answer.text
    assert not Document.objects.exists()


def test_no_file_and_impossible_days_are_named(thu: Client) -> None:
    nothing = thu.post(reverse("directives"), {})
    assert "Chưa chọn tệp" in nothing.text
    wrong = upload(thu, NOTICE.encode(), issued_on="31/2/2026")
    assert "31/2/2026” không phải là một ngày có trong lịch" in wrong.text
    later = upload(thu, NOTICE.encode(), issued_on="31/12/2099")
    assert "sửa lại ngày ban hành" in later.text
    assert not Document.objects.exists()


def test_the_same_file_again_leads_to_the_first_one(thu: Client) -> None:
    first = upload(thu, NOTICE.encode())
    again = upload(thu, NOTICE.encode(), "ten-khac.txt")
    assert again.url == first.url
    assert "đã được tiếp nhận trước đó" in thu.get(again.url).text
    assert Document.objects.count() == 1


def test_whoever_may_not_see_the_first_one_is_not_led_to_it(client: Client, world: World) -> None:
    document = receive_notice(world)
    document.body = world.body("00004")
    document.save()
    # Bình receives for Đà Nẵng; the first one lies with a ward of Hà Nội.
    grant_role(
        actor=world.machine,
        at=NOW,
        user=world.people["binh"],
        role=Role.STANDING_OFFICE,
        body=world.body("48"),
        valid_from=NOW.date(),
    )
    answer = upload(as_person(client, world, "binh"), NOTICE.encode())
    assert answer.status_code == 422
    assert "đã được tiếp nhận ngày" in answer.text
    assert reverse("directive", args=[document.pk]) not in answer.text


def test_the_issuer_is_found_without_accents(thu: Client, world: World) -> None:
    upload(thu, NOTICE.encode(), issuer="bo tu phap")
    assert Document.objects.get().issuer == world.body("BTP")


def test_the_list_finds_without_accents_and_by_state(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    page = thu.get(reverse("directives"))
    assert "1 văn bản</a> còn 4 nhiệm vụ chờ xác nhận" in page.text
    assert "0/4" in page.text
    assert "41-TB/BCĐTW" in thu.get(reverse("directives"), {"tim": "ket luan thuong truc"}).text
    assert "Không có văn bản nào khớp" in thu.get(reverse("directives"), {"tim": "khong co"}).text
    assert "Không có văn bản nào khớp" in thu.get(reverse("directives"), {"trang_thai": "reviewed"}).text


# Who sees what


@pytest.mark.parametrize("person", ["an", "lan", "ha"])
def test_a_document_of_another_body_is_not_there(
    client: Client, world: World, review: tuple[Document, list[Candidate]], person: str
) -> None:
    document, found = review
    visitor = as_person(client, world, person)
    assert document.title not in visitor.get(reverse("directives")).text
    for name in ("directive", "directive_file", "directive_progress", "directive_add", "directive_describe"):
        assert visitor.get(reverse(name, args=[document.pk])).status_code == 404
    for step in ("confirm", "correct", "split", "merge", "reject", "restore"):
        assert visitor.post(address(step, found[0])).status_code == 404
    assert not Task.objects.exists()


def test_who_may_only_see_is_offered_nothing_to_do(
    client: Client, world: World, review: tuple[Document, list[Candidate]]
) -> None:
    document, found = review
    visitor = as_person(client, world, "thanh")
    page = visitor.get(reverse("directive", args=[document.pk]))
    assert page.status_code == 200
    assert "Bộ Tư pháp" in page.text
    assert reverse("candidate_confirm", args=[document.pk, found[0].pk]) not in page.text
    for step in ("confirm", "correct", "split", "merge", "reject", "restore"):
        assert visitor.post(address(step, found[0])).status_code == 403
    for step in ("confirm", "correct", "split"):
        assert visitor.get(address(step, found[0])).status_code == 403
    assert visitor.get(reverse("candidate", args=[document.pk, found[0].pk]), headers=LIVE).status_code == 200
    assert visitor.post(reverse("directive_add", args=[document.pk]), {"quotation": "x"}).status_code == 403
    assert "Nhận và tìm nhiệm vụ" not in visitor.get(reverse("directives")).text
    assert upload(visitor, NOTICE.encode()).status_code == 403


def test_visitors_are_asked_to_sign_in(client: Client, review: tuple[Document, list[Candidate]]) -> None:
    assert "login" in client.get(reverse("directives")).url  # type: ignore[attr-defined]
    assert "login" in client.get(reverse("directive", args=[review[0].pk])).url  # type: ignore[attr-defined]


def test_people_without_directives_are_refused(client: Client, world: World) -> None:
    assert as_person(client, world, "binh").get(reverse("directives")).status_code == 403


def test_numbers_beyond_any_database_lead_nowhere(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    assert thu.get(f"/van-ban/{2**70}/").status_code == 404
    assert thu.get(f"/van-ban/{review[0].pk}/nhiem-vu/{2**70}/").status_code == 404


# The review


def test_every_assignment_has_its_mark_and_its_card(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    document, found = review
    page = thu.get(reverse("directive", args=[document.pk]))
    for number, one in enumerate(found, 1):
        assert f'id="c{one.pk}" href="#k{one.pk}" data-n="{number}"' in page.text
        assert f'id="k{one.pk}"' in page.text
        assert f'data-c="{one.pk}">{escape(document.text[one.start : one.end])}</mark>' in page.text
    assert "0/4" in page.text
    # "Bộ trưởng Bộ Y tế" is shown as written and as what it means.
    assert "“Bộ trưởng Bộ Y tế” → Bộ Y tế" in page.text
    assert "Sẽ tạo 8 nhiệm vụ, mỗi cơ quan trong nhóm một nhiệm vụ" in page.text
    assert "14/10/2026" in page.text


def test_the_review_costs_few_queries(
    thu: Client, review: tuple[Document, list[Candidate]], django_assert_max_num_queries: Queries
) -> None:
    with django_assert_max_num_queries(15):
        thu.get(reverse("directive", args=[review[0].pk]))
    with django_assert_max_num_queries(15):
        thu.get(reverse("directives"))


def test_a_confirmation_makes_a_task_and_leads_to_the_next(
    thu: Client, review: tuple[Document, list[Candidate]], world: World
) -> None:
    _, found = review
    answer = thu.post(address("confirm", found[0]), {"is_core": "on"})
    task = Task.objects.get()
    assert (task.lead, task.candidate, task.is_core) == (world.body("BTP"), found[0], True)
    assert answer.url.endswith(f"#k{found[1].pk}")  # type: ignore[attr-defined]
    page = thu.get(reverse("directive", args=[found[0].document_id]))
    assert f"tạo nhiệm vụ {task.code}" in page.text
    assert reverse("task", args=[task.code]) in page.text
    assert "1/4" in page.text


def test_a_group_makes_a_task_for_each_body(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    _, found = review
    thu.post(address("confirm", found[2]))
    assert Task.objects.filter(candidate=found[2]).count() == 8
    assert "8 nhiệm vụ" in thu.get(reverse("directive", args=[found[0].document_id])).text


def test_the_card_alone_comes_back_to_a_live_page(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    _, found = review
    answer = thu.post(address("confirm", found[0]), headers=LIVE)
    assert "<html" not in answer.text
    assert f'id="k{found[0].pk}"' in answer.text
    assert 'data-state="confirmed"' in answer.text
    assert 'data-into="tien-do"' in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_a_second_press_says_that_it_was_done(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    _, found = review
    thu.post(address("confirm", found[0]))
    again = thu.post(address("confirm", found[0]), headers=LIVE)
    assert "Đã xác nhận” nên không thực hiện được" in again.text
    assert Task.objects.count() == 1
    plain = thu.post(address("reject", found[0]), follow=True)
    assert "nên không thực hiện được thao tác" in plain.text


def test_somebody_else_can_be_chosen_to_lead(
    thu: Client, review: tuple[Document, list[Candidate]], world: World
) -> None:
    _, found = review
    form = thu.get(address("confirm", found[0]))
    assert "hoặc một nhóm cơ quan" in form.text
    neither = thu.post(address("confirm", found[0]), {"body": ""})
    assert "Chọn một cơ quan chủ trì hoặc một nhóm" in neither.text
    unknown = thu.post(address("confirm", found[0]), {"body": "bộ không có"})
    assert "bộ không có" in unknown.text
    assert not Task.objects.exists()
    thu.post(address("confirm", found[0]), {"body": "noi vu"})
    assert Task.objects.get().lead == world.body("BNV")
    thu.post(address("confirm", found[1]), {"body": "", "group": "ministries_and_sectors"})
    assert Task.objects.filter(candidate=found[1]).count() == 6


def test_a_name_that_fits_several_must_be_chosen(thu: Client, world: World) -> None:
    load_sample_groups(world)
    document = receive_notice(world, text="1. Bộ Tư pháp, Bộ Y tế báo cáo kết quả trước ngày 01/12/2026.\n")
    (found,) = found_in(world, document)
    page = thu.get(reverse("directive", args=[document.pk]))
    assert 'type="radio"' in page.text
    assert "một cơ quan chủ trì, các cơ quan còn lại phối hợp" in page.text
    thu.post(address("confirm", found), {"lead": "body:BYT"})
    task = Task.objects.get()
    assert task.lead == world.body("BYT")
    assert [one.body for one in task.coordinations.all()] == [world.body("BTP")]


def test_nonsense_in_a_choice_is_refused(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    _, found = review
    for lead in ("body:NOPE", "group:nope", "x"):
        answer = thu.post(address("confirm", found[0]), {"lead": lead}, headers=LIVE)
        assert "không có trong danh mục" in answer.text
    assert not Task.objects.exists()


def test_an_order_without_a_lead_asks_for_one(thu: Client, world: World) -> None:
    document = receive_notice(world, text="Số: 1/TB\n\nGiao cơ quan ấy báo cáo trước ngày 01/12/2026.\n")
    thu.post(reverse("directive_add", args=[document.pk]), {"quotation": "báo cáo"})
    assert not Candidate.objects.exists(), "nothing is added while the machine still reads"
    found_in(world, document)
    thu.post(reverse("directive_add", args=[document.pk]), {"quotation": "báo cáo trước ngày 01/12/2026"})
    added = Candidate.objects.get(origin="person")
    assert "Chọn cơ quan chủ trì</a>" in thu.get(reverse("directive", args=[document.pk])).text
    answer = thu.post(address("confirm", added), headers=LIVE)
    assert "chọn cơ quan chủ trì" in answer.text


def test_a_correction_shows_errors_beside_the_fields(
    thu: Client, review: tuple[Document, list[Candidate]], world: World
) -> None:
    _, found = review
    form = thu.get(address("correct", found[0]), headers=LIVE)
    assert "14/10/2026" in form.text
    fields = {"action": "", "deadline_date": "31/02/2026", "lead": "Bộ Nội vụ\nBộ Y tế"}
    wrong = thu.post(address("correct", found[0]), fields)
    assert wrong.status_code == 422
    assert "Chưa nêu việc phải làm" in wrong.text
    assert "31/02/2026” không phải là một ngày" in wrong.text
    assert "Bộ Nội vụ\nBộ Y tế" in wrong.text
    right = thu.post(
        address("correct", found[0]), fields | {"action": "Rà soát", "deadline_date": "1/12/2026"}, headers=LIVE
    )
    assert "01/12/2026" in right.text
    found[0].refresh_from_db()
    assert (found[0].lead, found[0].deadline_kind) == (["Bộ Nội vụ", "Bộ Y tế"], "by")
    assert found[0].addressees.filter(body=world.body("BNV")).exists()


def test_a_deadline_before_the_order_is_named_with_the_remedy(thu: Client, world: World) -> None:
    document = receive_notice(world, text="Bộ Tư pháp báo cáo kết quả cho cơ quan thường trực.\n")
    found_in(world, document)
    thu.post(
        reverse("directive_add", args=[document.pk]),
        {"quotation": "Bộ Tư pháp báo cáo kết quả", "lead": "Bộ Tư pháp", "deadline_date": "1/12/2020"},
    )
    added = Candidate.objects.get(origin="person")
    answer = thu.post(address("confirm", added), headers=LIVE)
    assert "trước ngày giao" in answer.text
    assert "Sửa thông tin" in answer.text
    assert not Task.objects.exists()
    page = thu.post(
        reverse("directive_describe", args=[document.pk]),
        {"title": "Thông báo", "issuer": "vp tw", "issued_on": "1/9/2020"},
        follow=True,
    )
    assert page.status_code == 422
    assert "vp tw" in page.text
    thu.post(reverse("directive_describe", args=[document.pk]), {"title": "Thông báo", "issued_on": "1/9/2020"})
    thu.post(address("confirm", added), headers=LIVE)
    assert str(Task.objects.get().assigned_on) == "2020-09-01"


def test_an_assignment_is_split_where_the_person_says(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    document, found = review
    form = thu.get(address("split", found[0]), headers=LIVE)
    cut = document.text.index("trình Ban Chỉ đạo")
    assert f'name="cut" value="{cut}"' in form.text
    nowhere = thu.post(address("split", found[0]), {"cut": "abc"}, headers=LIVE)
    assert "Chưa chọn chỗ tách" in nowhere.text
    answer = thu.post(address("split", found[0]), {"cut": str(cut)})
    children = Candidate.objects.filter(parents=found[0]).order_by("start")
    assert [document.text[one.start :][:5] for one in children] == ["Bộ Tư", "trình"]
    assert answer.url.endswith(f"#k{children[0].pk}")  # type: ignore[attr-defined]
    stale = thu.post(address("reject", found[0]), follow=True)
    assert "đã được tách hoặc gộp" in stale.text


def test_an_assignment_is_merged_with_the_next(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    _, found = review
    answer = thu.post(address("merge", found[0]), headers=LIVE)
    merged = Candidate.objects.get(parents=found[0])
    assert answer.headers["HX-Redirect"].endswith(f"#k{merged.pk}")
    assert (merged.start, merged.end) == (found[0].start, found[1].end)
    last = thu.post(address("merge", found[3]), headers=LIVE)
    assert "nhiệm vụ cuối cùng" in last.text
    thu.post(address("reject", found[3]))
    settled = thu.post(address("merge", found[2]), headers=LIVE)
    assert "đã được xử lý" in settled.text


def test_a_split_is_offered_to_be_taken_back(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    document, found = review
    cut = document.text.index("trình Ban Chỉ đạo")
    page = thu.post(address("split", found[0]), {"cut": str(cut)}, follow=True)
    children = list(Candidate.objects.filter(parents=found[0]).order_by("start"))
    undo = address("undo_reshaping", children[0])
    # On the page that tells of it, and on every card that came of it.
    assert page.text.count(f'action="{undo}"') == 2
    assert "Hoàn tác tách" in page.text
    back = thu.post(undo, headers=LIVE)
    assert back.headers["HX-Redirect"].endswith(f"#k{found[0].pk}")
    found[0].refresh_from_db()
    assert found[0].state == "proposed"
    stale = thu.post(address("undo_reshaping", children[1]), follow=True)
    assert "đã được tách hoặc gộp" in stale.text
    merged = thu.post(address("merge", found[0]), follow=True)
    assert "Hoàn tác gộp" in merged.text
    thu.post(address("confirm", Candidate.objects.get(parents=found[0])))
    refused = thu.post(address("undo_reshaping", Candidate.objects.get(parents=found[0])), follow=True)
    assert "không thực hiện được" in refused.text


@pytest.mark.parametrize("live", [False, True])
def test_what_was_typed_is_kept_when_another_reviewer_was_faster(
    thu: Client, review: tuple[Document, list[Candidate]], live: bool
) -> None:
    document, found = review
    typed = {"action": "xây dựng danh mục <b>thật</b> ngắn", "lead": "Bộ Tư pháp", "deadline_kind": "before"}
    headers = LIVE if live else {}
    thu.post(address("split", found[0]), {"cut": str(document.text.index("trình Ban Chỉ đạo"))})
    children = list(Candidate.objects.filter(parents=found[0]).order_by("start"))
    answer = thu.post(address("correct", found[0]), typed, headers=headers)
    assert answer.status_code == (200 if live else 409)
    assert "người khác đã tách hoặc gộp" in answer.text
    assert "danh mục &lt;b&gt;thật&lt;/b&gt; ngắn" in answer.text
    assert answer.text.count("Dùng nội dung đã nhập cho nhiệm vụ") == 2
    # Taken on, it stands in the form of the part and is not saved before a person says so.
    taken = thu.post(address("correct", children[0]), {**typed, "taken": "1"})
    assert taken.context["form"]["action"].value() == typed["action"]
    children[0].refresh_from_db()
    assert children[0].action != typed["action"]
    for step, words in (("confirm", "đã xác nhận nhiệm vụ này"), ("reject", "đã loại nhiệm vụ này")):
        other = children[0] if step == "confirm" else children[1]
        thu.post(address(step, other))
        late = thu.post(address("correct", other), typed, headers=headers)
        assert words in late.text
        assert "danh mục &lt;b&gt;thật&lt;/b&gt; ngắn" in late.text


def test_a_rejection_can_be_taken_back(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    _, found = review
    page = thu.post(address("reject", found[0]), follow=True)
    assert f'action="{address("restore", found[0])}"' in page.text
    found[0].refresh_from_db()
    assert found[0].state == "rejected"
    thu.post(address("restore", found[0]))
    found[0].refresh_from_db()
    assert found[0].state == "proposed"


def test_what_leaves_no_doubt_is_confirmed_together(
    thu: Client, review: tuple[Document, list[Candidate]], world: World
) -> None:
    document, found = review
    where = reverse("directive_together", args=[document.pk])
    assert "Xác nhận cùng lúc 3 nhiệm vụ rõ ràng" in thu.get(reverse("directive", args=[document.pk])).text
    page = thu.get(where)
    # The group is not among them: it would become many tasks at once.
    assert [card.candidate for card in page.context["cards"]] == [found[0], found[1], found[3]]
    assert not Task.objects.exists()
    nothing = thu.post(where, follow=True)
    assert "Chưa chọn nhiệm vụ nào" in nothing.text
    found[1].deadline_date = document.issued_on.replace(year=2020) if document.issued_on else None
    found[1].save()
    done = thu.post(where, {"candidate": [str(found[0].pk), str(found[1].pk), str(found[2].pk), "x"]}, follow=True)
    assert "Đã xác nhận 1 nhiệm vụ" in done.text
    assert "Nhiệm vụ 2 chưa xác nhận được" in done.text
    assert [task.candidate for task in Task.objects.all()] == [found[0]]


def test_the_confidence_from_which_all_are_confirmed_is_chosen(
    thu: Client, review: tuple[Document, list[Candidate]]
) -> None:
    document, found = review
    for one, confidence in zip(found, (0.97, 0.9, 0.9, 0.62), strict=True):
        Candidate.objects.filter(pk=one.pk).update(confidence=confidence)
    where = reverse("directive_together", args=[document.pk])
    usual = thu.get(where)
    assert [card.candidate for card in usual.context["cards"]] == [found[0], found[1]]
    counted = [(level.least, level.count) for level in usual.context["levels"]]
    assert counted == [(95, 1), (90, 2), (85, 2), (70, 2), (0, 3)]
    low = thu.get(where, {"tu": "60"})
    assert [card.candidate for card in low.context["cards"]] == [found[0], found[1], found[3]]
    assert (60, 3, True) in [(level.least, level.count, level.is_current) for level in low.context["levels"]]
    for nonsense in ("101", "-3", "x", "9" * 30, "²"):
        assert thu.get(where, {"tu": nonsense}).context["least"] == 85
    assert "Không có nhiệm vụ nào có độ chắc chắn từ 99%" in thu.get(where, {"tu": "99"}).text
    # What is posted holds to the confidence in the address.
    ticked = {"candidate": [str(found[0].pk), str(found[3].pk)]}
    thu.post(f"{where}?tu=90", ticked)
    assert [task.candidate for task in Task.objects.all()] == [found[0]]
    thu.post(f"{where}?tu=60", ticked)
    assert {task.candidate for task in Task.objects.all()} == {found[0], found[3]}


def test_only_a_reviewer_confirms_together(
    client: Client, world: World, review: tuple[Document, list[Candidate]]
) -> None:
    where = reverse("directive_together", args=[review[0].pk])
    assert as_person(client, world, "thanh").get(where).status_code == 403
    assert as_person(client, world, "an").post(where).status_code == 404


def test_when_all_is_decided_the_page_says_so(thu: Client, review: tuple[Document, list[Candidate]]) -> None:
    document, found = review
    for one in found:
        thu.post(address("reject", one))
    page = thu.get(reverse("directive", args=[document.pk]))
    assert "Đã xử lý xong cả 4 nhiệm vụ: 0 được xác nhận, 4 bị loại" in page.text
    assert "đã xong" in thu.get(reverse("directives")).text


def test_an_assignment_is_added_by_quotation_or_selection(
    thu: Client, review: tuple[Document, list[Candidate]]
) -> None:
    document, _ = review
    where = reverse("directive_add", args=[document.pk])
    missing = thu.post(where, {"quotation": "không có đoạn này"})
    assert "Không tìm thấy đoạn này" in missing.text
    double = thu.post(where, {"quotation": "Ban Chỉ đạo"})
    assert "chỗ trong văn bản" in double.text
    start = document.text.rindex("Ban Chỉ đạo")
    form = thu.get(where, {"tu": str(start - 1), "den": str(start + 11)})
    assert f'name="start" value="{start}"' in form.text
    thu.post(where, {"quotation": "Ban Chỉ đạo", "start": str(start), "end": str(start + 11)})
    added = Candidate.objects.get(origin="person")
    assert (added.start, added.end, added.action) == (start, start + 11, "Ban Chỉ đạo")
    assert thu.get(where, {"tu": "x", "den": "-1"}).status_code == 200


def test_a_failed_reading_says_why_and_what_to_do(thu: Client, world: World) -> None:
    document = receive_notice(world)
    record_failure(actor=world.machine, at=NOW, document=document, code="RecursionError")
    page = thu.get(reverse("directive", args=[document.pk]))
    assert "Máy không tìm được nhiệm vụ" in page.text
    assert "RecursionError" in page.text
    assert "Hãy báo người quản trị" in page.text
    assert "Máy chưa đọc được" in thu.get(reverse("directives")).text


def test_an_address_of_an_assignment_leads_to_its_sentence(
    thu: Client, review: tuple[Document, list[Candidate]]
) -> None:
    document, found = review
    answer = thu.get(reverse("candidate", args=[document.pk, found[1].pk]))
    assert answer.url == f"{reverse('directive', args=[document.pk])}#c{found[1].pk}"  # type: ignore[attr-defined]


# Hostile documents


HOSTILE = (
    "<script>alert(1)</script>\r\n\t1. Bộ Tư pháp <img src=x onerror=alert(2)> báo cáo kết quả trước ngày "
    "01/12/2026.\r\n"
)


def test_hostile_text_and_names_stay_text(thu: Client, world: World) -> None:
    upload(thu, HOSTILE.encode(), '"><script>alert(3)</script>.html', title="<b onmouseover=alert(4)>")
    document = Document.objects.get()
    found_in(world, document)
    for answer in (
        thu.get(reverse("directives")),
        thu.get(reverse("directive", args=[document.pk])),
        thu.get(reverse("directive_add", args=[document.pk]), {"tu": "0", "den": "60"}),
        *(thu.get(address(step, one)) for one in document.candidates.all() for step in ("correct", "split", "confirm")),
    ):
        assert answer.status_code == 200
        for bad in ("<script>alert", "<img src", "<b onmouseover"):
            assert bad not in answer.text


def drawn_text(page: str) -> str:
    """What a browser would keep of the text column, as HTML parsers read it."""
    inner = page.split('<div class="text"', 1)[1].split(">", 1)[1].split("</div>", 1)[0]
    # A parser reads every line end as one line feed; only references keep a carriage return.
    return unescape(re.sub(r"<[^>]*>", "", inner.replace("\r\n", "\n").replace("\r", "\n")))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_text_on_screen_is_the_text_of_the_document_to_the_letter(thu: Client, world: World, form: Any) -> None:
    text = unicodedata.normalize(form, HOSTILE + "\r\n  \t😀 " + NOTICE.replace("\n", "\r\n"))
    document = receive_notice(world, text=text)
    found_in(world, document)
    assert document.candidates.count() >= 4
    page = thu.get(reverse("directive", args=[document.pk]))
    assert drawn_text(page.text) == document.text == text


def test_the_file_is_saved_never_shown(thu: Client, world: World) -> None:
    upload(thu, HOSTILE.encode(), "Thông báo số 1.html")
    answer = thu.get(reverse("directive_file", args=[Document.objects.get().pk]))
    assert answer.content == HOSTILE.encode()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Th%C3%B4ng%20b%C3%A1o%20s%E1%BB%91%201.html.txt" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/plain"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


# Long documents


def test_parts_join_to_the_text_and_cut_no_assignment() -> None:
    line = "Bộ Tư pháp báo cáo trước ngày 01/12/2026.\n"
    text = line * 5000
    spans = [(number * len(line), (number + 1) * len(line) - 2) for number in range(0, 5000, 25)]
    parts = parts_of(text, spans)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert "".join(text[part.start : part.end] for part in parts) == text
    for start, end in spans:
        assert sum(part.start <= start and end <= part.end for part in parts) == 1
    assert max(sum(part.start <= start < part.end for start, _ in spans) for part in parts) <= MOST_CANDIDATES
    assert len(parts_of("", [])) == 1
    assert len(parts_of("a" * 200_000, [])) == 4


def test_a_document_of_two_hundred_pages_stays_light(
    thu: Client, world: World, django_assert_max_num_queries: Queries
) -> None:
    load_sample_groups(world)
    prose = "Tình hình triển khai đã có chuyển biến tích cực nhưng chưa đồng đều giữa các cơ quan. " * 18
    text = "Số: 1-TB/BCĐTW\n\n" + "".join(
        f"{number}. Bộ Tư pháp chủ trì, phối hợp với Bộ Nội vụ xây dựng danh mục số {number}, trình Ban Chỉ đạo trước "
        f"ngày 15/10/2026.\n{prose}\n"
        for number in range(1, 301)
    )
    document = receive_notice(world, text=text)
    found = found_in(world, document)
    assert len(found) >= 300
    assert len(text) > 480_000
    with django_assert_max_num_queries(15):
        page = thu.get(reverse("directive", args=[document.pk]))
    assert len(page.content) < 250_000
    assert "đang xem phần 1 trong" in page.text
    far = thu.get(reverse("candidate", args=[document.pk, found[250].pk]))
    where, _, mark = far.url.partition("#")  # type: ignore[attr-defined]
    assert mark == f"c{found[250].pk}"
    assert f'id="{mark}"' in thu.get(where).text
    assert thu.get(reverse("directive", args=[document.pk]), {"phan": "99999999999"}).status_code == 200


# Finding and cutting text


def test_a_quotation_is_found_whatever_its_letters_and_spaces() -> None:
    text = unicodedata.normalize("NFD", "Giao  Bộ Tư pháp\r\nbáo cáo.")
    assert locate(text, "Bộ Tư pháp báo cáo") == [(text.index("B"), len(text) - 1)]
    assert locate("a.b axb", "a.b") == [(0, 3)]
    assert locate(text, "  ") == []


def test_pieces_join_to_the_assignment() -> None:
    text = "Rà soát A; trình B, báo cáo C và công bố D"
    pieces = pieces_of(text, 0, len(text))
    assert "".join(piece.text for piece in pieces) == text
    assert [text[piece.offset :][:4] for piece in pieces] == ["Rà s", "trìn", "báo ", "và c"]
    assert len(pieces_of(text, 0, len(text), by_word=True)) == len(text.split())
