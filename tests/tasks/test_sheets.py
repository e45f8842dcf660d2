"""Lists of tasks come back: what becomes a report, what a new task, what is refused, and that nothing is half done."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from docx import Document as WordDocument

from tests.directives.samples import load_sample_groups
from tests.world import NOW, TODAY, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.ledger.models import Entry
from thuocdo.tasks.files import LAYOUTS, Cover, SheetRefused, read_sheet, word_document
from thuocdo.tasks.models import Collective, Report, Task, Transition
from thuocdo.tasks.operations import assign_many, extend, import_sheet, plan_import, report_progress
from thuocdo.tasks.queries import Rhythm, State, lines

from .lists import (
    DEADLINE,
    FIRST,
    LEAD,
    PROGRESS,
    RESULT,
    STAMP,
    TITLE,
    edited,
    exported,
    new_rows,
    opened,
    read,
    saved,
    taken_over,
)
from .samples import completed, description, given, reported, submitted, taken_on


def faults(world: World, cells: Any, person: str = "lan") -> list[tuple[int, str, str]]:
    """Row, field and code of everything that is wrong."""
    plan = plan_import(actor=world.actor(person), at=NOW, sheet=read(cells))
    return [(fault.row, fault.field, fault.code) for fault in plan.faults]


# --- known tasks ---


def test_a_list_that_nobody_changed_changes_nothing(world: World) -> None:
    reported(world)
    given(world, title="- Việc có gạch đầu dòng", deadline_raw="Thường xuyên", deadline_kind="recurring", due_on=None)
    before = Entry.objects.count()
    for layout in LAYOUTS:
        done = import_sheet(actor=world.actor("lan"), at=NOW, sheet=read_sheet(exported(layout), "a.xlsx"))
        assert (done.entry, done.plan.unchanged, done.plan.faults) == (None, 2, [])
    assert Entry.objects.count() == before


def test_progress_and_result_become_a_report_of_the_lead_body(world: World) -> None:
    task = reported(world)
    done = taken_over(world, edited({(0, PROGRESS): 0.6, (0, RESULT): "Đã rà soát 60 văn bản"}))
    (change,) = done.plan.changes
    assert [(one.field, one.before, one.after) for one in change.differences] == [
        ("progress", "40%", "60%"),
        ("result", "Đã rà soát 40 văn bản", "Đã rà soát 60 văn bản"),
    ]
    task.refresh_from_db()
    assert (task.progress, task.state, task.reported_on) == (60, State.IN_PROGRESS, TODAY)
    newest = Report.objects.latest("pk")
    assert (newest.text, newest.progress, newest.by_label) == ("Đã rà soát 60 văn bản", 60, world.actor("lan").label)
    assert Transition.objects.latest("pk").step == "report_progress"
    # One entry for all of it, with a seal over the rows.
    entry = Entry.objects.latest("number")
    assert (entry.number, entry.event, entry.subject) == (done.entry, "tasks.sheet.imported", "tasks")
    assert '"changed":1' in entry.data
    assert '"root":"' in entry.data
    assert "rà soát" not in entry.data


@pytest.mark.parametrize("typed", [0.6, 60, "60%", "60", "60 %", "60% – đang thực hiện, trong hạn"])
def test_percent_is_understood_as_people_type_it(world: World, typed: Any) -> None:
    reported(world)
    (change,) = plan_import(actor=world.actor("lan"), at=NOW, sheet=read(edited({(0, PROGRESS): typed}))).changes
    assert change.progress == 60
    # Without a new text the last result still holds.
    assert change.text == "Đã rà soát 40 văn bản"


@pytest.mark.parametrize(
    ("typed", "code"), [("Hoàn thành", "progress_unclear"), (120, "progress_unclear"), ("sắp xong", "progress_unclear")]
)
def test_progress_that_is_no_percent_is_refused(world: World, typed: Any, code: str) -> None:
    reported(world)
    assert faults(world, edited({(0, PROGRESS): typed})) == [(FIRST + 1, "progress", code)]


def test_the_status_that_holds_anyway_is_no_change(world: World) -> None:
    reported(world)
    assert faults(world, edited({(0, PROGRESS): "Đang thực hiện"})) == []
    assert plan_import(actor=world.actor("lan"), at=NOW, sheet=read(edited({(0, PROGRESS): "Trong hạn"}))).unchanged


def test_whoever_reports_on_a_given_task_takes_it_on(world: World) -> None:
    task = given(world)
    done = taken_over(world, edited({(0, PROGRESS): 10, (0, RESULT): "Đã lập kế hoạch"}))
    assert done.plan.changes[0].accepts
    task.refresh_from_db()
    assert (task.state, task.accepted_on) == (State.IN_PROGRESS, TODAY)
    steps = Transition.objects.order_by("pk").values_list("step", "from_state", "to_state")
    assert list(steps)[-2:] == [
        ("accept_assignment", "assigned", "accepted"),
        ("report_progress", "accepted", "in_progress"),
    ]


def test_a_report_without_any_result_is_refused(world: World) -> None:
    taken_on(world)
    assert faults(world, edited({(0, PROGRESS): 10})) == [(FIRST + 1, "result", "empty")]


def test_an_emptied_cell_takes_nothing_away(world: World) -> None:
    reported(world)
    plan = plan_import(actor=world.actor("lan"), at=NOW, sheet=read(edited({(0, RESULT): "", (0, PROGRESS): ""})))
    assert (plan.unchanged, plan.changes, plan.faults) == (1, [], [])


@pytest.mark.parametrize("make", [submitted, completed])
def test_a_task_that_is_handed_in_takes_no_report(world: World, make: Any) -> None:
    make(world)
    assert faults(world, edited({(0, RESULT): "Làm thêm"})) == [(FIRST + 1, "result", "not_in_this_state")]


@pytest.mark.parametrize("person", ["thu", "dung", "minh"])
def test_only_the_focal_point_of_the_lead_body_reports(world: World, person: str) -> None:
    reported(world)
    assert faults(world, edited({(0, RESULT): "Đã xong"}), person) == [(FIRST + 1, "result", "not_lead")]


def test_a_task_one_may_not_see_is_unknown(world: World) -> None:
    reported(world)
    assert faults(world, edited({(0, RESULT): "Đã xong"}), "an") == [(FIRST + 1, "code", "unknown")]
    with pytest.raises(NotAllowed):
        taken_over(world, edited({}), "binh")


@pytest.mark.parametrize(
    ("column", "content", "code"),
    [
        (DEADLINE, date(2026, 12, 31), "deadline_fixed"),
        (DEADLINE, "Quý IV/2026", "deadline_fixed"),
        (LEAD, "Bộ Y tế", "lead_fixed"),
        (TITLE, "Việc khác hẳn", "order_fixed"),
    ],
)
def test_the_order_itself_does_not_change_through_a_sheet(world: World, column: int, content: Any, code: str) -> None:
    task = reported(world)
    assert [one[2] for one in faults(world, edited({(0, column): content}))] == [code]
    plan = plan_import(actor=world.actor("lan"), at=NOW, sheet=read(edited({(0, column): content})))
    assert task.code in plan.faults[0].message


def test_the_same_deadline_in_other_words_is_no_change(world: World) -> None:
    given(world, due_on=date(2026, 12, 31))
    for words in ("31/12/2026", "2026", "Quý IV/2026", "12/2026", "2026-12-31"):
        assert faults(world, edited({(0, DEADLINE): words})) == [], words


def test_what_a_body_asks_for_is_kept_with_its_report(world: World) -> None:
    reported(world)
    cells = edited({(0, 6): "Đề nghị bố trí kinh phí"}, layout="party")
    assert taken_over(world, cells).entry
    assert Report.objects.latest("pk").text == "Đã rà soát 40 văn bản\n\nĐề xuất, kiến nghị: Đề nghị bố trí kinh phí"
    # It stands in its own column again, a report on the result keeps it, and the same sheet changes nothing more.
    assert opened(exported("party"))[FIRST][6] == "Đề nghị bố trí kinh phí"
    assert taken_over(world, cells).entry is None
    assert taken_over(world, edited({(0, RESULT): "Đã rà soát 50 văn bản"})).entry
    assert Report.objects.latest("pk").text.endswith("Đề xuất, kiến nghị: Đề nghị bố trí kinh phí")


# --- conflicts ---


def test_what_others_reported_meanwhile_is_shown_and_not_written_over(world: World) -> None:
    task = reported(world)
    mine = edited({(0, RESULT): "Kết quả của tôi"})
    report_progress(actor=world.actor("lan"), at=NOW, task=task, text="Kết quả của người khác", progress=55)
    plan = plan_import(actor=world.actor("lan"), at=NOW, sheet=read(mine))
    assert [(one.field, one.code, one.now) for one in plan.faults] == [
        ("progress", "conflict", "55% – đang thực hiện, trong hạn"),
        ("result", "conflict", "Kết quả của người khác"),
    ]
    assert taken_over(world, mine).entry is None
    assert Report.objects.count() == 2


def test_a_row_left_alone_is_not_taken_back_to_what_it_was(world: World) -> None:
    task = reported(world)
    old = edited({})
    report_progress(actor=world.actor("lan"), at=NOW, task=task, text="Mới hơn", progress=55)
    done = taken_over(world, old)
    assert (done.entry, done.plan.unchanged) == (None, 1)


def test_a_deadline_moved_meanwhile_does_not_stand_in_the_way_of_a_report(world: World) -> None:
    task = reported(world)
    mine = edited({(0, RESULT): "Đã xong phần một"})
    extend(
        actor=world.actor("thu"),
        at=NOW,
        task=task,
        new_due_on=date(2026, 11, 30),
        decision_number="12/QĐ",
        reason="Chờ luật",
    )
    assert taken_over(world, mine).entry
    task.refresh_from_db()
    assert task.due_on == date(2026, 11, 30)


def test_the_same_sheet_twice_changes_nothing_the_second_time(world: World) -> None:
    reported(world)
    cells = edited({(0, RESULT): "Đã rà soát 60 văn bản", (0, PROGRESS): 60})
    assert taken_over(world, cells).entry
    again = taken_over(world, cells)
    assert (again.entry, again.plan.unchanged, again.plan.faults) == (None, 1, [])
    assert Report.objects.count() == 2


def test_what_changed_since_the_preview_is_shown_again_first(world: World) -> None:
    task = reported(world)
    cells = edited({(0, RESULT): "Của tôi"})
    agreed = plan_import(actor=world.actor("lan"), at=NOW, sheet=read(cells)).mark
    for row in cells[FIRST:]:
        row[STAMP] = ""  # A sheet from elsewhere, which cannot tell who changed what.
    assert plan_import(actor=world.actor("lan"), at=NOW, sheet=read(cells)).mark == agreed
    report_progress(actor=world.actor("lan"), at=NOW, task=task, text="Của người khác", progress=55)
    done = taken_over(world, cells, expected=agreed)
    assert (done.entry, done.has_moved) == (None, True)


def test_all_or_none_or_the_good_rows(world: World) -> None:
    for number in range(3):
        reported(world, title=f"Việc {number}")
    cells = edited({(0, RESULT): "Tốt", (1, PROGRESS): 400, (2, RESULT): "Cũng tốt"})
    assert taken_over(world, cells).entry is None
    assert Report.objects.count() == 3
    done = taken_over(world, cells, on_error="keep_good")
    assert (len(done.plan.changes), done.plan.bad_rows, Report.objects.count()) == (2, 1, 5)


def test_a_code_stands_once(world: World) -> None:
    reported(world)
    cells = edited({})
    cells.append(list(cells[FIRST]))
    assert faults(world, cells) == [(FIRST + 2, "code", "twice")]


def test_the_list_comes_back_from_word_as_well(world: World) -> None:
    task = reported(world)
    content = word_document(lines(Task.objects.all(), TODAY), layout=LAYOUTS["government"], cover=Cover("", TODAY))
    document = WordDocument(io.BytesIO(content))
    document.tables[1].rows[1].cells[RESULT].paragraphs[0].runs[0].text = "Sửa trong Word"
    kept = io.BytesIO()
    document.save(kept)
    report_progress(actor=world.actor("lan"), at=NOW, task=task, text="Của người khác", progress=40)
    plan = plan_import(actor=world.actor("lan"), at=NOW, sheet=read_sheet(kept.getvalue(), "a.docx"))
    assert [(one.field, one.code, one.given) for one in plan.faults] == [("result", "conflict", "Sửa trong Word")]


# --- new tasks ---


@pytest.mark.parametrize(
    ("written", "kind", "last", "rhythm"),
    [
        ("2025", "within_year", date(2025, 12, 31), Rhythm.NONE),
        (2030, "within_year", date(2030, 12, 31), Rhythm.NONE),
        ("6/2025", "within_month", date(2025, 6, 30), Rhythm.NONE),
        ("Quý II/2025", "within_quarter", date(2025, 6, 30), Rhythm.NONE),
        ("31/12/2026", "by", date(2026, 12, 31), Rhythm.NONE),
        (date(2026, 12, 31), "by", date(2026, 12, 31), Rhythm.NONE),
        (46387, "by", date(2026, 12, 31), Rhythm.NONE),
        ("Thường xuyên", "recurring", None, Rhythm.NONE),
        ("Hằng năm", "recurring", date(2026, 12, 31), Rhythm.YEAR),
        ("2025 và những năm tiếp theo", "recurring", date(2026, 12, 31), Rhythm.YEAR),
        ("2028 và những năm tiếp theo", "within_year", date(2028, 12, 31), Rhythm.NONE),
        ("", "none", None, Rhythm.NONE),
    ],
)
def test_a_row_without_a_code_becomes_a_task_whatever_way_its_deadline_is_written(
    world: World, written: Any, kind: str, last: date | None, rhythm: Rhythm
) -> None:
    cells = new_rows({"Nhiệm vụ": "Xây dựng đề án", "Thời hạn": written, "Cơ quan chủ trì": "Bộ Y tế"})
    assert taken_over(world, cells, "thu").entry
    task = Task.objects.get()
    assert (task.deadline_kind, task.due_on, task.rhythm, task.lead.code) == (kind, last, rhythm, "BYT")
    assert (task.state, task.assigned_by.code) == (State.ASSIGNED, "VPTW")
    assert task.assigned_on <= (last or TODAY)
    # The same sheet again gives nothing twice, and the list made of it neither.
    again = taken_over(world, cells, "thu")
    assert (again.entry, again.plan.unchanged, again.plan.faults) == (None, 1, [])


def test_the_reading_of_a_deadline_is_told_before_it_is_taken(world: World) -> None:
    cells = new_rows({"Nhiệm vụ": "Đề án", "Thời hạn": "Quý II/2025", "Cơ quan chủ trì": "BTP"})
    (added,) = plan_import(actor=world.actor("thu"), at=NOW, sheet=read(cells)).additions
    assert added.notes == (
        "Thời hạn hiểu là từ 01/04/2025 đến hết 30/06/2025.",
        "Không có ngày giao; lấy 01/04/2025. Thêm cột “Ngày giao” nếu là ngày khác.",
    )


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ({"Nhiệm vụ": "Việc", "Thời hạn": "khi nào xong", "Cơ quan chủ trì": "BTP"}, "deadline", "deadline_unclear"),
        ({"Nhiệm vụ": "Việc", "Thời hạn": "Quý IV", "Cơ quan chủ trì": "BTP"}, "deadline", "deadline_unclear"),
        ({"Nhiệm vụ": "Việc", "Thời hạn": "31/02/2027", "Cơ quan chủ trì": "BTP"}, "deadline", "deadline_unclear"),
        ({"Nhiệm vụ": "Việc", "Thời hạn": "2027", "Cơ quan chủ trì": "Bộ Phép thuật"}, "lead", "lead_unsettled"),
        ({"Nhiệm vụ": "Việc", "Thời hạn": "2027", "Cơ quan chủ trì": ""}, "lead", "lead_missing"),
        ({"Nhiệm vụ": "", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP"}, "title", "empty"),
        (
            {"Nhiệm vụ": "Việc", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP", "Văn bản giao": "99-TB/XY"},
            "document",
            "document_unknown",
        ),
        (
            {"Nhiệm vụ": "Việc", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP", "Tiến độ": 10, "Kết quả": "Đã làm"},
            "result",
            "not_lead",
        ),
        ({"Nhiệm vụ": "Việc", "Thời hạn": "2026", "Ngày giao": "1/1/2027", "Cơ quan chủ trì": "BTP"}, None, None),
    ],
)
def test_a_new_row_that_is_wrong_says_where_and_how_to_mend_it(
    world: World, row: dict[str, Any], field: str | None, code: str | None
) -> None:
    cells = new_rows({"Nhiệm vụ": "Việc đúng", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP"}, row)
    (fault,) = faults(world, cells, "thu")
    assert fault[0] == 3
    if field is not None:
        assert fault[1:] == (field, code)


def test_only_who_may_assign_adds_tasks(world: World) -> None:
    cells = new_rows({"Nhiệm vụ": "Việc mới", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP"})
    assert faults(world, cells, "lan") == [(2, "lead", "not_allowed")]


def test_several_names_give_one_lead_and_co_ordinators(world: World) -> None:
    cells = new_rows(
        {
            "Nội dung": "Việc chung",
            "Hạn hoàn thành": "2027",
            "Đơn vị chủ trì": "Bộ Y tế; Bộ Nội vụ",
            "Đơn vị phối hợp": "Bộ Tư pháp\nCác cơ quan liên quan",
        }
    )
    assert taken_over(world, cells, "thu").entry
    task = Task.objects.get()
    assert (task.lead.code, task.also_coordinating) == ("BYT", "Các cơ quan liên quan")
    assert [row.body.code for row in task.coordinations.order_by("position")] == ["BNV", "BTP"]


def test_an_order_to_a_group_gives_every_body_its_own_task(world: World) -> None:
    load_sample_groups(world)
    cells = new_rows({"Nhiệm vụ": "Rà soát", "Thời hạn": "2027", "Cơ quan chủ trì": "Các bộ, ngành"})
    done = taken_over(world, cells, "thu")
    assert done.entry
    assert Task.objects.count() == len(done.plan.additions[0].bodies) > 2
    assert Collective.objects.get().instances.count() == Task.objects.count()
    assert taken_over(world, cells, "thu").entry is None


def test_a_row_given_twice_in_a_sheet_is_told(world: World) -> None:
    row = {"Nhiệm vụ": "Việc", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP"}
    assert faults(world, new_rows(row, row), "thu") == [(3, "title", "twice")]


def test_an_import_by_the_instance_itself_also_reports(world: World) -> None:
    row = {"Nhiệm vụ": "Việc cũ", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP", "Tiến độ": "30%", "Kết quả": "Đã làm"}
    sheet = read(new_rows(row))
    assert import_sheet(actor=world.machine, at=NOW, sheet=sheet, assigning_body=world.body("VPTW")).entry
    task = Task.objects.get()
    assert (task.state, task.progress, task.reports.get().text) == (State.IN_PROGRESS, 30, "Đã làm")
    assert import_sheet(actor=world.machine, at=NOW, sheet=sheet, assigning_body=world.body("VPTW")).entry is None


# --- sheets as they are ---


def test_two_rows_of_headings_numbered_columns_and_groups_of_rows(world: World) -> None:
    cells: Any = [
        ["BÁO CÁO"],
        ["TT", "Nội dung", "Thời hạn", "Đơn vị thực hiện", "Tình hình", ""],
        ["", "", "", "", "Tỷ lệ hoàn thành (%)", "Kết quả thực hiện"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["I", "Nhóm nhiệm vụ thể chế"],
        [1, "Việc một", "2027", "BTP", "", ""],
        ["", "", "", "", "", ""],
        [2, "Việc hai", "2028", "BTP", "", ""],
    ]
    merged = [(1, 4, 1, 5, "Tình hình"), (1, 1, 2, 1, "Nội dung"), (0, 0, 0, 5, "BÁO CÁO")]
    sheet = read_sheet(saved(cells, merged=merged), "a.xlsx")
    assert [(row.number, row.cells["title"], row.cells["deadline"]) for row in sheet.rows] == [
        (6, "Việc một", "2027"),
        (8, "Việc hai", "2028"),
    ]
    assert sheet.columns.keys() == {"number", "title", "deadline", "lead", "progress", "result"}
    assert sheet.cautions == ["Bỏ qua các dòng chỉ có một ô chữ, là tên nhóm hoặc ghi chú: 5."]


def test_a_merged_cell_holds_for_each_of_its_rows(world: World) -> None:
    cells = new_rows(
        {"Nhiệm vụ": "Một", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP"},
        {"Nhiệm vụ": "Hai", "Thời hạn": "2028", "Cơ quan chủ trì": ""},
    )
    sheet = read_sheet(saved(cells, merged=[(1, 2, 2, 2, "BTP")]), "a.xlsx")
    assert [row.cells["lead"] for row in sheet.rows] == ["BTP", "BTP"]
    assert "ô gộp" in sheet.cautions[0]


def test_other_headings_are_told_beside_those_that_are_expected() -> None:
    with pytest.raises(SheetRefused) as refused:
        read([["Họ tên", "Năm sinh"], ["A", 1990]])
    assert "“Họ tên”, “Năm sinh”" in str(refused.value)
    assert "“Nhiệm vụ”" in str(refused.value)


def test_a_column_of_ones_own_is_passed_over_and_told(world: World) -> None:
    sheet = read(new_rows({"Nhiệm vụ": "A", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP", "Ghi chú": "x"}))
    assert sheet.cautions == ["Cột “Ghi chú” không thuộc mẫu nên không được nhập."]


def test_cells_are_named_as_people_name_them() -> None:
    sheet = read(new_rows({"Nhiệm vụ": "A", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP"}))
    assert (sheet.cell(2, "deadline"), sheet.cell(2, "result")) == ("B2", "2")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "không có nội dung"),
        (b"%PDF-1.4 x", "Chỉ nhập được tệp Excel"),
        (b"PK\x03\x04 hong", "bị hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office đời cũ"),
    ],
)
def test_what_is_no_list_is_refused_with_the_way_out(content: bytes, words: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(content, "danh-sach.xlsx")
    assert words in str(refused.value)


def test_a_cell_in_the_last_corner_does_not_fill_the_memory() -> None:
    cells = new_rows({"Nhiệm vụ": "A", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP"})
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(cells))) as before, zipfile.ZipFile(stream, "w") as after:
        for part in before.namelist():
            text = before.read(part)
            if part == "xl/worksheets/sheet1.xml":
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                text = text.replace(b"</sheetData>", far)
            after.writestr(part, text)
    with pytest.raises(SheetRefused) as refused:
        read_sheet(stream.getvalue(), "a.xlsx")
    assert "1048576" in str(refused.value)


def test_many_rows_cost_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    tasks = [description(world.body("BTP"), title=f"Việc {number}") for number in range(300)]
    assign_many(actor=world.actor("thu"), at=NOW, tasks=tasks)
    cells = edited({(row, RESULT): f"Kết quả {row}" for row in range(300)})
    with django_assert_max_num_queries(25):
        done = taken_over(world, cells)
    assert len(done.plan.changes) == 300
    assert Task.objects.filter(state=State.IN_PROGRESS, reported_on=TODAY).count() == 300
