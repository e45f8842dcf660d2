"""What the engine says of a scorecard reads in Vietnamese, whatever stands in the places that vary."""

from pathlib import Path

import pytest

from tests.cli.scoring import DATA, SPEC, run, written
from thuocdo.scorecards.messages import PATTERNS, translate

CASES = {
    "direction": (SPEC.replace("direction = -1", "direction = 3"), "3 không phải 1 hay -1; 1: cao hơn là tốt"),
    "parent": (SPEC.replace('parent = "trust"', 'parent = "x"'), "'x' không phải là một nút; nêu mã một [[node]]"),
    "levels": (SPEC.replace("levels = 3", "levels = 4"), "là 4 nhưng cây có 3; viết levels = 3 hoặc sửa lại cây"),
    "method": (SPEC.replace('"two_stage"', '"two_stages"'), "không biết 'two_stages'; có phải là two_stage?"),
    "key": (SPEC.replace("approved_by", "aproved_by"), "không phải là khóa của bảng này; có phải là approved_by?"),
    "syntax": (SPEC.replace("levels = 3", "levels = "), "không đúng cú pháp TOML: "),
    "id": (SPEC.replace('id = "thu-2026"', ""), 'thiếu; viết id = "…"'),
    "posts": (SPEC + "goalposts = [9, 1]\n", "[9, 1] không phải là cặp số thấp và cao; viết goalposts = [0, 100]"),
    "twice": (SPEC.replace('"satisfied"', '"on_time"'), "'on_time' được dùng 2 lần; đổi tên, chỉ giữ một"),
    "mean": (
        SPEC + '[normalise]\nmethod = "z_score"\n[aggregate]\nmethod = "geometric"\n',
        "là trung bình geometric, bên dưới có giá trị âm; chuẩn hóa về từ 0 trở lên",
    ),
    "reference": (
        SPEC + '[normalise]\nmethod = "distance_to_reference"\nreference = "Tỉnh X"\n',
        "được so với 'Tỉnh X', đơn vị này không có trong bảng; nêu một đơn vị trong bảng",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_scorecard_that_cannot_be_used_is_told_in_vietnamese(tmp_path: Path, case: str) -> None:
    spec, words = CASES[case]
    result = run(*written(tmp_path, spec, DATA), "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert words in result.stderr
    assert all(line.startswith(f"{tmp_path / 'spec.toml'}: ") for line in result.stderr.splitlines())
    english = run(tmp_path / "spec.toml", tmp_path / "data.csv", "--out", tmp_path / "out", "--language", "en")
    assert english.exit_code == 2
    assert english.stderr != result.stderr


def test_values_that_cannot_be_placed_name_the_table(tmp_path: Path) -> None:
    spec = SPEC + '[[peer_group]]\ncode = "bộ"\n'
    result = run(*written(tmp_path, spec, DATA.replace("kind", "peer_group")), "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{tmp_path / 'data.csv'}: nhóm 'tỉnh' không có trong tệp phương pháp; ")


def test_every_pattern_has_its_places_in_both_languages_and_finds_itself() -> None:
    for english, vietnamese in PATTERNS:
        assert english.count("{}") == vietnamese.count("{}")
        message = english.replace("{}", "7")
        assert translate(message, "vi") == vietnamese.replace("{}", "7")
        assert translate(message, "en") == message
    assert translate("something nobody has said before", "vi") == "something nobody has said before"
