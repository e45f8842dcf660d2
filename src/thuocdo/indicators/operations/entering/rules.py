"""Loading the rules by which figures are checked while they are entered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.canonical import digest
from thuocdo.indicators.models import EntryRules
from thuocdo.indicators.operations.describing import exact
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

from .refusals import FiguresRefused

KINDS: Mapping[str, frozenset[str]] = {
    "at_most": frozenset(("kind", "parts", "whole", "severity")),
    "adds_up": frozenset(("kind", "parts", "whole", "severity")),
    "cumulative": frozenset(("kind", "cell", "severity")),
    "taken_from": frozenset(("kind", "cell", "from")),
}
OPTIONAL = frozenset(("tolerance", "factor"))


@transaction.atomic
def load_entry_rules(*, actor: Actor, at: datetime, document: Mapping[str, Any]) -> bool:
    """Put the rules {limits, lock, rule} in force; the ones that hold already change nothing.

    Raises FiguresRefused, naming the rule, for an unknown kind, severity or field.
    """
    content = {name: document[name] for name in ("limits", "lock", "rule") if name in document}
    for place, rule in enumerate(content.get("rule", []), start=1):
        wanted = KINDS.get(rule.get("kind", ""))
        if wanted is None:
            raise FiguresRefused(
                _("Quy tắc thứ %(place)d: kind phải là một trong %(kinds)s.")
                % {"place": place, "kinds": ", ".join(KINDS)},
                "kind",
            )
        if wrong := sorted(wanted.symmetric_difference(rule) - OPTIONAL):
            raise FiguresRefused(
                _("Quy tắc thứ %(place)d (%(kind)s): thiếu hoặc thừa trường %(fields)s.")
                % {"place": place, "kind": rule["kind"], "fields": ", ".join(wrong)},
                wrong[0],
            )
        if rule.get("severity", "error") not in ("error", "warning"):
            raise FiguresRefused(
                _("Quy tắc thứ %(place)d: severity là error hoặc warning.") % {"place": place}, "severity"
            )
    sealed = digest(exact(content))
    newest = EntryRules.objects.order_by("-pk").first()
    if newest is not None and newest.digest == sealed:
        return False
    # An older version that comes back is written down anew, so that the newest row is the one that holds.
    EntryRules.objects.filter(digest=sealed).delete()
    EntryRules.objects.create(digest=sealed, content=content, recorded_at=at, recorded_by=actor.label)
    append(actor=actor.label, at=at, event=Event.ENTRY_RULES_LOADED, subject="entry_rules", data={"digest": sealed})
    return True
