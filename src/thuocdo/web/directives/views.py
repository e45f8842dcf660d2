"""The list of documents with the upload, the review of one, its progress while open, and the file as received."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from thuocdo.accounts.permissions import Actor, Permission, require, require_anywhere
from thuocdo.directives.messages import NOTES, explain, explain_failure
from thuocdo.directives.operations import AlreadyReceived, DirectiveRefused, receive
from thuocdo.directives.operations import describe as describe_document
from thuocdo.directives.queries import (
    DocumentState,
    document_by_id,
    filtered,
    receiving_body,
    visible_to,
    with_progress,
)
from thuocdo.engine.extraction.reader import DOCX, PDF, UnreadableDocument
from thuocdo.web.design.blocks import say
from thuocdo.web.design.figures import number as figure
from thuocdo.web.design.marks import door
from thuocdo.web.design.tables import ordering, page_of
from thuocdo.web.downloads import attachment
from thuocdo.web.signed_in import actor_of, login_required

from .forms import FilterForm, HeadForm, UploadForm
from .review import Review

if TYPE_CHECKING:
    from thuocdo.directives.models import Document

# The largest whole number that a database keeps; an address with a larger one leads nowhere.
LARGEST_ID = 2**63 - 1
_SORTS = {"ten": "title", "ngay": "issued_on", "nhan": "received_at", "so": "number"}
_ENDINGS = {DOCX: ".docx", PDF: ".pdf"}


def document_of(actor: Actor, number: int) -> "Document":
    """The document, if the actor may see it; else 404, as if there were none."""
    document = document_by_id(actor, number) if number <= LARGEST_ID else None
    if document is None:
        raise Http404
    return document


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def directives(request: HttpRequest) -> HttpResponse:
    """The documents one may see, and the form by which a new one is received."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_DIRECTIVES)
    may_receive = receiving_body(actor) is not None
    form = UploadForm(auto_id="nhan_%s") if may_receive else None
    if request.method == "POST":
        require_anywhere(actor, Permission.RECEIVE_DIRECTIVE)
        form = UploadForm(request.POST, request.FILES, auto_id="nhan_%s")
        document = _received(request, actor, form)
        if document is not None:
            return redirect("directive", document.pk)
    return render(
        request,
        "directives/page.html",
        _list_context(request, actor, form),
        status=422 if form and form.errors else 200,
    )


