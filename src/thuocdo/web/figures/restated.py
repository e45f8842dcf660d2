"""The page that tells which figures of a period were corrected, and whose score and rank changed by it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_everywhere, require_anywhere
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.scorecards.queries.restating import Restated, restated
from thuocdo.scorecards.queries.trials import Place
from thuocdo.web.indicators.words import unit_of
from thuocdo.web.rankings.choice import Chosen, choose
from thuocdo.web.rankings.marks import ranking_address, title_of
from thuocdo.web.signed_in import actor_of, login_required

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Measurement
    from thuocdo.organisations.models import Body

# Thousands of figures may be corrected at once; the page names the newest.
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A body whose score or rank changed."""

    body: "Body"
    place: Place


@dataclass(frozen=True, slots=True)
class Corrected:
    """A figure that was corrected; `is_open` says whether its page is for the reader."""

    row: "Measurement"
    unit: str
    is_open: bool


@require_GET
@login_required
def restated_figures(request: HttpRequest) -> HttpResponse:
    """Figures of the period that were corrected after it was over, and the places that changed by it."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_SCORES)
    chosen = choose(actor, group=request.GET.get("nhom", ""), period=request.GET.get("ky", ""))
    if chosen is None or chosen.run is None:
        return render(request, "figures/restated.html", {"chosen": None})
    found = restated(chosen.run)
    changed = found.changed
    bodies = bodies_by_code({one.code for one in changed})
    return render(
        request,
        "figures/restated.html",
        {
            "chosen": chosen,
            "title": title_of(chosen.group.title),
            "back": ranking_address(chosen.group.code, chosen.run.period),
            "sentence": _sentence(chosen, found),
            "lines": [Line(bodies[one.code], one) for one in changed],
            "rows": _corrected(actor, found.rows[:MOST_ROWS]),
            "count": len(found.rows),
            "left_out": max(0, len(found.rows) - MOST_ROWS),
        },
    )


def _corrected(actor: Actor, rows: "tuple[Measurement, ...]") -> list[Corrected]:
    seen = {row.body_id for row in rows}
    if not may_everywhere(actor, Permission.VIEW_INDICATORS):
        within = bodies_within(actor, Permission.VIEW_INDICATORS).filter(pk__in=seen)
        seen = set(within.values_list("pk", flat=True))
    return [Corrected(row, unit_of(row.indicator), row.body_id in seen) for row in rows]


def _sentence(chosen: Chosen, found: Restated) -> str:
    if not found.rows:
        return gettext("Chưa số liệu nào của kỳ này bị đính chính sau khi hết kỳ.")
    count = len(found.rows)
    figures = ngettext("%(count)s số liệu", "%(count)s số liệu", count) % {"count": count}
    moved = sum(bool(one.won) for one in found.changed)
    words = {"figures": figures, "changed": len(found.changed), "moved": moved}
    if not found.changed:
        return (
            gettext("%(figures)s của kỳ này được đính chính sau khi hết kỳ; không cơ quan nào đổi điểm vì thế.") % words
        )
    return (
        gettext(
            "%(figures)s của kỳ này được đính chính sau khi hết kỳ: %(changed)s cơ quan đổi điểm, "
            "%(moved)s cơ quan đổi hạng."
        )
        % words
    )
