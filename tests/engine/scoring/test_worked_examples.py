"""One worked example for every option of every step, with numbers that can be followed by hand.

Each names where its formula comes from. [H] is the OECD/JRC Handbook on Constructing Composite Indicators
(2008), [C] the functions of COINr 1.1.14, [M] the project's own method (docs/method/). None is no value.
"""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from tests.engine.scoring.cases import run, scorecard


@dataclass(frozen=True)
class Example:
    """A column (or a unit's children) and what becomes of it; `working` is the calculation in words."""

    option: str
    source: str
    working: str
    values: list
    expected: list
    extra: str = ""

    def __str__(self) -> str:
        return f"{self.option} {self.working}".replace("\n", " ")


def approx(values):
    return pytest.approx([math.nan if one is None else one for one in values], nan_ok=True, rel=1e-9, abs=1e-9)


def each(examples):
    return pytest.mark.parametrize("example", examples, ids=str)


NORMALISE = [
    Example(
        'method = "min_max"',
        "[C] n_minmax; [H] step 6",
        "(x - 2) / (12 - 2) × 100; the gap stays",
        [2, 4, None, 12],
        [0, 20, None, 100],
    ),
    Example(
        'method = "min_max"\nlower = 1\nupper = 7',
        "[C] n_minmax on -x",
        "direction -1: (-x + 12) / 10 × (7 - 1) + 1",
        [2, 4, 12],
        [7, 5.8, 1],
        "direction = -1",
    ),
    Example(
        'method = "z_score"',
        "[C] n_zscore, sd with n - 1",
        "mean 4; sd = √((4 + 0 + 4) / 2) = 2",
        [2, 4, None, 6],
        [-1, 0, None, 1],
    ),
    Example(
        'method = "goalposts"',
        "[C] n_goalposts; UNDP technical note 1",
        "(x - 10) / (20 - 10) cut to [0, 1], × 100",
        [5, 12, None, 25],
        [0, 20, None, 100],
        "goalposts = [10, 20]",
    ),
    Example(
        'method = "goalposts"',
        "[C] n_goalposts: posts negated and swapped",
        "direction -1: (-x + 20) / (-10 + 20), so that 12 earns 80",
        [5, 12, 25],
        [100, 80, 0],
        "goalposts = [10, 20]\ndirection = -1",
    ),
    Example(
        'method = "goalposts"\nscale = 1',
        "UNDP technical note 1: income in logarithms",
        "the posts are transformed too: (ln 10 - ln 1) / (ln 100 - ln 1) = 0.5",
        [10, 1000, -3],
        [0.5, 1, None],
        'goalposts = [1, 100]\ntransform = "ln"',
    ),
    Example(
        'method = "scaled"\nlower = 2\nupper = 4\nscale = 10',
        "[C] n_scaled",
        "(x - 2) / (4 - 2) × 10, not cut",
        [2, 3, 5],
        [0, 5, 15],
    ),
    Example(
        'method = "scaled"\nlower = -10\nupper = 0',
        "[C] n_scaled on -x: the bounds are those of the reversed values",
        "direction -1: (-x + 10) / 10 × 100",
        [0, 4, 10],
        [100, 60, 0],
        "direction = -1",
    ),
    Example(
        'method = "distance_to_target"',
        "[C] n_dist2targ",
        "(x - 2) / (8 - 2); beyond the target it exceeds 1",
        [2, 5, 14],
        [0, 0.5, 2],
        "target = 8",
    ),
    Example(
        'method = "distance_to_target"\ncap = true',
        "[C] n_dist2targ(cap_max = TRUE)",
        "the target 4 is -4 on the reversed scale: (-x + 10) / (-4 + 10), at most 1",
        [10, 7, 1],
        [0, 0.5, 1],
        "target = 4\ndirection = -1",
    ),
    Example(
        'method = "distance_to_reference"\nreference = "u1"',
        "[C] n_dist2ref",
        "1 - (6 - x) / (6 - 2)",
        [2, 6, 8],
        [0, 1, 1.5],
    ),
    Example(
        'method = "distance_to_maximum"',
        "[C] n_dist2max",
        "1 - (10 - x) / (10 - 2)",
        [2, 6, 10, None],
        [0, 0.5, 1, None],
    ),
    Example(
        'method = "rank"',
        "[C] n_rank: ascending, the best is n, ties take the lowest",
        "5 → 1; both 7 → 2; 9 → 4",
        [5, 7, 7, 9, None],
        [1, 2, 2, 4, None],
    ),
    Example(
        'method = "rank"\nties = "average"', "[C] n_rank", "the 7s share (2 + 3) / 2", [5, 7, 7, 9], [1, 2.5, 2.5, 4]
    ),
    Example('method = "rank"\nties = "dense"', "[C] n_rank", "no place is left out", [5, 7, 7, 9], [1, 2, 2, 3]),
    Example('method = "borda"', "[C] n_borda", "rank - 1", [5, 7, 7, 9], [0, 1, 1, 3]),
    Example(
        'method = "percentile_rank"',
        "[C] n_prank",
        "(rank - 1) / (3 - 1): only available values count",
        [5, None, 7, 9],
        [0, None, 0.5, 1],
    ),
    Example('method = "fraction_of_maximum"', "[C] n_fracmax", "x / 10", [2, 5, 10, None], [0.2, 0.5, 1, None]),
    Example(
        'method = "fraction_of_maximum"',
        "[M] min / x where lower is better",
        "2 / x",
        [2, 5, 10],
        [1, 0.4, 0.2],
        "direction = -1",
    ),
    Example('method = "none"', "[C] none: x times direction", "-x", [2, None], [-2, None], "direction = -1"),
    Example(
        'method = "target_path"',
        "[M] progress over progress due; Eurostat SDG monitoring",
        "half of the time from 40 to 80 is over, 60 is due: (x - 40) / (60 - 40) cut to [0, 1]",
        [30, 50, 90, None],
        [0, 50, 100, None],
        "baseline = 40\ntarget = 80\nelapsed = 0.5",
    ),
    Example(
        'method = "bands"',
        "[M] points of the band a value reaches",
        "at least 50 earns 60, at least 80 earns 100",
        [49, 50, 79.9, 80, None],
        [0, 60, 60, 100, None],
        "bands = [[0, 0], [50, 60], [80, 100]]",
    ),
    Example(
        'method = "ratio"', "[M] x / target, at most 1", "x / 80 × 100", [60, 100, None], [75, 100, None], "target = 80"
    ),
    Example(
        'method = "inverse_ratio"', "[M] target / x, at most 1", "5 / x × 100", [4, 5, 10], [100, 100, 50], "target = 5"
    ),
    Example(
        'method = "range"',
        "[M] full inside, falling to 0 over the margin",
        "1 is 1 below 2: 1 - 1 / 2; 3.5 is inside; 5.5 is 1.5 above 4: 1 - 1.5 / 2",
        [1, 3.5, 5.5, 9],
        [50, 100, 25, 0],
        "lower = 2\nupper = 4\nmargin = 2",
    ),
    Example('method = "yes_no"', "[M] 1 is yes, 0 is no", "a quarter of yes is a quarter", [1, 0, 0.25], [100, 0, 25]),
]


