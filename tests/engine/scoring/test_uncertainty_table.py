"""The table [uncertainty]: methods with parameters, Dirichlet's law, levels, and its errors."""

import pytest

from tests.engine.scoring.cases import scorecard
from thuocdo.engine.scoring import SpecError, dump_spec, load_spec
from thuocdo.engine.scoring.spec import Aggregation, Imputation, Normalisation


def test_alternatives_may_have_parameters_and_take_the_rest_from_the_tables():
    spec = scorecard(
        tables="""
[impute]
method = "group_mean"
group = "kind"
[treat]
max_winsorised = 3
[uncertainty]
weights = "dirichlet"
concentration = 80
weight_levels = [1]
normalise = ["z_score", { method = "min_max", lower = 1, upper = 100 }]
aggregate = ["geometric", { method = "generalised", power = 0.5 }]
treat = ["two_stage"]
impute = ["group_median", { method = "constant", value = 0 }]
"""
    )
    varied = spec.uncertainty
    assert (varied.weights, varied.concentration, varied.weight_levels) == (0.0, 80.0, (1,))
    assert varied.normalise == (Normalisation("z_score"), Normalisation("min_max", {"lower": 1.0, "upper": 100.0}))
    assert varied.aggregate == (Aggregation("geometric"), Aggregation("generalised", 0.5))
    assert varied.treat[0].max_winsorised == 3
    assert varied.impute == (Imputation("group_median", None, "kind"), Imputation("constant", 0.0))
    assert load_spec(dump_spec(spec)) == spec


@pytest.mark.parametrize(
    ("table", "key", "words"),
    [
        ("weights = 2", "uncertainty.weights", "out of bounds"),
        ('weights = "dirichlet"', "uncertainty.concentration", "not positive"),
        ("concentration = 5", "uncertainty.concentration", "Dirichlet"),
        ("weight_levels = [2]", "uncertainty.weight_levels", "no weights at level 2"),
        ("weight_levels = [true]", "uncertainty.weight_levels", "not a list of levels"),
        ('aggregate = ["mode"]', "uncertainty.aggregate", "not known"),
        ("normalise = 3", "uncertainty.normalise", "not a list"),
        ('impute = ["group_mean"]', "uncertainty.impute.group", "is missing"),
        ('normalise = [{ method = "z_score", cap = true }]', "uncertainty.normalise.cap", "is not a key"),
    ],
)
def test_what_cannot_vary_is_named(table, key, words):
    with pytest.raises(SpecError) as caught:
        scorecard(tables=f"[uncertainty]\n{table}")
    assert any(problem.key == key and words in problem.what for problem in caught.value.problems), caught.value
