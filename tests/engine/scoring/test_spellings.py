"""Ways of writing a scorecard file that mean the same, and files that contradict themselves."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.scoring.cases import scorecard
from tests.engine.scoring.test_against_reference import CONFIGURATIONS, configuration
from thuocdo.engine.scoring import SpecError, dump_spec, load_spec
from thuocdo.engine.scoring.spec import Aggregation, Treatment

LEAST = '[[node]]\ncode = "index"\n[[indicator]]\ncode = "a"\nparent = "index"\n'


def test_the_least_a_file_needs():
    spec = load_spec('id = "x"\n' + LEAST)
    assert (spec.title.vi, spec.approved_by, spec.valid_from, spec.levels) == ("x", "", None, 2)
    assert spec.indicators[0].weight == 1
    assert spec.indicators[0].normalisation.parameters == {"lower": 0, "upper": 100}


def test_levels_are_counted_where_they_are_not_stated():
    text = 'id = "x"\n[[node]]\ncode = "i"\n[[node]]\ncode = "m"\nparent = "i"\n[[node]]\ncode = "l"\nparent = "m"\n'
    assert load_spec(text + '[[indicator]]\ncode = "a"\nparent = "l"\n').levels == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('normalise = "goalposts"\ngoalposts = [0, 10]', 'normalise = { method = "goalposts", goalposts = [0, 10.0] }'),
        ('normalise = "goalposts"\ngoalposts = [0, 10]', 'normalise = { method = "goalposts" }\ngoalposts = [0.0, 10]'),
        (
            'normalise = "distance_to_target"\ntarget = 5\ncap = true',
            'normalise = { method = "distance_to_target", target = 5, cap = true }',
        ),
        ("lower = 1\nupper = 7", "normalise = { lower = 1, upper = 7 }"),
        ('treat = "none"', 'treat = { method = "none" }'),
        ('treat = "two_stage"', 'treat = { method = "two_stage", max_winsorised = 5.0 }'),
        ("direction = 1", 'transform = "none"'),
        ('normalise = "inverse_ratio"\ntarget = 5\ndirection = 1', 'normalise = "inverse_ratio"\ntarget = 5'),
        ("weight = 2", "weight = 2.0\ndirection = 1.0"),
        ('denominator = "people"', 'denominator = "people"\nscale = 1'),
    ],
)
def test_two_ways_to_say_the_same_of_an_indicator(one, other):
    assert scorecard({"a": one}) == scorecard({"a": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[rounding]\ndecimals = 3", "[rounding]\ndecimals = 3.0"),
        (
            '[aggregate]\nmethod = "generalised"\npower = 2',
            '[aggregate]\nmethod = { method = "generalised", power = 2 }',
        ),
        ("[aggregate]\nmin_available = 0.5", "[aggregate]\nmin_available = [0.5]"),
        ("[screen]\nunit_availability = 0", ""),
        ('[impute]\nmethod = "row_mean"\ngroup = 2', '[impute]\nmethod = "row_mean"\ngroup = "2"'),
        ('[treat]\nmethod = "none"\n[normalise]\n[rounding]', ""),
        ("valid_from = 2026-01-01", 'valid_from = "2026-01-01"'),
        ('[aggregate]\nby_level = ["geometric"]', '[aggregate]\nby_level = [{ method = "geometric" }]'),
    ],
)
def test_two_ways_to_say_the_same_of_a_file(one, other):
    assert scorecard(tables=one) == scorecard(tables=other)


def test_a_date_may_stand_in_quotes():
    assert load_spec('id = "x"\nvalid_from = "2026-07-01"\n' + LEAST).valid_from == date(2026, 7, 1)


def test_one_power_serves_every_generalised_mean_that_states_none():
    spec = scorecard(
        {"a": 'parent = "x"', "b": 'parent = "y"', "c": 'parent = "z"'},
        nodes={
            "x": 'parent = "index"\naggregate = "generalised"',
            "y": 'parent = "index"\naggregate = { method = "generalised", power = -1 }',
            "z": 'parent = "index"',
        },
        tables='[aggregate]\nby_level = ["median", "generalised"]\npower = 3',
        levels=3,
    )
    assert spec.aggregations == (
        Aggregation("generalised", 3),
        Aggregation("generalised", -1),
        Aggregation("median"),
        Aggregation("generalised", 3),
    )


def test_what_is_treated_by_hand_is_transformed_only_when_asked():
    spec = scorecard(
        {
            "a": 'treat = { method = "manual", highest = 9 }',
            "b": 'treat = { method = "manual", transform = "log" }',
            "c": "",
        },
        tables='[treat]\nmethod = "two_stage"\ntransform = "box_cox"\nmax_winsorised = inf',
    )
    a, b, c = (one.treatment for one in spec.indicators)
    assert (a.transform, a.highest, b.transform) == ("none", 9, "log")
    assert c == Treatment("two_stage", max_winsorised=1_000_000_000, transform="box_cox")
    assert load_spec(dump_spec(spec)) == spec


@settings(max_examples=60, deadline=None)
@given(st.integers(0, CONFIGURATIONS - 1))
def test_any_scorecard_survives_writing_and_reading(seed):
    spec = load_spec(configuration(seed)[0])
    assert load_spec(dump_spec(spec)) == spec
    assert dump_spec(load_spec(dump_spec(spec))) == dump_spec(spec)


def problem_of(text):
    with pytest.raises(SpecError) as caught:
        load_spec(text)
    return caught.value.problems


TREE = """id = "x"
levels = 3
[[node]]
code = "index"
[[node]]
code = "p"
parent = "index"
weight = 60
[[node]]
code = "q"
parent = "index"
weight = 30
[[indicator]]
code = "a"
parent = "p"
weight = 100
[[indicator]]
code = "b"
parent = "q"
weight = 100
"""


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("levels = 3", "levels = 3\nweights_sum = 100"), "[[node]]", "add up to 90, not to weights_sum = 100"),
        (("weight = 60", "weight = -60"), "weight = -60", "out of bounds"),
        (('parent = "p"', 'parent = "nowhere"'), 'parent = "nowhere"', "is not a node"),
        (('code = "p"\nparent = "index"', 'code = "p"\nparent = "p"'), 'parent = "p"', "own ancestor"),
        (('code = "a"\nparent = "p"', 'code = "a"'), "[[indicator]]", "is missing"),
        (("levels = 3", "levels = 3\nlevel = 3"), "level = 3", "is not a key"),
        (("levels = 3", 'levels = 3\n[normalise]\nmethod = "minmax"'), 'method = "minmax"', "is not known"),
        (("levels = 3", 'levels = 3\n[aggregate]\nmethod = "generalised"'), 'method = "generalised"', "other than 0"),
        (
            ('code = "a"', 'code = "a"\nnormalise = "goalposts"\ngoalposts = [9, 1]'),
            "goalposts = [9, 1]",
            "lower and a higher",
        ),
        (('code = "a"', 'code = "a"\nnormalise = "goalposts"'), "[[indicator]]", "is missing, goalposts needs it"),
        (
            ('code = "a"', 'code = "a"\ntreat = { method = "manual", lowest = 3, highest = 1 }'),
            "treat = { method",
            "is above highest",
        ),
        (('code = "a"', 'code = "a"\ntreat = { lowest = 3 }'), "treat = { lowest", "means nothing"),
        (('code = "a"', 'code = "a"\nscale = 10'), "scale = 10", "nothing to scale"),
    ],
)
def test_a_contradiction_is_told_with_line_and_remedy(change, line, words):
    assert change[0] in TREE
    text = TREE.replace(*change)
    found = [one for one in problem_of(text) if words in one.what]
    assert found, problem_of(text)
    assert all(one.remedy for one in found)
    assert text.splitlines()[found[0].line - 1].startswith(line)


def test_a_family_without_any_weight_is_refused():
    text = TREE.replace("weight = 60", "weight = 0").replace("weight = 30", "weight = 0")
    (problem,) = problem_of(text)
    assert "add up to nothing" in problem.what


def test_a_denominator_can_be_named_in_its_table_for_one_indicator_or_for_all():
    spec = scorecard(("a", "b"), tables='[denominate]\na = "people"\n[denominate.b]\ndenominator = "area"\nscale = 10')
    assert [(one.denominator, one.denominator_scale) for one in spec.indicators] == [("people", 1), ("area", 10)]


def test_too_few_rules_by_level_are_told_and_stop_nothing_else():
    text = TREE.replace("levels = 3", 'levels = 3\n[aggregate]\nby_level = ["median"]\n[weigh]\nmethod = "effect"')
    assert [problem.key for problem in problem_of(text)] == ["aggregate.by_level"]


def test_the_power_of_the_table_holds_for_alternatives_too():
    text = 'id = "x"\n[aggregate]\npower = 3\n[uncertainty]\naggregate = ["generalised", "geometric"]\n' + LEAST
    spec = load_spec(text)
    assert spec.uncertainty is not None
    assert spec.uncertainty.aggregate == (Aggregation("generalised", 3), Aggregation("geometric"))
    assert load_spec(dump_spec(spec)) == spec


@pytest.mark.parametrize(
    ("written", "left_out"),
    [
        ('code = "index"\nparent = ""', 'code = "index"'),
        ('parent = "index"\nscale = 1', 'parent = "index"'),
        ('parent = "index"\ndenominator = ""\nscale = 1', 'parent = "index"'),
        ('parent = "index"\nnormalise = "goalposts"\ngoalposts = [0, 9]\ndenominator = ""\nscale = 1', ""),
    ],
)
def test_an_empty_key_says_nothing(written, left_out):
    posts = 'parent = "index"\nnormalise = "goalposts"\ngoalposts = [0, 9]'
    key = 'code = "index"' if "code" in written else 'parent = "index"'
    one, other = (
        load_spec('id = "x"\n[impute]\nmethod = "row_mean"\ngroup = ""\n' + LEAST.replace(key, part))
        for part in (written, left_out or posts)
    )
    assert one == other
    assert one.imputation.group is None


def test_a_scale_without_anything_to_scale_is_refused():
    with pytest.raises(SpecError, match="nothing to scale"):
        load_spec('id = "x"\n' + LEAST.replace('parent = "index"', 'parent = "index"\nscale = 1000'))
