"""How a body came to its place and how it gets further: the change in parts, the ways up, who is just as good."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, may, require
from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.queries import indicators
from thuocdo.organisations.queries import body_by_code
from thuocdo.scorecards.queries import explained_change, rank_shift, ways_up
from thuocdo.web.charts.drawing import Drawing
from thuocdo.web.design.blocks import breadcrumbs
from thuocdo.web.design.figures import short_named
from thuocdo.web.kept import kept
from thuocdo.web.rankings.choice import read_period, scorecard_in_force
from thuocdo.web.rankings.marks import body_address, part_titles, ranking_address, run_marks
from thuocdo.web.signed_in import actor_of, login_required

from .alike import Peer, peers_of
from .card import Card, aged, card_of
from .causes import Cause, causes_drawn, causes_of, rule_in_words, shift_in_words
from .ways import Confirmation, Ladder, Told, Way, ladders_of, sentence_of

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body

MOST_VERIFIED = 6


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything the page says, ready to be set."""

    sentence: SafeString
    ways: list[Way]
    ladders: list[Ladder]
    confirmations: list[Confirmation]
    causes: list[Cause]
    change: float | None
    has_weights: bool
    rule: str
    shift: str
    drawing: Drawing | None
    peers: list[Peer]
    alike: int


@require_GET
@login_required
def analysis(request: HttpRequest, code: str) -> HttpResponse:
    """Why a body stands where it stands, and the smallest steps to a better place."""
    actor, body = actor_of(request), body_by_code(code)
    if body is None:
        raise Http404
    require(actor, Permission.VIEW_SCORES, body)
    scorecard = scorecard_in_force(timezone.localdate())
    card = card_of(body, scorecard, read_period(request.GET.get("ky", ""))) if scorecard else None
    if card is None:
        raise Http404
    run, sees_all = card.standing.run, may(actor, Permission.VIEW_INDICATORS, body)
    found = kept("body-analysis", *run_marks(run), body.pk, sees_all, build=lambda: _analysed(card, sees_all=sees_all))
    return render(
        request,
        "bodies/analysis.html",
        {
            "body": body,
            "found": found,
            "stale": aged(card, timezone.localdate()).stale,
            "body_address": body_address(body.code, run.period),
            "run": run,
            "period": parse_period(run.period),
            "before": parse_period(run.period).previous(),
            "crumbs": breadcrumbs(*_crumbs(run.peer_group, run.period, body)),
        },
    )


def _crumbs(group: str, period: str, body: "Body") -> list[str]:
    return [
        ranking_address(group, period),
        gettext("Xếp hạng"),
        body_address(body.code, period),
        short_named(body),
        gettext("Phân tích thứ hạng"),
    ]


def _analysed(card: Card, *, sees_all: bool) -> Analysis:
    standing, titles = card.standing, part_titles(card.spec)
    definitions = {one.code: one for one in indicators(codes=[one.code for one in card.spec.indicators])}
    told = Told(standing, titles, definitions, sees_all)
    found = ways_up(standing)
    ways = [told.way(one) for one in found]
    change = explained_change(standing, card.before) if card.before is not None else None
    causes = causes_of(standing, change, titles)
    peers, alike = peers_of(standing)
    return Analysis(
        sentence=sentence_of(standing, ways),
        ways=ways,
        ladders=ladders_of(ways),
        confirmations=[told.confirmation(one) for one in found[0].verifications[:MOST_VERIFIED]] if found else [],
        causes=causes,
        change=None if card.before is None else round((standing.rounded or 0.0) - (card.before.rounded or 0.0), 2),
        has_weights=any(cause.by_weight for cause in causes),
        rule=rule_in_words(change),
        shift=shift_in_words(change.shift if change is not None else rank_shift(standing)),
        drawing=causes_drawn(causes),
        peers=peers,
        alike=alike,
    )
