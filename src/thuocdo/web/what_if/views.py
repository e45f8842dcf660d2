"""Pages of trials: the boards with their answer, the answer alone while somebody moves a weight, the file."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere, require_anywhere
from thuocdo.engine.scoring import ScoringError, Spec
from thuocdo.indicators.queries import indicators
from thuocdo.scorecards.queries import Run
from thuocdo.scorecards.queries.trials import Trial, TrialRefused, basis_of, ground_of, trial
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.design.figures import speaks_english
from thuocdo.web.design.tables import PAGE
from thuocdo.web.downloads import attachment
from thuocdo.web.rankings.choice import Chosen, choose
from thuocdo.web.rankings.marks import ranking_address, title_of
from thuocdo.web.signed_in import actor_of, login_required

from . import download
from .asked import BODY, VALUE, WEIGHT, Asked, read_asked
from .board import families, fields_of, out_of_bounds
from .forms import TriedBody
from .table import Answer, answer_of

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body

CSV = "text/csv; charset=utf-8"
ONLY_MOVED = "doi-hang"
HERE, PART, FILE = "what_if", "what_if_table", "what_if_file"


@dataclass(frozen=True, eq=False, slots=True)
class Tried:
    """A trial with everything its page needs."""

    chosen: Chosen
    run: Run
    asked: Asked
    trial: Trial
    basis: Spec
    now: dict[str, float | None]
    form: TriedBody
    body: "Body | None"
    definitions: "dict[str, Indicator]"

    def address(self, name: str) -> str:
        return self.asked.address(name, self.chosen.group.code, self.run.period)


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The boards and the answer; a form sent whole is led to the short address of what differs."""
    actor = actor_of(request)
    chosen = _chosen(request, actor)
    if chosen is None or chosen.run is None:
        return render(request, "what_if/page.html", {"chosen": chosen})
    tried = _tried(request, actor, chosen)
    if not tried.asked.wrong and tried.form.is_valid() and _is_long(request, tried):
        return redirect(tried.address(HERE))
    return render(
        request,
        "what_if/page.html",
        {
            "chosen": chosen,
            "title": title_of(chosen.group.title),
            "families": families(tried.basis, tried.asked),
            "form": tried.form,
            "body": tried.body,
            "fields": fields_of(chosen.spec, tried.asked, tried.now, tried.definitions, english=speaks_english()),
            "sees_values": may_anywhere(actor, Permission.VIEW_INDICATORS),
            "tabs": _tabs(chosen),
            "periods": _periods(chosen, tried.asked),
            "ranking": ranking_address(chosen.group.code, chosen.run.period),
            "reset": Asked().address(HERE, chosen.group.code, chosen.run.period),
            "without_body": replace(tried.asked, body="", values={}).address(
                HERE, chosen.group.code, chosen.run.period
            ),
            "part": reverse(PART),
            **_answered(request, tried),
        },
    )


@require_GET
@login_required
def table(request: HttpRequest) -> HttpResponse:
    """The sentence and the table alone, for a page on which somebody moves a weight."""
    actor = actor_of(request)
    chosen = _chosen(request, actor)
    if chosen is None or chosen.run is None:
        return HttpResponse(status=204)
    tried = _tried(request, actor, chosen)
    return render(request, "what_if/_fresh.html", {"chosen": chosen, **_answered(request, tried)})


@require_GET
@login_required
def file(request: HttpRequest) -> HttpResponse:
    """Every body before and after as csv; 404 where nothing was computed."""
    actor = actor_of(request)
    chosen = _chosen(request, actor)
    if chosen is None or chosen.run is None:
        raise Http404
    tried = _tried(request, actor, chosen)
    content = download.as_csv(tried.trial, tried.asked, chosen.spec)
    name = f"thu-phuong-an-{chosen.group.code}-{chosen.run.period}.csv"
    return attachment(content, name=name, media_type=CSV)


def _chosen(request: HttpRequest, actor: Actor) -> Chosen | None:
    require_anywhere(actor, Permission.VIEW_SCORES)
    return choose(
        actor, group=request.GET.get("nhom", ""), period=request.GET.get("ky", ""), code=request.GET.get("bo", "")
    )


