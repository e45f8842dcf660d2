"""Reads of runs and standings: the newest run, the ranking, a body's place and history, who moved."""

from collections.abc import Iterable

from django.db.models import F, Max, QuerySet, Subquery

from thuocdo.engine.calendars import Period, parse_period
from thuocdo.organisations.models import Body
from thuocdo.scorecards.models import Run, Scorecard, Standing


def runs(*, code: str = "", peer_group: str = "", period: str = "") -> QuerySet[Run]:
    """Runs with their simulations, without their inputs, newest first; each given word narrows the list."""
    found = Run.objects.select_related("scorecard", "simulation").defer("inputs", "scorecard__text")
    if code:
        found = found.filter(scorecard__code=code)
    if peer_group:
        found = found.filter(peer_group=peer_group)
    if period:
        found = found.filter(period=period)
    return found.order_by("-period_start", "-computed_at", "-pk")


def newest_marks() -> tuple[int, int]:
    """The numbers of the newest version of a method and of the newest run, 0 where there is none; one query.

    What depends only on which methods and which runs there are may be kept by them.
    """
    newest = Run.objects.order_by("-pk").values("pk")[:1]
    row = Scorecard.objects.order_by("-pk").values_list("pk", Subquery(newest)).first()
    return (0, 0) if row is None else (row[0], row[1] or 0)


def groups_scored(scorecard: Scorecard | str) -> dict[str, tuple[Period, ...]]:
    """The peer groups that the scorecard ever scored, each with its periods, newest first; one query."""
    code = scorecard if isinstance(scorecard, str) else scorecard.code
    rows = Run.objects.filter(scorecard__code=code).order_by("-period_start", "period")
    found: dict[str, list[Period]] = {}
    for group, label in dict.fromkeys(rows.values_list("peer_group", "period")):
        found.setdefault(group, []).append(parse_period(label))
    return {group: tuple(periods) for group, periods in found.items()}


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
    """The standings of a run with bodies and intervals, best first, bodies without a score last; one query."""
    # By way of the run, so that each standing knows it without asking.
    found = run.standings.select_related("body", "interval")
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
    found = Standing.objects.select_related("body", "run__scorecard", "interval").defer("run__inputs")
    return found.filter(run=run, body=body).first()


def history(body: Body, *, scorecard: Scorecard | str) -> list[Standing]:
    """Where the body stood in the newest run of every period with its interval, oldest first; one light query:
    of the daily runs of a live period only the last is read."""
    code = scorecard if isinstance(scorecard, str) else scorecard.code
    newest = (
        Standing.objects.filter(body=body, run__scorecard__code=code)
        .order_by()
        .values("run__period")
        .annotate(newest=Max("run_id"))
        .values("newest")
    )
    return list(
        Standing.objects.select_related("run__scorecard", "interval")
        .defer("run__inputs", "run__scorecard__text")
        .filter(body=body, run__in=newest)
        .order_by("run__period_start", "run__pk")
    )


def standings_before(run: Run, bodies: Iterable[int]) -> dict[int, Standing]:
    """Where bodies (by number) stood in the newest run of the period before, by number of the body; one query."""
    former = runs(code=run.scorecard.code, peer_group=run.peer_group, period=parse_period(run.period).previous().label)
    rows = (
        Standing.objects.select_related("run__scorecard", "body")
        .defer("run__inputs", "run__scorecard__text")
        .filter(run=former.values("pk")[:1], body__in=list(bodies))
    )
    return {row.body_id: row for row in rows}


def movers(run: Run, *, limit: int = 5) -> list[Standing]:
    """The standings that gained or lost most places, then points, since the period before."""
    moved = [
        row
        for row in ranking(run)
        if row.rank_change is not None and row.change is not None and (row.rank_change or row.change)
    ]
    moved.sort(key=lambda row: (-abs(row.rank_change or 0), -abs(row.change or 0), row.body.code))
    return moved[:limit]