@each(NORMALISE)
def test_normalise(example):
    spec = scorecard({"a": example.extra}, tables=f"[normalise]\n{example.option}")
    outcome = run(spec, [[value] for value in example.values])
    assert outcome.normalised[:, 0].tolist() == approx(example.expected)


# Children of one node with weights 2, 1, 1; the values are those of one unit, None has no value.
AGGREGATE = [
    Example('method = "arithmetic"', "[C] a_amean", "(2×1 + 4 + 16) / 4", [1, 4, 16], [5.5]),
    Example(
        'method = "arithmetic"',
        "[C] a_amean",
        "the gap's weight goes to the others: (2×1 + 16) / 3",
        [1, None, 16],
        [6],
    ),
    Example('method = "geometric"', "[C] a_gmean", "(1² × 4 × 16)^(1/4)", [1, 4, 16], [64**0.25]),
    Example('method = "geometric"', "[C] a_gmean", "(4² × 16)^(1/3)", [4, None, 16], [256 ** (1 / 3)]),
    Example('method = "geometric"', "[M] its limit", "one 0 makes the mean 0", [0, 4, 16], [0]),
    Example('method = "harmonic"', "[C] a_hmean", "4 / (2/1 + 1/4 + 1/16) = 64 / 37", [1, 4, 16], [64 / 37]),
    Example(
        'method = "harmonic"',
        "[C] a_hmean: negative values pass",
        "4 / (2/-1 + 1/4 + 1/4) = -8/3",
        [-1, 4, 4],
        [-8 / 3],
    ),
    Example('method = "harmonic"', "[M] its limit", "one 0 makes the mean 0", [0, 4, 16], [0]),
    Example('method = "generalised"\npower = 2', "[C] a_genmean", "√((2×1 + 16 + 256) / 4)", [1, 4, 16], [68.5**0.5]),
    Example(
        'method = "generalised"\npower = 2', "[M] gaps are skipped", "√((2×1 + 256) / 3)", [1, None, 16], [86**0.5]
    ),
    Example(
        'method = "generalised"\npower = -1', "[C] a_genmean", "power -1 is the harmonic mean", [1, 4, 16], [64 / 37]
    ),
    Example('method = "median"', "[C] median, unweighted", "of 1, 4, 16", [16, 1, 4], [4]),
    Example('method = "median"', "[C] median, unweighted", "(1 + 16) / 2", [1, None, 16], [8.5]),
    Example('method = "minimum"', "[C] min", "the weakest child", [4, None, 16], [4]),
    Example(
        'method = "arithmetic"\nmin_available = 0.67', "[C] dat_thresh", "2 of 3 is below 0.67", [1, None, 16], [None]
    ),
    Example(
        'method = "arithmetic"\nmin_available = 0.66', "[C] dat_thresh", "2 of 3 is not below 0.66", [1, None, 16], [6]
    ),
]


