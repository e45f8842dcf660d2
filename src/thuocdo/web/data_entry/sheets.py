"""A spreadsheet on its way in: read, looked at, recorded or left; and the receipt of what was recorded."""

import csv
import hashlib
import io
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_everywhere
from thuocdo.indicators.files import SheetRow, SheetUnreadable, neutralised, read_marked_template
from thuocdo.indicators.operations.entering import submit_figures
from thuocdo.indicators.queries import Openness, batch_by_ledger, measurements, root_of
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.design.figures import number
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.design.tables import page_of
from thuocdo.web.signed_in import actor_of, login_required

from . import desk, pending
from .forms import UploadForm
from .preview import fields_of, preview
from .template_marks import whose_template
from .views import enterer, page_of_figures
from .workbook import LARGEST, look

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thuocdo.indicators.queries import Batch, Measurement

FIGURES_A_PAGE = 50


@require_POST
@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Read a filled-in template and lead to its preview; nothing is recorded yet."""
    actor = enterer(request)
    words = QueryDict(request.META.get("QUERY_STRING", ""))
    form = UploadForm(request.POST, request.FILES, auto_id="tai_%s")
    if form.is_valid():
        file = form.cleaned_data["tep"]
        try:
            # One byte more than is taken, so that it is the reader who says that it is too much.
            cautions, rows = _read(file.read(LARGEST + 1), actor, words)
        except SheetUnreadable as error:
            form.add_error("tep", str(error))
        else:
            pending.keep(request, file=file.name or "", rows=rows, cautions=cautions, back=words.urlencode())
            return redirect("data_preview")
    return page_of_figures(request, actor, words, upload=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _read(content: bytes, actor: Actor, words: QueryDict) -> tuple[list[str], list[SheetRow]]:
    """What to be aware of and the rows of an uploaded template; raises SheetUnreadable, also for one left empty."""
    looked = look(content)
    found = read_marked_template(content)
    if not found.rows:
        raise SheetUnreadable(gettext("Biểu mẫu chưa có số liệu nào; điền cột Giá trị rồi lưu và tải lên lại."))
    cautions = looked.cautions()
    if found.mark is None:
        return cautions, list(found.rows)
    more, rows = whose_template(
        found.mark, found.rows, actor, body=words.get("co_quan", ""), period=words.get("ky", "")
    )
    return [*cautions, *more], rows


def _nothing_waits(request: HttpRequest) -> HttpResponse:
    say_wrong(
        request,
        gettext("Không có tệp nào đang chờ ghi."),
        gettext("Tệp đã được ghi, đã bỏ, hoặc phiên làm việc đã hết; tải tệp lên lại nếu cần."),
    )
    return redirect("data_entry")


@require_GET
@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    """What recording the waiting spreadsheet would do."""
    actor = enterer(request)
    found = pending.recall(request)
    if found is None:
        return _nothing_waits(request)
    shown = preview(found.rows, actor=actor, at=timezone.now(), cautions=found.cautions)
    return render(request, "data_entry/preview.html", {"waiting": found, "preview": shown, "total": len(found.rows)})


@require_GET
@login_required
def faults(request: HttpRequest) -> HttpResponse:
    """All errors of the waiting spreadsheet as csv, to work through beside the sheet."""
    actor = enterer(request)
    found = pending.recall(request)
    if found is None:
        return _nothing_waits(request)
    shown = preview(found.rows, actor=actor, at=timezone.now(), cautions=())
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([gettext("Ô"), gettext("Cột"), gettext("Đang ghi"), gettext("Lỗi và cách sửa")])
    for one in shown.faults:
        writer.writerow([neutralised(cell) for cell in (one.cell, one.heading, one.given, one.message)])
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": content_disposition_header(True, "loi-bieu-mau.csv") or "attachment",
        },
    )


@require_http_methods(["POST"])
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Record the waiting rows (all, or the good ones), or forget them; a second press gives the same receipt."""
    actor = enterer(request)
    found = pending.recall(request)
    key = request.POST.get("khoa", "")
    if found is None or found.key != key:
        before = request.session.get(f"{pending.RECEIPT}_{key}")
        return redirect("data_receipt", ledger=before) if before else _nothing_waits(request)
    if request.POST.get("viec") == "bo":
        pending.drop(request)
        say(request, gettext("Đã bỏ tệp %(file)s, không ghi gì. Sửa tệp rồi tải lên lại.") % {"file": found.file})
        return redirect(f"{reverse('data_entry')}?{found.back}" if found.back else "data_entry")
    fields = fields_of(found.rows, actor)
    keep_good = request.POST.get("viec") == "giu-dong-dung"
    result = submit_figures(
        actor=actor,
        at=timezone.now(),
        rows=fields,
        on_error="keep_good" if keep_good else "refuse_all",
        idempotency_key=f"tep:{key}:{'giu' if keep_good else 'het'}",
        request_digest=hashlib.sha256(repr(fields).encode()).hexdigest(),
    )
    if result.ledger is None:
        # Something changed since the preview: show it again, with what is wrong now.
        say_wrong(request, gettext("Chưa ghi dòng nào."), gettext("Xem lỗi bên dưới rồi chọn lại."))
        return redirect("data_preview")
    pending.drop(request)
    cells = [found.rows[error["row"] - 1].cell(error["field"]) if error["row"] else "" for error in result.errors]
    pending.keep_receipt(request, result.ledger, found.file, cells[:1000])
    request.session[f"{pending.RECEIPT}_{key}"] = result.ledger
    say(request, gettext("Đã ghi %(count)s số liệu.") % {"count": number(result.accepted)})
    return redirect("data_receipt", ledger=result.ledger)


def _figures_of(batch: "Batch", actor: Actor) -> "QuerySet[Measurement]":
    """The figures of a batch, those of bodies whose figures the reader may see."""
    rows = measurements().filter(batch=batch).order_by("pk")
    if may_everywhere(actor, Permission.VIEW_INDICATORS):
        return rows
    rows = rows.filter(body__in=bodies_within(actor, Permission.VIEW_INDICATORS).values("pk"))
    return rows.exclude(indicator__openness=Openness.RESTRICTED)


@require_GET
@login_required
def receipt(request: HttpRequest, ledger: int) -> HttpResponse:
    """What became of a batch: how many rows, which were refused, where it is sealed; for who sent it and auditors."""
    actor = actor_of(request)
    batch = batch_by_ledger(ledger) if ledger < 2**63 else None
    reads_ledger = may_everywhere(actor, Permission.VIEW_LEDGER)
    if batch is None or not (batch.owner == actor.label or reads_ledger):
        raise Http404
    file, cells = pending.receipt_places(request, ledger)
    errors = [
        {**error, "cell": cells[place] if place < len(cells) else ""}
        for place, error in enumerate(batch.answer["errors"])
    ]
    return render(
        request,
        "data_entry/receipt.html",
        {
            "batch": batch,
            "errors": errors[:200],
            "more_errors": max(0, len(errors) - 200),
            "file": file,
            "holds": root_of(batch) == batch.root,
            "reads_ledger": reads_ledger,
            "may_enter": desk.may_enter(actor),
            "periods": [period_words(label) for label in batch.periods[:6]],
            "page": page_of(request, _figures_of(batch, actor), FIGURES_A_PAGE),
        },
    )
