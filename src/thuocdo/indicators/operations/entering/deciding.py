"""Deciding on figures that were handed in: one value given back, signed off, taken over, a locked period opened."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, machine, may, require
from thuocdo.engine.calendars import PeriodError, parse_period
from thuocdo.indicators.models import (
    EntryException,
    Indicator,
    Kind,
    Measurement,
    Provenance,
    ReturnedFigure,
    State,
    Submission,
    SubmissionStep,
)
from thuocdo.indicators.operations.recording import record_measurements
from thuocdo.indicators.queries.entering import submitted_figures
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body

from .refusals import FiguresRefused

Stage = Submission.Stage
LONGEST_TERM = timedelta(days=92)


@transaction.atomic
def return_figure(
    *, actor: Actor, at: datetime, submission: Submission, indicator: Indicator, message: str
) -> ReturnedFigure:
    """Give one value back with what is to be mended; only its cell opens. Raises NotAllowed, FiguresRefused.

    Who signs off may do so until then, who takes over also afterwards.
    """
    row = _locked(submission)
    _require_either(actor, row)
    message = message.strip()
    if not message:
        raise FiguresRefused(_("Ghi điều cần sửa để cơ quan biết, ví dụ: thiếu số của phường X."), "message")
    if row.stage == Stage.ACCEPTED and not may(actor, Permission.ACCEPT_FIGURES, row.body):
        raise FiguresRefused(_("Cấp trên đã tiếp nhận; đề nghị cấp trên trả lại ô cần sửa."))
    told = next((one for one in submitted_figures(row) if one.indicator_id == indicator.pk), None)
    if told is None:
        raise FiguresRefused(_("Cơ quan chưa nộp số liệu của chỉ số này nên không có gì để trả lại."))
    if ReturnedFigure.objects.filter(submission=row, indicator=indicator, settled_at=None).exists():
        raise FiguresRefused(_("Ô này đã được trả lại và đang chờ sửa."))
    returned = ReturnedFigure.objects.create(
        submission=row, indicator=indicator, measurement=told, message=message[:500], returned_at=at,
        returned_by=actor.label,
    )  # fmt: skip
    row.stage = Stage.RETURNED
    row.save(update_fields=["stage"])
    _step(row, "returned", actor, at, message)
    _tell(row, Event.FIGURES_RETURNED, actor, at, indicator=indicator.code)
    return returned


@transaction.atomic
def approve_figures(*, actor: Actor, at: datetime, submission: Submission) -> int:
    """Sign off what was handed in: the provisional figures become final; gives their number.

    Raises NotAllowed, FiguresRefused while a value is still given back or nothing waits.
    """
    row = _locked(submission)
    require(actor, Permission.APPROVE_FIGURES, row.body)
    if row.stage == Stage.RETURNED:
        raise FiguresRefused(_("Còn ô bị trả lại chưa sửa; duyệt sau khi cơ quan nộp lại."))
    if row.stage != Stage.SUBMITTED:
        raise FiguresRefused(_("Số liệu này đã được duyệt."))
    count = _finalise(row, at)
    row.stage, row.approved_at, row.approved_by = Stage.APPROVED, at, actor.label
    row.save()
    _step(row, "approved", actor, at)
    _tell(row, Event.FIGURES_APPROVED, actor, at, count=count)
    return count


def _finalise(row: Submission, at: datetime) -> int:
    """Record the provisional figures once more as final ones, by the hand of the machine: the head only signs."""
    told = [one for one in submitted_figures(row) if one.kind == Kind.PROVISIONAL]
    if not told:
        return 0
    rows = [
        {
            "indicator": one.indicator.code,
            "body": row.body.code,
            "period": one.period,
            "value": None if one.value is None else _written(one.value),
            "state": one.state,
            "kind": Kind.FINAL.value,
            "provenance": Provenance.DECLARED.value,
            "source": one.source,
            "evidence": one.evidence,
            "reason": one.reason,
        }
        for one in told
    ]
    result = record_measurements(actor=machine("approvals", timezone.localdate(at)), at=at, rows=rows)
    if result.ledger is None:
        # What was taken once may no longer fit the dictionary: then the head learns what.
        raise FiguresRefused(result.errors[0]["message"])
    return result.accepted


@transaction.atomic
def accept_figures(*, actor: Actor, at: datetime, submission: Submission) -> None:
    """Take over the signed-off figures of a body below; raises NotAllowed, FiguresRefused."""
    row = _locked(submission)
    require(actor, Permission.ACCEPT_FIGURES, row.body)
    if row.stage != Stage.APPROVED:
        raise FiguresRefused(_("Chỉ tiếp nhận số liệu đã được người đứng đầu cơ quan duyệt."))
    row.stage, row.accepted_at, row.accepted_by = Stage.ACCEPTED, at, actor.label
    row.save()
    _step(row, "accepted", actor, at)
    _tell(row, Event.FIGURES_ACCEPTED, actor, at)


@transaction.atomic
def undo_decision(*, actor: Actor, at: datetime, submission: Submission) -> str:
    """Take back one's signing off or taking over as long as nobody has built on it; gives the stage it returns to.

    Signing off is used once the body above has taken the figures over. Raises NotAllowed, FiguresRefused.
    """
    row = _locked(submission)
    if row.stage == Stage.ACCEPTED:
        require(actor, Permission.ACCEPT_FIGURES, row.body)
        row.stage, row.accepted_at, row.accepted_by = Stage.APPROVED, None, ""
        act = "acceptance_undone"
    elif row.stage == Stage.APPROVED:
        require(actor, Permission.APPROVE_FIGURES, row.body)
        _withdraw_final(row, at)
        row.stage, row.approved_at, row.approved_by = Stage.SUBMITTED, None, ""
        act = "approval_undone"
    else:
        raise FiguresRefused(_("Không có gì để rút lại: số liệu đang chờ duyệt hoặc chờ cơ quan sửa."))
    row.save()
    _step(row, act, actor, at)
    _tell(row, Event.FIGURES_REOPENED, actor, at, stage=row.stage)
    return str(row.stage)


def _withdraw_final(row: Submission, at: datetime) -> None:
    """Withdraw the final rows that this signing off wrote; the provisional ones behind them are in force again."""
    if row.approved_at is None:
        return
    written = Measurement.objects.filter(
        body=row.body, period=row.period, provenance=Provenance.DECLARED, kind=Kind.FINAL,
        recorded_at=row.approved_at, superseded_by__isnull=True,
    ).select_related("indicator")  # fmt: skip
    rows = [
        {
            "indicator": one.indicator.code, "body": row.body.code, "period": one.period, "state": State.NULL.value,
            "kind": Kind.FINAL.value, "provenance": Provenance.DECLARED.value, "source": one.source,
        }
        for one in written
    ]  # fmt: skip
    if rows:
        record_measurements(actor=machine("approvals", timezone.localdate(at)), at=at, rows=rows)


@transaction.atomic
def unlock_period(*, actor: Actor, at: datetime, body: Body, period: str, until: date, reason: str) -> EntryException:
    """Open a locked or signed-off period for a body until a day, at most 92 days ahead, with the reason.

    A later exception takes the place of an earlier one. Raises NotAllowed, FiguresRefused.
    """
    require(actor, Permission.UNLOCK_FIGURES, body)
    today = timezone.localdate(at)
    try:
        place = parse_period(period)
    except PeriodError as error:
        raise FiguresRefused(_("Kỳ không đúng dạng, ví dụ 2026-08 hoặc 2026-Q3."), "period") from error
    if place.start > today:
        raise FiguresRefused(_("Kỳ chưa bắt đầu nên không cần mở."), "period")
    if not reason.strip():
        raise FiguresRefused(_("Ghi lý do mở lại, ví dụ: mất điện trong ba ngày cuối hạn."), "reason")
    if not today <= until <= today + LONGEST_TERM:
        raise FiguresRefused(_("Ngày hết hạn phải từ hôm nay đến 92 ngày tới."), "until")
    EntryException.objects.filter(body=body, period=place.label, ended_at=None).update(ended_at=at)
    made = EntryException.objects.create(
        body=body, period=place.label, until=until, reason=reason.strip()[:300], granted_at=at, granted_on=today,
        granted_by=actor.label,
    )  # fmt: skip
    append(
        actor=actor.label,
        at=at,
        event=Event.PERIOD_UNLOCKED,
        subject=body.label,
        data={"period": place.label, "until": until.isoformat()},
    )
    return made


def _locked(submission: Submission) -> Submission:
    """The submission as it stands now, held until the end of the transaction."""
    return Submission.objects.select_for_update(of=("self",)).select_related("body").get(pk=submission.pk)


def _require_either(actor: Actor, row: Submission) -> None:
    if not may(actor, Permission.APPROVE_FIGURES, row.body) and not may(actor, Permission.ACCEPT_FIGURES, row.body):
        raise NotAllowed(actor, Permission.APPROVE_FIGURES, row.body)


def _step(row: Submission, act: str, actor: Actor, at: datetime, message: str = "") -> None:
    SubmissionStep.objects.create(submission=row, act=act, at=at, by=actor.label, message=message[:500])


def _tell(row: Submission, event: Event, actor: Actor, at: datetime, **more: str | int) -> None:
    append(
        actor=actor.label,
        at=at,
        event=event,
        subject=row.label,
        data={"body": row.body.code, "period": row.period, **more},
    )


def _written(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