@each(AGGREGATE)
def test_aggregate(example):
    spec = scorecard(
        {"a": "weight = 2", "b": "", "c": ""}, tables=f'[normalise]\nmethod = "none"\n[aggregate]\n{example.option}'
    )
    values = [math.nan if value is None else value for value in example.values]
    assert run(spec, [values]).scores_of("index").tolist() == approx(example.expected)


def test_copeland():
    """[C] a_copeland, comparing on what both have ([M]; COINr counts a gap as a defeat for the earlier unit).

    Weights 0.4, 0.3, 0.3. u0–u1: 0.4 + 0.3 / 2 = 0.55 for u0, who wins. u0–u2 share only a and c (0.7): u2
    leads on both. u1–u2 share a and c: u2 leads on both.
    """
    spec = scorecard(
        {"a": "weight = 0.4", "b": "weight = 0.3", "c": "weight = 0.3"},
        tables='[normalise]\nmethod = "none"\n[aggregate]\nmethod = "copeland"',
    )
    outcome = run(spec, [[3, 1, 5], [2, 2, 5], [4, math.nan, 6]])
    assert outcome.scores_of("index").tolist() == [0, -2, 2]
    # b is compared for one pair of three: (0.4 × 6 + 0.3 × 2 + 0.3 × 6) / (1 × 6) = 80 % of the weight.
    (step,) = [step for step in outcome.steps if step.code == "shared_weight"]
    assert "80.0%" in step.message


