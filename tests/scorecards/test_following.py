"""What is kept from one rescoring to the next equals what is read from the start, whatever arrived in between."""

import random
from datetime import date, timedelta

import numpy as np
import pytest

from tests.indicators.figures import load_figures, row
from tests.world import NOW, World
from thuocdo.indicators.operations import record_measurements
from thuocdo.indicators.queries import Cells, indicators, matrix
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.queries import bodies
from thuocdo.scorecards.queries import following
from thuocdo.scorecards.queries.following import followed

from .method import Q3

TOLD: list[dict[str, str | None]] = [
    {"value": "40"},
    {"value": "61.5"},
    {"value": None, "state": "null"},
    {"value": None, "state": "not_applicable"},
]
PERIODS = ("2026-Q3", "2026-07", "2026-08", "2026-09", "2026", "2026-Q2", "2025")
ARRAYS = ("values", "not_applicable", "strength", "derived", "measurement", "carried")


def assert_equal(one: Cells, other: Cells) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


@pytest.mark.parametrize("seed", [1, 2])
def test_cells_that_are_followed_are_those_read_from_the_start(world: World, seed: int) -> None:
    load_figures(world)
    chance = random.Random(seed)
    columns = list(indicators())
    units = list(bodies(on=date(2026, 9, 14)).exclude(peer_group="").order_by("code"))
    codes = [body.code for body in units]
    for step in range(12):
        rows = [
            row(
                indicator=chance.choice([one.code for one in columns]),
                body=chance.choice(codes),
                period=chance.choice(PERIODS),
                provenance=chance.choice(["system", "declared", "independent"]),
                kind=chance.choice(["final", "provisional"]),
                **chance.choice(TOLD),
            )
            for _ in range(chance.choice([0, 1, 3, 20]))
        ]  # fmt: skip
        if rows:
            record_measurements(actor=world.machine, at=NOW + timedelta(minutes=step), rows=rows, on_error="keep_good")
        found = followed(indicators=columns, bodies=units, period=Q3, carry_on=date(2026, 9, 14), until=newest_number())
        fresh = matrix(indicators=columns, bodies=units, period=Q3, carry_on=date(2026, 9, 14))
        assert_equal(found, fresh)
        # Whoever computes with the cells may change them.
        found.values[:] = -1


def test_of_another_history_nothing_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    load_figures(world)
    columns, units = list(indicators()), [world.body("01"), world.body("48")]
    record_measurements(actor=world.machine, at=NOW, rows=[row(provenance="system")])
    number = newest_number()
    read = []

    def counted(**given: object) -> Cells:
        read.append(len(given["bodies"]))  # type: ignore[arg-type]
        return matrix(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(following, "matrix", counted)
    monkeypatch.setattr(following, "_kept", type(following._kept)())

    def follow() -> Cells:
        return followed(indicators=columns, bodies=units, period=Q3, carry_on=None, until=number)

    follow()
    follow()
    assert read == [2], "nothing has happened since"
    digest = Entry.objects.get(number=number).digest
    monkeypatch.setattr(following, "entry_by_number", lambda wanted: Entry(number=wanted, digest=digest[::-1]))
    follow()
    assert read == [2, 2]
