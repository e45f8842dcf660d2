"""Writes of the room: versions of the method, scoring runs, derived measurements."""

from .deriving import derive
from .methods import ScorecardRefused, load_scorecard
from .rescoring import rescore
from .scoring import score

__all__ = ["ScorecardRefused", "derive", "load_scorecard", "rescore", "score"]
