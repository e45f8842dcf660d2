"""Writes of the room: versions of the method, scoring runs, their rank intervals, derived measurements."""

from .deriving import derive
from .methods import ScorecardRefused, load_scorecard
from .rescoring import rescore
from .scoring import score
from .simulating import simulate

__all__ = ["ScorecardRefused", "derive", "load_scorecard", "rescore", "score", "simulate"]
