"""Reads of runs and standings: the newest run, the ranking, a body's place and history, who moved."""

from collections.abc import Iterable

from django.db.models import F, QuerySet

from thuocdo.engine.calendars import Period, parse_period
from thuocdo.organisations.models import Body
from thuocdo.scorecards.models import Run, Scorecard, Standing


def runs(*, code: str = "", peer_group: str = "", period: str = "") -> QuerySet[Run]:
    """Runs without their inputs, newest first; each given word narrows the list."""
    found = Run.objects.select_related("scorecard").defer("inputs", "scorecard__text")
    if code:
        found = found.filter(scorecard__code=code)
    if peer_group:
        found = found.filter(peer_group=peer_group)
    if period:
        found = found.filter(period=period)
    return found.order_by("-period_start", "-computed_at", "-pk")


def latest_run(scorecard: Scorecard | str, peer_group: str, period: Period | None = None) -> Run | None:
    """The newest run of a group for the period, or for the newest period; of any version of the scorecard."""
    code = scorecard if isinstance(scorecard, str) else scorecard.code
    return runs(code=code, peer_group=peer_group, period=period.label if period else "").first()


def run_by_id(pk: int) -> Run | None:
    """The run with this number."""
    return runs().filter(pk=pk).first()


def periods_scored(scorecard: Scorecard | str, peer_group: str) -> list[Period]:
    """Every period for which the group was scored, newest first."""
    code = scorecard if isinstance(scorecard, str) else scorecard.code
    labels = (
        Run.objects.filter(scorecard__code=code, peer_group=peer_group)
        .order_by("-period_start")
        .values_list("period", flat=True)
        .distinct()
    )
    return [parse_period(label) for label in dict.fromkeys(labels)]


def ranking(run: Run, *, among: Iterable[int] | None = None) -> QuerySet[Standing]:
    """The standings of a run with their bodies, best first, bodies without a score last; one query."""
    found = Standing.objects.filter(run=run).select_related("body")
    if among is not None:
        found = found.filter(body__in=list(among))
    return found.order_by(F("rank").asc(nulls_last=True), "body__code")


def standing_of(
    body: Body, *, scorecard: Scorecard | str, period: Period | None = None, peer_group: str = ""
) -> Standing | None:
    """Where the body stands in the newest run of its group for the period (or the newest period)."""
    run = latest_run(scorecard, peer_group or body.peer_group, period)
    if run is None:
        return None
    return Standing.objects.select_related("body", "run", "run__scorecard").filter(run=run, body=body).first()


def history(body: Body, *, scorecard: Scorecard | str) -> list[Standing]:
    """Where the body stood in the newest run of every period, oldest first, in one query."""
    code = scorecard if isinstance(scorecard, str) else scorecard.code
    rows = (
        Standing.objects.select_related("run")
        .defer("run__inputs")
        .filter(body=body, run__scorecard__code=code)
        .order_by("run__period_start", "run__computed_at", "run__pk")
    )
    newest = {row.run.period: row for row in rows}
    return list(newest.values())


def movers(run: Run, *, limit: int = 5) -> list[Standing]:
    """The standings that gained or lost most places, then points, since the period before."""
    moved = [
        row
        for row in ranking(run)
        if row.rank_change is not None and row.change is not None and (row.rank_change or row.change)
    ]
    moved.sort(key=lambda row: (-abs(row.rank_change or 0), -abs(row.change or 0), row.body.code))
    return moved[:limit]
