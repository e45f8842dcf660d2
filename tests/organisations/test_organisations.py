"""Bodies are found by any of their names, stand in two hierarchies, and change in time."""

from datetime import date
from decimal import Decimal

import pytest

from tests.world import FOUNDED, NOW, TODAY, World
from thuocdo.organisations import queries
from thuocdo.organisations.models import Hierarchy
from thuocdo.organisations.operations import (
    BodiesRefused,
    BodyDescription,
    SectorLineDescription,
    appoint_head,
    draw_sector_lines,
    establish_bodies,
    record_successions,
)


def described(code: str, superior: str = "TW", **other: object) -> BodyDescription:
    fields: dict[str, object] = {
        "bloc": "government", "kind": "department", "name": f"Cục {code}", "name_en": f"Department {code}",
        "valid_from": FOUNDED,
    }  # fmt: skip
    return BodyDescription(code=code, superior=superior, **(fields | other))  # type: ignore[arg-type]


@pytest.mark.parametrize("words", ["Phường Hòa Cường", "phường hoà cường", "hoa cuong", "HOA CUONG"])
def test_a_body_is_found_however_its_tone_marks_are_placed(world: World, words: str) -> None:
    assert [body.code for body in queries.search(words)] == ["20194"]


def test_a_body_is_found_by_abbreviation_and_former_name(world: World) -> None:
    establish_bodies(actor="user:1", at=NOW, bodies=[described("C9", abbreviation="CCN", former_names=["Cục Chín cũ"])])
    assert [body.code for body in queries.search("ccn")] == ["C9"]
    assert [body.code for body in queries.search("chin cu")] == ["C9"]
    assert [body.code for body in queries.bodies_named("CỤC CHÍN CŨ", on=TODAY)] == ["C9"]


def test_the_same_accents_come_before_the_same_letters(world: World) -> None:
    establish_bodies(actor="user:1", at=NOW, bodies=[described("C1", name="Cục Hóa"), described("C2", name="Cục Hòa")])
    assert [body.code for body in queries.search("cục hoà")] == ["C2", "C1"]
    assert [body.code for body in queries.search("cục hoá")] == ["C1", "C2"]


def test_words_that_match_nothing_find_nothing(world: World) -> None:
    assert queries.search("   ") == []
    assert queries.search("không có cơ quan này") == []


def test_the_territorial_tree_reaches_any_depth(world: World) -> None:
    establish_bodies(actor="user:1", at=NOW, bodies=[described("D1", superior="00004"), described("D2", superior="D1")])
    hanoi = world.body("01")
    below = {body.code for body in queries.within([hanoi.pk], on=TODAY)}
    assert below == {"01", "00004", "00025", "D1", "D2"}
    assert [b.code for b in queries.superiors(queries.bodies_by_code(["D2"])["D2"], on=TODAY)] == [
        "D1", "00004", "01", "TW",
    ]  # fmt: skip
    assert {b.code for b in queries.subordinates(hanoi, on=TODAY)} == {"00004", "00025"}


def test_a_sector_line_runs_across_the_territorial_tree(world: World) -> None:
    draw_sector_lines(
        actor="user:1",
        at=NOW,
        lines=[SectorLineDescription("justice", "Tư pháp", "Justice", "BTP", ["city", "ward"], FOUNDED)],
    )
    justice = world.body("BTP")
    sector = {b.code for b in queries.within([justice.pk], on=TODAY, hierarchy=Hierarchy.SECTOR)}
    assert sector == {"BTP", "01", "48", "00004", "00025", "20194"}
    assert queries.is_within(world.body("00004"), justice.pk, on=TODAY, hierarchy=Hierarchy.SECTOR)
    assert not queries.is_within(world.body("00004"), justice.pk, on=TODAY)


def test_a_body_that_ended_is_no_longer_below_anything(world: World) -> None:
    establish_bodies(actor="user:1", at=NOW, bodies=[described("OLD", superior="01", valid_to=date(2026, 7, 1))])
    hanoi = world.body("01").pk
    assert "OLD" in {b.code for b in queries.within([hanoi], on=date(2026, 6, 30))}
    assert "OLD" not in {b.code for b in queries.within([hanoi], on=date(2026, 7, 1))}


def test_successors_are_followed_to_those_that_still_exist(world: World) -> None:
    establish_bodies(
        actor="user:1",
        at=NOW,
        bodies=[
            described("A", valid_to=date(2025, 8, 1)),
            described("B", valid_to=date(2026, 7, 1)),
            described("C"),
        ],
    )
    a, b, c = (queries.bodies_by_code("ABC")[code] for code in "ABC")
    record_successions(actor="user:1", at=NOW, on=date(2025, 7, 1), pairs=[(a, b, Decimal(1)), (b, c, Decimal(1))])
    assert queries.successors(a) == [c]
    assert queries.successors(c) == []


def test_a_new_head_ends_the_term_of_the_one_before(world: World) -> None:
    justice = world.body("BTP")
    appoint_head(actor="user:1", at=NOW, body=justice, person="Ông A", post="Bộ trưởng", valid_from=date(2025, 3, 1))
    appoint_head(actor="user:1", at=NOW, body=justice, person="Bà B", post="Bộ trưởng", valid_from=date(2026, 4, 7))
    before, after = (
        queries.head_of(justice, on=date(2026, 4, 6)),
        queries.head_of(justice, on=date(2026, 4, 7)),
    )
    assert before is not None
    assert after is not None
    assert (before.person, after.person) == ("Ông A", "Bà B")


@pytest.mark.parametrize(
    ("bodies", "named"),
    [
        ([described("X"), described("X")], "X"),
        ([described("X", superior="NOWHERE")], "NOWHERE"),
        ([described("X", superior="Y"), described("Y", superior="X")], "circle"),
    ],
)
def test_bodies_that_do_not_fit_are_refused_by_name(world: World, bodies: list[BodyDescription], named: str) -> None:
    with pytest.raises(BodiesRefused, match=named):
        establish_bodies(actor="user:1", at=NOW, bodies=bodies)
    assert queries.body_by_code("X") is None
