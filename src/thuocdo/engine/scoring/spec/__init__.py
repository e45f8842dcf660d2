"""The scorecard file: what one version of a method says, read from TOML, checked, and written back."""

from thuocdo.engine.scoring.spec.model import (
    Aggregation,
    Cap,
    Confidence,
    Imputation,
    Indicator,
    Node,
    Normalisation,
    PeerGroup,
    Rounding,
    ScoreClass,
    Spec,
    Title,
    Treatment,
    Tree,
    Uncertainty,
    Weighing,
)
from thuocdo.engine.scoring.spec.problems import Problem, SpecError
from thuocdo.engine.scoring.spec.reading import load_spec
from thuocdo.engine.scoring.spec.writing import dump_spec

__all__ = [
    "Aggregation",
    "Cap",
    "Confidence",
    "Imputation",
    "Indicator",
    "Node",
    "Normalisation",
    "PeerGroup",
    "Problem",
    "Rounding",
    "ScoreClass",
    "Spec",
    "SpecError",
    "Title",
    "Treatment",
    "Tree",
    "Uncertainty",
    "Weighing",
    "dump_spec",
    "load_spec",
]
