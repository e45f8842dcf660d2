"""Figures that the system computes from its records, written down only when they change."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.indicators.figures import load_pack_dictionary, row
from tests.scorecards.method import Q3
from tests.world import NOW, TODAY, World
from thuocdo.engine.targets import standing
from thuocdo.indicators.models import Batch, Indicator, Measurement, Reading, Target, TargetPoint
from thuocdo.indicators.operations import load_targets, record_measurements
from thuocdo.scorecards.derivations import FROM_MEASUREMENTS, FROM_TASKS
from thuocdo.scorecards.derivations.targets import aim_due
from thuocdo.scorecards.operations import derive
from thuocdo.tasks.models import Task


@pytest.fixture
def measured(world: World) -> World:
    load_pack_dictionary(world)
    return world


def owe(world: World, due: date, done: date | None = None, lead: str = "BTP", **changes: Any) -> Task:
    """A task as it stands, without the way there."""
    number = Task.objects.count() + 1
    fields: dict[str, Any] = {
        "code": f"NV-2026-{number:06}", "title": "Nhiệm vụ", "lead": world.body(lead),
        "assigned_by": world.body("VPTW"), "due_on": due, "original_due_on": due, "assigned_on": date(2026, 1, 5),
        "state": "completed" if done else "in_progress", "completed_on": done, "search": "",
    }  # fmt: skip
    return Task.objects.create(**{**fields, **changes})


def figure(world: World, code: str, body: str = "BTP", on: date = TODAY) -> float | None:
    (found,) = {**FROM_TASKS, **FROM_MEASUREMENTS}[code](Q3, on, [world.body(body)])
    return found.value


def feed(world: World, *rows: dict[str, Any], days: int = 0) -> None:
    result = record_measurements(
        actor=world.machine, at=NOW + timedelta(days=days), rows=list(rows), on_error="keep_good"
    )
    assert result.accepted


def test_on_time_counts_due_tasks_and_nothing_due_is_not_applicable(world: World) -> None:
    assert figure(world, "on_time") is None
    owe(world, date(2026, 8, 31), date(2026, 8, 31))
    owe(world, date(2026, 8, 31), date(2026, 9, 1))
    owe(world, date(2026, 9, 1))
    owe(world, date(2026, 9, 30))
    assert figure(world, "on_time") == pytest.approx(100 / 3, abs=1e-6)


def test_delay_is_counted_in_working_days_and_no_task_outweighs_everything(world: World) -> None:
    # From Friday 4 September to Monday 14 September: six working days.
    owe(world, date(2026, 9, 4))
    assert figure(world, "delay_severity") == 6
    owe(world, date(2026, 1, 30))
    assert figure(world, "delay_severity") == (6 + 60) / 2
    owe(world, date(2026, 7, 30), date(2026, 7, 1))
    assert figure(world, "delay_severity") == (6 + 60) / 3


def test_accepted_products_weigh_by_priority_since_the_beginning_of_the_year(world: World) -> None:
    owe(world, date(2026, 2, 27), date(2026, 3, 20), weight=3)
    owe(world, date(2026, 8, 31), weight=1)
    assert figure(world, "accepted_products") == 75


def test_effective_share_leaves_out_what_nobody_has_judged(world: World) -> None:
    owe(world, date(2026, 3, 31), date(2026, 3, 31), effectiveness="effective")
    owe(world, date(2026, 6, 30), date(2026, 6, 30), effectiveness="not_effective")
    owe(world, date(2026, 6, 30), date(2026, 6, 30))
    owe(world, date(2025, 6, 30), date(2025, 6, 30), effectiveness="effective", assigned_on=date(2025, 1, 5))
    assert figure(world, "effective_share") == 50


def test_a_derived_figure_is_recorded_once_and_again_only_when_it_changes(measured: World) -> None:
    task = owe(measured, date(2026, 9, 4))
    first = derive(actor=measured.machine, at=NOW)
    assert first is not None
    told = Measurement.objects.get(indicator__code="on_time", body__code="BTP")
    assert (told.provenance, told.inherits, told.kind) == ("derived", "cross_checked", "provisional")
    assert told.value == 0
    assert Batch.objects.get(ledger=first.ledger).is_derived
    assert Measurement.objects.get(indicator__code="on_time", body__code="BYT").state == "not_applicable"
    assert derive(actor=measured.machine, at=NOW) is None
    Task.objects.filter(pk=task.pk).update(state="completed", completed_on=TODAY)
    second = derive(actor=measured.machine, at=NOW + timedelta(minutes=1))
    assert second is not None
    changed = Measurement.objects.filter(batch__ledger=second.ledger)
    assert {(one.indicator.code, one.body.code) for one in changed} == {("accepted_products", "BTP")}
    assert changed.get().supersedes_id is not None


def test_after_the_quarter_its_figures_become_final(measured: World) -> None:
    owe(measured, date(2026, 9, 4))
    derive(actor=measured.machine, at=NOW)
    result = derive(actor=measured.machine, at=NOW + timedelta(days=30), period=Q3)
    assert result is not None
    assert set(Measurement.objects.filter(batch__ledger=result.ledger).values_list("kind", flat=True)) == {"final"}


def test_reports_are_in_time_when_they_come_within_their_term(measured: World) -> None:
    july = {"period": "2026-07", "provenance": "declared", "source": "Báo cáo"}
    feed(measured, row(**july), days=-40)
    feed(measured, row(**july, indicator="full_process_online"), days=-1)
    # Six monthly kinds are delivered to a province by others; July and August have fallen due.
    assert figure(measured, "reporting_discipline", "01") == pytest.approx(100 / 12, abs=1e-6)
    assert figure(measured, "quality_completeness", "01") == pytest.approx(2 / 12, abs=1e-6)


def test_a_figure_of_the_quarter_stands_for_its_months_until_it_is_withdrawn(measured: World) -> None:
    assert figure(measured, "quality_completeness", "01") == 0
    feed(measured, row(period="2026-Q3", provenance="system"))
    assert figure(measured, "quality_completeness", "01") == pytest.approx(2 / 12, abs=1e-6)
    feed(measured, row(period="2026-Q3", provenance="system", value=None, state="null"), days=1)
    assert figure(measured, "quality_completeness", "01") == 0


def test_accuracy_compares_claims_with_stronger_sources(measured: World) -> None:
    assert figure(measured, "quality_accuracy", "01") is None
    feed(
        measured,
        row(period="2026-07", provenance="declared", value="80"),
        row(period="2026-07", provenance="system", value="79.5"),
        row(period="2026-08", provenance="declared", value="95"),
        row(period="2026-08", provenance="system", value="79.5"),
    )
    assert figure(measured, "quality_accuracy", "01") == 0.5


def test_consistency_finds_sources_that_contradict_each_other(measured: World) -> None:
    assert figure(measured, "quality_consistency", "01") is None
    feed(
        measured,
        row(provenance="system", source="A", value="80"),
        row(provenance="system", source="B", value="85"),
        row(provenance="system", source="A", value="80", period="2026-07"),
        row(provenance="system", source="B", value="80.4", period="2026-07"),
    )
    assert figure(measured, "quality_consistency", "01") == 0.5


def test_cleanliness_counts_refused_and_repeated_rows(measured: World) -> None:
    feed(measured, row(provenance="system"), row(period="2026-07", provenance="system"), row(value="x"))
    assert figure(measured, "quality_cleanliness", "01") == pytest.approx(2 / 3, abs=1e-6)
    feed(measured, row(provenance="system"), days=1)
    assert figure(measured, "quality_cleanliness", "01") == 0.5


def test_data_that_nobody_renews_dies_evenly(measured: World) -> None:
    feed(measured, row(period="2026-07", provenance="system"))
    fresh = figure(measured, "quality_liveness", "01")
    # One of nine kinds is there; its successor fell due on 11 September and a cycle has 31 days.
    assert fresh is not None
    assert fresh == pytest.approx((1 - 3 / 31) / 9, abs=1e-6)
    later = figure(measured, "quality_liveness", "01", on=date(2026, 9, 30))
    assert later is not None
    assert 0 < later < fresh


def test_sharing_counts_what_arrives_through_the_interface(measured: World) -> None:
    feed(measured, row(provenance="system"), row(provenance="declared", indicator="full_process_online"))
    found = figure(measured, "quality_sharing", "01")
    assert found is not None
    assert 0 < found < 0.2


def test_sharing_counts_what_others_read_once_anybody_reads(measured: World) -> None:
    feed(measured, row(provenance="system"))
    before = figure(measured, "quality_sharing", "01")
    assert before is not None

    def read(reader: str, body: str) -> None:
        Reading.objects.create(
            indicator=Indicator.objects.get(code="service_on_time"), body=measured.body(body), day=TODAY,
            reader=measured.body(reader),
        )  # fmt: skip

    # Somebody reads elsewhere, and the body its own: nobody else reads this one.
    read("01", "48")
    read("01", "01")
    assert figure(measured, "quality_sharing", "01") == pytest.approx(before / 2, abs=1e-6)
    read("48", "01")
    assert figure(measured, "quality_sharing", "01") == before


def test_targets_are_measured_against_the_level_due(measured: World) -> None:
    assert figure(measured, "target_achievement", "01") is None
    feed(measured, row(indicator="full_process_online", period="2026-Q3", value="40.745", provenance="system"))
    found = figure(measured, "target_achievement", "01")
    # Between 80 at the end of 2025 and 90 at the end of 2030, 81.49 is due.
    assert found is not None
    assert found == pytest.approx(50, abs=0.01)


def path(*points: tuple[str, str]) -> list[TargetPoint]:
    return [TargetPoint(period=year, due_date=date(int(year), 12, 31), value=Decimal(level)) for year, level in points]


@pytest.mark.parametrize(
    ("value", "due", "direction", "share"),
    [(50, 100, 1, 0.5), (120, 100, 1, 1), (-5, 100, 1, 0), (100, 50, -1, 0.5), (40, 50, -1, 1), (0, 50, -1, 1),
     (3, 0, 1, 1), (-1, 0, 1, 0)],
)  # fmt: skip
def test_achievement_lies_between_nothing_and_all(value: float, due: float, direction: int, share: float) -> None:
    # Whatever the comparator, with an order it is the plain ratio, as it was before comparators were asked.
    for comparator in ("", ">=", "reach", "between") if direction > 0 else ("", "<=", "rank", "reach", "between"):
        aim = aim_due(Indicator(comparator=comparator, direction=direction), path(("2025", str(due))), Q3, None)
        assert aim is not None
        found = standing(aim, Decimal(str(value)))
        assert found is not None
        assert float(found.share) == share, comparator


@pytest.mark.parametrize(
    ("comparator", "value", "share"),
    [("between", 45, 1), ("between", 50, 1), ("between", 20, 0.5), ("between", 100, 0.5), ("reach", 80, 1),
     ("reach", 60, 0.5), ("reach", 90, 0.75), ("reach", 130, 0), ("state", 80, 1), ("group", 80, 1), ("group", 40, 0)],
)  # fmt: skip
def test_without_an_order_a_target_wants_the_interval_the_level_or_the_group_itself(
    comparator: str, value: float, share: float
) -> None:
    target = Target(comparator=comparator, low=40, high=50) if comparator == "between" else None
    points = path(("2024", "40"), ("2025", "80"))
    aim = aim_due(Indicator(comparator=comparator, direction=0), points, Q3, target)
    assert aim is not None
    found = standing(aim, Decimal(value))
    assert found is not None
    assert float(found.share) == share


def test_nothing_is_demanded_before_it_is_due(measured: World) -> None:
    assert aim_due(Indicator(comparator=">=", direction=1), path(("2030", "5")), Q3, None) is None
    assert (
        aim_due(Indicator(comparator=">=", direction=1), path(("2026", "5")), Q3, Target(every_year=True)) is not None
    )


def test_a_state_of_a_scale_counts_in_the_achievement_of_its_body(measured: World) -> None:
    target = Target.objects.get(code="T21")
    given = {
        "code": "T21", "title": {"vi": target.title, "en": target.title_en}, "comparator": "state", "value": "Gần",
        "unit": {"vi": "bậc", "en": "rung"}, "direction": 1, "year": 2025, "every_year": False, "owner": "BTP",
        "frequency": "year",
        "scale": [
            {"value": place, "vi": name, "en": name} for place, name in enumerate(("Chưa", "Đang", "Gần"), 1)
        ],
    }  # fmt: skip
    load_targets(actor=measured.machine, at=NOW, entries=[given])
    assert figure(measured, "target_achievement", "BTP") is None
    feed(measured, row(indicator="T21", body="BTP", period="2025", value="2", provenance="declared", source="Báo cáo"))
    assert figure(measured, "target_achievement", "BTP") == pytest.approx(200 / 3, abs=1e-6)
