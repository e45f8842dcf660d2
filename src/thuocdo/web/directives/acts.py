"""What a reviewer does with an assignment: confirm, correct, link, reject, restore, add one by hand.

Each act is a form that works by itself: it posts and leads back to the review. A page with JavaScript asks for
the changed card alone and puts it into its place.
"""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import NotAllowed, Permission, require
from thuocdo.directives import operations as directives
from thuocdo.directives.operations import CandidateSettled, DirectiveRefused
from thuocdo.directives.queries import CandidateState, addressee_group
from thuocdo.organisations.queries import body_by_code
from thuocdo.tasks.operations import TaskRefused, amend, assign_from_candidate, dismiss_match, link, take_back
from thuocdo.tasks.queries import match_by_id
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.design.figures import number as figure
from thuocdo.web.signed_in import actor_of, login_required

from .forms import AddForm, CandidateForm, LeadForm
from .overtaken import overtaken
from .review import Review
from .text import locate
from .views import document_of
from .work import Work, step

if TYPE_CHECKING:
    from thuocdo.directives.models import Candidate


@require_GET
@step
def candidate(work: Work) -> HttpResponse:
    """One card alone; as an address of its own it leads to the sentence, whichever part that stands in."""
    if work.is_live:
        return render(work.request, "directives/_card.html", {"review": work.review, "card": work.card()})
    return redirect(work.review.address(work.candidate, mark="c"))


@require_http_methods(["GET", "HEAD", "POST"])
@step
def confirm(work: Work) -> HttpResponse:
    """Confirm with who leads: as the text says, one of the proposals, or (after a form) somebody else."""
    request = work.request
    if request.method != "POST" or "body" in request.POST:
        form = LeadForm(request.POST if request.method == "POST" else None, auto_id=f"id{work.candidate.pk}_%s")
        field: Any = form.fields["body"]
        field.restrict(work.review.actor)
        if request.method == "POST" and form.is_valid():
            group = addressee_group(form.cleaned_data["group"]) if form.cleaned_data["group"] else None
            try:
                return _confirmed(work, form.cleaned_data["body"], group, is_core=form.cleaned_data["is_core"])
            except TaskRefused as error:
                form.add_error(None, _with_remedy(work, error))
        return work.form("lead", form=form)
    chosen, is_core = request.POST.get("lead", ""), request.POST.get("is_core") == "on"
    kind, _, code = chosen.partition(":")
    body = body_by_code(code) if kind == "body" else None
    group = addressee_group(code) if kind == "group" else None
    if chosen and body is None and group is None:
        return work.refused(gettext("Cơ quan được chọn không có trong danh mục; chọn lại cơ quan chủ trì."))
    try:
        return _confirmed(work, body, group, is_core=is_core)
    except TaskRefused as error:
        return work.refused(_with_remedy(work, error), chosen=chosen, is_core=is_core)
    except NotAllowed as error:
        if error.permission != Permission.ASSIGN_TASK:
            raise
        return work.refused(
            gettext("Cơ quan chủ trì nằm ngoài phạm vi được giao việc của bạn; chọn cơ quan khác."), is_core=is_core
        )


def _with_remedy(work: Work, error: TaskRefused) -> str:
    """The reason; where the day of assignment is only today for want of another, how to give the right one."""
    if error.code == "deadline_before_assignment" and work.review.document.issued_on is None:
        return gettext("%(reason)s Văn bản chưa có ngày ban hành: bổ sung ở mục “Sửa thông tin” của văn bản.") % {
            "reason": error
        }
    return str(error)


def _confirmed(work: Work, body: Any, group: Any, *, is_core: bool) -> HttpResponse:
    tasks = assign_from_candidate(
        actor=work.review.actor,
        at=timezone.now(),
        candidate=work.candidate,
        lead=body,
        groups=[group] if group is not None else None,
        is_core=is_core,
    )
    if len(tasks) == 1:
        return work.done(gettext("Đã xác nhận: tạo nhiệm vụ %(code)s.") % {"code": tasks[0].code})
    words = ngettext(
        "Đã xác nhận: tạo %(count)s nhiệm vụ, từ %(first)s đến %(last)s.",
        "Đã xác nhận: tạo %(count)s nhiệm vụ, từ %(first)s đến %(last)s.",
        len(tasks),
    )
    return work.done(words % {"count": figure(len(tasks)), "first": tasks[0].code, "last": tasks[-1].code})


@require_http_methods(["GET", "HEAD", "POST"])
@step
def correct(work: Work) -> HttpResponse:
    """Correct the fields of an assignment; what was typed is kept when somebody else was faster."""
    form = CandidateForm.of(work.candidate)
    if work.request.method == "POST":
        if work.candidate.state != CandidateState.PROPOSED:
            return overtaken(work.request, work.review, work.candidate)
        form = CandidateForm(work.request.POST, auto_id=f"id{work.candidate.pk}_%s")
        if form.is_valid() and "taken" not in work.request.POST:
            try:
                directives.correct(
                    actor=work.review.actor, at=timezone.now(), candidate=work.candidate, **form.cleaned_data
                )
            except CandidateSettled as settled:
                return overtaken(work.request, work.review, settled.candidate)
            except DirectiveRefused as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                return work.done(gettext("Đã lưu nội dung sửa."), then=work.candidate)
    return work.form("correct", form=form)