def _received(request: HttpRequest, actor: Actor, form: UploadForm) -> "Document | None":
    """The new document, or the one that came before; None when something stands in the form's errors."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        document = receive(
            actor=actor,
            at=timezone.now(),
            data=_bytes_of(given["file"]),
            file_name=given["file"].name or "",
            title=given["title"],
            number=given["number"],
            issuer=given["issuer"],
            issued_on=given["issued_on"],
        )
    except UnreadableDocument as error:
        form.add_error("file", explain(error))
    except AlreadyReceived as error:
        first = document_by_id(actor, error.first.pk)
        if first is not None:
            say(request, gettext("Tệp này đã được tiếp nhận trước đó; đây là văn bản ấy."))
            return first
        form.add_error("file", str(error))
    except DirectiveRefused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    else:
        say(request, gettext("Đã tiếp nhận văn bản “%(title)s”.") % {"title": document.title})
        return document
    return None


def _bytes_of(file: UploadedFile) -> bytes:  # type: ignore[type-arg]  # It takes no argument when it runs.
    """The content of an upload; one that is too large is refused before it is read into memory."""
    if (file.size or 0) > settings.MAX_UPLOAD:
        raise UnreadableDocument("too_large", {"bytes": file.size or 0, "limit": settings.MAX_UPLOAD})
    return bytes(file.read())


def _list_context(request: HttpRequest, actor: Actor, form: UploadForm | None) -> dict[str, Any]:
    everything = visible_to(actor).defer("text", "passages", "notes")
    documents = everything
    filter_form = FilterForm(request.GET)
    if filter_form.is_valid():
        asked = filter_form.cleaned_data
        documents = filtered(documents, words=asked["tim"], state=asked["trang_thai"])
    rows = with_progress(documents).order_by(*ordering(request, _SORTS, default="-nhan"))
    page = page_of(request, rows)
    return {
        "form": form,
        "filter_form": filter_form,
        "page": page,
        "count": page.paginator.count,
        "is_narrowed": bool(request.GET.get("tim") or request.GET.get("trang_thai")),
        "answer": _answer(everything),
    }


def _answer(documents: "QuerySet[Document]") -> SafeString | str:
    """How much waits for a person, in one sentence."""
    waiting = with_progress(documents.filter(state=DocumentState.EXTRACTED)).values("found", "decided")  # type: ignore[misc]  # Annotations stay unknown to the checker.
    open_counts = [row["found"] - row["decided"] for row in waiting if row["found"] > row["decided"]]
    if not open_counts:
        return gettext("Không còn văn bản nào chờ rà soát.")
    return format_html(
        gettext("{} còn {} nhiệm vụ chờ xác nhận."),
        door(
            f"{reverse('directives')}?trang_thai={DocumentState.EXTRACTED}",
            ngettext("%(count)s văn bản", "%(count)s văn bản", len(open_counts)) % {"count": figure(len(open_counts))},
        ),
        figure(sum(open_counts)),
    )


@login_required
@require_GET
def directive(request: HttpRequest, number: int) -> HttpResponse:
    """The review of a document: its text with every assignment marked, and a card for each."""
    actor = actor_of(request)
    review = Review(actor, document_of(actor, number), asked=_part(request))
    return render(request, "directives/review.html", review_context(review))


def review_context(review: Review) -> dict[str, Any]:
    """What the review and its parts are drawn from."""
    document = review.document
    notes = [NOTES[note] for note in document.notes if note in NOTES]
    certain = len(review.certain()) if review.may_review else 0
    failure = explain_failure(document.failure) if review.has_failed else ""
    return {
        "review": review,
        "document": document,
        "cards": review.cards,
        "notes": notes,
        "certain": certain,
        "failure": failure,
    }


def _part(request: HttpRequest) -> int:
    asked = request.GET.get("phan", "1")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1


@login_required
@require_GET
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far the review has come, alone; while the machine still reads, nothing, and afterwards the whole page."""
    actor = actor_of(request)
    review = Review(actor, document_of(actor, number), asked=_part(request))
    if request.GET.get("doc") == "1":
        # Of a scan one also sees how many pages are done.
        seen = request.GET.get("trang", "0")
        if review.is_being_read and seen == str(review.document.pages_recognised):
            return HttpResponse(status=204)
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "directives/_progress.html", {"review": review})


@require_GET
@login_required
def cards(request: HttpRequest, number: int) -> HttpResponse:
    """The cards of a part alone: what other reviewers did meanwhile, and what the machine found out later."""
    actor = actor_of(request)
    review = Review(actor, document_of(actor, number), asked=_part(request))
    return render(request, "directives/_cards.html", {"review": review})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, number: int) -> HttpResponse:
    """Correct what stands at the head of a document: number, title, issuer, date."""
    actor = actor_of(request)
    document = document_of(actor, number)
    require(actor, Permission.REVIEW_CANDIDATES, document.body)
    names = ("number", "title", "issuer", "issued_on")
    form = HeadForm(initial={name: getattr(document, name) for name in names})
    if request.method == "POST":
        form = HeadForm(request.POST)
        if form.is_valid():
            try:
                describe_document(actor=actor, at=timezone.now(), document=document, **form.cleaned_data)
            except DirectiveRefused as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                say(request, gettext("Đã lưu thông tin văn bản."))
                return redirect("directive", document.pk)
    status = 422 if form.errors else 200
    return render(request, "directives/describe.html", {"form": form, "document": document}, status=status)


@login_required
@require_GET
def file(request: HttpRequest, number: int) -> HttpResponse:
    """The document as it was received, to be saved and never shown by the browser."""
    document = document_of(actor_of(request), number)
    if not document.file:
        # A scan that turned out to be secret was given up.
        raise Http404
    with default_storage.open(document.file) as kept:
        data = kept.read()
    return attachment(data, name=_file_name(document), media_type=document.media_type)


def _file_name(document: "Document") -> str:
    """The name it came with; an ending that does not fit the content gets the one that does behind it."""
    ending = _ENDINGS.get(document.media_type, ".txt")
    name = document.file_name
    return name if PurePosixPath(name).suffix.lower() == ending else f"{name}{ending}"
