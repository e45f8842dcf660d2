"""The list of findings by risk, one finding as a story, and what people do about it."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, may_anywhere
from thuocdo.evaluations.queries import (
    OPENISH,
    Kind,
    State,
    counts_by_state,
    finding_by_id,
    findings_visible_to,
    for_findings_list,
    names_of,
    possible_acts,
    rules_on,
    sizes_of,
    steps_of,
)
from thuocdo.indicators.queries import measurements
from thuocdo.web.bodies.card import definition_title, unit_of, value_in_words
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.design.figures import number
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.design.marks import door
from thuocdo.web.design.tables import page_of
from thuocdo.web.indicators.words import difference
from thuocdo.web.ledger.wording import actor_in_words
from thuocdo.web.signed_in import actor_of, login_required

from . import words
from .forms import WAITING, WORDED, AssignForm, FilterForm, WordsForm

if TYPE_CHECKING:
    from thuocdo.evaluations.models import Finding, Step

MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as the list shows it."""

    finding: "Finding"
    title: str
    sentence: str
    is_late: bool


@require_GET
@login_required
def findings(request: HttpRequest) -> HttpResponse:
    """Everything that the reader watches over or answers for, riskiest first."""
    actor, today = actor_of(request), timezone.localdate()
    require_door(actor)
    seen = findings_visible_to(actor)
    form = FilterForm(request.GET or {"muc": WAITING})
    listed = _filtered(seen, form.cleaned_data) if form.is_valid() else seen
    version = rules_on(today)
    rules = version.rules if version is not None else None
    page = page_of(request, for_findings_list(listed))
    response = render(
        request,
        "findings/page.html",
        {
            "sentence": _opening(counts_by_state(seen), seen, today),
            "form": form,
            "page": page,
            "rows": [
                Row(one, words.title(one), words.sentence(one, rules), is_late(one, today)) for one in page.object_list
            ],
            "watches": may_anywhere(actor, Permission.VIEW_SIGNALS),
        },
    )
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def require_door(actor: Actor) -> None:
    """Raises NotAllowed for whoever neither watches over bodies nor answers for one."""
    if not any(may_anywhere(actor, one) for one in (Permission.VIEW_SIGNALS, Permission.ANSWER_FINDING)):
        raise NotAllowed(actor, Permission.VIEW_SIGNALS)


def is_late(finding: "Finding", today: date) -> bool:
    """Whether the answer is overdue."""
    waits = finding.state in (State.OPEN, State.IN_VERIFICATION)
    return waits and finding.answer_by is not None and finding.answer_by < today


def _filtered(seen: "QuerySet[Finding]", asked: dict[str, Any]) -> "QuerySet[Finding]":
    if asked["muc"] == WAITING:
        seen = seen.filter(state__in=OPENISH)
    elif asked["muc"]:
        seen = seen.filter(state=asked["muc"])
    if asked["loai"]:
        seen = seen.filter(kind=asked["loai"])
    if asked["co_quan"]:
        seen = seen.filter(body__code=asked["co_quan"].strip())
    return seen


def _figure_address(number: int | None) -> str:
    return reverse("figure", args=[number]) if number else ""


