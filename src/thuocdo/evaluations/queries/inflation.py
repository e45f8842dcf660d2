"""By how much each body's declared values are better than stronger ones, from the pairs that the room keeps."""

from django.db.models import Avg, Count, F, Sum

from thuocdo.engine.quality.gaps_inflation import Inflation, Summary, inflation
from thuocdo.evaluations.models import Comparison


def inflation_by_body() -> list[Inflation[int]]:
    """The estimate of every body (by number) that has pairs, highest first; the database adds the pairs up.

    All bodies are estimated together, whoever asks: the mean towards which each is drawn is that of all.
    """
    rows = (
        Comparison.objects.filter(flattery__isnull=False)
        .values("body_id")
        .annotate(number=Count("pk"), mean=Avg("flattery"), squares=Sum(F("flattery") * F("flattery")))
        .order_by("body_id")
        .values_list("body_id", "number", "mean", "squares")
    )
    # Σ(x − m)² = Σx² − n·m²; capped values keep the two near each other in size, a rounding below 0 is none.
    return inflation(
        {body: Summary(number, mean, max(0.0, squares - number * mean**2)) for body, number, mean, squares in rows}
    )
