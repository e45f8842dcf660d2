"""The page of figures: what is missing, the form by hand, the template to take away."""

from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from thuocdo.accounts.permissions import Actor, may, may_anywhere
from thuocdo.engine.calendars import PeriodError, parse_period
from thuocdo.indicators.operations import MOST_ROWS
from thuocdo.indicators.operations.entering import discard_drafts, save_drafts, submit_figures
from thuocdo.indicators.queries import Provenance, batches_by, template_of
from thuocdo.indicators.queries.entering import label_year_before
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.design.figures import day, named, number
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.indicators.whose import asked_body
from thuocdo.web.indicators.words import due_day, group_titles, period_in_words
from thuocdo.web.signed_in import actor_of, login_required

from . import desk, pending
from .forms import ChooseForm, HandForm, UploadForm
from .grid import Grid, cells_posted, grid_of

if TYPE_CHECKING:
    from thuocdo.engine.calendars import Period
    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RECENT = 8


def enterer(request: HttpRequest) -> Actor:
    """Who asks, if they may enter figures at all; else 403."""
    actor = actor_of(request)
    if not desk.may_enter(actor):
        raise PermissionDenied
    return actor


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Whose figures of which period: what is missing, the form by hand, the spreadsheet, what was recorded last."""
    return page_of_figures(request, enterer(request), request.GET)


def _chosen(actor: Actor, words: QueryDict) -> "Body | None":
    """The body of the address, or the only one there is to choose."""
    among = desk.enterable(actor)
    if words.get("co_quan"):
        return asked_body(words, among, actor)
    own = list(among.filter(pk__in=[held.body_id for held in actor.held]).order_by("pk")[:1])
    if own:
        return own[0]
    first_two = list(among.order_by("pk")[:2])
    return first_two[0] if len(first_two) == 1 else None


def page_of_figures(
    request: HttpRequest,
    actor: Actor,
    words: QueryDict,
    *,
    hand: HandForm | None = None,
    upload: UploadForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page with forms as they were sent, where one was refused; `words` say for whom and when."""
    today = timezone.localdate()
    body = _chosen(actor, words)
    context: dict[str, Any] = {"body": body, "is_unknown": bool(words.get("co_quan")) and body is None}
    offered: list[desk.Offer] = []
    period = None
    if body is not None:
        provenance = _provenance(actor, body)
        owed = desk.owed_of(body, actor.on)
        offered = desk.offers(body, owed, provenance, today)
        period = desk.chosen_period(words.get("ky", ""), offered, today)
        if period is not None:
            hand = hand or hand_form(actor, body, period, provenance, today, owed=owed)
            aged = desk.overdue(body, owed, period, today)
            lines = [replace(one, stale=aged.get(one.known.indicator.pk), period=period) for one in hand.lines]
            context |= {
                "hand": hand,
                "lines": lines,
                "told": sum(one.is_there for one in hand.known),
                "before": period.previous().label,
                "year_before": label_year_before(period),
                # Indicators have terms of their own: the first one that is still awaited counts.
                "due_on": min(
                    (one.due_on for one in lines if one.is_missing and one.due_on is not None),
                    default=due_day(period, period.kind),
                ),
                "is_late": any(one.is_late for one in lines),
                "when": period_in_words(period),
            }
        context |= {"is_independent": provenance == Provenance.INDEPENDENT}
    among = desk.enterable(actor)
    data = words.copy()
    if body is not None:
        data["co_quan"] = body.name
        data.setlist("co_quan_ma", [body.code])
    if period is not None:
        data["ky"] = period.label
    choose = ChooseForm(data, actor, among, offered, period, body)
    choose.is_valid()
    query = {"co_quan": body.code if body else "", "ky": period.label if period else ""}
    context |= {
        "period": period,
        "choose": choose,
        "upload": upload or UploadForm(auto_id="tai_%s"),
        "query": urlencode({name: value for name, value in query.items() if value}),
        "groups": _groups(actor, among) if body is None or context.get("is_independent") else [],
        "recent": list(batches_by(actor.label)[:RECENT]),
        "sentence": _sentence(body, period, hand, context),
        "waiting": request.session.get(pending.NAME, {}).get("file"),
    }
    return render(request, "data_entry/page.html", context, status=status)


