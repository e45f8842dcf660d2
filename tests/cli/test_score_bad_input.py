"""What cannot be scored is refused in one line that names the file, the row, the column and the remedy."""

from pathlib import Path

import pytest

from tests.cli.scoring import DATA, PUBLISHED, SPEC, run, written
from thuocdo.cli.score.wording import DATA_PROBLEMS, SENTENCES
from thuocdo.engine.scoring.run.data import MAX_BYTES, read_data
from thuocdo.engine.scoring.run.problems import DataError, DataProblems
from thuocdo.engine.scoring.spec import load_spec

ROW = "Bộ B,55.25,12,,bộ"


def without_values(text: str) -> str:
    """The table with nothing under `satisfied`."""
    lines = text.replace("Bộ A, trung ương", "Bộ A").splitlines()
    return "\n".join([lines[0], *(",".join([*line.split(",")[:3], "", "x"]) for line in lines[1:])])


# What is done to the table; the place that is named; words of the explanation.
CASES = {
    "semicolons": (lambda text: text.replace(",", ";"), "dòng 1", "dấu phẩy"),
    "tabs": (lambda text: text.replace(",", "\t"), "dòng 1", "dấu phẩy"),
    "quoted decimal comma": (lambda t: t.replace(ROW, 'Bộ B,"55,25",12,,bộ'), "dòng 3, cột on_time", "dấu phẩy thập"),
    "bare decimal comma": (lambda text: text.replace(ROW, "Bộ B,55,25,12,,bộ"), "dòng 3", "6 ô"),
    "thousands": (lambda t: t.replace(ROW, 'Bộ B,"1.055,25",12,,bộ'), "dòng 3, cột on_time", "hàng nghìn"),
    "thousands with a space": (lambda t: t.replace(ROW, "Bộ B,1 055,12,,bộ"), "dòng 3, cột on_time", "hàng nghìn"),
    "thousands in English": (lambda t: t.replace(ROW, 'Bộ B,"1,055.25",12,,bộ'), "dòng 3, cột on_time", "hàng nghìn"),
    "underscore": (lambda t: t.replace(ROW, "Bộ B,1_055,12,,bộ"), "dòng 3, cột on_time", "hàng nghìn"),
    "NaN": (lambda t: t.replace(ROW, "Bộ B,NaN,12,,bộ"), "dòng 3, cột on_time", "để trống"),
    "n/a": (lambda t: t.replace(ROW, "Bộ B,55.25,n/a,,bộ"), "dòng 3, cột late_days", "để trống"),
    "NA": (lambda t: t.replace(ROW, "Bộ B,NA,12,,bộ"), "dòng 3, cột on_time", "để trống"),
    "inf": (lambda t: t.replace(ROW, "Bộ B,-inf,12,,bộ"), "dòng 3, cột on_time", "vô hạn"),
    "too large": (lambda t: t.replace(ROW, "Bộ B,1e999,12,,bộ"), "dòng 3, cột on_time", "vô hạn"),
    "too large by a mark": (lambda t: t.replace(ROW, "B,1e999,12,không áp dụng,bộ"), "dòng 3, cột on_time", "vô hạn"),
    "words": (lambda t: t.replace(ROW, "Bộ B,nhiều,12,,bộ"), "dòng 3, cột on_time", "nhiều"),
    "percent": (lambda t: t.replace(ROW, "Bộ B,55%,12,,bộ"), "dòng 3, cột on_time", "bỏ dấu %"),
    "other digits": (lambda t: t.replace(ROW, "Bộ B,٣٤,12,,bộ"), "dòng 3, cột on_time", "không phải là số"),
    "duplicate unit": (lambda text: text + "Bộ B,1,2,3,bộ\n", "dòng 9, cột unit", "dòng 3"),
    "duplicate unit in other letters": (lambda text: text + "Bộ B ,1,2,3,bộ\n", "dòng 9, cột unit", "dòng 3"),
    "duplicate column": (lambda text: text.replace("kind", "on_time"), "dòng 1, cột on_time", "hai cột"),
    "too few cells": (lambda text: text.replace(ROW, "Bộ B,55.25,12"), "dòng 3", "3 ô"),
    "too many cells": (lambda text: text.replace(ROW, ROW + ",,"), "dòng 3", "7 ô"),
    "no unit": (lambda text: text.replace(ROW, ",55.25,12,,bộ"), "dòng 3, cột unit", "không có tên"),
    "no unit column": (lambda text: text.replace("unit,", "name,"), "dòng 1", "cột unit"),
    "no indicator column": (lambda text: text.replace("late_days", "late_day"), "dòng 1, cột late_days", "late_day?"),
    "empty column": (lambda text: without_values(text), "cột satisfied", "không có số liệu"),
    "heading only": (lambda text: text.splitlines()[0] + "\n", "", "tiêu đề"),
    "nothing": (lambda text: "", "", "không có nội dung"),
    "blank lines": (lambda text: "\n \n", "", "không có nội dung"),
    "open quotes": (lambda text: text + '"Xã H,1,2,3,xã\n', "dòng 9", "ngoặc kép"),
    "letters behind quotes": (lambda text: text + '"Xã" H,1,2,3,xã\n', "dòng 9", "ngoặc kép"),
    "UTF-16": (lambda text: text.encode("utf-16"), "dòng 1", "UTF-8"),
    "Latin": (lambda text: text.encode("cp1258", "replace") + b"\xff,1,2,3,x\n", "dòng 2", "UTF-8"),
    "Excel": (lambda text: b"PK\x03\x04" + text.encode(), "", "CSV UTF-8"),
}  # fmt: skip


