"""The page on the command: its example is run, its files are compared, its refusals are provoked."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from thuocdo.cli.score.command import score
from thuocdo.cli.score.folders import KNOWN
from thuocdo.engine.scoring.run.tables import INTERVAL_HEADING, SENSITIVITY_HEADING, TREATMENT_HEADING

TEXT = (Path(__file__).parents[2] / "docs" / "method" / "command.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```([a-z]*[^\n]*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
BLOCKS = {kind: [block for found, block in FENCES if found == kind] for kind, _ in FENCES}


def test_the_worked_example_comes_out_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spec.toml").write_text(BLOCKS["toml"][0], encoding="utf-8")
    Path("data.csv").write_text(BLOCKS["csv"][0], encoding="utf-8")
    said = []
    for line in BLOCKS["console"][0].splitlines():
        if line.startswith("$ thuocdo score "):
            result = CliRunner().invoke(score, line.removeprefix("$ thuocdo score ").split())
            assert result.exit_code == 0
            said += [line, *result.stdout.splitlines()]
    assert "\n".join(said) + "\n" == BLOCKS["console"][0]
    for kind, blocks in BLOCKS.items():
        name = kind.removeprefix("csv ")
        if name.endswith(".csv"):
            assert blocks == [(tmp_path / "ket-qua" / name).read_text(encoding="utf-8")]


def test_the_refusals_read_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spec.toml").write_text(BLOCKS["toml"][0], encoding="utf-8")
    Path("data.csv").write_text(BLOCKS["csv bad"][0], encoding="utf-8")
    result = CliRunner().invoke(score, ["spec.toml", "data.csv", "--out", "x", "--language", "en"])
    assert result.exit_code == 2
    assert result.stderr == BLOCKS["console"][1]


def test_every_file_column_and_option_is_on_the_page() -> None:
    for name in KNOWN:
        assert f"`{name}`" in TEXT
    for heading in (INTERVAL_HEADING, SENSITIVITY_HEADING, TREATMENT_HEADING):
        for column in heading:
            assert f"`{column}`" in TEXT
    for option in score.params:
        if option.name not in ("spec", "data"):
            assert option.opts[0] in TEXT
