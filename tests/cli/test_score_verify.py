"""`thuocdo score --verify`: equal, different in these files, or unreadable; no byte may change unseen."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.scoring import run, scored, written
from thuocdo.cli.score.command import run_files
from thuocdo.engine.scoring.run.recipe import Options
from thuocdo.engine.scoring.run.verify import Fault, Unreadable, verify_run


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = scored(tmp_path_factory.mktemp("run"), "--replicates", 16, "--seed", 3)
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_an_untouched_folder_is_equal(tmp_path: Path) -> None:
    out = scored(tmp_path)
    result = run("--verify", out)
    assert result.exit_code == 0
    assert "khớp" in result.stdout
    assert result.stderr == ""


@given(choice=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_changed_byte_of_any_file_goes_unseen(kept: dict[str, bytes], choice: st.DataObject) -> None:
    name = choice.draw(st.sampled_from(sorted(kept)))
    place = choice.draw(st.integers(0, len(kept[name]) - 1))
    how = choice.draw(st.sampled_from(["other", "drop", "insert"]))
    byte = bytes([choice.draw(st.integers(0, 255))])
    before, after = kept[name][:place], kept[name][place + 1 :]
    changed = {"other": before + byte + after, "drop": before + after, "insert": before + byte + kept[name][place:]}[
        how
    ]
    if changed == kept[name]:
        return
    try:
        found = verify_run({**kept, name: changed}, lambda *inputs: run_files(*inputs))
    except Unreadable:
        assert name == "recipe.json"
        return
    assert name in {one.file for one in found}


def test_a_rewritten_recipe_does_not_help(kept: dict[str, bytes]) -> None:
    """Who mends the digests too must also have computed the results."""
    from thuocdo.engine.canonical import digest, digest_of_bytes

    forged = {**kept, "scores.csv": kept["scores.csv"].replace(b"5", b"6", 1)}
    told = json.loads(kept["recipe.json"])
    told["outputs"]["scores.csv"] = digest_of_bytes(forged["scores.csv"])
    del told["digest"]
    told["digest"] = digest(told)
    forged["recipe.json"] = (json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
    found = verify_run(forged, lambda *inputs: run_files(*inputs))
    assert {(one.file, one.fault) for one in found} >= {("scores.csv", Fault.OTHER_RESULT)}


@pytest.mark.parametrize("name", ["ranks.csv", "report.html", "recipe.json", "spec.toml", "data.csv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    out = scored(tmp_path)
    (out / name).unlink()
    result = run("--verify", out)
    assert result.exit_code == (1 if name in ("ranks.csv", "report.html") else 2)
    assert name in result.stderr


def test_an_added_file_or_folder_is_named(tmp_path: Path) -> None:
    out = scored(tmp_path)
    (out / "extra").mkdir()
    (out / "extra" / "more.csv").write_text("x", encoding="utf-8")
    (out / "notes.txt").write_text("", encoding="utf-8")
    result = run("--verify", out)
    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [
        str(out / "extra"),
        str(out / "notes.txt"),
    ]


def test_another_engine_is_told_as_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = scored(tmp_path)
    monkeypatch.setattr("thuocdo.engine.scoring.run.verify.ENGINE_VERSION", "99")
    result = run("--verify", out)
    assert result.exit_code == 1
    assert "99" in result.stderr


def test_other_libraries_alone_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = scored(tmp_path)
    monkeypatch.setattr("platform.python_version", lambda: "9.9")
    assert run("--verify", out).exit_code == 0


def test_what_cannot_be_verified_is_told_and_gives_2(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none", written(tmp_path)[0]):
        result = run("--verify", folder)
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1
    out = scored(tmp_path)
    (out / "recipe.json").write_text("{}", encoding="utf-8")
    assert run("--verify", out).exit_code == 2


def test_a_folder_that_was_moved_still_verifies(tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.move(scored(tmp_path), moved)
    assert run("--verify", moved).exit_code == 0


def test_verifying_goes_with_no_other_option(tmp_path: Path) -> None:
    assert run("--verify", tmp_path, "--sensitivity").exit_code == 2
    assert run(tmp_path / "a", tmp_path / "b", "--verify", tmp_path).exit_code == 2


def test_the_seed_of_a_run_that_draws_nothing_is_not_kept() -> None:
    assert not Options(seed=5).draws