def refused(folder: Path, spec: str | bytes = SPEC, data: str | bytes = DATA, *options: str) -> list[str]:
    """The lines of a refusal, which left nothing behind."""
    result = run(*written(folder, spec, data), "--out", folder / "out", *options)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert sorted(path.name for path in folder.iterdir()) == ["data.csv", "spec.toml"]
    return result.stderr.splitlines()


@pytest.mark.parametrize("case", CASES)
def test_a_bad_table_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    change, place, words = CASES[case]
    lines = refused(tmp_path, SPEC, change(DATA))
    assert len(lines) == 1
    told = lines[0].removeprefix(f"{tmp_path / 'data.csv'}: ")
    assert told.startswith(f"{place}: " if place else "")
    assert words in told
    assert "; " in told


def test_every_problem_is_told_at_once_and_in_english_too(tmp_path: Path) -> None:
    data = DATA.replace("90,3", "many,3").replace(ROW, "Tỉnh C,55.25,12,,bộ").replace("72,0", '"72,5",inf')
    lines = refused(tmp_path, SPEC, data, "--language", "en")
    file = tmp_path / "data.csv"
    write_a_number = "write a number with a decimal point, or leave it empty if the value is missing"
    correct_it = "correct the number, or leave it empty if the value is missing"
    assert lines == [
        f"{file}: row 2, column on_time: “many” is not a number; {write_a_number}",
        f"{file}: row 4, column unit: “Tỉnh C” already stands in row 3; keep one row for each unit",
        f"{file}: row 5, column on_time: “72,5” has a decimal comma; write a decimal point: 12.5",
        f"{file}: row 5, column late_days: “inf” is infinite or too large; {correct_it}",
    ]


def test_a_table_that_is_wrong_everywhere_is_told_by_its_first_hundred_lines(tmp_path: Path) -> None:
    data = "unit,on_time,late_days,satisfied\n" + "".join(f"u{number},x,y,z\n" for number in range(60))
    lines = refused(tmp_path, SPEC, data)
    assert len(lines) == DataProblems.LIMIT + 1
    assert "80 lỗi" in lines[-1]


def test_a_column_that_the_method_needs_is_asked_for(tmp_path: Path) -> None:
    spec = SPEC.replace('method = "mean"', 'method = "group_mean"\ngroup = "bloc"') + 'denominator = "people"\n'
    lines = refused(tmp_path, spec)
    assert ["cột people" in lines[0], "denominator satisfied" in lines[0], "cột bloc" in lines[1]] == [True] * 3
    lines = refused(tmp_path, SPEC.replace('"mean"', '"group_mean"\ngroup = "kind"'), DATA.replace(",,bộ", ",,"))
    assert "dòng 3, cột kind" in lines[0]
    spec = SPEC + 'denominator = "kind"\n'
    assert "dòng 2, cột kind: “bộ” không phải là số" in refused(tmp_path, spec)[0]


