"""The screens of tasks: the list and what narrows it, the story of one task, its steps, evidence, a task by hand."""

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.directives.samples import found_in, load_sample_groups, receive_notice
from tests.tasks.samples import completed, evidence, given, reported, submitted, taken_on, word_file
from tests.world import NOW, TODAY, World
from thuocdo.accounts.models import RoleHolding
from thuocdo.tasks.models import Evidence, Task
from thuocdo.tasks.operations import (
    assign_from_candidate,
    dispute,
    extend,
    judge_effectiveness,
    report_progress,
    return_result,
)
from thuocdo.tasks.queries import Rhythm, State

Queries = Callable[[int], Any]


@pytest.fixture(autouse=True)
def _on_the_day_of_the_tests() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def signed_in(client: Client, world: World) -> Callable[[str], Client]:
    """`signed_in("lan")`: the client as one of the cast."""

    def as_person(name: str) -> Client:
        client.force_login(world.people[name])
        return client

    return as_person


def take(client: Client, task: Task, word: str, **fields: Any) -> Any:
    return client.post(reverse("task_step", args=[task.code, word]), fields)


def page_of(client: Client, task: Task) -> str:
    answer = client.get(reverse("task", args=[task.code]))
    assert answer.status_code == 200
    return str(answer.text)


def upload(name: str = "danh-muc.docx", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, word_file() if data is None else data)


# The list


def test_the_list_opens_with_what_is_overdue_and_whose(signed_in: Any, world: World) -> None:
    for number in range(3):
        given(world, title=f"Việc muộn {number}", due_on=TODAY - timedelta(days=3), assigned_on=date(2026, 8, 1))
    given(world, "BYT", title="Việc muộn của y tế", due_on=TODAY - timedelta(days=9), assigned_on=date(2026, 8, 1))
    given(world, "BNV", title="Việc sắp đến hạn", due_on=TODAY + timedelta(days=2))
    text = signed_in("thu").get(reverse("tasks")).text
    sentence = text[text.index('class="answer"') : text.index("</p>", text.index('class="answer"'))]
    assert "nhiều nhất là Bộ Tư pháp với" in sentence
    assert ">4</a> nhiệm vụ quá hạn" in sentence
    assert ">1</a> nhiệm vụ đến hạn trong 7 ngày tới" in sentence
    assert text.index("Việc muộn của y tế") < text.index("Việc muộn 0") < text.index("Việc sắp đến hạn")


def test_an_empty_list_says_what_to_do(signed_in: Any, world: World) -> None:
    text = signed_in("thu").get(reverse("tasks")).text
    assert "Chưa có nhiệm vụ nào trong phạm vi bạn được xem" in text
    assert reverse("task_new") in text
    assert reverse("task_new") not in signed_in("minh").get(reverse("tasks")).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tim=DANH+MUC+van+ban", {"danh"}),
        ("tim=ky+su", {"kysu"}),
        ("co_quan=BYT", {"kysu"}),
        ("co_quan=bo+y+te", {"kysu"}),
        ("trong_tam=1", {"kysu"}),
        ("trong_tam=0", {"danh", "xong"}),
        ("den=20/09/2026", {"danh"}),
        ("tu=2026-09-20&den=31.12.2026", {"kysu", "xong"}),
        ("muc=qua-han", set()),
        ("muc=hoan-thanh", {"xong"}),
        ("muc=khong-co", {"danh", "kysu"}),
    ],
)
def test_filters_stand_in_the_address(signed_in: Any, world: World, query: str, found: set[str]) -> None:
    titles = {"danh": "Lập danh mục văn bản", "kysu": "Đào tạo kỹ sư dữ liệu", "xong": "Việc đã xong"}
    given(world, title=titles["danh"], due_on=date(2026, 9, 18))
    given(world, "BYT", title=titles["kysu"], due_on=date(2026, 12, 31), is_core=True)
    completed(world, title=titles["xong"], due_on=date(2026, 10, 15))
    if "muc" not in query:
        query += "&muc=tat-ca"
    text = signed_in("thu").get(f"{reverse('tasks')}?{query}").text
    assert {name for name, title in titles.items() if f">{title}</a>" in text} == found


