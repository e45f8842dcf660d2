"""The composite index: a scorecard file and a matrix of values in, scores, ranks and their reasons out.

One file per step of the OECD/JRC handbook: spec, impute, treat, normalise, weight, aggregate, rank,
contribute; `pipeline` runs them in order. The definitions are those of the handbook and of COINr.
"""

from thuocdo.engine.scoring.matrix import Matrix, ScoringError
from thuocdo.engine.scoring.parameters import Parameters
from thuocdo.engine.scoring.pipeline import ENGINE_VERSION, Outcome, Step, compute, freeze
from thuocdo.engine.scoring.spec import Spec, SpecError, dump_spec, load_spec

__all__ = [
    "ENGINE_VERSION",
    "Matrix",
    "Outcome",
    "Parameters",
    "ScoringError",
    "Spec",
    "SpecError",
    "Step",
    "compute",
    "dump_spec",
    "freeze",
    "load_spec",
]
