"""Return one thing: the verifier's list of parts, the lead body's answers to what was returned, taking one back."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission
from thuocdo.tasks import operations
from thuocdo.tasks.lifecycle import STEPS
from thuocdo.tasks.operations import Answer, FileRefused, Point, TaskRefused, Upload
from thuocdo.tasks.queries import (
    evidence_of,
    evidence_state,
    may_add_evidence,
    may_be_recalled,
    open_points,
    point_by_id,
    possible_steps,
    returned_submission,
)
from thuocdo.web.design.blocks import say
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.task.files import limits

from .points import opened
from .views import task_or_404
from .wording import PARTS

_MOST_FILES = 21


@dataclass(slots=True)
class Offered:
    """A part of the submitted result that can be returned by itself, with what was typed about it."""

    part: str
    number: int | None
    name: str
    detail: str = ""
    typed: str = ""
    wrong: str = ""

    @property
    def title(self) -> str:
        return str(PARTS[self.part])

    @property
    def field(self) -> str:
        """The name of its field, as the operation names it."""
        return f"message-{self.part}" if self.number is None else f"message-{self.part}-{self.number}"


def _parts(task: Any) -> list[Offered]:
    """Everything of the newest submission that can be returned by itself."""
    report = returned_submission(task)
    if report is None:
        return []
    parts = [Offered("text", None, gettext("Lời báo cáo"), report.text)]
    for file in evidence_of(task):
        if file.erased_at is None and file.report.occurrence == report.occurrence:
            parts.append(Offered("file", file.pk, file.name))
    parts += [Offered("product", one.pk, one.name) for one in task.products.order_by("position")]
    parts += [Offered("milestone", one.pk, one.title) for one in task.milestones.order_by("position")]
    values = task.field_values.select_related("field").order_by("field__position", "field__pk")
    parts += [Offered("field", value.field_id, value.field.label) for value in values]
    seen: set[tuple[str, int | None]] = set()
    return [part for part in parts if (part.part, part.number) not in seen and not seen.add((part.part, part.number))]  # type: ignore[func-returns-value]


@require_http_methods(["GET", "POST"])
@login_required
def give_back(request: HttpRequest, code: str) -> HttpResponse:
    """The parts of a submitted result, each with room for what has to be mended; an empty one is not returned."""
    actor = actor_of(request)
    task = task_or_404(code, actor)
    if "return_result" not in possible_steps(actor, task):
        if task.state == "submitted":
            raise NotAllowed(actor, Permission(STEPS["return_result"].permission), task.lead)
        return redirect("task", code=code)
    parts, wrong = _parts(task), ""
    newest, state = max(task.reports.values_list("pk", flat=True), default=0), evidence_state(task)
    if request.method == "POST":
        for part in parts:
            part.typed = request.POST.get(part.field, "")
        points = [Point(part.part, part.typed, part.number) for part in parts if part.typed.strip()]
        seen = request.POST.get("seen_report", "")
        try:
            operations.return_points(
                actor=actor, at=timezone.now(), task=task, points=points,
                seen_report=int(seen) if seen.isdecimal() and len(seen) < 18 else None,
                seen_evidence=request.POST.get("seen_evidence", "")[:64] or None,
            )  # fmt: skip
        except TaskRefused as refusal:
            wrong = _place(refusal, parts)
        else:
            say(
                request,
                gettext("Đã trả lại %(number)s phần; cơ quan chủ trì chỉ sửa được các phần đó.")
                % {"number": len(points)},
            )
            return redirect("task", code=code)
    context = {"task": task, "parts": parts, "wrong": wrong, "newest": newest, "state": state}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "tasks/evidence/give_back.html", context, status=status)


def _place(refusal: TaskRefused | FileRefused, places: Sequence[Any]) -> str:
    """Put what was wrong beside its part; what belongs to none is said above."""
    for place in places:
        if refusal.field in (place.field, *getattr(place, "fields", ())):
            place.wrong = str(refusal)
            return ""
    return str(refusal)


@require_http_methods(["GET", "POST"])
@login_required
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """What was returned, each with the one field that is open; everything else stays as it was submitted."""
    actor = actor_of(request)
    task = task_or_404(code, actor)
    points = list(open_points(task))
    if not may_add_evidence(actor, task):
        raise NotAllowed(actor, Permission.SUBMIT_RESULT, task.lead)
    if not points or task.state != "returned":
        return redirect("task", code=code)
    rows, wrong = opened(task, points), ""
    if request.method == "POST":
        for row in rows:
            row.typed = request.POST.get(row.field, "").replace("\r\n", "\n")
        try:
            answers = {row.point.pk: Answer(row.typed, _uploads(request, f"files-{row.point.pk}")) for row in rows}
            operations.answer_points(actor=actor, at=timezone.now(), task=task, answers=answers)
        except (TaskRefused, FileRefused) as refusal:
            wrong = _place(refusal, rows)
            if request.FILES:
                wrong = f"{wrong} {gettext('Trình duyệt không giữ được tệp đã chọn; chọn lại tệp.')}".strip()
        else:
            say(request, gettext("Đã trình lại; người phê duyệt thấy đúng những chỗ đã sửa."))
            return redirect("task", code=code)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    context = {"task": task, "rows": rows, "wrong": wrong, "limits": limits()}
    return render(request, "tasks/evidence/answer.html", context, status=status)


def _uploads(request: HttpRequest, name: str) -> list[Upload]:
    """The files of a field, read only when their size allows it."""
    found = []
    for file in request.FILES.getlist(name)[:_MOST_FILES]:
        if (file.size or 0) > settings.MAX_UPLOAD:
            raise TaskRefused(
                gettext("Tệp “%(name)s” lớn hơn %(most)s MB; giảm dung lượng hoặc chia nhỏ rồi chọn lại.")
                % {"name": file.name, "most": limits()["most"]},
                code="too_large",
                field=name,
            )
        found.append(Upload(file.name or "", file.read()))
    return found


@require_POST
@login_required
def recall(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take a returned point back before the lead body acted."""
    actor: Actor = actor_of(request)
    task = task_or_404(code, actor)
    point = point_by_id(task, number)
    if point is None or not may_be_recalled(point, task):
        say(request, gettext("Phần này đã được xử lý nên không rút lại được."))
        return redirect("task", code=code)
    after = operations.recall_point(actor=actor, at=timezone.now(), point=point)
    if after.state == "submitted":
        say(request, gettext("Đã rút; không còn phần nào bị trả lại nên kết quả lại chờ phê duyệt."))
    else:
        say(request, gettext("Đã rút phần này; các phần còn lại vẫn chờ sửa."))
    return redirect("task", code=code)
