"""Pages of the rankings: the ranking of a group, its live parts, two bodies side by side, downloads."""

from copy import copy
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.engine.calendars import parse_period
from thuocdo.scorecards.queries import ranking
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.design.tables import PAGE, address_with
from thuocdo.web.downloads import attachment
from thuocdo.web.kept import kept
from thuocdo.web.pages_kept import kept_page
from thuocdo.web.signed_in import actor_of, login_required

from . import download
from .changes import Move, biggest_moves, explained
from .choice import Chosen, choose
from .comparing import asked_codes, comparison
from .forms import RankingFilter
from .marks import pillars_of, ranking_address, run_marks, title_of
from .sentences import opening
from .spread import key_in_words, state_in_words
from .table import BEST_FIRST, PAGE_SIZE, SORT, Rows, drawing_of

COMPARED = "so-sanh"
# What a part of the page depends on; the rest of the address is not its business.
FILTERS = ("tim", "tinh")
WORDS = ("nhom", "ky", "tim", "tinh", SORT, PAGE)


def _chosen(request: HttpRequest) -> Chosen | None:
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_SCORES)
    return choose(
        actor,
        group=request.GET.get("nhom", ""),
        period=request.GET.get("ky", ""),
        code=request.GET.get("bo", ""),
    )


@require_GET
@login_required
@kept_page
def rankings(request: HttpRequest) -> HttpResponse:
    """The ranking of a peer group for a period."""
    chosen = _chosen(request)
    codes = asked_codes(request.GET.getlist(COMPARED))
    if len(request.GET.getlist(COMPARED)) > 1:
        # What the ticks of the table sent becomes the short address that can be shared.
        return redirect(_canonical(request, codes))
    if chosen is None or chosen.run is None:
        return render(request, "rankings/page.html", {"chosen": chosen, "tabs": _tabs(chosen)})
    on = timezone.localdate(chosen.run.known_at)
    form = RankingFilter(request.GET).for_group(chosen.group.code, on)
    is_narrowed = any(request.GET.get(name) for name in FILTERS)
    query, rows = request.GET.urlencode(), _rows(request, chosen)
    lines, picture = _table(request, chosen, rows), _plot(request, chosen, rows)
    return render(
        request,
        "rankings/page.html",
        {
            "chosen": chosen,
            "title": title_of(chosen.group.title),
            "tabs": _tabs(chosen),
            "periods": _periods(request, chosen),
            "form": form if chosen.run.units > PAGE_SIZE or is_narrowed else None,
            "is_narrowed": is_narrowed,
            "whole_address": ranking_address(chosen.group.code, chosen.run.period),
            # With the lines of the table where that was drawn anew, so that nothing is asked for twice.
            "compared": comparison(chosen, codes, timezone.localdate(), rows.read),
            "compared_codes": codes,
            "without_comparison": address_with(request, **{COMPARED: None}),
            "table": lines,
            "plot": picture,
            "sentence": _sentence(chosen),
            "table_address": f"{reverse('ranking_table')}?{query}",
            "plot_address": f"{reverse('ranking_plot')}?{query}",
            "downloads": {
                ending: f"{reverse('ranking_file', args=[ending])}?{_words_of(chosen)}"
                for ending in ("csv", "json", "xlsx")
            },
        },
    )


@require_GET
@login_required
def table(request: HttpRequest) -> HttpResponse:
    """The table alone, with the opening sentence and the time, for a page that follows the scores."""
    chosen = _chosen(request)
    if chosen is None or chosen.run is None:
        return HttpResponse(status=204)
    return render(
        request,
        "rankings/_fresh.html",
        {"chosen": chosen, "table": _table(request, chosen, _rows(request, chosen)), "sentence": _sentence(chosen)},
    )


@require_GET
@login_required
def plot(request: HttpRequest) -> HttpResponse:
    """The drawing and what changed, alone."""
    chosen = _chosen(request)
    if chosen is None or chosen.run is None:
        return HttpResponse(status=204)
    return HttpResponse(_plot(request, chosen, _rows(request, chosen)))


