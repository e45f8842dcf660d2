"""How a benchmark measures and reports: best of several rounds, one line at the end, one JSON file."""

import json
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def best_of(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The shortest time of each work in seconds; the works take turns, so that all meet the same machine."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[place] = min(best[place], time.perf_counter() - start)
    return best


def report(row: str, figure: float, goal: str, *, met: bool, size: float, details: dict[str, Any]) -> bool:
    """Print the closing line of a row, write benchmarks/results/<row>.json, and say whether the goal is met.

    What was measured on PostgreSQL stands beside what was measured on SQLite.
    """
    RESULTS.mkdir(exist_ok=True)
    written = {
        "row": row,
        "figure": figure,
        "goal": goal,
        "met": met,
        "size": size,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "details": details,
    }
    name = f"{row}-postgresql" if details.get("database") == "postgresql" else row
    (RESULTS / f"{name}.json").write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{row} {figure:.2f} goal {goal} {'ok' if met else 'short'}")
    return met
