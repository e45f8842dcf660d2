"""Sạch: whether what came in was valid, new and in range."""

import numpy as np

from .delivered import VALUE, Columns, Flags, Quality, Rows, Shares, faults_of, tallied

REPEATED, OUT_OF_RANGE = "repeated", "out_of_range"


def cleanliness(rows: Rows, columns: Columns, expected: Flags, refused: Shares) -> Quality:
    """Delivered rows that are new and in the range of the definition as it now is; `refused` rows of every body
    count against it, too, though nobody can say of which indicator they were."""
    mine = np.flatnonzero(expected[rows.body, rows.indicator])
    value, column = rows.value[mine], rows.indicator[mine]
    with np.errstate(invalid="ignore"):
        # A comparison with nan is false: no bound, no fault.
        is_outside = (rows.state[mine] == VALUE) & rows.standing[mine]
        is_outside &= (value < columns.lower[column]) | (value > columns.upper[column])
    repeats = rows.repeats[mine]
    is_bad = repeats | is_outside
    bad = mine[is_bad]
    return Quality(
        met=tallied(expected.shape, rows.body[mine], column, ~is_bad),
        judged=tallied(expected.shape, rows.body[mine], column),
        apart=refused,
        faults=faults_of(
            np.where(is_outside[is_bad], OUT_OF_RANGE, REPEATED),
            rows.body[bad],
            rows.indicator[bad],
            rows.start[bad],
            rows.end[bad],
            row=bad,
        ),
    )