@require_GET
@login_required
def file(request: HttpRequest, ending: str) -> HttpResponse:
    """The whole ranking as csv, json or xlsx; 404 where nothing was computed."""
    chosen = _chosen(request)
    if chosen is None or chosen.run is None:
        raise Http404
    standings = ranking(chosen.run)
    if ending == "csv":
        content, kind = download.as_csv(chosen, standings), download.CSV
    elif ending == "xlsx":
        content, kind = download.as_xlsx(chosen, standings), download.XLSX
    elif ending == "json":
        content, kind = download.as_json(chosen, standings), download.JSON
    else:
        raise Http404
    name = f"xep-hang-{chosen.group.code}-{chosen.run.period}.{ending}"
    return attachment(content, name=name, media_type=kind)


def _canonical(request: HttpRequest, codes: list[str]) -> str:
    query = request.GET.copy()
    query.pop(COMPARED, None)
    words = {name: value for name, value in query.items() if value}
    if codes:
        words[COMPARED] = ",".join(codes[:2])
    return f"{reverse('rankings')}?{urlencode(words, safe=',')}"


def _words_of(chosen: Chosen) -> str:
    words = {"nhom": chosen.group.code}
    if chosen.period is not None:
        words["ky"] = chosen.period.label
    return urlencode(words)


def _tabs(chosen: Chosen | None) -> list[dict[str, Any]]:
    if chosen is None:
        return []
    return [
        {
            "address": ranking_address(group.code),
            "title": title_of(group.title),
            "is_here": group.code == chosen.group.code,
        }
        for group in chosen.groups
    ]


def _periods(request: HttpRequest, chosen: Chosen) -> list[dict[str, Any]]:
    return [
        {
            "address": address_with(request, ky=period.label, nhom=chosen.group.code, **{PAGE: None}),
            "title": period_words(period),
            "is_here": period == chosen.period,
        }
        for period in chosen.periods[:8]
    ]


def _rows(request: HttpRequest, chosen: Chosen) -> Rows:
    return Rows(chosen, request.GET, timezone.localdate())


def _marks(request: HttpRequest, chosen: Chosen) -> tuple[object, ...]:
    assert chosen.run is not None  # noqa: S101
    # The day belongs to them: a figure becomes overdue without anything happening.
    return (*run_marks(chosen.run), timezone.localdate(), *(request.GET.get(word, "")[:100] for word in WORDS))


def _bare(request: HttpRequest, chosen: Chosen) -> HttpRequest:
    """The request with nothing in its address but what the parts depend on: others will read what it drew."""
    bare, words = copy(request), QueryDict("", mutable=True)
    words["nhom"] = chosen.group.code
    for name in WORDS:
        if value := request.GET.get(name):
            words[name] = value
    bare.GET = QueryDict(words.urlencode())
    return bare


def _table(request: HttpRequest, chosen: Chosen, rows: Rows) -> SafeString:
    """The drawn table; the same for everybody, hence kept until there is another run."""

    def build() -> SafeString:
        context = {
            "chosen": chosen,
            "rows": rows.table,
            "pillars": [{"code": one.code, "title": title_of(one.title)} for one in pillars_of(chosen.spec)],
            "default": BEST_FIRST,
            "interval_state": state_in_words(chosen.run, rows.table.spread) if chosen.run else "",
            "interval_key": key_in_words(chosen.run, rows.table.spread) if chosen.run else "",
        }
        return SafeString(render_to_string("rankings/_table.html", context, _bare(request, chosen)))

    return kept("ranking-table", *_marks(request, chosen), build=build)


def _plot(request: HttpRequest, chosen: Chosen, rows: Rows) -> SafeString:
    def build() -> SafeString:
        drawing = drawing_of(chosen, rows.table)
        context = {
            "drawing": drawing,
            "run": chosen.run,
            "moves": _moves(chosen),
            "before": parse_period(chosen.run.period).previous() if chosen.run else None,
        }
        return SafeString(render_to_string("rankings/_plot.html", context, _bare(request, chosen)))

    return kept("ranking-plot", *_marks(request, chosen), build=build)


def _moves(chosen: Chosen) -> list[Move]:
    run = chosen.run
    assert run is not None  # noqa: S101
    return explained(run, biggest_moves(run))


def _sentence(chosen: Chosen) -> SafeString:
    assert chosen.run is not None  # noqa: S101
    return kept("ranking-sentence", *run_marks(chosen.run), build=lambda: opening(chosen))
