"""Trials: other weights and values on a stored run, exactly as the whole method would compute them, nothing kept."""

import dataclasses
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scorecards.method import TEXT
from tests.web.judgement import Nation, judged
from tests.world import World
from thuocdo.engine.scoring import Matrix, compute, load_spec
from thuocdo.ledger.queries import newest_number
from thuocdo.scorecards.models import Run, Standing
from thuocdo.scorecards.queries.trials import (
    MOST_KEPT,
    Trial,
    TrialRefused,
    _changed,
    _kept,
    basis_of,
    ground_of,
    reweighted,
    trial,
    weights_of,
    with_weights,
)

PACK = files("thuocdo").joinpath("packs", "nq57", "scorecard.toml").read_text(encoding="utf-8")


@pytest.fixture
def nation(world: World) -> Nation:
    return judged(world)


def test_an_untouched_trial_is_the_stored_run(nation: Nation) -> None:
    places = {one.code: one for one in trial(nation.now, weights={}).places}
    for standing in nation.now.standings.select_related("body"):
        place = places[standing.body.code]
        assert (place.rank, place.score, place.score_class) == (
            standing.rank,
            standing.rounded,
            standing.score_class,
        )
        assert (place.won, place.gained) == (0, 0)


def test_trust_alone_turns_the_two_provinces_round(nation: Nation) -> None:
    done = trial(nation.now, weights={"results": 0})
    # Satisfaction alone: Đà Nẵng 75, Hà Nội 65, and 65 lies below the first class.
    assert [(one.code, one.rank, one.score, one.won) for one in done.places] == [
        ("48", 1, 75.0, 1),
        ("01", 2, 65.0, -1),
    ]
    assert {one.code for one in done.moved} == {"01", "48"}


def test_a_changed_value_is_scored_by_the_whole_method(nation: Nation) -> None:
    done = trial(nation.now, weights={}, body="48", values={"service_on_time": 100.0, "satisfaction": 100.0})
    place = next(one for one in done.places if one.code == "48")
    # Service 100 (50 of 60) and four of ten databases (10 of 60) make 90 points of results.
    assert place.score == 94.0
    assert (place.rank, place.won) == (1, 1)
    assert place.score_class == "tot"


def test_a_value_where_there_was_none_counts_as_declared(nation: Nation, world: World) -> None:
    ground = ground_of(nation.now)
    gone = dataclasses.replace(ground.matrix, values=np.where(ground.matrix.values == 75, np.nan, ground.matrix.values))
    changed = _changed(gone, ground.outcome.spec, "48", {"satisfaction": 60.0})
    column = changed.indicators.index("satisfaction")
    assert changed.confidence is not None
    assert changed.confidence[changed.units.index("48"), column] == 0.8


@pytest.mark.parametrize(
    ("weights", "about"),
    [
        ({"results": -1.0}, "results"),
        ({"results": float("nan")}, "results"),
        ({"results": float("inf")}, "results"),
        ({"nonsense": 1.0}, "nonsense"),
        ({"index": 1.0}, "index"),
        ({"results": 0.0, "trust": 0.0}, "index"),
        ({"service_on_time": 0.0, "databases": 0.0}, "results"),
    ],
)
def test_what_is_no_set_of_weights_is_refused_by_name(nation: Nation, weights: dict[str, float], about: str) -> None:
    with pytest.raises(TrialRefused) as refusal:
        trial(nation.now, weights=weights)
    assert refusal.value.code == about


@pytest.mark.parametrize(
    ("body", "code", "value"), [("99", "databases", 1.0), ("01", "x", 1.0), ("01", "databases", float("nan"))]
)
def test_values_of_nobody_or_of_nothing_are_refused(nation: Nation, body: str, code: str, value: float) -> None:
    with pytest.raises(TrialRefused):
        trial(nation.now, weights={}, body=body, values={code: value})


