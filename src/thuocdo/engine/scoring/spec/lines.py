"""In which line of a scorecard file a key stands, so that an error can point at it."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[{1,2})\s*([^\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*("?)([A-Za-z0-9_.\-]+)\1\s*=""")


def key_lines(text: str) -> Mapping[Path, int]:
    """Line numbers (from 1) by path, e.g. ("indicator", 2, "weight"); tables by the line of their header.

    It reads line by line and knows nothing of values, which is all that a pointer for people needs.
    """
    found: dict[Path, int] = {}
    counts: Counter[str] = Counter()
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            name = header[2].strip()
            if header[1] == "[[":
                table = (name, counts[name])
                counts[name] += 1
            else:
                table = tuple(part.strip().strip('"') for part in name.split("."))
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *key[2].split(".")), number)
    return found


def line_of_part(text: str, code: str) -> int | None:
    """The line that gives a node or an indicator its code; None when the file has no such part."""
    file = tomllib.loads(text)
    for kind in ("node", "indicator"):
        for place, part in enumerate(file.get(kind, [])):
            if part.get("code") == code:
                return line_of(key_lines(text), (kind, place, "code"))
    return None


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """The line of the path or of the nearest thing around it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None
