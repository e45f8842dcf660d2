"""The public home, the list of public tasks, and what robots and browsers ask for first."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import anonymous
from thuocdo.engine.spelling import search_key
from thuocdo.ledger.queries import newest_number
from thuocdo.scorecards.queries import spec_of
from thuocdo.tasks.lifecycle import DUE_SOON_DAYS, OWED
from thuocdo.tasks.queries import State, public_tasks
from thuocdo.web.bodies.owed import debts
from thuocdo.web.design.figures import number, percent
from thuocdo.web.design.marks import door
from thuocdo.web.design.tables import page_of
from thuocdo.web.kept import kept
from thuocdo.web.rankings.choice import scorecard_in_force
from thuocdo.web.rankings.marks import class_title, part_titles, pillars_of, title_of

from .figures import IN_TIME, OVERDUE, Public, map_of, public_figures, public_list_address
from .forms import PublicTasksFilter

if TYPE_CHECKING:
    from datetime import date

    from thuocdo.tasks.models import Task

# Whatever is not for search engines: what needs a sign-in, and what merely repeats a page.
ROBOTS = """User-agent: *
Disallow: /tai-khoan/
Disallow: /api/
Disallow: /live
Disallow: /thiet-ke/
Disallow: /co-quan/goi-y
"""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The public home; the same for everybody, hence kept until something new has happened."""
    today = timezone.localdate()
    what = IN_TIME if request.GET.get("ban-do") == IN_TIME else OVERDUE
    newest = newest_number()

    def build() -> SafeString:
        context = {
            "public": (figures := public_figures(today)),
            "sentence": opening(figures),
            "map": map_of(today, what),
            "map_choices": [
                (reverse("home"), gettext("số việc quá hạn"), what == OVERDUE),
                (f"{reverse('home')}?ban-do={IN_TIME}", gettext("tỷ lệ đúng hạn"), what == IN_TIME),
            ],
            "method": _method(today),
        }
        return SafeString(render_to_string("home/_public.html", context))

    return render(request, "home/page.html", {"content": kept("home", newest, today, what, build=build)})


def opening(figures: Public) -> SafeString:
    """What is overdue and whose, and how much was done in time."""
    counts, first = figures.counts, next(iter(figures.debtors), None)
    if not counts.all:
        return SafeString(gettext("Chưa có nhiệm vụ nào được công khai."))
    if counts.overdue and first is not None:
        text = format_html(
            ngettext(
                "{} nhiệm vụ công khai đang quá hạn, nhiều nhất là {} với {}",
                "{} nhiệm vụ công khai đang quá hạn, nhiều nhất là {} với {}",
                counts.overdue,
            ),
            door(public_list_address(muc="qua-han"), number(counts.overdue)),
            format_html('<a class="door" href="{}">{}</a>', first.address, first.name),
            number(first.overdue),
        )
    else:
        text = SafeString(gettext("Không có nhiệm vụ công khai nào quá hạn"))
    share = figures.delivery.now.in_time_share
    if share is None:
        return format_html("{}.", text)
    return format_html(gettext("{}; từ đầu năm {} việc đến hạn đã hoàn thành đúng hạn."), text, percent(share, 0))


def _method(today: "date") -> dict[str, object] | None:
    """How the ranking is made, in three figures."""
    scorecard = scorecard_in_force(today)
    if scorecard is None:
        return None
    spec = spec_of(scorecard)
    titles = part_titles(spec)
    return {
        "title": title_of(spec.title),
        "pillars": [titles[one.code] for one in pillars_of(spec)],
        "indicators": len(spec.indicators),
        "caps": [
            {
                "pillar": titles.get(cap.node, cap.node),
                "below": cap.below,
                "most": class_title(spec, cap.class_at_most),
            }
            for cap in spec.caps
        ],
    }


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Public tasks: what, who answers for it, until when, how it stands, what came of it."""
    today = timezone.localdate()
    form = PublicTasksFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = narrowed(public_tasks(), today, asked) if not (form.is_bound and form.errors) else public_tasks().none()
    page = page_of(request, by_deadline(found))
    page.object_list = debts(page.object_list, today, actor=anonymous(today))  # type: ignore[arg-type]
    return render(
        request,
        "home/tasks.html",
        {
            "form": form,
            "page": page,
            "found": page.paginator.count,
            "word": asked.get("muc", ""),
            "is_narrowed": any(request.GET.get(name) for name in form.fields),
        },
    )


def narrowed(found: "QuerySet[Task]", today: "date", asked: Mapping[str, Any]) -> "QuerySet[Task]":
    """The tasks that fit the filters."""
    for word in search_key(str(asked.get("tim") or "")).split():
        found = found.filter(search__contains=word)
    if asked.get("co_quan") is not None:
        found = found.filter(lead=asked["co_quan"])
    owed = Q(state__in=sorted(OWED))
    match asked.get("muc", ""):
        case "qua-han":
            return found.filter(owed, due_on__lt=today)
        case "sap-den-han":
            return found.filter(owed, due_on__gte=today, due_on__lte=today + timedelta(days=DUE_SOON_DAYS))
        case "hoan-thanh":
            return found.filter(state=State.COMPLETED)
        case "tat-ca":
            return found
    return found.filter(owed)


def by_deadline(found: "QuerySet[Task]") -> "QuerySet[Task]":
    """The longest overdue first; those without a deadline last."""
    return found.order_by(F("due_on").asc(nulls_last=True), "code")


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may visit: the public pages."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers that ask for the old name get our sign."""
    return redirect(static("icons/thuocdo.svg"), permanent=True)
