"""A pack becomes bodies, lines and successions; loading it twice changes nothing."""

from datetime import date

import pytest

from tests.world import NOW, World
from thuocdo.directives.queries import addressee_group
from thuocdo.indicators.queries import indicator_by_code, target_by_code
from thuocdo.organisations import queries
from thuocdo.organisations.models import SectorLine
from thuocdo.project.packs.loading import Loaded, load_bodies, load_pack
from thuocdo.project.packs.reading import PackUnreadable, open_pack
from thuocdo.scorecards.queries import scorecard_by_code


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


def test_a_small_nation_keeps_the_tree_and_does_without_owners_it_lacks(world: World) -> None:
    pack = open_pack("nq57")
    loaded = load_pack(actor=world.machine, at=NOW, pack=pack, communes=(), central=("BTP", "VPTW"))
    files = ("indicators.toml", "service_indicators.toml", "composed_indicators.toml")
    defined = sum(len(pack.toml(name)["indicator"]) for name in files)
    assert loaded.indicators == defined + len(pack.toml("targets.toml")["target"])
    # What holds the tree together is there; a ministry that nobody asked for is not.
    assert queries.body_by_code("KDANG") is not None
    assert queries.body_by_code("BKHCN") is None
    assert SectorLine.objects.filter(head__code="BTP").exists()
    target = target_by_code("T01")
    assert target is not None
    assert target.owner is None
    own = indicator_by_code("guiding_documents_on_time")
    assert own is not None
    assert own.owner == world.body("BTP")
    assert addressee_group("localities") is not None
    assert scorecard_by_code("nq57-2026") is not None


def test_a_pack_loaded_again_changes_nothing(world: World) -> None:
    pack = open_pack("nq57")
    load_pack(actor=world.machine, at=NOW, pack=pack, communes=())
    assert load_pack(actor=world.machine, at=NOW, pack=pack, communes=()) == Loaded(bodies=0, indicators=0)


def test_a_missing_pack_is_named_with_those_that_are_there() -> None:
    with pytest.raises(PackUnreadable, match="nq57"):
        open_pack("nq99")
