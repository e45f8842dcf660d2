"""P7: monthly measurements of all bodies from 100 million events, against the same question hand-written in DuckDB SQL.

Both sides run in processes of their own with the same threads and the same bound on memory, over the same Parquet
files: 36 monthly partitions of public-service dossiers, three in a hundred rows sent again. The reference goes through
the months one by one too, so that neither has to spill; its numbers must equal ours. SIZE scales the events, and
THUOCDO_BENCH_FOLDER says where their files go (5 GB at size 1).
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

from benchmarks.reporting import report

GOAL, GOAL_INCREMENTAL = 1.20, 0.05
EVENTS, BODIES, MONTHS = 100_000_000, 3_460, 36
MEMORY_MB, THREADS = 2_048, 2
FIRST_YEAR = 2024
LABELS = [f"{FIRST_YEAR + number // 12}-{number % 12 + 1:02}" for number in range(MONTHS)]
# The month before the last, in which most corrections arrive, and the oldest one.
LATE = {"changed": LABELS[-2], "oldest": LABELS[0]}
# Each change takes some seconds, in which others may come in between: the middle of three counts.
ROUNDS = 3
PACK = Path(__file__).parent.parent / "src" / "thuocdo" / "packs" / "nq57" / "feeds" / "dossiers.toml"


def main(size: float = 1.0) -> bool:
    """Measure and report; the figure is our time over the reference's."""
    events = max(MONTHS * 1_000, round(EVENTS * size))
    folder = Path(tempfile.mkdtemp(prefix="thuocdo-p7-", dir=os.environ.get("THUOCDO_BENCH_FOLDER")))
    try:
        return _measure(folder, events, size)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, events: int, size: float) -> bool:
    growth = {}
    for scale in (10, 1):
        home = folder / f"events-{scale}"
        _generate(home, events // scale)
        stored = sum(file.stat().st_size for file in home.rglob("*.parquet"))
        print(f"{events // scale:,} events in {MONTHS} months, {stored / 1e6:,.0f} MB of Parquet", flush=True)
        ours, reference = _run("ours", home), _run("reference", home)
        growth[scale] = (ours, reference)
        for name, found in (("ours", ours), ("hand-written", reference)):
            told = f"{found['seconds']:.1f} s ({found['cpu_seconds']:.1f} s of processor)"
            print(f"  {name}: {told}, peak {found['peak_mb']:.0f} MB", flush=True)
    ours, reference = growth[1]
    changed, oldest = (
        _middle([_run(f"{side}-{number}", folder / "events-1") for number in range(ROUNDS)]) for side in LATE
    )
    differing = _differences(folder / "events-1")
    ratio, share = ours["seconds"] / reference["seconds"], changed["seconds"] / ours["seconds"]
    step = ours["seconds"] / growth[10][0]["seconds"]
    _tell(f"one partition changed (goal <={GOAL_INCREMENTAL:.0%})", changed, ours)
    # A dossier of the oldest month may have been open ever since, so that the stocks of every month are made again.
    _tell("the oldest changed", oldest, ours)
    print(f"  ten times the events take {step:.1f} times as long; {ours['figures']:,} figures, {differing} differ")
    return report(
        "P7",
        ratio,
        f"<={GOAL:.2f}",
        met=ratio <= GOAL and share <= GOAL_INCREMENTAL and differing == 0,
        size=size,
        details={
            "events": events,
            "ours": ours,
            "reference": reference,
            "changed_partition": changed,
            "incremental_share": share,
            "oldest_partition": oldest,
            "growth": {"tenth": growth[10][0], "whole": ours, "step": step},
            "memory_limit_mb": MEMORY_MB,
            "differing": differing,
        },
    )


def _middle(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The round of the middle time, with the times of all."""
    middle = sorted(rounds, key=lambda one: one["seconds"])[len(rounds) // 2]
    return {**middle, "rounds": [round(one["seconds"], 2) for one in rounds]}


def _tell(name: str, changed: dict[str, Any], whole: dict[str, Any]) -> None:
    share, by_processor = (changed[kind] / whole[kind] for kind in ("seconds", "cpu_seconds"))
    told = f"{changed['seconds']:.2f} s of {changed['rounds']}, {changed['cpu_seconds']:.2f} s of processor"
    print(f"  {name}: {share:.1%} by the clock, {by_processor:.1%} by the processor ({told})")
    print(f"    {changed['figures']:,} figures anew")


def _generate(home: Path, events: int) -> None:
    """Deterministic events, written by DuckDB month by month."""
    import duckdb

    con = duckdb.connect(config={"threads": THREADS, "memory_limit": f"{MEMORY_MB}MB"})
    each = events // MONTHS
    for number, label in enumerate(LABELS):
        path = home / "files" / f"period={label}"
        path.mkdir(parents=True)
        con.execute(_events_sql(label, number, each, path / "part-0.parquet"))
    # Late batches for two months, not seen until the incremental runs.
    for place, label in enumerate(LATE.values()):
        for number in range(ROUNDS):
            salt = MONTHS + place * ROUNDS + number
            con.execute(_events_sql(label, salt, max(10, each // 1_000), home / f"late-{label}-{number}.parquet"))
    con.close()


def _events_sql(label: str, number: int, each: int, path: Path) -> str:
    # `i` names the dossier: every thirtieth row is another state of an earlier one. `r` differs in every row.
    def draw(salt: int, below: int, of: str = "i") -> str:
        return f"(hash({of} * 64 + {salt}) % {below})::bigint"

    start = f"timestamp '{label}-01'"
    return f"""
    COPY (SELECT
        'H' || i AS dossier, lpad(({draw(1, BODIES)})::varchar, 5, '0') AS body,
        'TT' || {draw(2, 500)} AS procedure, received_at,
        CASE WHEN {draw(3, 50)} > 0 THEN received_at + to_days(({draw(4, 30)} + 3)::int) END AS due_at,
        CASE WHEN {draw(5, 20)} > 0 THEN received_at + to_seconds({draw(6, 40 * 86_400)}) END AS finished_at,
        received_at + to_seconds(r) AS updated_at,
        CASE WHEN {draw(7, 10)} < 7 THEN 'online' WHEN {draw(7, 10)} < 9 THEN 'counter' ELSE 'post' END AS channel,
        CASE WHEN {draw(8, 10)} < 6 THEN 'full' ELSE 'partial' END AS scope,
        CASE WHEN {draw(5, 20)} = 0 THEN 'open' WHEN {draw(9, 20)} = 0 THEN 'returned' ELSE 'finished' END AS status,
        ({draw(10, 50)} * 10000)::decimal(15,0) AS fee,
        CASE WHEN {draw(10, 50)} > 0 THEN {draw(11, 10)} < 6 END AS paid_online,
        {draw(12, 10)} < 5 AS reused_data, {draw(13, 10)} < 8 AS digitised,
        {draw(14, 10, "r")} < 7 AS result_electronic,
        CASE WHEN {draw(15, 10)} < 4 THEN {draw(16, 10)} < 9 END AS published_on_time,
        CASE WHEN {draw(17, 10)} < 9 THEN 'a' || {draw(18, 5_000_000)} END AS account,
        CASE WHEN {draw(19, 10, "r")} < 3 THEN {draw(20, 5, "r")} + 1 END AS rating,
        CASE WHEN {draw(21, 10)} < 8 THEN 'person' ELSE 'firm' END AS applicant_kind
      FROM (SELECT *, {start} + to_seconds({draw(0, 28 * 86_400)}) AS received_at
            FROM (SELECT range + {number} * {each} AS r,
                         CASE WHEN range % 30 = 0 THEN range // 2 ELSE range END + {number % MONTHS} * {each} AS i
                  FROM range({each}))))
    TO '{path}' (FORMAT parquet, COMPRESSION zstd)"""


def _run(side: str, home: Path) -> dict[str, Any]:
    """One side in a process of its own; gives its seconds, its peak and how many figures it made."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.p7_feeds", side, str(home)], stdout=subprocess.PIPE, check=True, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _one_side(side: str, home: Path) -> None:
    start, cpu_before = time.perf_counter(), time.process_time()
    late = _late(home, side)
    tables = _reference(home) if side == "reference" else _ours(home, late)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu_before
    if not late:
        _write(tables, home / f"{side}.parquet")
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = sum(len(table) for table in tables.values())
    # Where others share the cores, the processor's time says more than the clock's.
    done = {"seconds": seconds, "cpu_seconds": cpu, "peak_mb": used.ru_maxrss / 1024, "figures": figures}
    print(json.dumps(done))


def _late(home: Path, side: str) -> list[tuple[str, Path]]:
    """The months with the late batches that have come by this round; the oldest month's come after the others."""
    name, _, number = side.partition("-")
    if name not in LATE:
        return []
    has_come = int(number) + 1
    come = {"changed": has_come, "oldest": 0} if name == "changed" else {"changed": ROUNDS, "oldest": has_come}
    return [(LATE[one], home / f"late-{LATE[one]}-{at}.parquet") for one, many in come.items() for at in range(many)]


def _ours(home: Path, late: list[tuple[str, Path]]) -> dict[str, Any]:
    from thuocdo.feeds.declaration import read_feed
    from thuocdo.feeds.metrics.computing import renewed
    from thuocdo.feeds.metrics.engines import engine_named
    from thuocdo.feeds.metrics.standing import read_standing

    feed = read_feed(tomllib.loads(PACK.read_text(encoding="utf-8")))
    partitions = {label: [home / "files" / f"period={label}" / "part-0.parquet"] for label in LABELS}
    # As the worker does it: what the figures stand on is kept, and of a change only what it can touch is computed.
    standing, since = home / "standing.json", None
    for label, file in late:
        partitions[label].append(file)
    if late:
        since = read_standing(json.loads(standing.read_text(encoding="utf-8")))
    with engine_named(threads=THREADS, memory_mb=MEMORY_MB, temp=home / "spill") as engine:
        found = renewed(feed, partitions, since=since, kept=home / "kept", engine=engine)
    standing.write_text(json.dumps(found.standing.written()), encoding="utf-8")
    return found.tables


def _write(tables: dict[str, Any], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [
        pa.table({
            "metric": pa.array([code] * len(table)), "body": table["body"], "period": table["period"],
            "numerator": table["numerator"].cast(pa.int64()), "denominator": table["denominator"].cast(pa.int64()),
        })
        for code, table in tables.items()
    ]  # fmt: skip
    pq.write_table(pa.concat_tables(rows), path)


def _differences(home: Path) -> int:
    import duckdb

    columns = "metric, body, period, numerator, denominator"
    ours, reference = (f"(SELECT {columns} FROM '{home / side}.parquet')" for side in ("ours", "reference"))
    [row] = (
        duckdb.connect()
        .execute(
            f"SELECT (SELECT count(*) FROM ({ours} EXCEPT ALL {reference}))"
            f" + (SELECT count(*) FROM ({reference} EXCEPT ALL {ours}))"
        )
        .fetchall()
    )
    return int(row[0])


# --- The reference: the same figures as somebody fluent in DuckDB would write them.

ON_TIME = "(due_at IS NULL OR finished_at::date <= due_at::date)"
# Metric → numerator and denominator over the dossiers received in a month, or settled in it.
RECEIVED = {
    "dossiers_received": ("count(*)", "NULL"),
    "dossiers_online": ("count(*) FILTER (channel = 'online')", "count(*)"),
    "dossiers_paid_online": ("count(*) FILTER (paid_online)", "count(paid_online)"),
    "dossiers_reused_data": ("count(*) FILTER (reused_data)", "count(reused_data)"),
    "dossiers_digitised": ("count(*) FILTER (digitised)", "count(digitised)"),
    "service_payment_points": ("count(*) FILTER (paid_online)", "count(paid_online)"),
}
FULL = (
    "count(*) FILTER (scope = 'full' AND channel = 'online' AND result_electronic)",
    "count(*) FILTER (scope = 'full')",
)
SATISFIED = ("count(*) FILTER (rating >= 4)", "count(rating)")
SETTLED = {
    "full_process_online": FULL,
    "service_online_points": FULL,
    "dossiers_electronic_results": ("count(*) FILTER (result_electronic)", "count(result_electronic)"),
    "dossiers_returned": ("count(*) FILTER (status IN ('returned', 'refused'))", "count(*)"),
    "dossier_rating": ("coalesce(sum(rating), 0)", "count(rating)"),
    "dossiers_satisfied": SATISFIED,
    "service_satisfaction_points": SATISFIED,
    "service_transparency_points": ("count(*) FILTER (published_on_time)", "count(published_on_time)"),
    "service_digitisation_points": (
        "count(*) FILTER (digitised) + count(*) FILTER (result_electronic) + count(*) FILTER (reused_data)",
        "count(digitised) + count(result_electronic) + count(reused_data)",
    ),
    "on_time": (f"count(*) FILTER ({ON_TIME})", "count(*)"),
}


def _month(column: str) -> str:
    return f"date_trunc('month', {column})::date"


def _reference(home: Path) -> dict[str, Any]:
    import duckdb

    from thuocdo.feeds.metrics.expressions import working_calendar

    con = duckdb.connect(
        config={"threads": THREADS, "memory_limit": f"{MEMORY_MB}MB", "temp_directory": str(home / "spill"),
                "preserve_insertion_order": False}
    )  # fmt: skip
    import pyarrow as pa

    days = working_calendar(None)
    calendar = pa.table({"day": pa.array([day for day, _ in days], pa.date32()), "passed": [n for _, n in days]})
    con.register("calendar_rows", calendar)
    con.execute("CREATE TEMP TABLE calendar AS SELECT * FROM calendar_rows")
    con.execute(f"CREATE TEMP TABLE months AS SELECT unnest({LABELS})::varchar AS period,"
                f" unnest([{', '.join(f'''date '{label}-01' ''' for label in LABELS)}]) AS month")  # fmt: skip
    for number, label in enumerate(LABELS):
        _reference_month(con, home / "files" / f"period={label}" / "part-0.parquet", first=number == 0)
    return _reference_figures(con)


def _columns(figures: dict[str, tuple[str, str]]) -> str:
    return ", ".join(f"{n} AS {code}_n, {d} AS {code}_d" for code, (n, d) in figures.items())


def _reference_month(con: Any, path: Path, *, first: bool) -> None:
    con.execute(f"""CREATE OR REPLACE TEMP TABLE latest AS
        SELECT * EXCLUDE (dossier, procedure, updated_at, fee, applicant_kind),
               till.passed - since.passed AS days
        FROM (SELECT * FROM '{path}' QUALIFY row_number() OVER (PARTITION BY dossier ORDER BY updated_at DESC) = 1)
        LEFT JOIN calendar since ON since.day = received_at::date
        LEFT JOIN calendar till ON till.day = finished_at::date""")
    parts = {
        "received": f"SELECT body, {_month('received_at')} AS month, {_columns(RECEIVED)} FROM latest GROUP BY ALL",
        "settled": f"SELECT body, {_month('finished_at')} AS month, {_columns(SETTLED)} FROM latest"
        " WHERE finished_at IS NOT NULL GROUP BY ALL",
        "days": f"SELECT body, {_month('finished_at')} AS month, days, count(*) AS n FROM latest"
        " WHERE days IS NOT NULL GROUP BY ALL",
        "spans": f"""SELECT body, {_month("received_at")} AS opened, {_month("received_at::date + 30")} AS old,
            {_month("due_at::date + 1")} AS overdue, {_month("finished_at")} AS closed, count(*) AS n
            FROM latest GROUP BY ALL""",
        "accounts": f"""SELECT body, month, count(account) FILTER (n > 0) AS accounts, max(n) AS most, sum(n) AS every
            FROM (SELECT body, {_month("received_at")} AS month, account,
                         count(*) FILTER (channel = 'online' AND account IS NOT NULL) AS n FROM latest GROUP BY ALL)
            GROUP BY ALL""",
    }
    for name, query in parts.items():
        con.execute(f"CREATE TEMP TABLE {name} AS {query}" if first else f"INSERT INTO {name} {query}")


def _reference_figures(con: Any) -> dict[str, Any]:
    def ask(numerator: str, denominator: str, source: str) -> Any:
        return con.sql(
            f"SELECT body, period, {numerator} AS numerator, {denominator} AS denominator FROM {source}"
        ).to_arrow_table()

    con.execute("""CREATE TEMP TABLE stocks AS SELECT body, period,
            coalesce(sum(n) FILTER (coalesce(closed > month, true)), 0) AS open,
            coalesce(sum(n) FILTER (coalesce(closed > month, true) AND old <= month), 0) AS old,
            coalesce(sum(n) FILTER (coalesce(closed > month, true) AND overdue <= month), 0) AS overdue,
            bool_or(overdue <= month OR closed <= month) AS is_due_known
        FROM spans JOIN months ON opened <= month GROUP BY ALL""")
    found = {}
    for table, figures in (("received", RECEIVED), ("settled", SETTLED)):
        for code, (_, denominator) in figures.items():
            if code != "on_time":
                given = "NULL" if denominator == "NULL" else f"sum({code}_d)"
                found[code] = ask(f"sum({code}_n)", given, f"{table} JOIN months USING (month) GROUP BY ALL")
    on_time = """(SELECT body, period, coalesce(n, 0) AS n, coalesce(d, 0) + coalesce(overdue, 0) AS d
        FROM (SELECT body, period, sum(on_time_n) AS n, sum(on_time_d) AS d
              FROM settled JOIN months USING (month) GROUP BY ALL)
        FULL JOIN (SELECT * FROM stocks WHERE is_due_known) USING (body, period))"""
    found["service_on_time"] = found["service_progress_points"] = ask("n", "d", on_time)
    for code, percent in (("handling_days_median", 50), ("handling_days_p90", 90)):
        found[code] = ask(
            "min(days)",
            "NULL",
            f"""(SELECT body, period, days,
                sum(n) OVER (PARTITION BY body, period ORDER BY days) * 100
                >= sum(n) OVER (PARTITION BY body, period) * {percent} AS is_reached
            FROM (SELECT body, period, days, sum(n) AS n FROM days JOIN months USING (month) GROUP BY ALL))
            WHERE is_reached GROUP BY ALL""",
        )
    found["dossiers_open"] = ask("open", "NULL", "stocks")
    found["dossiers_overdue"] = ask("overdue", "NULL", "stocks WHERE is_due_known")
    found["dossiers_open_over_30_days"] = ask("old", "open", "stocks")
    found["dossier_accounts"] = ask("accounts", "NULL", "accounts JOIN months USING (month)")
    found["dossiers_top_account"] = ask("most", "every", "accounts JOIN months USING (month)")
    return found


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _one_side(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.exit(not main(float(os.environ.get("SIZE", "") or "1")))
