"""Takes over the rules of a pack as a new version; the same content again changes nothing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.canonical import canonical_json, digest_of_bytes
from thuocdo.evaluations.models import RulesVersion
from thuocdo.evaluations.rules import RulesMalformed, read_rules
from thuocdo.indicators.queries import indicators
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append


@transaction.atomic
def load_rules(*, actor: Actor, at: datetime, document: Mapping[str, Any]) -> RulesVersion:
    """Keep the rules as the next version of their code. Raises RulesMalformed."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    rules = read_rules(document)
    known = set(indicators(codes=rules.indicators).values_list("code", flat=True))
    if missing := sorted(rules.indicators - known):
        raise RulesMalformed(f"The rules name indicators that the dictionary does not have: {', '.join(missing)}.")
    valid_from = document.get("valid_from", date(at.year, 1, 1))
    content = {key: value for key, value in document.items() if key not in ("valid_from", "approved_by")}
    digest = digest_of_bytes(canonical_json({**content, "valid_from": valid_from}).encode())
    same = RulesVersion.objects.filter(code=rules.code, digest=digest).first()
    if same is not None:
        return same
    newest = RulesVersion.objects.filter(code=rules.code).order_by("-number").first()
    version = RulesVersion.objects.create(
        code=rules.code,
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
        event=Event.FINDING_RULES_LOADED,
        subject=version.label,
        data={"digest": digest, "valid_from": valid_from},
    )
    return version
