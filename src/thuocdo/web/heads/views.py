"""One head's record in a term, and exactly the rows behind each of its figures."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.engine.calendars import add_working_days
from thuocdo.publications.lifecycle import FIGURES, METHOD, Fact, Figure, Group, Term, figures_of_group, terms_before
from thuocdo.publications.queries import (
    HeadCounts,
    Record,
    dossiers_of,
    record_of,
    records_of_terms,
    requests_of,
    signature_of,
)
from thuocdo.tasks.queries import visible_to
from thuocdo.web.design.blocks import breadcrumbs
from thuocdo.web.design.figures import day, named, number, percent, short_named
from thuocdo.web.design.marks import door
from thuocdo.web.design.tables import page_of
from thuocdo.web.indicators.words import group_titles
from thuocdo.web.pages_kept import newest_of
from thuocdo.web.signed_in import actor_of, login_required

from .forms import RequestForm
from .found import Found, NotInTerm, found_or_404, group_and_own, head_title, spread_among
from .terms import NAME, choices, days_in_words, in_words, read_term, with_term

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thuocdo.accounts.permissions import Actor
    from thuocdo.publications.models import Dossier
    from thuocdo.tasks.models import Task

# The terms of the trend, this one among them.
TREND = 6
# Working days that a head has to sign, unless the office says otherwise.
DAYS_TO_SIGN = 5
TRENDED = ("owed", "in_time", "late", "overdue")


@require_GET
@login_required
def head(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """What a head answers for in a term, beside the terms before and the heads of the same group."""
    actor, today = actor_of(request), timezone.localdate()
    term = read_term(request.GET.get(NAME, ""), today)
    try:
        found = found_or_404(code, key, term, actor)
    except NotInTerm as absent:
        return _not_in_term(request, absent, term)
    return render(request, "heads/head.html", head_context(request, found))


def head_context(request: HttpRequest, found: Found, form: RequestForm | None = None) -> dict[str, Any]:
    """Everything that the page of a record shows."""
    term, today, tenure = found.term, found.today, found.tenure
    asked_terms = terms_before(term, TREND)
    others, own = group_and_own(found, asked_terms[0].start, newest_of(request)[0])
    over_terms = records_of_terms(found.seat, tenure.key, asked_terms, today, own)
    record = over_terms[-1][1] or record_of(found.seat, tenure, term, today)
    appointed = tenure.appointed
    versions = dossiers_of(found.body, appointed.number, term.label) if appointed else []
    group = found.body.peer_group
    asked = requests_of(appointed.number, term.label) if appointed else []
    return {
        "found": found,
        "body": found.body,
        "title": head_title(tenure),
        "crumbs": breadcrumbs(*_crumbs(found), head_title(tenure)),
        "sentence": _sentence(found, record),
        "term": in_words(term),
        "terms": choices(reverse("head", args=[found.body.code, tenure.key]), term, today),
        "tenure": tenure,
        "days": _days(record, found),
        "until": record.until,
        "is_whole": record.until == term.last_day,
        "main": _main(found, record),
        "groups": _groups(found, record),
        "objective": [_figure(found, record, figure) for figure in figures_of_group(Group.OBJECTIVE)],
        "measures": _measures(found, record.counts, others) if others else [],
        "group_title": group_titles(today).get(group, "") if others else "",
        "trend": [_trend_row(found, one, past) for one, past in reversed(_since_first(over_terms))],
        "method": METHOD,
        "versions": [_version(one) for one in versions],
        "newest": versions[0] if versions else None,
        "asked": asked[0] if asked else None,
        "is_answered": bool(asked) and any(_signed_since(one, asked[0].at) for one in versions),
        "form": form or RequestForm(initial={"reply_by": add_working_days(today, DAYS_TO_SIGN)}),
    }


def _since_first(over_terms: list[tuple[Term, Record | None]]) -> list[tuple[Term, Record | None]]:
    """The terms from the first in office on."""
    first = next((place for place, (_term, record) in enumerate(over_terms) if record is not None), 0)
    return over_terms[first:]


def _signed_since(dossier: "Dossier", at: Any) -> bool:
    signed = signature_of(dossier)
    return signed is not None and signed.at >= at


def _not_in_term(request: HttpRequest, absent: NotInTerm, term: Term) -> HttpResponse:
    """The head was not in office in the term: says so and offers those in which they were."""
    today = timezone.localdate()
    path = reverse("head", args=[absent.body.code, absent.key])
    offered = [one for one in choices(path, term, today) if not one.is_here]
    return render(
        request,
        "heads/absent.html",
        {
            "body": absent.body,
            "crumbs": breadcrumbs(reverse("heads"), gettext("Người đứng đầu"), short_named(absent.body)),
            "term": in_words(term),
            "terms": offered,
            "body_address": with_term(reverse("body_heads", args=[absent.body.code]), term, today),
        },
    )


def _crumbs(found: Found) -> list[str]:
    body = with_term(reverse("body_heads", args=[found.body.code]), found.term, found.today)
    return [reverse("heads"), gettext("Người đứng đầu"), body, short_named(found.body)]


def _days(record: Record, found: Found) -> str:
    """The days that are counted, span by span."""
    counted = found.tenure.days.until(found.today)
    spans = counted.spans if counted else found.tenure.days.spans
    return "; ".join(days_in_words(first, until - until.resolution) for first, until in spans)


def _sentence(found: Found, record: Record) -> SafeString:
    def linked(code: str, words: str) -> SafeString:
        return format_html("{} {}", door(found.rows_address(_word(code)), record.counts.of(code), words), words)

    if not record.counts.of("owed"):
        return format_html("{}", gettext("Trong những ngày này cơ quan không có nhiệm vụ phải thực hiện."))
    parts = [
        linked("owed", gettext("nhiệm vụ phải thực hiện")),
        linked("in_time", gettext("hoàn thành trong hạn")),
        linked("late", gettext("hoàn thành muộn")),
        linked("overdue", gettext("đang quá hạn")),
    ]
    if record.counts.of("debt_open"):
        parts.append(linked("debt_open", gettext("nợ cũ nhận bàn giao còn lại")))
    return format_html("{}: {}.", in_words(found.term), SafeString(", ".join(parts)))


def _word(code: str) -> str:
    return next(figure.word for figure in FIGURES if figure.code == code)


def _figure(found: Found, record: Record, figure: Figure) -> dict[str, Any]:
    return {
        "title": figure.title,
        "meaning": figure.meaning,
        "value": record.counts.of(figure.code),
        "address": found.rows_address(figure.word),
    }


def _main(found: Found, record: Record) -> list[dict[str, Any]]:
    wanted = ("owed", "in_time", "late", "overdue")
    return [_figure(found, record, figure) for figure in FIGURES if figure.code in wanted]


def _groups(found: Found, record: Record) -> list[tuple[str, list[dict[str, Any]]]]:
    titles = {
        Group.DEBTS: gettext("Còn lại trong số phải thực hiện"),
        Group.TAKEN_OVER: gettext("Còn lại từ trước") if found.tenure.is_vacant else gettext("Nhận bàn giao"),
        Group.HAPPENINGS: gettext("Việc đã xảy ra, số lần"),
        Group.EFFECT: gettext("Hiệu quả của việc đã hoàn thành"),
    }
    main = {"owed", "in_time", "late", "overdue"}
    return [
        (title, [_figure(found, record, one) for one in figures_of_group(group) if one.code not in main])
        for group, title in titles.items()
    ]


def _measures(found: Found, own: HeadCounts, others: list[HeadCounts]) -> list[dict[str, Any]]:
    """Where the head stands among the group: share, median and the middle half; no place, no judgement."""
    asked = (
        ("in_time_share", gettext("Hoàn thành trong hạn"), "in_time", True),
        ("overdue_share", gettext("Đang quá hạn trong số phải thực hiện"), "overdue", True),
        ("returned_rate", gettext("Bị trả lại, số lần trên 100 nhiệm vụ"), "returned", False),
        ("effective_share", gettext("Có hiệu quả trong số đã đánh giá"), "effective", True),
    )
    found_measures = []
    for name, title, code, is_percent in asked:
        value: float | None = getattr(own, name)
        spread = spread_among(others, name)
        written = percent if is_percent else number
        found_measures.append(
            {
                "title": title,
                "value": value,
                "shown": written(value, 1) if value is not None else "–",
                "address": found.rows_address(_word(code)),
                "median": written(spread.middle, 1) if spread else "",
                "half": f"{written(spread.low, 1)} – {written(spread.high, 1)}" if spread else "",
                "middle": spread.middle if spread else None,
                "number": spread.number if spread else 0,
                "high": 100 if is_percent else max(100.0, value or 0, spread.high if spread else 0),
            }
        )
    return found_measures


def _trend_row(found: Found, term: Term, record: Record | None) -> dict[str, Any]:
    return {
        "term": in_words(term),
        "is_here": term == found.term,
        "address": with_term(reverse("head", args=[found.body.code, found.tenure.key]), term, found.today),
        "record": record,
        "share": record.counts.in_time_share if record else None,
        "cells": [(record.counts.of(code), found.rows_address(_word(code), term)) for code in TRENDED]
        if record
        else [],
    }


def _version(dossier: "Dossier") -> dict[str, Any]:
    return {"dossier": dossier, "signed": signature_of(dossier), "address": reverse("head_dossier", args=[dossier.pk])}


# --- The rows behind a figure


@require_GET
@login_required
def rows(request: HttpRequest, code: str, key: str, word: str) -> HttpResponse:
    """Exactly the rows that a figure of a record counts."""
    actor, today = actor_of(request), timezone.localdate()
    term = read_term(request.GET.get(NAME, ""), today)
    figure = next((one for one in FIGURES if one.word == word), None)
    if figure is None:
        raise Http404
    try:
        found = found_or_404(code, key, term, actor)
    except NotInTerm as absent:
        return _not_in_term(request, absent, term)
    record = record_of(found.seat, found.tenure, term, today)
    facts = record.rows(figure.code)
    page = page_of(request, facts)
    seen = _seen(actor, list(page.object_list))
    return render(
        request,
        "heads/rows.html",
        {
            "found": found,
            "body": found.body,
            "figure": figure,
            "crumbs": breadcrumbs(*_crumbs(found), found.address, head_title(found.tenure), str(figure.title)),
            "title": head_title(found.tenure),
            "sentence": _of_rows(figure, len(facts), found, record),
            "terms": choices(reverse("head_rows", args=[code, key, word]), term, today),
            "page": page,
            "rows": [row_in_words(fact, seen) for fact in page.object_list],
            "others": [
                (found.rows_address(one.word), one.title, record.counts.of(one.code), one == figure)
                for one in FIGURES
                if record.counts.of(one.code) or one == figure
            ],
        },
    )


def _seen(actor: "Actor", facts: list[Fact]) -> set[str]:
    """The codes of the tasks whose pages the reader may open."""
    tasks: QuerySet[Task] = visible_to(actor).filter(pk__in={fact.task for fact in facts})
    return set(tasks.values_list("code", flat=True))


def _of_rows(figure: Figure, counted: int, found: Found, record: Record) -> str:
    words = {
        "figure": str(figure.title).lower(),
        "number": number(counted),
        "body": named(found.body),
        "days": _days(record, found),
    }
    if figure.counts_times:
        return gettext("%(number)s lần %(figure)s ở %(body)s, %(days)s.") % words
    return gettext("%(number)s nhiệm vụ %(figure)s ở %(body)s, %(days)s.") % words


OUTCOMES = {
    "in_time": "done",
    "late": "done_late",
    "overdue": "overdue",
    "running": "on_time",
    "suspended": "suspended",
    "left": "cancelled",
    "debt_settled": "done_late",
    "debt_open": "overdue",
    "returned": "returned",
    "disputed": "disputed",
    "paused": "suspended",
}


def row_in_words(fact: Any, seen: set[str]) -> dict[str, Any]:
    """A row as lists show it: the task, its deadline, what the row says and on which day."""
    titles = {figure.code: figure.title for figure in FIGURES}
    outcome = next((code for code in fact.figures if code not in ("owed", "inherited")), "")
    return {
        "fact": fact,
        "code": fact.code,
        "title": fact.title,
        "address": reverse("task", args=[fact.code]) if fact.code in seen else "",
        "status": OUTCOMES.get(outcome, ""),
        "outcome": titles.get(outcome, ""),
        "day": day(fact.on),
        "late": fact.days_late,
        "is_inherited": "inherited" in fact.figures,
    }
