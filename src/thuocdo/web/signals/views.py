"""The page of signs: each kind with its rule, its meaning, its limits, and the rows behind every sign."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, npgettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.indicators.queries import indicators
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.scorecards.queries import spec_of
from thuocdo.scorecards.queries.monitors import Signs, signs
from thuocdo.web.bodies.card import definition_title, value_in_words
from thuocdo.web.design.figures import day
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.kept import kept
from thuocdo.web.rankings.choice import scorecard_in_force
from thuocdo.web.rankings.marks import body_address, called, part_titles, title_of
from thuocdo.web.signed_in import actor_of, login_required

from . import wording

# Words of a report that stand beside those of the other.
EXCERPT = 320


@dataclass(frozen=True, slots=True)
class Behind:
    """A row behind a sign: what it is called, where it is looked at, what it says."""

    address: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A sign as the page shows it."""

    sentence: SafeString | str
    rows: list[Behind]
    course: list[tuple[str, float]] = field(default_factory=list)


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Every sign within the person's reach."""
    actor, today = actor_of(request), timezone.localdate()
    require_anywhere(actor, Permission.VIEW_SIGNALS)
    scorecard = scorecard_in_force(today)
    code = scorecard.code if scorecard else ""
    # The reach is the person's own, hence the person is among the marks.
    found = kept(
        "signs", actor.user_id, today, newest_number(), code, build=lambda: signs(actor, on=today, scorecard=code)
    )
    titles: dict[str, str] = {}
    groups: dict[str, str] = {}
    if scorecard is not None:
        spec = spec_of(scorecard)
        titles = part_titles(spec)
        groups = {one.code: title_of(one.title) for one in spec.peer_groups}
    parts = _parts(found, titles, groups)
    sections = [{"kind": kind, "signs": parts[kind.code]} for kind in wording.KINDS]
    response = render(
        request,
        "signals/page.html",
        {"sections": sections, "found": found, "sentence": wording.opening(found), "looked": _looked(found)},
    )
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _parts(found: Signs, titles: dict[str, str], groups: dict[str, str]) -> dict[str, list[Shown]]:
    return {
        "cham-tran": _ceilings(found, titles, groups),
        "so-tron": _heaps(found),
        "cuoi-ky": _hurries(found),
        "dung-lai": [
            Shown(wording.of_reuse(one), [_task(task, task.title) for task in one.tasks]) for one in found.reused
        ],
        "chep-lai": [
            Shown(wording.of_copied(one), [_report(report) for report in one.reports]) for one in found.copied
        ],
    }


def _ceilings(found: Signs, titles: dict[str, str], groups: dict[str, str]) -> list[Shown]:
    names = bodies_by_code(code for sign in found.ceilings for code in sign.bodies)
    shown = []
    for sign in found.ceilings:
        address = f"{reverse('indicator', args=[sign.indicator])}?ky={sign.period}&nhom={sign.peer_group}"
        rows = [
            Behind(f"{reverse('body_part', args=[code, sign.indicator])}?ky={sign.period}", called(names[code]))
            for code in sign.bodies
            if code in names
        ]
        sentence = wording.of_ceiling(
            sign, titles.get(sign.indicator, sign.indicator), groups.get(sign.peer_group, sign.peer_group), address
        )
        shown.append(Shown(sentence, rows, [(period_words(label), 100 * part) for label, part in sign.shares]))
    return shown


def _heaps(found: Signs) -> list[Shown]:
    known = {one.code: one for one in indicators(codes=[row.indicator for sign in found.heaps for row in sign.rows])}
    shown = []
    for sign in found.heaps:
        code = sign.body.code
        rows = [
            Behind(
                f"{reverse('indicator', args=[row.indicator])}?co_quan={code}&ky={row.period}",
                definition_title(known[row.indicator]),
                f"{value_in_words(known[row.indicator], row.value)}, {period_words(row.period)}",
            )
            for row in sign.rows
        ]
        shown.append(Shown(wording.of_heap(sign, body_address(code)), rows))
    return shown


def _hurries(found: Signs) -> list[Shown]:
    return [
        Shown(
            wording.of_hurry(sign, body_address(sign.body.code)),
            [_task(task, gettext("nộp %(day)s") % {"day": day(on)}) for task, on in sign.tasks]
            or [Behind("", day(one)) for one in sign.days],
        )
        for sign in found.hurries
    ]


def _task(task: Any, note: str) -> Behind:
    return Behind(reverse("task", args=[task.code]), f"{task.code} · {called(task.lead)}", note)


def _report(report: Any) -> Behind:
    text = " ".join(report.text.split())
    return _task(report.task, f"{day(report.at)}: {text[:EXCERPT]}{'…' if len(text) > EXCERPT else ''}")


def _looked(found: Signs) -> list[tuple[str, int]]:
    words = {
        "ceilings": lambda n: npgettext("looked at", "chỉ số theo nhóm", "chỉ số theo nhóm", n),
        "heaps": lambda n: npgettext("looked at", "cơ quan tự khai báo số liệu", "cơ quan tự khai báo số liệu", n),
        "hurries": lambda n: npgettext(
            "looked at",
            "lượt xét cơ quan có đủ lần nộp kết quả hoặc ghi số liệu",
            "lượt xét cơ quan có đủ lần nộp kết quả hoặc ghi số liệu",
            n,
        ),
        "evidence": lambda n: npgettext("looked at", "tệp minh chứng", "tệp minh chứng", n),
        "reports": lambda n: npgettext("looked at", "báo cáo", "báo cáo", n),
    }
    return [(words[name](count), count) for name, count in found.looked_at.items()]
