"""Reads of the room: methods, runs and rankings, and what is behind a score."""

from thuocdo.scorecards.models import Interval, Run, Scorecard, Simulation, Standing

from .changing import ExplainedChange, PartOfChange, RankShift, explained_change, parts_of_change, rank_shift, ways_up
from .explain import BothMaps, DrillDown, Opportunity, drill_down, under_both_maps, what_to_fix_first
from .inputs import Inputs, NotScorable, gather
from .intervals import (
    REPLICATES,
    SHARE,
    Chance,
    Spread,
    chance_ahead,
    intervals_of,
    newest_simulation_at,
    recompute_intervals,
    simulation_of,
    spread_of,
)
from .methods import scorecard_by_code, scorecards_on, spec_of
from .parts import parts_of
from .recomputing import Recomputed, recompute
from .runs import (
    groups_scored,
    history,
    latest_run,
    movers,
    newest_marks,
    periods_scored,
    ranking,
    run_by_id,
    runs,
    standing_of,
    standings_before,
)

# A standing knows where its parts come from; see its model.
Standing.parts_from_inputs = staticmethod(parts_of)

__all__ = [
    "REPLICATES",
    "SHARE",
    "BothMaps",
    "Chance",
    "DrillDown",
    "ExplainedChange",
    "Inputs",
    "Interval",
    "NotScorable",
    "Opportunity",
    "PartOfChange",
    "RankShift",
    "Recomputed",
    "Run",
    "Scorecard",
    "Simulation",
    "Spread",
    "Standing",
    "chance_ahead",
    "drill_down",
    "explained_change",
    "gather",
    "groups_scored",
    "history",
    "intervals_of",
    "latest_run",
    "movers",
    "newest_marks",
    "newest_simulation_at",
    "parts_of",
    "parts_of_change",
    "periods_scored",
    "rank_shift",
    "ranking",
    "recompute",
    "recompute_intervals",
    "run_by_id",
    "runs",
    "scorecard_by_code",
    "scorecards_on",
    "simulation_of",
    "spec_of",
    "spread_of",
    "standing_of",
    "standings_before",
    "under_both_maps",
    "ways_up",
    "what_to_fix_first",
]
