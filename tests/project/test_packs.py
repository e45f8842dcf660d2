"""A pack becomes bodies, lines and successions; loading it twice changes nothing."""

from datetime import date

import pytest

from tests.world import NOW, World
from thuocdo.organisations import queries
from thuocdo.project.packs.loading import load_bodies
from thuocdo.project.packs.reading import PackUnreadable, open_pack


def test_the_nation_is_loaded_once(world: World) -> None:
    pack = open_pack("nq57")
    communes = {"00008", "00070"}
    first = load_bodies(actor=world.machine, at=NOW, pack=pack, communes=communes)
    assert first > 100
    assert load_bodies(actor=world.machine, at=NOW, pack=pack, communes=communes) == 0


def test_the_map_has_63_units_before_the_merger_and_34_after(world: World) -> None:
    load_bodies(actor=world.machine, at=NOW, pack=open_pack("nq57"), communes=())
    assert queries.map_on(date(2025, 6, 30)).count() == 63
    assert queries.map_on(date(2025, 7, 1)).count() == 34
    old = queries.body_by_code("63-02")
    assert old is not None
    assert old.name == "Tỉnh Hà Giang"
    assert [body.name for body in queries.successors(old)] == ["Tỉnh Tuyên Quang"]
    assert [code for code, _ in queries.predecessors_by_successor()["08"]] == ["63-02", "63-08"]


def test_a_missing_pack_is_named_with_those_that_are_there() -> None:
    with pytest.raises(PackUnreadable, match="nq57"):
        open_pack("nq99")
