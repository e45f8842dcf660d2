"""One file to look at: its pages as pictures, or its words; and what becomes of one with personal data."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks.files import previews
from thuocdo.tasks.previewing import NotShown
from thuocdo.tasks.queries import evidence_for, may_add_evidence, may_erase, open_to_evidence, other_uses
from thuocdo.web.design.blocks import say
from thuocdo.web.signed_in import actor_of, login_required

from .forms import Describe, Erase, Redacted
from .wording import KINDS, use_in_words, why_not_shown

# The page as people read it, and close up.
READ, CLOSE = previews.WIDTHS


def _evidence_or_404(number: int, actor: Actor) -> Any:
    found = evidence_for(actor, number)
    if found is None:
        raise Http404
    return found


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _page(
    request: HttpRequest,
    file: Any,
    actor: Actor,
    *,
    erase: Erase | None = None,
    redacted: Redacted | None = None,
    describe: Describe | None = None,
) -> HttpResponse:
    task = file.report.task
    context: dict[str, Any] = {
        "file": file,
        "task": task,
        "kind": KINDS[file.kind],
        "is_close": request.GET.get("co") == "lon",
        "uses": [use_in_words(use) for uses in other_uses(actor, [file]).values() for use in uses],
    }
    if file.erased_at is not None:
        if may_add_evidence(actor, task) or may_erase(actor, task):
            context["redacted_form"] = redacted or Redacted(file, actor)
        context["redacted"] = file.redacted.order_by("pk").first()
    else:
        context |= _content(file, _number(request.GET.get("trang")))
        if describe is not None or (open_to_evidence(task) and may_add_evidence(actor, task)):
            context["describe_form"] = describe or Describe(file, actor)
        if may_erase(actor, task):
            context["erase_form"] = erase or Erase(file, actor)
    wrong = any(form is not None for form in (erase, redacted, describe))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "tasks/evidence/viewer.html", context, status=status)


def _content(file: Any, wanted: int) -> dict[str, Any]:
    """What there is to look at; a reason where there is nothing."""
    try:
        if previews.is_drawn(file.media_type):
            pages = previews.number_of_pages(file.file, file.digest, file.media_type)
            number = min(max(wanted, 1), pages)
            return {
                "pages": pages,
                "number": number,
                "before": number - 1 or None,
                "after": number + 1 if number < pages else None,
            }
        return {"words": previews.words(file.file, file.digest, file.media_type)}
    except NotShown as error:
        return {"not_shown": why_not_shown(error.code)}


@require_GET
@login_required
def viewer(request: HttpRequest, number: int) -> HttpResponse:
    """The file, a page at a time; 404 for whoever may not see the task."""
    actor = actor_of(request)
    return _page(request, _evidence_or_404(number, actor), actor)


@require_GET
@login_required
def picture(request: HttpRequest, number: int, page: int) -> HttpResponse:
    """A page as a picture that this system drew: nothing of what was handed in is served as it is."""
    file = _evidence_or_404(number, actor_of(request))
    if file.erased_at is not None or not previews.is_drawn(file.media_type):
        raise Http404
    width = CLOSE if request.GET.get("co") == "lon" else READ
    try:
        drawn = previews.picture(file.file, file.digest, file.media_type, page, width)
    except NotShown as error:
        if error.code == "busy":
            return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "5"})
        raise Http404 from error
    return HttpResponse(
        drawn,
        content_type="image/jpeg",
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            # Kept by nobody: what is erased shall be gone.
            "Cache-Control": "private, no-store",
        },
    )


@require_POST
@login_required
def describe(request: HttpRequest, number: int) -> HttpResponse:
    """Say what kind of evidence a file is and which products it shows."""
    actor = actor_of(request)
    file = _evidence_or_404(number, actor)
    form = Describe(file, actor, request.POST)
    if form.take(timezone.now()):
        say(request, gettext("Đã ghi loại minh chứng và sản phẩm mà tệp chứng minh."))
        return redirect("evidence_view", number=number)
    return _page(request, file, actor, describe=form)


@require_POST
@login_required
def erase(request: HttpRequest, number: int) -> HttpResponse:
    """Erase a file for the personal data in it."""
    actor = actor_of(request)
    file = _evidence_or_404(number, actor)
    form = Erase(file, actor, request.POST)
    if form.take(timezone.now()):
        words = {"erased": form.erased, "left": form.left}
        said = gettext("Đã xóa tệp ở %(erased)s nơi; mã băm và dung lượng vẫn lưu để nhật ký kiểm tra được.") % words
        if form.left:
            said += " " + gettext("Còn %(left)s nơi ngoài phạm vi của bạn vẫn giữ tệp này.") % words
        say(request, said)
        return redirect("evidence_view", number=number)
    return _page(request, file, actor, erase=form)


@require_POST
@login_required
def redact(request: HttpRequest, number: int) -> HttpResponse:
    """Put a file without the personal data beside an erased one."""
    actor = actor_of(request)
    file = _evidence_or_404(number, actor)
    form = Redacted(file, actor, request.POST, request.FILES)
    if form.take(timezone.now()):
        say(request, gettext("Đã nộp bản đã che dữ liệu cá nhân."))
        return redirect("evidence_view", number=number)
    return _page(request, file, actor, redacted=form)
