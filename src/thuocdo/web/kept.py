"""What many people ask for at once is computed once: kept in memory until something new has happened."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.utils.translation import get_language

Made = TypeVar("Made")
HOUR = 60 * 60
# A kept None must be told apart from nothing kept.
_NOTHING = object()


def kept(name: str, *marks: object, build: Callable[[], Made], seconds: int = HOUR) -> Made:
    """What `build` gives, computed anew when one of the marks differs; each language is kept apart.

    Marks say what the answer depends on: the number of a run, the newest entry of the ledger, the filters.
    Never keep what depends on the person who asks, unless the person is among the marks.
    """
    told = ":".join((name, get_language() or "vi", *map(str, marks)))
    # Marks may hold what visitors typed, which no cache takes as a key.
    key = f"{name}:{hashlib.sha256(told.encode()).hexdigest()}"
    found: Any = cache.get(key, _NOTHING)
    if found is _NOTHING:
        found = build()
        cache.set(key, found, seconds)
    return found  # type: ignore[no-any-return]
