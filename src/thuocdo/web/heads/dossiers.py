"""A frozen dossier: its figures and rows, what differs from the version before, signing, files."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Permission, may_everywhere
from thuocdo.ledger.events import Event
from thuocdo.publications.files import Paper, dossier_docx, dossier_pdf, dossier_workbook
from thuocdo.publications.files.paper import runs
from thuocdo.publications.lifecycle import FIGURES, Group, figures_of_group, parse_term
from thuocdo.publications.operations import PublicationRefused, freeze_dossier
from thuocdo.publications.queries import (
    Content,
    Difference,
    appointment_of,
    content_of,
    differences,
    dossier_by_number,
    entry_of,
    is_newest,
    paper_of,
    rights_over,
    seat_of,
    signature_of,
    versions_before,
)
from thuocdo.tasks.queries import visible_to
from thuocdo.web.design.blocks import breadcrumbs, say, say_wrong
from thuocdo.web.design.figures import named, short_named
from thuocdo.web.downloads import attachment
from thuocdo.web.signed_in import actor_of, login_required

from .forms import RequestForm, SignForm
from .found import Found, NotInTerm, found_or_404
from .terms import NAME, days_in_words, in_words, read_term, with_term
from .views import head_context, row_in_words

if TYPE_CHECKING:
    from thuocdo.accounts.permissions import Actor
    from thuocdo.publications.models import Dossier

FILES: dict[str, tuple[str, str, Callable[[Paper], bytes]]] = {
    "pdf": ("PDF", "application/pdf", dossier_pdf),
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", dossier_docx),
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", dossier_workbook),
}
JSON = "json"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dossier(request: HttpRequest, number: int) -> HttpResponse:
    """One version as it was frozen; its head signs it here."""
    actor = actor_of(request)
    found = _dossier_or_404(number, actor)
    content = content_of(found)
    seat = seat_of(found.body)
    tenure = seat.tenure(parse_term(found.term), str(found.appointment_id))
    rights = rights_over(actor, found.body, tenure) if tenure else None
    signed = signature_of(found)
    newest = is_newest(found)
    may_sign = bool(rights and rights.may_sign and signed is None and newest)
    form = None
    if may_sign:
        form = SignForm(content.late_rows, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form is None:
            say_wrong(
                request, gettext("Không ký được bản này."), gettext("Mở bản mới nhất, hoặc để người đứng đầu ký.")
            )
            return redirect("head_dossier", number=number)
        if form.save(actor, found, timezone.now()):
            say(request, gettext("Đã ký hồ sơ. Bản này được giữ nguyên; sửa số liệu sẽ thành bản mới."))
            return redirect("head_dossier", number=number)
    former = versions_before(found).first()
    seen = set(visible_to(actor).filter(code__in={row.code for row in content.rows}).values_list("code", flat=True))
    sees_ledger = may_everywhere(actor, Permission.VIEW_LEDGER)
    return render(
        request,
        "heads/dossier.html",
        {
            "dossier": found,
            "content": content,
            "body": found.body,
            "person": found.appointment.person,
            "term": in_words(parse_term(found.term)),
            "crumbs": breadcrumbs(*_crumbs(found), gettext("Hồ sơ bản %(number)s") % {"number": found.number}),
            "sentence": _sentence(found, content),
            "days": "; ".join(days_in_words(first, until - until.resolution) for first, until in content.spans),
            "groups": _groups(content),
            "rows": [row_in_words(row, seen) | {"numbers": _numbers(row.figures)} for row in content.rows],
            "sees_ledger": sees_ledger,
            "entry": entry_of(found, Event.DOSSIER_FROZEN) if sees_ledger else None,
            "signed": signed,
            "late": [(row, signed.explanations.get(row.key, "")) for row in content.late_rows] if signed else [],
            "form": form,
            "is_newest": newest,
            "former": former,
            "changes": _changes(differences(content_of(former), content)) if former else None,
            "files": [
                (reverse("head_dossier_file", args=[number, ending]), words[0]) for ending, words in FILES.items()
            ]
            + [(reverse("head_dossier_file", args=[number, JSON]), "JSON")],
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK,
    )


def _dossier_or_404(number: int, actor: "Actor") -> "Dossier":
    found = dossier_by_number(number, actor=actor)
    if found is None:
        raise Http404
    return found


def _crumbs(found: "Dossier") -> list[str]:
    term = parse_term(found.term)
    head = with_term(reverse("head", args=[found.body.code, found.appointment_id]), term, timezone.localdate())
    return [reverse("heads"), gettext("Người đứng đầu"), head, f"{short_named(found.body)}, {in_words(term)}"]


def _sentence(found: "Dossier", content: Content) -> str:
    words = {
        "number": found.number,
        "body": named(found.body),
        "owed": content.figures.get("owed", 0),
        "late": len(content.late_rows),
    }
    if signature_of(found):
        return (
            gettext("Bản %(number)s đã ký: %(body)s có %(owed)s nhiệm vụ phải thực hiện, %(late)s việc chậm.") % words
        )
    return gettext("Bản %(number)s chờ ký: %(body)s có %(owed)s nhiệm vụ phải thực hiện, %(late)s việc chậm.") % words


def _numbers(codes: tuple[str, ...]) -> list[int]:
    return [place for place, figure in enumerate(FIGURES, start=1) if figure.code in codes]


def _groups(content: Content) -> list[tuple[str, list[dict[str, Any]]]]:
    titles = {
        Group.DEBTS: gettext("Phải thực hiện"),
        Group.TAKEN_OVER: gettext("Nhận bàn giao"),
        Group.HAPPENINGS: gettext("Việc đã xảy ra, số lần"),
        Group.EFFECT: gettext("Hiệu quả của việc đã hoàn thành"),
        Group.OBJECTIVE: gettext("Nguyên nhân khách quan đã được chấp thuận"),
    }
    places = {figure.code: place for place, figure in enumerate(FIGURES, start=1)}
    return [
        (
            title,
            [
                {
                    "number": places[figure.code],
                    "title": figure.title,
                    "value": content.figures.get(figure.code, 0),
                    "runs": runs([row.number for row in content.rows_of(figure.code)]),
                    "first": next((row.number for row in content.rows_of(figure.code)), 0),
                }
                for figure in figures_of_group(group)
            ],
        )
        for group, title in titles.items()
    ]


def _changes(found: Difference) -> dict[str, Any]:
    titles = {figure.code: figure.title for figure in FIGURES}
    return {
        "is_any": bool(found),
        "figures": [(titles[code], old, new) for code, old, new in found.figures],
        "added": found.added,
        "removed": found.removed,
        "changed": [(old, new, _outcome(old.figures), _outcome(new.figures)) for old, new in found.changed],
    }


def _outcome(codes: tuple[str, ...]) -> str:
    return ", ".join(str(figure.title) for figure in FIGURES if figure.code in codes and figure.code != "owed")


@require_GET
@login_required
def file(request: HttpRequest, number: int, ending: str) -> HttpResponse:
    """The version as pdf, docx or xlsx, or its canonical content, whose SHA-256 is the digest."""
    found = _dossier_or_404(number, actor_of(request))
    name = f"ho-so-trach-nhiem-{found.body.code}-{found.term}-ban-{found.number}".lower()
    if ending == JSON:
        return attachment(found.content, name=f"{name}.json", media_type="application/json")
    if ending not in FILES:
        raise Http404
    _title, media_type, draw = FILES[ending]
    return attachment(draw(paper_of(found)), name=f"{name}.{ending}", media_type=media_type)


@require_POST
@login_required
def freeze(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Freeze the record of a term as the next version and open it."""
    found = _found(request, code, key)
    appointment = appointment_of(found.body, found.tenure.key)
    if appointment is None or not found.rights.may_freeze:
        raise Http404
    try:
        made = freeze_dossier(actor=actor_of(request), at=timezone.now(), appointment=appointment, term=found.term)
    except PublicationRefused as refusal:
        said, _semicolon, remedy = str(refusal).rpartition("; ")
        say_wrong(request, said or str(refusal), remedy)
        return redirect(f"{found.address}#ho-so")
    say(request, gettext("Đã lập hồ sơ bản %(number)s theo số liệu lúc này.") % {"number": made.number})
    return redirect("head_dossier", number=made.pk)


@require_POST
@login_required
def ask(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Ask the head to sign the dossier of the term."""
    found = _found(request, code, key)
    appointment = appointment_of(found.body, found.tenure.key)
    if appointment is None or not found.rights.may_request:
        raise Http404
    form = RequestForm(request.POST)
    if form.save(actor_of(request), appointment, found.term, timezone.now()):
        say(request, gettext("Đã đề nghị người đứng đầu %(body)s ký hồ sơ.") % {"body": named(found.body)})
        return redirect(f"{found.address}#ho-so")
    return render(
        request, "heads/head.html", head_context(request, found, form), status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


def _found(request: HttpRequest, code: str, key: str) -> Found:
    term = read_term(request.GET.get(NAME, ""), timezone.localdate())
    try:
        return found_or_404(code, key, term, actor_of(request))
    except NotInTerm as absent:
        raise Http404 from absent
