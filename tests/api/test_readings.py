"""Who reads figures through the interface is noted once a day, for shared use, and nowhere else."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.indicators.figures import load_figures, tell
from tests.world import NOW, World
from thuocdo.accounts.operations import issue_key
from thuocdo.indicators.models import Reading
from thuocdo.indicators.operations import noting
from thuocdo.ledger.models import Entry


@pytest.fixture
def reader(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    # What earlier tests noted was rolled back with them.
    monkeypatch.setattr(noting, "_noted", type(noting._noted)())
    load_figures(world)
    for body in ("01", "48"):
        tell(world, body=body, value="80")
        tell(world, body=body, value="81", period="2026-07")
    _key, token = issue_key(
        actor=world.machine, at=NOW, body=world.body("TW"), title="Trung tâm", scopes=["figures:read"]
    )

    def ask(query: str = "", days: int = 0) -> Any:
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            return Client().get(f"/api/v1/measurements{query}", headers={"Authorization": f"Bearer {token}"})

    return ask


def test_a_reading_is_noted_once_for_indicator_body_reader_and_day(
    world: World, reader: Any, django_assert_max_num_queries: Any
) -> None:
    before = Entry.objects.count()
    assert len(reader("?body=01").json()["items"]) == 2
    noted = Reading.objects.values_list("indicator__code", "body__code", "reader__code", "day")
    assert list(noted) == [("service_on_time", "01", "TW", NOW.date())]
    # Again, and more: only what is new is written, and nothing into the ledger.
    assert len(reader().json()["items"]) == 4
    assert sorted(row[1] for row in noted.all()) == ["01", "48"]
    with django_assert_max_num_queries(15) as asked:
        reader()
    assert not [one for one in asked.captured_queries if one["sql"].startswith("INSERT") and "reading" in one["sql"]]
    reader("?body=01", days=1)
    assert noted.all().count() == 3
    assert Entry.objects.count() == before


def test_nothing_served_is_nothing_noted(world: World, reader: Any) -> None:
    assert reader("?body=nowhere").status_code == 422
    assert reader("?period=2020").json()["items"] == []
    assert not Reading.objects.exists()
