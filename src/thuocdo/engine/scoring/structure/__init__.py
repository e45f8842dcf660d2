"""What the data say about a scorecard: what moves together, what is told twice, what weighs more than it should."""

from thuocdo.engine.scoring.structure.analysis import Flag, Structure, analyse
from thuocdo.engine.scoring.structure.association import Correlations, correlate
from thuocdo.engine.scoring.structure.importance import Importance, correlation_ratio
from thuocdo.engine.scoring.structure.reliability import Family, cronbach_alpha
from thuocdo.engine.scoring.structure.summary import ColumnSummary, summarise

__all__ = [
    "ColumnSummary",
    "Correlations",
    "Family",
    "Flag",
    "Importance",
    "Structure",
    "analyse",
    "correlate",
    "correlation_ratio",
    "cronbach_alpha",
    "summarise",
]
