"""Stages of a list on its way in, and the ways in which a field comes to be filled; pure."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices


class Stage(TextChoices):
    """Where an import stands."""

    RECEIVED = "received"  # waits to be looked at
    COLUMNS = "columns"  # its headings are unknown: waits for a person to map them
    PLANNED = "planned"  # shown row by row, waits for a yes
    AGREED = "agreed"  # is being written
    FINISHED = "finished"
    REFUSED = "refused"  # cannot be read, or nothing of it could be written
    DISCARDED = "discarded"


# From where a run may go where.
STEPS: Mapping[Stage, frozenset[Stage]] = MappingProxyType(
    {
        Stage.RECEIVED: frozenset({Stage.COLUMNS, Stage.PLANNED, Stage.REFUSED, Stage.DISCARDED}),
        Stage.COLUMNS: frozenset({Stage.RECEIVED, Stage.DISCARDED}),
        Stage.PLANNED: frozenset({Stage.RECEIVED, Stage.AGREED, Stage.DISCARDED}),
        # A list of which nothing was written is shown again when somebody moved a task meanwhile.
        Stage.AGREED: frozenset({Stage.FINISHED, Stage.REFUSED, Stage.PLANNED}),
        Stage.FINISHED: frozenset(),
        Stage.REFUSED: frozenset(),
        Stage.DISCARDED: frozenset(),
    }
)
# In which something waits for a worker.
AT_WORK = frozenset({Stage.RECEIVED, Stage.AGREED})
OPEN = frozenset(stage for stage, following in STEPS.items() if following)


class Way(TextChoices):
    """How a field came to be filled: typed by somebody, or spared from being typed again."""

    TYPED = "typed"
    MACHINE = "machine"
    TAKEN_OVER = "taken_over"  # from a list of another system
    HANDED_ON = "handed_on"  # to another system, where nobody had to type it


# Kinds of fields that people fill, each with a published rate of minutes.
KINDS = ("progress", "text", "file", "figure", "cell")