def _provenance(actor: Actor, body: "Body") -> str:
    """As what the actor's figures for the body count."""
    held = [permission for permission in desk.PROVENANCE_OF if may_anywhere(actor, permission)]
    if len(held) == 1:
        # The body was found among those for which the actor may enter: there is only one right by which.
        return str(desk.PROVENANCE_OF[held[0]])
    for permission in held:
        if may(actor, permission, body):
            return str(desk.PROVENANCE_OF[permission])
    raise PermissionDenied


def _sentence(body: "Body | None", period: "Period | None", hand: HandForm | None, context: dict[str, Any]) -> str:
    if body is None:
        return gettext("Chọn cơ quan để nhập số liệu, hoặc tải biểu mẫu cho cả nhóm.")
    if period is None or hand is None:
        return gettext("%(body)s chưa có chỉ số nào phải nhập bằng tay.") % {"body": named(body)}
    words = {
        "body": named(body),
        "period": period_in_words(period),
        "told": number(context["told"]),
        "owed": number(len(hand.known)),
        "missing": number(len(hand.known) - context["told"]),
        "due": day(context["due_on"]),
    }
    if context["is_independent"]:
        return gettext("%(body)s, %(period)s: %(told)s trong %(owed)s chỉ số đã có đánh giá độc lập.") % words
    if hand.grid is not None and hand.grid.standing.returned:
        # Told once is not settled: what came back goes before what is there.
        words["returned"] = number(len(hand.grid.standing.returned))
        return gettext("%(body)s, %(period)s: %(returned)s số liệu bị trả lại, cần sửa rồi nộp lại.") % words
    if context["told"] == len(hand.known):
        return gettext("%(body)s, %(period)s: đã có đủ %(owed)s số liệu, không còn gì phải khai.") % words
    if context["is_late"]:
        return (
            gettext("%(body)s còn thiếu %(missing)s trong %(owed)s số liệu của %(period)s, hạn %(due)s đã qua.") % words
        )
    return gettext("%(body)s còn thiếu %(missing)s trong %(owed)s số liệu của %(period)s, hạn %(due)s.") % words


def _groups(actor: Actor, among: Any) -> list[tuple[str, str]]:
    """Peer groups within reach, for a template of many bodies at once."""
    there = set(among.exclude(peer_group="").order_by().values_list("peer_group", flat=True).distinct())
    return [(code, title) for code, title in group_titles(actor.on).items() if code in there]


@require_GET
@login_required
def template(request: HttpRequest) -> HttpResponse:
    """The spreadsheet to fill in, for a body (`co_quan`) or all bodies within reach of a peer group (`nhom`)."""
    actor = enterer(request)
    period = _period(request.GET.get("ky", ""))
    group = request.GET.get("nhom", "")
    if period is None:
        raise Http404
    if group:
        bodies = list(desk.enterable(actor).filter(peer_group=group).order_by("code"))
        title = group_titles(actor.on).get(group, group)
    else:
        body = _chosen(actor, request.GET)
        bodies = [body] if body is not None else []
        title = named(body) if body is not None else ""
    # A template for many holds what all of them owe; a body's own indicators are in its own.
    among = (
        [] if not bodies else desk.owed_by(bodies[0], desk.dictionary()) if group else desk.owed_of(bodies[0], actor.on)
    )
    owed = {one.pk: one for one in among if one.frequency == period.kind}
    if not bodies or not owed:
        say_wrong(
            request,
            gettext("Không có chỉ số nào phải nhập cho %(period)s.") % {"period": period_in_words(period)},
            gettext("Chọn cơ quan và một kỳ khác."),
        )
        return redirect("data_entry")
    if len(bodies) * len(owed) > MOST_ROWS:
        say_wrong(
            request,
            gettext("Biểu mẫu có %(lines)s dòng, quá %(most)s dòng một lần nhập.")
            % {"lines": number(len(bodies) * len(owed)), "most": number(MOST_ROWS)},
            gettext("Chọn từng cơ quan, hoặc gửi số liệu qua giao diện lập trình."),
        )
        return redirect("data_entry")
    content = template_of(
        indicators=list(owed.values()),
        bodies=bodies,
        period=period,
        whose=group or bodies[0].code,
        title=gettext("Biểu nhập số liệu: %(whose)s, %(period)s") % {"whose": title, "period": period_words(period)},
    )
    name = f"so-lieu-{group or bodies[0].code}-{period.label}.xlsx"
    return HttpResponse(
        content,
        headers={
            "Content-Type": XLSX,
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            "Cache-Control": "private, no-store",
        },
    )


def _period(text: str) -> "Period | None":
    try:
        return parse_period(text) if text else None
    except PeriodError:
        return None


