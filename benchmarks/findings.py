"""FINDINGS: holding declared figures against stronger ones, at national size, against recording the same rows.

A tenth of the nation is loaded (bodies × 200 indicators, every cell told by a source system and declared by its body),
then all of it; each time some single rows arrive, and the time until their gaps are found is that of the job alone.
Then batches of 100,000 declared rows arrive, one that agrees with what the systems tell, and one of which each tenth
lies beyond the tolerance, so that 10,000 findings are opened. The goals: with ten times as much stored a single row
costs no more than half as much again; a batch that agrees no more than recording it did, the other two and a half
times as much.
SIZE scales the bodies and the batch; DATABASE_URL moves all to PostgreSQL.
"""

import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.reporting import report

BODIES, INDICATORS, BATCH = 3_460, 200, 100_000
SINGLE_ROWS = 15
GROWTH, SHARE, SHARE_OF_GAPS = 1.5, 1.0, 2.0
PERIOD = "2026-06"
FOUNDED = date(2025, 3, 1)


def main(size: float = 1.0) -> bool:
    """Measure and report; the figure is the time of comparing a batch that agrees over that of recording it."""
    home = tempfile.mkdtemp(prefix="thuocdo-findings-")
    os.environ |= {"THUOCDO_HOME": home, "DJANGO_SETTINGS_MODULE": "thuocdo.project.settings"}
    try:
        return _measure(size)
    finally:
        from django.db import connections

        connections.close_all()
        shutil.rmtree(home, ignore_errors=True)


def _measure(size: float) -> bool:
    import django

    django.setup()
    from django.db import connection

    from thuocdo.evaluations.models import Finding
    from thuocdo.indicators.models import Measurement

    bodies, batch = max(20, round(BODIES * size)), max(500, round(BATCH * size))
    _prepare(bodies)
    chance = random.Random(57)
    tenth = bodies // 10
    _load(range(tenth))
    few = _single_rows(chance, tenth)
    stored_before = Measurement.objects.count()
    _load(range(tenth, bodies))
    many = _single_rows(chance, bodies)
    stored = Measurement.objects.count()
    every_cell = [(body, number) for body in range(bodies) for number in range(INDICATORS)]
    shares, seconds = [], []
    for far in (0.0, 0.1):
        cells = chance.sample(every_cell, batch)
        rows = [_row(*cell, 70 if chance.random() < far else 51, "declared") for cell in cells]
        before = Finding.objects.count()
        recording, comparing = _record(rows), _compare()
        shares.append(comparing / recording)
        seconds.append([recording, comparing])
        print(
            f"{batch:,} rows of all indicators: recorded in {recording:.1f} s, held against stronger ones "
            f"in {comparing:.1f} s ({comparing / recording:.2f} of it), "
            f"{Finding.objects.count() - before:,} findings opened"
        )
    growth, share = statistics.median(many) / statistics.median(few), shares[0]
    print(
        f"one row: {statistics.median(few) * 1e3:.1f} ms with {stored_before:,} rows stored, "
        f"{statistics.median(many) * 1e3:.1f} ms with {stored:,}: x {growth:.2f} (goal {GROWTH})"
    )
    return report(
        "FINDINGS",
        share,
        f"<={SHARE:.2f}",
        met=share <= SHARE and shares[1] <= SHARE_OF_GAPS and growth <= GROWTH,
        size=size,
        details={
            "database": connection.vendor,
            "stored": [stored_before, stored],
            "one_row_ms": [[seconds * 1e3 for seconds in found] for found in (few, many)],
            "growth": growth,
            "batch": batch,
            "recording_and_comparing_s": seconds,
            "share_with_gaps": shares[1],
            "load_average": os.getloadavg(),
        },
    )


def _prepare(bodies: int) -> None:
    """An empty database with the bodies and the dictionary."""
    from django.core.management import call_command

    from thuocdo.indicators.operations import load_indicators
    from thuocdo.organisations.operations import BodyDescription, establish_bodies

    call_command("migrate", verbosity=0)
    local: dict[str, Any] = {"bloc": "local", "name_en": "Body", "valid_from": FOUNDED}
    establish_bodies(
        actor="machine:benchmark",
        at=_now(),
        bodies=[BodyDescription(code="TW", kind="centre", name="Trung ương", **local)]
        + [
            BodyDescription(
                code=f"{number:05}", kind="commune", name=f"Xã {number}", superior="TW", peer_group="communes", **local
            )
            for number in range(bodies)
        ],
    )
    load_indicators(
        actor=_maker(),
        at=_now(),
        entries=[
            {
                "code": f"i{number}",
                "title": f"Chỉ số {number}",
                "unit": "%",
                "lower": 0,
                "upper": 100,
                "tolerance": 2,
                "frequency": "month",
            }
            for number in range(INDICATORS)
        ],
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _maker() -> Any:
    from thuocdo.accounts.permissions import machine

    return machine("benchmark", date.today())  # noqa: DTZ011 (a benchmark may ask the clock)


def _row(body: int, number: int, value: float, provenance: str) -> dict[str, Any]:
    return {
        "indicator": f"i{number}",
        "body": f"{body:05}",
        "period": PERIOD,
        "value": str(value),
        "provenance": provenance,
        "source": "Báo cáo" if provenance == "declared" else "Hệ thống",
    }


def _load(bodies: range) -> None:
    """Every cell of the bodies told by a system and declared alike; what follows from it is found, too."""
    for some in _pieces(bodies, BATCH // INDICATORS // 2):
        cells = [(body, number) for body in some for number in range(INDICATORS)]
        _record([_row(*cell, 50, provenance) for cell in cells for provenance in ("system", "declared")])
    _compare()


def _pieces(bodies: range, size: int) -> Iterator[range]:
    for first in range(0, len(bodies), size):
        yield bodies[first : first + size]


def _record(rows: list[dict[str, Any]]) -> float:
    """Record rows as one batch; gives the seconds."""
    from thuocdo.indicators.operations import record_measurements

    start = time.perf_counter()
    result = record_measurements(actor=_maker(), at=_now(), rows=rows)
    seconds = time.perf_counter() - start
    assert result.accepted == len(rows), result.errors[:3]
    return seconds


def _compare() -> float:
    """Find what follows from all that came; gives the seconds."""
    from thuocdo.evaluations.operations import compare

    start = time.perf_counter()
    compare(actor=_maker(), at=_now())
    return time.perf_counter() - start


def _single_rows(chance: random.Random, bodies: int) -> list[float]:
    """The seconds that the gaps of single rows took, each of another cell."""
    found = []
    for number in range(SINGLE_ROWS):
        _record([_row(chance.randrange(bodies), number, 90, "declared")])
        found.append(_compare())
    return found


if __name__ == "__main__":
    main()
