"""Keys of source systems over time: narrowed, rotated without a gap, paced across processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tests.world import NOW, TODAY, World, recall_world
from thuocdo.accounts.models import KeyUse
from thuocdo.accounts.operations import AccountRefused, TooManyCalls, issue_key, revoke_key, rotate_key, take_call
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.accounts.queries import Scope, actor_for_key, key_for, scope_of
from thuocdo.ledger.models import Entry


def test_both_secrets_open_for_a_week_and_the_oldest_never_again(world: World) -> None:
    quan = world.actor("quan")
    key, first = issue_key(actor=quan, at=NOW, body=world.body("01"), title="Cổng")
    key, second = rotate_key(actor=quan, at=NOW, key=key)
    assert key_for(first, at=NOW) == key_for(second, at=NOW) == key
    assert key_for(first, at=NOW + timedelta(days=7)) is None
    _key, third = rotate_key(actor=quan, at=NOW, key=key, grace=timedelta(days=1))
    assert [key_for(token, at=NOW) is not None for token in (first, second, third)] == [False, True, True]
    assert [key_for(token, at=NOW + timedelta(days=1)) is not None for token in (second, third)] == [False, True]
    told = Entry.objects.filter(event="accounts.key.rotated")
    assert told.count() == 2
    assert all(token.split("_", 2)[2] not in entry.data for entry in told for token in (first, second, third))


def test_what_opens_nothing_is_not_rotated(world: World) -> None:
    quan = world.actor("quan")
    key, _token = issue_key(actor=quan, at=NOW, body=world.body("01"), title="K", expires_at=NOW + timedelta(days=1))
    with pytest.raises(NotAllowed):
        rotate_key(actor=world.actor("lan"), at=NOW, key=key)
    with pytest.raises(AccountRefused):
        rotate_key(actor=quan, at=NOW, key=key, grace=timedelta(days=31))
    with pytest.raises(AccountRefused):
        rotate_key(actor=quan, at=NOW + timedelta(days=2), key=key)
    revoke_key(actor=quan, at=NOW, key=key)
    with pytest.raises(AccountRefused):
        rotate_key(actor=quan, at=NOW, key=key)


@pytest.mark.parametrize(
    ("indicators", "feeds", "found"),
    [
        ([], [], Scope()),
        (["a"], [], Scope(frozenset("a"), frozenset())),
        ([], ["f"], Scope(frozenset(), frozenset("f"))),
        (["a"], ["f"], Scope(frozenset("a"), frozenset("f"))),
    ],
)
def test_a_key_for_one_kind_of_data_sends_nothing_of_the_other(
    world: World, indicators: list[str], feeds: list[str], found: Scope
) -> None:
    key, _ = issue_key(
        actor=world.machine, at=NOW, body=world.body("01"), title="K", indicators=indicators, feeds=feeds
    )
    scope = scope_of(actor_for_key(key, on=TODAY))
    assert scope == found
    assert scope.may_feed("f") is (found.feeds is None or "f" in feeds)
    assert scope.may_measure("b") is (found.indicators is None)


def test_a_key_keeps_to_its_rate_and_is_told_when_to_come_again(world: World) -> None:
    key, _ = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="K", calls_per_minute=12)
    assert [take_call(key=key, at=NOW) for _ in range(2)] == [None, None]
    refused = take_call(key=key, at=NOW)
    assert refused is not None
    assert refused.seconds == pytest.approx(5, abs=0.01)
    # A clock that goes back gives nothing; waiting as told does.
    assert isinstance(take_call(key=key, at=NOW - timedelta(hours=1)), TooManyCalls)
    assert take_call(key=key, at=NOW + timedelta(seconds=5.01)) is None
    assert isinstance(take_call(key=key, at=NOW + timedelta(seconds=5.01)), TooManyCalls)
    # However long nothing came, no more than a burst is saved up.
    later = NOW + timedelta(days=1)
    assert [take_call(key=key, at=later) is None for _ in range(4)] == [True, True, False, False]
    key.refresh_from_db()
    assert key.use.last_used_at == later
    KeyUse.objects.all().delete()
    assert take_call(key=key, at=later) is None


def test_calls_at_once_in_several_connections_are_counted_each(own_database: str) -> None:
    world = recall_world()
    key, _ = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="K", calls_per_minute=60)

    def call(_number: int) -> bool:
        try:
            return take_call(key=key, at=NOW) is None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as callers:
        assert sum(callers.map(call, range(24))) == 10


@pytest.mark.parametrize("rate", [0, -1, 100_001])
def test_a_key_without_a_sensible_rate_is_not_issued(world: World, rate: int) -> None:
    with pytest.raises(AccountRefused):
        issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="K", calls_per_minute=rate)