LONG = [*range(1, 11), 30, 100]
HEAVY = [1.0] * 30 + [2.0, 1e3, 1e5, 1e7]
TREAT = [
    Example(
        "",
        "[C] winsorise; the example of its manual",
        "G1 = 3.06 and G2 = 9.74 fail; 100 goes to 30, then G1 = 1.71 passes",
        LONG,
        [*range(1, 11), 30, 30],
    ),
    Example(
        "",
        "[C] winsorise, negative skew",
        "the same at the other end: -100 goes to -30",
        [-one for one in LONG],
        [-one for one in (*range(1, 11), 30, 30)],
    ),
    Example(
        'max_winsorised = 2\ntransform = "none"',
        "[C] winsorise: tied cells move together, beyond the limit",
        "three cells of 10⁶ go to 30 in one step",
        [*range(1, 31), 1e6, 1e6, 1e6],
        [*range(1, 31), 30, 30, 30],
    ),
    Example(
        "max_winsorised = 1",
        "[C] log_CT on the original values, kept whether it passes or not",
        "ln(x - 1 + 0.01 × (10⁷ - 1))",
        HEAVY,
        [math.log(x - 1 + 0.01 * (1e7 - 1)) for x in HEAVY],
    ),
    Example(
        'max_winsorised = 1\ntransform = "log_shift_one"',
        "[C] log_CT_orig",
        "ln(x - 1 + 1)",
        HEAVY,
        [math.log(x) for x in HEAVY],
    ),
    Example(
        'max_winsorised = 1\ntransform = "log_shift_one"\ncombine = true',
        "[C] combine_treat = TRUE",
        "10⁷ went to 10⁵ first",
        HEAVY,
        [math.log(min(x, 1e5)) for x in HEAVY],
    ),
    Example(
        'max_winsorised = 1\ntransform = "log_mirrored"',
        "[C] log_CT_plus",
        "negative skew: -ln(max + a - x), max = -1, a = 0.01 × (10⁷ - 1)",
        [-x for x in HEAVY],
        [-math.log(-1 + 0.01 * (1e7 - 1) + x) for x in HEAVY],
    ),
    Example(
        'max_winsorised = 1\ntransform = "box_cox"',
        "[C] boxcox(lambda = 0.5, makepos = TRUE)",
        "x - 1 + 1 is positive: (√x - 1) / 0.5",
        HEAVY,
        [(math.sqrt(x) - 1) / 0.5 for x in HEAVY],
    ),
    Example(
        'max_winsorised = 1\ntransform = "none"',
        "[C] f2 = NULL",
        "the winsorised values stand though they fail",
        HEAVY,
        [min(x, 1e5) for x in HEAVY],
    ),
    Example(
        "",
        "[C] needs four values for G2",
        "three values cannot be judged and stay; the gap stays",
        [1, 2, 1000, None],
        [1, 2, 1000, None],
    ),
    Example(
        "",
        "[M] the last step that would leave one value is not taken",
        "ln(x - 0 + 0.01) instead of a column of zeros",
        [0] * 9 + [1],
        [math.log(0.01)] * 9 + [math.log(1.01)],
    ),
    Example(
        'method = "manual"\nlowest = 2\nhighest = 5',
        "[M] by hand",
        "pulled into [2, 5], whatever the shape",
        [1, 3, None, 9],
        [2, 3, None, 5],
    ),
    Example(
        'method = "manual"\nhighest = 5\ntransform = "log_shift_one"',
        "[M] by hand, then [C] log_CT_orig",
        "ln(min(x, 5) - 1 + 1)",
        [1, 3, 9],
        [0, math.log(3), math.log(5)],
    ),
]


@each(TREAT)
def test_treat(example):
    method = "" if "method" in example.option else 'method = "two_stage"\n'
    spec = scorecard(("a",), tables=f"[treat]\n{method}{example.option}")
    outcome = run(spec, [[math.nan if value is None else value] for value in example.values])
    assert outcome.treated_values[:, 0].tolist() == approx(example.expected)


def test_treatment_is_judged_by_the_bias_corrected_moments():
    """Of 1, 2, 3, 10: mean 4, Σd² = 50, Σd³ = 180, Σd⁴ = 1394 (d = -3, -2, -1, 6).

    G1 = √4 × 180 / 50^1.5 × √(4×3) / 2 = 1.7636 (Excel SKEW 1.7636);
    G2 = ((4 + 1) (4×1394/50² - 3) + 6) × 3 / (2×1) = 3.228 (Excel KURT 3.228).
    """
    spec = scorecard(("a",), tables='[treat]\nmethod = "two_stage"')
    (record,) = run(spec, [[1], [2], [3], [10]]).treatments
    assert record.skewness_before == pytest.approx(2 * 180 / 50**1.5 * math.sqrt(12) / 2)
    assert record.kurtosis_before == pytest.approx((5 * (4 * 1394 / 2500 - 3) + 6) * 3 / 2)
    assert (record.skewness_before, record.kurtosis_before) == pytest.approx((1.7636, 3.228), abs=1e-4)
    # |G1| is below 2, which is enough.
    assert record.passed
    assert record.winsorised == 0


