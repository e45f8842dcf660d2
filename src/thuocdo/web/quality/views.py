"""The data quality of one body, and of all bodies in sight."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, require, require_anywhere
from thuocdo.engine.calendars import Period, quarter_of
from thuocdo.indicators.queries import Provenance
from thuocdo.indicators.queries.verified import KINDS, Support, cells_supported, deciding, supports
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.queries import body_by_code, within
from thuocdo.web.bodies.card import Card, card_of
from thuocdo.web.design.figures import number, points
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.design.tables import SORT, page_of
from thuocdo.web.indicators.whose import seen_by
from thuocdo.web.indicators.words import group_titles, title_of
from thuocdo.web.kept import kept
from thuocdo.web.rankings.choice import scorecard_in_force
from thuocdo.web.signed_in import actor_of, login_required

from . import overview
from .reading import BodyQuality, possible_points, quarter_asked
from .wording import TITLES

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import Promise

    from thuocdo.organisations.models import Body

# What stands behind figures, by the word of the address: its heading, and the kinds of source that count.
SUPPORTED: Mapping[str, tuple["str | Promise", tuple[str, ...]]] = {
    "tat-ca": (_("Ô có số"), tuple(KINDS)),
    "tu-khai": (_("Chỉ tự khai"), ("claimed",)),
    "minh-chung": (_("Có minh chứng"), ("evidenced",)),
    "doi-chieu": (_("Đã đối chiếu"), ("cross_checked",)),
    "xac-minh": (_("Đã xác minh"), ("verified",)),
}
# In the address: everything below the body, too.
BELOW = "ca-duoi"
MOST_FIXES, ROWS_A_PAGE, BODIES_A_PAGE = 8, 25, 25
# Quarters offered besides the running one.
QUARTERS = 6


class BodyFilter(forms.Form):
    """Which quarter, which quality."""

    ky = forms.ChoiceField(label=_("Kỳ"), required=False)

    def __init__(self, data: Any, today: "date") -> None:
        super().__init__(data)
        choice: Any = self.fields["ky"]
        choice.choices = [(label, period_words(label)) for label in _quarters(today)]


class OverviewFilter(BodyFilter):
    """Which group of bodies, by what words."""

    nhom = forms.ChoiceField(label=_("Nhóm cơ quan"), required=False)
    tim = forms.CharField(label=_("Tìm cơ quan"), required=False, max_length=100)

    def __init__(self, data: Any, today: "date", groups: dict[str, str]) -> None:
        super().__init__(data, today)
        choice: Any = self.fields["nhom"]
        choice.choices = list(groups.items())


@require_GET
@login_required
def body(request: HttpRequest, code: str) -> HttpResponse:
    """One body: six rulers, what to mend first, how much is verified, and every row that counts against it."""
    actor, today = actor_of(request), timezone.localdate()
    found = body_by_code(code)
    if found is None:
        raise Http404
    require(actor, Permission.VIEW_INDICATORS, found)
    period = quarter_asked(request.GET.get("ky", ""), today)
    scorecard = scorecard_in_force(today)
    card = card_of(found, scorecard, period) if scorecard is not None else None
    quality = BodyQuality(found, period, today, possible_points(card), request.path)
    asked = request.GET.get("chat-luong", "")
    asked = asked if asked in TITLES else ""
    code_asked = request.GET.get("chi-so", "")
    rows = [
        row
        for row in quality.rows
        if (not asked or row.quality == asked)
        and (not code_asked or (row.indicator is not None and row.indicator.code == code_asked))
    ]
    among = next((one for one in quality.records.columns if one.code == code_asked), None)
    form = BodyFilter({"ky": period.label}, today)
    return render(
        request,
        "quality/body.html",
        {
            "body": found,
            "period": period,
            "form": form,
            "quality": quality,
            "sentence": _sentence(quality),
            "fixes": quality.fixes[:MOST_FIXES],
            "has_points": any(quality.possible.values()),
            "asked": asked,
            "one_indicator": title_of(among) if among is not None else code_asked[:60],
            "asked_title": str(TITLES[asked]) if asked else "",
            "page": page_of(request, rows, ROWS_A_PAGE),
            "tree": _tree(found, period, today, request.path),
            "behind": _behind(request, actor, found, period, today),
            "stale": _stale(found, period, today),
            "weights": _weights(card),
        },
    )


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """All bodies of a group in sight, by quality."""
    actor, today = actor_of(request), timezone.localdate()
    require_anywhere(actor, Permission.VIEW_INDICATORS)
    period = quarter_asked(request.GET.get("ky", ""), today)
    among = seen_by(actor).exclude(peer_group="")
    present = set(among.order_by().values_list("peer_group", flat=True).distinct())
    titles = group_titles(today)
    groups = {code: titles.get(code, code) for code in [*titles, *sorted(present - set(titles))] if code in present}
    group = request.GET.get("nhom", "")
    group = group if group in groups else next(iter(groups), "")
    scorecard = scorecard_in_force(today)
    marks = (newest_number(), today, actor.label, group, period.label)
    everything = kept(
        "quality-lines",
        *marks,
        build=lambda: overview.lines(
            list(among.filter(peer_group=group).order_by("code")), period, today, overview.weights_of(scorecard)
        ),
    )
    words, order = request.GET.get("tim", "").strip()[:100], request.GET.get(SORT, "diem")
    lines = overview.ordered(everything, order, words)
    shown = page_of(request, lines, BODIES_A_PAGE)
    form = OverviewFilter({"ky": period.label, "nhom": group, "tim": words}, today, groups)
    return render(
        request,
        "quality/page.html",
        {
            "form": form,
            "period": period,
            "titles": list(TITLES.items()),
            "page": shown,
            "lines": overview.with_staleness(overview.with_support(shown.object_list, period), period, today),
            "computed_at": overview.computed_at(shown.object_list, period),
            "found": len(lines),
            "sentence": _of_all(everything),
        },
    )


def _quarters(today: "date") -> list[str]:
    labels, place = [], quarter_of(today)
    for _number in range(QUARTERS + 1):
        labels.append(place.label)
        place = place.previous()
    return labels


def _sentence(quality: BodyQuality) -> str:
    judged = [one for one in quality.shown if one.share is not None]
    if not judged:
        return gettext("Chưa có gì để chấm: kỳ này chưa có số nào đến hạn.")
    against = len(quality.rows)
    if not against:
        return gettext("Dữ liệu đạt cả sáu yêu cầu; không dòng nào cần sửa.")
    best = quality.fixes[0]
    words = {"rows": number(against), "title": best.title, "reason": best.words, "quality": best.quality_title.lower()}
    if not best.points:
        return (
            ngettext(
                "%(rows)s dòng cần xem; nên sửa trước: %(title)s (%(reason)s).",
                "%(rows)s dòng cần xem; nên sửa trước: %(title)s (%(reason)s).",
                against,
            )
            % words
        )
    words |= {"points": points(quality.points), "lost": points(quality.lost), "gain": points(best.points)}
    return (
        ngettext(
            "Sáu chất lượng dữ liệu cho %(points)s điểm, còn lấy được %(lost)s điểm qua %(rows)s dòng; "
            "sửa trước: %(title)s (%(reason)s), thêm %(gain)s điểm.",
            "Sáu chất lượng dữ liệu cho %(points)s điểm, còn lấy được %(lost)s điểm qua %(rows)s dòng; "
            "sửa trước: %(title)s (%(reason)s), thêm %(gain)s điểm.",
            against,
        )
        % words
    )


def _of_all(lines: list[overview.Line]) -> str:
    known = [line for line in lines if line.mean is not None]
    if not known:
        return gettext("Chưa có cơ quan nào được chấm chất lượng dữ liệu trong kỳ này.")
    weak = sum((line.mean or 0) < 0.5 for line in known)
    lowest = min(known, key=lambda line: (line.mean or 0, line.body.code))
    return ngettext(
        "%(count)s cơ quan được chấm, %(weak)s dưới một nửa; thấp nhất là %(name)s, yếu nhất ở yêu cầu “%(worst)s”.",
        "%(count)s cơ quan được chấm, %(weak)s dưới một nửa; thấp nhất là %(name)s, yếu nhất ở yêu cầu “%(worst)s”.",
        len(known),
    ) % {"count": number(len(known)), "weak": number(weak), "name": lowest.body.name, "worst": lowest.worst}


def _tree(found: "Body", period: Period, today: "date", address: str) -> list[dict[str, Any]]:
    """How much is verified: of the body itself, and of it with everything below it where that says something more."""
    below = supports(period, within([found.pk], on=today))
    own, every = below.by_body.get(found.pk, Support()), below.all
    scopes = [("", gettext("Riêng cơ quan"), own)]
    if every.told != own.told:
        scopes.append((BELOW, gettext("Cả các đơn vị bên dưới"), every))
    return [{"title": title, "cells": _counts(one, address, period, scope), "one": one} for scope, title, one in scopes]


def _counts(one: Support, address: str, period: Period, scope: str) -> list[tuple[str, int, str]]:
    """Each count with its heading and the address of the figures that it counts."""
    return [
        (str(title), sum(getattr(one, kind) for kind in kinds), _behind_address(address, period, word, scope))
        for word, (title, kinds) in SUPPORTED.items()
    ]


def _behind_address(address: str, period: Period, word: str, scope: str) -> str:
    query = {"ky": period.label, "nguon": word} | ({"pham-vi": scope} if scope else {})
    return f"{address}?{urlencode(query)}#so-lieu"


def _behind(request: HttpRequest, actor: Actor, found: "Body", period: Period, today: "date") -> dict[str, Any] | None:
    """The figures that one of the counts is made of, one page of them; None where none is asked for."""
    word = request.GET.get("nguon", "")
    if word not in SUPPORTED:
        return None
    title, kinds = SUPPORTED[word]
    is_below = request.GET.get("pham-vi") == BELOW
    bodies: Any = [found]
    if is_below:
        seen = bodies_within(actor, Permission.VIEW_INDICATORS).values("pk")
        bodies = within([found.pk], on=today).filter(pk__in=seen)
    page = page_of(request, cells_supported(period, bodies, kinds), ROWS_A_PAGE)
    return {"title": str(title).lower(), "is_below": is_below, "page": page, "rows": deciding(list(page.object_list))}


def _stale(found: "Body", period: Period, today: "date") -> Any:
    """The newest figures of the body that are overdue today; of a quarter that is over, none."""
    line = overview.Line(found, (), None, Support())
    return overview.with_staleness([line], period, today)[0].stale


def _weights(card: Card | None) -> dict[str, float]:
    """The share of the index that rests on each kind of source, 0 to 1; empty where nothing was scored."""
    if card is None:
        return {}
    told = [part for part in card.standing.parts.values() if part.get("provenance") and part.get("of")]
    total = sum(float(part["of"]) for part in told)
    if not total:
        return {}
    claimed = sum(float(part["of"]) for part in told if part["provenance"] == Provenance.DECLARED)
    counted = sum(float(part["of"]) for part in told if part["provenance"] == Provenance.DERIVED)
    return {"claimed": claimed / total, "counted": counted / total, "verified": 1 - (claimed + counted) / total}
