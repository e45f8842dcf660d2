"""Confirm several assignments at once: those above a confidence, in a list from which a person may take some out.

Each becomes a task by itself, as if it were confirmed on its card: one that is refused leaves the others alone.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from thuocdo.accounts.permissions import NotAllowed, Permission, require
from thuocdo.directives.operations import DirectiveRefused
from thuocdo.tasks.operations import TaskRefused, assign_from_candidate
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.design.figures import number as figure
from thuocdo.web.signed_in import actor_of, login_required

from .cards import Card
from .review import MOST_TOGETHER, Review
from .views import document_of
from .wording import FAIR_PERCENT, SURE_PERCENT

STEPS = (95, 90, SURE_PERCENT, FAIR_PERCENT, 0)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest, number: int) -> HttpResponse:
    """The list of plain assignments above the confidence in the address; posting it confirms those still ticked."""
    actor = actor_of(request)
    document = document_of(actor, number)
    require(actor, Permission.REVIEW_CANDIDATES, document.body)
    review = Review(actor, document)
    least = _least(request)
    cards = review.certain(least)
    if request.method != "POST":
        context = {
            "review": review,
            "document": document,
            "cards": cards[:MOST_TOGETHER],
            "found": len(cards),
            "least": least,
            "levels": _levels(review, least),
            "back": review.address(),
        }
        return render(request, "directives/together.html", context)
    # What is ticked but no longer without doubt is left for its card.
    ticked = set(request.POST.getlist("candidate"))
    chosen = [card for card in cards if str(card.candidate.pk) in ticked]
    refused = [(card, reason) for card in chosen if (reason := _confirm(review, card))]
    done = len(chosen) - len(refused)
    if done:
        words = ngettext("Đã xác nhận %(count)s nhiệm vụ.", "Đã xác nhận %(count)s nhiệm vụ.", done)
        say(request, words % {"count": figure(done)})
    for card, reason in refused:
        say_wrong(request, gettext("Nhiệm vụ %(number)s chưa xác nhận được.") % {"number": card.number}, reason)
    if not chosen:
        say_wrong(request, gettext("Chưa chọn nhiệm vụ nào."), gettext("Đánh dấu ít nhất một nhiệm vụ."))
    fresh = Review(actor, document)
    return redirect(fresh.address(fresh.waiting[0] if fresh.waiting else None))


@dataclass(frozen=True, slots=True)
class Level:
    """A least confidence in percent, and how many assignments reach it."""

    least: int
    count: int
    is_current: bool


def _levels(review: Review, least: int) -> list[Level]:
    """The usual steps and the one that was asked for, from the strictest."""
    return [Level(step, len(review.certain(step)), step == least) for step in sorted({*STEPS, least}, reverse=True)]


def _least(request: HttpRequest) -> int:
    """The least confidence in percent that the address asks for; the usual one when it makes no sense."""
    asked = request.GET.get("tu", "").removesuffix("%").strip()
    return (
        int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 and int(asked) <= 100 else SURE_PERCENT
    )


def _confirm(review: Review, card: Card) -> str:
    """Confirm one assignment as the text has it; gives the reason when that is refused."""
    try:
        assign_from_candidate(actor=review.actor, at=timezone.now(), candidate=card.candidate)
    except (DirectiveRefused, TaskRefused) as error:
        return str(error)
    except NotAllowed as error:
        if error.permission != Permission.ASSIGN_TASK:
            raise
        return gettext("Cơ quan chủ trì nằm ngoài phạm vi được giao việc của bạn; chọn cơ quan khác.")
    return ""
