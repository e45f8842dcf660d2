"""Indicators that are computed from others: read with their units, computed for what is touched, traced to inputs."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.indicators.figures import COUNT, SERVICE, row
from tests.world import NOW, World
from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.models import Indicator, Input, Measurement
from thuocdo.indicators.operations import (
    DictionaryRefused,
    evaluate,
    evaluate_formulas,
    load_indicators,
    record_measurements,
)
from thuocdo.indicators.queries import inputs_of, used_by, value_in_force, version_behind

DOSSIERS = COUNT | {
    "title": {"vi": "Hồ sơ", "en": "Dossiers"}, "unit": {"vi": "hồ sơ", "en": "dossiers"}, "frequency": "month",
    "applies_to": [], "target": 0,
}  # fmt: skip
DOSSIERS.pop("upper", None)
RECEIVED = DOSSIERS | {"code": "received"}
ONLINE = DOSSIERS | {"code": "online"}
PEOPLE = DOSSIERS | {"code": "people", "unit": {"vi": "người", "en": "people"}, "frequency": "year"}
SHARE = SERVICE | {
    "code": "online_share", "formula": "online / received", "numerator": "online", "denominator": "received",
    "target_path": [], "applies_to": [], "provenance_expected": "derived",
}  # fmt: skip
DOUBLED = DOSSIERS | {"code": "growth", "unit": {"vi": "%", "en": "%"}, "lower": -100,
                      "formula": "(received - year_ago(received)) / year_ago(received)"}  # fmt: skip
PER_HEAD = DOSSIERS | {"code": "per_head", "unit": {"vi": "hồ sơ trên 1.000 người", "en": "dossiers per 1,000 people"},
                       "formula": "received / people"}  # fmt: skip
SO_FAR = DOSSIERS | {"code": "so_far", "formula": "year_to_date(received)"}
GAP = SERVICE | {"code": "paper_share", "formula": "1 - online_share", "target_path": [], "applies_to": []}


@pytest.fixture
def computed(world: World) -> World:
    """A dictionary in which a share, a growth, a ratio and a sum are computed."""
    load_indicators(
        actor=world.machine, at=NOW, entries=[RECEIVED, ONLINE, PEOPLE, SHARE, DOUBLED, PER_HEAD, SO_FAR, GAP]
    )
    return world


def told(world: World, at: Any = NOW, **figures: Any) -> None:
    """Record figures of Hà Nội for August 2026, and evaluate."""
    rows = [
        row(indicator=name, value=str(value) if value is not None else None,
            state="value" if value is not None else "null", provenance="system")
        for name, value in figures.items()
    ]  # fmt: skip
    result = record_measurements(actor=world.machine, at=at, rows=rows)
    assert not result.errors, result.errors
    evaluate(actor=world.machine, at=at)


def figure(world: World, code: str, period: str = "2026-08") -> Measurement | None:
    return value_in_force(Indicator.objects.get(code=code), world.body("01"), parse_period(period))


def test_a_share_is_computed_with_what_is_behind_it(computed: World) -> None:
    told(computed, received=2000, online=1500)
    share = figure(computed, "online_share")
    assert share is not None
    assert (share.value, share.provenance, share.inherits) == (Decimal(75), "derived", "system")
    assert [one.indicator.code for one in inputs_of(share)] == ["online", "received"]
    # A formula over the result of another came out in the same batch, and leads to it.
    paper = figure(computed, "paper_share")
    assert paper is not None
    assert (paper.value, paper.batch_id) == (Decimal(25), share.batch_id)
    assert inputs_of(paper) == [share]
    assert [one.code for one in used_by("online_share")] == ["paper_share"]


def test_a_result_that_changes_nothing_is_not_written_again(computed: World) -> None:
    told(computed, received=2000, online=1500)
    rows = Measurement.objects.count()
    # The results' own batch is looked at and leads to nothing; so does the same figure told once more.
    assert evaluate(actor=computed.machine, at=NOW) is None
    told(computed, at=NOW + timedelta(minutes=1), received=2000)
    assert Measurement.objects.count() == rows + 1
    share = figure(computed, "online_share")
    assert share is not None
    # But it is known that the share rests on the newer row now.
    assert Input.objects.filter(measurement=share).count() == 3
    assert len(inputs_of(share)) == 2


def test_a_corrected_input_restates_the_result_and_a_weaker_one_weakens_it(computed: World) -> None:
    told(computed, received=2000, online=1500)
    told(computed, at=NOW + timedelta(minutes=1), online=1000)
    share = figure(computed, "online_share")
    assert share is not None
    assert share.value == 50
    assert share.supersedes is not None
    ha = computed.actor("ha")
    later = NOW + timedelta(minutes=2)
    record_measurements(actor=ha, at=later, rows=[row(indicator="received", period="2026-07", value="10")])
    record_measurements(
        actor=computed.machine, at=later,
        rows=[row(indicator="online", period="2026-07", value="5", provenance="system", kind="provisional")],
    )  # fmt: skip
    evaluate(actor=computed.machine, at=later)
    share = figure(computed, "online_share", "2026-07")
    assert share is not None
    assert (share.inherits, share.kind) == ("declared", "provisional")


def test_a_withdrawn_input_withdraws_the_result_and_nothing_is_divided_by_zero(computed: World) -> None:
    told(computed, received=2000, online=1500)
    told(computed, at=NOW + timedelta(minutes=1), online=None)
    assert figure(computed, "online_share") is None
    assert figure(computed, "paper_share") is None
    told(computed, at=NOW + timedelta(minutes=2), online=0, received=0)
    share = figure(computed, "online_share")
    assert share is not None
    assert (share.state, share.value) == ("not_applicable", None)


def test_other_periods_and_figures_of_the_year_are_looked_at(computed: World) -> None:
    rows = [row(indicator="received", period="2025-08", value="1000", provenance="system")]
    rows += [
        row(indicator="received", period=f"2026-0{month}", value="100", provenance="system") for month in range(1, 8)
    ]
    rows += [row(indicator="people", period="2026", value="8000", provenance="system")]
    record_measurements(actor=computed.machine, at=NOW, rows=rows)
    told(computed, received=1500)
    growth, so_far, per_head = (figure(computed, code) for code in ("growth", "so_far", "per_head"))
    assert growth is not None
    assert growth.value == 50
    assert so_far is not None
    assert so_far.value == 2200
    assert len(inputs_of(so_far)) == 8
    assert per_head is not None
    assert per_head.value == Decimal("187.5")
    # A corrected January moves every later sum of the year, a corrected population every month that it stands for.
    later = NOW + timedelta(minutes=1)
    changes = [
        row(indicator="received", period="2026-01", value="300", provenance="system"),
        row(indicator="people", period="2026", value="4000", provenance="system"),
    ]
    record_measurements(actor=computed.machine, at=later, rows=changes)
    evaluate(actor=computed.machine, at=later)
    assert [one.value for code in ("so_far", "per_head") if (one := figure(computed, code))] == [2400, 375]
    feb = figure(computed, "so_far", "2026-02")
    assert feb is not None
    assert feb.value == 400


def test_a_new_formula_is_computed_for_what_is_there_and_leaves_the_past_as_it_was(computed: World) -> None:
    told(computed, received=2000, online=1500)
    (changed,) = load_indicators(
        actor=computed.machine, at=NOW,
        entries=[SHARE | {"formula": "online / received + 0.05", "valid_from": NOW.date().replace(day=1)}],
    )  # fmt: skip
    later = NOW + timedelta(minutes=1)
    rows = [
        row(indicator=code, period="2026-09", value=value, provenance="system")
        for code, value in (("received", "2000"), ("online", "1500"))
    ]
    record_measurements(actor=computed.machine, at=later, rows=rows)
    evaluate_formulas(actor=computed.machine, at=later, codes=[changed.code])
    august, september = figure(computed, "online_share"), figure(computed, "online_share", "2026-09")
    assert august is not None
    assert september is not None
    assert [august.value, september.value] == [75, 80]
    behind = [version_behind(one) for one in (august, september)]
    assert [held.version.version for held in behind if held] == [1, 2]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"formula": "online / recieved"}, "từ ký tự 10 .* mã “recieved”"),
        ({"formula": "online"}, "tính bằng hồ sơ, còn chỉ số khai đơn vị số"),
        ({"formula": "online / received * 100"}, "Không nhân với 100"),
        ({"formula": "online +"}, "Không đọc được công thức"),
        ({"formula": "1 - paper_share"}, "gọi vòng"),
        ({"formula": "0.5"}, "không dùng chỉ số nào"),
        ({"formula": "__import__('os')"}, "Không có hàm"),
        ({"denominator": "nobody"}, "denominator ghi mã “nobody”"),
    ],
)
def test_a_formula_that_cannot_be_is_refused_with_place_and_remedy(
    computed: World, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(DictionaryRefused, match=words):
        load_indicators(actor=computed.machine, at=NOW, entries=[SHARE | changes])


def test_what_was_measured_locks_unit_and_formula(computed: World) -> None:
    told(computed, received=2000, online=1500)
    with pytest.raises(DictionaryRefused, match="không đổi đơn vị được"):
        load_indicators(
            actor=computed.machine, at=NOW, entries=[RECEIVED | {"unit": {"vi": "nghìn hồ sơ", "en": "thousand"}}]
        )
    past = NOW.date().replace(year=2020)
    with pytest.raises(DictionaryRefused, match="đã khóa"):
        load_indicators(
            actor=computed.machine, at=NOW, entries=[SHARE | {"formula": "1 - online / received", "valid_from": past}]
        )
