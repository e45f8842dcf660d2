"""The engine against the plain one of `reference.py`, on many scorecards and data that are made up anew.

Each configuration draws a tree of two to five levels, columns of several kinds (ties, gaps, long tails,
negative numbers, sparse and constant ones), and one way of doing every step.
"""

import csv
import io
import math
import random

import numpy as np
import pytest

from tests.engine.scoring import reference
from thuocdo.engine.scoring import Matrix, compute, dump_spec, load_spec
from thuocdo.engine.scoring.run.data import read_data
from thuocdo.engine.scoring.run.tables import result_tables

CONFIGURATIONS = 240
NAN = float("nan")
# Values that a geometric or harmonic mean can be taken of.
POSITIVE = ("min_max", "rank", "goalposts")
ANY = (
    *("z_score", "scaled", "distance_to_target", "distance_to_reference", "distance_to_maximum", "borda"),
    *("percentile_rank", "none", "fraction_of_maximum", "min_max", "goalposts", "rank"),
)
PARAMETERS = {
    "min_max": ["", "lower = 1\nupper = 7", "lower = -1\nupper = 1"],
    "z_score": ["", "mean = 100\nsd = 15"],
    "scaled": ["", "lower = 10\nupper = 50\nscale = 1"],
    "goalposts": ["", "scale = 1", "truncate = false"],
    "distance_to_target": ["", "cap = true"],
    "distance_to_reference": ['reference = "u3"', 'reference = "u2"\ncap = true'],
    "rank": ["", 'ties = "dense"', 'ties = "average"'],
    "borda": ["", 'ties = "average"'],
    "percentile_rank": ["", 'ties = "min"'],
}
TREATMENTS = [
    "",
    'method = "two_stage"',
    'method = "two_stage"\nmax_winsorised = 1',
    'method = "two_stage"\nmax_winsorised = 0\ntransform = "log_shift_one"',
    'method = "two_stage"\ntransform = "log_mirrored"\nmax_winsorised = 1',
    'method = "two_stage"\ntransform = "box_cox"\nlambda = 0.3\nmax_winsorised = 2',
    'method = "two_stage"\ntransform = "none"\nmax_abs_skewness = 1\nmax_kurtosis = 2',
    'method = "two_stage"\ncombine = true\nmax_winsorised = 2\nmax_abs_skewness = 1.5',
]
IMPUTATIONS = ["", "constant", "mean", "median", "group_mean", "group_median", "row_mean", "row_mean_level"]


def numbers(chance, kind, units):
    """One column of data."""
    match kind:
        case "normal":
            column = [chance.gauss(50, 10) for _ in range(units)]
        case "tail":
            column = [math.exp(chance.gauss(2, 2.0)) for _ in range(units)]
        case "negative":
            column = [-math.exp(chance.gauss(1, 2.0)) for _ in range(units)]
        case "ties":
            column = [float(chance.randint(1, 5)) for _ in range(units)]
        case "sparse":
            column = [chance.choice([0.0, 0.0, 0.0, 0.0, 3.0, 40.0]) for _ in range(units)]
        case _:
            column = [0.1] * units
    gaps = chance.choice([0, 0, 0.1, 0.25])
    return [None if chance.random() < gaps else value for value in column]


