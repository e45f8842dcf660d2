"""My work today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, may_anywhere
from thuocdo.web.design.marks import door
from thuocdo.web.signed_in import actor_of, login_required

from .sections import Documents, Section, documents_to_review, sections


def _context(request: HttpRequest) -> dict[str, object]:
    actor, today = actor_of(request), timezone.localdate()
    waiting, documents = sections(actor, today), documents_to_review(actor)
    return {
        "sections": waiting,
        "documents": documents,
        "sentence": _sentence(waiting, documents),
        "may_view_tasks": may_anywhere(actor, Permission.VIEW_TASKS),
        "may_publish": may_anywhere(actor, Permission.PUBLISH),
        "may_manage": may_anywhere(actor, Permission.MANAGE_ACCOUNTS),
        "may_judge": may_anywhere(actor, Permission.JUDGE_EFFECTIVENESS),
        "today": today,
    }


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """What waits for the person who is signed in."""
    return render(request, "my_work/page.html", _context(request))


@require_GET
@login_required
def part(request: HttpRequest) -> HttpResponse:
    """The sections alone, for the open page."""
    return render(request, "my_work/_sections.html", _context(request))


def _sentence(waiting: list[Section], documents: Documents | None) -> SafeString:
    """How many of each wait, each number a door to its section."""
    said = [(door(f"#{section.word}", section.number), section.said) for section in waiting]
    if documents is not None:
        said.insert(0, (door("#documents", documents.number), gettext("văn bản chờ rà soát")))
    if not said:
        return format_html("{}", gettext("Hôm nay không có việc nào chờ bạn."))
    return format_html("{}.", format_html_join("; ", "{} {}", said))
