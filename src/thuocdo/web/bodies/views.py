"""Pages of bodies: search and tree, one body, and how a part of its score came about."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Actor, Permission, may, may_anywhere, may_everywhere, require
from thuocdo.engine.calendars import Period, parse_period
from thuocdo.engine.scoring.contribute import is_additive
from thuocdo.indicators.queries import Openness
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.queries import COMMUNE_KINDS, body_by_code, of_kinds
from thuocdo.scorecards.queries import BothMaps, DrillDown, Scorecard, drill_down, under_both_maps
from thuocdo.web.design.blocks import breadcrumbs
from thuocdo.web.design.figures import short_named
from thuocdo.web.kept import kept
from thuocdo.web.pages_kept import kept_page, newest_of
from thuocdo.web.rankings.choice import read_period, scorecard_in_force
from thuocdo.web.rankings.marks import (
    body_address,
    children_of,
    part_titles,
    parts_of,
    ranking_address,
)
from thuocdo.web.signed_in import actor_of, login_required

from . import behind, explaining, sentences, tree
from .around import around, day_of
from .card import Card, aged, card_of, definition_text, unit_of, value_in_words
from .drawn import score_of
from .kin import kin_of

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """The search by any name; without words all bodies by bloc and province, or what lies below one (`tinh`)."""
    actor, today = actor_of(request), timezone.localdate()
    sees_scores = may_anywhere(actor, Permission.VIEW_SCORES)
    scorecard = scorecard_in_force(today) if sees_scores else None
    words = request.GET.get("q", "").strip()[:100]
    province = body_by_code(request.GET.get("tinh", "")) if request.GET.get("tinh") else None
    context: dict[str, Any] = {"words": words, "province": province}
    if words:
        found = tree.found_by(words, scorecard, on=today)
        context |= {"found": found, "sentence": sentences.of_search(words, len(found))}
    elif province is not None:
        below = tree.below(province, scorecard, on=today)
        context |= {"below": below, "sentence": sentences.of_below(province, len(below))}
    else:
        marks = (newest_number(), today, sees_scores)
        branches, provinces = kept("bodies", *marks, build=lambda: _tree(scorecard, today))
        number = sum(len(branch.leaves) for branch in branches)
        context |= {
            "branches": branches,
            "provinces": provinces,
            "sentence": sentences.of_tree(number, len(provinces), count_below(today)),
        }
    return render(request, "bodies/page.html", context)


@require_GET
@kept_page
def body(request: HttpRequest, code: str) -> HttpResponse:
    """One body: for people with a role its score and what is behind it, for the public what is public."""
    actor, found = actor_of(request), _found(code)
    today = timezone.localdate()
    period = read_period(request.GET.get("ky", ""))
    newest = newest_of(request)[0]
    rest = around(actor, found, today, period.label if period is not None else "", newest=newest)
    sees_scores = rest.may(Permission.VIEW_SCORES)
    scorecard = scorecard_in_force(today, mark=newest) if sees_scores else None
    sees_values = rest.may(Permission.VIEW_INDICATORS)
    score = score_of(found, scorecard, period, sees_all=sees_values) if scorecard else None
    nothing = SafeString("")
    sentence = sentences.of_body(
        score.standing if score else nothing,
        rest.counts,
        score.chance if score else nothing,
        owed_address=rest.tasks_address or "#viec",
    )
    asks_for_maps = score is not None and request.GET.get("ban-do") == "cu"
    kin = kin_of(found, day_of(found, today)) if asks_for_maps else None
    return render(
        request,
        "bodies/body.html",
        {
            "body": found,
            "around": rest,
            "score": score,
            "sentence": sentence,
            "sees_scores": sees_scores,
            "kin": kin,
            "maps": _maps(found, scorecard, period) if scorecard and kin and kin.before else None,
        },
    )


@require_GET
@login_required
def part(request: HttpRequest, code: str, part: str) -> HttpResponse:
    """How the points of a pillar or an indicator came about, down to the measurements and their records."""
    actor, found = actor_of(request), _found(code)
    require(actor, Permission.VIEW_SCORES, found)
    scorecard = scorecard_in_force(timezone.localdate())
    card = card_of(found, scorecard, read_period(request.GET.get("ky", ""))) if scorecard else None
    if card is None or part not in part_titles(card.spec):
        raise Http404
    card = aged(card, timezone.localdate())
    title = part_titles(card.spec)[part]
    context = {
        "body": found,
        "card": card,
        "title": title,
        "code": part,
        "sentence": sentences.of_part(card, part, title),
        "crumbs": breadcrumbs(*_part_crumbs(card, part)),
        "period": parse_period(card.standing.run.period),
    }
    if any(one.code == part for one in card.spec.indicators):
        return render(request, "bodies/indicator.html", context | _indicator(actor, card, part))
    children = [card.part(one) for one in children_of(card.spec, part)]
    own = next(one for one in card.spec.nodes if one.code == part)
    return render(
        request,
        "bodies/part.html",
        context
        | {
            "own": card.part(own),
            "children": children,
            "gaps": [explained for one in children if (explained := one.gap)],
            "is_sum": is_additive(card.spec),
            "caps": [cap for cap in card.spec.caps if cap.node == part],
        },
    )


def _tree(scorecard: Scorecard | None, today: date) -> tuple[list[tree.Branch], list[tree.Leaf]]:
    return tree.central_branches(scorecard, on=today), tree.provinces(scorecard, on=today)


def count_below(today: date) -> int:
    """How many communes, wards and special zones there are on the day."""
    return of_kinds(COMMUNE_KINDS, on=today).count()


def _indicator(actor: Actor, card: Card, code: str) -> dict[str, Any]:
    found = drill_down(card.standing, code)
    if found is None:
        raise Http404
    body, period = card.standing.body, parse_period(card.standing.run.period)
    sees_all = may(actor, Permission.VIEW_INDICATORS, body)
    shows_value = sees_all or found.indicator.openness == Openness.PUBLIC
    on = timezone.localdate(card.standing.run.known_at)
    one = next(row for row in card.spec.indicators if row.code == code)
    counts_tasks = behind.is_from_tasks(code)
    return {
        "own": card.part(one),
        "definition": definition_text(found.indicator),
        "unit": unit_of(found.indicator),
        "value": _in_force(found),
        "found": found,
        "part": found.part,
        "steps": explaining.steps_of(card.spec, card.standing, found, shows_value=shows_value),
        "shows_value": shows_value,
        "sees_all": sees_all,
        "tasks": behind.tasks_behind(actor, code, body, period, on) if counts_tasks else None,
        "delivered": behind.delivered(body, period, timezone.localdate())
        if behind.is_from_measurements(code) and sees_all
        else None,
        "is_derived": found.measurement is not None and found.measurement.provenance == "derived",
        "indicator_address": _indicator_address(actor, code),
        "ledger_number": _ledger_number(actor, found),
    }


def _indicator_address(actor: Actor, code: str) -> str:
    """The page of the indicator, for whoever may open it."""
    if not may_anywhere(actor, Permission.VIEW_INDICATORS):
        return ""
    try:
        return reverse("indicator", args=[code])
    except NoReverseMatch:
        return ""


def _in_force(found: DrillDown) -> str:
    """The value of the measurement in force, in words."""
    if found.measurement is None or found.measurement.value is None:
        return ""
    return value_in_words(found.indicator, found.measurement.value)


def _ledger_number(actor: Actor, found: DrillDown) -> int | None:
    """The entry that seals the measurement in force, for whoever may read the ledger."""
    if found.measurement is None or not may_everywhere(actor, Permission.VIEW_LEDGER):
        return None
    return found.measurement.batch.ledger


def _found(code: str) -> "Body":
    found = body_by_code(code)
    if found is None:
        raise Http404
    return found


def _part_crumbs(card: Card, code: str) -> list[str]:
    """From the ranking over the body and the parts above down to this part."""
    run, body = card.standing.run, card.standing.body
    titles = part_titles(card.spec)
    parents = {one.code: one.parent for one in parts_of(card.spec)}
    chain: list[str] = []
    above = parents.get(code)
    while above is not None and above != card.spec.top:
        chain.append(above)
        above = parents.get(above)
    pairs = [
        ranking_address(run.peer_group, run.period),
        gettext("Xếp hạng"),
        body_address(body.code, run.period),
        short_named(body),
    ]
    for one in reversed(chain):
        pairs += [f"{reverse('body_part', args=[body.code, one])}?ky={run.period}", titles[one]]
    return [*pairs, titles[code]]


def _maps(body: "Body", scorecard: Scorecard, period: Period | None) -> BothMaps | None:
    """The score under the new and the old map, for a body that others were merged into."""
    card = card_of(body, scorecard, period)
    if card is None:
        return None
    run = card.standing.run
    return kept("both-maps", run.pk, run.known_at.isoformat(), body.pk, build=lambda: under_both_maps(card.standing))
