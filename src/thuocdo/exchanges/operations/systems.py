"""Takes over the register of other systems from a pack; the same content again changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.canonical import canonical_json, digest_of_bytes
from thuocdo.exchanges.models import System
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.tasks.files.layouts import heading_of

from .refusals import ExchangeRefused

# A list has its head above at least so many columns.
FEWEST_COLUMNS = 4
_OFFERED = frozenset(
    {"number", "external", "title", "deliverable", "document", "deadline", "lead", "progress", "result", "request"}
)


@transaction.atomic
def load_systems(*, actor: Actor, at: datetime, document: Mapping[str, Any]) -> list[System]:
    """Keep the declared systems; one that is no longer declared takes no more lists. Raises ExchangeRefused."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    known = {one.code: one for one in System.objects.select_for_update().order_by("pk")}
    changed: list[System] = []
    entries = document.get("system", [])
    for position, entry in enumerate(entries):
        digest = digest_of_bytes(canonical_json({**entry, "position": position}).encode())
        row = known.pop(entry["code"], None)
        if row is not None and row.digest == digest and row.retired_at is None:
            continue
        row = row or System(code=entry["code"])
        row.name, row.name_en = entry["name"]["vi"], entry["name"]["en"]
        row.address, row.position, row.digest, row.retired_at = entry.get("address", ""), position, digest, None
        row.columns = _columns(entry)
        row.save()
        changed.append(row)
    gone = [row for row in known.values() if row.retired_at is None]
    for row in gone:
        row.retired_at = at
        row.save(update_fields=["retired_at"])
    if changed or gone:
        append(
            actor=actor.label,
            at=at,
            event=Event.SYSTEMS_LOADED,
            subject="exchanges",
            data={"changed": [one.code for one in changed], "retired": [one.code for one in gone]},
        )
    return changed


def _columns(entry: Mapping[str, Any]) -> list[dict[str, str]]:
    columns = [
        {"field": one["field"], "heading": one.get("heading") or heading_of(one["field"])} for one in entry["column"]
    ]
    fields = [one["field"] for one in columns]
    wrong = [name for name in fields if name not in _OFFERED]
    if wrong or len(columns) < FEWEST_COLUMNS or "external" not in fields or len(set(fields)) < len(fields):
        raise ExchangeRefused(
            f"The columns of {entry['code']!r} must be at least {FEWEST_COLUMNS}, each once, 'external' among them, "
            f"of: {', '.join(sorted(_OFFERED))}.",
            code="columns_malformed",
            field="column",
        )
    return columns
