"""Figures for shared use: what stands at a moment, of the bodies and indicators that the reader may see."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.indicators.models import Measurement, Openness

from .dictionary import visible_indicators
from .history import measurements


def standing_within(actor: Actor, *, known_at: datetime | None = None) -> QuerySet[Measurement]:
    """Rows that nothing superseded at the moment (now without one), of bodies and indicators that the actor may see."""
    found = measurements(known_at=known_at)
    later = Measurement.objects.filter(supersedes=OuterRef("pk"))
    if known_at is not None:
        later = later.filter(recorded_at__lte=known_at)
    found = found.filter(~Exists(later))
    if actor.is_machine:
        return found
    seen = visible_indicators(actor).exclude(openness=Openness.RESTRICTED).order_by()
    bodies = bodies_within(actor, Permission.VIEW_INDICATORS)
    return found.filter(indicator__in=seen.values("pk"), body__in=bodies.values("pk"))