@require_POST
@step
def known(work: Work) -> HttpResponse:
    """Link to the known task, amend it, or say that it is another one."""
    number = work.request.POST.get("match", "")
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    match = match_by_id(work.review.actor, work.candidate, int(number)) if is_number else None
    if match is None:
        return work.refused(gettext("Đề xuất này không còn; thẻ dưới đây là trạng thái mới nhất."))
    actor, decision = work.review.actor, work.request.POST.get("decision", "")
    try:
        if decision == "link":
            link(actor=actor, at=timezone.now(), match=match)
            return work.done(gettext("Đã ghi là nhiệm vụ đã giao; không tạo nhiệm vụ mới."))
        if decision == "amend":
            amend(actor=actor, at=timezone.now(), match=match)
            return work.done(gettext("Đã sửa đổi nhiệm vụ theo văn bản này; nội dung cũ được giữ lại."))
    except NotAllowed as error:
        if error.permission != Permission.ASSIGN_TASK:
            raise
        return work.refused(gettext("Nhiệm vụ đó nằm ngoài phạm vi được giao việc của bạn."))
    dismiss_match(actor=actor, at=timezone.now(), match=match)
    return work.done(gettext("Đã ghi là nhiệm vụ khác."), then=work.candidate)


@require_POST
@step
def reject(work: Work) -> HttpResponse:
    """Say that this is no assignment; it can be taken back."""
    directives.reject(actor=work.review.actor, at=timezone.now(), candidate=work.candidate)
    number = work.review.numbers[work.candidate.pk]
    undo = reverse("candidate_restore", args=[work.review.document.pk, work.candidate.pk])
    return work.done(gettext("Đã loại nhiệm vụ %(number)s.") % {"number": number}, undo=undo)


@require_POST
@step
def restore(work: Work) -> HttpResponse:
    """Take a rejection back, or a confirmation whose tasks nobody has begun."""
    if work.candidate.state == CandidateState.CONFIRMED:
        take_back(actor=work.review.actor, at=timezone.now(), candidate=work.candidate)
        return work.done(gettext("Đã hoàn tác; nhiệm vụ đã tạo được rút lại."), then=work.candidate)
    directives.restore(actor=work.review.actor, at=timezone.now(), candidate=work.candidate)
    number = work.review.numbers[work.candidate.pk]
    return work.done(gettext("Đã khôi phục nhiệm vụ %(number)s.") % {"number": number}, then=work.candidate)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Mark an assignment that the machine did not find: by a selection in the text, or by quoting it."""
    actor = actor_of(request)
    document = document_of(actor, number)
    require(actor, Permission.REVIEW_CANDIDATES, document.body)
    review = Review(actor, document)
    if not review.may_add:
        say_wrong(
            request,
            gettext("Máy chưa đọc xong văn bản."),
            gettext("Đợi đọc xong rồi thêm nhiệm vụ, để không bỏ sót những gì máy tìm thấy."),
        )
        return redirect("directive", document.pk)
    if request.method == "POST":
        form = AddForm(request.POST)
        if form.is_valid():
            try:
                added = _added(review, form)
            except (ValidationError, DirectiveRefused) as error:
                name = getattr(error, "field", "quotation")
                text = error.messages[0] if isinstance(error, ValidationError) else str(error)
                form.add_error(name if name in form.fields and name not in ("start", "end") else "quotation", text)
            else:
                say(request, gettext("Đã thêm nhiệm vụ."))
                return redirect(Review(actor, document).address(added))
    else:
        form = AddForm(initial=_selection(review, request))
    context = {"form": form, "document": document, "review": review, "back": review.address()}
    return render(request, "directives/add.html", context, status=422 if form.errors else 200)


def _selection(review: Review, request: HttpRequest) -> dict[str, Any]:
    """What was selected in the text, by the offsets in the address; nothing when they make no sense."""
    asked = [request.GET.get(name, "") for name in ("tu", "den")]
    if not all(word.isascii() and word.isdecimal() and len(word) < 10 for word in asked):
        return {}
    start, end = map(int, asked)
    text = review.document.text[start:end]
    if not text.strip():
        return {}
    start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
    return {"start": start, "end": end, "quotation": review.document.text[start:end]}


def _added(review: Review, form: AddForm) -> "Candidate":
    given = dict(form.cleaned_data)
    quotation, start, end = given.pop("quotation"), given.pop("start"), given.pop("end")
    text = review.document.text
    places = locate(text, quotation)
    # Of several places the selected one counts; a quotation that was changed by hand is looked for anew.
    selected = [place for place in places if place == (start, end)]
    if not selected and len(places) != 1:
        raise ValidationError(
            gettext("Không tìm thấy đoạn này trong văn bản; chép lại nguyên văn, không bớt chữ.")
            if not places
            else gettext("Đoạn này có ở %(count)s chỗ trong văn bản; chép dài hơn để chỉ còn một chỗ.")
            % {"count": figure(len(places))}
        )
    found = (selected or places)[0]
    if not given["action"]:
        del given["action"]
    return directives.add_by_hand(
        actor=review.actor, at=timezone.now(), document=review.document, start=found[0], end=found[1], **given
    )
