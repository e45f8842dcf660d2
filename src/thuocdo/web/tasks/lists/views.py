"""A list of tasks on its way in: read, shown beside what is known, taken over whole or in part, or left."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, may_anywhere
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.tasks.files import Sheet, SheetRefused, read_sheet
from thuocdo.tasks.files.layouts import heading_of
from thuocdo.tasks.files.sheets import LARGEST
from thuocdo.tasks.operations import Plan, import_sheet, plan_import
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.design.figures import named, number
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.layouts import offers_of_list

from .forms import ListForm
from .waiting import Waiting, drop, keep, recall

if TYPE_CHECKING:
    from thuocdo.tasks.operations import Addition, Change, Fault

# So many rows of each kind are shown; all of them are taken over.
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Wrong:
    """An error as the preview shows it."""

    cell: str
    heading: str
    fault: "Fault"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that changes: its heading, what stands now, what will stand."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A known task with its cells that change."""

    change: "Change"
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Added:
    """A new task as the preview shows it."""

    addition: "Addition"

    @property
    def lead(self) -> str:
        """Who will owe it: one body, or how many of a group."""
        bodies = self.addition.bodies
        if bodies:
            return ngettext("%(count)s cơ quan", "%(count)s cơ quan", len(bodies)) % {"count": number(len(bodies))}
        return named(self.addition.description.lead)


def _importer(request: HttpRequest) -> Actor:
    """Whoever may report or assign somewhere; others have nothing that a list could change."""
    actor = actor_of(request)
    if not (may_anywhere(actor, Permission.REPORT_PROGRESS) or may_anywhere(actor, Permission.ASSIGN_TASK)):
        raise NotAllowed(actor, Permission.REPORT_PROGRESS)
    return actor


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The form for a list; a list that could be read leads to its preview."""
    actor = _importer(request)
    form, status = ListForm(), HTTPStatus.OK
    if request.method == "POST":
        form, status = ListForm(request.POST, request.FILES), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            file = form.cleaned_data["tep"]
            # One byte more than is taken, so that it is the reader who says that it is too much.
            content = file.read(LARGEST + 1)
            try:
                sheet = _read(content, file.name or "")
            except SheetRefused as error:
                form.add_error("tep", str(error))
            else:
                keep(request, Waiting(file.name or "", digest_of_bytes(content), sheet))
                return redirect("tasks_import_preview")
    context = {
        "form": form,
        "layouts": offers_of_list(""),
        "may_assign": may_anywhere(actor, Permission.ASSIGN_TASK),
        "may_report": may_anywhere(actor, Permission.REPORT_PROGRESS),
    }
    return render(request, "tasks/lists/page.html", context, status=status)


def _read(content: bytes, name: str) -> Sheet:
    """The rows of an uploaded list; raises SheetRefused, also for one without any row."""
    sheet = read_sheet(content, name)
    if not sheet.rows:
        raise SheetRefused(gettext("Danh sách không có dòng nào; kiểm tra lại tệp rồi tải lên."))
    return sheet


def _nothing_waits(request: HttpRequest) -> HttpResponse:
    say_wrong(
        request,
        gettext("Không có danh sách nào đang chờ nhập."),
        gettext("Danh sách đã được nhập, đã bỏ, hoặc phiên làm việc đã hết; tải tệp lên lại nếu cần."),
    )
    return redirect("tasks_import")


@require_GET
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """What taking over the waiting list would do, cell by cell; nothing is written."""
    actor = _importer(request)
    waiting = recall(request)
    if waiting is None:
        return _nothing_waits(request)
    plan = plan_import(actor=actor, at=timezone.now(), sheet=waiting.sheet)
    return render(request, "tasks/lists/preview.html", _shown(waiting, plan))


def _shown(waiting: Waiting, plan: Plan) -> dict[str, Any]:
    return {
        "file": waiting.file,
        "plan": plan,
        "good": len(plan.changes) + len(plan.additions),
        "total": len(waiting.sheet.rows),
        "wrong": [
            Wrong(waiting.sheet.cell(fault.row, fault.field), heading_of(fault.field), fault)
            for fault in plan.faults[:MOST_SHOWN]
        ],
        "changed": [
            Changed(change, [Cell(heading_of(one.field), one.before, one.after) for one in change.differences])
            for change in plan.changes[:MOST_SHOWN]
        ],
        "added": [Added(addition) for addition in plan.additions[:MOST_SHOWN]],
        "more_wrong": max(0, len(plan.faults) - MOST_SHOWN),
        "more_changed": max(0, len(plan.changes) - MOST_SHOWN),
        "more_added": max(0, len(plan.additions) - MOST_SHOWN),
    }


@require_POST
@login_required
def decide(request: HttpRequest) -> HttpResponse:
    """Take the waiting list over, whole or the good rows, or forget it."""
    actor = _importer(request)
    waiting = recall(request)
    if waiting is None:
        return _nothing_waits(request)
    if request.POST.get("viec") == "bo":
        drop(request)
        say(request, gettext("Đã bỏ tệp %(file)s, không ghi gì.") % {"file": waiting.file})
        return redirect("tasks_import")
    done = import_sheet(
        actor=actor,
        at=timezone.now(),
        sheet=waiting.sheet,
        on_error="keep_good" if request.POST.get("viec") == "giu-dong-dung" else "refuse_all",
        expected=request.POST.get("dau", "") or "-",
        file_digest=waiting.digest,
    )
    if done.entry is None:
        say_wrong(
            request,
            gettext("Chưa ghi dòng nào."),
            gettext("Có nhiệm vụ vừa thay đổi sau khi bạn xem; xem lại bảng dưới đây rồi quyết định."),
        )
        return redirect("tasks_import_preview")
    drop(request)
    say(
        request,
        gettext("Đã nhập %(changed)s báo cáo và %(added)s nhiệm vụ mới; mục nhật ký số %(entry)s.")
        % {
            "changed": number(len(done.plan.changes)),
            "added": number(len(done.plan.additions)),
            "entry": number(done.entry),
        },
    )
    return redirect("tasks")
