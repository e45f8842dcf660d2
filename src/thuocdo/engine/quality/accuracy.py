"""Đúng: whether what a body told agrees with what a stronger source tells of the same cell."""

import numpy as np

from .delivered import NOT_APPLICABLE, NULL, Columns, Flags, Places, Quality, Rows, agree, faults_of, tallied

DIFFERS, DENIED = "differs", "denied"


def accuracy(rows: Rows, columns: Columns, expected: Flags) -> Quality:
    """Declared cells that a stronger source also tells, by whether the two agree within the tolerance.

    A figure that its owner says not to apply, while a stronger source measures it, does not agree.
    """
    usable = np.flatnonzero(rows.crowded & rows.standing & (rows.state != NULL) & expected[rows.body, rows.indicator])
    order = usable[np.lexsort((rows.at[usable], rows.final[usable], rows.strength[usable], rows.cell[usable]))]
    claimed, stronger = _newest(rows, order[rows.declared[order]]), _newest(rows, order[~rows.declared[order]])
    _, mine, theirs = np.intersect1d(rows.cell[claimed], rows.cell[stronger], return_indices=True)
    one, other = claimed[mine], stronger[theirs]
    # Where the stronger source has no number there is nothing to compare with.
    is_told = rows.state[other] != NOT_APPLICABLE
    one, other = one[is_told], other[is_told]
    is_denied = rows.state[one] == NOT_APPLICABLE
    tolerance = columns.tolerance[rows.indicator[one]]
    is_met = ~is_denied & agree(np.nan_to_num(rows.value[one]), np.nan_to_num(rows.value[other]), tolerance)
    bad = ~is_met
    return Quality(
        met=tallied(expected.shape, rows.body[one], rows.indicator[one], is_met),
        judged=tallied(expected.shape, rows.body[one], rows.indicator[one]),
        apart=np.zeros(len(expected)),
        faults=faults_of(
            np.where(is_denied[bad], DENIED, DIFFERS),
            rows.body[one[bad]],
            rows.indicator[one[bad]],
            rows.start[one[bad]],
            rows.end[one[bad]],
            row=one[bad],
            other=other[bad],
        ),
    )


def _newest(rows: Rows, order: Places) -> Places:
    """The last of every cell among places that are sorted by cell and merit."""
    if not len(order):
        return order
    cells = rows.cell[order]
    return np.asarray(order[np.append(cells[1:] != cells[:-1], True)])
