"""Writing down a definition as a version: all that it says, in a form that two versions can be compared by."""

from datetime import datetime
from typing import Any

from thuocdo.accounts.permissions import Actor
from thuocdo.indicators.models import Indicator, IndicatorVersion
from thuocdo.indicators.queries.history import written

WORDS = (
    "title", "title_en", "definition", "definition_en", "unit", "unit_en", "direction", "comparator", "frequency",
    "provenance_expected", "openness", "applies_to", "derived_from", "formula", "numerator", "denominator",
    "breakdowns", "adds_up_the_tree", "is_sampled", "scale", "due_days",
)  # fmt: skip
NUMBERS = ("lower", "upper", "target", "tolerance")


def content_of(row: Indicator) -> dict[str, Any]:
    """What a definition says, without what is empty."""
    content = {name: getattr(row, name) for name in WORDS}
    content |= {name: written(getattr(row, name)) for name in NUMBERS}
    content["owner"] = row.owner.code if row.owner is not None else ""
    return {name: value for name, value in content.items() if value not in (None, "", [])}


def write_version(row: Indicator, *, actor: Actor, at: datetime) -> IndicatorVersion:
    """Keep the definition as it stands now; belongs into the transaction that changed it."""
    return IndicatorVersion.objects.create(
        indicator=row,
        version=row.version,
        valid_from=row.valid_from,
        digest=row.digest,
        content=content_of(row),
        recorded_at=at,
        recorded_by=actor.label,
    )
