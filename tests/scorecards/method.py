"""A small method for tests: delivery (60 points) and trust (40), provinces and ministries ranked apart."""

from datetime import datetime

from tests.indicators.figures import load_figures
from tests.world import NOW, World
from thuocdo.engine.calendars import Period, parse_period
from thuocdo.scorecards.models import Run, Scorecard, Standing
from thuocdo.scorecards.operations import load_scorecard, score

TEXT = """
id = "small-2026"
title = { vi = "Bộ chỉ số nhỏ", en = "Small scorecard" }
valid_from = 2026-01-01
approved_by = "Quyết định thử nghiệm"
levels = 3
[normalise]
method = "goalposts"
scale = 100
[aggregate]
method = "arithmetic"
missing = "zero"
grace_days = 10
[confidence]
declared = 0.8
derived = 1
[[node]]
code = "index"
title = { vi = "Điểm chung", en = "Index" }
[[node]]
code = "results"
title = { vi = "Kết quả", en = "Results" }
parent = "index"
weight = 60
[[node]]
code = "trust"
title = { vi = "Niềm tin", en = "Trust" }
parent = "index"
weight = 40
[[indicator]]
code = "service_on_time"
parent = "results"
weight = 50
goalposts = [0, 100]
[[indicator]]
code = "databases"
parent = "results"
weight = 10
goalposts = [0, 10]
[[indicator]]
code = "satisfaction"
parent = "trust"
goalposts = [0, 100]
[[cap]]
node = "trust"
below = 50
class_at_most = "kha"
[[class]]
code = "tot"
from = 80
title = { vi = "Tốt", en = "Good" }
[[class]]
code = "kha"
from = 65
title = { vi = "Khá", en = "Fair" }
[[class]]
code = "yeu"
from = 0
title = { vi = "Yếu", en = "Weak" }
[[peer_group]]
code = "provinces"
title = { vi = "Tỉnh, thành phố", en = "Provinces" }
[[peer_group]]
code = "ministries_with_services"
title = { vi = "Bộ", en = "Ministries" }
"""
# The same with what varies in the runs behind rank intervals.
VARIED = TEXT.replace(
    '[[node]]\ncode = "index"',
    '[uncertainty]\nweights = 0.25\nerror = { system = 0.5, independent = 2, declared = 5 }\n[[node]]\ncode = "index"',
)
Q2, Q3 = parse_period("2026-Q2"), parse_period("2026-Q3")


def load_method(world: World) -> Scorecard:
    """The dictionary of figures and the method over it."""
    load_figures(world)
    return load_scorecard(actor=world.machine, at=NOW, text=TEXT)


def score_provinces(
    world: World, scorecard: Scorecard, period: Period = Q3, *, at: datetime = NOW, is_live: bool = True
) -> Run:
    """The one new run of the provinces."""
    (run,) = score(
        actor=world.machine, at=at, scorecard=scorecard, period=period, peer_groups=["provinces"], is_live=is_live
    )
    return run


def standing(run: Run, code: str) -> Standing:
    """Where a body stands in a run."""
    return Standing.objects.select_related("run__scorecard", "body").get(run=run, body__code=code)
