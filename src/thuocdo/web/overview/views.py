"""The overview, and the part of it that follows the ledger."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_anywhere, require_anywhere
from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.queries import Stale
from thuocdo.meetings.queries import upcoming
from thuocdo.organisations.queries import LOCAL_KINDS, bodies, of_kinds
from thuocdo.scorecards.queries import Run, latest_run, ranking, spec_of
from thuocdo.tasks.queries import newly_overdue, overdue_tasks, visible_to
from thuocdo.web.bodies.owed import debts
from thuocdo.web.charts.drawing import Drawing
from thuocdo.web.charts.province_map import STEPS, province_map
from thuocdo.web.design.figures import short_named
from thuocdo.web.home.delivery import tally_and_delivery
from thuocdo.web.kept import kept
from thuocdo.web.rankings.changes import Move, biggest_moves, explained
from thuocdo.web.rankings.choice import FIRST, newest_run, scorecard_in_force
from thuocdo.web.rankings.marks import below, body_address, part_titles, pillars_of, ranking_address, title_of
from thuocdo.web.rankings.staleness import stale_behind
from thuocdo.web.signed_in import actor_of, login_required

from .freshness import Freshness, fresh_figures
from .happenings import latest
from .sentences import opening

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body

SCORE, OVERDUE = "diem", "qua-han"
OVERDUE_BANDS = (1, 2, 4, 8)
# What counts as new, when nobody has met in between: a week.
NEW_FOR = timedelta(days=7)
MOST_NEW = 8
# The pillars whose medians stand for money and for trust.
MONEY, TRUST = "resources", "trust"
# Who watches everything would otherwise count all figures again with every one that arrives: these minutes
# may pass until a new one is told here.
FRESH_SECONDS = 300


@require_GET
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """What matters today, as far as the viewer's rights reach."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_SCORES)
    today = timezone.localdate()
    what = OVERDUE if request.GET.get("ban-do") == OVERDUE else SCORE
    context = _moving(actor, today)
    return render(
        request,
        "overview/page.html",
        context
        | {
            "map": _map(actor, context["run"], today, what),
            "map_choices": [
                (reverse("overview"), gettext("điểm chung"), what == SCORE),
                (f"{reverse('overview')}?ban-do={OVERDUE}", gettext("số việc quá hạn"), what == OVERDUE),
            ],
            "fresh": _fresh(actor, today),
            "next_meeting": upcoming(actor, today) if may_anywhere(actor, Permission.VIEW_TASKS) else None,
            "data_address": _address("indicators"),
        },
    )


@require_GET
@login_required
def part(request: HttpRequest) -> HttpResponse:
    """What follows the ledger, alone: the sentence, the rulers, what is newly overdue, who moved, what happened."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_SCORES)
    return render(request, "overview/_fresh.html", _moving(actor, timezone.localdate()))


def _moving(actor: Actor, today: date) -> dict[str, Any]:
    """Everything that changes while the page is open."""
    scorecard = scorecard_in_force(today)
    run = newest_run(scorecard, FIRST) if scorecard is not None else None
    before = _run_before(run) if run is not None else None
    moves = kept("moves", *_marks(run), build=lambda: _moves(run, before)) if run is not None else []
    sees_tasks = may_anywhere(actor, Permission.VIEW_TASKS)
    context: dict[str, Any] = {
        "run": run,
        "spec": spec_of(run.scorecard) if run else None,
        "moves": moves,
        "medians": _medians(run, before, today),
        "ranking_address": ranking_address(FIRST),
        "happenings": latest(actor),
        "ledger_address": reverse("ledger") if may_anywhere(actor, Permission.VIEW_LEDGER) else "",
        "sees_tasks": sees_tasks,
        "since": today - NEW_FOR,
    }
    if sees_tasks:
        tasks = visible_to(actor)
        counts, delivery = tally_and_delivery(tasks, today)
        newly = newly_overdue(today - NEW_FOR, today, among=tasks)
        context |= {
            "counts": counts,
            "delivery": delivery,
            "newly": debts(newly[:MOST_NEW], today, actor=actor, sees_all=True),
            "tasks_address": reverse("tasks"),
        }
    context["sentence"] = opening(context.get("counts"), overdue_tasks(today, among=visible_to(actor)), moves)
    return context


def _marks(run: Run) -> tuple[int, str]:
    """What tells a run and its moment from every other."""
    return run.pk, run.known_at.isoformat()


def _moves(run: Run, before: Run | None) -> list[Move]:
    return explained(run, biggest_moves(run), before=before)


def _stale(run: Run, today: date) -> list[Stale]:
    """The stale figures behind the scores of all bodies of the run."""
    among = bodies(on=today).filter(peer_group=run.peer_group)
    return [one for those in stale_behind(run, spec_of(run.scorecard), among, today).values() for one in those]


def _medians(run: Run | None, before: Run | None, today: date) -> list[dict[str, Any]]:
    """Money and trust as the peers' median score of the pillar, with that of the period before."""
    if run is None:
        return []
    spec = spec_of(run.scorecard)
    stale = kept("stale-behind", *_marks(run), today, build=lambda: _stale(run, today))
    titles, codes = part_titles(spec), {one.code for one in pillars_of(spec)}
    group = next((title_of(one.title) for one in spec.peer_groups if one.code == run.peer_group), run.peer_group)
    return [
        {
            "title": titles[code],
            "group": group,
            "now": run.medians.get(code),
            "before": before.medians.get(code) if before is not None else None,
            "change": _difference(run.medians.get(code), before.medians.get(code)) if before is not None else None,
            "address": f"{ranking_address(run.peer_group)}&xep=-{code}",
            "stale": [one for one in stale if one.code in below(spec, code)] if stale else [],
        }
        for code in (MONEY, TRUST)
        if code in codes
    ]


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else round(now - before, 6)


