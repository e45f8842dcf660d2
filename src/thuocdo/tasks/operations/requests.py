"""The lead body asks for a later deadline; the side that assigned grants it by a decision or refuses it."""

from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.tasks.models import Extension, ExtensionRequest, Task

from .refusals import TaskRefused, require_text
from .steering import extend
from .taking import begin, finish


@transaction.atomic
def request_extension(
    *, actor: Actor, at: datetime, task: Task, wanted_on: date, reason: str, claims_objective: bool = False
) -> ExtensionRequest:
    """Ask for a later deadline; asking after the deadline is allowed and seen. Until the answer the clock runs."""
    current = begin("request_extension", task, actor=actor)
    if current.due_on is None:
        raise TaskRefused(
            gettext("Nhiệm vụ này không có thời hạn nên không xin gia hạn được."), code="no_deadline", field="wanted_on"
        )
    if ExtensionRequest.objects.filter(task=current, is_granted__isnull=True).exists():
        raise TaskRefused(
            gettext("Đã có một đề nghị gia hạn đang chờ trả lời; chờ trả lời rồi mới gửi đề nghị khác."),
            code="already_asked",
            field="wanted_on",
        )
    if wanted_on <= current.due_on or wanted_on <= localdate(at):
        raise TaskRefused(
            gettext("Ngày đề nghị phải sau thời hạn hiện nay (%(due)s) và sau hôm nay; chọn ngày muộn hơn.")
            % {"due": date_format(current.due_on, "d/m/Y")},
            code="not_later",
            field="wanted_on",
        )
    asked = ExtensionRequest.objects.create(
        task=current,
        due_on=current.due_on,
        wanted_on=wanted_on,
        reason=require_text(nfc(reason), "reason"),
        claims_objective=claims_objective,
        at=at,
        by_label=actor.label,
    )
    finish(
        "request_extension",
        current,
        actor=actor,
        at=at,
        note=asked.reason,
        data={"wanted_on": wanted_on, "request": asked.pk, "after_deadline": localdate(at) > current.due_on},
    )
    return asked


@transaction.atomic
def grant_extension(
    *,
    actor: Actor,
    at: datetime,
    request: ExtensionRequest,
    decision_number: str,
    answer: str,
    new_due_on: date | None = None,
    is_objective: bool = False,
) -> Extension:
    """Grant a request by a decision, to the day that was wanted or another; the original deadline stays."""
    _still_waits(request)
    words = require_text(nfc(answer), "answer")
    return extend(
        actor=actor,
        at=at,
        task=request.task,
        new_due_on=new_due_on or request.wanted_on,
        decision_number=decision_number,
        reason=request.reason,
        is_objective=is_objective,
        answer=words,
    )


@transaction.atomic
def refuse_extension(*, actor: Actor, at: datetime, request: ExtensionRequest, answer: str) -> ExtensionRequest:
    """Refuse a request with the reason; the deadline stays as it is."""
    task = begin("refuse_extension", request.task, actor=actor)
    current = _still_waits(request)
    current.is_granted, current.decided_at, current.decided_by = False, at, actor.label
    current.answer = require_text(nfc(answer), "answer")
    current.save(update_fields=["is_granted", "decided_at", "decided_by", "answer"])
    finish("refuse_extension", task, actor=actor, at=at, note=current.answer, data={"request": current.pk})
    return current


def _still_waits(request: ExtensionRequest) -> ExtensionRequest:
    current = ExtensionRequest.objects.get(pk=request.pk)
    if current.is_granted is None:
        return current
    raise TaskRefused(
        gettext("Đề nghị gia hạn này đã được trả lời; tải lại trang để xem trả lời."), code="answered", field="answer"
    )
