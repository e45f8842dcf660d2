"""What comes in is checked row by row, kept for ever, and sealed once for each batch."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from tests.indicators.figures import load_figures, refusal, row, tell
from tests.world import NOW, TODAY, World, recall_world
from thuocdo.accounts.operations import issue_key
from thuocdo.accounts.queries import actor_for_key
from thuocdo.indicators.models import Batch, Measurement
from thuocdo.indicators.operations import KeyUsedBefore, check_measurements, record_measurements
from thuocdo.indicators.queries import root_of
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import newest_number


@pytest.fixture
def figures(world: World) -> World:
    load_figures(world)
    return world


def test_ha_declares_a_figure_and_the_ledger_tells_of_it_without_the_figure(figures: World) -> None:
    result = record_measurements(actor=figures.actor("ha"), at=NOW, rows=[row(value="79.50")])
    told = Measurement.objects.get()
    assert (told.provenance, told.value, told.kind, told.state) == ("declared", Decimal("79.5"), "final", "value")
    assert (told.period_start.isoformat(), told.period_end.isoformat()) == ("2026-08-01", "2026-09-01")
    entry = Entry.objects.get(number=result.ledger or 0)
    assert entry.event == "indicators.measurements.recorded"
    assert '"bodies":["01"]' in entry.data
    assert "79" not in entry.data.replace(told.batch.root, "")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"indicator": "nothing"}, "indicator", "unknown_indicator"),
        ({"indicator": None}, "indicator", "indicator_missing"),
        ({"body": "99"}, "body", "unknown_body"),
        ({"body": 1}, "body", "body_not_text"),
        ({"body": "00004"}, "body", "does_not_apply"),
        ({"period": "2026-02-31"}, "period", "period_date"),
        ({"period": "31/2/2026"}, "period", "period_format"),
        ({"period": ""}, "period", "period_missing"),
        ({"period": "2026-Q4"}, "period", "period_in_future"),
        ({"value": "79,5"}, "value", "decimal_comma"),
        ({"value": "1.234,5"}, "value", "decimal_comma"),
        ({"value": "80%"}, "value", "not_a_number"),
        ({"value": "NaN"}, "value", "not_a_number"),
        ({"value": "1e1"}, "value", "not_a_number"),
        ({"value": True}, "value", "not_a_number"),
        ({"value": None}, "value", "value_missing"),
        ({"value": "-0.1"}, "value", "below_range"),
        ({"value": "100.1"}, "value", "above_range"),
        ({"value": "1.123456789"}, "value", "too_many_decimals"),
        ({"indicator": "databases", "value": "1234567890123456"}, "value", "too_many_digits"),
        ({"state": "not_applicable"}, "value", "value_with_state"),
        ({"state": "perhaps", "value": None}, "state", "unknown_state"),
        ({"kind": "guess"}, "kind", "unknown_kind"),
        ({"provenance": "hearsay"}, "provenance", "unknown_provenance"),
        ({"provenance": "derived"}, "inherits", "inherits_missing"),
        ({"inherits": "system"}, "inherits", "inherits_not_derived"),
        ({"source": "x" * 121}, "source", "too_long"),
        ({"source": "a\nb"}, "source", "control_character"),
        ({"external_id": 12}, "external_id", "not_text"),
        ({"evidence": "../etc/passwd"}, "evidence", "evidence_format"),
        ({"vlaue": "1"}, "vlaue", "unknown_field"),
        ({"kind": ["final"]}, "kind", "not_plain"),
    ],
)
def test_a_bad_row_is_named_with_its_field(figures: World, change: dict[str, Any], field: str, code: str) -> None:
    before = newest_number()
    result = record_measurements(actor=figures.machine, at=NOW, rows=[row(), row(period="2026-07") | change])
    assert refusal(result) == (2, field, code)
    assert len(result.errors[0]["message"]) > 20
    assert (result.accepted, result.rejected, result.ledger, result.status) == (0, 2, None, 422)
    assert not Measurement.objects.exists()
    assert newest_number() == before


def test_a_row_that_is_no_object_is_named_too(figures: World) -> None:
    rows: list[Any] = [row(), "79.5"]
    assert refusal(record_measurements(actor=figures.machine, at=NOW, rows=rows)) == (2, "", "not_an_object")


def test_the_comma_is_refused_with_the_number_as_it_should_be(figures: World) -> None:
    result = record_measurements(actor=figures.machine, at=NOW, rows=[row(value="1.234,5")])
    assert "1234.5" in result.errors[0]["message"]


def test_good_rows_can_be_kept_beside_bad_ones(figures: World) -> None:
    rows = [row(), row(body="99"), row(body="48"), row()]
    result = record_measurements(actor=figures.machine, at=NOW, rows=rows, on_error="keep_good")
    assert (result.accepted, result.rejected, result.status) == (2, 2, 201)
    assert [(error["row"], error["code"]) for error in result.errors] == [(2, "unknown_body"), (4, "duplicate")]
    assert set(Measurement.objects.values_list("body__code", flat=True)) == {"01", "48"}
    assert Batch.objects.get().refused == {"01": 1}


def test_three_bad_rows_among_ten_thousand_are_found(figures: World) -> None:
    days = [(datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat() for day in range(5_000)]
    rows = [row(period=day, body=body, provenance="declared") for day in days for body in ("01", "48")]
    rows[9] = row(value="x")
    rows[5_000] = row(body="")
    rows[9_999] = row(period="2020-13")
    result = record_measurements(actor=figures.machine, at=NOW, rows=rows)
    assert [(error["row"], error["code"]) for error in result.errors] == [
        (10, "not_a_number"),
        (5_001, "body_missing"),
        (10_000, "period_date"),
    ]
    kept = record_measurements(actor=figures.machine, at=NOW, rows=rows, on_error="keep_good")
    assert kept.accepted == 9_997 == Measurement.objects.count()


def test_nobody_sends_more_than_ten_thousand_rows_or_none(figures: World) -> None:
    ha = figures.actor("ha")
    assert refusal(record_measurements(actor=ha, at=NOW, rows=[row()] * 10_001)) == (0, "rows", "too_many_rows")
    assert refusal(record_measurements(actor=ha, at=NOW, rows=[])) == (0, "rows", "no_rows")


@pytest.mark.parametrize(
    ("who", "change", "code"),
    [
        ("ha", {"body": "48"}, "out_of_scope"),
        ("ha", {"provenance": "system"}, "provenance_not_allowed"),
        ("son", {"provenance": "declared"}, "provenance_not_allowed"),
        ("thu", {}, "out_of_scope"),
        ("thanh", {}, "out_of_scope"),
        ("binh", {}, "out_of_scope"),
    ],
)
def test_people_write_only_what_their_role_lets_them(
    figures: World, who: str, change: dict[str, Any], code: str
) -> None:
    result = record_measurements(actor=figures.actor(who), at=NOW, rows=[row(**change)])
    assert [error["code"] for error in result.errors] == [code]


def test_the_evaluator_writes_independent_figures_but_never_of_the_own_body(figures: World) -> None:
    assert tell(figures, who="son").provenance == "independent"
    result = record_measurements(actor=figures.actor("son"), at=NOW, rows=[row(body="KHXH")])
    assert refusal(result)[2] == "out_of_scope"


def test_a_key_feeds_its_own_bodies_and_indicators(figures: World) -> None:
    key, _ = issue_key(
        actor=figures.machine, at=NOW, body=figures.body("01"), title="Cổng", indicators=["service_on_time"]
    )
    actor = actor_for_key(key, on=TODAY)
    rows = [row(), row(body="48"), row(indicator="satisfaction"), row(period="2026-07", provenance="declared")]
    result = record_measurements(actor=actor, at=NOW, rows=rows, on_error="keep_good")
    assert result.accepted == 1
    assert [(error["row"], error["code"]) for error in result.errors] == [
        (2, "out_of_scope"),
        (3, "out_of_scope"),
        (4, "provenance_not_allowed"),
    ]
    assert Measurement.objects.get().provenance == "system"


def test_a_correction_supersedes_and_the_former_row_stays(figures: World) -> None:
    first = tell(figures, source="Cổng")
    other_source = tell(figures, source="Kho", at=NOW + timedelta(minutes=1))
    second = tell(figures, source="Cổng", value="81", at=NOW + timedelta(minutes=2))
    assert second.supersedes_id == first.pk
    assert other_source.supersedes_id is None
    assert Measurement.objects.count() == 3


@pytest.mark.parametrize(
    "statement", ["UPDATE indicators_measurement SET value = 100", "DELETE FROM indicators_measurement"]
)
def test_the_database_refuses_to_change_a_measurement(figures: World, statement: str) -> None:
    tell(figures)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_seal_of_a_batch_can_be_computed_again_from_the_rows(figures: World) -> None:
    rows = [
        row(value="79.50", source="Cổng dịch vụ công", external_id="a-1", evidence="0f" * 32),
        row(body="48", value=80, kind="provisional"),
        row(period="2026", state="not_applicable", value=None),
        row(period="2026-Q2", provenance="derived", inherits="declared", value="-0"),
        row(indicator="databases", body="BTP", value="12345678901.123"),
    ]
    result = record_measurements(actor=figures.machine, at=NOW, rows=rows)
    batch = Batch.objects.get(ledger=result.ledger)
    assert root_of(batch) == batch.root
    assert batch.root in Entry.objects.get(number=result.ledger or 0).data
    assert batch.peer_groups == ["ministries_with_services", "provinces"]


def test_a_repeated_key_gets_the_first_answer_and_writes_nothing(figures: World) -> None:
    def send(digest: str) -> Any:
        return record_measurements(
            actor=figures.machine, at=NOW, rows=[row()], idempotency_key="k-1", request_digest=digest
        )

    first, again = send("a"), send("a")
    assert again.as_plain() == first.as_plain()
    assert again.is_repeated
    assert Measurement.objects.count() == 1
    with pytest.raises(KeyUsedBefore):
        send("b")
    other = record_measurements(
        actor=figures.actor("ha"), at=NOW, rows=[row()], idempotency_key="k-1", request_digest="b"
    )
    assert other.accepted == 1


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a\x1b[2J"])
def test_characters_that_no_database_takes_are_quoted_harmlessly(figures: World, text: str) -> None:
    for number, change in enumerate(({"value": text}, {"indicator": text}, {text: "1"}, {"source": text})):
        result = record_measurements(
            actor=figures.machine, at=NOW, rows=[row(**change)], idempotency_key=f"{number}", request_digest="a"
        )
        assert result.accepted == 0
        assert result.errors[0]["message"].isprintable()
        assert result.errors[0]["field"].isprintable()


def test_a_refused_batch_with_a_key_gives_its_refusal_again(figures: World) -> None:
    for _ in range(2):
        result = record_measurements(
            actor=figures.machine, at=NOW, rows=[row(value="x")], idempotency_key="k-2", request_digest="a"
        )
        assert refusal(result) == (1, "value", "not_a_number")
    assert Batch.objects.count() == 1


class AnyTextAtAll(TestCase):
    """Whatever a source sends, the answer is a row error or a stored row, never a crash."""

    @given(
        value=some.one_of(
            some.text(max_size=30), some.integers(), some.floats(), some.none(), some.booleans(),
            some.lists(some.integers(), max_size=2), some.dictionaries(some.text(max_size=2), some.none()),
        ),
        field=some.sampled_from(
            ["indicator", "body", "period", "value", "state", "kind", "provenance", "inherits", "source",
             "external_id", "evidence"]
        ),
    )  # fmt: skip
    def test_any_value_in_any_field(self, value: Any, field: str) -> None:
        world = recall_world()
        load_figures(world)
        result = record_measurements(actor=world.machine, at=NOW, rows=[row(**{field: value})])
        assert result.accepted + result.rejected == 1
        assert result.accepted or result.errors[0]["field"] in (field, "inherits", "body")
        if result.accepted:
            batch = Batch.objects.get(ledger=result.ledger)
            assert root_of(batch) == batch.root


def test_a_check_answers_as_recording_would_and_writes_nothing(world: World) -> None:
    load_figures(world)
    rows = [row(), row(value="x"), row(body="48")]
    checked = check_measurements(actor=world.actor("ha"), at=NOW, rows=rows)
    assert not Measurement.objects.exists()
    recorded = record_measurements(actor=world.actor("ha"), at=NOW, rows=rows, on_error="keep_good")
    assert (checked.accepted, checked.rejected, checked.errors) == (1, 2, recorded.errors)
