"""Takes over the ladder of a pack as a new version; the same content again changes nothing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.alerts.ladder import read_ladder
from thuocdo.alerts.models import LadderVersion
from thuocdo.engine.canonical import canonical_json, digest_of_bytes
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append


@transaction.atomic
def load_ladder(*, actor: Actor, at: datetime, document: Mapping[str, Any]) -> LadderVersion:
    """Keep a ladder as the next version of its code. Raises LadderMalformed."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    ladder = read_ladder(document)
    valid_from = document.get("valid_from", date(at.year, 1, 1))
    content = {key: value for key, value in document.items() if key not in ("valid_from", "approved_by")}
    digest = digest_of_bytes(canonical_json({**content, "valid_from": valid_from}).encode())
    known = LadderVersion.objects.filter(code=ladder.code, digest=digest).first()
    if known is not None:
        return known
    newest = LadderVersion.objects.filter(code=ladder.code).order_by("-number").first()
    version = LadderVersion.objects.create(
        code=ladder.code,
        number=newest.number + 1 if newest else 1,
        approved_by=dict(document.get("approved_by", {})),
        valid_from=valid_from,
        document=content,
        digest=digest,
        loaded_at=at,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.LADDER_LOADED,
        subject=version.label,
        data={"rungs": len(ladder.rungs), "digest": digest, "valid_from": valid_from},
    )
    return version