def configuration(seed):
    """A scorecard file and rows of data."""
    chance = random.Random(seed)
    units, levels = chance.randint(8, 32), chance.randint(2, 5)
    positive = chance.random() < 0.4
    lines = [f'id = "c{seed}"\nlevels = {levels}']
    # The tree: nodes from the top, each level with some children of every node above it.
    nodes, parents = ['[[node]]\ncode = "index"'], ["index"]
    for level in range(levels - 1, 1, -1):
        below = []
        for parent in parents:
            for _ in range(chance.randint(1, 2)):
                code = f"n{level}_{len(below)}"
                nodes.append(
                    f'[[node]]\ncode = "{code}"\nparent = "{parent}"\nweight = {chance.choice([1, 2, 0.3, 7])}'
                )
                below.append(code)
        parents = below

    method = chance.choice(POSITIVE if positive else ANY)
    parameters = chance.choice(PARAMETERS.get(method, [""]))
    if positive and method == "min_max":
        parameters = "lower = 1\nupper = 7"
    if positive and method == "goalposts":
        parameters = "scale = 10"
    lines.append(f'[normalise]\nmethod = "{method}"\n{parameters}')
    lines.append(f"[treat]\n{chance.choice(TREATMENTS)}")
    imputation = chance.choice(IMPUTATIONS)
    stated = {
        "": "",
        "constant": 'method = "constant"\nvalue = 3',
        "row_mean_level": f'method = "row_mean"\ngroup = {chance.randint(2, levels)}',
    }.get(imputation, f'method = "{imputation}"')
    if imputation.startswith("group_"):
        stated += '\ngroup = "kind"'
    lines.append(f"[impute]\n{stated}")
    # The unit that others are compared with must not be screened out.
    availability = 0 if method == "distance_to_reference" else chance.choice([0, 0, 0.5, 0.66, 0.75])
    lines.append(f"[screen]\nunit_availability = {availability}")
    lines.append(
        f'[rounding]\ndecimals = {chance.choice([0, 1, 2, 3, 6])}\nrank_on = "{chance.choice(["rounded", "full"])}"\n'
        f'ties = "{chance.choice(["min", "dense", "average"])}"'
    )
    means = ["arithmetic", "median", "minimum"]
    means += ["geometric", "harmonic", "generalised"] if positive else ["copeland"]
    rule = [f"power = {chance.choice([0.5, 2, -1.5, 1, 3])}"]
    if chance.random() < 0.5:
        stated = [chance.choice([f'"{one}"' for one in means]) for _ in range(levels - 1)]
        if positive:
            stated[0] = chance.choice(['{ method = "generalised", power = -2 }', stated[0]])
        rule.append(f"by_level = [{', '.join(stated)}]")
    else:
        rule.append(f'method = "{chance.choice(means)}"')
    available = [chance.choice([0, 0.3, 0.5, 0.66, 1]) for _ in range(levels - 1)]
    rule.append(f"min_available = {chance.choice([0, 0.5, available])}")
    lines.append("[aggregate]\n" + "\n".join(rule))
    lines += nodes

    rows = [
        {"unit": f"u{place}", "kind": chance.choice(["a", "b", "c", ""]), "people": chance.choice([100.0, 250.0, 7e3])}
        for place in range(units)
    ]
    kinds = ["normal", "tail", "ties", "normal"]
    if not positive and method != "fraction_of_maximum":
        kinds += ["negative", "negative", "sparse", "constant"]
    number = 0
    for parent in parents:
        for _ in range(chance.randint(1, 4)):
            code, column = f"i{number}", numbers(chance, chance.choice(kinds), units)
            number += 1
            down = chance.random() < 0.3
            extra = [f"weight = {chance.choice([1, 1, 2, 0.5, 3.7])}", f"direction = {-1 if down else 1}"]
            present = [value for value in column if value is not None] or [1.0]
            low, high = min(present), max(present)
            if method == "goalposts":
                # Posts beyond the data, so that nothing is cut to 0 where a geometric mean follows.
                extra.append(f"goalposts = [{low - 1 - abs(low)!r}, {high + 1 + abs(high)!r}]")
            if method == "distance_to_target":
                extra.append(f"target = {low if down else high!r}")
            if chance.random() < 0.15 and low > 0 and method not in ("goalposts", "none", "fraction_of_maximum"):
                extra.append(f'transform = "{chance.choice(["ln", "sqrt"])}"')
            elif chance.random() < 0.15 and method not in ("goalposts", "distance_to_target"):
                extra.append(f'denominator = "people"\nscale = {chance.choice([1, 1000])}')
            if chance.random() < 0.2:
                extra.append(chance.choice(['treat = "none"', "treat = { max_winsorised = 3 }"]))
            if chance.random() < 0.15 and not positive:
                extra.append(
                    chance.choice(['normalise = "z_score"', 'normalise = { method = "rank", ties = "dense" }'])
                )
            lines.append(f'[[indicator]]\ncode = "{code}"\nparent = "{parent}"\n' + "\n".join(extra))
            for row, value in zip(rows, column, strict=True):
                row[code] = value
    return "\n".join(lines), rows


