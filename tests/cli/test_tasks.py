"""`thuocdo tasks export` and `thuocdo tasks import`."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.directives.samples import found_in, receive_notice
from tests.tasks.lists import FIRST, PROGRESS, RESULT, new_rows, opened, saved
from tests.tasks.samples import given, reported
from tests.world import NOW, World
from thuocdo.cli.tasks import tasks
from thuocdo.ledger.models import Entry
from thuocdo.tasks.models import Report, Task
from thuocdo.tasks.operations import assign_from_candidate


def run(*arguments: object) -> Any:
    return CliRunner().invoke(tasks, [str(argument) for argument in arguments])


def said(answer: Any) -> dict[str, Any]:
    """What was printed on the standard output, which is one line of JSON and nothing else."""
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("layout", ["government", "party"])
@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_a_list_goes_out_and_comes_in_unchanged(world: World, tmp_path: Path, layout: str, ending: str) -> None:
    reported(world)
    given(world, title="Việc hai")
    file = tmp_path / f"nhiem-vu.{ending}"
    answer = run("export", file, "--layout", layout)
    assert answer.exit_code == 0, answer.output
    assert "2 nhiệm vụ" in answer.output
    checked = run("import", file, "--check")
    assert checked.exit_code == 0
    assert said(checked) == {"changed": 0, "added": 0, "errors": []}


def test_check_writes_nothing_and_import_does(world: World, tmp_path: Path) -> None:
    reported(world)
    file = tmp_path / "a.xlsx"
    run("export", file)
    cells = opened(file.read_bytes())
    cells[FIRST][PROGRESS], cells[FIRST][RESULT] = 0.75, "Đã rà soát 75 văn bản"
    cells.append(["", "Việc mới", "", "Quý II/2027", "Bộ Y tế"])
    file.write_bytes(saved(cells))
    before = Entry.objects.count()
    assert said(run("import", file, "--check")) == {"changed": 1, "added": 1, "errors": []}
    assert (Entry.objects.count(), Task.objects.count()) == (before, 1)
    answer = run("import", file)
    assert (answer.exit_code, said(answer)) == (0, {"changed": 1, "added": 1, "errors": []})
    assert Report.objects.latest("pk").progress == 75
    assert Task.objects.latest("pk").assigned_by.code == "VPTW"
    assert Entry.objects.latest("number").actor == "system:command"
    assert said(run("import", file)) == {"changed": 0, "added": 0, "errors": []}


def test_errors_say_row_cell_and_remedy_and_stop_everything(world: World, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    good = {"Nhiệm vụ": "Việc đúng", "Thời hạn": "2027", "Cơ quan chủ trì": "BTP"}
    file.write_bytes(saved(new_rows(good, {**good, "Nhiệm vụ": "Việc sai", "Thời hạn": "mai kia"})))
    for arguments in (["--check"], []):
        answer = run("import", file, *arguments)
        assert answer.exit_code == 1
        (error,) = said(answer)["errors"]
        assert (error["row"], error["cell"], error["field"]) == (3, "B3", "deadline")
        assert "31/12/2026" in error["message"]
    assert Task.objects.count() == 0
    kept = run("import", file, "--keep-good")
    assert (kept.exit_code, said(kept)["added"], Task.objects.count()) == (1, 1, 1)


def test_a_file_that_is_no_list_is_an_error_like_others(world: World, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_text("không phải bảng tính")
    answer = run("import", file, "--check")
    assert answer.exit_code == 1
    assert [error["field"] for error in said(answer)["errors"]] == ["file"]


def test_a_person_does_what_that_person_may(world: World, tmp_path: Path) -> None:
    reported(world)
    given(world, "BYT", title="Việc của Bộ Y tế")
    file = tmp_path / "a.xlsx"
    assert "1 nhiệm vụ" in run("export", file, "--user", "lan").output
    cells = opened(file.read_bytes())
    cells[FIRST][RESULT] = "Đã rà soát thêm"
    file.write_bytes(saved(cells))
    assert [one["code"] for one in said(run("import", file, "--user", "an"))["errors"]] == ["unknown"]
    assert said(run("import", file, "--user", "lan"))["changed"] == 1
    assert Report.objects.latest("pk").by_label == world.actor("lan").label
    assert run("import", file, "--user", "binh").exit_code == 2
    assert run("import", file, "--user", "khong-co").exit_code == 2


def test_one_document_and_what_cannot_be(world: World, tmp_path: Path) -> None:
    document = receive_notice(world)
    assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=found_in(world, document)[0])
    given(world, title="Việc khác")
    answer = run("export", tmp_path / "a.xlsx", "--document", document.pk)
    assert "1 nhiệm vụ" in answer.output
    assert run("export", tmp_path / "a.xlsx", "--document", 999_999).exit_code == 2
    assert run("export", tmp_path / "a.pdf").exit_code == 2
    assert run("import", tmp_path / "a.xlsx", "--from", "KHONG").exit_code == 2
