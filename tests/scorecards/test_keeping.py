"""Live runs keep what changed: their inputs come back whole, their parts are those that a published run stores."""

import json
import zlib
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.indicators.figures import tell
from tests.scorecards.method import Q3, load_method, score_provinces, standing
from tests.world import NOW, World
from thuocdo.engine.scoring import compute
from thuocdo.ledger.models import Entry
from thuocdo.scorecards.models import Run, Scorecard, Snapshot, Standing
from thuocdo.scorecards.operations import keeping, rescore, score
from thuocdo.scorecards.queries import latest_run, ranking, recompute, spec_of
from thuocdo.scorecards.queries.content import (
    PROVENANCES,
    Content,
    content_of,
    inputs_digest,
    outputs_digest,
    packed,
    packed_beside,
    read_content,
)
from thuocdo.scorecards.queries.parts import parts_from


@pytest.fixture
def method(world: World) -> Scorecard:
    found = load_method(world)
    for body, service, survey in (("01", "80", "90"), ("48", "90", "45")):
        tell(world, body=body, period="2026-Q2", value=service)
        tell(world, body=body, period="2026-Q3", indicator="satisfaction", value=survey, provenance="independent")
    tell(world, body="01", period="2026", indicator="databases", value="5", provenance="declared")
    tell(world, body="48", period="2025", indicator="databases", value="4", provenance="declared")
    return found


