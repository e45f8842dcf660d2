"""P4: a measurement posted → the new score on an open ranking, with the nation loaded and 1,000 rows/s arriving.

3,460 bodies × 200 indicators stand in the database; a server and a worker run as processes of their own, and so does
the source system, which posts 1,000 rows a second for any body over four lines: a slow answer on one of them does
not keep the others from arriving. A probe posts one figure of one body now and then and looks
when the score of that body has changed in the live part of its ranking, fetched as static/js/live.js does: on
the event, with the pauses that it makes. SIZE scales the five minutes, BODIES the nation; DATABASE_URL moves the
whole to PostgreSQL. Delays of probes that never became visible count as the time that they were waited for.
"""

import http.client
import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.p3_ingest import server
from benchmarks.p5_pages import _session_of
from benchmarks.reporting import report

GOAL = 1.0
SECONDS, ROWS_A_SECOND, CALLS_A_SECOND = 300.0, 1_000, 10
LINES = 4
BODIES, INDICATORS, GROUPS, PILLARS = 3_460, 200, 25, 5
PROVINCES = 34
PROBE_EVERY, PROBE_PATIENCE = 1.0, 30.0
FOUNDED = date(2025, 3, 1)
PROBED = {"provinces": "P01", "communes": "X0001"}
START = "from thuocdo.project.commands import main; main(['work'])"


def main(size: float = 1.0) -> bool:
    """Measure and report; the figure is the 99th percentile of the delay in seconds, of the slower ranking."""
    home = tempfile.mkdtemp(prefix="thuocdo-p4-")
    os.environ |= {"THUOCDO_HOME": home, "DJANGO_SETTINGS_MODULE": "thuocdo.project.settings"}
    try:
        return _measure(size, int(os.environ.get("BODIES", BODIES)))
    finally:
        from django.db import connections

        connections.close_all()
        shutil.rmtree(home, ignore_errors=True)


def _measure(size: float, bodies: int) -> bool:
    import django

    django.setup()
    start = time.perf_counter()
    codes, token, cookie = prepare(bodies)
    print(f"loaded {bodies} bodies × {INDICATORS} indicators in {time.perf_counter() - start:.0f} s")
    delays: dict[str, list[float]] = {group: [] for group in PROBED}
    stop = threading.Event()
    seconds = max(10.0, SECONDS * size)
    with server() as port:
        worker = subprocess.Popen([sys.executable, "-c", START])
        try:
            _settle(port, cookie)
            pages = {group: Page(port, cookie, group, body) for group, body in PROBED.items()}
            threads = [threading.Thread(target=page.listen, args=(stop,), daemon=True) for page in pages.values()]
            threads += [
                threading.Thread(target=_probe, args=(port, token, pages[group], delays[group], stop), daemon=True)
                for group in PROBED
            ]
            free = [code for code in codes if code not in PROBED.values()]
            source = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.p4_live", "source", str(port), str(seconds)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            for thread in threads:
                thread.start()
            told, _ = source.communicate(json.dumps({"token": token, "codes": free}))
            stop.set()
            assert source.returncode == 0, "the source gave up"
            arrived = json.loads(told)
            used = {name: _used(pid) for name, pid in _processes(worker.pid).items()}
            used["measuring"] = _used(os.getpid())
            _say_if_backlog()
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(30)
    slowest = {group: _percentile(found, 0.99) for group, found in delays.items()}
    for group, found in delays.items():
        print(f"{group}: {len(found)} probes, median {_percentile(found, 0.5):.2f} s, p99 {slowest[group]:.2f} s")
    rate, answers = arrived["rows"] / arrived["seconds"], arrived["answers"]
    told = f"answered in {_percentile(answers, 0.5):.3f} s, p99 {_percentile(answers, 0.99):.3f} s"
    print(f"{rate:.0f} rows/s arrived, {told}")
    for name, spent in used.items():
        print(f"  {name}: {spent}")
    figure = max(slowest.values())
    return report(
        "P4",
        figure,
        f"<={GOAL}",
        met=figure <= GOAL and rate > 0.95 * ROWS_A_SECOND,
        size=size,
        details={
            "bodies": bodies,
            "delays": delays,
            "database": _vendor(),
            "seconds": seconds,
            "rows_per_second": rate,
            "answer_seconds": {"median": _percentile(answers, 0.5), "p99": _percentile(answers, 0.99)},
            "load_average": os.getloadavg(),
            "processes": used,
        },
    )


