"""The scorecard file: what it may say, how its errors read, and that writing it keeps its meaning."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scoring.cases import scorecard
from thuocdo.engine.scoring import SpecError, dump_spec, load_spec
from thuocdo.engine.scoring.spec import Aggregation, Confidence, Title, Treatment
from thuocdo.engine.scoring.spec.vocabulary import NORMALISATIONS

WHOLE = """
id = "nq57-2026"
title = { vi = "Bộ chỉ số \\"57\\"", en = "Index 57" }
valid_from = 2026-01-01
approved_by = "Quyết định 1"
levels = 3
[rounding]
decimals = 2
rank_on = "rounded"
ties = "dense"
[denominate]
scale = 1000
[denominate.b]
denominator = "population"
scale = 100
[screen]
unit_availability = 0.66
[impute]
method = "group_mean"
group = "kind"
[treat]
method = "two_stage"
max_winsorised = 3
[normalise]
method = "min_max"
lower = 1
upper = 7
cap = true
[weights]
method = "given"
[aggregate]
by_level = [{ method = "generalised", power = 0.5 }, "geometric"]
min_available = [0.5, 0.66]
missing = "zero"
grace_days = 15
[confidence]
declared = 0.7
derived = 1
[uncertainty]
weights = 0.25
normalise = ["min_max", "z_score"]
error = { declared = 0.05 }
[[class]]
code = "kha"
from = 65
title = { vi = "Khá", en = "Good" }
[[class]]
code = "tot"
from = 80
title = "Tốt"
[[cap]]
node = "trust"
below = 50
class_at_most = "kha"
[[peer_group]]
code = "province"
title = { vi = "Tỉnh", en = "Provinces" }
[[node]]
code = "index"
points = 100
[[node]]
code = "trust"
parent = "index"
points = 20
title = { vi = "Niềm tin", en = "Trust" }
[[node]]
code = "results"
parent = "index"
points = 80
aggregate = "minimum"
[[indicator]]
code = "a"
parent = "trust"
direction = -1
denominator = "population"
treat = { transform = "none" }
[[indicator]]
code = "b"
parent = "results"
normalise = "distance_to_target"
target = 90
treat = "none"
note = "một\\ttab"
[[indicator]]
code = "c"
parent = "results"
normalise = { method = "goalposts", scale = 10, truncate = false }
goalposts = [0, 50]
transform = "sqrt"
"""


def problems(text):
    with pytest.raises(SpecError) as caught:
        load_spec(text)
    assert str(caught.value) == "\n".join(str(problem) for problem in caught.value.problems)
    return caught.value.problems


def test_a_whole_file_is_read():
    spec = load_spec(WHOLE)
    assert (spec.title.vi, spec.title.en, spec.valid_from) == ('Bộ chỉ số "57"', "Index 57", date(2026, 1, 1))
    assert [one.code for one in spec.classes] == ["tot", "kha"]
    assert spec.tree.columns == ("a", "b", "c", "trust", "results", "index")
    assert spec.tree.levels == (2, 2, 3)
    assert spec.aggregations == (Aggregation("generalised", 0.5), Aggregation("minimum"), Aggregation("geometric"))
    assert [node.weight for node in spec.nodes] == [100, 20, 80]


def test_what_an_indicator_does_not_state_goes_on_holding():
    a, b, c = load_spec(WHOLE).indicators
    assert a.treatment == Treatment("two_stage", max_winsorised=3, transform="none")
    assert b.treatment.method == "none"
    assert (a.denominator, a.denominator_scale, b.denominator, b.denominator_scale) == (
        "population",
        1000,
        "population",
        100,
    )
    assert a.normalisation.parameters == {"lower": 1.0, "upper": 7.0}
    assert b.normalisation.parameters == {"cap": True, "target": 90.0}
    assert c.normalisation.parameters == {"scale": 10.0, "truncate": False, "goalposts": (0.0, 50.0)}


def test_bounds_of_one_method_are_not_handed_to_another():
    spec = scorecard({"a": 'normalise = "scaled"'}, tables='[normalise]\nmethod = "min_max"\nlower = 1\nupper = 7')
    assert spec.indicators[0].normalisation.parameters == {"lower": 0.0, "upper": 100.0, "scale": 100.0}


def test_parameters_for_another_method_are_kept():
    spec = scorecard({"a": "goalposts = [0, 5]\ntarget = 3"})
    assert spec.indicators[0].normalisation.method == "min_max"
    assert spec.indicators[0].normalisation.parameters["goalposts"] == (0.0, 5.0)
    assert load_spec(dump_spec(spec)) == spec


def test_writing_and_reading_keep_the_meaning():
    spec = load_spec(WHOLE)
    assert load_spec(dump_spec(spec)) == spec


PARAMETERS = {
    "goalposts": "goalposts = [-3.5, 1e3]",
    "distance_to_target": 'target = "own_target"',
    "distance_to_reference": 'reference = "u0"',
    "target_path": 'baseline = 4\nexpected = "due"',
    "bands": "bands = [[0, 0], [50, 60.5]]",
    "ratio": "target = 9.75",
    "inverse_ratio": "target = 9.75",
    "range": "lower = -1\nupper = 1\nmargin = 0.5",
}


@given(
    st.text(min_size=1).filter(str.strip),
    st.sampled_from(sorted(NORMALISATIONS)),
    st.floats(0.001, 1e6),
    st.floats(-1e9, 1e9).filter(lambda number: number != 0),
)
def test_any_text_and_number_survives_writing(text, method, weight, power):
    spec = scorecard(
        {"a": f'weight = {weight!r}\nnormalise = "{method}"\n{PARAMETERS.get(method, "")}', "b": ""},
        tables=f'[aggregate]\nmethod = "generalised"\npower = {power!r}',
    )
    spec = replace(spec, title=Title(text, text), note=text)
    assert load_spec(dump_spec(spec)) == spec


def test_every_problem_is_reported_with_line_key_and_remedy():
    broken = (
        WHOLE.replace('ties = "dense"', 'ties = "dens"')
        .replace("declared = 0.7", "declared = 1.7")
        .replace("target = 90", "")
        .replace('node = "trust"', 'node = "truth"')
    )
    lines = broken.splitlines()
    found = problems(broken)
    assert [(problem.key, lines[problem.line - 1]) for problem in found] == [
        ("rounding.ties", 'ties = "dens"'),
        ("confidence.declared", "declared = 1.7"),
        ("cap[1].node", 'node = "truth"'),
        ("indicator[2].target", "[[indicator]]"),
    ]
    assert [problem.remedy for problem in found] == [
        "did you mean dense?",
        "it must be between 0 and 1",
        "name the code of a [[node]]",
        "write target = 90, or the name of a column of the data",
    ]


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        (("levels = 3", "levels = 4"), "levels", "the tree has 3"),
        (('parent = "trust"', 'parent = "truth"'), "indicator[1].parent", "is not a node"),
        (('code = "c"', 'code = "b"'), "indicator[3].code", "used 2 times"),
        (('parent = "index"\npoints = 20', 'parent = "trust"\npoints = 20'), "node[2].parent", "own ancestor"),
        (("points = 20", "points = 30"), "node[1].points", "add up to 110"),
        (('parent = "index"\npoints = 80', "points = 80"), "node", "2 nodes have no parent"),
        (("direction = -1", "direction = 0"), "indicator[1].direction", "neither 1 nor -1"),
        (('treat = "none"', 'treet = "none"'), "indicator[2].treet", "not a key"),
        (('"geometric"]', '"geometric", "median"]'), "aggregate.by_level", "3 entries"),
        (("power = 0.5", "power = 0"), "aggregate.by_level.power", "other than 0"),
        (("[0, 50]", "[50, 0]"), "indicator[3].goalposts", "lower and a higher"),
        (("[0, 50]", "[-1, 50]"), "indicator[3].goalposts", "does not exist"),
        (("from = 65", "from = 80"), "class", "same from"),
        (("upper = 7", "upper = nan"), "normalise.upper", "not a number"),
        (("2026-01-01", '"2026"'), "valid_from", "not a date"),
        (("decimals = 2", "decimals = true"), "rounding.decimals", "whole number"),
        (('group = "kind"', ""), "impute.group", "is missing"),
        (('["min_max", "z_score"]', '["min-max"]'), "uncertainty.normalise", "not known"),
    ],
)
def test_a_contradiction_is_named(change, key, words):
    assert change[0] in WHOLE
    found = problems(WHOLE.replace(*change))
    assert any(problem.key == key and words in problem.what for problem in found), found
    assert all(problem.remedy for problem in found)


def test_a_syntax_error_names_its_line():
    (found,) = problems('id = "a"\ntitle = = "b"\n')
    assert found.line == 2


def test_an_empty_file_says_what_it_needs():
    keys = {problem.key for problem in problems("")}
    assert {"id", "file"} <= keys


def test_a_ratio_cannot_reward_lower_values():
    (found,) = problems(
        'id = "a"\nlevels = 2\n[[node]]\ncode = "i"\n[[indicator]]\ncode = "x"\nparent = "i"\n'
        'normalise = "ratio"\ntarget = 5\ndirection = -1\n'
    )
    assert "inverse_ratio" in found.remedy


def test_a_derived_value_counts_like_its_weakest_input_unless_stated():
    assert Confidence().factor("declared") == 0.8
    assert Confidence().factor("system") == 1
    assert Confidence().factor("derived") == 0.8
    assert Confidence().factor("derived", weakest_input="independent") == 1
    assert Confidence(derived=0.9).factor("derived") == 0.9
    with pytest.raises(KeyError):
        Confidence().factor("rumour")
