"""A read list that waits for its yes: kept in the session of whoever uploaded it."""

import base64
import json
import zlib
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from thuocdo.tasks.files import Sheet, SheetRow

NAME = "danh_sach_cho_nhap"


@dataclass(frozen=True, slots=True)
class Waiting:
    """The list, the name and the digest of its file."""

    file: str
    digest: str
    sheet: Sheet


def keep(request: HttpRequest, waiting: Waiting) -> None:
    """Keep the list until it is taken over or something else is uploaded."""
    rows = [[row.number, row.cells] for row in waiting.sheet.rows]
    plain = json.dumps([rows, waiting.sheet.columns, list(waiting.sheet.cautions)], ensure_ascii=False).encode()
    request.session[NAME] = {
        "file": waiting.file[:200],
        "digest": waiting.digest,
        "sheet": base64.b85encode(zlib.compress(plain, 6)).decode(),
    }


def recall(request: HttpRequest) -> Waiting | None:
    """What waits in this session."""
    found: dict[str, Any] | None = request.session.get(NAME)
    if found is None:
        return None
    rows, columns, cautions = json.loads(zlib.decompress(base64.b85decode(found["sheet"])))
    sheet = Sheet([SheetRow(number, cells) for number, cells in rows], columns, cautions)
    return Waiting(found["file"], found["digest"], sheet)


def drop(request: HttpRequest) -> None:
    """Forget what waits."""
    request.session.pop(NAME, None)
