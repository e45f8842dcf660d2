"""A list of tasks on its way in: brought, its columns mapped, shown beside what is known, written or left."""

import csv
import io
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, may_anywhere
from thuocdo.exchanges.lifecycle import AT_WORK, Stage
from thuocdo.exchanges.operations.importing import SMALL, agree, discard, map_columns, plan_received, write_agreed
from thuocdo.exchanges.operations.importing import receive_list as receive
from thuocdo.exchanges.operations.refusals import ExchangeRefused
from thuocdo.exchanges.queries.imports import import_of, imports_of
from thuocdo.exchanges.queries.mappings import mapping_body
from thuocdo.indicators.files import neutralised
from thuocdo.tasks.files import SheetRefused
from thuocdo.tasks.files.sheets import LARGEST
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.downloads import attachment
from thuocdo.web.exchanges.mappings.forms import ColumnsForm
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.layouts import offers_of_list

from .forms import ListForm

if TYPE_CHECKING:
    from thuocdo.exchanges.models import ImportRun

# So many rows of each kind are shown; all of them are taken over.
MOST_SHOWN = 200
# So many of a person's lists stand below the form.
MOST_RECENT = 10
_LARGEST_ID = 2**63 - 1


def _importer(request: HttpRequest) -> Actor:
    """Whoever may report or assign somewhere; others have nothing that a list could change."""
    actor = actor_of(request)
    if not (may_anywhere(actor, Permission.REPORT_PROGRESS) or may_anywhere(actor, Permission.ASSIGN_TASK)):
        raise NotAllowed(actor, Permission.REPORT_PROGRESS)
    return actor


