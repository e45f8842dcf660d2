"""`GET /scorecards/{code}/ranking`: who stands where, with the digests by which anybody can check the run."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import ConfigDict

from thuocdo.engine.calendars import PeriodError, parse_period
from thuocdo.scorecards import queries

from .problems import NotFound, Problem

router = Router(tags=["scorecards"])


class StandingOut(Schema):
    """Where a body stands; changes are against the period before.

    From `rank_low` to `rank_high` its rank lies in most runs with weights and data varied, `alike` is how many
    bodies it cannot be told apart from; null while that is not computed.
    """

    body: str
    name: str
    score: float | None
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    alike: int | None
    score_class: str
    change: float | None
    rank_change: int | None
    parts: dict[str, float | None]


class IntervalsOut(Schema):
    """The recipe of the rank intervals: the share of the runs that they hold, how many runs, and from which seed."""

    share: float
    replicates: int
    seed: int
    engine: str
    digest: str


class RankingOut(Schema):
    """The newest run of a peer group; `parts` of its standings are scores of nodes and indicators, 0 to 100.

    `intervals` is null until the rank intervals of this very run are computed.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "scorecard": "nq57-2026",
                    "version": 1,
                    "peer_group": "provinces",
                    "period": "2026-Q3",
                    "is_live": True,
                    "as_of": "2026-09-14T09:30:00+07:00",
                    "covers": 126,
                    "method_digest": "9f86d081884c7d65",
                    "inputs_digest": "a3bf4f1b2b0b822c",
                    "outputs_digest": "d15d6c15b0f00a08",
                    "intervals": {
                        "share": 0.9,
                        "replicates": 1000,
                        "seed": 57,
                        "engine": "1",
                        "digest": "884c7d659a2feaa0",
                    },
                    "standings": [
                        {
                            "body": "01",
                            "name": "Thành phố Hà Nội",
                            "score": 80.0,
                            "rank": 1,
                            "rank_low": 1,
                            "rank_high": 2,
                            "alike": 1,
                            "score_class": "A",
                            "change": 1.5,
                            "rank_change": 1,
                            "parts": {"results": 80.0},
                        }
                    ],
                }
            ]
        }
    )

    scorecard: str
    version: int
    peer_group: str
    period: str
    is_live: bool
    as_of: datetime
    covers: int
    method_digest: str
    inputs_digest: str
    outputs_digest: str
    intervals: IntervalsOut | None
    standings: list[StandingOut]


@router.get(
    "/scorecards/{code}/ranking",
    response={200: RankingOut, (401, 404, 422, 429, 503): Problem},
    summary="The ranking of a peer group",
)
def get_ranking(request: HttpRequest, code: str, peer_group: str, period: str = "") -> dict[str, Any]:
    """The newest ranking of the peer group, for the newest period or the one named, best first."""
    try:
        asked = parse_period(period) if period else None
    except PeriodError:
        asked, run = None, None
    else:
        run = queries.latest_run(code, peer_group, asked)
    if run is None:
        raise NotFound(_("Không có bảng xếp hạng nào như vậy; kiểm tra mã bộ chỉ số, nhóm xếp hạng và kỳ."))
    english = (get_language() or "vi").startswith("en")
    return {
        "scorecard": run.scorecard.code,
        "version": run.scorecard.version,
        "peer_group": run.peer_group,
        "period": run.period,
        "is_live": run.is_live,
        "as_of": run.known_at,
        "covers": run.covers,
        "method_digest": run.method_digest,
        "inputs_digest": run.inputs_digest,
        "outputs_digest": run.outputs_digest,
        "intervals": _recipe(run),
        "standings": [_standing(one, english=english) for one in queries.ranking(run)],
    }


def _recipe(run: queries.Run) -> dict[str, Any] | None:
    simulation = queries.simulation_of(run)
    if simulation is None:
        return None
    return {
        "share": queries.SHARE,
        "replicates": simulation.replicates,
        "seed": simulation.seed,
        "engine": simulation.engine_version,
        "digest": simulation.digest,
    }


def _standing(one: queries.Standing, *, english: bool) -> dict[str, Any]:
    interval: queries.Interval | None = getattr(one, "interval", None)
    return {
        "body": one.body.code,
        "name": one.body.name_en if english else one.body.name,
        "score": one.rounded,
        "rank": one.rank,
        "rank_low": None if interval is None else interval.low,
        "rank_high": None if interval is None else interval.high,
        "alike": None if interval is None else interval.alike,
        "score_class": one.score_class,
        "change": one.change,
        "rank_change": one.rank_change,
        "parts": {name: part["score"] for name, part in one.parts.items()},
    }
