"""Normalisation: every indicator onto a common scale where higher is better (handbook step 6).

Values, targets, goalposts and bands are read on the indicator's own scale, whatever its direction. The methods
that compare units (min_max, z_score, rank …) see the value times its direction; the achievement functions know
what the value means and give 0 to `scale` points.

Each method asks `Block.learn` for what it takes from the data (a minimum, a mean, the ordered values), so that
a later run can be given the same instead of its own.
"""

from thuocdo.engine.scoring.normalise.block import apply_transform
from thuocdo.engine.scoring.normalise.methods import Learnt, learn_normalisation, normalise

__all__ = ["Learnt", "apply_transform", "learn_normalisation", "normalise"]