def _run_or_404(actor: Actor, number: int) -> "ImportRun":
    run = import_of(actor, number) if number <= _LARGEST_ID else None
    if run is None:
        raise Http404
    return run


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The form for a list, and the lists that the person brought before; a new one leads to its own page."""
    actor = _importer(request)
    form, status = ListForm(), HTTPStatus.OK
    if request.method == "POST":
        form, status = ListForm(request.POST, request.FILES), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            file = form.cleaned_data["tep"]
            # One byte more than is taken, so that it is the reader who says that it is too much.
            content = file.read(LARGEST + 1)
            try:
                run = receive(actor=actor, at=timezone.now(), content=content, name=file.name or "")
            except SheetRefused as error:
                form.add_error("tep", str(error))
            else:
                if run.stage == Stage.RECEIVED and run.rows <= SMALL:
                    plan_received(at=timezone.now(), number=run.pk)
                return redirect("tasks_import_run", run.pk)
    context = {
        "form": form,
        "layouts": offers_of_list(""),
        "may_assign": may_anywhere(actor, Permission.ASSIGN_TASK),
        "may_report": may_anywhere(actor, Permission.REPORT_PROGRESS),
        "may_map": may_anywhere(actor, Permission.MANAGE_EXCHANGES),
        "runs": list(imports_of(actor)[:MOST_RECENT]),
    }
    return render(request, "tasks/lists/page.html", context, status=status)


@require_GET
@login_required
def run(request: HttpRequest, number: int) -> HttpResponse:
    """One list as it stands: being looked at, waiting for its columns or for a yes, being written, done."""
    actor = _importer(request)
    return _shown(request, actor, _run_or_404(actor, number))


@require_GET
@login_required
def part(request: HttpRequest, number: int) -> HttpResponse:
    """How far the machine has come; when it is done, the open page is told to look again."""
    found = _run_or_404(_importer(request), number)
    if found.stage not in AT_WORK:
        answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "tasks/lists/_headway.html", {"run": found})


def _shown(request: HttpRequest, actor: Actor, run: "ImportRun", *, columns: ColumnsForm | None = None) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if columns is not None else HTTPStatus.OK
    preview = run.preview or {}
    context: dict[str, Any] = {"run": run, "file": run.file_name, "wrong": preview.get("wrong", [])[:MOST_SHOWN]}
    match run.stage:
        case Stage.RECEIVED | Stage.AGREED:
            return render(request, "tasks/lists/working.html", context)
        case Stage.COLUMNS:
            may_map = mapping_body(actor) is not None
            form = columns or (ColumnsForm.of_table(preview["table"]) if may_map else None)
            return render(request, "tasks/lists/columns.html", {**context, "form": form}, status=status)
        case Stage.PLANNED if columns is not None:
            return render(request, "tasks/lists/columns.html", {**context, "form": columns}, status=status)
        case Stage.PLANNED:
            return render(request, "tasks/lists/preview.html", {**context, **_plan_of(actor, run)})
    context["more_wrong"] = max(0, preview.get("faults", 0) - len(context["wrong"]))
    return render(request, "tasks/lists/finished.html", context)


def _plan_of(actor: Actor, run: "ImportRun") -> dict[str, Any]:
    preview = run.preview
    changed, added, wrong = (preview.get(name, []) for name in ("changed", "added", "wrong"))
    return {
        "changed": changed,
        "added": added,
        "named": preview.get("named", 0),
        "cautions": preview.get("cautions", []),
        "faults": preview.get("faults", 0),
        "good": run.changed + run.added,
        "has_something": bool(run.changed or run.added or preview.get("named")),
        "more_wrong": max(0, preview.get("faults", 0) - len(wrong[:MOST_SHOWN])),
        "more_changed": max(0, run.changed - len(changed)),
        "more_added": max(0, run.added - len(added)),
        "may_map": preview.get("table") is not None and mapping_body(actor) is not None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def columns(request: HttpRequest, number: int) -> HttpResponse:
    """Which column holds what: said once, remembered for the body, and the list is looked at again."""
    actor = _importer(request)
    run = _run_or_404(actor, number)
    table = (run.preview or {}).get("table")
    if table is None or run.stage not in (Stage.COLUMNS, Stage.PLANNED):
        return redirect("tasks_import_run", run.pk)
    if mapping_body(actor) is None:
        raise NotAllowed(actor, Permission.MANAGE_EXCHANGES)
    if request.method != "POST":
        form = ColumnsForm.of_table(table, mapping=run.mapping)
        return render(request, "tasks/lists/columns.html", {"run": run, "file": run.file_name, "form": form})
    form = ColumnsForm(table["words"], table["samples"], request.POST)
    if form.is_valid():
        try:
            map_columns(
                actor=actor,
                at=timezone.now(),
                run=run,
                name=form.cleaned_data["ten"],
                columns=form.chosen(),
                system=form.system(),
            )
        except ExchangeRefused as refusal:
            form.refuse(refusal)
        else:
            if run.rows <= SMALL:
                plan_received(at=timezone.now(), number=run.pk)
            say(request, gettext("Đã nhớ cách ghép cột; lần sau danh sách có cùng tiêu đề được đọc ngay."))
            return redirect("tasks_import_run", run.pk)
    return _shown(request, actor, run, columns=form)


@require_POST
@login_required
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Take the list over, whole or the good rows, or leave it."""
    actor = _importer(request)
    run = _run_or_404(actor, number)
    word, now = request.POST.get("viec"), timezone.now()
    try:
        if word == "bo":
            discard(actor=actor, at=now, run=run)
            say(request, gettext("Đã bỏ tệp %(file)s, không ghi gì.") % {"file": run.file_name})
            return redirect("tasks_import")
        agree(
            actor=actor,
            at=now,
            run=run,
            on_error="keep_good" if word == "giu-dong-dung" else "refuse_all",
            mark=request.POST.get("dau", ""),
        )
    except ExchangeRefused as refusal:
        say_wrong(request, gettext("Chưa ghi dòng nào."), str(refusal))
        return redirect("tasks_import_run", run.pk)
    if run.rows <= SMALL:
        written = write_agreed(at=timezone.now(), number=run.pk)
        if written is not None and written.stage == Stage.PLANNED:
            say_wrong(request, gettext("Chưa ghi dòng nào."), written.message)
    return redirect("tasks_import_run", run.pk)


@require_GET
@login_required
def faults(request: HttpRequest, number: int) -> HttpResponse:
    """The errors of a list as a table, one per line, for whoever mends the file."""
    run = _run_or_404(_importer(request), number)
    told = (run.preview or {}).get("wrong", [])
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([gettext("Dòng"), gettext("Ô"), gettext("Cột"), gettext("Trong tệp"), gettext("Lỗi và cách sửa")])
    for one in told:
        cells = (one["cell"], one["heading"], one["given"], one["message"])
        writer.writerow([one["row"], *(neutralised(cell) for cell in cells)])
    # The mark by which Excel knows UTF-8.
    content = out.getvalue().encode("utf-8-sig")
    return attachment(content, name=f"loi-{run.pk}.csv", media_type="text/csv; charset=utf-8")
