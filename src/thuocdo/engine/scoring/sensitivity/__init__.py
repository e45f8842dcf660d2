"""What moves a ranking: Sobol' indices of the choices behind it, and leaving out one part at a time."""

from thuocdo.engine.scoring.sensitivity.analyse import Sensitivity, analyse_sensitivity
from thuocdo.engine.scoring.sensitivity.indices import (
    Convergence,
    Indices,
    analyse_function,
    saltelli_design,
    sobol_indices,
)
from thuocdo.engine.scoring.sensitivity.removal import Mover, Removal, remove_each, without
from thuocdo.engine.scoring.sensitivity.targets import Target

__all__ = [
    "Convergence",
    "Indices",
    "Mover",
    "Removal",
    "Sensitivity",
    "Target",
    "analyse_function",
    "analyse_sensitivity",
    "remove_each",
    "saltelli_design",
    "sobol_indices",
    "without",
]
