"""Batches of two processes that arrive at the same moment and name the same events: each event counts once."""

import json
import os
from pathlib import Path
from typing import Any

import pyarrow.parquet
from django.db import connections

from tests.world import World, recall_world
from thuocdo.feeds.models import Batch, FeedState
from thuocdo.feeds.operations import recompute
from thuocdo.feeds.queries import partition_files
from thuocdo.indicators.models import Measurement
from thuocdo.ledger.queries import first_broken_entry

from .dossiers import LATER, dossier, land, lines, load_dossiers

ROUNDS = 2


def _land_at_once(world: World, contents: list[bytes]) -> list[dict[str, Any]]:
    """Land each in a process of its own, all let go at one moment; gives what they were answered."""
    connections.close_all()
    gate, opening = os.pipe()
    children = []
    for content in contents:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(opening)
                feed = FeedState.objects.get(code="dossiers")
                os.read(gate, 1)
                batch = land(world, feed, content).batch
                answer = {"accepted": batch.accepted, "errors": batch.error_counts, "manifest": batch.manifest}
                os.write(writing, json.dumps(answer).encode())
            finally:
                os._exit(0)
        os.close(writing)
        children.append((child, reading))
    os.close(gate)
    os.close(opening)
    answers = []
    for child, reading in children:
        with os.fdopen(reading, "rb") as pipe:
            answers.append(json.loads(pipe.read()))
        os.waitpid(child, 0)
    return answers


def _codes(month: str) -> list[str]:
    return sorted(
        code
        for path in partition_files("dossiers", month)
        for code in pyarrow.parquet.read_table(path, columns=["dossier"]).column(0).to_pylist()
    )


def test_two_batches_with_the_same_keys_at_once_count_each_event_once(
    own_database: str, settings: Any, tmp_path: Path
) -> None:
    settings.FEEDS_FOLDER = tmp_path
    world = recall_world()
    feed = load_dossiers(world)
    august = {"received_at": "2026-08-20T08:00:00+07:00"}
    for number in range(ROUNDS):
        late = {"finished_at": "2026-09-12T10:00:00+07:00", "updated_at": "2026-09-12T10:00:00+07:00"}
        first = lines([dossier(f"SAME-{number}"), dossier(f"A-{number}"), dossier(f"MOVES-{number}")])
        second = lines([dossier(f"SAME-{number}", **late), dossier(f"MOVES-{number}", **august)])
        answers = _land_at_once(world, [first, second])
        # Of an event that each puts into another month one is refused, whoever came second.
        assert sorted(answer["accepted"] for answer in answers) in ([1, 3], [2, 2])
        assert [one for answer in answers for one in answer["errors"].items()] == [("event_time_moved", 1)]
        assert {answer["manifest"] for answer in answers} == {3 * number + 1, 3 * number + 2}
        both = _codes("2026-08") + _codes("2026-09")
        assert (both.count(f"SAME-{number}"), both.count(f"MOVES-{number}")) == (2, 1)
        # The very same content of one sender, sent twice at once, is one batch with one answer.
        same = lines([dossier(f"TWICE-{number}", **august)])
        answers = _land_at_once(world, [same, same])
        assert [answer["accepted"] for answer in answers] == [1, 1]
        assert _codes("2026-08").count(f"TWICE-{number}") == 1
    assert Batch.objects.count() == 3 * ROUNDS
    assert first_broken_entry() is None
    recompute(actor=world.machine, at=LATER, feed=feed)
    told = Measurement.objects.get(indicator__code="service_on_time", body__code="01", period="2026-09")
    # Of the dossiers settled in September each counts once: SAME as it was told last, A, MOVES, and TWICE.
    assert told.sample_size == 4 * ROUNDS