def _opening(counts: dict[str, int], seen: "QuerySet[Finding]", today: date) -> SafeString:
    waiting = sum(counts.get(state, 0) for state in OPENISH)
    if not counts:
        return format_html("{}", gettext("Chưa có phát hiện nào: mọi số liệu đối chiếu được đều khớp."))
    if not waiting:
        return format_html("{}", gettext("Mọi phát hiện đều đã được khép."))
    address = reverse("findings")
    unowned = seen.filter(state=State.OPEN, owner__isnull=True).count()
    text = ngettext(
        "{} phát hiện chưa khép: {} chưa giao xác minh, {} đã có trả lời chờ kết luận, {} quá hạn trả lời.",
        "{} phát hiện chưa khép: {} chưa giao xác minh, {} đã có trả lời chờ kết luận, {} quá hạn trả lời.",
        waiting,
    )
    late = seen.filter(state__in=(State.OPEN, State.IN_VERIFICATION), answer_by__lt=today).count()
    return format_html(
        text,
        door(f"{address}?muc={WAITING}", waiting),
        door(f"{address}?muc={State.OPEN}", unowned),
        door(f"{address}?muc={State.ANSWERED}", counts.get(State.ANSWERED, 0)),
        number(late),
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """A row behind a finding: where it is looked at, and what it says."""

    address: str
    title: str
    note: str


@require_GET
@login_required
def finding(request: HttpRequest, number: int) -> HttpResponse:
    """One finding: two figures on a ruler, their history, rows behind, what was said, what can be done."""
    actor = actor_of(request)
    return _one(request, actor, _found(actor, number))


def _found(actor: Actor, number: int) -> "Finding":
    require_door(actor)
    found = finding_by_id(actor, number)
    if found is None:
        raise Http404
    return found


def _one(request: HttpRequest, actor: Actor, row: "Finding", typed: dict[str, Any] | None = None) -> HttpResponse:
    version = rules_on(timezone.localdate())
    rules = version.rules if version is not None else None
    acts = {act.name for act in possible_acts(actor, row)}
    steps = list(steps_of(row))
    names = names_of(steps)
    forms: dict[str, Any] = {name: WordsForm(prefix=name) for _word, (name, _do) in WORDED.items() if name in acts}
    if "assign" in acts:
        forms["assign"] = AssignForm(actor, row, days=rules.days_to_answer if rules else 10)
    forms |= typed or {}
    sizes = list(sizes_of(row))
    unit = unit_of(row.indicator) if row.indicator is not None else ""
    low, high = _scale(row)
    response = render(
        request,
        "findings/one.html",
        {
            "finding": row,
            "title": words.title(row),
            "sentence": words.sentence(row, rules),
            "honest": words.HONEST[row.kind],
            "unit": unit,
            "low": low,
            "high": high,
            "sizes": [(size.at, words.amount(size.size, unit), size.sign) for size in sizes],
            "has_values": row.claimed_value is not None and row.stronger_value is not None,
            "claimed": words.amount(row.claimed_value, unit),
            "stronger": words.amount(row.stronger_value, unit),
            "claimed_address": _figure_address(row.claimed_id),
            "stronger_address": _figure_address(row.stronger_id),
            "tolerance": difference(row.tolerance, unit) if row.tolerance is not None else "",
            "behind": _behind(row),
            "course": _course(row),
            "steps": [(step, words.ACTS.get(step.act, step.act), _who(step, names)) for step in steps],
            "acts": acts,
            "forms": forms,
            "is_late": is_late(row, timezone.localdate()),
            "watches": may_anywhere(actor, Permission.VIEW_SIGNALS),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if typed else HTTPStatus.OK,
    )
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _who(step: "Step", names: dict[int, str]) -> str:
    return names.get(step.by_user_id or 0) or actor_in_words(step.by_label)


def _scale(row: "Finding") -> tuple[float, float]:
    """Ends of the ruler: those of the indicator, or what holds both values."""
    indicator = row.indicator
    values = [float(one) for one in (row.claimed_value, row.stronger_value) if one is not None]
    if not values:
        return 0.0, 100.0
    low = float(indicator.lower) if indicator is not None and indicator.lower is not None else min(0.0, *values)
    top = max(values)
    within = indicator is not None and indicator.upper is not None and float(indicator.upper) <= 20 * max(top, 1.0)
    high = float(indicator.upper) if within and indicator is not None and indicator.upper is not None else 1.1 * top
    return low, high if high > low else low + 1.0


def _behind(row: "Finding") -> list[Behind]:
    """The figures, or the task, that the finding rests on."""
    if row.task is not None:
        return [Behind(reverse("task", args=[row.task.code]), row.task.code, row.task.title)]
    wanted = [one for one in (row.claimed_id, row.stronger_id, *row.facts.get("measurements", ())) if one]
    return [
        Behind(
            _figure_address(one.pk),
            definition_title(one.indicator),
            " · ".join(
                (
                    period_words(one.period),
                    value_in_words(one.indicator, one.value) if one.value is not None else "–",
                    one.source,
                )
            ),
        )
        for one in measurements(ids=wanted[:MOST_ROWS])
    ]


def _course(row: "Finding") -> list[tuple[str, str, str]]:
    """Period by period, for findings over several."""
    facts = row.facts
    if row.kind == Kind.OPPOSED:
        lines = zip(facts["quarters"], facts["volumes"], facts["outcomes"], strict=True)
        return [(period_words(label), number(a), number(b)) for label, a, b in lines]
    if row.kind == Kind.BURST:
        return [
            (period_words(label), number(a), "") for label, a in zip(facts["months"], facts["amounts"], strict=True)
        ]
    return []


@require_POST
@login_required
def act(request: HttpRequest, number: int, word: str) -> HttpResponse:
    """Name who answers, answer, ask again, judge."""
    actor = actor_of(request)
    row = _found(actor, number)
    if word == "giao":
        assigning = AssignForm(actor, row, request.POST)
        if assigning.save(timezone.now()):
            say(request, gettext("Đã giao xác minh."))
            return redirect("finding", number=number)
        return _one(request, actor, row, {"assign": assigning})
    if word not in WORDED:
        raise Http404
    name = WORDED[word][0]
    form = WordsForm(request.POST, prefix=name)
    if form.save(actor, row, word, timezone.now()):
        say(request, gettext("Đã ghi: %(act)s.") % {"act": words.ACTS[name]})
        return redirect("finding", number=number)
    if name not in {one.name for one in possible_acts(actor, row)}:
        say_wrong(request, gettext("Chưa ghi được."), " ".join(map(str, form.non_field_errors())))
        return redirect("finding", number=number)
    return _one(request, actor, row, {name: form})
