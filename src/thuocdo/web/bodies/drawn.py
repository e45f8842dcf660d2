"""The parts of a body's page that follow from its score alone: drawn once for each run, for all who may see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.engine.calendars import Period, parse_period
from thuocdo.scorecards.queries import Scorecard
from thuocdo.web.charts.drawing import Drawing
from thuocdo.web.charts.trend import Series, trend
from thuocdo.web.kept import kept
from thuocdo.web.rankings.choice import newest_run
from thuocdo.web.rankings.marks import body_address, class_mark, ranking_address, run_marks, title_of

from . import sentences
from .card import Card, Values, card_of, with_values

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body


@dataclass(frozen=True, slots=True)
class Score:
    """What the page of a body says of its score, ready to be set."""

    period: str
    known_at: datetime
    standing: SafeString
    chance: SafeString
    figures: SafeString
    pillars: SafeString
    behind: SafeString


@dataclass(frozen=True, slots=True)
class Past:
    """One period of a body's history."""

    period: str
    address: str
    score: float | None
    rank: int | None
    units: int
    mark: SafeString
    places: str = ""


def score_of(body: "Body", scorecard: Scorecard, period: Period | None, *, sees_all: bool) -> Score | None:
    """The drawn score of a body for a period or the newest one; None where it was never scored.

    `sees_all`: whether figures that are not public are among it. Kept while the group's newest run is the same, for
    the day: a figure becomes overdue without anything happening.
    """
    if not body.peer_group:
        return None
    newest = newest_run(scorecard, body.peer_group)
    if newest is None:
        return None
    today = timezone.localdate()
    marks = (*run_marks(newest), today, body.pk, period.label if period else "", sees_all)

    def build() -> Score | None:
        card = card_of(body, scorecard, period, newest=newest)
        return None if card is None else _drawn(*with_values(card, today, sees_all=sees_all), sees_all)

    return kept("body-score", *marks, build=build)


def _drawn(card: Card, values: list[Values], sees_all: bool) -> Score:
    run = card.standing.run
    titles = {one.code: title_of(one.title) for one in card.spec.peer_groups}
    past = _past(card)
    context = {
        "card": card,
        "group": titles.get(run.peer_group, run.peer_group),
        "group_address": ranking_address(run.peer_group, run.period),
        "period_before": parse_period(run.period).previous(),
        "values": values,
        "sees_all": sees_all,
        "past": past,
        "analysis_address": f"{reverse('body_analysis', args=[card.standing.body.code])}?ky={run.period}",
        "drawing": _curve(card),
    }
    return Score(
        period=run.period,
        known_at=run.known_at,
        standing=sentences.of_standing(card),
        chance=sentences.of_chance(card),
        figures=SafeString(render_to_string("bodies/_figures.html", context)),
        pillars=SafeString(render_to_string("bodies/_pillars.html", context)),
        behind=SafeString(render_to_string("bodies/_behind.html", context)),
    )


def _past(card: Card) -> list[Past]:
    code = card.standing.body.code
    return [
        Past(
            period=one.period,
            address=body_address(code, one.period),
            score=one.score,
            rank=one.rank,
            units=one.units,
            mark=class_mark(card.spec, one.score_class),
            places=one.places,
        )
        for one in card.past
    ]


def _curve(card: Card) -> Drawing | None:
    """The score over the periods; nothing to draw before there are two."""
    values = [(parse_period(one.period).last_day, one.score) for one in card.past]
    if len([score for _, score in values if score is not None]) < 2:
        return None
    return trend(
        [Series(gettext("Điểm chung"), values)],
        title=gettext("Điểm chung qua các kỳ"),
        unit=gettext("điểm"),
        decimals=2,
    )
