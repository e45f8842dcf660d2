"""Reads of methods: which version holds on a day, and its text as the engine understands it."""

from datetime import date
from functools import lru_cache

from django.db.models import Q

from thuocdo.engine.scoring import Spec, load_spec
from thuocdo.scorecards.models import Scorecard


def scorecards_on(day: date) -> list[Scorecard]:
    """The newest version of every scorecard that holds on the day, by code."""
    found: dict[str, Scorecard] = {}
    rows = Scorecard.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day).order_by(
        "code", "version"
    )
    for row in rows:
        found[row.code] = row
    return list(found.values())


def scorecard_by_code(code: str, *, version: int | None = None) -> Scorecard | None:
    """A version of a scorecard; without a number the newest."""
    found = Scorecard.objects.filter(code=code)
    if version is not None:
        found = found.filter(version=version)
    return found.order_by("-version").first()


def spec_of(scorecard: Scorecard) -> Spec:
    """The method as the engine reads it; read once for each text."""
    return read_text(scorecard.text)


@lru_cache(maxsize=16)
def read_text(text: str) -> Spec:
    """A scorecard file as the engine reads it; read once for each text."""
    return load_spec(text)
