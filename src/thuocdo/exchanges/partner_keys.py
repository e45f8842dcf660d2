"""Keys that parents issued to us, each in a file of the home that only its owner may read; none in the database."""

import os
from pathlib import Path

from django.conf import settings


def keep_key(number: int, token: str) -> None:
    """Keep the key for the parent with this number; an earlier one is replaced whole."""
    place = _place(number)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)
    draft.replace(place)


def key_of(number: int) -> str:
    """The key for the parent with this number; empty when there is none."""
    place = _place(number)
    return place.read_text(encoding="ascii").strip() if place.exists() else ""


def forget_key(number: int) -> None:
    """Remove the key for the parent with this number."""
    _place(number).unlink(missing_ok=True)


def _place(number: int) -> Path:
    return Path(settings.PARTNERS_FOLDER) / f"parent-{number}.key"
