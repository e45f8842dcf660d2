"""The dictionary, the page of one indicator, and its figures as a file."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere, may_everywhere, require_anywhere
from thuocdo.engine.calendars import PeriodError, parse_period, quarter_of
from thuocdo.indicators.queries import (
    Openness,
    indicator_by_code,
    measurements,
    paths,
    sees_indicator,
    standing,
    targets,
    visible_indicators,
)
from thuocdo.web.charts.drawing import Drawing
from thuocdo.web.charts.province_map import province_map
from thuocdo.web.design.tables import PAGE, address_with
from thuocdo.web.ledger.wording import actor_in_words
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.days import DayField

from . import download
from .compared import Comparison, bands_of, comparison, measured_bodies, newest_period
from .courses import courses_of
from .dictionary import dictionary
from .facts import facts_of
from .forms import DictionaryFilter, IndicatorFilter
from .qualities import judged
from .reading import drawing, freshness, headline, history, told_of
from .sentences import gap_in_words, of_comparison, of_dictionary, of_silence, of_stage
from .whose import asked_body, body_for, own_body, seen_by
from .words import (
    KINDS,
    group_titles,
    period_in_words,
    title_of,
    unit_of,
    unit_of_difference,
)

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body

# With fewer provinces a map says less than the table.
FEWEST_ON_MAP = 10
# A feed that sends all day tells one figure dozens of times; the newest are shown, the others open below them.
MOST_TOLD = 6


@require_GET
@login_required
def indicators(request: HttpRequest) -> HttpResponse:
    """The dictionary, by pillar and target, with where the chosen body and the answering bodies stand."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_INDICATORS)
    among = seen_by(actor)
    body = asked_body(request.GET, among, actor) if request.GET.get("co_quan") else own_body(actor, among)
    form = DictionaryFilter(request.GET, actor, body)
    form.is_valid()
    found = dictionary(
        today=timezone.localdate(),
        body=body,
        seen={one.pk: one for one in among.filter(pk__in=targets().values("owner"))},
        words=form.cleaned_data.get("tim", ""),
        sees_restricted=may_everywhere(actor, Permission.VIEW_INDICATORS),
        own=list(visible_indicators(actor).filter(kept_by__isnull=False, retired_on__isnull=True)),
    )
    return render(
        request,
        "indicators/page.html",
        {
            "form": form,
            "body": body,
            "found": found,
            "sentence": of_dictionary(found),
            "may_enter": _may_enter(actor),
            "may_keep": may_anywhere(actor, Permission.MANAGE_INDICATORS),
        },
    )


@require_GET
@login_required
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: the chosen body's values on the path, the corrections, the others, the definition."""
    actor = actor_of(request)
    found = _found(actor, code)
    today = timezone.localdate()
    among = seen_by(actor)
    body = body_for(found, request.GET, among, actor)
    known_at = _known_at(request)
    target = next(iter(targets().filter(indicator=found)), None)
    every_year = bool(target and target.every_year)
    by_body = paths([found]).get(found.pk, {})
    context: dict[str, Any] = {}
    stage, earlier = None, None
    if body is not None:
        points = by_body.get(body.pk) or by_body.get(None, [])
        past = history(found, body, points, every_year=every_year, today=today, known_at=known_at)
        stage = past.stage(request.GET.get("ky", ""))
        context |= {
            "past": past,
            "fresh": freshness(past, found),
            "drawing": drawing(past, found, every_year),
            "is_cut": len(past.stages) > len(past.recent),
        }
        if stage is not None:
            place = past.stages.index(stage)
            earlier = past.stages[place + 1] if place + 1 < len(past.stages) else None
            context |= {
                "headline": headline(stage, earlier),
                "told_rows": (rows := told_of(past, stage)),
                "told": [(one, actor_in_words(one.row.recorded_by)) for one in rows],
                "most_told": MOST_TOLD,
                "told_hidden": len(rows) - MOST_TOLD,
                "gap_words": gap_in_words(stage) if stage.gap else "",
                "judged": judged(past, found, today),
                "quality_address": _quality_address(body, found, stage),
            }
    periods = [one.period.label for one in context["past"].stages] if body is not None else []
    label = stage.period.label if stage else _period(request.GET.get("ky", "")) or newest_period(found, among, known_at)
    peers = (
        comparison(
            request, found, among, period=parse_period(label), chosen=body, paths=by_body, every_year=every_year,
            today=today, known_at=known_at,
        )
        if label
        else None
    )  # fmt: skip
    if peers is not None and peers.total == 1 and body is not None:
        # The only body that is measured is the one shown above.
        peers = None
    form = IndicatorFilter(request.GET, actor, body=body, periods=periods)
    form.is_valid()
    titles = group_titles(today)
    context |= {
        "indicator": found,
        "title": title_of(found),
        "unit": unit_of(found),
        "unit_of_gap": unit_of_difference(unit_of(found)),
        "body": body,
        "stage": stage,
        "form": form,
        "known_at": known_at,
        "now_address": address_with(request, luc=None),
        "peers": peers,
        "peer_tabs": _tabs(request, peers, titles),
        "map": _map(peers, found),
        "courses": courses_of(found, peers) if peers else "",
        "facts": facts_of(found, target, titles),
        "sentence": _sentence(found, body, stage, earlier, peers),
        "is_unknown": bool(request.GET.get("co_quan")) and body is None,
        "history_address": f"{request.path}so-lieu.csv{address_with(request, bang='lich-su')}",
        "peers_address": f"{request.path}so-lieu.csv{address_with(request, bang='co-quan')}",
        "may_open_ledger": may_everywhere(actor, Permission.VIEW_LEDGER),
        "may_enter": _may_enter(actor),
        "kinds": KINDS,
    }
    return render(request, "indicators/one.html", context)