def _say_if_backlog() -> None:
    """Say what the slow queue has left over: pouring figures may delay intervals and findings, not scores."""
    from django_tasks_db.models import DBTaskResult

    jobs = DBTaskResult.objects
    left = list(jobs.filter(status="READY").order_by().values_list("task_path", flat=True))
    failed = list(jobs.filter(status="FAILED").order_by().values_list("task_path", flat=True))
    print(f"{jobs.count()} jobs in the queue's table; waiting: {sorted(left)}; failed: {failed}")


def _vendor() -> str:
    from django.db import connection

    return str(connection.vendor)


def _percentile(found: list[float], share: float) -> float:
    return sorted(found)[min(len(found) - 1, int(len(found) * share))] if found else float("inf")


class Page:
    """A ranking that somebody has open: hears events, fetches its live part, remembers what it showed when."""

    def __init__(self, port: int, cookie: str, group: str, body: str) -> None:
        self.port, self.cookie, self.group, self.body = port, cookie, group, body
        self._score = re.compile(rf'data-key="{body}-score">.*?</td>', re.DOTALL)
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.changed = threading.Condition()
        self.shown = self.fetch()

    def fetch(self) -> str:
        """The score of the body as the part shows it now."""
        address = f"/xep-hang/bang/?nhom={self.group}&tim={self.body}"
        answer, content = _ask(self._line, "GET", address, None, {"Cookie": self.cookie, "HX-Request": "true"})
        text = content.decode()
        assert answer.status == 200, (answer.status, text[:300])
        found = self._score.search(text)
        assert found is not None, text[:2000]
        return re.sub(r"<[^>]+>|\s+", " ", found[0])

    def listen(self, stop: threading.Event) -> None:
        """Follow the stream of events; fetch on each as live.js does: at most four times a second, with pauses twice
        as long as the last fetch took, the last one always."""
        stream = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        stream.request("GET", "/live", headers={"Cookie": self.cookie})
        answer = stream.getresponse()
        heard = threading.Event()

        def read() -> None:
            while not stop.is_set() and (line := answer.readline()):
                if line.startswith((b"event: scorecards.scores", b"event: scorecards.intervals")):
                    heard.set()

        threading.Thread(target=read, daemon=True).start()
        last = took = 0.0
        while not stop.is_set():
            if not heard.wait(0.5):
                continue
            if (pause := last + min(max(0.25, 2 * took), 4.0) - time.monotonic()) > 0:
                time.sleep(pause)
            heard.clear()
            last = time.monotonic()
            shown = self.fetch()
            took = time.monotonic() - last
            with self.changed:
                if shown != self.shown:
                    self.shown = shown
                    self.changed.notify_all()


