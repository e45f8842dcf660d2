"""What is done to drafts: write, revise, compute the past, approve, let go and bring back."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from thuocdo.scorecards.messages import translate
from thuocdo.scorecards.operations import ScorecardRefused
from thuocdo.scorecards.operations.backcasting import ask_backcast
from thuocdo.scorecards.operations.drafts import (
    DraftRefused,
    approve_draft,
    discard_draft,
    draft_method,
    restore_draft,
    revise_draft,
)
from thuocdo.scorecards.queries.drafts import Draft, DraftState
from thuocdo.web.design.blocks import say, say_undoable, say_wrong
from thuocdo.web.design.figures import day, number
from thuocdo.web.errors import too_large
from thuocdo.web.rankings.choice import scorecard_in_force
from thuocdo.web.signed_in import actor_of

from .forms import ApprovalForm, DraftForm
from .gate import for_method_keepers
from .views import draft_or_404, draft_page

# The fields of the room and those of the form.
FIELDS = {"approved_by": "van_ban", "valid_from": "hieu_luc", "text": "text"}


@require_http_methods(["GET", "POST"])
@for_method_keepers
def new(request: HttpRequest) -> HttpResponse:
    """Start a draft from the version in force, or from a file."""
    in_force = scorecard_in_force(timezone.localdate(), request.GET.get("bo", "")[:60])
    if request.method == "GET":
        return _edit(request, DraftForm(initial={"text": in_force.text if in_force else ""}))
    return _write(request, None)


@require_http_methods(["GET", "POST"])
@for_method_keepers
def revise(request: HttpRequest, number: int) -> HttpResponse:
    """Change the text of a draft."""
    found = draft_or_404(number)
    if found.state != DraftState.DRAFT:
        return _gone(request, found)
    if request.method == "GET":
        return _edit(request, DraftForm(initial={"text": found.text}), found)
    return _write(request, found)


def _write(request: HttpRequest, found: Draft | None) -> HttpResponse:
    if any(file.size and file.size > settings.MAX_UPLOAD for file in request.FILES.values()):  # type: ignore[union-attr]
        return too_large(request)
    form = DraftForm(request.POST, request.FILES)
    if not form.is_valid():
        return _edit(request, form, found, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    actor, text = actor_of(request), form.cleaned_data["text"]
    try:
        if found is None:
            kept = draft_method(actor=actor, at=timezone.now(), text=text)
        else:
            kept = revise_draft(actor=actor, at=timezone.now(), draft=found, text=text)
    except ScorecardRefused as error:
        if not error.problems:
            form.add_error("text", refusal_of_file(error))
        return _edit(request, form, found, problems=_shown(error, text), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except DraftRefused as error:
        form.add_error(FIELDS.get(error.field), refusal_in_words(error))
        return _edit(request, form, found, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    say(request, gettext("Đã lưu dự thảo. Dự thảo không xếp hạng ai cho đến khi được phê duyệt."))
    return redirect("method_draft", number=kept.pk)


def _shown(error: ScorecardRefused, text: str) -> list[dict[str, Any]]:
    """Every fault with its line as it was written."""
    lines, language = text.split("\n"), get_language() or "vi"
    return [
        {
            "line": one.line,
            "key": one.key,
            "what": translate(one.what, language),
            "remedy": translate(one.remedy, language),
            "source": lines[one.line - 1].strip()[:200] if one.line and one.line <= len(lines) else "",
        }
        for one in error.problems
    ]


def _edit(
    request: HttpRequest,
    form: DraftForm,
    found: Draft | None = None,
    *,
    problems: list[dict[str, Any]] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    if form.is_bound and form.cleaned_data.get("text"):
        # What was uploaded stands in the field, so that it can be mended at once.
        filled = request.POST.copy()
        filled["text"] = form.cleaned_data["text"]
        form.data = filled
    return render(
        request, "methods/edit.html", {"form": form, "draft": found, "problems": problems or []}, status=status
    )


@require_POST
@for_method_keepers
def compute(request: HttpRequest, number: int) -> HttpResponse:
    """Ask the machine to compute past rankings by the draft."""
    found = draft_or_404(number)
    try:
        asked = ask_backcast(actor=actor_of(request), at=timezone.now(), draft=found)
    except DraftRefused as error:
        say_wrong(request, gettext("Chưa tính lại được."), refusal_in_words(error))
    else:
        say(
            request,
            gettext("Máy đang tính lại %(count)s bảng xếp hạng; có thể rời trang này.") % {"count": _figure(asked)},
        )
    return redirect("method_draft", number=found.pk)


@require_POST
@for_method_keepers
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Make the draft the next version."""
    found = draft_or_404(number)
    if found.state != DraftState.DRAFT:
        return _gone(request, found)
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        return draft_page(request, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        version = approve_draft(
            actor=actor_of(request),
            at=timezone.now(),
            draft=found,
            digest=form.cleaned_data["ma_bam"],
            approved_by=form.cleaned_data["van_ban"],
            valid_from=form.cleaned_data["hieu_luc"],
        )
    except DraftRefused as error:
        form.add_error(FIELDS.get(error.field), refusal_in_words(error))
        return draft_page(request, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    words = {"version": _figure(version.version), "day": day(version.valid_from)}
    say(request, gettext("Dự thảo đã thành phiên bản %(version)s, có hiệu lực từ %(day)s.") % words)
    return redirect("method_versions")


@require_POST
@for_method_keepers
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Let a draft go, at once, with the way back."""
    found = draft_or_404(number)
    try:
        discard_draft(actor=actor_of(request), at=timezone.now(), draft=found)
    except DraftRefused:
        return _gone(request, found)
    say_undoable(request, gettext("Đã bỏ dự thảo."), reverse("method_draft_restore", args=[found.pk]))
    return redirect("method_versions")


@require_POST
@for_method_keepers
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Bring a draft back."""
    found = draft_or_404(number)
    try:
        restore_draft(actor=actor_of(request), at=timezone.now(), draft=found)
    except DraftRefused:
        return _gone(request, found)
    say(request, gettext("Đã khôi phục dự thảo."))
    return redirect("method_draft", number=found.pk)


def _gone(request: HttpRequest, found: Draft) -> HttpResponse:
    say_wrong(
        request,
        gettext("Dự thảo này không còn ở trạng thái làm được việc đó."),
        gettext("Có người vừa quyết định về dự thảo; xem lại trạng thái bên dưới."),
    )
    return redirect("method_draft", number=found.pk)


def refusal_of_file(error: ScorecardRefused) -> str:
    """Why a file that is a method cannot rank anybody here, and the remedy."""
    if absent := error.absent:
        return gettext("Danh mục chưa có chỉ số %(codes)s; nạp các chỉ số này trước, hoặc bỏ khỏi dự thảo.") % {
            "codes": ", ".join(absent)
        }
    return gettext('Thứ hạng là số nguyên; đặt ties trong [rounding] là "min" hoặc "dense".')


def refusal_in_words(error: DraftRefused) -> str:
    """Why something cannot be done with a draft, and the remedy."""
    return {
        "too_long": gettext("Nội dung quá dài; rút gọn rồi gửi lại."),
        "unknown": gettext("Chưa có phương pháp nào mang mã (id) này; giữ nguyên id của phương pháp đang có hiệu lực."),
        "same": gettext("Nội dung giống hệt một phiên bản đã có; sửa ít nhất một quy định rồi lưu."),
        "other": gettext("Dự thảo này thuộc phương pháp khác; giữ nguyên id, hoặc soạn dự thảo mới."),
        "revised": gettext("Dự thảo vừa được sửa; xem lại nội dung mới trước khi phê duyệt."),
        "no_document": gettext("Chưa ghi văn bản phê duyệt; ghi số, ký hiệu và ngày của văn bản."),
        "not_a_quarter": gettext("Phải là ngày đầu một quý, ví dụ 01/10/2026."),
        "past": gettext("Quý này đã qua; chọn ngày đầu quý này hoặc một quý sau."),
        "before_former": gettext("Phiên bản trước có hiệu lực từ ngày muộn hơn; chọn ngày muộn hơn."),
        "after_end": gettext("Tệp ghi ngày hết hiệu lực sớm hơn; chọn ngày sớm hơn hoặc sửa valid_to trong tệp."),
        "nothing": gettext("Phương pháp này chưa xếp hạng kỳ nào; chờ lần chấm đầu tiên."),
        "state": gettext("Dự thảo đã được phê duyệt hoặc đã bỏ; khôi phục trước nếu cần."),
    }.get(error.code, str(error))


def _figure(value: int) -> str:
    return number(value)
