"""A read spreadsheet that waits for its yes: kept in the session, never in the database of figures."""

import base64
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from thuocdo.indicators.files import SheetRow

NAME = "so_lieu_cho_ghi"
RECEIPT = "so_lieu_bien_nhan"


@dataclass(frozen=True, slots=True)
class Pending:
    """Rows with their places in the sheet, the file's name, what to be aware of, and where to go back to."""

    file: str
    rows: Sequence[SheetRow]
    cautions: Sequence[str]
    back: str
    key: str


def keep(request: HttpRequest, *, file: str, rows: Sequence[SheetRow], cautions: Sequence[str], back: str) -> Pending:
    """Keep the rows until they are recorded or something else is uploaded."""
    given = [[row.fields, row.sheet_row, row.place] for row in rows]
    plain = json.dumps(given, ensure_ascii=False, sort_keys=True).encode()
    count = int(request.session.get(f"{NAME}_lan", 0)) + 1
    # The same file may be meant twice, so the key names the upload and not only its content.
    key = hashlib.sha256(plain + f"{request.session.session_key}:{count}".encode()).hexdigest()[:32]
    request.session[f"{NAME}_lan"] = count
    request.session[NAME] = {
        "file": file[:200],
        "columns": dict(rows[0].columns) if rows and rows[0].columns is not None else None,
        "rows": base64.b85encode(zlib.compress(plain, 9)).decode(),
        "cautions": list(cautions),
        "back": back,
        "key": key,
    }
    return Pending(file, rows, cautions, back, key)


def recall(request: HttpRequest) -> Pending | None:
    """What waits in this session."""
    found: dict[str, Any] | None = request.session.get(NAME)
    if found is None:
        return None
    plain = json.loads(zlib.decompress(base64.b85decode(found["rows"])))
    columns = found.get("columns")
    rows = [SheetRow(fields, number, place, columns) for fields, number, place in plain]
    return Pending(found["file"], rows, found["cautions"], found["back"], found["key"])


def drop(request: HttpRequest) -> None:
    """Forget what waits."""
    request.session.pop(NAME, None)


def keep_receipt(request: HttpRequest, ledger: int, file: str, places: Sequence[str]) -> None:
    """Remember for the receipt from which file it came and in which cells the refused rows stand."""
    request.session[RECEIPT] = {"ledger": ledger, "file": file, "cells": list(places)}


def receipt_places(request: HttpRequest, ledger: int) -> tuple[str, list[str]]:
    """The file and the cells of the refused rows, as long as the session knows them."""
    found: dict[str, Any] = request.session.get(RECEIPT) or {}
    return (found["file"], found["cells"]) if found.get("ledger") == ledger else ("", [])