def test_a_bad_scorecard_names_its_lines(tmp_path: Path) -> None:
    spec = SPEC.replace("direction = -1", "direction = 3").replace('parent = "trust"', 'parent = "nobody"')
    lines = refused(tmp_path, spec)
    assert len(lines) >= 2
    assert all(line.startswith(f"{tmp_path / 'spec.toml'}: dòng ") for line in lines)
    assert len(refused(tmp_path, "levels = [")) == 1
    assert "UTF-8" in refused(tmp_path, b"\xff\xfe")[0]


def test_the_code_of_the_unit_column_is_taken(tmp_path: Path) -> None:
    assert "unit" in refused(tmp_path, SPEC.replace('"satisfied"', '"unit"'))[0]


def test_files_that_are_not_there(tmp_path: Path) -> None:
    spec, data = written(tmp_path)
    for arguments in ((spec, tmp_path / "none.csv"), (tmp_path / "none.toml", data), (spec, tmp_path)):
        result = run(*arguments, "--out", tmp_path / "out")
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1
    spec.chmod(0o644)
    target = tmp_path / "file"
    target.write_text("mine", encoding="utf-8")
    assert run(spec, data, "--out", target).exit_code == 2
    assert target.read_text(encoding="utf-8") == "mine"


def test_a_table_beyond_the_bound_is_not_read(tmp_path: Path) -> None:
    spec, data = written(tmp_path)
    with data.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    result = run(spec, data, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "101 MB" in result.stderr
    with pytest.raises(DataError, match="too large"):
        read_data(b" " * (MAX_BYTES + 1), load_spec(SPEC))


def test_both_languages_say_everything() -> None:
    import re

    for pair in (*SENTENCES.values(), *(pair for pairs in DATA_PROBLEMS.values() for pair in pairs)):
        vietnamese, english = pair
        assert vietnamese
        assert english
        assert set(re.findall(r"\{\w+\}", vietnamese)) == set(re.findall(r"\{\w+\}", english))


def test_published_tables_begin_with_their_source_and_are_no_input_as_they_are(tmp_path: Path) -> None:
    """A line above the heading is told as what it is: a heading without a column `unit`."""
    assert "cột unit" in refused(tmp_path, SPEC, (PUBLISHED / "pci_2019.csv").read_bytes())[0]


def test_values_that_a_scorecard_cannot_score_name_its_line(tmp_path: Path) -> None:
    """The part whose rule does not fit the values: a mean, a comparison, a threshold that leaves nobody."""
    screen = "[screen]\nunit_availability = 1\n[impute]"
    for change, line in {
        ("[treat]", '[normalise]\nmethod = "z_score"\n[aggregate]\nmethod = "geometric"\n[treat]'): 'code = "work"',
        ('parent = "trust"', 'parent = "trust"\nnormalise = "distance_to_reference"\nreference = "Bộ Z"'): "satisfied",
        ("[impute]", screen): "unit_availability",
    }.items():
        spec = SPEC.replace(*change)
        data = DATA if "screen" not in change[1] else "unit,on_time,late_days,satisfied\na,1,,2\nb,,3,4\n"
        number = next(number for number, text in enumerate(spec.splitlines(), start=1) if line in text)
        (told,) = refused(tmp_path, spec, data)
        assert told.startswith(f"{tmp_path / 'spec.toml'}: dòng {number}: ")


def test_a_value_too_large_to_reckon_with_names_its_row_and_a_wrong_pair_is_told_once(tmp_path: Path) -> None:
    (told,) = refused(tmp_path, SPEC, DATA.replace("55.25", "1e300"))
    assert "dòng 3, cột on_time" in told
    posts = SPEC.replace('parent = "trust"', 'parent = "trust"\nnormalise = "goalposts"\ngoalposts = [10, 0]')
    assert len(refused(tmp_path, posts)) == 1
