"""Sống: how old the newest value is against the update rule."""

import numpy as np

from .delivered import Columns, Days, Flags, Quality, faults_of

NEVER, STALE = "never", "stale"


def liveness(newest: Days, columns: Columns, expected: Flags, day: int) -> Quality:
    """What is left of the life of every newest value: 1 until its successor is overdue, then evenly less, 0 at one
    cycle overdue.

    `newest` is the day after the period of the newest value (bodies × indicators), 0 where there is none. Its
    successor is overdue when another cycle and the term of the update rule have passed.
    """
    overdue = day - (newest + columns.cycle + columns.term)
    left = np.where(newest > 0, np.clip(1 - overdue / columns.cycle, 0, 1), 0.0) * expected
    body, indicator = np.nonzero(expected & (left < 1))
    found = newest[body, indicator]
    return Quality(
        met=left,
        judged=expected.astype(np.float64),
        apart=np.zeros(len(expected)),
        faults=faults_of(
            np.where(found > 0, STALE, NEVER), body, indicator, found, found, loss=1 - left[body, indicator]
        ),
    )
