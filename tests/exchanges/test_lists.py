"""Long lists of tasks: looked at and written as work that can be left, killed and gone on with, and nothing twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.tasks.lists import PROGRESS, RESULT, edited, new_rows, saved
from tests.tasks.samples import given, reported
from tests.world import NOW, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.exchanges.lifecycle import Stage
from thuocdo.exchanges.models import ColumnMapping, ImportRun, ImportTally
from thuocdo.exchanges.operations.importing import (
    discard,
    import_at_once,
    map_columns,
    plan_received,
    receive_list,
    write_agreed,
    writing,
)
from thuocdo.exchanges.operations.importing.reading import read_list
from thuocdo.exchanges.operations.mappings import (
    change_mapping,
    remember_columns,
    restore_mapping,
    retire_mapping,
)
from thuocdo.exchanges.operations.refusals import ExchangeRefused
from thuocdo.exchanges.queries.imports import imports_left
from thuocdo.ledger.models import Entry
from thuocdo.tasks.files import HeadingsUnknown, SheetRefused
from thuocdo.tasks.models import Report, Task
from thuocdo.tasks.operations import report_progress

from .scenes import STRANGE, agreed, brought, register, written

GOOD = {"Nhiệm vụ": "Việc mới", "Thời hạn": "2030", "Cơ quan chủ trì": "Bộ Y tế"}


def many(number: int, wrong: tuple[int, ...] = ()) -> list[list[Any]]:
    """New rows, of which these have a deadline that nobody understands."""
    return new_rows(
        *(
            GOOD | {"Nhiệm vụ": f"Việc số {row}", "Thời hạn": "mai kia" if row in wrong else "2030"}
            for row in range(number)
        )
    )


# --- a list on its way in ---


def test_a_list_is_kept_looked_at_and_written_in_three_steps(world: World) -> None:
    reported(world)
    run = receive_list(
        actor=world.actor("lan"), at=NOW, content=saved(edited({(0, PROGRESS): 0.6})), name="danh-sach.xlsx"
    )
    assert (run.stage, run.rows, Report.objects.count()) == (Stage.RECEIVED, 1, 1)
    assert plan_received(at=NOW, number=run.pk) is not None
    run.refresh_from_db()
    assert (run.stage, run.changed, run.added, run.checked) == (Stage.PLANNED, 1, 0, 1)
    (row,) = run.preview["changed"]
    assert [(cell["before"], cell["after"]) for cell in row["cells"]] == [("40%", "60%")]
    # Whoever looks again finds that done.
    assert plan_received(at=NOW, number=run.pk) is None
    run = written(world, run)
    assert (run.stage, run.changed, Report.objects.count()) == (Stage.FINISHED, 1, 2)
    assert write_agreed(at=NOW, number=run.pk) is None
    assert Report.objects.count() == 2
    assert list(Entry.objects.order_by("number").values_list("event", flat=True))[-3:] == [
        "exchanges.import.received",
        "exchanges.import.agreed",
        "tasks.sheet.imported",
    ]
    assert ImportTally.objects.values_list("body__code", "reports", "cells", "is_reuse").get() == ("BTP", 1, 1, False)


def test_the_same_list_twice_changes_nothing(world: World) -> None:
    cells = many(4)
    assert written(world, brought(world, cells, "thu"), person="thu").added == 4
    again = brought(world, cells, "thu")
    assert (again.changed, again.added, again.unchanged, again.refused) == (0, 0, 4, 0)


@pytest.mark.parametrize("stopped_at", ["before the first chunk", "inside a chunk", "between two chunks"])
def test_the_good_rows_are_gone_on_with_where_the_worker_was_killed(
    world: World, monkeypatch: pytest.MonkeyPatch, stopped_at: str
) -> None:
    monkeypatch.setattr(writing, "CHUNK", 3)
    run = agreed(world, brought(world, many(10, wrong=(4,)), "thu"), "keep_good", "thu")
    assert run.refused == 1
    stops = {
        "before the first chunk": ("look_at", 1),
        "inside a chunk": ("write_plan", 2),
        "between two chunks": ("look_at", 3),
    }
    name, call = stops[stopped_at]
    broken, place = (writing.look_at, "look_at") if name == "look_at" else (writing.write_plan, "write_plan")
    calls = 0

    def killed(**values: Any) -> Any:
        nonlocal calls
        calls += 1
        result = broken(**values) if name != "look_at" or calls != call else None
        if calls == call:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(writing, place, killed)
    with pytest.raises(KeyboardInterrupt):
        write_agreed(at=NOW, number=run.pk)
    run.refresh_from_db()
    there = {"before the first chunk": 0, "inside a chunk": 3, "between two chunks": 5}[stopped_at]
    assert (run.stage, Task.objects.count()) == (Stage.AGREED, there)
    monkeypatch.setattr(writing, place, broken)
    # The schedule finds what nobody touched for a while, and only that.
    assert imports_left(untouched_since=NOW) == []
    assert imports_left(untouched_since=NOW + timedelta(minutes=5)) == [run.pk]
    write_agreed(at=NOW, number=run.pk)
    run.refresh_from_db()
    assert (run.stage, run.added, run.attempts, Task.objects.count()) == (Stage.FINISHED, 9, 2, 9)
    assert len(set(Task.objects.values_list("title", flat=True))) == 9
    assert [one["row"] for one in run.preview["wrong"]] == [6]


def test_all_or_none_begins_again_after_a_kill(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run = agreed(world, brought(world, many(5), "thu"), person="thu")
    honest: Callable[..., Any] = writing.write_plan

    def killed(**values: Any) -> Any:
        honest(**values)
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "write_plan", killed)
    with pytest.raises(KeyboardInterrupt):
        write_agreed(at=NOW, number=run.pk)
    assert Task.objects.count() == 0
    monkeypatch.setattr(writing, "write_plan", honest)
    write_agreed(at=NOW, number=run.pk)
    assert Task.objects.count() == 5


def test_looking_is_done_again_after_a_kill_and_given_up_at_last(world: World) -> None:
    run = receive_list(actor=world.actor("thu"), at=NOW, content=saved(many(2)), name="a.xlsx")
    ImportRun.objects.filter(pk=run.pk).update(attempts=1, started_at=NOW)
    assert plan_received(at=NOW, number=run.pk) is not None
    ImportRun.objects.filter(pk=run.pk).update(attempts=5, stage=Stage.RECEIVED)
    plan_received(at=NOW, number=run.pk)
    run.refresh_from_db()
    assert run.stage == Stage.REFUSED
    assert "sau nhiều lần thử" in run.message


def test_what_moved_after_the_yes_is_left_out_and_told(world: World) -> None:
    mine, other = reported(world), given(world, title="Việc hai")
    run = brought(world, edited({(0, RESULT): "Của tôi", (1, RESULT): "Mới làm", (1, PROGRESS): 0.1}))
    report_progress(actor=world.actor("lan"), at=NOW, task=mine, text="Của người khác", progress=50)
    run = written(world, run, "keep_good")
    assert (run.stage, run.changed) == (Stage.FINISHED, 1)
    assert {one["code"] for one in run.preview["wrong"]} == {"conflict"}
    assert Report.objects.filter(task=other).count() == 1
    # With all or none, nothing is written, and the list is shown again.
    third = brought(world, edited({(0, RESULT): "Lần ba"}))
    report_progress(actor=world.actor("lan"), at=NOW, task=mine, text="Lại đổi", progress=60)
    third = written(world, third)
    assert (third.stage, third.changed) == (Stage.PLANNED, 0)
    assert "vừa thay đổi" in third.message


def test_a_yes_counts_for_what_was_seen_and_for_ones_own_list(world: World) -> None:
    run = brought(world, many(2, wrong=(1,)), "thu")
    with pytest.raises(ExchangeRefused, match="Còn dòng có lỗi"):
        agreed(world, run, "refuse_all", "thu")
    run.mark = "anders"
    with pytest.raises(ExchangeRefused, match="đã thay đổi"):
        agreed(world, run, "keep_good", "thu")
    with pytest.raises(NotAllowed):
        discard(actor=world.actor("lan"), at=NOW, run=run)
    discard(actor=world.actor("thu"), at=NOW, run=run)
    run.refresh_from_db()
    assert (run.stage, run.preview, Task.objects.count()) == (Stage.DISCARDED, {}, 0)


@pytest.mark.parametrize("person", ["minh", "quan", "binh"])
def test_who_neither_reports_nor_assigns_brings_no_list(world: World, person: str) -> None:
    with pytest.raises(NotAllowed):
        receive_list(actor=world.actor(person), at=NOW, content=saved(many(1)), name="a.xlsx")


# --- columns of other systems ---


def strange(*rows: list[Any]) -> list[list[Any]]:
    """A list with headings that nobody here knows."""
    return [["DANH SÁCH CỦA HỆ THỐNG LẠ"], [], STRANGE, *rows]


ROW = [1, "A-1", "Việc từ nơi khác", "2030", "Bộ Y tế", ""]
CHOSEN = {"external": 1, "title": 2, "deadline": 3, "lead": 4, "progress": 5}


def test_strange_headings_are_mapped_once_and_remembered(world: World) -> None:
    system, _other = register(world)
    run = receive_list(actor=world.actor("thu"), at=NOW, content=saved(strange(ROW)), name="la.xlsx")
    assert (run.stage, run.preview["table"]["words"]) == (Stage.COLUMNS, STRANGE)
    assert run.preview["table"]["samples"][0][2] == "Việc từ nơi khác"
    map_columns(actor=world.actor("thu"), at=NOW, run=run, name="Nơi khác", columns=CHOSEN, system=system)
    plan_received(at=NOW, number=run.pk)
    run.refresh_from_db()
    assert (run.stage, run.added, run.preview["named"]) == (Stage.PLANNED, 1, 1)
    run = written(world, run, person="thu")
    assert Task.objects.get().title == "Việc từ nơi khác"
    # The next list with the same headings is read at once, in other letters and with another accent of words, too.
    again = strange(ROW, [2, "A-2", "Việc nữa", "2031", "Bộ Y tế", ""])
    again[2] = [word.upper() for word in STRANGE]
    run = brought(world, again, "thu")
    assert run.mapping is not None
    assert (run.mapping.name, run.unchanged, run.added) == ("Nơi khác", 1, 1)
    # The mapping belongs to the body of whoever made it.
    with pytest.raises(HeadingsUnknown):
        read_list(world.actor("lan"), saved(again), "la.xlsx")


def test_likely_columns_are_proposed(world: World) -> None:
    cells = [["Tên đầu việc nhiệm vụ", "Thời điểm hoàn thành", "x"], ["A", "2030", "y"]]
    with pytest.raises(HeadingsUnknown) as told:
        read_list(world.machine, saved(cells), "a.xlsx")
    assert told.value.table.proposed.get("title") == 0


@pytest.mark.parametrize(
    ("columns", "name", "code"),
    [
        ({"deadline": 3}, "Tên", "title_missing"),
        ({"title": 2}, "Tên", "nothing_to_read"),
        ({"title": 2, "deadline": 2}, "Tên", "column_twice"),
        ({"title": 2, "deadline": 3}, " ", "name_missing"),
        ({"external": 1, "deadline": 3}, "Tên", "system_missing"),
    ],
    ids=["no title", "nothing to read", "one column twice", "no name", "no system"],
)
def test_a_mapping_that_makes_no_list_is_refused(world: World, columns: dict[str, int], name: str, code: str) -> None:
    with pytest.raises(ExchangeRefused) as refused:
        remember_columns(
            actor=world.actor("lan"),
            at=NOW,
            body=world.bodies["BTP"],
            name=name,
            headings=STRANGE,
            columns=columns,
        )
    assert refused.value.code == code


def test_a_mapping_is_changed_left_and_brought_back(world: World) -> None:
    lan, body = world.actor("lan"), world.bodies["BTP"]
    columns = {"title": 2, "deadline": 3}
    first = remember_columns(actor=lan, at=NOW, body=body, name="Một", headings=STRANGE, columns=columns)
    other = remember_columns(actor=lan, at=NOW, body=body, name="Hai", headings=STRANGE[:4], columns=columns)
    with pytest.raises(ExchangeRefused, match="đặt tên khác"):
        change_mapping(actor=lan, at=NOW, mapping=other, name="một", columns=columns, system=None)
    change_mapping(actor=lan, at=NOW, mapping=other, name="Ba", columns={"title": 2, "lead": 3}, system=None)
    retire_mapping(actor=lan, at=NOW, mapping=first)
    third = remember_columns(actor=lan, at=NOW, body=body, name="Bốn", headings=STRANGE, columns=columns)
    with pytest.raises(ExchangeRefused, match="cùng tiêu đề"):
        restore_mapping(actor=lan, at=NOW, mapping=first)
    retire_mapping(actor=lan, at=NOW, mapping=third)
    restore_mapping(actor=lan, at=NOW, mapping=first)
    assert set(ColumnMapping.objects.filter(retired_at=None).values_list("name", flat=True)) == {"Một", "Ba"}
    with pytest.raises(NotAllowed):
        remember_columns(actor=world.actor("an"), at=NOW, body=body, name="Lạ", headings=STRANGE, columns=columns)


def test_two_rows_of_headings_and_merged_cells_are_mapped_like_one(world: World) -> None:
    cells = [
        ["Đầu việc được phân", "Chốt", "", "Nơi gánh vác"],
        ["", "Ngày", "Đợt", ""],
        ["Việc một", "2030", "x", "Bộ Y tế"],
        ["Việc hai", "2031", "x", ""],
    ]
    merged = [(0, 0, 1, 0, "Đầu việc được phân"), (0, 1, 0, 2, "Chốt"), (0, 3, 1, 3, "Nơi gánh vác")]
    content = saved(cells, merged=[*merged, (2, 3, 3, 3, "Bộ Y tế")])
    run = receive_list(actor=world.actor("thu"), at=NOW, content=content, name="hai-dong.xlsx")
    assert run.preview["table"]["words"] == ["Đầu việc được phân", "Chốt Ngày", "Chốt Đợt", "Nơi gánh vác"]
    map_columns(
        actor=world.actor("thu"), at=NOW, run=run, name="Hai dòng", columns={"title": 0, "deadline": 1, "lead": 3}
    )
    plan_received(at=NOW, number=run.pk)
    run.refresh_from_db()
    assert [(one["title"], one["lead"]) for one in run.preview["added"]] == [
        ("Việc một", "Bộ Y tế"),
        ("Việc hai", "Bộ Y tế"),
    ]


# --- by command ---


def test_a_command_writes_all_or_the_good_rows(world: World) -> None:
    content = saved(many(3, wrong=(1,)))
    read = read_list(world.machine, content, "a.xlsx")

    def taken(on_error: Any) -> tuple[int, int]:
        plan, run = import_at_once(
            actor=world.machine,
            at=NOW,
            content=content,
            name="a.xlsx",
            read=read,
            on_error=on_error,
            assigning_body=world.bodies["VPTW"],
        )
        return len(plan.faults), run.added

    assert (taken("refuse_all"), Task.objects.count()) == ((1, 0), 0)
    assert (taken("keep_good"), Task.objects.count()) == ((1, 2), 2)
    assert (taken("keep_good"), Task.objects.count()) == ((1, 0), 2)


def test_an_empty_list_is_no_list(world: World) -> None:
    with pytest.raises(SheetRefused, match="không có dòng nào"):
        receive_list(actor=world.actor("thu"), at=NOW, content=saved([list(GOOD)]), name="a.xlsx")
