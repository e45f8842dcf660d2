"""The list of urging notes, a new note, and one note with what can be done to it."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere, require, require_anywhere
from thuocdo.alerts import messages, operations
from thuocdo.alerts.files import UrgingNote, urging_note_docx, urging_note_pdf
from thuocdo.alerts.operations import AlertRefused
from thuocdo.alerts.queries import (
    UrgingState,
    for_urging_list,
    issuers_of,
    note_of,
    possible_acts,
    proposals,
    urgeable,
    urging_by_id,
    urgings_visible_to,
)
from thuocdo.organisations.queries import body_by_code
from thuocdo.web.design.blocks import say, say_undoable, say_wrong
from thuocdo.web.design.figures import day, named
from thuocdo.web.design.marks import door
from thuocdo.web.design.tables import page_of
from thuocdo.web.downloads import attachment
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.marks import Row

from .forms import AnswerForm, UrgingForm, WhomForm

if TYPE_CHECKING:
    from thuocdo.alerts.models import Urging
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Task

# So many overdue tasks are offered for one note; the longest overdue come first.
MOST_OFFERED = 100
# Ending of the file: its name, its type, what draws it.
FILES: dict[str, tuple[str, str, Callable[[UrgingNote], bytes]]] = {
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", urging_note_docx),
    "pdf": ("pdf", "application/pdf", urging_note_pdf),
}
WAITING = (UrgingState.ISSUED, UrgingState.ACKNOWLEDGED)


@require_GET
@login_required
def urgings(request: HttpRequest) -> HttpResponse:
    """Notes to and from the bodies that the reader watches, and whom the ladder proposes to urge."""
    actor, today = actor_of(request), timezone.localdate()
    require_anywhere(actor, Permission.VIEW_TASKS)
    found = urgings_visible_to(actor)
    asked = request.GET.get("muc", "")
    listed = found.filter(state__in=WAITING) if asked == "cho-tra-loi" else found.exclude(state=UrgingState.DISCARDED)
    waiting = found.filter(state__in=WAITING)
    return render(
        request,
        "urgings/list.html",
        {
            "sentence": _sentence(waiting, today),
            "page": page_of(request, for_urging_list(listed)),
            "is_waiting": asked == "cho-tra-loi",
            "proposals": proposals(actor, today),
            "may_urge": may_anywhere(actor, Permission.URGE),
            "today": today,
        },
    )


def _sentence(waiting: "QuerySet[Urging]", today: date) -> SafeString:
    number = waiting.count()
    if not number:
        return format_html("{}", gettext("Không có phiếu đôn đốc nào đang chờ trả lời."))
    late = waiting.filter(reply_by__lt=today).count()
    words = ngettext("phiếu đôn đốc chờ trả lời", "phiếu đôn đốc chờ trả lời", number)
    first = door(f"{reverse('urgings')}?muc=cho-tra-loi", number)
    if not late:
        return format_html("{} {}.", first, words)
    return format_html("{} {}, {} {}.", first, words, late, ngettext("quá hạn trả lời", "quá hạn trả lời", late))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A note to the body `co_quan`: its overdue tasks, those of `nv` ticked; without a body, the question which."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.URGE)
    code = request.GET.get("co_quan_ma") or request.GET.get("co_quan", "")
    addressee = body_by_code(code) if code else None
    if addressee is None:
        return _whom(request, actor)
    require(actor, Permission.URGE, addressee)
    return _edit(request, actor, addressee, None)


def _whom(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = WhomForm(actor, request.GET if request.GET else None)
    if request.GET and form.is_valid():
        return redirect(f"{reverse('urging_new')}?co_quan={form.cleaned_data['co_quan'].code}")
    context = {"form": form, "proposals": proposals(actor, actor.on)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.GET else HTTPStatus.OK
    return render(request, "urgings/whom.html", context, status=status)


def _edit(request: HttpRequest, actor: Actor, addressee: "Body", urging: "Urging | None") -> HttpResponse:
    overdue = list(urgeable(actor, addressee, actor.on).select_related("lead")[:MOST_OFFERED])
    issuers = list(issuers_of(actor, actor.on).exclude(pk=addressee.pk))
    picked = [row.task.code for row in urging.urged.all()] if urging else request.GET.getlist("nv")
    data = request.POST if request.method == "POST" else None
    form = UrgingForm(actor, overdue, issuers, data, urging=urging, picked=picked)
    status = HTTPStatus.OK
    if request.method == "POST" and issuers:
        saved = form.save(timezone.now())
        if saved is not None:
            say(request, gettext("Đã lưu dự thảo phiếu đôn đốc; xem lại rồi phát hành."))
            return redirect("urging", number=saved.pk)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "form": form,
        "addressee": addressee,
        "rows": _rows(overdue, actor.on),
        "picked": form.picked(),
        "urging": urging,
        "may_issue": bool(issuers),
    }
    return render(request, "urgings/edit.html", context, status=status)


def _rows(tasks: list["Task"], today: date) -> list[Row]:
    return [Row(task, today) for task in tasks]


def _urging_or_404(number: int, actor: Actor) -> "Urging":
    urging = urging_by_id(number, actor=actor)
    if urging is None:
        raise Http404
    return urging


@require_GET
@login_required
def urging(request: HttpRequest, number: int) -> HttpResponse:
    """One note; 404 for one that the reader may not see."""
    actor = actor_of(request)
    return _page(request, _urging_or_404(number, actor), actor, AnswerForm())


def _page(request: HttpRequest, note: "Urging", actor: Actor, form: AnswerForm) -> HttpResponse:
    today = timezone.localdate()
    acts = possible_acts(actor, note)
    rows = [{"row": Row(one.task, today), "due_on": one.due_on} for one in note.urged.all()]
    done = sum(1 for one in note.urged.all() if one.task.state in ("completed", "submitted"))
    return render(
        request,
        "urgings/one.html",
        {
            "urging": note,
            "title": messages.urging_title(note),
            "sentence": _of_note(note, len(rows), done, today),
            "rows": rows,
            "acts": acts,
            "form": form,
            "files": [
                {"address": reverse("urging_file", args=[note.pk, ending]), "title": title}
                for ending, (title, _type, _draw) in FILES.items()
            ],
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )


def _of_note(note: "Urging", number: int, done: int, today: date) -> str:
    words = {
        "issuer": named(note.issuer),
        "addressee": named(note.addressee),
        "number": number,
        "done": done,
        "day": day(note.reply_by),
    }
    match note.state:
        case UrgingState.DRAFT:
            return gettext("Dự thảo: %(issuer)s đôn đốc %(addressee)s về %(number)s nhiệm vụ quá hạn.") % words
        case UrgingState.DISCARDED:
            return gettext("Dự thảo gửi %(addressee)s đã bỏ; có thể khôi phục.") % words
        case UrgingState.ANSWERED:
            return gettext("%(addressee)s đã trả lời; %(done)s/%(number)s nhiệm vụ đã trình hoặc hoàn thành.") % words
    if note.reply_by < today:
        return (
            gettext("%(addressee)s chưa trả lời, hạn trả lời %(day)s đã qua; %(done)s/%(number)s nhiệm vụ đã xong.")
            % words
        )
    return gettext("%(issuer)s đôn đốc %(addressee)s về %(number)s nhiệm vụ; chờ trả lời đến hết %(day)s.") % words


_ACTS: dict[str, Callable[..., "Urging"]] = {
    "phat-hanh": operations.issue_urging,
    "bo": operations.discard_urging,
    "khoi-phuc": operations.restore_urging,
    "tiep-nhan": operations.acknowledge_urging,
}


@require_GET
@login_required
def file(request: HttpRequest, number: int, ending: str) -> HttpResponse:
    """The note on paper, as docx to change and sign or as pdf; a draft says that it is one."""
    if ending not in FILES:
        raise Http404
    note = _urging_or_404(number, actor_of(request))
    _title, media_type, draw = FILES[ending]
    name = f"phieu-don-doc-{note.number}-{note.year}" if note.number else f"du-thao-phieu-don-doc-{note.pk}"
    try:
        content = draw(note_of(note, today=timezone.localdate()))
    except ValueError as error:
        raise Http404 from error
    return attachment(content, name=f"{name}.{ending}", media_type=media_type)


@require_POST
@login_required
def act(request: HttpRequest, number: int, word: str) -> HttpResponse:
    """Do something to a note and come back to it."""
    actor, now = actor_of(request), timezone.now()
    note = _urging_or_404(number, actor)
    if word == "tra-loi":
        form = AnswerForm(request.POST)
        if not form.save(actor, note, now):
            return _page(request, note, actor, form)
        say(request, gettext("Đã gửi trả lời cho %(body)s.") % {"body": named(note.issuer)})
        return redirect("urging", number=number)
    if word not in _ACTS:
        raise Http404
    try:
        done = _ACTS[word](actor=actor, at=now, urging=note)
    except AlertRefused as refusal:
        said, _semicolon, remedy = str(refusal).rpartition("; ")
        say_wrong(request, said or str(refusal), remedy)
        return redirect("urging", number=number)
    _say(request, word, done)
    return redirect("urging", number=number)


def _say(request: HttpRequest, word: str, note: "Urging") -> None:
    match word:
        case "phat-hanh":
            words = {"title": messages.urging_title(note), "body": named(note.addressee)}
            say(request, gettext("Đã phát hành %(title)s và báo cho %(body)s.") % words)
        case "bo":
            say_undoable(request, gettext("Đã bỏ dự thảo."), reverse("urging_act", args=[note.pk, "khoi-phuc"]))
        case "khoi-phuc":
            say(request, gettext("Đã khôi phục dự thảo."))
        case "tiep-nhan":
            say(request, gettext("Đã báo là đã tiếp nhận phiếu."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def revise(request: HttpRequest, number: int) -> HttpResponse:
    """Change a draft."""
    actor = actor_of(request)
    note = _urging_or_404(number, actor)
    if "revise" not in possible_acts(actor, note):
        raise Http404
    return _edit(request, actor, note.addressee, note)