def _tried(request: HttpRequest, actor: Actor, chosen: Chosen) -> Tried:
    run = chosen.run
    assert run is not None  # noqa: S101 (callers show the empty state otherwise)
    ground = ground_of(run)
    form = TriedBody(request.GET, actor)
    body: Body | None = form.cleaned_data["cq"] if form.is_valid() else None
    if body is not None and body.code not in ground.matrix.units:
        form.add_error(BODY, gettext("Cơ quan này không thuộc nhóm đang thử; chọn nhóm khác hoặc cơ quan khác."))
        body = None
    now, definitions = dict[str, float | None](), dict[str, Any]()
    if body is not None:
        row = ground.matrix.values[ground.matrix.units.index(body.code)].tolist()
        now = {
            code: None if np.isnan(value) else value for code, value in zip(ground.matrix.indicators, row, strict=True)
        }
        definitions = {one.code: one for one in indicators(codes=list(now))}
    basis = basis_of(ground.outcome)
    asked = read_asked(request.GET, basis, body=body.code if body else "", now=now)
    if beyond := out_of_bounds(asked, definitions):
        kept = {code: value for code, value in asked.values.items() if code not in beyond}
        asked = replace(asked, values=kept, wrong={**asked.wrong, **beyond})
    try:
        done = trial(run, weights=asked.weights, body=asked.body, values=asked.values)
    except (TrialRefused, ScoringError):
        # What the fields themselves cannot show to be wrong: a value that this method has no score for.
        said = gettext("Phương pháp không chấm được giá trị này; hãy thử giá trị khác.")
        asked = replace(asked, values={}, wrong={**asked.wrong, **dict.fromkeys(asked.values, said)})
        done = trial(run, weights=asked.weights)
    return Tried(chosen, run, asked, done, basis, now, form, body, definitions)


def _answered(request: HttpRequest, tried: Tried) -> dict[str, Any]:
    """The part of the page that answers while one moves."""
    run = tried.run
    only_moved = request.GET.get("xem") == ONLY_MOVED
    answer: Answer = answer_of(
        tried.trial,
        tried.asked,
        tried.chosen.spec,
        period=run.period,
        on=min(timezone.localdate(run.known_at), tried.chosen.period.last_day)
        if tried.chosen.period
        else timezone.localdate(run.known_at),
        page=request.GET.get(PAGE, ""),
        only_moved=only_moved,
    )
    here = tried.address(HERE)
    return {
        "answer": answer,
        "asked": tried.asked,
        "wrong": [(_field_of(tried, code), said) for code, said in tried.asked.wrong.items()],
        "here": here,
        "only_moved": only_moved,
        "views": (
            (here, gettext("Cả nhóm"), not only_moved),
            (f"{here}&xem={ONLY_MOVED}", gettext("Chỉ cơ quan đổi hạng"), only_moved),
        ),
        "download": tried.address(FILE),
    }


def _field_of(tried: Tried, code: str) -> str:
    """The name of the field that a fault belongs to; a family is reached by its heading."""
    if code in tried.now and f"{VALUE}{code}" in tried.asked.typed:
        return f"{VALUE}{code}"
    return f"{WEIGHT}{code}" if f"{WEIGHT}{code}" in tried.asked.typed else f"nhom.{code}"


def _is_long(request: HttpRequest, tried: Tried) -> bool:
    """Whether the address says more than what differs, or less plainly than by code."""
    short = tried.asked.words(tried.chosen.group.code, tried.run.period)
    mine = {name: value for name, value in request.GET.items() if name.startswith((WEIGHT, VALUE, BODY))}
    return mine != {name: value for name, value in short.items() if name not in ("nhom", "ky")}


def _tabs(chosen: Chosen) -> list[dict[str, Any]]:
    return [
        {
            "address": f"{reverse(HERE)}?nhom={group.code}",
            "title": title_of(group.title),
            "is_here": group.code == chosen.group.code,
        }
        for group in chosen.groups
    ]


def _periods(chosen: Chosen, asked: Asked) -> list[dict[str, Any]]:
    """The periods of the group; the same weights are tried on another, but no values, which were of this one."""
    weights = Asked(weights=asked.weights)
    return [
        {
            "address": weights.address(HERE, chosen.group.code, period.label),
            "title": period_words(period),
            "is_here": period == chosen.period,
        }
        for period in chosen.periods[:8]
    ]
