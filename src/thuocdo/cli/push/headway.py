"""How far a file has been sent: kept beside it, so that the same command goes on where it was killed."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VERSION = 2
# So many errors are remembered in full; beyond, how many of each kind there were.
MOST_ERRORS = 100_000
# What is remembered of an answer.
KEPT = ("accepted", "rejected", "errors", "counts", "warned", "ledger")


@dataclass(slots=True)
class Headway:
    """Answers by the number of the chunk. Of another file, or other options, nothing has been sent.

    The first line of the file says of which content under which options it is, and each further line one answer: a
    line is added at a time, so that a million rows cost no more for each than a thousand. A line that was cut off by a
    kill counts for nothing.
    """

    place: Path
    digest: str
    # Where the line of each chunk begins.
    lines: dict[int, int] = field(default_factory=dict)
    errors: int = 0
    _end: int = 0

    @classmethod
    def of(cls, file: Path, options: str) -> "Headway":
        """The headway of a file under these options; begins anew when either has changed."""
        digest = hashlib.sha256(options.encode())
        with file.open("rb") as content:
            while piece := content.read(1 << 20):
                digest.update(piece)
        headway = cls(file.with_name(f"{file.name}.push.json"), digest.hexdigest())
        with suppress(FileNotFoundError):
            headway._read()
        return headway

    def _read(self) -> None:
        with self.place.open("rb") as file:
            if _line(file.readline()) != {"version": VERSION, "digest": self.digest}:
                return
            self._end = file.tell()
            while (answer := _line(file.readline())) is not None:
                self.lines[int(answer["chunk"])] = self._end
                self.errors += len(answer["errors"])
                self._end = file.tell()

    def keep(self, number: int, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Remember the answer of a chunk and give what is remembered of it; on the disk when this returns."""
        errors = list(answer.get("errors") or ())[: MOST_ERRORS - self.errors]
        kept = {name: answer.get(name) for name in KEPT} | {"errors": errors}
        head = {"version": VERSION, "digest": self.digest}
        with self.place.open("r+b" if self._end else "wb") as file:
            if not self._end:
                self._end = file.write(_written(head))
            # What a kill cut off is written over.
            file.truncate(self._end)
            file.seek(self._end)
            length = file.write(_written({"chunk": number, **kept}))
            file.flush()
            os.fsync(file.fileno())
        self.lines[number], self._end = self._end, self._end + length
        self.errors += len(errors)
        return kept

    def answer(self, number: int) -> dict[str, Any] | None:
        """What was answered to a chunk; None where nothing was yet."""
        if number not in self.lines:
            return None
        with self.place.open("rb") as file:
            file.seek(self.lines[number])
            return _line(file.readline())

    def total(self, name: str) -> int:
        """Rows accepted or rejected so far."""
        return sum(int((self.answer(number) or {})[name]) for number in self.lines)


def _written(plain: Mapping[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False).encode() + b"\n"


def _line(content: bytes) -> dict[str, Any] | None:
    """One line as it was written; None for one that is cut off, and for what is none of ours."""
    if not content.endswith(b"\n"):
        return None
    try:
        plain = json.loads(content)
    except ValueError:
        return None
    return plain if isinstance(plain, dict) else None
