"""Đủ: whether what was owed is there; and whether it was there in time, which discipline asks."""

import numpy as np

from .delivered import NULL, Flags, Owed, Quality, Rows, faults_of, together

MISSING, WITHDRAWN, LATE = "missing", "withdrawn", "late"


def completeness(rows: Rows, owed: Owed, expected: Flags) -> Quality:
    """Owed cells that hold a value or are marked not applicable.

    A row stands for a cell when it tells of its period, of one within it, or of one around it.
    """
    return _covered(rows, rows.standing, owed, expected, in_time=False)


def timeliness(rows: Rows, owed: Owed, expected: Flags) -> Quality:
    """Owed cells of which something was told by the day on which they fell due, whatever became of it later."""
    return _covered(rows, np.ones(len(rows), dtype=np.bool_), owed, expected, in_time=True)


def _covered(rows: Rows, counted: Flags, owed: Owed, expected: Flags, *, in_time: bool) -> Quality:
    by_column = np.argsort(rows.indicator, kind="stable")
    ends = np.searchsorted(rows.indicator[by_column], np.arange(expected.shape[1] + 1))
    met, judged = np.zeros(expected.shape), np.zeros(expected.shape)
    faults = []
    for column, start, end, due in zip(owed.indicator, owed.start, owed.end, owed.due, strict=True):
        mine = by_column[ends[column] : ends[column + 1]]
        inside = (rows.start[mine] >= start) & (rows.end[mine] <= end)
        around = (rows.start[mine] <= start) & (rows.end[mine] >= end)
        mine = mine[inside | around]
        good = mine[counted[mine] & (rows.state[mine] != NULL)]
        if in_time:
            good = good[rows.recorded[good] <= due]
        there, touched = np.zeros(len(expected), dtype=np.bool_), np.zeros(len(expected), dtype=np.bool_)
        there[rows.body[good]] = True
        touched[rows.body[mine]] = True
        asked = expected[:, column]
        judged[:, column] += asked
        met[:, column] += asked & there
        absent = np.flatnonzero(asked & ~there)
        if len(absent):
            known = LATE if in_time else WITHDRAWN
            faults.append(
                faults_of(
                    np.where(touched[absent], known, MISSING),
                    absent,
                    np.full(len(absent), column),
                    np.full(len(absent), start),
                    np.full(len(absent), end),
                )
            )
    return Quality(met, judged, np.zeros(len(expected)), together(faults))
