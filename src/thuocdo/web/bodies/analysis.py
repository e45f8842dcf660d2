"""How a body came to its place and how it gets further: the change in parts, the ways up, who is just as good."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, may, require
from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.queries import Indicator as Definition
from thuocdo.indicators.queries import Openness, indicators
from thuocdo.organisations.queries import body_by_code
from thuocdo.scorecards.queries import (
    ExplainedChange,
    Interval,
    RankShift,
    Standing,
    explained_change,
    intervals_of,
    rank_shift,
    ranking,
    spec_of,
    spread_of,
    ways_up,
)
from thuocdo.web.charts.bars import Bar, bars
from thuocdo.web.charts.drawing import Drawing
from thuocdo.web.design.blocks import breadcrumbs
from thuocdo.web.design.figures import named, number, points, short_named, signed
from thuocdo.web.kept import kept
from thuocdo.web.rankings.choice import read_period, scorecard_in_force
from thuocdo.web.rankings.marks import (
    body_address,
    called,
    part_address,
    part_titles,
    ranking_address,
    run_marks,
)
from thuocdo.web.rankings.spread import rank_and_places
from thuocdo.web.signed_in import actor_of, login_required

from .card import Card, aged, card_of, value_in_words

if TYPE_CHECKING:
    from thuocdo.engine.scoring.explain import Improvements, Verification
    from thuocdo.organisations.models import Body

MOST_SINGLES, MOST_VERIFIED, MOST_ALIKE, MOST_BARS = 6, 6, 12, 8


@dataclass(frozen=True, slots=True)
class Rise:
    """One indicator from its value to the one that is needed; without values where the viewer may not see them."""

    title: str
    address: str
    now: str
    needed: str
    points: str
    # How a phone heads the cell.
    label: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How to win some places: each of `singles` alone is enough, or all of `together` at once."""

    places: int
    target: int
    gap: str
    singles: dict[str, Rise]
    together: list[Rise]


@dataclass(frozen=True, slots=True)
class Ladder:
    """One indicator on its own: its value now, and the one needed for each of the ways, in their order."""

    rise: Rise
    needed: list[Rise | None]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a value brings when somebody else confirms it."""

    title: str
    address: str
    factor: str
    gain: str
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Cause:
    """The part of one indicator in a change, or of what no indicator of the body caused, which has no page."""

    title: str
    address: str
    by_score: float
    by_weight: float
    total: float


@dataclass(frozen=True, slots=True)
class Peer:
    """A body that cannot be told apart."""

    name: str
    address: str
    rank: str
    compare: str


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


def analysis_address(code: str, period: str) -> str:
    """The page of a body's analysis for a period."""
    return f"{reverse('body_analysis', args=[code])}?ky={period}"


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
    told = _Told(standing, titles, definitions, sees_all)
    found = ways_up(standing)
    ways = [told.way(one) for one in found]
    change = explained_change(standing, card.before) if card.before is not None else None
    causes = _causes(standing, change, titles)
    peers, alike = _peers(standing)
    return Analysis(
        sentence=_sentence(standing, ways),
        ways=ways,
        ladders=_ladders(ways),
        confirmations=[told.confirmation(one) for one in found[0].verifications[:MOST_VERIFIED]] if found else [],
        causes=causes,
        change=None if card.before is None else round((standing.rounded or 0.0) - (card.before.rounded or 0.0), 2),
        has_weights=any(cause.by_weight for cause in causes),
        rule=_rule_in_words(change),
        shift=_shift_in_words(change.shift if change is not None else rank_shift(standing)),
        drawing=_drawn(causes),
        peers=peers,
        alike=alike,
    )


def _causes(standing: Standing, change: ExplainedChange | None, titles: Mapping[str, str]) -> list[Cause]:
    """What a change came from, largest first: indicators, and what lies outside the body's own figures."""
    if change is None:
        return []
    known = {one.code for one in spec_of(standing.run.scorecard).indicators}
    causes = [
        Cause(
            titles.get(one.code, one.code),
            part_address(standing, one.code) if one.code in known else "",
            one.by_score,
            one.by_weight,
            one.total,
        )
        for one in change.parts
    ]
    outside = (
        (gettext("trọng số thay đổi"), change.by_weights),
        (gettext("phương pháp thay đổi"), change.by_method),
        (gettext("số liệu của các cơ quan khác"), change.by_peers),
    )
    causes += [Cause(title, "", points, 0.0, points) for title, points in outside if points]
    return sorted(causes, key=lambda cause: -abs(cause.total))


def _rule_in_words(change: ExplainedChange | None) -> str:
    """How the parts were found, where they are estimates."""
    if change is None or not change.is_sampled:
        return ""
    text = gettext("Ước tính bằng lấy mẫu: mỗi phần có sai số chuẩn không quá %(error)s điểm.")
    return text % {"error": number(_rounded(change.error, 3, up=True), 3)}


