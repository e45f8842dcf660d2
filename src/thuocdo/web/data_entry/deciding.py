"""Figures on their way up the tree: who waits for whom, one body's figures, giving back, signing off, taking over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, bodies_within, may, may_anywhere
from thuocdo.accounts.queries import names_of_labels
from thuocdo.engine.calendars import parse_period
from thuocdo.engine.entering import check_sheet
from thuocdo.indicators.operations.entering import (
    FiguresRefused,
    accept_figures,
    approve_figures,
    in_words,
    return_figure,
    undo_decision,
    unlock_period,
)
from thuocdo.indicators.queries import State, indicator_by_code
from thuocdo.indicators.queries.entering import entry_sheet, submission_for, submissions_for, submitted_figures
from thuocdo.organisations.queries import bodies
from thuocdo.web.design.blocks import say, say_undoable, say_wrong
from thuocdo.web.design.figures import number
from thuocdo.web.indicators.words import briefly, title_of, told, unit_of
from thuocdo.web.ledger.wording import actor_in_words
from thuocdo.web.signed_in import actor_of, login_required

if TYPE_CHECKING:
    from thuocdo.indicators.models import Measurement, Submission

MOST = 200
STAGES = {
    "submitted": _("chờ người đứng đầu duyệt"),
    "returned": _("có ô bị trả lại"),
    "approved": _("đã duyệt, chờ cấp trên tiếp nhận"),
    "accepted": _("cấp trên đã tiếp nhận"),
}
ACTS = {
    "submitted": _("Nộp"),
    "returned": _("Trả lại một số liệu"),
    "approved": _("Duyệt"),
    "approval_undone": _("Rút lại việc duyệt"),
    "accepted": _("Tiếp nhận"),
    "acceptance_undone": _("Rút lại việc tiếp nhận"),
}


class UnlockForm(forms.Form):
    """Which period of which body is opened again, until when and why."""

    co_quan = forms.ChoiceField(label=_("Cơ quan"))
    ky = forms.CharField(label=_("Kỳ"), max_length=10, help_text=_("Ví dụ 2026-08, 2026-Q3, 2026."))
    den_het = forms.DateField(label=_("Mở đến hết ngày"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    ly_do = forms.CharField(label=_("Lý do"), max_length=300)

    def __init__(self, among: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data, auto_id="mo_%s")
        field: Any = self.fields["co_quan"]
        field.choices = [("", gettext("Chọn cơ quan")), *among]


@dataclass(frozen=True, slots=True)
class Row:
    """One submission in the list, with what the reader can do about it."""

    submission: "Submission"
    stage: str
    is_theirs: bool


def _concerned(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not any(
        may_anywhere(actor, one)
        for one in (Permission.APPROVE_FIGURES, Permission.ACCEPT_FIGURES, Permission.RECORD_MEASUREMENT)
    ):
        raise PermissionDenied
    return actor


def _codes(actor: Actor, permission: Permission) -> set[int]:
    return (
        set(bodies_within(actor, permission).values_list("pk", flat=True)) if may_anywhere(actor, permission) else set()
    )


@require_GET
@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    """Submissions within reach: first those that wait for the reader."""
    return _list(request, _concerned(request))


def _list(
    request: HttpRequest, actor: Actor, unlock: UnlockForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    approves, accepts = _codes(actor, Permission.APPROVE_FIGURES), _codes(actor, Permission.ACCEPT_FIGURES)
    rows = [
        Row(
            one,
            str(STAGES[one.stage]),
            (one.stage == "submitted" and one.body_id in approves)
            or (one.stage == "approved" and one.body_id in accepts),
        )
        for one in submissions_for(actor)[:MOST]
    ]
    mine = [row for row in rows if row.is_theirs]
    returned = sum(row.submission.stage == "returned" for row in rows)
    words = {"mine": number(len(mine)), "returned": number(returned), "all": number(len(rows))}
    if not rows:
        sentence = gettext("Chưa cơ quan nào trong phạm vi của bạn nộp số liệu.")
    elif mine:
        sentence = gettext("%(mine)s bộ số liệu chờ bạn quyết định; %(returned)s bộ đang có ô bị trả lại.") % words
    else:
        sentence = gettext("Không có gì chờ bạn; %(all)s bộ số liệu đã nộp, %(returned)s bộ có ô bị trả lại.") % words
    if unlock is None and may_anywhere(actor, Permission.UNLOCK_FIGURES):
        unlock = UnlockForm(_unlockable(actor))
    return render(
        request,
        "data_entry/waiting.html",
        {
            "mine": mine,
            "others": [row for row in rows if not row.is_theirs],
            "sentence": sentence,
            "unlock": unlock,
            "may_enter": may_anywhere(actor, Permission.RECORD_MEASUREMENT),
        },
        status=status,
    )


def _unlockable(actor: Actor) -> list[tuple[str, str]]:
    """Those that hand figures in: bodies of a peer group within reach."""
    within = bodies_within(actor, Permission.UNLOCK_FIGURES).values("pk")
    among = bodies(on=actor.on).filter(pk__in=within).exclude(peer_group="").order_by("code")
    return list(among.values_list("code", "name"))


@require_POST
@login_required
def bulk(request: HttpRequest) -> HttpResponse:
    """Sign off or take over all ticked submissions; what does not fit is named and left."""
    actor = _concerned(request)
    done: list[str] = []
    numbers = [int(one) for one in request.POST.getlist("bo") if one.isdigit() and len(one) < 18][:MOST]
    for row in submissions_for(actor).filter(pk__in=numbers):
        try:
            _advance(actor, row)
            done.append(str(row.pk))
        except (FiguresRefused, NotAllowed) as error:
            words = str(error) if isinstance(error, FiguresRefused) else gettext("Bạn không quyết định bộ này.")
            say_wrong(request, row.body.name, words)
    if done:
        say_undoable(
            request,
            gettext("Đã quyết định %(count)s bộ số liệu.") % {"count": number(len(done))},
            f"{reverse('figures_undo')}?bo={','.join(done)}",
        )
    elif not numbers:
        say_wrong(request, gettext("Chưa chọn bộ nào."), gettext("Đánh dấu các bộ số liệu cần duyệt rồi bấm lại."))
    return redirect("figures_waiting")


def _advance(actor: Actor, row: "Submission") -> None:
    """The one step forward that the actor can take."""
    if row.stage == "submitted":
        approve_figures(actor=actor, at=timezone.now(), submission=row)
    else:
        accept_figures(actor=actor, at=timezone.now(), submission=row)


@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was just decided, as long as nobody has built on it."""
    actor = _concerned(request)
    numbers = [int(one) for one in request.GET.get("bo", "").split(",") if one.isdigit() and len(one) < 18][:MOST]
    for row in submissions_for(actor).filter(pk__in=numbers):
        try:
            undo_decision(actor=actor, at=timezone.now(), submission=row)
            say(request, gettext("Đã rút lại quyết định về số liệu của %(body)s.") % {"body": row.body.name})
        except FiguresRefused as error:
            say_wrong(request, row.body.name, str(error))
    return redirect("figures_submission", number=numbers[0]) if len(numbers) == 1 else redirect("figures_waiting")