def _probe(port: int, token: str, page: Page, delays: list[float], stop: threading.Event) -> None:
    """Post figures of one body that must move its score; remember how long each took to be seen."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    turn = 0
    while not stop.wait(PROBE_EVERY * random.uniform(0.5, 1.5)):
        turn += 1
        rows = [_row(page.body, number, 95 if turn % 2 else 5) for number in range(8)]
        start = time.perf_counter()
        with page.changed:
            before = page.shown
            _post(line, token, rows)
            page.changed.wait_for(lambda before=before: page.shown != before, timeout=PROBE_PATIENCE)  # type: ignore[misc]
        delays.append(time.perf_counter() - start)


def _source(port: int, seconds: float) -> None:
    """Post 1,000 rows a second, for any body and indicator, from a process of its own; prints what arrived."""
    given = json.loads(sys.stdin.read())
    token, codes = given["token"], given["codes"]
    chance, lock = random.Random(57), threading.Lock()
    answers: list[float] = []
    rows = [0]
    begun = time.perf_counter()
    turns = itertools.count()

    def post() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                due = begun + next(turns) / CALLS_A_SECOND
                pairs = {
                    (chance.choice(codes), chance.randrange(INDICATORS)) for _ in range(ROWS_A_SECOND // CALLS_A_SECOND)
                }
                batch = [_row(code, number, chance.randrange(101)) for code, number in pairs]
            if due > begun + seconds:
                return
            time.sleep(max(0.0, due - time.perf_counter()))
            start = time.perf_counter()
            _post(line, token, batch)
            with lock:
                answers.append(time.perf_counter() - start)
                rows[0] += len(batch)

    with ThreadPoolExecutor(LINES) as pool:
        for line in [pool.submit(post) for _ in range(LINES)]:
            line.result()
    print(json.dumps({"rows": rows[0], "seconds": time.perf_counter() - begun, "answers": answers}))


def _row(body: str, number: int, value: int) -> dict[str, Any]:
    return {"indicator": f"i{number}", "body": body, "period": PERIOD, "value": str(value), "source": "P4"}


PERIOD = f"{datetime.now(UTC):%Y-%m}"


def _post(line: http.client.HTTPConnection, token: str, rows: list[dict[str, Any]]) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer, text = _ask(line, "POST", "/api/v1/measurements", json.dumps({"rows": rows}).encode(), headers)
    assert answer.status == 201, (answer.status, text[:500])


def _ask(
    line: http.client.HTTPConnection, method: str, address: str, content: bytes | None, headers: dict[str, str]
) -> tuple[http.client.HTTPResponse, bytes]:
    """One request; a connection that the server has closed for being idle is opened again, as browsers do."""
    try:
        line.request(method, address, content, headers)
        answer = line.getresponse()
    except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
        line.close()
        line.request(method, address, content, headers)
        answer = line.getresponse()
    return answer, answer.read()


def _settle(port: int, cookie: str) -> None:
    """Wait until the first rankings are there, and until all that loading the nation asked for is done."""
    until = time.monotonic() + 900
    for group, body in PROBED.items():
        while True:
            try:
                Page(port, cookie, group, body)
                break
            except AssertionError:
                if time.monotonic() > until:
                    raise
                time.sleep(1)
    from django_tasks_db.models import DBTaskResult

    # What loading the nation asks for (intervals, findings) is no part of what is measured.
    while DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).exists() and time.monotonic() < until:
        time.sleep(1)


def _processes(worker: int) -> dict[str, int]:
    found = {"worker": worker}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes()
            parent = (place / "stat").read_text().rsplit(")", 1)[1].split()[1]
        except OSError:
            continue
        if parent == str(os.getpid()) and b"uvicorn" in command:
            found["server"] = int(place.name)
        if parent == str(worker):
            found["slow worker"] = int(place.name)
    return found


def _used(pid: int) -> str:
    """Seconds of processor time and peak memory of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    status = Path(f"/proc/{pid}/status").read_text()
    peak = re.search(r"VmHWM:\s+(\d+)", status)
    return f"{ticks:.0f} s, {int(peak[1]) // 1024 if peak else 0} MB"


