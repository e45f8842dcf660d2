"""What follows from an entry: figures are derived, then scored, and nothing goes round in circles."""

import json
from datetime import date

import pytest
import time_machine
from django_tasks_db.models import DBTaskResult

from tests.indicators.figures import load_pack_dictionary, row
from tests.scorecards.test_derivations import owe
from tests.world import NOW, World
from thuocdo.indicators.models import Batch
from thuocdo.indicators.operations import record_measurements
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.ledger.operations import append
from thuocdo.ledger.queries import newest_number
from thuocdo.project.packs.reading import open_pack
from thuocdo.scorecards import jobs
from thuocdo.scorecards.models import Run
from thuocdo.scorecards.operations import load_scorecard, rescoring

from .method import load_method


def events_after(number: int) -> list[str]:
    return list(Entry.objects.filter(number__gt=number).order_by("number").values_list("event", flat=True))


def waiting(job: str) -> int:
    return DBTaskResult.objects.filter(task_path=f"thuocdo.scorecards.jobs.{job}").count()


@time_machine.travel(NOW, tick=False)
def test_a_changed_task_leads_to_figures_and_these_to_scores_and_then_there_is_rest(world: World) -> None:
    load_pack_dictionary(world)
    load_scorecard(actor=world.machine, at=NOW, text=open_pack("nq57").text("scorecard.toml"))
    owe(world, date(2026, 9, 4))
    before = newest_number()
    entry = append(actor="user:1", at=NOW, event=Event.TASK_CHANGED, subject="task:1")
    assert waiting("derive") == 1
    jobs.derive.func(entry.number)
    # Once for the new method and the figures together: the job that waits covers both.
    assert waiting("rescore") == 1
    jobs.rescore.func(newest_number())
    assert events_after(before) == [
        "tasks.task.changed", "indicators.measurements.recorded", "scorecards.scores.computed",
    ]  # fmt: skip
    # Everything is covered: the same jobs again do nothing, and nobody asked for more.
    jobs.derive.func(entry.number)
    jobs.rescore.func(newest_number() - 1)
    assert len(events_after(before)) == 3
    assert (waiting("derive"), waiting("rescore")) == (1, 1)
    assert {run.peer_group for run in Run.objects.all()} >= {"provinces", "ministries_with_services", "wards"}


@time_machine.travel(NOW, tick=False)
def test_one_rescoring_covers_every_batch_before_it(world: World) -> None:
    load_pack_dictionary(world)
    load_scorecard(actor=world.machine, at=NOW, text=open_pack("nq57").text("scorecard.toml"))
    numbers = []
    for body in ("01", "48"):
        result = record_measurements(actor=world.machine, at=NOW, rows=[row(body=body, provenance="system")])
        numbers.append(result.ledger or 0)
    jobs.rescore.func(numbers[0])
    before = newest_number()
    jobs.rescore.func(numbers[1])
    assert newest_number() == before


@time_machine.travel(NOW, tick=False)
def test_a_small_group_is_told_before_a_large_one_is_computed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescoring, "LARGE", 1)
    load_method(world)
    record_measurements(actor=world.machine, at=NOW, rows=[row(provenance="system")])
    before = newest_number()
    jobs.rescore.func(before)
    told = [
        {run["peer_group"] for run in json.loads(entry.data)["runs"]}
        for entry in Entry.objects.filter(number__gt=before, event=Event.SCORES_COMPUTED).order_by("number")
    ]
    sizes = [max(Run.objects.filter(peer_group__in=groups).values_list("units", flat=True)) for groups in told]
    assert len(told) == 2
    assert sizes == sorted(sizes)


@time_machine.travel(NOW, tick=False)
def test_time_alone_changes_qualities_and_the_schedule_asks_for_them(world: World) -> None:
    load_pack_dictionary(world)
    record_measurements(actor=world.machine, at=NOW, rows=[row(provenance="system")])
    jobs.refresh.func()
    codes = set(Batch.objects.get(is_derived=True).measurements.values_list("indicator__code", flat=True))
    assert {"quality_liveness", "on_time", "target_achievement", "reporting_discipline"} <= codes
