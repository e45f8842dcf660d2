"""How far a file has been sent: kept beside it, so that the same command goes on where it was killed."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VERSION = 1


@dataclass(slots=True)
class Headway:
    """Answers by the number of the chunk. Of another file, or other options, nothing has been sent."""

    place: Path
    digest: str
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path, options: str) -> "Headway":
        """The headway of a file under these options; begins anew when either has changed."""
        digest = hashlib.sha256(options.encode())
        with file.open("rb") as content:
            while piece := content.read(1 << 20):
                digest.update(piece)
        headway = cls(file.with_name(f"{file.name}.push.json"), digest.hexdigest())
        try:
            kept = json.loads(headway.place.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return headway
        if isinstance(kept, dict) and kept.get("version") == VERSION and kept.get("digest") == headway.digest:
            headway.answers = {int(number): answer for number, answer in kept["answers"].items()}
        return headway

    def keep(self, number: int, answer: dict[str, Any]) -> None:
        """Remember the answer of a chunk; the file is replaced whole, so a kill leaves the old or the new one."""
        self.answers[number] = answer
        draft = self.place.with_name(f"{self.place.name}.new")
        plain = {"version": VERSION, "digest": self.digest, "answers": self.answers}
        with draft.open("w", encoding="utf-8") as file:
            json.dump(plain, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.place)

    def total(self, name: str) -> int:
        """Rows accepted or rejected so far."""
        return sum(int(answer[name]) for answer in self.answers.values())
