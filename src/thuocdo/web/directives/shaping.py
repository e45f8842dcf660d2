"""What a reviewer does when one card should be several or several one: split, merge, and take either back."""

from itertools import pairwise
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from thuocdo.directives import operations as directives
from thuocdo.directives.operations import CandidateSettled, DirectiveRefused, Part
from thuocdo.directives.queries import CandidateState
from thuocdo.web.design.blocks import say, say_undoable

from .review import Review
from .text import pieces_of
from .work import Work, step

if TYPE_CHECKING:
    from thuocdo.directives.models import Candidate


@require_http_methods(["GET", "HEAD", "POST"])
@step
def split(work: Work) -> HttpResponse:
    """Cut an assignment at the chosen places of its sentence."""
    found, text = work.candidate, work.review.document.text
    by_word = work.request.GET.get("tung_tu") == "1"
    error = ""
    if work.request.method == "POST":
        cuts = sorted(
            {
                int(cut)
                for cut in work.request.POST.getlist("cut")
                if cut.isascii() and cut.isdecimal() and len(cut) < 10
            }
        )
        cuts = [cut for cut in cuts if found.start < cut < found.end]
        edges = [found.start, *cuts, found.end]
        if cuts:
            try:
                parts = [Part(low, high) for low, high in pairwise(edges)]
                children = directives.split(actor=work.review.actor, at=timezone.now(), candidate=found, parts=parts)
            except CandidateSettled:
                raise
            except DirectiveRefused as refused:
                error = str(refused)
            else:
                return _replaced(
                    work, children[0], gettext("Đã tách thành %(count)s nhiệm vụ.") % {"count": len(children)}
                )
        else:
            error = gettext("Chưa chọn chỗ tách; đánh dấu ít nhất một chỗ trong câu.")
    pieces = pieces_of(text, found.start, found.end, by_word=by_word)
    if len(pieces) < 2 and not by_word:
        by_word, pieces = True, pieces_of(text, found.start, found.end, by_word=True)
    return work.form("split", pieces=pieces, by_word=by_word, error=error)


@require_POST
@step
def merge(work: Work) -> HttpResponse:
    """Join an assignment with the one that follows it."""
    place = work.review.numbers[work.candidate.pk]
    following = work.review.candidates[place : place + 1]
    if not following:
        return work.refused(gettext("Đây là nhiệm vụ cuối cùng; không có nhiệm vụ nào sau nó để gộp."))
    if following[0].state != CandidateState.PROPOSED:
        return work.refused(gettext("Nhiệm vụ tiếp theo đã được xử lý; chỉ gộp được với nhiệm vụ đang chờ xác nhận."))
    merged = directives.merge(actor=work.review.actor, at=timezone.now(), candidates=[work.candidate, following[0]])
    return _replaced(work, merged, gettext("Đã gộp hai nhiệm vụ thành một."))


@require_POST
@step
def undo_reshaping(work: Work) -> HttpResponse:
    """Take back the split or the merge that an assignment came of."""
    waiting = directives.undo_reshaping(actor=work.review.actor, at=timezone.now(), candidate=work.candidate)
    return _replaced(work, waiting[0], gettext("Đã hoàn tác tách, gộp."), is_undoable=False)


def _replaced(work: Work, new: "Candidate", text: str, *, is_undoable: bool = True) -> HttpResponse:
    """After a split or a merge the marks and numbers change as well: the review is drawn anew."""
    if is_undoable:
        say_undoable(work.request, text, reverse("candidate_undo_reshaping", args=[new.document_id, new.pk]))
    else:
        say(work.request, text)
    fresh = Review(work.review.actor, work.review.document)
    address = fresh.address(new)
    return HttpResponse(headers={"HX-Redirect": address}) if work.is_live else redirect(address)
