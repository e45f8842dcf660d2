"""Pages of feeds: all of them, one with its batches, a batch with its errors, computing anew, a figure's origin."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere, may_everywhere, require_anywhere
from thuocdo.feeds import queries
from thuocdo.feeds.files.reports import errors_csv
from thuocdo.feeds.operations import ask_recompute
from thuocdo.feeds.queries import Batch, FeedState, Health
from thuocdo.indicators.queries import indicators
from thuocdo.web.design.blocks import say
from thuocdo.web.design.marks import icon
from thuocdo.web.design.tables import page_of
from thuocdo.web.downloads import attachment
from thuocdo.web.indicators.words import title_of, unit_of
from thuocdo.web.ledger.wording import actor_in_words
from thuocdo.web.signed_in import actor_of, login_required

from . import wording

# Computations that the page of a feed tells of.
MOST_COMPUTED = 12
# Errors that stand on the page itself; the file holds all that were kept.
MOST_ERRORS = 100


@dataclass(frozen=True, slots=True)
class Mark:
    """How something fares: shape, colour and word."""

    shape: SafeString
    tone: str
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """A feed in the list."""

    health: Health
    name: str
    mark: Mark
    lag: str
    silence: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in the list."""

    batch: Batch
    mark: Mark
    who: str
    door: str


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """All feeds and how they fare."""
    return render(request, "feeds/page.html", _all(request))


@login_required
@require_GET
def part(request: HttpRequest) -> HttpResponse:
    """The live part of that page."""
    return render(request, "feeds/_feeds.html", _all(request))


@login_required
@require_GET
def feed(request: HttpRequest, feed: str) -> HttpResponse:
    """One feed: its health, its batches, the months it holds, what was computed from it, its declaration."""
    actor = _reader(request)
    return render(request, "feeds/feed.html", _one(request, actor, _found(feed)))


@login_required
@require_GET
def feed_part(request: HttpRequest, feed: str) -> HttpResponse:
    """The live part of that page."""
    actor = _reader(request)
    return render(request, "feeds/_feed.html", _one(request, actor, _found(feed)))


@login_required
@require_GET
def batch(request: HttpRequest, feed: str, number: int) -> HttpResponse:
    """One batch with its errors and the files it became."""
    actor = _reader(request)
    found = _batch(actor, feed, number)
    return render(
        request,
        "feeds/batch.html",
        {
            "line": _batch_line(found),
            "feed": found.feed,
            "name": wording.in_language(found.feed),
            "errors": found.errors[:MOST_ERRORS],
            "is_cut": len(found.errors) > MOST_ERRORS,
            "counts": sorted(found.error_counts.items(), key=lambda pair: -pair[1]),
            "parts": found.parts.order_by("period"),
        },
    )


@login_required
@require_GET
def batch_errors(request: HttpRequest, feed: str, number: int) -> HttpResponse:
    """The errors of a batch as a file."""
    actor = _reader(request)
    found = _batch(actor, feed, number)
    content = errors_csv(found.errors, found.error_counts)
    return attachment(content, name=f"{found.feed.code}-lo-{found.pk}-loi.csv", media_type="text/csv; charset=utf-8")


@login_required
@require_POST
def recompute(request: HttpRequest, feed: str) -> HttpResponse:
    """Ask for all figures of a feed to be computed anew."""
    actor = _reader(request)
    found = _found(feed)
    ask_recompute(actor=actor, at=timezone.now(), feed=found)
    say(request, gettext("Đã yêu cầu tính lại; số liệu thay đổi sẽ hiện khi tính xong."))
    return redirect("feed", feed=found.code)


@login_required
@require_GET
def origin(request: HttpRequest, number: int) -> HttpResponse:
    """Where a figure comes from: the months of raw events behind it, each with the digest of its files."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_INDICATORS)
    told = queries.measurement_within(actor, number)
    found = queries.partitions_of(told) if told is not None else None
    if told is None or found is None:
        raise Http404
    return render(
        request,
        "feeds/origin.html",
        {
            "told": told,
            "found": found,
            "title": title_of(told.indicator),
            "unit": unit_of(told.indicator),
            "name": wording.in_language(found.feed),
            "rows": sum(part["rows"] for part in found.partitions),
            "may_see_feed": may_everywhere(actor, Permission.VIEW_LEDGER),
        },
    )


def _reader(request: HttpRequest) -> Actor:
    """Feeds tell of all bodies at once, so only a right that reaches all of them opens their pages."""
    actor = actor_of(request)
    if not may_everywhere(actor, Permission.VIEW_LEDGER):
        raise PermissionDenied
    return actor


def _found(code: str) -> FeedState:
    found = queries.feed_by_code(code)
    if found is None:
        raise Http404
    return found


def _batch(actor: Actor, feed: str, number: int) -> Batch:
    found = queries.batch_within(actor, _found(feed), number)
    if found is None:
        raise Http404
    return found


def _all(request: HttpRequest) -> dict[str, Any]:
    _reader(request)
    now = timezone.now()
    found = queries.health_of(list(queries.feeds()), at=now)
    return {
        "lines": [_line(one) for one in found],
        "sentence": wording.opening(found),
        "now": now,
        "part_address": reverse("feeds_part"),
    }


def _one(request: HttpRequest, actor: Actor, found: FeedState) -> dict[str, Any]:
    now = timezone.now()
    (health,) = queries.health_of([found], at=now)
    batches = queries.batches_within(actor, found)
    is_failing = request.GET.get("chi") == "loi"
    batches_page = page_of(request, batches.filter(rejected__gt=0) if is_failing else batches)
    declared, query = found.declaration, request.GET.urlencode()
    return {
        "line": _line(health),
        "part_address": reverse("feed_part", args=[found.code]) + (f"?{query}" if query else ""),
        "health": health,
        "feed": found,
        "now": now,
        "page": batches_page,
        "batches": [_batch_line(one) for one in batches_page.object_list],
        "is_failing": is_failing,
        "months": queries.months_of(found),
        "computed": queries.contributions_of(found)[:MOST_COMPUTED],
        "columns": [
            (column, _in_language(column.title, column.title_en), declared.personal.get(column.name, ""))
            for column in declared.columns
        ],
        "declared": declared,
        "indicators": [(one.code, title_of(one)) for one in indicators(codes=sorted(declared.indicators))],
        "may_recompute": may_anywhere(actor, Permission.MANAGE_METHODS),
    }


def _line(health: Health) -> Line:
    return Line(
        health=health,
        name=wording.in_language(health.feed),
        mark=_mark(*wording.state_of(health)),
        lag=wording.span(health.lag),
        silence=wording.span(health.feed.declaration.silence),
    )


def _batch_line(batch: Batch) -> BatchLine:
    return BatchLine(batch, _mark(*wording.state_of_batch(batch)), actor_in_words(batch.owner), wording.door_of(batch))


def _mark(shape: str, tone: str, word: str) -> Mark:
    return Mark(icon(shape), tone, word)


def _in_language(vietnamese: str, english: str) -> str:
    return english if (get_language() or "vi").startswith("en") else vietnamese
