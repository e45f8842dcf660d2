"""Samples to verify: what was drawn, what came of it, and the error rate of everything it was drawn from."""

from django.db.models import QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.engine.quality.gaps_sampling import ErrorRate, error_rate
from thuocdo.evaluations.lifecycle import Outcome
from thuocdo.evaluations.models import Sample, SampleUnit


def samples() -> QuerySet[Sample]:
    """All samples, newest first."""
    return Sample.objects.order_by("-drawn_at", "-pk")


def sample_by_id(number: int) -> Sample | None:
    """The sample with this number."""
    return Sample.objects.filter(pk=number).first()


def units_of(sample: Sample, actor: Actor) -> QuerySet[SampleUnit]:
    """The values of the sample about bodies that the actor watches over, riskiest first."""
    watched = bodies_within(actor, Permission.VIEW_SIGNALS).values("pk")
    return (
        SampleUnit.objects.filter(sample=sample, measurement__body__in=watched)
        .select_related("measurement__indicator", "measurement__body", "sample")
        .order_by("-risk", "measurement__body__code", "pk")
    )


def unit_by_id(sample: Sample, actor: Actor, number: int) -> SampleUnit | None:
    """One value of the sample, if the actor watches over its body."""
    return units_of(sample, actor).filter(pk=number).first()


def outcome_counts(sample: Sample) -> dict[str, int]:
    """How many values of the whole sample came out how."""
    found = dict.fromkeys(Outcome.values, 0)
    for outcome in sample.units.values_list("outcome", flat=True):
        found[outcome] += 1
    return found


def error_rate_of(sample: Sample) -> ErrorRate | None:
    """The published error rate, from every checked value of the sample; None before the first."""
    rows = sample.units.filter(outcome__in=[Outcome.RIGHT, Outcome.WRONG]).order_by("pk")
    return error_rate(
        [(outcome == Outcome.WRONG, chance) for outcome, chance in rows.values_list("outcome", "probability")]
    )
