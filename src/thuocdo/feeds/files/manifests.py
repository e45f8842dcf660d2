"""The manifest files of a feed: what is in force, for whoever reads the folder without the database."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from . import disk

_NAME = re.compile(r"manifest-(\d{8})\.json")
KEPT = 5


def place(folder: Path, number: int) -> Path:
    """Where the manifest of this number lies."""
    return folder / f"manifest-{number:08d}.json"


def draft(folder: Path, number: int, content: Mapping[str, object]) -> Path:
    """Write the manifest without making it visible; raises NoRoom."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return disk.draft(place(folder, number), text.encode())


def settle(folder: Path, number: int, drafted: Path) -> None:
    """Make a drafted manifest the one in force."""
    disk.settle(drafted, place(folder, number))


def newest(folder: Path) -> int:
    """The number of the manifest in force: the highest that stands whole; 0 without any."""
    return max(_numbers(folder), default=0)


def current(folder: Path) -> dict[str, object]:
    """The manifest in force; empty before the first."""
    number = newest(folder)
    return dict(json.loads(place(folder, number).read_text(encoding="utf-8"))) if number else {}


def clear(folder: Path) -> int:
    """Remove all but the newest manifests; gives how many went."""
    old = sorted(_numbers(folder))[:-KEPT]
    for number in old:
        place(folder, number).unlink(missing_ok=True)
    return len(old)


def _numbers(folder: Path) -> list[int]:
    if not folder.is_dir():
        return []
    return [int(match[1]) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
