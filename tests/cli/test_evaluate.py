"""`thuocdo extract evaluate`: labelled documents in, figures by kind of document out, errors on request."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from thuocdo.cli.extract import extract

TRAIN = Path(__file__).parents[1] / "extraction_corpus" / "train"
HEAD = "Số: 8/TB-VPCP    Hà Nội, ngày 05 tháng 10 năm 2026\n\n"
TEXT = f"{HEAD}1. Bộ Y tế báo cáo Chính phủ trước ngày 15/11/2026.\n"
LABEL = {
    "doc": "a.txt",
    "start": len(HEAD) + 3,
    "end": len(HEAD) + 50,
    "lead": ["Bộ Y tế"],
    "coordinating": [],
    "action": "báo cáo Chính phủ",
    "deliverable": None,
    "deadline": {"raw": "trước ngày 15/11/2026", "date": "2026-11-14", "kind": "before"},
    "target": None,
    "addressee_kind": "named",
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(extract, ["evaluate", *map(str, arguments)])


def folder(tmp_path: Path, **changes: object) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "labels.jsonl").write_text(json.dumps(LABEL | changes) + "\n", encoding="utf-8")
    return tmp_path


def test_a_table_by_kind_of_document_with_the_total_last() -> None:
    result = run(TRAIN)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("loại văn bản")
    assert [line for line in lines if line.startswith("công điện")]
    assert lines[-1].startswith("tất cả")


def test_json_holds_the_same_figures_for_every_kind_and_overall(tmp_path: Path) -> None:
    result = run(folder(tmp_path), "--json")
    report = json.loads(result.stdout)
    assert report["documents"] == 1
    assert report["overall"]["f1"] == 1.0
    assert report["overall"]["all_right_of_gold"] == 1.0
    assert list(report["genres"].values()) == [report["overall"]]


def test_errors_are_told_with_what_was_wanted_and_what_was_found(tmp_path: Path) -> None:
    wrong = folder(tmp_path, lead=["Bộ Nội vụ"])
    told = run(wrong, "--errors").stdout
    assert "SAI (lead) a.txt" in told
    assert "bộ nội vụ" in told
    assert "bộ y tế" in told
    listed = json.loads(run(wrong, "--errors", "--json").stdout)["errors"]
    assert [error["fields"] for error in listed] == [["lead"]]


def test_the_exit_status_guards_a_floor(tmp_path: Path) -> None:
    missed = folder(tmp_path, start=0, end=1)
    assert run(missed).exit_code == 0
    assert run(missed, "--at-least", "0.9").exit_code == 1


def test_bad_input_is_refused_with_the_line_that_is_wrong(tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere").exit_code == 2
    assert "không có tệp .txt" in run(tmp_path).stderr
    unknown = run(folder(tmp_path, doc="b.txt"))
    assert unknown.exit_code == 2
    assert "dòng 1" in unknown.stderr
    assert "b.txt" in unknown.stderr
    assert run(folder(tmp_path, start=9, end=2)).exit_code == 2
    (tmp_path / "labels.jsonl").write_text("{no json", encoding="utf-8")
    assert run(tmp_path).exit_code == 2


def test_labels_may_stand_elsewhere(tmp_path: Path) -> None:
    place = folder(tmp_path)
    elsewhere = tmp_path / "others.jsonl"
    (place / "labels.jsonl").rename(elsewhere)
    assert run(place).exit_code == 2
    assert run(place, "--labels", elsewhere).exit_code == 0
