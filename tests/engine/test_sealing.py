"""Chains and trees: what was sealed cannot be changed unseen."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thuocdo.engine.canonical import canonical_json, digest, digest_of_bytes, instant
from thuocdo.engine.sealing.chain import GENESIS, Break, Link, first_break, seal
from thuocdo.engine.sealing.merkle import inclusion_proof, merkle_root, proves

AT = datetime(2026, 9, 14, 2, 30, tzinfo=UTC)


def chain(length: int) -> list[Link]:
    links: list[Link] = []
    previous = GENESIS
    for number in range(1, length + 1):
        sealed = seal(number=number, at=AT, actor="user:1", event="e", subject="s", data="{}", previous_digest=previous)
        links.append(Link(number, AT, "user:1", "e", "s", "{}", previous, sealed))
        previous = sealed
    return links


def test_an_untouched_chain_holds() -> None:
    assert first_break(chain(20)) is None
    assert first_break([]) is None


@given(st.integers(0, 9))
def test_a_link_taken_out_is_noticed_at_its_place(place: int) -> None:
    links = chain(10)
    del links[place]
    assert first_break(links) == (Break(place + 1, "number") if place < 9 else None)


def test_canonical_json_is_one_text_for_one_meaning() -> None:
    assert canonical_json({"b": 1, "a": [True, None, "ệ"]}) == '{"a":[true,null,"ệ"],"b":1}'
    assert canonical_json({"x": Decimal("1E+2")}) == '{"x":"100"}'
    assert instant(AT) == "2026-09-14T02:30:00.000000Z"
    assert digest({"a": 1}) == digest_of_bytes(b'{"a":1}')


def test_floats_and_moments_without_zone_are_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        canonical_json({"x": 0.1})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2026, 1, 1))  # noqa: DTZ001


@given(st.lists(st.text(), min_size=1, max_size=40), st.data())
def test_every_row_of_a_batch_can_be_proven_and_no_other(rows: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(rows) - 1))
    root, proof = merkle_root(rows), inclusion_proof(rows, index)
    assert proves(rows[index], proof, root)
    assert not proves(rows[index] + "x", proof, root)


def test_order_matters_in_a_tree() -> None:
    assert merkle_root(["a", "b"]) != merkle_root(["b", "a"])
    with pytest.raises(IndexError):
        inclusion_proof(["a"], 1)
