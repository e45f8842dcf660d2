"""What the check of a batch looks up once: the indicators, the bodies, and what the actor may write for which."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import get_language

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_anywhere
from thuocdo.indicators.models import Indicator, Provenance
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import within

from .cells import IndicatorFacts
from .rows import BodyFacts

# Which permission opens which provenance to whom; the machine may write every one.
PROVENANCE_OF: Mapping[Permission, str] = {
    Permission.RECORD_MEASUREMENT: Provenance.DECLARED,
    Permission.RECORD_INDEPENDENT_MEASUREMENT: Provenance.INDEPENDENT,
    Permission.FEED_MEASUREMENT: Provenance.SYSTEM,
}
# Up to so many rows the bodies are looked up by name.
FEW = 1_000


def indicator_facts(on: date) -> dict[str, IndicatorFacts]:
    english = (get_language() or "vi").startswith("en")
    rows = Indicator.objects.only("code", "lower", "upper", "applies_to", "unit", "unit_en", "kept_by_id", "retired_on")
    inside: dict[int, frozenset[int]] = {}
    for row in rows:
        if row.kept_by_id is not None and row.kept_by_id not in inside:
            inside[row.kept_by_id] = frozenset(within([row.kept_by_id], on=on).values_list("pk", flat=True))
    return {
        row.code: IndicatorFacts(
            pk=row.pk,
            lower=None if row.lower is None else float(row.lower),
            upper=None if row.upper is None else float(row.upper),
            applies_to=frozenset(row.applies_to),
            unit=row.unit_en if english else row.unit,
            units=(row.unit, row.unit_en),
            is_percentage=row.unit.strip() == "%" and (row.upper is None or row.upper > 1),
            measured_at=None if row.kept_by_id is None else inside[row.kept_by_id],
            retired_on=row.retired_on,
        )
        for row in rows
    }


def reach_of(actor: Actor, rows: Sequence[object]) -> tuple[str, dict[str, BodyFacts]]:
    """The provenance meant when a row names none, and for every body the provenances the actor may write.

    Of a few rows only the bodies that they name are looked up.
    """
    asked = Body.objects.all()
    if len(rows) <= FEW:
        named = (row.get("body") for row in rows if isinstance(row, Mapping))
        asked = asked.filter(code__in={code for code in named if isinstance(code, str) and code.isprintable()})
    allowed: dict[int, frozenset[str]] = {}
    default = Provenance.DECLARED.value
    everything = frozenset(Provenance.values) if actor.is_machine else frozenset[str]()
    if not actor.is_machine:
        for permission, provenance in PROVENANCE_OF.items():
            if may_anywhere(actor, permission):
                default = str(provenance)
                found = bodies_within(actor, permission)
                if len(rows) <= FEW:
                    found = found.filter(pk__in=asked.values("pk"))
                for pk in found.values_list("pk", flat=True):
                    allowed[pk] = allowed.get(pk, frozenset()) | {str(provenance)}
    facts = {
        code: BodyFacts(pk, peer_group, allowed.get(pk, everything))
        for pk, code, peer_group in asked.values_list("pk", "code", "peer_group")
    }
    return default, facts


def every_body() -> list[str]:
    """The code of every body, to find the one that a wrong code meant."""
    return list(Body.objects.values_list("code", flat=True))
