"""What one version of a method says otherwise than another."""

from importlib.resources import files

import pytest

from thuocdo.engine.scoring import load_spec
from thuocdo.engine.scoring.differences import differences

TEXT = files("thuocdo").joinpath("packs", "nq57", "scorecard.toml").read_text(encoding="utf-8")
SPEC = load_spec(TEXT)


def changed(*pairs: tuple[str, str]) -> dict[tuple[str, str], tuple[object, object]]:
    """The differences that replacements in the file make, by kind and code."""
    text = TEXT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {(one.kind, one.code): (one.old, one.new) for one in differences(SPEC, load_spec(text))}


def test_a_method_differs_in_nothing_from_itself() -> None:
    assert differences(SPEC, load_spec(TEXT)) == ()


def test_titles_and_notes_do_not_count() -> None:
    assert changed(('vi = "Kỷ cương"', 'vi = "Kỷ luật"')) == {}


def test_a_weight_is_told_in_points_of_the_index_for_all_whom_it_touches() -> None:
    found = changed(('parent = "index"\nweight = 20', 'parent = "index"\nweight = 45'))
    assert found["weight", "discipline"] == (20.0, 36.0)
    assert found["weight", "results"] == (35.0, 28.0)
    # An indicator's points go with its pillar.
    assert found["weight", "on_time"] == (7.0, 12.6)
    assert {kind for kind, _code in found} == {"weight"}


@pytest.mark.parametrize(
    ("old", "new", "kind", "code", "values"),
    [
        ("declared = 0.8", "declared = 0.5", "confidence", "declared", (0.8, 0.5)),
        ('missing = "zero"', 'missing = "rescale"', "missing", "", ("zero", "rescale")),
        ("grace_days = 10", "grace_days = 20", "grace", "", (10, 20)),
        ("decimals = 2", "decimals = 1", "rounding", "", None),
        ("below = 50", "below = 60", "cap", "trust", None),
        ("from = 90", "from = 95", "class", "xuat_sac", (90.0, 95.0)),
        ("weights = 0.25", "weights = 0.1", "uncertainty", "", None),
        ('[impute]\nmethod = "none"', '[impute]\nmethod = "median"', "imputation", "", None),
    ],
)
def test_every_kind_of_rule(old: str, new: str, kind: str, code: str, values: tuple[object, object] | None) -> None:
    found = changed((old, new))
    assert list(found) == [(kind, code)]
    if values is not None:
        assert found[kind, code] == values


def test_an_indicator_taken_out_gives_its_points_to_its_siblings() -> None:
    start = TEXT.index('[[indicator]]\ncode = "feedback_resolved"')
    end = TEXT.find("\n[[", start + 5)
    found = {
        (one.kind, one.code): (one.old, one.new) for one in differences(SPEC, load_spec(TEXT[:start] + TEXT[end:]))
    }
    assert found["removed", "feedback_resolved"] == (5.0, None)
    assert found["weight", "satisfaction"][0] == 8.0
    assert sum(new for (kind, code), (_old, new) in found.items() if kind == "weight") == pytest.approx(20)  # type: ignore[misc]
    back = {one.kind for one in differences(load_spec(TEXT[:start] + TEXT[end:]), SPEC)}
    assert back == {"added", "weight"}
