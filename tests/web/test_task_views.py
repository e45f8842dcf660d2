"""Other ways to look at tasks: chosen columns, deep pages, saved lists, own fields, acts for many, board, timeline,
calendar, roll-up; each with what a stranger must not see and how many questions it may ask the database."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.tasks.samples import given, taken_on, word_file
from tests.world import NOW, TODAY, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.ledger.models import Entry
from thuocdo.organisations.models import Hierarchy
from thuocdo.tasks.models import Dependency, Field, FieldValue, Milestone, SavedList, Task
from thuocdo.tasks.operations import TaskRefused
from thuocdo.tasks.operations.fields import define_field, fill_field, retire_field
from thuocdo.tasks.operations.programmes import open_programme
from thuocdo.tasks.queries.rollup import roll_up

Queries = Callable[[int], Any]


@pytest.fixture(autouse=True)
def _on_the_day_of_the_tests() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def signed_in(client: Client, world: World) -> Callable[[str], Client]:
    def as_person(name: str) -> Client:
        client.force_login(world.people[name])
        return client

    return as_person


def many(world: World, number: int, **fields: Any) -> None:
    """Tasks of Hà Nội in bulk, written past the operations; every seventh without a deadline."""
    lead, centre = world.body("01"), world.body("VPTW")
    Task.objects.bulk_create(
        Task(
            code=f"NV-2025-{place:06}",
            title=f"Việc thứ {place}",
            lead=lead,
            assigned_by=centre,
            due_on=None if place % 7 == 0 else TODAY + timedelta(days=place % 40),
            original_due_on=None if place % 7 == 0 else TODAY + timedelta(days=place % 40),
            assigned_on=date(2026, 8, 1),
            search=f"nv-2025-{place:06} viec thu {place}",
            **fields,
        )
        for place in range(number)
    )


def own_field(world: World, label: str = "Nguồn vốn", body: str = "TW", **fields: Any) -> Field:
    words = {"kind": "choice", "choices": ["Ngân sách", "Xã hội hóa"]} | fields
    return define_field(actor=world.actor("thu"), at=NOW, body=world.body(body), label=label, **words)


# Pages of a long list


@pytest.mark.parametrize("order", ["han", "-han", "ma", "-tien_do", "co_quan"])
def test_going_on_and_back_shows_every_task_once_and_in_order(signed_in: Any, world: World, order: str) -> None:
    many(world, 130)
    client = signed_in("thu")
    seen: list[list[str]] = []
    address = f"{reverse('tasks')}?muc=tat-ca&xep={order}"
    for _ in range(3):
        answer = client.get(address)
        seen.append([line["row"].task.code for line in answer.context["lines"]])
        page = answer.context["page"]
        address = f"{reverse('tasks')}{page.next}" if page.next else ""
    assert [len(part) for part in seen] == [50, 50, 30]
    assert not address
    assert len({code for part in seen for code in part}) == 130
    back = client.get(f"{reverse('tasks')}{page.previous}")
    assert [line["row"].task.code for line in back.context["lines"]] == seen[1]
    by_number = client.get(f"{reverse('tasks')}?muc=tat-ca&xep={order}&trang=3")
    assert [line["row"].task.code for line in by_number.context["lines"]] == seen[2]


@pytest.mark.parametrize("words", ["trang=2&sau=khong~co", "trang=2&sau=2026-13-45~1", "trang=99999", "trang=-1"])
def test_nonsense_in_the_place_of_a_page_is_ignored(signed_in: Any, world: World, words: str) -> None:
    many(world, 60)
    answer = signed_in("thu").get(f"{reverse('tasks')}?muc=tat-ca&{words}")
    assert answer.status_code == 200
    assert answer.context["lines"]


def test_a_page_that_is_kept_is_anew_after_the_next_entry(
    signed_in: Any, world: World, django_assert_max_num_queries: Queries
) -> None:
    given(world, title="Việc một")
    client = signed_in("thu")
    client.get(reverse("tasks"))
    with django_assert_max_num_queries(4):
        text = client.get(reverse("tasks")).text
    assert "Việc một" in text
    token = text.split('csrfmiddlewaretoken" value="')[1][:64]
    assert token != client.get(reverse("tasks")).text.split('csrfmiddlewaretoken" value="')[1][:64]
    given(world, title="Việc hai")
    assert "Việc hai" in client.get(reverse("tasks")).text


# Filters and columns


def test_filters_reach_down_the_tree_and_know_what_is_unclear(signed_in: Any, world: World) -> None:
    given(world, "01", title="Việc của thành phố")
    given(world, "00004", title="Việc của phường", deliverable="Báo cáo", due_on=None)
    given(world, title="Việc của bộ")
    client = signed_in("thu")

    def titles(words: str) -> set[str]:
        answer = client.get(f"{reverse('tasks')}?{words}")
        return {line["row"].task.title for line in answer.context["lines"]}

    assert titles("co_quan=01") == {"Việc của thành phố"}
    assert titles("co_quan=01&pham_vi=lanh-tho") == {"Việc của thành phố", "Việc của phường"}
    assert titles("chua_ro=time") == {"Việc của phường"}
    assert titles("trang_thai=accepted") == set()
    assert titles("ky=2026-Q4") == {"Việc của thành phố", "Việc của bộ"}
    assert "không phải là kỳ" in client.get(f"{reverse('tasks')}?ky=quy-nam").text


def test_columns_are_chosen_and_own_fields_travel_into_the_spreadsheet(
    signed_in: Any, world: World, tmp_path: Any
) -> None:
    task, own = given(world, deliverable="Đề án"), own_field(world)
    fill_field(actor=world.actor("thu"), at=NOW, field=own, tasks=[task], typed="Ngân sách")
    client = signed_in("thu")
    text = client.get(f"{reverse('tasks')}?cot=ma&cot=san_pham&cot=f{own.pk}").text
    table = text[text.index("<table") : text.index("</table>")]
    assert "Đề án" in table
    assert "Ngân sách" in table
    assert "Tình trạng" not in table
    assert task.code in client.get(f"{reverse('tasks')}?f{own.pk}=Ngân sách").text
    assert task.code not in client.get(f"{reverse('tasks')}?f{own.pk}=Xã hội hóa").text
    file = tmp_path / "list.xlsx"
    file.write_bytes(b"".join(client.get(reverse("tasks_export"))))
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    titles = next(row for row in rows if "Nguồn vốn" in row)
    assert rows[rows.index(titles) + 1][titles.index("Nguồn vốn")] == "Ngân sách"


def test_the_list_asks_few_questions(signed_in: Any, world: World, django_assert_max_num_queries: Queries) -> None:
    many(world, 60)
    own = own_field(world)
    client = signed_in("thu")
    for words in (f"cot=phoi_hop&cot=nguoi&cot=f{own.pk}", "co_quan=01&pham_vi=nganh&chua_ro=any&so_han=in_time"):
        with django_assert_max_num_queries(15):
            assert client.get(f"{reverse('tasks')}?{words}").status_code == 200


# Saved lists


def test_a_list_is_saved_shared_renamed_deleted_and_brought_back(signed_in: Any, world: World) -> None:
    given(world, title="Việc của bộ")
    client = signed_in("lan")
    client.post(
        reverse("saved_list_save"), {"ten": "Việc quý", "loc": "ky=2026-Q4&cot=ma&cot=san_pham", "chia_se": "BTP"}
    )
    row = SavedList.objects.get()
    assert (row.name, row.query, row.columns) == ("Việc quý", "ky=2026-Q4&cot=ma&cot=san_pham", ["ma", "san_pham"])
    assert "Đặt tên khác" in client.post(reverse("saved_list_save"), {"ten": "Việc quý"}, follow=True).text
    client.force_login(world.people["dung"])
    assert "Việc quý" in client.get(reverse("tasks")).text
    assert client.post(reverse("saved_list_delete", args=[row.pk])).status_code == 404
    client.force_login(world.people["an"])
    assert "Việc quý" not in client.get(reverse("tasks")).text
    client.force_login(world.people["lan"])
    client.post(reverse("saved_list_change", args=[row.pk]), {"ten": "Việc quý IV", "chia_se": "01"})
    assert SavedList.objects.get().shared_with is None
    text = client.post(reverse("saved_list_delete", args=[row.pk]), follow=True).text
    assert not SavedList.objects.exists()
    undo = text.split('action="/nhiem-vu/da-luu/')[1].split('"')[0]
    client.force_login(world.people["an"])
    assert client.post(f"/nhiem-vu/da-luu/{undo}").status_code == 404
    client.force_login(world.people["lan"])
    client.post(f"/nhiem-vu/da-luu/{undo}")
    assert SavedList.objects.get().name == "Việc quý IV"


# Own fields


@pytest.mark.parametrize(
    ("kind", "typed", "column", "stored"),
    [
        ("number", "1.234,5", "number", "1234.500000"),
        ("date", "31/12/2026", "day", "2026-12-31"),
        ("yes_no", "1", "is_yes", "True"),
        ("text", "  emoji 🌾 ", "text", "emoji 🌾"),
        ("choice", "Ngân sách", "text", "Ngân sách"),
    ],
)
def test_a_value_is_kept_in_the_column_of_its_type(
    world: World, kind: str, typed: str, column: str, stored: str
) -> None:
    task, own = given(world), own_field(world, kind=kind)
    filled = fill_field(actor=world.actor("lan"), at=NOW, field=own, tasks=[task], typed=typed)
    assert filled.before == {task.pk: None}
    assert str(getattr(FieldValue.objects.get(), column)) == stored
    assert Entry.objects.order_by("-number").first().event == "tasks.field_values.recorded"  # type: ignore[union-attr]
    assert not fill_field(actor=world.actor("lan"), at=NOW, field=own, tasks=[task], typed=typed).before


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [("number", "mười", "number"), ("number", "1e99", "number"), ("date", "31/2/2026", "day"),
     ("choice", "Vay", "choice"), ("yes_no", "có", "yes_no"), ("text", "x" * 2001, "too_long")],
)  # fmt: skip
def test_a_value_of_another_type_is_refused_with_the_remedy(world: World, kind: str, typed: str, code: str) -> None:
    task, own = given(world), own_field(world, kind=kind)
    with pytest.raises(TaskRefused) as refused:
        fill_field(actor=world.actor("lan"), at=NOW, field=own, tasks=[task], typed=typed)
    assert (refused.value.code, refused.value.field) == (code, f"field_{own.pk}")


def test_fields_hold_below_their_body_only_and_keep_their_values_when_retired(world: World) -> None:
    own = own_field(world, body="01")
    ward, ministry = given(world, "00004"), given(world)
    thu = world.actor("thu")
    filled = fill_field(actor=thu, at=NOW, field=own, tasks=[ward, ministry], typed="Ngân sách")
    assert set(filled.before) == {ward.pk}
    assert set(filled.refused) == {ministry.pk}
    with pytest.raises(NotAllowed):
        fill_field(actor=world.actor("an"), at=NOW, field=own, tasks=[ward], typed="Ngân sách")
    with pytest.raises(NotAllowed):
        define_field(actor=world.actor("ha"), at=NOW, body=world.body("01"), label="Khác", kind="text")
    retire_field(actor=thu, at=NOW, field=own)
    assert FieldValue.objects.count() == 1
    own.refresh_from_db()
    with pytest.raises(TaskRefused):
        fill_field(actor=thu, at=NOW, field=own, tasks=[ward], typed="Xã hội hóa")


def test_a_field_is_added_and_filled_through_the_pages(signed_in: Any, world: World) -> None:
    task, client = given(world), signed_in("quan")
    page = reverse("body_fields", args=["TW"])
    assert client.get(reverse("fields")).status_code == 302
    wrong = client.post(page, {"ten": "Nguồn", "kieu": "choice", "gia_tri": "một"})
    assert wrong.status_code == 422
    assert "ít nhất hai giá trị" in wrong.text
    client.post(page, {"ten": "Số hộ", "kieu": "number", "don_vi": "hộ", "bat_buoc": "on"})
    own = Field.objects.get()
    assert (own.label, own.unit, own.is_required) == ("Số hộ", "hộ", True)
    values = reverse("task_fields", args=[task.code])
    client.force_login(world.people["an"])
    assert client.get(values).status_code == 404
    client.force_login(world.people["lan"])
    assert "không phải là số" in client.post(values, {f"field_{own.pk}": "nhiều"}).text
    assert client.post(values, {f"field_{own.pk}": "12,5"}).status_code == 302
    assert str(FieldValue.objects.get().number) == "12.500000"
    client.force_login(world.people["quan"])
    client.post(reverse("field_edit", args=[own.pk]), {"ten": "Số hộ nghèo", "don_vi": "hộ"})
    assert "Dùng lại" in client.post(reverse("field_retire", args=[own.pk]), follow=True).text
    client.post(reverse("field_restore", args=[own.pk]))
    own.refresh_from_db()
    assert (own.label, own.retired_at) == ("Số hộ nghèo", None)


# One act for many


def act(client: Client, word: str, tasks: list[Task], **fields: Any) -> str:
    sent = {"viec": word, "lam": "1", "n": [task.code for task in tasks], **fields}
    return str(client.post(reverse("tasks_bulk"), sent, follow=True).text)


def test_many_assignments_are_accepted_each_with_its_outcome_and_given_back(signed_in: Any, world: World) -> None:
    first, second, done = given(world, title="Một"), given(world, title="Hai"), taken_on(world, title="Ba")
    client = signed_in("lan")
    asked = client.post(reverse("tasks_bulk"), {"viec": "nhan-viec", "n": [first.code]}).text
    assert "1 nhiệm vụ đã chọn" in asked
    text = act(client, "nhan-viec", [first, second, done])
    assert "Đã nhận 2 nhiệm vụ" in text
    assert "không thực hiện được thao tác này" in text
    text = client.post(reverse("tasks_bulk_undo"), follow=True).text
    assert "Đã hoàn tác 2 nhiệm vụ" in text
    states = dict(Task.objects.values_list("title", "state"))
    assert states == {"Một": "assigned", "Hai": "assigned", "Ba": "accepted"}
    assert client.post(reverse("tasks_bulk_undo")).status_code == 404
    steps = list(Task.objects.get(pk=first.pk).transitions.values_list("step", flat=True).order_by("pk"))
    assert steps == ["assign", "accept_assignment", "undo_acceptance"]


def test_what_others_moved_since_is_not_undone(signed_in: Any, world: World) -> None:
    from thuocdo.tasks.operations import report_progress

    task, client = given(world), signed_in("lan")
    act(client, "nhan-viec", [task])
    report_progress(actor=world.actor("lan"), at=NOW, task=task, text="Đã làm", progress=10)
    assert "không hoàn tác được" in client.post(reverse("tasks_bulk_undo"), follow=True).text
    assert Task.objects.get().state == "in_progress"


@pytest.mark.parametrize(
    ("word", "fields", "column", "after"),
    [
        ("tam-dung", {"ly_do": "Chờ hướng dẫn"}, "state", "suspended"),
        ("trong-tam", {"la": "1"}, "is_core", True),
        ("gia-han", {"han": "31/12/2026", "quyet_dinh": "12/QĐ", "ly_do": "Bão"}, "due_on", date(2026, 12, 31)),
        ("nguoi-phu-trach", {"chuc_danh": "Vụ trưởng"}, "responsible_post", "Vụ trưởng"),
    ],
)
def test_many_are_steered_at_once_and_put_back(
    signed_in: Any, world: World, word: str, fields: dict[str, str], column: str, after: Any
) -> None:
    task, client = taken_on(world), signed_in("lan" if word == "nguoi-phu-trach" else "thu")
    before = getattr(Task.objects.get(), column)
    act(client, word, [task], **fields)
    assert getattr(Task.objects.get(), column) == after
    undone = client.post(reverse("tasks_bulk_undo"))
    if word == "gia-han":
        assert undone.status_code == 404
    else:
        assert getattr(Task.objects.get(), column) == before


def test_many_are_put_into_a_programme_and_filled_and_taken_out(signed_in: Any, world: World) -> None:
    task, own, client = given(world), own_field(world), signed_in("thu")
    version = open_programme(
        actor=world.actor("thu"), at=NOW, code="CT-2026", title="Chương trình 2026", body=world.body("VPTW")
    )
    act(client, "chuong-trinh", [task], ban=str(version.pk))
    assert version.entries.count() == 1
    client.post(reverse("tasks_bulk_undo"))
    assert version.entries.count() == 0
    act(client, "truong-rieng", [task], truong=str(own.pk), gia_tri="Ngân sách")
    assert FieldValue.objects.get().text == "Ngân sách"
    client.post(reverse("tasks_bulk_undo"))
    assert not FieldValue.objects.exists()


def test_ticked_tasks_of_one_body_go_into_an_urging_note(signed_in: Any, world: World) -> None:
    before, due = NOW - timedelta(days=40), TODAY - timedelta(days=9)
    late = [given(world, at=before, title=f"Việc trễ {number}", due_on=due) for number in (1, 2)]
    other = given(world, "48")
    client = signed_in("thu")
    asked = {"viec": "don-doc", "n": [task.code for task in late]}
    answer = client.post(reverse("tasks_bulk"), asked, follow=True)
    assert answer.redirect_chain[0][0].startswith(f"{reverse('urging_new')}?co_quan=BTP")
    assert {task.code for task in late} == set(answer.context["picked"])
    mixed = client.post(reverse("tasks_bulk"), {"viec": "don-doc", "n": [late[0].code, other.code]}, follow=True)
    assert "Mỗi phiếu đôn đốc gửi một cơ quan" in mixed.text


def test_a_required_field_is_asked_for_when_the_result_is_handed_in(signed_in: Any, world: World) -> None:
    task = taken_on(world)
    own = own_field(world, "Kinh phí", kind="number", choices=(), is_required=True)
    client, file = signed_in("lan"), SimpleUploadedFile("danh-muc.docx", word_file())
    sent = {"text": "Đã ban hành danh mục.", "evidence": file}
    refused = client.post(reverse("task_step", args=[task.code, "trinh-ket-qua"]), sent)
    assert refused.status_code == 422
    assert "Còn thiếu dữ liệu bắt buộc: Kinh phí." in refused.text
    fill_field(actor=world.actor("lan"), at=NOW, field=own, tasks=[task], typed="12,5")
    file.seek(0)
    client.post(reverse("task_step", args=[task.code, "trinh-ket-qua"]), sent)
    task.refresh_from_db()
    assert task.state == "submitted"


def test_nobody_acts_on_what_they_do_not_see_or_may_not(signed_in: Any, world: World) -> None:
    task, client = given(world), signed_in("an")
    assert "Chưa chọn nhiệm vụ nào" in act(client, "nhan-viec", [task])
    assert client.post(reverse("tasks_bulk"), {"viec": "tam-dung", "n": [task.code]}).status_code == 404
    assert client.post(reverse("tasks_bulk"), {"viec": "khong-co"}).status_code == 404
    client.force_login(world.people["thanh"])
    assert 'name="n"' not in client.get(reverse("tasks")).text


# Board, timeline, calendar


@pytest.fixture
def plan(world: World) -> tuple[Task, Task]:
    """A task of the ministry that waits for one of Hà Nội, with a milestone behind and one ahead."""
    before = given(world, "01", title="Xây kho dữ liệu", due_on=date(2026, 10, 20))
    after = given(world, title="Kết nối dữ liệu", due_on=date(2026, 11, 20))
    Task.objects.filter(pk=after.pk).update(original_due_on=date(2026, 10, 31))
    Milestone.objects.create(
        task=after, position=1, title="Chốt thiết kế", due_on=date(2026, 9, 10), original_due_on=date(2026, 9, 10)
    )
    Milestone.objects.create(
        task=after, position=2, title="Chạy thử", due_on=date(2026, 9, 30), original_due_on=date(2026, 9, 30)
    )
    Dependency.objects.create(task=after, kind="task", waits_for=before, at=NOW, by_label="tests")
    return before, after


@pytest.mark.parametrize("name", ["task_board", "task_timeline", "task_calendar"])
def test_plans_ask_few_questions_show_what_is_there_and_nothing_to_strangers(
    signed_in: Any, world: World, plan: Any, name: str, django_assert_max_num_queries: Queries
) -> None:
    many(world, 40, state="in_progress")
    client = signed_in("thu")
    words = "?thang=2026-11" if name == "task_calendar" else "?muc_do=nam" if name == "task_timeline" else ""
    with django_assert_max_num_queries(15):
        text = client.get(reverse(name) + words).text
    assert "Kết nối dữ liệu" in text
    client.force_login(world.people["an"])
    assert "Kết nối dữ liệu" not in client.get(reverse(name) + words).text
    client.force_login(world.people["binh"])
    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize(
    ("by", "title"), [("", "Đã giao"), ("co-quan", "Tư pháp"), ("chuong-trinh", "Ngoài chương trình")]
)
def test_the_board_offers_the_step_on_the_card(signed_in: Any, world: World, plan: Any, by: str, title: str) -> None:
    text = signed_in("lan").get(reverse("task_board"), {"cot_theo": by}).text
    assert title in text
    assert "#buoc-nhan-viec" in text
    assert "#buoc-nhan-viec" not in signed_in("thanh").get(reverse("task_board")).text


def test_the_timeline_says_in_words_what_it_draws(signed_in: Any, world: World, plan: tuple[Task, Task]) -> None:
    before, _after = plan
    text = signed_in("thu").get(reverse("task_timeline"), {"muc_do": "quy"}).text
    assert "hạn ban đầu 31/10/2026" in text
    assert "Chốt thiết kế (đã lỡ)" in text
    assert 'class="today"' in text
    year = signed_in("thu").get(reverse("task_timeline"), {"muc_do": "nam", "ngay": "2026-01-01"}).text
    assert 'class="arrow"' in year
    assert before.code in year
    # Whoever does not see the other task learns that there is one, and not which.
    lan = signed_in("lan").get(reverse("task_timeline"), {"muc_do": "nam"}).text
    assert before.code not in lan
    assert "một nhiệm vụ khác" in lan
    assert signed_in("thu").get(reverse("task_timeline"), {"muc_do": "the-ky", "ngay": "hom-qua"}).status_code == 200


def test_the_calendar_marks_holidays_and_milestones(signed_in: Any, world: World, plan: Any) -> None:
    text = signed_in("thu").get(reverse("task_calendar"), {"thang": "2026-09"}).text
    assert "nghỉ lễ" in text
    assert "Chạy thử" in text
    assert "Kết nối dữ liệu" in signed_in("thu").get(reverse("task_calendar"), {"thang": "2026-11"}).text
    assert signed_in("thu").get(reverse("task_calendar"), {"thang": "mai"}).status_code == 200


# Roll-up


def test_a_city_sees_its_wards_with_its_own_fields_summed(
    signed_in: Any, world: World, django_assert_max_num_queries: Queries
) -> None:
    own = own_field(world, "Số hộ", body="01", kind="number", choices=[], unit="hộ")
    late = given(world, "00004", due_on=TODAY - timedelta(days=3), assigned_on=date(2026, 8, 1))
    for task, typed in ((late, "10"), (given(world, "00025"), "5,5"), (given(world, "01"), "1")):
        fill_field(actor=world.actor("thu"), at=NOW, field=own, tasks=[task], typed=typed)
    given(world, "48")
    client = signed_in("ha")
    with django_assert_max_num_queries(15):
        text = client.get(reverse("body_tasks", args=["01"])).text
    assert "Ba Đình" in text
    assert "16,5" in text
    assert "Đà Nẵng" not in text
    assert client.get(reverse("body_tasks", args=["48"])).status_code == 403
    found = roll_up(world.actor("thu"), world.body("TW"), TODAY, fields=[own])
    assert (found.whole.counts.all, found.whole.counts.overdue) == (4, 1)
    by_code = {line.body.code: line for line in found.lines}
    assert by_code["01"].counts.open == 3
    assert by_code["01"].sums[own.pk] == 16.5
    assert by_code["48"].counts.open == 1
    assert roll_up(world.actor("thu"), world.body("BTP"), TODAY, hierarchy=Hierarchy.SECTOR).lines == []