@require_GET
@login_required
def submission(request: HttpRequest, number: int) -> HttpResponse:
    """One body's figures for a period: each beside the last, what is odd with its reason, and what can be done."""
    actor = _concerned(request)
    row = submission_for(actor, number) if number < 2**63 else None
    if row is None:
        raise Http404
    return _one(request, actor, row)


def _one(
    request: HttpRequest,
    actor: Actor,
    row: "Submission",
    refused: tuple[str, str] = ("", ""),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    figures = submitted_figures(row)
    approves, accepts = (
        may(actor, Permission.APPROVE_FIGURES, row.body),
        may(actor, Permission.ACCEPT_FIGURES, row.body),
    )
    returned = {one.indicator_id: one for one in row.returned.select_related("measurement").order_by("pk")}
    period = parse_period(row.period)
    sheet = entry_sheet(row.body, period, [one.indicator for one in figures])
    titles = {one.indicator.code: title_of(one.indicator) for one in figures}
    odd: dict[str, list[str]] = {}
    for finding in check_sheet(
        sheet, {one.indicator.code: float(one.value) for one in figures if one.value is not None}
    ):
        odd.setdefault(finding.cell, []).append(in_words(finding, titles))
    lines = [_line(one, sheet["cells"][one.indicator.code], odd, returned.get(one.indicator_id)) for one in figures]
    can = {
        "approve": row.stage == "submitted" and approves,
        "accept": row.stage == "approved" and accepts,
        "undo": (row.stage == "approved" and approves) or (row.stage == "accepted" and accepts),
        "give_back": accepts or (approves and row.stage != "accepted"),
    }
    done = list(row.steps.order_by("pk"))
    names = names_of_labels({one.by for one in done})
    steps = [(ACTS.get(one.act, one.act), names.get(one.by) or actor_in_words(one.by), one) for one in done]
    return render(
        request,
        "data_entry/submission.html",
        {
            "row": row,
            "lines": lines,
            "can": can,
            "steps": steps,
            "stage": STAGES[row.stage],
            "before": parse_period(row.period).previous().label,
            "refused": refused,
            "odd": sum(bool(line["odd"]) for line in lines),
            "enters": may(actor, Permission.RECORD_MEASUREMENT, row.body),
        },
        status=status,
    )


def _line(row: "Measurement", cell: dict[str, Any], odd: dict[str, list[str]], returned: Any) -> dict[str, Any]:
    unit = unit_of(row.indicator)
    before = returned.measurement if returned is not None else None
    return {
        "indicator": row.indicator,
        "title": title_of(row.indicator),
        "unit": unit,
        "figure": row.pk,
        "told": told(row, unit),
        "kind": row.kind,
        "reason": row.reason or "",
        "previous": "" if cell["previous"] is None else briefly(cell["previous"], unit),
        "odd": odd.get(row.indicator.code, []),
        "returned": returned if returned is not None and returned.settled_at is None else None,
        "former": before.pk if before is not None else 0,
        "was": told(before, unit) if before is not None and before.pk != row.pk and before.value != row.value else "",
        "is_value": row.state == State.VALUE,
    }


def _decide(
    request: HttpRequest, number: int, act: "Callable[[Actor, Submission], object]", words: str
) -> HttpResponse:
    actor = _concerned(request)
    row = submission_for(actor, number) if number < 2**63 else None
    if row is None:
        raise Http404
    try:
        act(actor, row)
    except FiguresRefused as error:
        return _one(request, actor, row, (str(error), request.POST.get("chi_so", "")), HTTPStatus.UNPROCESSABLE_ENTITY)
    say_undoable(request, words, f"{reverse('figures_undo')}?bo={row.pk}")
    return redirect("figures_submission", number=number)


@require_POST
@login_required
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Sign a body's figures off."""

    def act(actor: Actor, row: "Submission") -> object:
        return approve_figures(actor=actor, at=timezone.now(), submission=row)

    return _decide(request, number, act, gettext("Đã duyệt; số liệu là chính thức."))


@require_POST
@login_required
def accept(request: HttpRequest, number: int) -> HttpResponse:
    """Take a body's signed-off figures over."""

    def act(actor: Actor, row: "Submission") -> object:
        return accept_figures(actor=actor, at=timezone.now(), submission=row)

    return _decide(request, number, act, gettext("Đã tiếp nhận số liệu."))


@require_POST
@login_required
def give_back(request: HttpRequest, number: int) -> HttpResponse:
    """Give one value back with a message."""
    actor = _concerned(request)
    row = submission_for(actor, number) if number < 2**63 else None
    indicator = indicator_by_code(request.POST.get("chi_so", "")[:60])
    if row is None or indicator is None:
        raise Http404
    try:
        return_figure(
            actor=actor,
            at=timezone.now(),
            submission=row,
            indicator=indicator,
            message=request.POST.get("loi_nhan", ""),
        )
    except FiguresRefused as error:
        return _one(request, actor, row, (str(error), indicator.code), HTTPStatus.UNPROCESSABLE_ENTITY)
    say(request, gettext("Đã trả lại “%(title)s”; chỉ ô này mở để cơ quan sửa.") % {"title": title_of(indicator)})
    return redirect("figures_submission", number=number)


@require_POST
@login_required
def unlock(request: HttpRequest) -> HttpResponse:
    """Open a locked period for a body until a day."""
    actor = _concerned(request)
    if not may_anywhere(actor, Permission.UNLOCK_FIGURES):
        raise PermissionDenied
    form = UnlockForm(_unlockable(actor), request.POST)
    if form.is_valid():
        given = form.cleaned_data
        body = bodies(on=actor.on).get(code=given["co_quan"])
        try:
            unlock_period(
                actor=actor, at=timezone.now(), body=body, period=given["ky"].strip(), until=given["den_het"],
                reason=given["ly_do"],
            )  # fmt: skip
        except FiguresRefused as error:
            form.add_error({"period": "ky", "until": "den_het", "reason": "ly_do"}.get(error.field), str(error))
        else:
            until: date = given["den_het"]
            words = {"body": body.name, "period": given["ky"], "until": f"{until:%d/%m/%Y}"}
            say(request, gettext("Đã mở kỳ %(period)s cho %(body)s đến hết %(until)s.") % words)
            return redirect("figures_waiting")
    return _list(request, actor, form, HTTPStatus.UNPROCESSABLE_ENTITY)
