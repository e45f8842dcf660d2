"""Files that are whole or absent: written under a name of their own, brought to the disk, moved into place."""

import errno
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import OperationalError

# How PostgreSQL names a full disk (class 53 of its errors: insufficient resources).
_FULL_OF_POSTGRES = "53100"


class NoRoom(OSError):
    """The disk took not all of it; what had been written is removed again."""


@contextmanager
def said_when_full() -> Iterator[None]:
    """Raises NoRoom where the disk of the database is full, too; every other error of it stays what it is."""
    try:
        yield
    except OperationalError as error:
        cause = error.__cause__
        is_full = (
            getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
            or getattr(cause, "sqlstate", None) == _FULL_OF_POSTGRES
        )
        if not is_full:
            raise
        raise NoRoom(errno.ENOSPC, os.strerror(errno.ENOSPC), "database") from error


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
