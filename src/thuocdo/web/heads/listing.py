"""The list of heads of a peer group with their figures of a term, and the heads of one body."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.publications.lifecycle import FIGURES, Term
from thuocdo.publications.queries import (
    HeadCounts,
    counts_of_seats,
    seat_of,
    signers_bodies,
    visible_bodies,
    waiting_for,
)
from thuocdo.web.design.blocks import breadcrumbs
from thuocdo.web.design.figures import named, short_named
from thuocdo.web.design.marks import door
from thuocdo.web.design.tables import SORT, page_of
from thuocdo.web.indicators.words import group_titles
from thuocdo.web.pages_kept import newest_of
from thuocdo.web.signed_in import actor_of, login_required

from .found import body_or_404, group_figures, head_title, spread_among
from .terms import NAME, choices, days_in_words, in_words, read_term, with_term

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body

GROUP = "nhom"
FIRST = "provinces"
LISTED = ("owed", "in_time", "late", "overdue", "debt_open", "returned", "transferred", "extended")
WORDS = {figure.code: figure.word for figure in FIGURES}


def _sorts() -> dict[str, Callable[[HeadCounts], float]]:
    """By word of the address: what a column sorts by; a share that does not exist comes last."""

    def by(code: str) -> Callable[[HeadCounts], float]:
        return lambda one: one.of(code)

    return {WORDS[code]: by(code) for code in LISTED} | {
        "dung-han": lambda one: -1.0 if one.in_time_share is None else one.in_time_share
    }


@require_GET
@login_required
def heads(request: HttpRequest) -> HttpResponse:
    """Every head whose record the reader may see, in one peer group and one term; who signs has their own on top."""
    actor, today = actor_of(request), timezone.localdate()
    require_anywhere(actor, Permission.VIEW_DOSSIER)
    term = read_term(request.GET.get(NAME, ""), today)
    seen = {body.pk: body for body in visible_bodies(actor).exclude(peer_group="").order_by("code")}
    titles = group_titles(today)
    groups = [code for code in titles if any(body.peer_group == code for body in seen.values())]
    asked = request.GET.get(GROUP, "")
    group = asked if asked in groups else (FIRST if FIRST in groups else next(iter(groups), ""))
    whole = group_figures(group, term, today, newest_of(request)[0]) if group else []
    listed = [one for one in whole if one.body in seen]
    rows = [_row(one, seen[one.body], term, today) for one in _sorted(listed, request.GET.get(SORT, ""))]
    path = reverse("heads")
    own = [seen[pk] for pk in signers_bodies(actor) if pk in seen]
    return render(
        request,
        "heads/list.html",
        {
            "sentence": _sentence(listed, seen, term, today),
            "page": page_of(request, rows),
            "term": in_words(term),
            "terms": choices(path, term, today, **({GROUP: group} if asked else {})),
            "groups": [(with_term(path, term, today, **{GROUP: code}), titles[code], code == group) for code in groups],
            "columns": [(WORDS[code], _title(code)) for code in LISTED],
            "median": spread_among(whole, "in_time_share"),
            "group": titles.get(group, ""),
            "own": [(reverse("body_heads", args=[body.code]), named(body)) for body in own],
            "waiting": [_waiting(one, today) for one in waiting_for(actor)[:8]],
        },
    )


def _title(code: str) -> str:
    return next(str(figure.title) for figure in FIGURES if figure.code == code)


def _sorted(found: list[HeadCounts], asked: str) -> list[HeadCounts]:
    name, sorts = asked.removeprefix("-"), _sorts()
    in_order = sorted(found, key=lambda one: (one.code, one.tenure.days.first))
    if name in sorts:
        in_order.sort(key=sorts[name], reverse=asked.startswith("-"))
    elif name != "co-quan":
        in_order.sort(key=lambda one: (one.of("overdue") + one.of("debt_open"), one.of("late")), reverse=True)
    elif asked.startswith("-"):
        in_order.reverse()
    return in_order


def _row(one: HeadCounts, body: "Body", term: Term, today: date) -> dict[str, Any]:
    def address(code: str) -> str:
        return with_term(reverse("head_rows", args=[body.code, one.tenure.key, WORDS[code]]), term, today)

    days = one.tenure.days
    until = days.until(today) or days
    is_partial = days.first > term.start or days.last < term.last_day
    return {
        "body": short_named(body),
        "title": head_title(one.tenure),
        "address": with_term(reverse("head", args=[body.code, one.tenure.key]), term, today),
        "is_vacant": one.tenure.is_vacant,
        "is_acting": one.tenure.is_acting,
        "days": days_in_words(days.first, until.last) if is_partial else "",
        "share": one.in_time_share,
        "cells": [(_title(code), one.of(code), address(code)) for code in LISTED],
    }


def _sentence(found: list[HeadCounts], seen: "dict[int, Body]", term: Term, today: date) -> SafeString:
    if not found:
        return format_html("{}", gettext("Chưa có người đứng đầu nào bạn được xem trong kỳ này."))
    heads_only = [one for one in found if not one.tenure.is_vacant]
    # What a former head left overdue stands with the one who came after as a debt taken over: it is told once.
    last = min(today, term.last_day)
    overdue = sum(one.of("overdue") + one.of("debt_open") for one in found if last in one.tenure.days)
    words = {"term": in_words(term), "heads": len(heads_only), "number": overdue}
    opening = gettext("%(term)s: %(heads)s người đứng đầu, %(number)s nhiệm vụ đang quá hạn") % words
    worst = max(found, key=lambda one: one.of("overdue"))
    if not worst.of("overdue"):
        return format_html("{}.", opening)
    place = door(
        with_term(reverse("head_rows", args=[worst.code, worst.tenure.key, WORDS["overdue"]]), term, today),
        worst.of("overdue"),
        gettext("nhiệm vụ quá hạn"),
    )
    return format_html(
        "{}; {}.", opening, format_html(gettext("nhiều nhất ở {} với {}"), short_named(seen[worst.body]), place)
    )


def _waiting(one: Any, today: date) -> dict[str, Any]:
    term = read_term(one.term, today)
    address = reverse("head", args=[one.appointment.body.code, one.appointment.pk])
    late = one.reply_by is not None and one.reply_by < today
    return {
        "body": short_named(one.appointment.body),
        "term": in_words(term),
        "address": reverse("head_dossier", args=[one.dossier]) if one.dossier else with_term(address, term, today),
        "reply_by": one.reply_by,
        "is_late": late,
        "is_frozen": one.dossier is not None,
    }


@require_GET
@login_required
def body_heads(request: HttpRequest, code: str) -> HttpResponse:
    """Who headed a body in a term; goes on to the record where there was one head all the time."""
    actor, today = actor_of(request), timezone.localdate()
    body = body_or_404(code, actor)
    term = read_term(request.GET.get(NAME, ""), today)
    seat = seat_of(body)
    found = counts_of_seats([seat], term, today)
    if len(found) == 1:
        return redirect(with_term(reverse("head", args=[code, found[0].tenure.key]), term, today))
    return render(
        request,
        "heads/body.html",
        {
            "body": body,
            "crumbs": breadcrumbs(reverse("heads"), gettext("Người đứng đầu"), short_named(body)),
            "sentence": _of_body(found, term),
            "term": in_words(term),
            "terms": choices(reverse("body_heads", args=[code]), term, today),
            "rows": [_row(one, body, term, today) for one in found],
            "columns": [_title(one) for one in LISTED],
        },
    )


def _of_body(found: list[HeadCounts], term: Term) -> str:
    number = sum(not one.tenure.is_vacant for one in found)
    vacant = sum((one.tenure.days.number for one in found if one.tenure.is_vacant), 0)
    words = {"term": in_words(term), "number": number, "days": vacant}
    if not found:
        return gettext("%(term)s: cơ quan chưa hoạt động.") % words
    if vacant:
        return (
            gettext(
                "%(term)s: %(number)s người đứng đầu nối nhau, khuyết %(days)s ngày; mỗi người trả lời về ngày "
                "mình giữ chức."
            )
            % words
        )
    return gettext("%(term)s: %(number)s người đứng đầu nối nhau; mỗi người trả lời về ngày mình giữ chức.") % words
