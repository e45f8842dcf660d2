"""Figures that must add up: parts of a breakdown, communes of a province; and who keeps indicators of one's own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from tests.indicators.figures import SERVICE, load_figures, row
from tests.indicators.test_formulas import ONLINE, RECEIVED
from tests.world import NOW, TODAY, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.models import Indicator
from thuocdo.indicators.operations import (
    DictionaryRefused,
    change_indicator,
    evaluate,
    keep_indicator,
    load_indicators,
    record_measurements,
    restore_indicator,
    retire_indicator,
    set_path,
)
from thuocdo.indicators.operations.facts import indicator_facts
from thuocdo.indicators.queries import (
    breakdown_gaps,
    breakdowns_of,
    indicators,
    level_due,
    own_indicators_for,
    path_of,
    tree_sums,
    value_in_force,
    versions_of,
    visible_indicators,
)
from thuocdo.organisations.queries import bodies

AUGUST = parse_period("2026-08")
PAPER = ONLINE | {"code": "paper"}
WHOLE = RECEIVED | {
    "adds_up_the_tree": True,
    "breakdown": [{"code": "channel", "title": {"vi": "Kênh nộp", "en": "Channel"}, "parts": ["online", "paper"]}],
}
OWN = {
    "title": "Tỷ lệ hộ có mã định danh", "definition": "Số hộ có mã chia cho số hộ.", "unit": "%", "direction": 1,
    "lower": 0, "upper": 100, "frequency": "month", "comparator": ">=", "target": 95,
}  # fmt: skip


def record(world: World, *rows: dict[str, Any], who: str = "") -> None:
    actor = world.actor(who) if who else world.machine
    result = record_measurements(actor=actor, at=NOW, rows=rows)
    assert not result.errors, result.errors


def test_parts_that_do_not_add_up_are_told(world: World) -> None:
    load_indicators(actor=world.machine, at=NOW, entries=[ONLINE, PAPER, WHOLE])
    figures = {"received": 100, "online": 70, "paper": 20}
    record(world, *(row(indicator=name, value=str(value), provenance="system") for name, value in figures.items()))
    (gap,) = breakdown_gaps(AUGUST, bodies(on=TODAY))
    assert [gap.body.code, gap.dimension, gap.sum.difference] == ["01", "channel", 10]
    # The ward of Đà Nẵng has told nothing; those of Hà Nội tell more than the city itself.
    record(
        world,
        *(row(body=ward, indicator="received", value="60", provenance="system") for ward in ("00004", "00025")),
        row(indicator="paper", value="30", provenance="system"),
    )
    (gap,) = breakdown_gaps(AUGUST, bodies(on=TODAY))
    assert [gap.dimension, gap.sum.total, gap.sum.difference] == ["tree", 120, -20]
    whole = Indicator.objects.get(code="received")
    (channel,) = breakdowns_of(whole, AUGUST, [world.body("01")])
    assert not channel.is_gap
    assert [one.body.code for one in tree_sums(whole, AUGUST, bodies(on=TODAY))] == ["TW", "01"]


def test_whoever_records_parts_that_do_not_add_up_is_warned_and_not_refused(world: World) -> None:
    load_indicators(actor=world.machine, at=NOW, entries=[ONLINE, PAPER, WHOLE])
    record(world, row(indicator="received", value="100", provenance="system"))
    rows = [row(indicator=name, value=value) for name, value in (("online", "70"), ("paper", "20"))]
    result = record_measurements(actor=world.actor("ha"), at=NOW, rows=rows)
    assert result.accepted == 2
    (warning,) = result.warnings
    assert (warning["row"], warning["code"]) == (0, "parts_differ")
    assert "cộng lại 90, khác tổng 100" in warning["message"]
    corrected = [row(indicator="paper", value="30")]
    assert record_measurements(actor=world.actor("ha"), at=NOW, rows=corrected).warnings == ()


@pytest.mark.parametrize(
    ("parts", "words"),
    [(["online", "nobody"], "nobody"), (["online"], "ít nhất hai"), (["online", "share"], "khác đơn vị")],
)
def test_parts_of_another_unit_or_unknown_are_refused(world: World, parts: list[str], words: str) -> None:
    share = SERVICE | {"code": "share"}
    whole = WHOLE | {"breakdown": [{"title": "Kênh nộp", "parts": parts}]}
    with pytest.raises(DictionaryRefused, match=words):
        load_indicators(actor=world.machine, at=NOW, entries=[ONLINE, share, whole])


def test_a_body_keeps_an_indicator_of_its_own(world: World) -> None:
    ha, city = world.actor("ha"), world.body("01")
    own = keep_indicator(actor=ha, at=NOW, body=city, fields=OWN, short="ho_co_ma")
    assert own.code == "r_01_ho_co_ma"
    # Seen in Hà Nội and above, not in Đà Nẵng; never among those that scorecards read.
    assert own in visible_indicators(ha)
    assert own in visible_indicators(world.actor("thu"))
    assert own not in visible_indicators(world.actor("an"))
    assert own not in indicators()
    assert own_indicators_for(world.body("00004"), on=TODAY) == [own]
    # Measured in Hà Nội only.
    record(world, row(indicator=own.code, value="90"), who="ha")
    refused = record_measurements(
        actor=world.machine, at=NOW, rows=[row(indicator=own.code, body="48", provenance="system")]
    )
    assert refused.errors[0]["code"] == "does_not_apply"
    # The unit is locked now; another term is another version, and the same content none.
    with pytest.raises(DictionaryRefused, match="không đổi đơn vị"):
        change_indicator(actor=ha, at=NOW, indicator=own, fields=OWN | {"unit": "hộ"})
    change_indicator(actor=ha, at=NOW, indicator=own, fields=OWN)
    changed = change_indicator(actor=ha, at=NOW, indicator=own, fields=OWN | {"due_days": 5})
    newest, first = versions_of(changed)
    assert [one.field for one in newest.changes] == ["due_days"]
    assert (first.valid_to, newest.valid_to) == (TODAY, None)
    retired = retire_indicator(actor=ha, at=NOW, indicator=own)
    assert retired.retired_on == TODAY
    assert own_indicators_for(city, on=TODAY) == []
    assert restore_indicator(actor=ha, at=NOW, indicator=own).retired_on is None


def test_what_a_batch_asks_does_not_grow_with_the_own_indicators_of_all_bodies(
    world: World, django_assert_max_num_queries: Callable[[int], AbstractContextManager[CaptureQueriesContext]]
) -> None:
    """Only the own indicators that the rows name are read, and their bodies all at once."""
    load_figures(world)

    def asked() -> int:
        rows = [row(body="48"), *(row(indicator=one.code, body=code) for code, one in kept.items())]
        with django_assert_max_num_queries(40) as queries:
            result = record_measurements(actor=world.machine, at=NOW, rows=rows)
        assert result.accepted == len(rows), result.errors
        return len(queries)

    kept = {"01": keep_indicator(actor=world.machine, at=NOW, body=world.body("01"), fields=OWN)}
    few = asked()
    others = ("48", "BTP", "BNV", "BYT", "VPCP", "00004")
    kept |= {code: keep_indicator(actor=world.machine, at=NOW, body=world.body(code), fields=OWN) for code in others}
    assert asked() <= few
    own = {code for code in indicator_facts(NOW.date(), [row(indicator=kept["48"].code)]) if code.startswith("r_")}
    assert own == {kept["48"].code}


def test_others_keep_none_for_it_and_errors_name_the_field(world: World) -> None:
    city = world.body("01")
    for name in ("an", "minh", "dung", "quan"):
        with pytest.raises(NotAllowed):
            keep_indicator(actor=world.actor(name), at=NOW, body=city, fields=OWN, short="ho_co_ma")
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({}, "Hộ", "short"),
        ({"unit": ""}, "ho", "unit"),
        ({"lower": 5, "upper": 1}, "ho", "upper"),
        ({"formula": "nobody / 2"}, "ho", "formula"),
        ({"due_days": 900}, "ho", "due_days"),
        ({"lower": "x"}, "ho", "lower"),
    ]
    for changes, short, field in cases:
        with pytest.raises(DictionaryRefused) as caught:
            keep_indicator(actor=world.actor("ha"), at=NOW, body=city, fields=OWN | changes, short=short)
        assert caught.value.field == field


def test_an_own_indicator_may_be_computed_from_those_of_the_programme(world: World) -> None:
    load_indicators(actor=world.machine, at=NOW, entries=[RECEIVED, ONLINE])
    fields = OWN | {"formula": "online / received"}
    own = keep_indicator(actor=world.actor("ha"), at=NOW, body=world.body("01"), fields=fields, short="nop")
    figures = {"received": 100, "online": 70}
    for body in ("01", "48"):
        record(
            world,
            *(row(indicator=one, body=body, value=str(n), provenance="system") for one, n in figures.items()),
        )
    evaluate(actor=world.machine, at=NOW + timedelta(minutes=1))
    own.refresh_from_db()
    found = value_in_force(own, world.body("01"), AUGUST)
    assert found is not None
    assert found.value == 70
    assert value_in_force(own, world.body("48"), AUGUST) is None


def test_levels_of_a_body_are_set_by_those_who_steer_it(world: World) -> None:
    load_indicators(actor=world.machine, at=NOW, entries=[SERVICE])
    indicator, city = Indicator.objects.get(code="service_on_time"), world.body("01")
    with pytest.raises(NotAllowed):
        set_path(actor=world.actor("ha"), at=NOW, indicator=indicator, body=city, points=[("2026", 10)])
    thu = world.actor("thu")
    set_path(actor=thu, at=NOW, indicator=indicator, body=city, points=[("2026-Q1", 50), ("2026-Q4", 90)], shape="step")
    assert level_due(path_of(indicator, city), TODAY) == 50
    assert level_due(path_of(indicator), TODAY) != 50
    wrong: list[tuple[list[tuple[str, Any]], str]] = [
        ([("2026", 120)], "Mốc 1"),
        ([("2026", "x")], "phải là một số"),
    ]
    for points, words in wrong:
        with pytest.raises(DictionaryRefused, match=words):
            set_path(actor=thu, at=NOW, indicator=indicator, body=city, points=points)
    # Without points the common path holds again.
    set_path(actor=thu, at=NOW, indicator=indicator, body=city, points=[])
    assert path_of(indicator, city) == path_of(indicator)
    with pytest.raises(NotAllowed):
        set_path(actor=thu, at=NOW, indicator=indicator, points=[("2026", 50)])
