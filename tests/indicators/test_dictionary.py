"""The dictionary and the targets of the pack load as they are, and loading them again changes nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.indicators.figures import SERVICE, entries_of, establish_owners
from tests.world import NOW, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.indicators.models import Indicator, Target
from thuocdo.indicators.operations import DictionaryRefused, load_indicators, load_targets
from thuocdo.indicators.queries import level_due, path_of, targets
from thuocdo.ledger.queries import newest_number


def test_the_indicators_of_the_pack_load_and_load_again_without_a_change(world: World) -> None:
    entries = entries_of("indicators.toml", "indicator")
    establish_owners(world, entries)
    assert len(load_indicators(actor=world.machine, at=NOW, entries=entries)) == 22
    online = Indicator.objects.get(code="full_process_online")
    assert online.applies("provinces")
    assert not online.applies("party_bodies")
    due = level_due(path_of(online), date(2026, 12, 31))
    assert due is not None
    assert round(due, 2) == 82
    before = newest_number()
    assert load_indicators(actor=world.machine, at=NOW, entries=entries) == []
    assert newest_number() == before


def test_the_thirty_one_targets_load_with_their_paths(world: World) -> None:
    entries = entries_of("targets.toml", "target")
    establish_owners(world, entries)
    assert len(load_targets(actor=world.machine, at=NOW, entries=entries)) == 31
    assert load_targets(actor=world.machine, at=NOW, entries=entries) == []
    assert [target.code for target in targets()][::30] == ["T01", "T31"]
    judged = Target.objects.get(code="T21")
    assert (judged.text, judged.indicator) == ("hoàn thành", None)
    between = Target.objects.get(code="T16")
    assert between.indicator is not None
    assert (between.low, between.high) == (Decimal(40), Decimal(50))
    assert between.indicator.target == 40


def test_a_changed_definition_is_a_new_version(world: World) -> None:
    load_indicators(actor=world.machine, at=NOW, entries=[SERVICE])
    (changed,) = load_indicators(actor=world.machine, at=NOW, entries=[SERVICE | {"tolerance": 2}])
    assert (changed.version, changed.tolerance) == (2, Decimal(2))


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([SERVICE | {"owner": "NOBODY"}], "service_on_time belongs to NOBODY"),
        ([SERVICE, SERVICE], "occur more than once"),
        ([SERVICE | {"frequency": "hourly"}], "frequency is 'hourly'"),
        ([SERVICE | {"title": ""}], "has no title"),
        ([{"title": "x"}], "has no code"),
    ],
)
def test_a_bad_entry_is_refused_with_its_remedy(world: World, entries: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(DictionaryRefused, match=message):
        load_indicators(actor=world.machine, at=NOW, entries=entries)


def test_only_administrators_load_the_dictionary(world: World) -> None:
    with pytest.raises(NotAllowed):
        load_indicators(actor=world.actor("lan"), at=NOW, entries=[SERVICE])
    assert load_indicators(actor=world.actor("quan"), at=NOW, entries=[SERVICE])
