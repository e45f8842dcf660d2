"""Somebody was faster: what a person typed about an assignment meanwhile is shown and can be taken on, never lost."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from thuocdo.directives.queries import CandidateState

from .forms import CandidateForm
from .review import Review

if TYPE_CHECKING:
    from thuocdo.directives.models import Candidate


def is_typed(request: HttpRequest) -> bool:
    """Whether the request carries a correction that somebody typed."""
    return request.method == "POST" and "action" in request.POST


def overtaken(request: HttpRequest, review: Review, candidate: "Candidate") -> HttpResponse:
    """What became of the assignment, what was typed about it, and where that can be used now.

    In the place of its card for a page that asks live, else as a page of its own; answered as a conflict (409).
    """
    fresh = Review(review.actor, review.document)
    current = next((found for found in fresh.candidates if found.pk == candidate.pk), None)
    heirs = [
        found
        for found in fresh.candidates
        if found.start < candidate.end and found.end > candidate.start and found.state == CandidateState.PROPOSED
    ]
    form = CandidateForm(request.POST)
    # Only what differs from the text as it was found is worth a look.
    kept = CandidateForm.of(candidate)
    typed = [
        (field.label, request.POST.get(field.name, "").strip(), field.name)
        for field in form
        if _plain(request.POST.get(field.name)) != _plain(kept[field.name].value())
    ]
    context = {
        "review": fresh,
        "document": fresh.document,
        "candidate": candidate,
        "number": review.numbers.get(candidate.pk),
        "reason": _reason(current),
        "typed": [(label, _shown(form, name, value)) for label, value, name in typed],
        "given": [(name, request.POST.get(name, "")) for name in CandidateForm.base_fields],
        "heirs": [(fresh.numbers[found.pk], found, fresh.address(found)) for found in heirs],
        "back": fresh.address(current or (heirs[0] if heirs else None)),
    }
    is_live = request.headers.get("HX-Request") == "true"
    # A live page puts the answer in the place of the card; that needs an answer that counts as one.
    if is_live:
        return render(request, "directives/_overtaken.html", context)
    return render(request, "directives/overtaken.html", context, status=409)


def _reason(current: "Candidate | None") -> str:
    if current is None:
        return gettext("Trong lúc bạn sửa, người khác đã tách hoặc gộp nhiệm vụ này.")
    if current.state == CandidateState.CONFIRMED:
        return gettext("Trong lúc bạn sửa, người khác đã xác nhận nhiệm vụ này; muốn sửa thì hoàn tác xác nhận trước.")
    return gettext("Trong lúc bạn sửa, người khác đã loại nhiệm vụ này; muốn sửa thì khôi phục trước.")


def _plain(value: object) -> str:
    """A value as a form sends it, without regard to line ends."""
    return " ".join(str("" if value is None else value).split())


def _shown(form: CandidateForm, name: str, value: str) -> str:
    """A choice by its name, anything else as typed."""
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value))