def test_a_filter_by_document_takes_its_number_or_its_row(signed_in: Any, world: World) -> None:
    task = of_the_notice(world)
    given(world, title="Việc khác")
    for asked in ("41-TB", str(task.document_id)):
        text = signed_in("thu").get(reverse("tasks"), {"van_ban": asked}).text
        assert task.code in text
        assert "Việc khác" not in text


def test_bad_filters_name_the_field_and_the_remedy(signed_in: Any, world: World) -> None:
    given(world)
    text = signed_in("thu").get(reverse("tasks"), {"tu": "31/2/2026", "co_quan": "khong co"}).text
    assert "Không có ngày 31/2/2026 trong lịch" in text
    assert "Không tìm thấy cơ quan nào tên “khong co”" in text
    text = signed_in("thu").get(reverse("tasks"), {"tu": "2/9/2026", "den": "1/9/2026"}).text
    assert "sửa một trong hai ngày" in text


def test_nobody_sees_tasks_of_others(signed_in: Any, world: World) -> None:
    mine, others = given(world, "48", title="Việc của Đà Nẵng"), given(world, title="Việc của Bộ Tư pháp")
    client = signed_in("an")
    text = client.get(reverse("tasks"), {"muc": "tat-ca"}).text
    assert mine.code in text
    assert others.code not in text
    assert "Bộ Tư pháp" not in text
    assert client.get(reverse("task", args=[others.code])).status_code == 404
    assert client.get(reverse("task_story", args=[others.code])).status_code == 404
    assert take(client, others, "nhan-viec").status_code == 404
    others.refresh_from_db()
    assert others.state == State.ASSIGNED


