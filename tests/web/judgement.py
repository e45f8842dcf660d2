"""A small nation that was judged twice: two provinces scored for two quarters, with tasks public and internal."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tests.indicators.figures import load_figures, tell
from tests.scorecards.method import Q2, TEXT, VARIED, score_provinces
from tests.tasks.samples import completed, given
from tests.world import NOW, World
from thuocdo.scorecards.models import Run, Scorecard
from thuocdo.scorecards.operations import load_scorecard, simulate
from thuocdo.tasks.lifecycle import Secrecy
from thuocdo.tasks.models import Task

# With this cap the capital, strong everywhere else, is held below the class that its points give.
CAPPED = TEXT.replace("below = 50", "below = 70")
SUMMER = datetime(2026, 6, 29, 2, 30, tzinfo=NOW.tzinfo)
# body: service in Q2 and Q3 (per cent), databases, satisfaction in Q2 and Q3
FIGURES = {"01": (40, 96, 10, 80, 65), "48": (70, 72.5, 4, 75, 75)}


@dataclass(frozen=True)
class Nation:
    """What was set up: the method, the runs of both quarters, the tasks by what they are."""

    world: World
    scorecard: Scorecard
    before: Run
    now: Run
    tasks: dict[str, Task]


def measure(world: World) -> None:
    """The figures of both quarters, each told when its quarter was current."""
    for body, (spring, summer, databases, trust_before, trust) in FIGURES.items():
        told: list[tuple[dict[str, Any], datetime]] = [
            ({"period": "2026-05", "value": str(spring)}, SUMMER),
            ({"indicator": "databases", "period": "2026", "value": str(databases)}, SUMMER),
            (
                {"indicator": "satisfaction", "period": "2026-Q2", "value": str(trust_before),
                 "provenance": "independent"},
                SUMMER,
            ),
            ({"period": "2026-08", "value": str(summer)}, NOW),
            (
                {"indicator": "satisfaction", "period": "2026-Q3", "value": str(trust), "provenance": "independent"},
                NOW,
            ),
        ]  # fmt: skip
        for row, at in told:
            tell(world, at=at, body=body, **row)


def simulated(world: World) -> Nation:
    """The same nation with rank intervals for both quarters."""
    nation = judged(world, VARIED.replace("below = 50", "below = 70"))
    simulate(actor=world.machine, at=NOW, replicates=100)
    return nation


def judged(world: World, text: str = CAPPED) -> Nation:
    """Measure, score both quarters, and let bodies owe tasks; Hà Nội climbs from second to first."""
    load_figures(world)
    scorecard = load_scorecard(actor=world.machine, at=NOW, text=text)
    measure(world)
    before = score_provinces(world, scorecard, Q2, at=SUMMER, is_live=False)
    now = score_provinces(world, scorecard, at=NOW)
    return Nation(world, scorecard, before, now, owing(world))


def owing(world: World) -> dict[str, Task]:
    """Tasks of every kind that a page tells apart, given two months ago."""
    early = NOW - timedelta(days=60)
    past, soon = date(2026, 9, 1), date(2026, 9, 17)
    return {
        "public overdue": given(
            world, "48", at=early, title="Công khai bộ thủ tục hành chính", due_on=past, secrecy=Secrecy.PUBLIC
        ),
        "internal overdue": given(world, at=early, title="Rà soát nội bộ quy chế làm việc", due_on=past),
        "public soon": given(
            world, at=early, title="Trình dự thảo nghị định hướng dẫn", due_on=soon, secrecy=Secrecy.PUBLIC,
            deliverable="Dự thảo nghị định",
        ),
        "public done": completed(
            world, at=early, title="Ban hành danh mục dữ liệu mở", due_on=past, secrecy=Secrecy.PUBLIC
        ),
    }  # fmt: skip