@require_GET
@login_required
def file(request: HttpRequest, code: str) -> HttpResponse:
    """`bang=lich-su`: everything ever told of one body; `bang=co-quan`: a period of all bodies in sight."""
    actor = actor_of(request)
    found = _found(actor, code)
    among = seen_by(actor)
    known_at = _known_at(request)
    if request.GET.get("bang") == "co-quan":
        label = _period(request.GET.get("ky", "")) or newest_period(found, among, known_at)
        bodies = measured_bodies(found, among)
        rows = standing(indicator=found, bodies=bodies, periods=[label], known_at=known_at).order_by("body__code", "pk")
        return download.answer(found, rows, f"{found.code}-{label}")
    body = body_for(found, request.GET, among, actor)
    if body is None:
        raise Http404
    rows = measurements(indicator=found, body=body, known_at=known_at).order_by("period_start", "pk")
    return download.answer(found, rows, f"{found.code}-{body.code}")


def _found(actor: Actor, code: str) -> "Indicator":
    """The indicator, if the actor may open the dictionary; restricted ones are for those who see every body."""
    require_anywhere(actor, Permission.VIEW_INDICATORS)
    found = indicator_by_code(code)
    if found is None:
        raise Http404
    if not sees_indicator(actor, found):
        raise Http404
    if found.openness == Openness.RESTRICTED and not may_everywhere(actor, Permission.VIEW_INDICATORS):
        raise Http404
    return found


def _quality_address(body: "Body", found: "Indicator", stage: Any) -> str:
    """The rows of this indicator that count against one of the six qualities, in the quarter of the period."""
    words = {"ky": quarter_of(stage.period.last_day).label, "chi-so": found.code}
    return f"{reverse('body_quality', args=[body.code])}?{urlencode(words)}#dong"


def _may_enter(actor: Actor) -> bool:
    return may_anywhere(actor, Permission.RECORD_MEASUREMENT) or may_anywhere(
        actor, Permission.RECORD_INDEPENDENT_MEASUREMENT
    )


def _period(text: str) -> str:
    """The label of a period of the address; empty for none and for nonsense."""
    try:
        return parse_period(text).label if text else ""
    except PeriodError:
        return ""


def _known_at(request: HttpRequest) -> datetime | None:
    """The end of the day of the address, if that day is over; otherwise now."""
    try:
        asked = DayField(required=False).clean(request.GET.get("luc", ""))
    except ValidationError:
        # What is wrong with the day stands beside its field.
        return None
    if asked is None or asked >= timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(asked + timedelta(days=1), time())) - timedelta(microseconds=1)


def _sentence(found: "Indicator", body: "Body | None", stage: Any, earlier: Any, peers: Comparison | None) -> Any:
    if body is None:
        return of_comparison(found, peers)
    return of_silence(body) if stage is None else of_stage(body, stage, earlier)


def _tabs(request: HttpRequest, peers: Comparison | None, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    if peers is None or len(peers.groups) < 2:
        return []
    return [
        {
            "address": address_with(request, nhom=code, **{PAGE: None}) + "#so-sanh",
            "title": titles.get(code, code) or gettext("Cơ quan khác"),
            "number": peers.groups[code],
            "is_here": code == peers.group,
        }
        for code in sorted(peers.groups, key=lambda one: list(titles).index(one) if one in titles else len(titles))
    ]


def _map(peers: Comparison | None, found: "Indicator") -> Drawing | None:
    """The provinces on the map, where most of them are in sight and their values differ enough to be coloured."""
    if peers is None or peers.group != "provinces" or peers.told < FEWEST_ON_MAP:
        return None
    bands = bands_of([value for value in peers.values.values() if value is not None])
    if bands is None:
        return None
    return province_map(
        {code: None if value is None else round(value, 2) for code, value in peers.values.items()},
        title=gettext("%(name)s, %(period)s") % {"name": title_of(found), "period": period_in_words(peers.period)},
        bands=bands,
        unit=unit_of(found),
        names=peers.names,
        addresses={code: f"{reverse('indicator', args=[found.code])}?co_quan={code}" for code in peers.values},
    )
