"""What the tests of `thuocdo score` share: calling it, small inputs, reading its tables."""

import csv
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from thuocdo.cli.score.command import score

PUBLISHED = Path(__file__).parents[1] / "data"

SPEC = """\
id = "thu-2026"
title = { vi = "Bộ chỉ số thử", en = "Trial index" }
valid_from = 2026-01-01
approved_by = "Quyết định số 1"
levels = 3

[impute]
method = "mean"
[treat]
method = "two_stage"
[uncertainty]
weights = 0.25
normalise = ["min_max", "percentile_rank"]

[[node]]
code = "index"
[[node]]
code = "work"
parent = "index"
weight = 2
[[node]]
code = "trust"
parent = "index"

[[indicator]]
code = "on_time"
parent = "work"
[[indicator]]
code = "late_days"
parent = "work"
direction = -1
[[indicator]]
code = "satisfied"
parent = "trust"
"""

DATA = """\
unit,on_time,late_days,satisfied,kind
"Bộ A, trung ương",90,3,71.5,bộ
Bộ B,55.25,12,,bộ
Tỉnh C,72,5,80,tỉnh
Tỉnh D,72,0,64,tỉnh
Tỉnh Đ,61,250,90,tỉnh
Tỉnh E,40,8,55,tỉnh
Tỉnh G,35,9,52,tỉnh
"""


def run(*arguments: object) -> Result:
    """Call `thuocdo score`."""
    return CliRunner().invoke(score, [str(argument) for argument in arguments])


def written(folder: Path, spec: str | bytes = SPEC, data: str | bytes = DATA) -> tuple[Path, Path]:
    """The two inputs as files."""
    paths = folder / "spec.toml", folder / "data.csv"
    for path, content in zip(paths, (spec, data), strict=True):
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return paths


def scored(folder: Path, *options: object, spec: str = SPEC, data: str = DATA) -> Path:
    """The folder of a run that went well."""
    out = folder / "out"
    result = run(*written(folder, spec, data), "--out", out, *options)
    assert result.exit_code == 0, result.output
    return out


def table(folder: Path, name: str) -> list[Mapping[str, str]]:
    """A table of a run as rows by column."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published(name: str) -> list[dict[str, str]]:
    """A published table kept with the tests, without its line on the source."""
    lines = (PUBLISHED / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines[1:]))