def test_nothing_is_written(nation: Nation) -> None:
    before = (newest_number(), Run.objects.count(), list(Standing.objects.order_by("pk").values()))
    trial(nation.now, weights={"trust": 90.0}, body="01", values={"satisfaction": 1.0})
    assert (newest_number(), Run.objects.count(), list(Standing.objects.order_by("pk").values())) == before


def test_a_kept_run_is_asked_for_once_and_only_so_many_are_kept(
    nation: Nation, django_assert_num_queries: object
) -> None:
    ground_of(nation.now)
    with django_assert_num_queries(0):  # type: ignore[operator]
        trial(nation.now, weights={"trust": 50.0})
    for number in range(2 * MOST_KEPT):
        nation.now.inputs_digest = f"{number}"
        ground_of(nation.now)
    assert len(_kept) <= MOST_KEPT


SPEC = load_spec(PACK)
UNITS = 9
CODES = [code for code in weights_of(SPEC) if code != SPEC.top]


@given(
    weights=st.dictionaries(st.sampled_from(CODES), st.floats(0.1, 100), max_size=6),
    seed=st.integers(0, 2**16),
    gaps=st.floats(0, 0.4),
)
def test_weights_on_the_kept_block_give_what_the_whole_method_gives(
    weights: dict[str, float], seed: int, gaps: float
) -> None:
    random = np.random.default_rng(seed)
    shape = (UNITS, len(SPEC.indicators))
    values = random.uniform(0, 100, shape)
    values[random.random(shape) < gaps] = np.nan
    matrix = Matrix(
        units=tuple(f"u{number}" for number in range(UNITS)),
        indicators=tuple(one.code for one in SPEC.indicators),
        values=values,
        not_applicable=random.random(shape) < gaps / 2,
        confidence=random.choice([0.8, 1.0], shape),
        in_grace=np.zeros(shape, dtype=np.bool_),
        columns={"peer_group": np.full(UNITS, "provinces")},
    )
    before = compute(SPEC, matrix)
    spec = with_weights(SPEC, weights)
    whole = compute(spec, matrix)
    quick = Trial(before, reweighted(before, spec))
    assert [(one.code, one.rank, one.score, one.score_class) for one in quick.places] == [
        (one.code, one.rank, one.score, one.score_class) for one in Trial(before, whole).places
    ]


@given(factor=st.floats(0.01, 100))
def test_a_family_of_weights_scaled_together_changes_nothing(factor: float) -> None:
    spec = load_spec(TEXT)
    scaled = with_weights(spec, {"results": 60 * factor, "trust": 40 * factor})
    matrix = Matrix(
        units=("a", "b"),
        indicators=("service_on_time", "databases", "satisfaction"),
        values=np.array([[96.0, 10.0, 65.0], [72.5, 4.0, 75.0]]),
        columns={"peer_group": np.full(2, "provinces")},
    )
    done = Trial(compute(spec, matrix), compute(scaled, matrix))
    assert done.moved == []
    assert all(one.gained == 0 for one in done.places)


@pytest.mark.parametrize("way", ["pca", "benefit_of_doubt", "critic", "entropy"])
def test_weights_that_a_method_derives_are_moved_from_where_they_stand(way: str) -> None:
    """Trying the very weights that the run derived gives the run again, where all units share them."""
    random = np.random.default_rng(7)
    text = TEXT.replace("[aggregate]", f'[weights]\nmethod = "{way}"\n[aggregate]')
    spec = load_spec(text)
    matrix = Matrix(
        units=tuple(f"u{number}" for number in range(12)),
        indicators=("service_on_time", "databases", "satisfaction"),
        values=random.uniform(1, 10, (12, 3)),
        columns={"peer_group": np.full(12, "provinces")},
    )
    before = compute(spec, matrix)
    basis = basis_of(before)
    assert basis.weighting == "given"
    again = reweighted(before, basis)
    if before.derived_weights is not None and before.derived_weights.ndim == 1:
        assert again.scores == pytest.approx(before.scores)
    moved = reweighted(before, with_weights(basis, {"trust": 0.0}))
    assert not np.isnan(moved.scores[:, -1]).any()
