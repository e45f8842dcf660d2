"""Published tables that the engine must reproduce."""

import csv
from pathlib import Path

import numpy as np
import pytest

from tests.engine.scoring.cases import run, scorecard
from thuocdo.engine.scoring import Matrix, compute

DATA = Path(__file__).parents[2] / "data"


def published(name):
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# Source: ")
    return list(csv.DictReader(lines[1:]))


def test_hdi_2022_equals_the_published_value_of_all_193_countries():
    rows = published("hdi_2022.csv")
    spec = scorecard(
        {
            "life_expectancy": 'parent = "health"\ngoalposts = [20, 85]',
            "expected_schooling": 'parent = "education"\ngoalposts = [0, 18]',
            "mean_schooling": 'parent = "education"\ngoalposts = [0, 15]',
            "gni_per_head": 'parent = "income"\ngoalposts = [100, 75000]\ntransform = "ln"',
        },
        nodes=dict.fromkeys(("health", "education", "income"), 'parent = "index"'),
        tables="""
            [rounding]
            decimals = 3
            [normalise]
            method = "goalposts"
            scale = 1
            [aggregate]
            by_level = ["arithmetic", "geometric"]
        """,
        levels=3,
    )
    codes = [indicator.code for indicator in spec.indicators]
    outcome = compute(
        spec,
        Matrix(
            units=tuple(row["iso3"] for row in rows),
            indicators=tuple(codes),
            values=np.array([[float(row[code]) for code in codes] for row in rows]),
        ),
    )
    assert len(rows) == 193
    assert outcome.rounded_of("index").tolist() == [float(row["hdi"]) for row in rows]
    assert outcome.ranks_of("index").tolist() == [float(row["hdi_rank"]) for row in rows]


def test_pci_2019_gives_the_published_order_of_its_22_rows():
    rows = published("pci_2019.csv")
    codes = [name for name in rows[0] if name not in ("province", "published")]
    weights = [5, 5, 20, 5, 10, 5, 5, 20, 20, 5]
    spec = scorecard(
        {code: f"goalposts = [0, 10]\nweight = {weight}" for code, weight in zip(codes, weights, strict=True)},
        tables='[normalise]\nmethod = "goalposts"',
    )
    outcome = run(spec, [[float(row[code]) for code in codes] for row in rows])
    announced = np.array([float(row["published"]) for row in rows])
    assert len(rows) == 22
    assert np.abs(outcome.scores_of("index") - announced).max() <= 0.02
    assert np.argsort(-outcome.scores_of("index")).tolist() == np.argsort(-announced).tolist()


@pytest.mark.parametrize(
    ("groups", "total"),
    [
        ({"a": (15.67, 18), "b": (19.31, 20), "c": (17.49, 22), "d": (17.86, 18), "e": (16.64, 22)}, 86.97),
        (
            {"a": (15.82, 18), "b": (19.45, 20), "c": (8.53, 12), "d": (10.0, 10), "e": (17.86, 18), "f": (21.17, 22)},
            92.83,
        ),
    ],
)
def test_decision_766_is_the_plain_sum_of_its_groups(groups, total):
    """Thái Nguyên on 29/8/2025 and Bắc Ninh in one week of 2026, as the service portal showed them."""
    spec = scorecard(
        {code: f"points = {most}\ngoalposts = [0, {most}]" for code, (_, most) in groups.items()},
        tables='[normalise]\nmethod = "goalposts"',
    )
    outcome = run(spec, [[value for value, _ in groups.values()]])
    assert outcome.rounded_of("index").tolist() == [total]
    contributions = outcome.contributions
    assert contributions is not None
    assert contributions[0].round(9).tolist() == [value for value, _ in groups.values()]


def test_pii_2025_of_hue_rounds_half_up():
    """(51.50 + 47.23) / 2 = 49.365, published as 49.37; binary floats and half-even give 49.36."""
    spec = scorecard({"inputs": "", "outputs": ""}, tables='[normalise]\nmethod = "none"')
    outcome = run(spec, [[51.50, 47.23]])
    assert outcome.rounded_of("index").tolist() == [49.37]
    assert round(float(outcome.scores_of("index")[0]), 2) == 49.36
