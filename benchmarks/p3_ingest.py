"""P3: batches of 10,000 measurements through HTTP against the same rows inserted straight into the table.

The server is a process of its own on a home of its own; DATABASE_URL moves both sides to PostgreSQL, where
the reference is COPY. On SQLite it is one prepared transaction.
"""

import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.reporting import report

GOAL = 0.40
ROWS, BATCHES = 10_000, 9
FOUNDED = date(2025, 3, 1)
INDICATORS = ("service_on_time", "full_process_online", "satisfaction", "feedback_resolved")


def main(size: float = 1.0) -> bool:
    """Measure and report; the figure is our rows per second over the reference's."""
    home = tempfile.mkdtemp(prefix="thuocdo-p3-")
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
    token = _prepare()
    rows = max(100, round(ROWS * size))
    batches = [json.dumps({"rows": _rows(rows, month)}).encode() for month in range(1, BATCHES + 1)]
    ours: list[float] = []
    reference: list[float] = []
    with server() as port:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        _post(line, token, json.dumps({"rows": _rows(100, 0)}).encode(), key="warm-up")
        # Turn by turn, so that whatever else the machine does falls on both.
        for number, content in enumerate(batches, start=1):
            start = time.perf_counter()
            ledger = _post(line, token, content, key=f"batch-{number}")
            ours.append(time.perf_counter() - start)
            reference.append(_insert_again(ledger))
        line.close()
    # The two of a pair met the same machine; the median pair is not moved by a single disturbance.
    ratio = statistics.median(plain / own for plain, own in zip(reference, ours, strict=True))
    best, plain = min(ours), min(reference)
    print(f"batch of {rows}: reference {plain * 1e3:.1f} ms, through HTTP {best * 1e3:.1f} ms")
    return report(
        "P3",
        ratio,
        f">={GOAL:.2f}",
        met=ratio >= GOAL,
        size=size,
        details={
            "rows": rows,
            "database": _vendor(),
            "rows_per_second": rows / best,
            "reference_rows_per_second": rows / plain,
            "all_ms": [value * 1e3 for value in ours],
            "all_reference_ms": [value * 1e3 for value in reference],
        },
    )


def _vendor() -> str:
    from django.db import connection

    return str(connection.vendor)


def _prepare() -> str:
    """A nation's bodies, a dictionary and a key in an empty database; gives the key's token."""
    from django.core.management import call_command

    from thuocdo.accounts.operations import issue_key
    from thuocdo.accounts.permissions import machine
    from thuocdo.indicators.operations import load_indicators
    from thuocdo.organisations.operations import BodyDescription, establish_bodies
    from thuocdo.organisations.queries import body_by_code

    call_command("migrate", verbosity=0)
    now, maker = datetime.now(UTC), machine("benchmark", date.today())  # noqa: DTZ011 (a benchmark may ask the clock)
    local: dict[str, Any] = {"bloc": "local", "name_en": "Body", "valid_from": FOUNDED}
    establish_bodies(
        actor=maker.label,
        at=now,
        bodies=[BodyDescription(code="TW", kind="centre", name="Trung ương", **local)]
        + [
            BodyDescription(
                code=f"{number:05}", kind="commune", name=f"Xã {number}", superior="TW", peer_group="communes", **local
            )
            for number in range(3_460)
        ],
    )
    load_indicators(
        actor=maker,
        at=now,
        entries=[
            {"code": code, "title": code, "unit": "%", "lower": 0, "upper": 100, "frequency": "month"}
            for code in INDICATORS
        ],
    )
    centre = body_by_code("TW")
    assert centre is not None
    _key, token = issue_key(actor=maker, at=now, body=centre, title="Benchmark")
    return token


def _rows(number: int, month: int) -> list[dict[str, Any]]:
    """Rows of one month of 2025; month 0 is December 2024."""
    period = f"2025-{month:02}" if month else "2024-12"
    return [
        {
            "indicator": INDICATORS[place % len(INDICATORS)],
            "body": f"{place // len(INDICATORS):05}",
            "period": period,
            "value": f"{50 + place % 50}.{place % 97:02}",
            "kind": "final",
            "provenance": "system",
            "source": "Cổng dịch vụ công",
            "external_id": f"{period}-{place}",
        }
        for place in range(number)
    ]


@contextmanager
def server() -> Iterator[int]:
    """A server of our own; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "thuocdo.project.asgi:application", "--port", str(port),
         "--log-level", "warning", "--lifespan", "off"]
    )  # fmt: skip
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _post(line: http.client.HTTPConnection, token: str, content: bytes, *, key: str) -> int:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
    line.request("POST", "/api/v1/measurements", content, headers)
    answer = line.getresponse()
    text = answer.read()
    assert answer.status == 201, (answer.status, text[:500])
    return int(json.loads(text)["ledger"])


def _insert_again(ledger: int) -> float:
    """Insert the rows of a batch once more, a decade later, as fast as the database can; gives the seconds."""
    from django.db import connection

    from thuocdo.indicators.models import Measurement
    from thuocdo.indicators.operations.storing import COLUMNS, TABLE

    rows = [
        tuple(_later(column, value) for column, value in zip(COLUMNS, row, strict=True))
        for row in Measurement.objects.filter(batch__ledger=ledger).values_list(*COLUMNS)
    ]
    names = ", ".join(COLUMNS)
    connection.ensure_connection()
    raw = connection.connection
    start = time.perf_counter()
    if connection.vendor == "postgresql":
        with raw.transaction(), raw.cursor() as cursor, cursor.copy(f"COPY {TABLE} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(COLUMNS))
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(f"INSERT INTO {TABLE} ({names}) VALUES ({marks})", rows)
        raw.execute("COMMIT")
    return time.perf_counter() - start


def _later(column: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f+00:00")
    if isinstance(value, date):
        return value.replace(year=value.year + 10).isoformat()
    if column == "period":
        return f"{int(value[:4]) + 10}{value[4:]}"
    return value if value is None or isinstance(value, int | str) else str(value)


if __name__ == "__main__":
    sys.exit(not main())
