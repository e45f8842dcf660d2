"""A parent remembers which children ask for their tasks, and how far they have come."""

from datetime import datetime

from thuocdo.accounts.permissions import Actor
from thuocdo.exchanges.models import Child


def note_child(*, actor: Actor, at: datetime, protocol: int, version: str, told: int) -> None:
    """Remember that the key's instance asked, and as of which entry it has been told everything.

    No ledger entry: nothing of the record changes.
    """
    known = {"protocol": protocol, "version": version[:40], "seen_at": at, "told": told}
    Child.objects.update_or_create(key_id=actor.key_id, defaults=known, create_defaults=known | {"first_seen_at": at})
