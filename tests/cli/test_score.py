"""`thuocdo score`: files in, files out, the same bytes every time, nothing half-written."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.scoring import DATA, SPEC, run, scored, table, written
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.engine.scoring import Matrix, compute, load_spec

PLAIN_FILES = {
    "contributions.csv",
    "data.csv",
    "imputed.csv",
    "normalised.csv",
    "ranks.csv",
    "recipe.json",
    "report.html",
    "scores.csv",
    "spec.toml",
    "treated.csv",
    "treatment.csv",
}


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_run_writes_the_files_of_the_contract(tmp_path: Path) -> None:
    out = scored(tmp_path)
    assert set(files(out)) == PLAIN_FILES
    columns = ["on_time", "late_days", "satisfied"]
    units = ["Bộ A, trung ương", "Bộ B", "Tỉnh C", "Tỉnh D", "Tỉnh Đ", "Tỉnh E", "Tỉnh G"]
    for name, expected in {
        "imputed.csv": columns,
        "treated.csv": columns,
        "normalised.csv": columns,
        "scores.csv": [*columns, "work", "trust", "index"],
        "ranks.csv": [*columns, "work", "trust", "index"],
    }.items():
        rows = table(out, name)
        assert list(rows[0]) == ["unit", *expected]
        assert [row["unit"] for row in rows] == units
    assert table(out, "imputed.csv")[1]["satisfied"] == format((71.5 + 80 + 64 + 90 + 55 + 52) / 6, ".17g")
    treatment = table(out, "treatment.csv")
    assert [row["indicator"] for row in treatment] == columns
    assert treatment[1]["winsorised"] == "1"
    assert {row["passed"] for row in treatment} == {"true"}
    contributions = table(out, "contributions.csv")
    assert [tuple(row) for row in contributions[:1]] == [("unit", "indicator", "points")]
    index = {row["unit"]: float(row["index"]) for row in table(out, "scores.csv")}
    for unit in units:
        points = sum(float(row["points"]) for row in contributions if row["unit"] == unit)
        assert points == pytest.approx(index[unit], rel=1e-12)


def test_every_number_reads_back_as_the_float_it_was(tmp_path: Path) -> None:
    out = scored(tmp_path)
    codes = ("on_time", "late_days", "satisfied")
    values = [[float(row[code] or "nan") for code in codes] for row in table(out, "data.csv")]
    units = tuple(row["unit"] for row in table(out, "data.csv"))
    outcome = compute(load_spec(SPEC), Matrix(units, codes, np.array(values)))
    for name, array in (("treated.csv", outcome.treated_values), ("scores.csv", outcome.scores)):
        written_numbers = [[float(cell) for cell in list(row.values())[1:]] for row in table(out, name)]
        assert np.array_equal(written_numbers, array)
    assert [float(row["index"]) for row in table(out, "ranks.csv")] == outcome.ranks_of("index").tolist()


def test_missing_is_empty_and_screened_units_are_told_in_the_recipe(tmp_path: Path) -> None:
    spec = SPEC.replace('method = "mean"', 'method = "none"') + "\n[screen]\nunit_availability = 0.5\n"
    out = scored(tmp_path, spec=spec, data=DATA + "Xã H,,,44,xã\n")
    assert table(out, "normalised.csv")[1]["satisfied"] == ""
    assert table(out, "ranks.csv")[1]["trust"] == ""
    assert "Xã H" not in [row["unit"] for row in table(out, "scores.csv")]
    assert json.loads((out / "recipe.json").read_bytes())["screened"] == ["Xã H"]


def test_the_recipe_has_the_digests_of_all_files_and_what_regenerates_them(tmp_path: Path) -> None:
    out = scored(tmp_path)
    recipe = json.loads((out / "recipe.json").read_bytes())
    kept = files(out)
    assert {**recipe["inputs"], **recipe["outputs"]} == {
        name: digest_of_bytes(content) for name, content in kept.items() if name != "recipe.json"
    }
    assert kept["spec.toml"] == SPEC.encode()
    assert kept["data.csv"] == DATA.encode()
    assert recipe["seed"] is None
    assert set(recipe) >= {"engine", "options", "screened", "libraries"}


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    first = files(scored(tmp_path))
    # Other processes order their sets otherwise; the folder's name and the time are no inputs.
    again = tmp_path / "again"
    command = [sys.executable, "-c", "from thuocdo.project.commands import main; main()", "score"]
    arguments = [tmp_path / "spec.toml", tmp_path / "data.csv", "--out", again, "--jobs", "2"]
    subprocess.run([*command, *map(str, arguments)], check=True, env={"PYTHONHASHSEED": "7", "PATH": ""})
    assert files(again) == first


def test_bom_and_windows_line_ends_change_no_result(tmp_path: Path) -> None:
    first = files(scored(tmp_path))
    windows = tmp_path / "windows"
    windows.mkdir()
    data = b"\xef\xbb\xbf" + DATA.replace("\n", "\r\n").encode()
    spec = b"\xef\xbb\xbf" + SPEC.replace("\n", "\r\n").encode()
    assert run(*written(windows, spec, data), "--out", windows / "out").exit_code == 0
    second = files(windows / "out")
    changed = {name for name in first if first[name] != second[name]}
    assert changed == {"data.csv", "spec.toml", "recipe.json", "report.html"}


def test_an_earlier_run_is_replaced_but_nobody_elses_folder(tmp_path: Path) -> None:
    out = scored(tmp_path)
    second = scored(tmp_path, data=DATA.replace("90", "12"))
    assert b"12" in (second / "data.csv").read_bytes()
    (out / "ghi-chu.txt").write_text("của tôi", encoding="utf-8")
    before = files(out)
    result = run(*written(tmp_path), "--out", out)
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert files(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "out", "spec.toml"]


def test_an_empty_folder_may_be_written_to_and_missing_ones_are_made(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for out in (empty, tmp_path / "new" / "below"):
        assert run(*written(tmp_path), "--out", out).exit_code == 0
        assert set(files(out)) == PLAIN_FILES


def test_what_stops_midway_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    out = scored(tmp_path)
    before = files(out)
    monkeypatch.setattr("thuocdo.cli.score.folders._exchange", stop)
    assert run(*written(tmp_path, data=DATA.replace("90", "1")), "--out", out).exit_code != 0
    assert files(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "out", "spec.toml"]


def test_neither_django_nor_what_few_need_is_loaded() -> None:
    told = "import sys, thuocdo.cli.score.command; print(*[name for name in sys.modules if name.startswith(%r)])"
    for module in ("django", "scipy", "thuocdo.project.settings"):
        finished = subprocess.run([sys.executable, "-c", told % module], check=True, capture_output=True, text=True)
        assert finished.stdout.split() == []


@pytest.mark.parametrize(
    "arguments",
    [[], ["spec.toml"], ["spec.toml", "data.csv"], ["spec.toml", "data.csv", "--out", "x", "--replicates", "0"]],
)
def test_mistakes_of_usage(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_work_on_a_terminal_is_shown_and_what_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    import os
    import pty
    import signal

    spec, data = written(tmp_path)
    ours, theirs = pty.openpty()
    arguments = [str(spec), str(data), "--out", str(tmp_path / "out"), "--replicates", "1000000"]
    program = "from thuocdo.project.commands import main; main()"
    started = subprocess.Popen([sys.executable, "-c", program, "score", *arguments], stderr=theirs, env=os.environ)
    os.close(theirs)
    told = b""
    while "Tính thử".encode() not in told:
        told += os.read(ours, 1024)
    started.send_signal(signal.SIGINT)
    assert started.wait(60) == 1
    os.close(ours)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "spec.toml"]