@dataclass(frozen=True, slots=True)
class _Told:
    """Puts what the engine found into words, with values only where they may be seen."""

    standing: Standing
    titles: Mapping[str, str]
    definitions: Mapping[str, Definition]
    sees_all: bool

    def way(self, found: "Improvements") -> Way:
        count = round(found.rank - found.target)
        label = ngettext("lên %(count)s bậc", "lên %(count)s bậc", count) % {"count": count}
        enough = [one for one in found.singles if one.needed is not None]
        singles = {one.indicator: self._rise(one.indicator, one.now, one.needed, one.points, label) for one in enough}
        steps = found.combination.steps if found.combination is not None and not singles else ()
        return Way(
            places=count,
            target=round(found.target),
            # Upwards: with what stands here the place is won.
            gap=number(_rounded(found.gap, 2, up=True), 2),
            singles=singles,
            together=[self._rise(one.indicator, one.now, one.needed, one.points) for one in steps],
        )

    def confirmation(self, found: "Verification") -> Confirmation:
        return Confirmation(
            title=self.titles.get(found.indicator, found.indicator),
            address=part_address(self.standing, found.indicator),
            factor=number(found.confidence),
            gain=points(found.gain),
            is_enough=found.is_enough,
        )

    def _rise(self, code: str, now: float | None, needed: float | None, gained: float | None, label: str = "") -> Rise:
        definition = self.definitions.get(code)
        is_shown = definition is not None and (self.sees_all or definition.openness == Openness.PUBLIC)
        shown = target = ""
        if definition is not None and is_shown and needed is not None:
            shown = gettext("chưa có số liệu") if now is None else value_in_words(definition, now)
            # Two decimals as people read them; four for shares, which are read as percentages of one decimal.
            digits = 3 if definition.lower == 0 and definition.upper == 1 else 2
            target = value_in_words(definition, _rounded(needed, digits, up=now is None or needed > now))
        return Rise(
            title=self.titles.get(code, code),
            address=part_address(self.standing, code),
            now=shown,
            needed=target,
            points="" if gained is None else number(_rounded(gained, 1, up=True), 1),
            label=label,
        )


def _ladders(ways: list[Way]) -> list[Ladder]:
    """The indicators that are enough alone for the first of the ways, by the smallest step."""
    if not ways:
        return []
    return [
        Ladder(rise, [way.singles.get(code) for way in ways])
        for code, rise in list(ways[0].singles.items())[:MOST_SINGLES]
    ]


def _rounded(value: float, digits: int, *, up: bool) -> float:
    """Rounded to the side on which the goal lies, so that the figure shown is enough; nine decimals are exact."""
    unit = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(round(value, 9))).quantize(unit, ROUND_CEILING if up else ROUND_FLOOR))


def _sentence(standing: Standing, ways: list[Way]) -> SafeString:
    name = named(standing.body)
    if standing.rank is None:
        return SafeString(gettext("Chưa đủ số liệu để xếp hạng."))
    if standing.rank == 1:
        return format_html(gettext("{} đang đứng đầu nhóm."), name)
    if not ways:
        return format_html(gettext("{} đứng thứ {}."), name, standing.rank)
    way = ways[0]
    text = format_html(
        ngettext("Muốn lên {} bậc, {} cần thêm {} điểm", "Muốn lên {} bậc, {} cần thêm {} điểm", way.places),
        way.places,
        name,
        way.gap,
    )
    if not way.singles:
        return format_html("{}.", text)
    rise = next(iter(way.singles.values()))
    link = format_html('<a class="door" href="{}">{}</a>', rise.address, rise.title)
    if not rise.needed:
        return format_html(gettext("{}; bước nhỏ nhất là ở {}."), text, link)
    return format_html(gettext("{}; bước nhỏ nhất: đưa {} từ {} đến {}."), text, link, rise.now, rise.needed)


def _shift_in_words(shift: RankShift | None) -> str:
    if shift is None:
        return ""
    if shift.before == shift.now and not shift.own:
        return gettext("Thứ hạng giữ nguyên.")
    text = gettext(
        "Từ hạng %(before)s đến hạng %(now)s: %(own)s bậc do điểm của chính cơ quan,"
        " %(others)s bậc do các cơ quan khác thay đổi."
    )
    words = text % {
        "before": shift.before,
        "now": shift.now,
        "own": _places(shift.own),
        "others": _places(shift.others),
    }
    if not shift.method:
        return words
    return f"{words} {gettext('Do phương pháp thay đổi: %(places)s bậc.') % {'places': _places(shift.method)}}"


def _places(won: float) -> str:
    return signed(won, 0 if won == round(won) else 1)


def _drawn(causes: list[Cause]) -> Drawing | None:
    if not causes:
        return None
    rest = round(sum(cause.total for cause in causes[MOST_BARS:]), 2)
    rows = [Bar(cause.title, cause.total, cause.address) for cause in causes[:MOST_BARS]]
    if rest:
        rows.append(Bar(gettext("các chỉ số khác"), rest))
    return bars(rows, title=gettext("Điểm thay đổi do đâu"), unit=gettext("điểm"), decimals=2, is_difference=True)


def _peers(standing: Standing) -> tuple[list[Peer], int]:
    """The nearest of the bodies whose intervals overlap this one's, and how many there are in all."""
    run = standing.run
    spread = spread_of(run)
    own: Interval | None = intervals_of(spread, [standing]).get(standing.body_id)
    if own is None or spread.earlier is not None or not own.alike:
        return [], 0 if own is None else own.alike
    near = ranking(run).filter(interval__low__lte=own.high, interval__high__gte=own.low).exclude(pk=standing.pk)
    listed = sorted(near.defer("heads"), key=lambda row: (abs((row.rank or 0) - (standing.rank or 0)), row.rank or 0))
    peers = []
    for row in sorted(listed[:MOST_ALIKE], key=lambda row: (row.rank or 0, row.body.code)):
        pair = f"{standing.body.code},{row.body.code}"
        peers.append(
            Peer(
                name=called(row.body),
                address=body_address(row.body.code, run.period),
                rank=rank_and_places(row.rank or 0, row.interval),
                compare=f"{ranking_address(run.peer_group, run.period)}&so-sanh={pair}",
            )
        )
    return peers, own.alike
