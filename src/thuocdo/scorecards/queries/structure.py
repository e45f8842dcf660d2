"""What the data of a run say about its method: correlations, families, weight against importance."""

from typing import TYPE_CHECKING

import numpy as np

from thuocdo.engine.scoring.run.results import FEWEST_UNITS
from thuocdo.scorecards.models import Run

from .trials import ground_of

if TYPE_CHECKING:
    from thuocdo.engine.scoring.structure import Structure


def structure_of(run: Run) -> "Structure | None":
    """The structure of a run's index by what the run kept; None where fewer than five bodies have one.

    At most one query; about a second for thousands of bodies with hundreds of indicators.
    """
    # Loaded when needed, for the sake of all other processes: the analysis brings SciPy along.
    from thuocdo.engine.scoring.structure import analyse

    outcome = ground_of(run).outcome
    if np.count_nonzero(~np.isnan(outcome.scores[:, -1])) < FEWEST_UNITS:
        return None
    return analyse(outcome)