def _run_before(run: Run) -> Run | None:
    return latest_run(run.scorecard, run.peer_group, parse_period(run.period).previous())


def _map(actor: Actor, run: Run | None, today: date, what: str) -> Drawing:
    if what == OVERDUE:
        provinces = _provinces(today)
        return _drawn(
            provinces,
            _overdue(actor, list(provinces), today),
            title=gettext("Nhiệm vụ đang quá hạn"),
            bands=OVERDUE_BANDS,
            unit=gettext("nhiệm vụ"),
            decimals=0,
        )
    if run is None:
        return _scores(None, today)
    return kept("score-map", *_marks(run), build=lambda: _scores(run, today))


def _provinces(today: date) -> "dict[str, Body]":
    return {one.code: one for one in of_kinds(LOCAL_KINDS, on=today)}


def _scores(run: Run | None, today: date) -> Drawing:
    """The provinces by score; without a run they are drawn, and stay empty."""
    scores: dict[str, float | None] = {}
    if run is not None:
        scores = dict(ranking(run).order_by().values_list("body__code", "rounded"))
    bounds, title = _class_bounds(run), gettext("Điểm chung")
    return _drawn(_provinces(today), scores, title=title, bands=bounds, unit=gettext("điểm"), decimals=2)


def _drawn(
    provinces: "dict[str, Body]",
    values: Mapping[str, float | None],
    *,
    title: str,
    bands: Sequence[float],
    unit: str,
    decimals: int,
) -> Drawing:
    return province_map(
        values,
        title=title,
        bands=bands,
        unit=unit,
        decimals=decimals,
        names={code: short_named(one) for code, one in provinces.items()},
        addresses={code: body_address(code) for code in provinces},
    )


def _class_bounds(run: Run | None) -> list[float]:
    """Where the classes of the method begin, when they are as many as the colours of the map."""
    bounds = sorted(one.lowest for one in spec_of(run.scorecard).classes)[1:] if run is not None else []
    return bounds if len(bounds) == len(STEPS) - 1 else [20, 40, 60, 80]


def _overdue(actor: Actor, codes: list[str], today: date) -> dict[str, int]:
    """Overdue tasks by province, for those of which the actor sees all tasks; the others stay empty."""
    seen = set(bodies_within(actor, Permission.VIEW_TASKS).filter(code__in=codes).values_list("code", flat=True))
    rows = (
        overdue_tasks(today, among=visible_to(actor).filter(lead__code__in=seen))
        .order_by()
        .values("lead__code")
        .annotate(number=Count("pk"))
        .values_list("lead__code", "number")
    )
    return dict.fromkeys(seen, 0) | dict(rows)


def _fresh(actor: Actor, today: date) -> Freshness | None:
    if not may_anywhere(actor, Permission.VIEW_INDICATORS):
        return None
    reach = sorted(map(repr, actor.held))

    def build() -> Freshness:
        return fresh_figures(bodies_within(actor, Permission.VIEW_INDICATORS), today)

    return kept("fresh", today, reach, build=build, seconds=FRESH_SECONDS)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
