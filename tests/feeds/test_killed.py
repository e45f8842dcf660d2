"""A process is killed at every step of landing: what was acknowledged is there once, the rest is absent or harmless."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.world import NOW, World, recall_world
from thuocdo.feeds.files import manifests
from thuocdo.feeds.models import Batch, FeedState
from thuocdo.feeds.operations import compact, publish_manifest, sweep
from thuocdo.feeds.queries import partition_files
from thuocdo.feeds.queries.files import folder_of
from thuocdo.ledger.queries import first_broken_entry

from .dossiers import dossier, land, lines, load_dossiers

MONTHS = ("2026-08", "2026-09")
# Far more steps than landing has; the test ends when a landing survives.
MOST_STEPS = 200


def _dies_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kill this process before or after its n-th dealing with the disk or the n-th commit."""
    passed = 0

    def deadly(real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            nonlocal passed
            passed += 1
            if passed == step:
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(*given, **named)
            passed += 1
            if passed == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapped

    monkeypatch.setattr(os, "fsync", deadly(os.fsync))
    monkeypatch.setattr(Path, "replace", deadly(Path.replace))
    monkeypatch.setattr(Path, "mkdir", deadly(Path.mkdir))
    monkeypatch.setattr(BaseDatabaseWrapper, "commit", deadly(BaseDatabaseWrapper.commit))


def _land_and_die(world: World, content: bytes, key: str, step: int) -> bool:
    """Land in a process that is killed at the step; gives whether it lived to acknowledge the batch."""
    return _does(step, lambda feed: land(world, feed, content, idempotency_key=key))


def _does(step: int, act: Callable[[FeedState], object]) -> bool:
    """Act in a process that is killed at the step; gives whether it lived to the end."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            feed = FeedState.objects.get(code="dossiers")
            _dies_at(step, pytest.MonkeyPatch())
            act(feed)
            os.write(writing, b"acknowledged")
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _pid, status = os.waitpid(child, 0)
    assert answer == b"acknowledged" or os.WIFSIGNALED(status)
    return answer == b"acknowledged"


def _events() -> list[str]:
    return [code for month in MONTHS for path in partition_files("dossiers", month) for code in _codes(path)]


@cache
def _codes(path: Path) -> list[str]:
    """The dossiers of a file, whose content its name fixes."""
    return [str(code) for code in pyarrow.parquet.read_table(path, columns=["dossier"]).column(0).to_pylist()]


def test_a_process_may_die_at_every_step_of_landing(own_database: str, settings: Any, tmp_path: Path) -> None:
    settings.FEEDS_FOLDER = tmp_path
    world = recall_world()
    feed = load_dossiers(world)
    early = {"received_at": "2026-08-20T08:00:00+07:00"}
    expected: list[str] = []
    absent = present = 0
    for step in range(1, MOST_STEPS):
        codes = [f"A-{step}", f"B-{step}"]
        content = lines([dossier(codes[0], **early), dossier(codes[1])])
        is_acknowledged = _land_and_die(world, content, f"key-{step}", step)
        feed.refresh_from_db()
        landed = Batch.objects.filter(idempotency_key=f"key-{step}").count()
        assert landed == 1 if is_acknowledged else landed in (0, 1)
        # All of the batch is visible, or nothing of it.
        assert sorted(_events()) == sorted(expected + codes * landed)
        absent, present = absent + (not landed), present + bool(landed and not is_acknowledged)
        # The next who comes makes up for what is missing; the sender sends again and is answered.
        publish_manifest(feed)
        manifest = manifests.current(folder_of("dossiers"))
        assert manifest.get("number", 0) == feed.manifest
        again = land(world, feed, content, idempotency_key=f"key-{step}")
        assert (again.batch.accepted, again.is_repeated) == (2, bool(landed))
        expected += codes
        assert sorted(_events()) == sorted(expected)
        if is_acknowledged:
            break
    assert is_acknowledged
    # Some died before the commit and some after it, or this test would prove nothing.
    assert absent > 10
    assert present >= 3
    assert first_broken_entry() is None
    _only_what_is_named_stays(world, feed)


def _only_what_is_named_stays(world: World, feed: FeedState) -> None:
    """Orphans and drafts are swept when their time is over, and nothing else."""
    folder = folder_of("dossiers")
    swept = sweep(actor=world.machine, at=NOW + timedelta(days=3650), feed=feed)
    assert swept > 0
    named = {path for month in MONTHS for path in partition_files("dossiers", month)}
    assert named == set(folder.rglob("*.parquet"))
    assert not list(folder.rglob(".*"))


def test_a_process_may_die_at_every_step_of_putting_files_together(
    own_database: str, settings: Any, tmp_path: Path
) -> None:
    settings.FEEDS_FOLDER = tmp_path
    world = recall_world()
    feed = load_dossiers(world)
    expected: list[str] = []
    is_done, before, after = False, 0, 0
    for step in range(1, MOST_STEPS):
        while len(partition_files("dossiers", "2026-09")) < 2:
            expected.append(f"A-{len(expected)}")
            land(world, FeedState.objects.get(code="dossiers"), [dossier(expected[-1])])
        is_done = _does(step, lambda feed: compact(actor=world.machine, at=NOW, feed=feed, many=2))
        # The two files count, or the one that took their place: never both, never neither.
        assert sorted(_events()) == sorted(expected)
        is_in_force = len(partition_files("dossiers", "2026-09")) == 1
        before, after = before + (not is_in_force), after + (is_in_force and not is_done)
        feed.refresh_from_db()
        publish_manifest(feed)
        assert manifests.current(folder_of("dossiers"))["number"] == feed.manifest
        if is_done:
            break
    assert is_done
    assert before > 3
    assert after >= 2
    assert first_broken_entry() is None