def test_treatment_of_one_indicator_changes_only_what_it_states():
    """[M] deep merge (COINr drops the defaults that are not repeated, section "Treat" of its manual)."""
    spec = scorecard(
        {"a": "treat = { max_winsorised = 1 }", "b": 'treat = "none"', "c": ""},
        tables='[treat]\nmethod = "two_stage"\ntransform = "none"',
    )
    outcome = run(spec, [[value] * 3 for value in HEAVY])
    # c goes on: 10⁷, 10⁵ and 10³ end at 2, where a further step would leave nothing but ones.
    assert outcome.treated_values.max(axis=0).tolist() == [1e5, 1e7, 2]
    assert [(record.indicator, record.winsorised) for record in outcome.treatments] == [("a", 1), ("c", 3)]


def test_treatment_sees_values_before_any_direction():
    """[C] Treat comes before Normalise, where directions are applied."""
    spec = scorecard({"a": "direction = -1"}, tables='[treat]\nmethod = "two_stage"\n[normalise]\nmethod = "none"')
    outcome = run(spec, [[value] for value in LONG])
    assert outcome.treated_values[-1, 0] == 30
    assert outcome.normalised[-1, 0] == -30


# Column a of five units; b is 0, 10, 5, 10, 0 and kind x, x, x, y, y; the gap to be filled is that of u2.
IMPUTE = [
    Example('method = "none"', "-", "gaps stay and give their weight away", [1, 3, None, 8, 9], [None]),
    Example('method = "constant"\nvalue = 7', "[C] a function that returns 7", "7", [1, 3, None, 8, 9], [7]),
    Example('method = "mean"', "[C] i_mean", "(1 + 3 + 8 + 9) / 4", [1, 3, None, 8, 9], [5.25]),
    Example('method = "median"', "[C] i_median, type 7", "(3 + 8) / 2", [1, 3, None, 8, 9], [5.5]),
    Example(
        'method = "median"', "[C] i_median, ties", "of 1, 3, 3, 3, with the other gap left out", [1, 3, None, 3, 3], [3]
    ),
    Example(
        'method = "group_mean"\ngroup = "kind"', "[C] i_mean_grp", "(1 + 3) / 2 in group x", [1, 3, None, 8, 9], [2]
    ),
    Example('method = "group_median"\ngroup = "kind"', "[C] i_median_grp", "in group x", [1, 3, None, 8, 9], [2]),
    Example(
        'method = "group_mean"\ngroup = "kind"',
        "[C] i_mean_grp: a whole group missing stays missing",
        "nobody in x has a value",
        [None, None, None, 8, 9],
        [None],
    ),
    Example(
        'method = "row_mean"',
        'Impute(impute_by = "row") of [C]: min–max with direction first, then back',
        "u2 stands at (5 - 0) / (10 - 0) = 0.5 of b: 1 + 0.5 × (9 - 1)",
        [1, 3, None, 8, 9],
        [5],
    ),
]


@each(IMPUTE)
def test_impute(example):
    spec = scorecard(("a", "b"), tables=f"[impute]\n{example.option}")
    rows = [
        [math.nan if value is None else value, other]
        for value, other in zip(example.values, (0, 10, 5, 10, 0), strict=True)
    ]
    outcome = run(spec, rows, columns={"kind": np.array(["x", "x", "x", "y", "y"])})
    assert [outcome.imputed_values[2, 0]] == approx(example.expected)
    assert outcome.imputed[2, 0] == (example.expected != [None])
    still_empty = [step.cells for step in outcome.steps if step.code == "gaps_left"]
    assert bool(still_empty) == (example.expected == [None] and "none" not in example.option)
