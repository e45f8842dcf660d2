"""Reads of the room: methods, runs and rankings, and what is behind a score."""

from thuocdo.scorecards.models import Run, Scorecard, Standing

from .explain import BothMaps, DrillDown, Opportunity, drill_down, under_both_maps, what_to_fix_first
from .inputs import Inputs, NotScorable, Recomputed, gather, recompute
from .methods import scorecard_by_code, scorecards_on, spec_of
from .runs import (
    history,
    latest_run,
    movers,
    periods_scored,
    ranking,
    run_by_id,
    runs,
    standing_of,
)

__all__ = [
    "BothMaps",
    "DrillDown",
    "Inputs",
    "NotScorable",
    "Opportunity",
    "Recomputed",
    "Run",
    "Scorecard",
    "Standing",
    "drill_down",
    "gather",
    "history",
    "latest_run",
    "movers",
    "periods_scored",
    "ranking",
    "recompute",
    "run_by_id",
    "runs",
    "scorecard_by_code",
    "scorecards_on",
    "spec_of",
    "standing_of",
    "under_both_maps",
    "what_to_fix_first",
]
