"""What a value, a definition and a figure can be: the choices that the tables share."""

from django.db import models

# Digits that both databases keep exactly: SQLite stores numbers as 64-bit floats.
EXACT_DIGITS = 15
DECIMAL_PLACES = 8


class Frequency(models.TextChoices):
    """How often a value is owed."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"


class Provenance(models.TextChoices):
    """Where a value comes from."""

    SYSTEM = "system"
    INDEPENDENT = "independent"
    CROSS_CHECKED = "cross_checked"
    DECLARED = "declared"
    DERIVED = "derived"


# The order in which provenances prevail; a derived value has the strength of its weakest input.
STRENGTH: dict[str, int] = {
    Provenance.DECLARED: 0,
    Provenance.CROSS_CHECKED: 1,
    Provenance.INDEPENDENT: 2,
    Provenance.SYSTEM: 3,
}
BY_STRENGTH: tuple[str, ...] = tuple(str(name) for name in sorted(STRENGTH, key=lambda name: STRENGTH[name]))


class State(models.TextChoices):
    """Null is not zero, and not applicable is a third state."""

    VALUE = "value"
    NULL = "null"
    NOT_APPLICABLE = "not_applicable"


class Kind(models.TextChoices):
    """Whether a figure is still to be settled."""

    PROVISIONAL = "provisional"
    FINAL = "final"


class Openness(models.TextChoices):
    """Who may see a figure."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"
