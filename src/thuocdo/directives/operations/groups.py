"""The registry of collective addressees, as a pack describes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, may_anywhere
from thuocdo.directives.models import AddresseeGroup
from thuocdo.engine.canonical import digest
from thuocdo.engine.spelling import name_key, nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.queries import Kind

from .refusals import DirectiveRefused


@dataclass(frozen=True, slots=True)
class GroupDescription:
    """A collective addressee as a pack describes it: its phrases and the kinds of bodies that it means."""

    code: str
    title_vi: str
    title_en: str
    phrases: Sequence[str]
    kinds: Sequence[str]


@transaction.atomic
def load_groups(*, actor: Actor, at: datetime, groups: Sequence[GroupDescription]) -> dict[str, AddresseeGroup]:
    """Write the groups of a pack, replacing those with the same code; gives them by code.

    Raises DirectiveRefused when a phrase belongs to two groups or a kind of body is unknown.
    """
    if not may_anywhere(actor, Permission.MANAGE_METHODS):
        raise NotAllowed(actor, Permission.MANAGE_METHODS)
    owners: dict[str, str] = {}
    for group in groups:
        if unknown := sorted(set(group.kinds) - set(Kind.values)):
            raise DirectiveRefused(
                f"The group {group.code} names unknown kinds of bodies: {', '.join(unknown)}.",
                code="unknown_kind",
                field="kinds",
            )
        for phrase in group.phrases:
            owner = owners.setdefault(name_key(phrase), group.code)
            if owner != group.code:
                raise DirectiveRefused(
                    f"The phrase “{phrase}” stands in {owner} and in {group.code}; keep it in one.",
                    code="phrase_twice",
                    field="phrases",
                )
    rows = [
        AddresseeGroup(
            code=group.code,
            title_vi=nfc(group.title_vi),
            title_en=group.title_en,
            phrases=list(dict.fromkeys(name_key(phrase) for phrase in group.phrases)),
            kinds=list(group.kinds),
        )
        for group in groups
    ]
    AddresseeGroup.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["title_vi", "title_en", "phrases", "kinds"],
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.GROUPS_LOADED,
        subject="directives",
        data={"groups": len(rows), "digest": digest([[row.code, row.phrases, row.kinds] for row in rows])},
    )
    return {group.code: group for group in AddresseeGroup.objects.filter(code__in=[row.code for row in rows])}