@require_POST
@login_required
def by_hand(request: HttpRequest) -> HttpResponse:
    """Record what was typed, all or nothing; what is refused stands beside its field."""
    actor = enterer(request)
    words = QueryDict(request.META.get("QUERY_STRING", ""))
    body, period = _chosen(actor, words), _period(words.get("ky", ""))
    if body is None or period is None:
        raise Http404
    provenance = _provenance(actor, body)
    owed = desk.owed_of(body, actor.on)
    lines = desk.known(body, owed, period, provenance, with_previous=provenance != Provenance.DECLARED)
    grid = grid_of(body, period, lines, timezone.localdate()) if provenance == Provenance.DECLARED else None
    form = HandForm(lines, request.POST, grid=grid, own=actor.label)
    if grid is not None and form.is_valid():
        # What was typed is kept whatever becomes of it, and nobody's newer draft is handed in over.
        _held, changed = cells_posted(grid, request.POST)
        saved = save_drafts(
            actor=actor, at=timezone.now(), body=body, period=period.label, cells=changed,
            indicators=[one.indicator for one in lines],
        )  # fmt: skip
        grid.drafts, grid.conflicts = dict(saved.drafts), saved.conflicts
        for pk in saved.conflicts:
            form.add_error(f"gt{pk}", gettext("Người khác vừa ghi ô này; chọn số nào được giữ."))
    if not form.is_valid():
        return page_of_figures(request, actor, words, hand=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    result = submit_figures(
        actor=actor, at=timezone.now(), rows=form.rows(body, period, provenance, desk.source_of(actor, provenance))
    )
    if result.ledger is None:
        form.show_errors(result)
        return page_of_figures(request, actor, words, hand=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if grid is not None:
        say(request, gettext("Đã nộp %(count)s số liệu, chờ duyệt.") % {"count": number(result.accepted)})
    else:
        say(request, gettext("Đã ghi %(count)s số liệu.") % {"count": number(result.accepted)})
    return redirect("data_receipt", ledger=result.ledger)


def hand_form(
    actor: Actor, body: "Body", period: "Period", provenance: str, today: date, *, owed: "list[Indicator]"
) -> HandForm:
    """The form of a body and period as it stands: with drafts, checks and locks for what is declared."""
    lines = desk.known(body, owed, period, provenance, with_previous=provenance != Provenance.DECLARED)
    grid = grid_of(body, period, lines, today) if provenance == Provenance.DECLARED else None
    return HandForm(lines, grid=grid, own=actor.label)


@require_POST
@login_required
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what was typed and say what is odd about it: parts of the page for htmx, the whole page without."""
    actor = enterer(request)
    words = QueryDict(request.META.get("QUERY_STRING", ""))
    body, period = _chosen(actor, words), _period(words.get("ky", ""))
    if body is None or period is None or _provenance(actor, body) != Provenance.DECLARED:
        raise Http404
    owed = desk.owed_of(body, actor.on)
    lines = desk.known(body, owed, period, Provenance.DECLARED, with_previous=False)
    grid: Grid = grid_of(body, period, lines, timezone.localdate())
    if request.POST.get("viec") == "bo-nhap":
        count = discard_drafts(actor=actor, body=body, period=period.label)
        say(request, gettext("Đã bỏ %(count)s ô nháp.") % {"count": number(count)})
        return redirect(f"{reverse('data_entry')}?{words.urlencode()}")
    _held, changed = cells_posted(grid, request.POST)
    saved = save_drafts(
        actor=actor, at=timezone.now(), body=body, period=period.label, cells=changed,
        indicators=[one.indicator for one in lines],
    )  # fmt: skip
    grid.drafts, grid.conflicts = dict(saved.drafts), saved.conflicts
    if request.headers.get("HX-Request") != "true":
        if saved.conflicts:
            form = HandForm(lines, request.POST, grid=grid, own=actor.label)
            return page_of_figures(request, actor, words, hand=form, status=HTTPStatus.CONFLICT)
        say(request, gettext("Đã lưu nháp; có thể rời trang và làm tiếp sau."))
        return redirect(f"{reverse('data_entry')}?{words.urlencode()}")
    form = HandForm(lines, request.POST, grid=grid, own=actor.label)
    return render(
        request,
        "data_entry/_live.html",
        {"hand": form, "saved_at": timezone.now(), "has_conflicts": bool(saved.conflicts), "query": words.urlencode()},
    )
