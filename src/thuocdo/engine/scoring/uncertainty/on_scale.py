"""Errors on the scale of the data as errors in normalised points, so that they can be drawn beside others."""

from dataclasses import replace

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, Matrix
from thuocdo.engine.scoring.outcome import Outcome
from thuocdo.engine.scoring.pipeline import freeze
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.uncertainty.alternatives import Alternatives
from thuocdo.engine.scoring.uncertainty.prepare import first_steps

_OWN = (0, 0, 0)


def errors_in_points(spec: Spec, matrix: Matrix, raw_errors: FloatArray) -> FloatArray:
    """Standard deviations of values (units × indicators, nan for none) in normalised points; 0 where there is none.

    Half the way in points from the value less its deviation to the value more it, by the scorecard's own methods,
    whatever these take from the data held as it is. Beyond goalposts that cut off nothing is added; where a value
    cannot be moved one way (a logarithm of nothing), it is the way to the other side. ScoringError as of a run.
    """
    known = np.nan_to_num(raw_errors) > 0
    if not known.any():
        return np.zeros(np.shape(raw_errors))
    deviations = np.where(known, raw_errors, 0.0)
    alternatives = Alternatives(spec)
    own = first_steps(alternatives, _OWN, matrix, keep_weighting=True)
    frozen = freeze(own)
    middle, below, above = (
        _like(matrix, spec, outcome)
        for outcome in (
            own,
            first_steps(alternatives, _OWN, replace(matrix, values=matrix.values - deviations), frozen),
            first_steps(alternatives, _OWN, replace(matrix, values=matrix.values + deviations), frozen),
        )
    )
    both = np.abs(above - below) / 2
    one = np.fmax(np.abs(middle - below), np.abs(above - middle))
    return np.where(known, np.nan_to_num(np.where(np.isnan(both), one, both)), 0.0)


def _like(matrix: Matrix, spec: Spec, outcome: Outcome) -> FloatArray:
    """The normalised values of an outcome in the shape of the matrix; nan for what was screened or is no indicator."""
    row = {unit: place for place, unit in enumerate(matrix.units)}
    column = {code: place for place, code in enumerate(matrix.indicators)}
    found = np.full(np.shape(matrix.values), np.nan)
    rows, columns = [row[unit] for unit in outcome.units], [column[one.code] for one in spec.indicators]
    found[np.ix_(rows, columns)] = outcome.normalised
    return found
