"""My work today."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, npgettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere
from thuocdo.web.design.marks import door
from thuocdo.web.feeds.silence import silences
from thuocdo.web.pages_kept import kept_page, newest_of
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.listing import tally
from thuocdo.web.tasks.sentences import opening

from .sections import Documents, Section, documents_to_review, mentioned, sections


def _context(request: HttpRequest) -> dict[str, object]:
    actor, today = actor_of(request), timezone.localdate()
    waiting, documents = sections(actor, today), documents_to_review(actor)
    mentions_number, mentions = mentioned(actor)
    return {
        "sections": waiting,
        "documents": documents,
        "mentions_number": mentions_number,
        "mentions": mentions,
        "silent_feeds": silences(actor),
        "sentence": _sentence(waiting, documents, mentions_number),
        "wider": _wider(actor, today, waiting, newest_of(request)),
        "may_view_tasks": may_anywhere(actor, Permission.VIEW_TASKS),
        "may_publish": may_anywhere(actor, Permission.PUBLISH),
        "may_manage": may_anywhere(actor, Permission.MANAGE_ACCOUNTS),
        "may_judge": may_anywhere(actor, Permission.JUDGE_EFFECTIVENESS),
        "today": today,
    }


@require_GET
@login_required
@kept_page
def page(request: HttpRequest) -> HttpResponse:
    """What waits for the person who is signed in."""
    return render(request, "my_work/page.html", _context(request))


@require_GET
@login_required
def part(request: HttpRequest) -> HttpResponse:
    """The sections alone, for the open page."""
    return render(request, "my_work/_sections.html", _context(request))


def _wider(actor: Actor, today: date, waiting: list[Section], newest: tuple[int, str]) -> SafeString:
    """What is late and falls due in everything that the person watches; empty where it says nothing more."""
    if not may_anywhere(actor, Permission.VIEW_TASKS):
        return SafeString("")
    counts = tally(actor, today, {}, newest=newest)
    own = {section.word: section.number for section in waiting}
    said_already = (own.get("late", 0), own.get("due_soon", 0)) == (counts["qua-han"], counts["sap-den-han"])
    if said_already or not counts[""]:
        return SafeString("")

    def address(**changes: str | None) -> str:
        asked = urlencode({word: value for word, value in changes.items() if value is not None})
        return f"{reverse('tasks')}?{asked}" if asked else reverse("tasks")

    return opening(counts, address, is_narrowed=False)


def _sentence(waiting: list[Section], documents: Documents | None, mentions: int) -> SafeString:
    """How many of each wait, each number a door to its section."""
    said = [(door(f"#{section.word}", section.number), section.said) for section in waiting]
    if documents is not None:
        said.insert(
            0,
            (
                door("#documents", documents.number),
                npgettext("waiting", "văn bản chờ rà soát", "văn bản chờ rà soát", documents.number),
            ),
        )
    if mentions:
        words = npgettext("waiting", "lần bạn được nhắc tên", "lần bạn được nhắc tên", mentions)
        said.append((door("#mentioned", mentions), words))
    if not said:
        return format_html("{}", gettext("Hôm nay không có việc nào chờ bạn."))
    return format_html("{}.", format_html_join("; ", "{} {}", said))
