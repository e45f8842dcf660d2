"""Takes over the published minutes per field from a pack as a new version; the same content again changes nothing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.canonical import canonical_json, digest_of_bytes
from thuocdo.exchanges.lifecycle import KINDS
from thuocdo.exchanges.models import RateVersion
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

from .refusals import ExchangeRefused


@transaction.atomic
def load_rates(*, actor: Actor, at: datetime, document: Mapping[str, Any]) -> RateVersion:
    """Keep the minutes per kind of field as the next version. Raises ExchangeRefused for other kinds or numbers."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    kinds = [one["kind"] for one in document["rate"]]
    if sorted(kinds) != sorted(KINDS) or any(not 0 <= one["minutes"] <= 480 for one in document["rate"]):
        raise ExchangeRefused(
            f"Each of the kinds {', '.join(KINDS)} needs one rate of 0 to 480 minutes.", code="rates_malformed"
        )
    valid_from = document.get("valid_from", date(at.year, 1, 1))
    content = {"rate": [dict(one) for one in document["rate"]]}
    digest = digest_of_bytes(canonical_json({**content, "valid_from": valid_from}).encode())
    known = RateVersion.objects.filter(code=document["code"], digest=digest).first()
    if known is not None:
        return known
    newest = RateVersion.objects.filter(code=document["code"]).order_by("-number").first()
    version = RateVersion.objects.create(
        code=document["code"],
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
        event=Event.BURDEN_RATES_LOADED,
        subject=version.label,
        data={"kinds": sorted(kinds), "digest": digest, "valid_from": valid_from},
    )
    return version
