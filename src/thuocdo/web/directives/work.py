"""A request about one assignment: who may make it, and the ways to answer it, whole page or single card."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Permission, require
from thuocdo.directives.operations import DirectiveRefused
from thuocdo.directives.queries import candidate_by_id, quote
from thuocdo.tasks.operations import TaskRefused
from thuocdo.web.design.blocks import say, say_undoable, say_wrong
from thuocdo.web.signed_in import actor_of, login_required

from .cards import Card
from .overtaken import is_typed, overtaken
from .review import Review
from .views import LARGEST_ID, document_of

if TYPE_CHECKING:
    from thuocdo.directives.models import Candidate

# How much text stands on either side of an assignment that is worked on by itself.
AROUND = 240


@dataclass(slots=True)
class Work:
    """A request about one assignment: what is known of it, and the ways to answer."""

    request: HttpRequest
    review: Review
    candidate: "Candidate"

    @property
    def is_live(self) -> bool:
        """Whether the page asks for the card alone."""
        return self.request.headers.get("HX-Request") == "true"

    def again(self) -> "Work":
        """The same after something changed."""
        review = Review(self.review.actor, self.review.document)
        current = next((found for found in review.candidates if found.pk == self.candidate.pk), self.candidate)
        return Work(self.request, review, current)

    def card(self) -> Card:
        """The card of this assignment as it is now."""
        return self.review.cards_of([self.candidate])[0]

    def done(self, text: str, *, then: "Candidate | None" = None, undo: str = "") -> HttpResponse:
        """The changed card; or the review, at the next assignment, with a word on what was done."""
        fresh = self.again()
        if self.is_live:
            return render(self.request, "directives/_changed.html", {"review": fresh.review, "card": fresh.card()})
        if undo:
            say_undoable(self.request, text, undo)
        else:
            say(self.request, text)
        target = then or fresh.review.after(self.candidate)
        return redirect(fresh.review.address(target or self.candidate))

    def refused(self, error: str, *, chosen: str = "", is_core: bool = False) -> HttpResponse:
        """The card as it is now with what went wrong; or the review with the same words."""
        fresh = self.again()
        if not self.is_live or fresh.candidate.pk not in fresh.review.numbers:
            say_wrong(self.request, error, "")
            here = fresh.candidate if fresh.candidate.pk in fresh.review.numbers else None
            address = fresh.review.address(here)
            return HttpResponse(headers={"HX-Redirect": address}) if self.is_live else redirect(address)
        card = fresh.card()
        card.error, card.chosen, card.is_core = error, chosen, is_core
        return render(self.request, "directives/_changed.html", {"review": fresh.review, "card": card})

    def form(self, name: str, **context: Any) -> HttpResponse:
        """A form about this assignment: in the place of its card, or as a page of its own beside the sentence."""
        candidate, document = self.candidate, self.review.document
        require(self.review.actor, Permission.REVIEW_CANDIDATES, document.body)
        everything = {
            "review": self.review,
            "document": document,
            "card": self.card(),
            "back": self.review.address(candidate),
            "part": f"directives/_{name}.html",
            **context,
        }
        if self.is_live:
            return render(self.request, f"directives/_{name}.html", everything)
        everything["quote"] = quote(document, candidate.start, candidate.end, around=AROUND)
        failed = any(getattr(value, "errors", None) for value in context.values())
        return render(self.request, "directives/one.html", everything, status=422 if failed else 200)


Step = Callable[[Work], HttpResponse]


def step(view: Step) -> Callable[Concatenate[HttpRequest, ...], HttpResponse]:
    """Find the document and the assignment that an address names, for somebody who may review them."""

    @wraps(view)
    def found(request: HttpRequest, number: int, candidate: int) -> HttpResponse:
        actor = actor_of(request)
        review = Review(actor, document_of(actor, number))
        current = candidate_by_id(actor, candidate) if candidate <= LARGEST_ID else None
        if current is None or current.document_id != review.document.pk:
            raise Http404
        if request.method == "POST":
            require(actor, Permission.REVIEW_CANDIDATES, review.document.body)
        if current.pk not in review.numbers and is_typed(request):
            return overtaken(request, review, current)
        if current.pk not in review.numbers:
            # It was split or merged meanwhile: the page shows what it became.
            raise_to = review.address()
            say_wrong(request, gettext("Nhiệm vụ này đã được tách hoặc gộp."), gettext("Dưới đây là kết quả mới nhất."))
            is_live = request.headers.get("HX-Request") == "true"
            return HttpResponse(headers={"HX-Redirect": raise_to}) if is_live else redirect(raise_to)
        work = Work(request, review, current)
        try:
            response = view(work)
        except (DirectiveRefused, TaskRefused) as error:
            response = work.refused(str(error))
        # The same address answers with a card or with a page.
        patch_vary_headers(response, ["HX-Request"])
        return response

    return login_required(found)