def method() -> str:
    """Two hundred indicators below 25 groups below five pillars, for provinces and communes."""
    lines = [
        (
            'id = "live"\ntitle = { vi = "Đo trực tiếp", en = "Live" }\nvalid_from = 2025-01-01\nlevels = 4\n'
            '[normalise]\nmethod = "goalposts"\nscale = 100\n[aggregate]\nmethod = "arithmetic"\nmissing = "zero"\n'
            "[confidence]\ndeclared = 0.8\n"
            '[[node]]\ncode = "index"\ntitle = { vi = "Chung", en = "Index" }'
        )
    ]
    for pillar in range(PILLARS):
        lines.append(
            f'[[node]]\ncode = "p{pillar}"\nparent = "index"\ntitle = {{ vi = "Trụ {pillar}", en = "Pillar {pillar}" }}'
        )
    for place in range(GROUPS):
        lines.append(
            f'[[node]]\ncode = "g{place}"\nparent = "p{place % PILLARS}"\n'
            f'title = {{ vi = "Nhóm {place}", en = "Group {place}" }}'
        )
    for number in range(INDICATORS):
        lines.append(f'[[indicator]]\ncode = "i{number}"\nparent = "g{number // 8}"\ngoalposts = [0, 100]')
    for group, title in (("provinces", "Tỉnh"), ("communes", "Xã")):
        lines.append(f'[[peer_group]]\ncode = "{group}"\ntitle = {{ vi = "{title}", en = "{group}" }}')
    return "\n".join(lines)


def prepare(bodies: int) -> tuple[list[str], str, str]:
    """The nation, the dictionary, a method, every figure of the running month; gives codes, a key, a session."""
    from django.core.management import call_command
    from django.db import connection

    from thuocdo.accounts.models import Role
    from thuocdo.accounts.operations import grant_role, issue_key, open_account
    from thuocdo.accounts.permissions import machine
    from thuocdo.indicators.operations import load_indicators, record_measurements
    from thuocdo.organisations.operations import BodyDescription, establish_bodies
    from thuocdo.organisations.queries import body_by_code
    from thuocdo.scorecards.operations import load_scorecard

    call_command("migrate", verbosity=0)
    now = datetime.now(UTC)
    maker = machine("benchmark", now.date())
    told: dict[str, Any] = {"bloc": "local", "valid_from": FOUNDED}
    provinces = [f"P{number:02}" for number in range(1, PROVINCES + 1)]
    communes = [f"X{number:04}" for number in range(1, bodies - PROVINCES)]
    establish_bodies(
        actor=maker.label,
        at=now,
        bodies=[BodyDescription(code="TW", kind="centre", name="Trung ương", name_en="Centre", **told)]
        + [
            BodyDescription(
                code=code, kind="province", name=f"Tỉnh {code}", name_en=code, superior="TW", peer_group="provinces",
                **told,
            )
            for code in provinces
        ]
        + [
            BodyDescription(
                code=code, kind="commune", name=f"Xã {code}", name_en=code, peer_group="communes",
                superior=provinces[place % PROVINCES], **told,
            )
            for place, code in enumerate(communes)
        ],
    )  # fmt: skip
    load_indicators(
        actor=maker,
        at=now,
        entries=[
            {"code": f"i{number}", "title": f"i{number}", "unit": "điểm", "lower": 0, "upper": 100,
             "frequency": "month"}
            for number in range(INDICATORS)
        ],
    )  # fmt: skip
    codes = [*provinces, *communes]
    chance = random.Random(766)
    for first in range(0, INDICATORS, 25):
        rows = [
            _row(code, number, chance.randrange(101)) | {"provenance": "system"}
            for number in range(first, min(first + 25, INDICATORS))
            for code in codes
        ]
        result = record_measurements(actor=maker, at=now, rows=rows)
        assert result.accepted == len(rows), result.errors[:3]
    load_scorecard(actor=maker, at=now, text=method())
    with connection.cursor() as cursor:
        # A database in which a nation stands has counted its rows by itself, and plans its queries by that.
        cursor.execute("ANALYZE")
    centre = body_by_code("TW")
    assert centre is not None
    _key, token = issue_key(actor=maker, at=now, body=centre, title="P4", calls_per_minute=10_000)
    user = open_account(actor=maker, at=now, username="van.phong", full_name="Văn phòng", body=centre)
    grant_role(actor=maker, at=now, user=user, role=Role.STANDING_OFFICE, body=centre, valid_from=FOUNDED)
    return codes, token, _session_of(user)


if __name__ == "__main__":
    if sys.argv[1:2] == ["source"]:
        _source(int(sys.argv[2]), float(sys.argv[3]))
    else:
        sys.exit(not main(float(os.environ.get("SIZE", "1"))))