@pytest.mark.parametrize("name", ["tasks", "tasks_export", "task_new", "my_work"])
def test_visitors_are_asked_to_sign_in(client: Client, world: World, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


@pytest.mark.parametrize("person", ["hoa", "quan", "binh"])
def test_roles_without_tasks_are_refused_the_list(signed_in: Any, world: World, person: str) -> None:
    assert signed_in(person).get(reverse("tasks")).status_code == 403


def test_the_counts_follow_what_happens(signed_in: Any, world: World) -> None:
    given(world, title="Một")
    assert ">Còn phải làm <small>1</small>" in signed_in("thu").get(reverse("tasks")).text
    given(world, title="Hai")
    assert ">Còn phải làm <small>2</small>" in signed_in("thu").get(reverse("tasks")).text
    task = given(world, title="Ba")
    take(signed_in("lan"), task, "nhan-viec")
    assert ">Chưa nhận việc <small>2</small>" in signed_in("thu").get(reverse("tasks")).text


def test_the_list_pages_and_sorts_in_few_queries(
    signed_in: Any, world: World, django_assert_max_num_queries: Queries
) -> None:
    for number in range(55):
        given(world, title=f"Việc số {number:02d}", due_on=TODAY + timedelta(days=10 + number))
    client = signed_in("thu")
    with django_assert_max_num_queries(12):
        first = client.get(reverse("tasks"), {"xep": "-han"}).text
    assert "Việc số 54" in first
    assert "Việc số 04" not in first
    assert "1–50 trong 55" in first
    second = client.get(reverse("tasks"), {"xep": "-han", "trang": "2"}).text
    assert "Việc số 04" in second
    # Asked again with nothing new in the ledger: session, person, roles and the newest entry.
    with django_assert_max_num_queries(4):
        assert client.get(reverse("tasks"), {"xep": "-han"}).text.count("Việc số") == first.count("Việc số")


def test_what_is_kept_of_the_list_is_kept_for_one_person_and_one_set_of_roles(signed_in: Any, world: World) -> None:
    given(world, "BYT", title="Việc của y tế")
    given(world, title="Việc của tư pháp")
    assert "Việc của y tế" in signed_in("thu").get(reverse("tasks")).text
    seen = signed_in("lan").get(reverse("tasks")).text
    assert "Việc của tư pháp" in seen
    assert "Việc của y tế" not in seen
    # A role that is gone takes with it what was drawn for it, whether or not the ledger tells of it.
    RoleHolding.objects.filter(user=world.people["lan"]).delete()
    assert signed_in("lan").get(reverse("tasks")).status_code == 403


def test_tasks_without_deadline_stand_last(signed_in: Any, world: World) -> None:
    given(world, title="Không có hạn", due_on=None)
    given(world, title="Có hạn")
    text = signed_in("thu").get(reverse("tasks")).text
    assert text.index("Có hạn") < text.index("Không có hạn")


# The spreadsheet


def test_the_spreadsheet_holds_the_filtered_list_and_runs_nothing(signed_in: Any, world: World) -> None:
    given(world, title='=HYPERLINK("http://xau.vn","bấm vào đây")', deliverable="@SUM(1+1)")
    given(world, "BYT", title="Việc của y tế")
    answer = signed_in("thu").get(reverse("tasks_export"), {"co_quan": "BTP"})
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert "attachment" in answer["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[3][:3] == ["Mã", "Nhiệm vụ", "Cơ quan chủ trì"]
    assert len(rows) == 5
    assert rows[4][1] == '\'=HYPERLINK("http://xau.vn","bấm vào đây")'
    assert rows[4][4] == "'@SUM(1+1)"
    assert rows[4][7] == date(2026, 10, 15)
    assert "Cơ quan chủ trì: Bộ Tư pháp" in str(rows[1][0])


def test_too_long_a_list_is_sent_back_with_a_remedy(
    signed_in: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(world)
    monkeypatch.setattr("thuocdo.web.tasks.export.MOST_ROWS", 0)
    answer = signed_in("thu").get(reverse("tasks_export"), follow=True)
    assert "Lọc theo cơ quan, văn bản hoặc thời hạn rồi tải lại" in answer.text


# The story


def of_the_notice(world: World) -> Task:
    """The first assignment of a notice, confirmed by Thu."""
    load_sample_groups(world)
    candidate = found_in(world, receive_notice(world))[0]
    (task,) = assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=candidate)
    return task


def test_the_story_quotes_the_very_sentence_and_leads_to_its_place(signed_in: Any, world: World) -> None:
    task = of_the_notice(world)
    text = page_of(signed_in("thu"), task)
    assert "<mark>Bộ Tư pháp chủ trì, phối hợp với Bộ Nội vụ" in text
    assert f"{reverse('directive', args=[task.document_id])}#c{task.candidate_id}" in text
    assert "41-TB/BCĐTW" in text
    assert "chưa nhận việc; hạn 14/10/2026, còn 22 ngày làm việc" in text
    # Lan may read the sentence but not the whole document of the Party Central Office.
    lan = page_of(signed_in("lan"), task)
    assert "<mark>Bộ Tư pháp chủ trì" in lan
    assert reverse("directive", args=[task.document_id]) not in lan


def test_the_story_tells_who_by_role_and_body_and_names_nobody(signed_in: Any, world: World) -> None:
    task = submitted(world)
    return_result(actor=world.actor("minh"), at=NOW, task=task, note="Thiếu chữ ký")
    text = page_of(signed_in("thanh"), task)
    assert "đầu mối, Bộ Tư pháp" in text
    assert "người thẩm định, Văn phòng Chính phủ" in text
    assert "“Thiếu chữ ký”" in text
    assert "Phạm Quang Minh" not in text
    assert "Trần Thị Lan" not in text


def test_a_moved_deadline_keeps_its_first_day(signed_in: Any, world: World) -> None:
    task = taken_on(world)
    extend(
        actor=world.actor("thu"),
        at=NOW,
        task=task,
        new_due_on=date(2026, 11, 30),
        decision_number="12-QĐ/VPTW",
        reason="Chờ luật",
    )
    text = page_of(signed_in("lan"), task)
    assert "hạn ban đầu 15/10/2026" in text
    assert "Gia hạn từ 15/10/2026 đến 30/11/2026 theo 12-QĐ/VPTW" in text


def test_the_story_of_a_result_ends_with_its_effect(signed_in: Any, world: World) -> None:
    task = completed(world)
    assert "chưa đánh giá hiệu quả" in page_of(signed_in("son"), task)
    judge_effectiveness(
        actor=world.actor("son"), at=NOW, task=task, effectiveness="effective", note="Khảo sát 400 hồ sơ"
    )
    text = page_of(signed_in("lan"), task)
    assert "có hiệu quả" in text
    assert "“Khảo sát 400 hồ sơ”" in text


def test_what_is_unclear_is_flagged_with_its_remedy(signed_in: Any, world: World) -> None:
    text = page_of(signed_in("thu"), given(world, due_on=None))
    assert "còn thiếu, cần ghi thời hạn" in text
    assert "còn thiếu, cần ghi sản phẩm phải giao nộp và chỉ tiêu đo" in text
    assert "còn thiếu, cần gắn với văn bản giao" in text


def test_instances_of_one_order_stand_beside_each_other(signed_in: Any, world: World) -> None:
    load_sample_groups(world)
    candidate = found_in(world, receive_notice(world))[2]
    tasks = assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=candidate)
    text = page_of(signed_in("thu"), tasks[0])
    assert f"{len(tasks) - 1} cơ quan khác cùng được giao" in text
    listed = signed_in("thu").get(reverse("tasks"), {"nhom": str(tasks[0].collective_id), "muc": "tat-ca"}).text
    assert all(task.code in listed for task in tasks)
    # Hà sees her city's own instance and nothing of the others.
    mine = next(task for task in tasks if task.lead.code == "01")
    assert "cơ quan khác cùng được giao" not in page_of(signed_in("ha"), mine)


def test_the_story_costs_few_queries(signed_in: Any, world: World, django_assert_max_num_queries: Queries) -> None:
    task = of_the_notice(world)
    take(signed_in("lan"), task, "nhan-viec")
    for number in range(4):
        report_progress(
            actor=world.actor("lan"), at=NOW, task=task, text=f"Báo cáo {number}", progress=10, files=[evidence()]
        )
    client = signed_in("dung")
    client.get(reverse("task", args=[task.code]))
    with django_assert_max_num_queries(15):
        client.get(reverse("task", args=[task.code]))


def test_the_open_page_hears_only_of_what_it_does_not_show(signed_in: Any, world: World) -> None:
    task = given(world)
    text = page_of(signed_in("thu"), task)
    assert "tasks.task.changed" in text
    part = reverse("task_story", args=[task.code])
    assert signed_in("thu").get(part, {"ban": "1"}).status_code == 204
    take(signed_in("lan"), task, "nhan-viec")
    news = signed_in("thu").get(part, {"ban": "1"})
    assert news.status_code == 200
    assert "Nhiệm vụ vừa có diễn biến mới" in news.text
    assert "<html" not in news.text


# The steps


STEPS = {
    "ban-hanh",
    "nhan-viec",
    "kien-nghi",
    "quyet-dinh",
    "bao-cao",
    "trinh-ket-qua",
    "phe-duyet",
    "tra-lai",
    "hieu-qua",
    "gia-han",
    "tam-dung",
    "tiep-tuc",
    "huy",
}


@pytest.mark.parametrize(
    ("person", "make", "offered", "main"),
    [
        ("lan", given, {"nhan-viec", "kien-nghi"}, "nhan-viec"),
        ("dung", given, {"nhan-viec", "kien-nghi"}, "nhan-viec"),
        ("minh", given, set(), ""),
        ("thanh", given, set(), ""),
        ("thu", given, {"gia-han", "tam-dung", "huy"}, ""),
        ("lan", taken_on, {"bao-cao", "trinh-ket-qua", "kien-nghi"}, "bao-cao"),
        ("dung", taken_on, {"trinh-ket-qua", "kien-nghi"}, "trinh-ket-qua"),
        ("lan", reported, {"bao-cao", "trinh-ket-qua"}, "bao-cao"),
        ("minh", submitted, {"phe-duyet", "tra-lai"}, "phe-duyet"),
        ("lan", submitted, set(), ""),
        ("son", completed, {"hieu-qua"}, "hieu-qua"),
        ("minh", completed, set(), ""),
    ],
)
def test_the_page_offers_exactly_what_the_reader_may_do(
    signed_in: Any, world: World, person: str, make: Any, offered: set[str], main: str
) -> None:
    task = make(world)
    text = page_of(signed_in(person), task)
    assert {word for word in STEPS if f'action="{reverse("task_step", args=[task.code, word])}"' in text} == offered
    assert text.count('<button class="main">') == (1 if main else 0)
    if main:
        form = text.index(reverse("task_step", args=[task.code, main]))
        assert form < text.index('<button class="main">', form) < text.index("</form>", form)


def test_a_task_goes_its_whole_way_by_its_page(signed_in: Any, world: World) -> None:
    task = given(world)

    def step(person: str, word: str, said: str, **fields: Any) -> None:
        answer = take(signed_in(person), task, word, **fields)
        assert answer.status_code == 302, answer.text
        assert said in page_of(signed_in(person), task)

    step("lan", "nhan-viec", "Tiếp theo: báo cáo tiến độ và trình kết quả chậm nhất ngày 15/10/2026")
    step("lan", "bao-cao", "Đã ghi báo cáo, tiến độ 40%", text="Xong phần rà soát", progress="40")
    files = [upload(), upload("bieu.csv", "mục,số\na,1".encode())]
    step("lan", "trinh-ket-qua", "Đã trình kết quả", text="Đã ban hành", evidence=files)
    step("minh", "tra-lai", "Đã trả lại. Bộ Tư pháp sẽ bổ sung", note="Thiếu phụ lục")
    step("lan", "trinh-ket-qua", "Đã trình kết quả", text="Đã bổ sung phụ lục")
    step("minh", "phe-duyet", "Đã phê duyệt, nhiệm vụ hoàn thành", note="")
    step("son", "hieu-qua", "Đã ghi đánh giá hiệu quả", effectiveness="effective", note="Số ngày giải quyết giảm")
    task.refresh_from_db()
    assert (task.state, task.effectiveness) == ("completed", "effective")
    assert Evidence.objects.filter(report__task=task).count() == 2


def test_the_standing_office_steers_by_the_page(signed_in: Any, world: World) -> None:
    task, client = taken_on(world), signed_in("thu")
    take(client, task, "gia-han", new_due_on="30/11/2026", decision_number="12-QĐ/VPTW", reason="Chờ luật")
    task.refresh_from_db()
    assert task.due_on == date(2026, 11, 30)
    take(client, task, "tam-dung", reason="Chờ Quốc hội")
    task.refresh_from_db()
    assert task.state == State.SUSPENDED
    assert "Tiếp tục thực hiện" in page_of(client, task)
    take(client, task, "tiep-tuc", note="")
    take(client, task, "huy", reason="Trùng với nhiệm vụ khác")
    task.refresh_from_db()
    assert task.state == State.CANCELLED
    assert "“Trùng với nhiệm vụ khác”" in page_of(client, task)


def test_a_dispute_is_decided_by_a_transfer(signed_in: Any, world: World) -> None:
    task = given(world)
    dispute(actor=world.actor("lan"), at=NOW, task=task, reason="Thuộc Bộ Nội vụ")
    client = signed_in("thu")
    wrong = take(client, task, "quyet-dinh", outcome="transfer", new_lead="", note="Đúng chức năng")
    assert wrong.status_code == 422
    assert "Chưa chọn cơ quan chủ trì mới" in wrong.text
    assert "Đúng chức năng</textarea>" in wrong.text
    done = take(client, task, "quyet-dinh", outcome="transfer", new_lead="noi vu", note="Đúng chức năng")
    assert done.status_code == 302
    task.refresh_from_db()
    assert (task.lead.code, task.state) == ("BNV", "assigned")


@pytest.mark.parametrize(
    ("make", "person", "word", "fields", "message"),
    [
        (given, "lan", "kien-nghi", {"reason": " "}, "Chưa nêu lý do"),
        (taken_on, "lan", "bao-cao", {"text": "Đã làm", "progress": "150"}, "không được lớn hơn 100"),
        (taken_on, "lan", "bao-cao", {"text": "Đã làm", "progress": "nửa"}, "phải là số nguyên"),
        (taken_on, "lan", "bao-cao", {"text": "", "progress": "10"}, "Chưa có nội dung báo cáo"),
        (taken_on, "lan", "trinh-ket-qua", {"text": "Đã xong"}, "Chưa có minh chứng"),
        (submitted, "minh", "tra-lai", {"note": ""}, "Chưa ghi ý kiến"),
        (completed, "son", "hieu-qua", {"note": "Căn cứ"}, "Chưa chọn kết luận"),
        (taken_on, "thu", "gia-han", {"new_due_on": "31/2/2027"}, "Không có ngày 31/2/2027 trong lịch"),
        (taken_on, "thu", "gia-han", {"new_due_on": "1/10/2026", "decision_number": "1"}, "phải sau thời hạn hiện nay"),
        (taken_on, "thu", "gia-han", {"new_due_on": "1/12/2026", "reason": "x"}, "Chưa có số quyết định"),
        (taken_on, "thu", "tam-dung", {"reason": ""}, "Chưa nêu lý do"),
        (taken_on, "thu", "huy", {"reason": ""}, "Chưa nêu lý do"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    signed_in: Any, world: World, make: Any, person: str, word: str, fields: dict[str, str], message: str
) -> None:
    task = make(world)
    before = task.transitions.count()
    answer = take(signed_in(person), task, word, **fields)
    assert answer.status_code == 422
    form = answer.text[answer.text.index(f'action="{reverse("task_step", args=[task.code, word])}"') :]
    form = form[: form.index("</form>")]
    assert message in form
    for typed in fields.values():
        assert typed.strip() in form
    assert task.transitions.count() == before


def test_a_refused_file_keeps_the_text_and_asks_for_the_files_again(signed_in: Any, world: World) -> None:
    task = taken_on(world)
    client = signed_in("lan")
    bad = upload("virus.docx", b"MZ\x90\x00 not a document")
    answer = take(client, task, "trinh-ket-qua", text="Đã ban hành quyết định", evidence=[upload(), bad])
    assert answer.status_code == 422
    assert "virus.docx" in answer.text
    assert "Đã ban hành quyết định</textarea>" in answer.text
    assert not Evidence.objects.exists()
    empty = take(client, task, "trinh-ket-qua", text="Đã xong", evidence=[upload("trong.pdf", b"")])
    assert "không có nội dung" in empty.text
    answer = take(client, task, "trinh-ket-qua", text=" ", evidence=[upload()])
    assert "Trình duyệt không giữ được tệp đã chọn; chọn lại tệp" in answer.text


def test_too_large_a_file_is_not_read(signed_in: Any, world: World, settings: Any) -> None:
    settings.MAX_UPLOAD = 1_000_000
    answer = take(
        signed_in("lan"),
        taken_on(world),
        "bao-cao",
        text="a",
        progress="1",
        evidence=[upload("a.pdf", b"%PDF-" * 300_000)],
    )
    assert answer.status_code == 422
    assert "lớn hơn 1 MB" in answer.text


def test_a_step_that_is_over_says_so_and_keeps_what_was_typed(signed_in: Any, world: World) -> None:
    task = submitted(world)
    return_result(actor=world.actor("minh"), at=NOW, task=task, note="Thiếu")
    answer = take(signed_in("thu"), task, "tra-lai", note="Cần bổ sung phụ lục 2")
    assert answer.status_code == 422
    assert "tải lại trang để xem trạng thái mới nhất" in answer.text
    assert "Cần bổ sung phụ lục 2</textarea>" in answer.text


def test_steps_of_others_are_refused(signed_in: Any, world: World) -> None:
    task = given(world)
    assert take(signed_in("thanh"), task, "nhan-viec").status_code == 403
    assert take(signed_in("lan"), task, "huy", reason="Không muốn làm").status_code == 403
    assert take(signed_in("lan"), task, "khong-co").status_code == 404
    assert signed_in("lan").get(reverse("task_step", args=[task.code, "nhan-viec"])).status_code == 405
    task.refresh_from_db()
    assert task.state == State.ASSIGNED


def test_what_people_write_is_shown_as_text(signed_in: Any, world: World) -> None:
    task = given(world, title="<script>alert(1)</script>", deliverable="<img src=x onerror=alert(1)>")
    dispute(actor=world.actor("lan"), at=NOW, task=task, reason="<b>đậm</b>")
    text = page_of(signed_in("thu"), task)
    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text
    assert "&lt;b&gt;đậm&lt;/b&gt;" in text


def test_a_recurring_task_ends_only_when_its_last_time_is_approved(signed_in: Any, world: World) -> None:
    task = submitted(world, due_on=None, rhythm=Rhythm.QUARTER)
    text = page_of(signed_in("minh"), task)
    assert "kết thúc nhiệm vụ định kỳ" in text
    assert "Hằng quý" in text
    take(signed_in("minh"), task, "phe-duyet")
    assert "kỳ tiếp theo có hạn 31/12/2026" in page_of(signed_in("minh"), task)
    assert "kỳ hạn 30/09/2026: phê duyệt 14/09/2026" in page_of(signed_in("lan"), task)


# Evidence


def test_evidence_is_downloaded_by_those_who_may_see_it(signed_in: Any, world: World) -> None:
    task = taken_on(world)
    name = 'Quyết định "số 1";\r\nX-Evil: 1.pdf'
    take(
        signed_in("lan"),
        task,
        "bao-cao",
        text="Đã ký",
        progress="50",
        evidence=[upload(name, b"%PDF-1.7 quyet dinh %%EOF")],
    )
    kept = Evidence.objects.get()
    address = reverse("evidence", args=[kept.pk])
    answer = signed_in("minh").get(address)
    assert answer.content == b"%PDF-1.7 quyet dinh %%EOF"
    assert answer["X-Content-Type-Options"] == "nosniff"
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert "Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh" in disposition
    assert disposition.isascii()
    assert not set("\r\n") & set(disposition)
    assert "X-Evil" not in answer.headers
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "application/pdf"
    assert kept.digest[:12] in page_of(signed_in("minh"), task)
    assert signed_in("an").get(address).status_code == 404
    assert signed_in("quan").get(address).status_code == 404
    assert signed_in("lan").get(reverse("evidence", args=[kept.pk + 1])).status_code == 404


# A task by hand


def new(client: Client, **fields: Any) -> Any:
    values = {"title": "Kết nối kho án lệ", "secrecy": "internal", "viec": "giao"} | fields
    return client.post(reverse("task_new"), values)


def test_the_standing_office_assigns_by_hand(signed_in: Any, world: World) -> None:
    answer = new(
        signed_in("thu"),
        lead="tu phap",
        coordinators="y te; noi vu",
        deliverable="Quyết định",
        target="100% án lệ",
        due_on="31/12/2026",
        is_core="on",
    )
    assert answer.status_code == 302
    task = Task.objects.get()
    assert (task.lead.code, task.due_on, task.is_core, task.target) == ("BTP", date(2026, 12, 31), True, "100% án lệ")
    assert [row.body.code for row in task.coordinations.order_by("position")] == ["BYT", "BNV"]
    assert "Bộ Tư pháp sẽ nhận việc hoặc kiến nghị giao lại" in page_of(signed_in("thu"), task)


def test_a_draft_is_seen_by_its_side_only_until_it_is_issued(signed_in: Any, world: World) -> None:
    new(signed_in("thu"), lead="BTP", viec="du-thao")
    task = Task.objects.get()
    assert signed_in("lan").get(reverse("task", args=[task.code])).status_code == 404
    assert "Dự thảo giao Bộ Tư pháp" in page_of(signed_in("thu"), task)
    assert take(signed_in("thu"), task, "ban-hanh").status_code == 302
    assert "chưa nhận việc" in page_of(signed_in("lan"), task)


def test_a_group_gives_each_body_its_own(signed_in: Any, world: World) -> None:
    load_sample_groups(world)
    answer = new(signed_in("thu"), group="provincial_peoples_committees", due_on="31/12/2026")
    assert answer.status_code == 302
    assert set(Task.objects.values_list("lead__code", flat=True)) == {"01", "48"}
    assert "Đã giao 2 nhiệm vụ" in signed_in("thu").get(answer["Location"]).text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"lead": "BTP", "due_on": "31/2/2027"}, "Không có ngày 31/2/2027 trong lịch"),
        ({"lead": "BTP", "due_on": "cuối năm"}, "chưa đúng dạng ngày"),
        ({"lead": "BTP", "due_on": "01/09/2026"}, "Thời hạn 01/09/2026 trước ngày giao 14/09/2026"),
        ({"lead": "BTP", "assigned_on": "01/10/2026"}, "sửa lại ngày giao"),
        ({"lead": "BTP", "title": " "}, "Chưa có tên nhiệm vụ"),
        ({"lead": ""}, "Chưa có cơ quan chủ trì"),
        ({"lead": "van phong"}, "Có nhiều cơ quan khớp"),
        ({"lead": "Bộ Không có"}, "Không tìm thấy cơ quan nào"),
        ({"lead": "BTP", "group": "provincial_peoples_committees"}, "bỏ một trong hai"),
        ({"group": "provincial_peoples_committees", "viec": "du-thao"}, "Dự thảo chỉ lập cho một cơ quan"),
        ({"lead": "BTP", "due_on": "31/12/2026", "rhythm": "month"}, "bỏ thời hạn hoặc chọn"),
        ({"lead": "BTP", "secrecy": "top_secret"}, "secrecy"),
    ],
)
def test_what_is_wrong_with_a_new_task_is_named(
    signed_in: Any, world: World, fields: dict[str, str], message: str
) -> None:
    load_sample_groups(world)
    answer = new(signed_in("thu"), deliverable="Báo cáo đánh giá", **fields)
    assert answer.status_code == 422
    assert message in answer.text
    assert "Báo cáo đánh giá</textarea>" in answer.text
    assert not Task.objects.exists()


def test_a_body_gives_tasks_of_its_own_within_its_house_only(signed_in: Any, world: World) -> None:
    lan = signed_in("lan")
    page = lan.get(reverse("task_new")).text
    assert "Nhiệm vụ riêng của cơ quan" in page
    assert "Hoặc giao cho cả nhóm cơ quan" not in page
    assert new(lan, lead="BTP", accepting_body="", responsible_post="Vụ trưởng").status_code == 302
    task = Task.objects.get()
    assert (task.is_local, task.is_core, task.responsible_post) == (True, False, "Vụ trưởng")
    assert new(lan, lead="BYT").status_code == 422
    assert Task.objects.count() == 1


@pytest.mark.parametrize("person", ["minh", "quan", "binh"])
def test_others_do_not_assign(signed_in: Any, world: World, person: str) -> None:
    client = signed_in(person)
    assert client.get(reverse("task_new")).status_code == 403
    assert new(client, lead="BTP").status_code == 403
    assert not Task.objects.exists()
