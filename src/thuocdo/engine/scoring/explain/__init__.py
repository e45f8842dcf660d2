"""Why a score is what it is, why it changed, and what would change it. Nothing here touches a stored run.

Contributions themselves belong to every run: `Outcome.accounted`.
"""

from thuocdo.engine.scoring.explain.change import decompose_change, decompose_changes
from thuocdo.engine.scoring.explain.compare import Comparison, compare
from thuocdo.engine.scoring.explain.improve import improvements, points_to_gain
from thuocdo.engine.scoring.explain.parts import Change, RankChange
from thuocdo.engine.scoring.explain.ways import Combination, Improvement, Improvements, Step, Verification
from thuocdo.engine.scoring.explain.what_if import WhatIf, reweighted, what_if, with_cells

__all__ = [
    "Change",
    "Combination",
    "Comparison",
    "Improvement",
    "Improvements",
    "RankChange",
    "Step",
    "Verification",
    "WhatIf",
    "compare",
    "decompose_change",
    "decompose_changes",
    "improvements",
    "points_to_gain",
    "reweighted",
    "what_if",
    "with_cells",
]
