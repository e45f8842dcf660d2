"""What a sample is drawn from: declared values of a period that no stronger value stands beside, with their risk."""

from decimal import Decimal

from django.db.models import Exists, OuterRef

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.engine.calendars import Period
from thuocdo.engine.quality.gaps_sampling import risk
from thuocdo.evaluations.lifecycle import OPENISH, State
from thuocdo.evaluations.models import Comparison, Finding
from thuocdo.indicators.queries import Measurement, Provenance
from thuocdo.indicators.queries import State as ValueState

from .inflation import inflation_by_body

STRONGER = (Provenance.CROSS_CHECKED, Provenance.INDEPENDENT, Provenance.SYSTEM)
ROUND = Decimal(5)


def frame_of(actor: Actor, period: Period) -> dict[int, float]:
    """Number of the measurement → risk, for periods within the given one and bodies that the actor may verify."""
    later = Measurement.objects.filter(supersedes=OuterRef("pk"))
    beside = Measurement.objects.filter(
        indicator=OuterRef("indicator"),
        body=OuterRef("body"),
        period_start=OuterRef("period_start"),
        period=OuterRef("period"),
        provenance__in=STRONGER,
        state=ValueState.VALUE,
        superseded_by__isnull=True,
    )
    rows = (
        Measurement.objects.filter(
            ~Exists(later),
            ~Exists(beside),
            provenance=Provenance.DECLARED,
            state=ValueState.VALUE,
            period_start__gte=period.start,
            period_end__lte=period.end,
            body__in=bodies_within(actor, Permission.VERIFY_FINDING).values("pk"),
        )
        .order_by("pk")
        .values_list("pk", "indicator_id", "body_id", "value", "evidence")
    )
    known = set(Comparison.objects.values_list("indicator_id", "body_id").distinct())
    suspects = set(
        Finding.objects.filter(state__in=[*OPENISH, State.CONFIRMED]).values_list("body_id", flat=True).distinct()
    )
    inflated = {one.key: one.estimate for one in inflation_by_body()}
    return {
        pk: risk(
            has_evidence=bool(evidence),
            is_round=value is not None and value != 0 and value % ROUND == 0,
            is_first=(indicator, body) not in known,
            inflation=inflated.get(body),
            has_open_finding=body in suspects,
        )
        for pk, indicator, body, value, evidence in rows.iterator()
    }