def given_matrix(spec, rows):
    """The rows as the engine takes them."""
    codes = tuple(one.code for one in spec.indicators)
    return Matrix(
        units=tuple(row["unit"] for row in rows),
        indicators=codes,
        values=np.array([[NAN if row[code] is None else row[code] for code in codes] for row in rows]),
        columns={name: np.array([row[name] for row in rows]) for name in ("kind", "people")},
    )


def table(rows, units, columns):
    """unit → column → number or None as an array."""
    return np.array([[NAN if rows[u][c] is None else rows[u][c] for c in columns] for u in units]).reshape(
        len(units), len(columns)
    )


@pytest.mark.parametrize("seed", range(CONFIGURATIONS))
def test_a_plain_calculation_gives_the_same(seed):
    text, rows = configuration(seed)
    spec = load_spec(text)
    codes = tuple(one.code for one in spec.indicators)
    ours, plain = compute(spec, given_matrix(spec, rows)), reference.score(text, rows)
    assert ours.units == tuple(plain.scores)
    for name, columns in {
        "imputed": (ours.imputed_values, codes),
        "treated": (ours.treated_values, codes),
        "normalised": (ours.normalised, codes),
        "scores": (ours.scores, ours.columns),
        "ranks": (ours.ranks, ours.columns),
    }.items():
        array, heads = columns
        expected = table(getattr(plain, name), ours.units, heads)
        np.testing.assert_allclose(array, expected, rtol=1e-9, atol=1e-9, err_msg=f"{name}\n{text}")
    for record in ours.treatments:
        before, after, pulled, transform, passed = plain.treatment[record.indicator]
        assert (record.winsorised, record.transform, record.passed) == (pulled, transform, passed)
        shapes = (record.skewness_before, record.kurtosis_before, record.skewness_after, record.kurtosis_after)
        expected = [NAN if one is None else one for one in (*before, *after)]
        assert shapes == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)
    assert {record.indicator for record in ours.treatments} == {code for code, one in plain.treatment.items() if one}
    assert load_spec(dump_spec(spec)) == spec


def test_the_configurations_reach_every_method():
    texts = [configuration(seed)[0] for seed in range(CONFIGURATIONS)]
    for word in (*ANY, "copeland", "geometric", "harmonic", "generalised", "median", "minimum", *IMPUTATIONS[1:-1]):
        assert sum(f'"{word}"' in text for text in texts) >= 3, word
    for word in ("log_shift_one", "log_mirrored", "box_cox", "combine", "denominator", "transform = ", "treat = "):
        assert sum(word in text for text in texts) >= 3, word


@pytest.mark.parametrize("seed", range(0, CONFIGURATIONS, 12))
def test_the_files_of_a_run_hold_what_a_plain_calculation_gives(seed):
    text, rows = configuration(seed)
    # A table of values names every unit's group; that a unit may have none is for those who fill a matrix.
    rows = [{**row, "kind": row["kind"] or "d"} for row in rows]
    heads = list(rows[0])
    lines = [",".join("" if row[head] is None else str(row[head]) for head in heads) for row in rows]
    spec = load_spec(text)
    data = read_data("\n".join([",".join(heads), *lines]).encode(), spec)
    tables, plain = result_tables(compute(spec, data.matrix)), reference.score(text, rows)
    for name in ("imputed", "treated", "normalised", "scores", "ranks"):
        written = {row["unit"]: row for row in csv.DictReader(io.StringIO(tables[f"{name}.csv"].decode()))}
        expected = getattr(plain, name)
        assert list(written) == list(expected)
        for unit, values in expected.items():
            assert set(written[unit]) == {"unit", *values}
            for column, value in values.items():
                shown = written[unit][column]
                assert (shown == "") == (value is None), (name, unit, column)
                if value is not None:
                    assert float(shown) == pytest.approx(value, rel=1e-9, abs=1e-9), (name, unit, column)
