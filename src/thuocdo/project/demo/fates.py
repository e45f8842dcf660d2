"""What is to become of single tasks, so that today's demonstration shows every state there is.

Everything not named here takes the course that the body's traits and chance give it.
"""

from enum import StrEnum, auto


class Fate(StrEnum):
    """The course of a task."""

    NATURAL = auto()
    IGNORED = auto()  # assigned, and nobody has taken it on yet
    WORKING = auto()  # reported on, not handed in, whether the deadline has passed or not
    WAITING = auto()  # handed in, waiting for approval
    RETURNED = auto()  # sent back with a note
    DISPUTED = auto()  # the body asks for another assignment; undecided
    UPHELD = auto()
    TRANSFERRED = auto()
    WITHDRAWN = auto()
    CANCELLED = auto()
    SUSPENDED = auto()
    RESUMED = auto()
    EXTENDED = auto()  # more time was given, still open
    EXTENDED_AND_DONE = auto()


# (number of the directive, lead body) → course
FATES: dict[tuple[str, str], Fate] = {
    ("03", "BCT"): Fate.UPHELD,
    ("03", "BNV"): Fate.TRANSFERRED,
    ("04", "BTC"): Fate.EXTENDED_AND_DONE,
    ("04", "BYT"): Fate.RESUMED,
    ("06", "BVHTTDL"): Fate.WITHDRAWN,
    ("08", "06862"): Fate.RETURNED,
    ("08", "22"): Fate.WORKING,
    ("08", "BTP"): Fate.WORKING,
    ("09", "22"): Fate.WORKING,
    ("09", "BTP"): Fate.WORKING,
    ("09", "BCT"): Fate.RETURNED,
    ("09", "BKHCN"): Fate.WAITING,
    ("09", "TANDTC"): Fate.WAITING,
    ("09", "BCA"): Fate.WORKING,
    ("09", "BNV"): Fate.WORKING,
    ("09", "BNNMT"): Fate.SUSPENDED,
    ("09", "BGDDT"): Fate.EXTENDED,
    ("09", "VTV"): Fate.CANCELLED,
    ("10", "06862"): Fate.WORKING,
    ("10", "06688"): Fate.WAITING,
    ("10", "BTP"): Fate.RETURNED,
    ("10", "TTCP"): Fate.WORKING,
    ("11", "BTP"): Fate.IGNORED,
    ("11", "BVHTTDL"): Fate.IGNORED,
    ("11", "BXD"): Fate.DISPUTED,
}
# Who takes on what another body asked to be rid of.
NEW_LEAD = {("03", "BNV"): "BKHCN"}
