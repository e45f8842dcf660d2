"""Files that are whole or absent: written under a name of their own, brought to the disk, moved into place."""

import os
import secrets
from pathlib import Path
from typing import IO


class NoRoom(OSError):
    """The disk took not all of it; what had been written is removed again."""


def write(place: Path, content: bytes) -> None:
    """Put the content at the place, durably; a crash leaves the former content or the new one, never half.

    Raises NoRoom when the disk is full, out of quota or broken.
    """
    settle(draft(place, content), place)


def draft(place: Path, content: bytes) -> Path:
    """Write the content beside the place, durably, and give the draft's path; `settle` makes it visible."""
    path = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
            sync(file)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise NoRoom(error.errno, error.strerror, str(place)) from error
    return path


def settle(draft: Path, place: Path) -> None:
    """Move a draft into its place and bring the folder's list of names to the disk."""
    try:
        draft.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise NoRoom(error.errno, error.strerror, str(place)) from error


def sync(file: IO[bytes]) -> None:
    """Bring what was written to the disk itself."""
    file.flush()
    os.fsync(file.fileno())