@pytest.fixture
def every_run_has_a_basis(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that two provinces and three indicators are kept like thousands of communes."""
    monkeypatch.setattr(keeping, "WORTH_A_SNAPSHOT", 1)
    monkeypatch.setattr(keeping, "MOST_WITH_PARTS", 0)
    monkeypatch.setattr(keeping, "MOST_CHANGED", 0.4)
    monkeypatch.setattr(keeping, "_kept", type(keeping._kept)())


def snapshot_of_provinces() -> Snapshot:
    return Snapshot.objects.get(runs__peer_group="provinces")


def tell_later(world: World, minutes: int, value: str, indicator: str = "service_on_time") -> Run:
    at = NOW + timedelta(minutes=minutes)
    tell(world, body="48", period="2026-Q3", indicator=indicator, value=value, at=at, provenance="system")
    rescore(actor=world.machine, at=at)
    run = latest_run("small-2026", "provinces", Q3)
    assert run is not None
    return run


@pytest.mark.usefixtures("every_run_has_a_basis")
def test_a_run_beside_a_snapshot_is_computed_again_from_both(world: World, method: Scorecard) -> None:
    rescore(actor=world.machine, at=NOW)
    first = snapshot_of_provinces()
    for minutes, value in ((1, "70"), (2, "71"), (3, "72")):
        run = tell_later(world, minutes, value)
        assert run.base == first
        assert recompute(run).is_equal
        assert run.outputs_digest in Entry.objects.get(number=run.ledger or 0).data
        assert standing(run, "48").parts["service_on_time"]["value"] == float(value)
    assert Run.objects.filter(peer_group="provinces").count() == 1
    # What is beside the snapshot is small, and what was changed in it is found.
    forged = bytearray(zlib.decompress(run.inputs))
    forged[6] ^= 1
    run.inputs = zlib.compress(bytes(forged))
    assert not recompute(run).is_equal


@pytest.mark.usefixtures("every_run_has_a_basis")
def test_when_much_has_changed_a_new_snapshot_takes_over_and_the_old_one_goes(world: World, method: Scorecard) -> None:
    rescore(actor=world.machine, at=NOW)
    first = snapshot_of_provinces()
    at = NOW + timedelta(minutes=1)
    for body in ("01", "48"):
        for indicator in ("service_on_time", "satisfaction"):
            tell(world, body=body, period="2026-Q3", indicator=indicator, value="33", at=at, provenance="system")
    rescore(actor=world.machine, at=at)
    second = snapshot_of_provinces()
    assert second != first
    assert not Snapshot.objects.filter(pk=first.pk).exists()
    # Where the snapshot is gone, as after a restored database, the next run keeps its inputs itself.
    Snapshot.objects.filter(pk=second.pk).update(digest="of another history")
    run = tell_later(world, 2, "34")
    assert run.base is None
    assert recompute(run).is_equal


@pytest.mark.usefixtures("every_run_has_a_basis")
def test_parts_computed_for_a_page_are_those_that_a_published_run_stores(world: World, method: Scorecard) -> None:
    live = score_provinces(world, method)
    at = NOW + timedelta(seconds=1)
    (published,) = score(actor=world.machine, at=at, scorecard=method, period=Q3, peer_groups=["provinces"])
    assert (live.keeps_parts, published.keeps_parts) == (False, True)
    assert live.outputs_digest == published.outputs_digest
    for now, final in zip(ranking(live), ranking(published), strict=True):
        assert set(now.heads) == {"index", "results", "trust"}
        assert now.parts == final.parts == final.heads
        assert now.part("results") == now.parts["results"]
    assert standing(live, "48").parts["databases"]["carried"]


@pytest.mark.usefixtures("every_run_has_a_basis")
def test_lists_ask_for_no_inputs(world: World, method: Scorecard, django_assert_num_queries: object) -> None:
    run = score_provinces(world, method)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert all(row.part("trust") and row.part("index") for row in ranking(run))


def random_content(
    chance: np.random.Generator, rows: int = 7, columns: int = 5, *, has_errors: bool = False
) -> Content:
    shape = (rows, columns)
    values = np.where(chance.random(shape) < 0.2, np.nan, chance.normal(size=shape))
    return Content(
        units=tuple(f"đơn vị {row}" for row in range(rows)),
        indicators=tuple(f"i{column}" for column in range(columns)),
        peer_group="communes",
        values=values,
        confidence=chance.choice([1.0, 0.8], shape),
        not_applicable=chance.random(shape) < 0.1,
        in_grace=chance.random(shape) < 0.1,
        provenance=np.where(np.isnan(values), -1, chance.integers(0, len(PROVENANCES), shape)).astype(np.int8),
        measurement=chance.integers(0, 2**40, shape),
        carried=chance.random(shape) < 0.1,
        error=np.where(chance.random(shape) < 0.5, np.nan, chance.random(shape)) if has_errors else None,
    )


@pytest.mark.parametrize("has_errors", [False, True], ids=["without_errors", "with_errors"])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_packed_comes_back(seed: int, has_errors: bool) -> None:
    chance = np.random.default_rng(seed)
    base, other = (random_content(chance, has_errors=has_errors) for _ in range(2))
    again = read_content(zlib.decompress(packed(base)))
    assert inputs_digest(again) == inputs_digest(base)
    assert np.array_equal(again.measurement, base.measurement)
    places = chance.random(base.values.shape) < 0.3
    mixed = replace(
        base,
        **{
            name: np.where(places, getattr(other, name), getattr(base, name))
            for name in ("values", "measurement", "provenance", *(["error"] if has_errors else []))
        },
    )
    beside = packed_beside(mixed, base)
    assert beside is not None
    assert beside[1] <= places.sum()
    run = Run(inputs=beside[0], base_id=1)
    found = content_of(run, base=again)
    assert inputs_digest(found) == inputs_digest(mixed)
    assert np.array_equal(found.measurement, mixed.measurement)
    assert packed_beside(mixed, replace(base, units=base.units[::-1])) is None
    # With and without errors are two forms: neither has the digest of the other, nor is kept as what differs from it.
    other_form = replace(mixed, error=None if has_errors else np.ones(mixed.values.shape))
    assert packed_beside(other_form, base) is None
    assert inputs_digest(other_form) != inputs_digest(mixed)


def test_runs_of_earlier_versions_are_still_computed_again(world: World, method: Scorecard) -> None:
    run = score_provinces(world, method)
    content = content_of(run)
    assert content.provenance is not None
    plain = {
        "units": list(content.units),
        "indicators": list(content.indicators),
        "peer_group": content.peer_group,
        "values": [[None if value != value else repr(value) for value in row] for row in content.values.tolist()],
        "not_applicable": content.not_applicable.astype(int).tolist(),
        "in_grace": content.in_grace.astype(int).tolist(),
        "confidence": [[repr(value) for value in row] for row in content.confidence.tolist()],
        "provenances": list(PROVENANCES),
        "provenance": content.provenance.tolist(),
    }
    raw = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    run.inputs = zlib.compress(raw, 3)
    earlier = content_of(run)
    outcome = compute(spec_of(method), earlier.matrix)
    run.inputs_digest, run.outputs_digest = inputs_digest(earlier), outputs_digest(outcome, earlier=True)
    assert recompute(run).is_equal
    assert earlier.vouched is not None
    assert np.array_equal(earlier.vouched, content.vouched)  # type: ignore[arg-type]
    parts = parts_from(outcome, earlier, range(len(outcome.units)))
    assert [part["index"] for part in parts] == [row.parts["index"] for row in Standing.objects.filter(run=run)]
