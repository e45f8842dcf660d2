"""The source system in small: what it sends is taken, what it is follows from a province, and its key does not stay."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import pytest

from tests.feeds.dossiers import land, load_dossiers
from tests.world import NOW, World
from thuocdo.accounts.models import ApiKey
from thuocdo.client import Client, Unwelcome
from thuocdo.feeds.operations import recompute
from thuocdo.indicators.models import Measurement
from thuocdo.project.demo.stream import running
from thuocdo.project.demo.stream.dossiers import before, settled
from thuocdo.project.demo.stream.starting import TITLE, start_stream

PROVINCE = "01"


@pytest.mark.django_db
def test_what_the_stream_sends_is_taken_and_gives_the_figures(world: World) -> None:
    feed = load_dossiers(world)
    stream = running.Stream([PROVINCE], Random(5))
    first = list(before(PROVINCE, NOW - timedelta(days=10), NOW, 20, Random(3)))
    landed = land(world, feed, [*first, *stream.batch(NOW), *stream.batch(NOW)])
    assert landed.batch.rejected == 0, landed.batch.errors
    assert landed.batch.accepted >= len(first) + 2 * running.SETTLED[0]
    recompute(actor=world.machine, at=NOW, feed=feed)
    told = Measurement.objects.get(indicator__code="service_on_time", body__code=PROVINCE, superseded_by=None)
    assert told.value is not None
    assert 0 < told.value <= 100


@pytest.mark.parametrize(("good", "late"), [(1.0, 0), (0.0, 40)])
def test_a_good_day_is_a_day_in_time(good: float, late: int) -> None:
    rows = [settled(PROVINCE, f"H-{number}", NOW, Random(number), good=good) for number in range(40)]
    assert sum(row["finished_at"][:10] > row["due_at"][:10] for row in rows) == late


def test_a_refusal_is_told_and_the_stream_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent: list[int] = []

    def refuse_first(_self: Client, feed: str, events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        assert feed == running.FEED
        sent.append(len(list(events)))
        if len(sent) == 1:
            raise Unwelcome(403, {"message": "khóa không được gửi"})
        return {}

    monkeypatch.setattr(Client, "send_events", refuse_first)
    turns = count()
    pauses: list[float] = []
    client = Client("http://127.0.0.1:1", "key")
    stream = running.Stream([PROVINCE], Random(1))
    running.send(client, stream, goes_on=lambda: next(turns) < 3, sleep=pauses.append)
    assert len(sent) == 3
    assert pauses == [running.PAUSE] * 3
    assert "khóa không được gửi" in capsys.readouterr().err


@pytest.mark.django_db
def test_each_start_has_a_key_for_dossiers_only_and_ends_the_one_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_dossiers(world)
    keys = []

    class Process:
        """Hears what the child would read."""

        def __init__(self, *_args: object, **_options: object) -> None:
            self.stdin = self
            keys.append(self)

        def write(self, content: bytes) -> None:
            assert content.endswith(b"\n")

        def close(self) -> None:
            pass

    monkeypatch.setattr("thuocdo.project.demo.stream.starting.subprocess.Popen", Process)
    for start in range(2):
        start_stream(administrator=world.people["quan"].username, port=1, at=NOW + timedelta(hours=start))
    former, present = ApiKey.objects.filter(title=TITLE).order_by("pk")
    assert len(keys) == 2
    assert former.revoked_at is not None
    assert (present.revoked_at, present.feeds, present.indicators) == (None, ["dossiers"], [])
    assert present.expires_at is not None
