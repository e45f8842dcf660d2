"""Dùng chung: whether figures are served by machines and reused by others."""

import numpy as np

from .delivered import Flags, Quality, faults_of

NOT_SERVED, NOT_REUSED = "not_served", "not_reused"


def sharing(served: Flags, reused: "Flags | None", expected: Flags) -> Quality:
    """Half for a figure that arrives through the programming interface, half for one that another body reads there.

    Without a record of who reads (`reused` None) being served is all that can be told, and counts in full.
    """
    served = served & expected
    read = served if reused is None else served & reused
    faults = np.where(served, NOT_REUSED, NOT_SERVED)
    body, indicator = np.nonzero(expected & ~(served & read))
    nowhere = np.zeros(len(body), dtype=np.int64)
    met = (served.astype(np.float64) + read) / 2
    return Quality(
        met=met,
        judged=expected.astype(np.float64),
        apart=np.zeros(len(expected)),
        faults=faults_of(faults[body, indicator], body, indicator, nowhere, nowhere, loss=1 - met[body, indicator]),
    )
