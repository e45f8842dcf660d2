"""Urging notes: drafted from overdue tasks of one body, issued under a number without gaps, received and answered."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, require
from thuocdo.alerts.lifecycle import ACTS, Kind, Standing
from thuocdo.alerts.models import Notice, UrgedTask, Urging, UrgingCounter
from thuocdo.alerts.queries import issuers_of, urgeable
from thuocdo.alerts.queries.recipients import LEADING
from thuocdo.alerts.queries.seats import Directory, Seat
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.tasks.models import Task

from .refusals import AlertRefused
from .signing import HEAD, Signer, columns_of
from .telling import Telling, tell_ledger, write_notices

LONGEST_TEXT = 5000
MOST_TASKS = 200


@transaction.atomic
def draft_urging(
    *,
    actor: Actor,
    at: datetime,
    issuer: Body,
    tasks: Collection[Task],
    reply_by: date,
    request: str = "",
    signer: Signer = HEAD,
) -> Urging:
    """Draft a note about overdue tasks of one body. Raises NotAllowed or AlertRefused."""
    today = localdate(at)
    addressee = _addressee(tasks)
    _require_issuer(actor, issuer, addressee, today)
    urging = Urging.objects.create(
        issuer=issuer,
        addressee=addressee,
        request=_text(request, "request"),
        reply_by=_reply_by(reply_by, today),
        drafted_at=at,
        drafted_by=actor.label,
        **columns_of(signer),
    )
    _put_tasks(urging, tasks, actor=actor, today=today)
    _tell(urging, "draft", actor=actor, at=at)
    return urging


@transaction.atomic
def revise_urging(
    *,
    actor: Actor,
    at: datetime,
    urging: Urging,
    tasks: Collection[Task],
    reply_by: date,
    request: str,
    signer: Signer = HEAD,
) -> Urging:
    """Change the tasks, the request, the day or the signature of a draft."""
    current, today = _begin("revise", urging, actor=actor), localdate(at)
    if _addressee(tasks).pk != current.addressee_id:
        raise AlertRefused(
            gettext("Phiếu chỉ đôn đốc nhiệm vụ của một cơ quan; lập phiếu khác cho cơ quan khác."),
            code="several_bodies",
            field="tasks",
        )
    current.reply_by, current.request = _reply_by(reply_by, today), _text(request, "request")
    for name, words in columns_of(signer).items():
        setattr(current, name, words)
    UrgedTask.objects.filter(urging=current).delete()
    _put_tasks(current, tasks, actor=actor, today=today)
    return _finish("revise", current, actor=actor, at=at)


@transaction.atomic
def discard_urging(*, actor: Actor, at: datetime, urging: Urging) -> Urging:
    """Put a draft aside; it can be taken up again."""
    return _finish("discard", _begin("discard", urging, actor=actor), actor=actor, at=at)


@transaction.atomic
def restore_urging(*, actor: Actor, at: datetime, urging: Urging) -> Urging:
    """Take a draft up again."""
    return _finish("restore", _begin("restore", urging, actor=actor), actor=actor, at=at)


@transaction.atomic
def issue_urging(*, actor: Actor, at: datetime, urging: Urging) -> Urging:
    """Issue a draft under the issuer's next number of the year, and tell the addressee.

    Tasks that were done in the meantime are left out; a note without any is refused.
    """
    current, today = _begin("issue", urging, actor=actor), localdate(at)
    owed = {task.pk: task.due_on for task in urgeable(actor, current.addressee, today)}
    UrgedTask.objects.filter(urging=current).exclude(task__in=owed).delete()
    urged = list(UrgedTask.objects.filter(urging=current))
    if not urged:
        raise AlertRefused(
            gettext("Các nhiệm vụ trong phiếu không còn quá hạn nên không cần đôn đốc; bỏ dự thảo này."),
            code="nothing_overdue",
            field="tasks",
        )
    for row in urged:
        row.due_on = owed[row.task_id] or row.due_on
    UrgedTask.objects.bulk_update(urged, ["due_on"])
    current.reply_by = _reply_by(current.reply_by, today)
    UrgingCounter.objects.get_or_create(issuer=current.issuer, year=today.year)
    counter = UrgingCounter.objects.select_for_update().get(issuer=current.issuer, year=today.year)
    counter.last += 1
    counter.save(update_fields=["last"])
    current.year, current.number, current.issued_at, current.issued_by = today.year, counter.last, at, actor.label
    directory = Directory(today, around={current.addressee_id})
    seats = directory.seats_at(current.addressee_id, *LEADING)
    _finish("issue", current, actor=actor, at=at)
    _notify(current, seats, "issue", actor=actor, at=at)
    return current


@transaction.atomic
def acknowledge_urging(*, actor: Actor, at: datetime, urging: Urging) -> Urging:
    """The addressee has received the note; every open notice of it is acknowledged for the one who says so."""
    current = _begin("acknowledge", urging, actor=actor)
    current.acknowledged_at, current.acknowledged_by = at, actor.label
    Notice.objects.filter(urging=current, recipient=actor.user_id, standing=Standing.OPEN).update(
        standing=Standing.ACKNOWLEDGED, acknowledged_at=at, closed_at=at, seen_at=at
    )
    return _finish("acknowledge", current, actor=actor, at=at)


@transaction.atomic
def answer_urging(*, actor: Actor, at: datetime, urging: Urging, answer: str) -> Urging:
    """The addressee answers; the issuer is told."""
    current = _begin("answer", urging, actor=actor)
    words = _text(answer, "answer")
    if not words:
        raise AlertRefused(
            gettext("Chưa có nội dung trả lời; nêu kết quả, lý do chậm và ngày hoàn thành."),
            code="no_answer",
            field="answer",
        )
    current.answer, current.answered_at, current.answered_by = words, at, actor.label
    if current.acknowledged_at is None:
        current.acknowledged_at, current.acknowledged_by = at, actor.label
    Notice.objects.filter(urging=current, standing=Standing.OPEN).update(standing=Standing.SETTLED, closed_at=at)
    _finish("answer", current, actor=actor, at=at)
    directory = Directory(localdate(at), around={current.issuer_id, current.addressee_id})
    seats = [
        seat
        for user in directory.held
        for seat in (Seat(user, held.role, held.body_id) for held in directory.held[user])
        if seat.body_id == current.issuer_id and directory.may(user, Permission.URGE, [current.addressee_id])
    ]
    _notify(current, seats, "answer", actor=actor, at=at)
    return current


def _addressee(tasks: Collection[Task]) -> Body:
    leads = {task.lead_id: task.lead for task in tasks}
    if not leads:
        raise AlertRefused(
            gettext("Chưa chọn nhiệm vụ; chọn ít nhất một nhiệm vụ quá hạn."), code="no_tasks", field="tasks"
        )
    if len(leads) > 1:
        raise AlertRefused(
            gettext("Các nhiệm vụ thuộc nhiều cơ quan; mỗi phiếu chỉ đôn đốc một cơ quan."),
            code="several_bodies",
            field="tasks",
        )
    if len(tasks) > MOST_TASKS:
        raise AlertRefused(
            gettext("Mỗi phiếu nhận không quá %(most)s nhiệm vụ; chia thành nhiều phiếu.") % {"most": MOST_TASKS},
            code="too_many_tasks",
            field="tasks",
        )
    return next(iter(leads.values()))


def _require_issuer(actor: Actor, issuer: Body, addressee: Body, today: date) -> None:
    require(actor, Permission.URGE, addressee)
    if not actor.is_machine and not issuers_of(actor, today).filter(pk=issuer.pk).exists():
        raise NotAllowed(actor, Permission.URGE, issuer)
    if issuer.pk == addressee.pk:
        raise AlertRefused(
            gettext("Cơ quan không tự đôn đốc mình; chọn cơ quan ban hành khác."), code="to_itself", field="issuer"
        )


def _put_tasks(urging: Urging, tasks: Collection[Task], *, actor: Actor, today: date) -> None:
    overdue = {task.pk: task for task in urgeable(actor, urging.addressee, today).filter(pk__in=[t.pk for t in tasks])}
    refused = [task.code for task in tasks if task.pk not in overdue]
    if refused:
        raise AlertRefused(
            gettext("%(codes)s không quá hạn hoặc đã trình kết quả; bỏ chọn rồi lập lại phiếu.")
            % {"codes": ", ".join(sorted(refused)[:5])},
            code="not_overdue",
            field="tasks",
        )
    UrgedTask.objects.bulk_create(
        [UrgedTask(urging=urging, task=task, due_on=task.due_on or today) for task in overdue.values()]
    )


def _reply_by(day: date, today: date) -> date:
    if day < today:
        raise AlertRefused(
            gettext("Hạn trả lời %(day)s đã qua; chọn từ hôm nay trở đi.") % {"day": date_format(day, "d/m/Y")},
            code="reply_past",
            field="reply_by",
        )
    if day > today + timedelta(days=366):
        raise AlertRefused(
            gettext("Hạn trả lời xa hơn một năm; chọn ngày gần hơn."), code="reply_far", field="reply_by"
        )
    return day


def _text(words: str, field: str) -> str:
    text = nfc(words).strip()
    if len(text) > LONGEST_TEXT:
        raise AlertRefused(
            gettext("Nội dung dài quá %(most)s ký tự; rút ngắn hoặc gửi kèm văn bản.") % {"most": LONGEST_TEXT},
            code="too_long",
            field=field,
        )
    return text


def _begin(act: str, urging: Urging, *, actor: Actor) -> Urging:
    """The note as it is now, locked, if the actor may do this to it and it stands where the act starts."""
    current = Urging.objects.select_for_update(of=("self",)).select_related("issuer", "addressee").get(pk=urging.pk)
    rule = ACTS[act]
    if rule.is_for_addressee:
        require(actor, Permission.SUBMIT_RESULT, current.addressee)
    else:
        require(actor, Permission.URGE, current.addressee)
        if not actor.is_machine and not actor.belongs_to(current.issuer_id):
            raise NotAllowed(actor, Permission.URGE, current.issuer)
    if current.state not in rule.sources:
        raise AlertRefused(
            gettext("Phiếu đang ở trạng thái “%(state)s” nên không làm được việc này; tải lại trang.")
            % {"state": current.get_state_display()},
            code="not_in_this_state",
            field="state",
        )
    return current


def _finish(act: str, urging: Urging, *, actor: Actor, at: datetime) -> Urging:
    urging.state = ACTS[act].target
    urging.save()
    _tell(urging, act, actor=actor, at=at)
    return urging


def _tell(urging: Urging, act: str, *, actor: Actor, at: datetime) -> None:
    append(
        actor=actor.label,
        at=at,
        event=Event.URGING_CHANGED,
        subject=urging.label,
        data={
            "act": act,
            "to": urging.state,
            "issuer": urging.issuer.code,
            "addressee": urging.addressee.code,
            "year": urging.year,
            "number": urging.number,
            "tasks": [row.task.code for row in urging.urged.select_related("task").order_by("task__code")],
            "reply_by": urging.reply_by,
            **({"signing": urging.signing} if urging.signing else {}),
        },
    )


def _notify(urging: Urging, seats: Sequence[Seat], act: str, *, actor: Actor, at: datetime) -> None:
    notices = write_notices(
        [
            Telling(
                stem=f"urging:{urging.pk}:{act}",
                seat=seat,
                kind=Kind.URGED,
                urging_id=urging.pk,
                lead_id=urging.addressee_id,
                step=act,
                due_on=urging.reply_by,
            )
            for seat in seats
            if f"user:{seat.user_id}" != actor.label
        ],
        at=at,
    )
    tell_ledger(notices, urging.label, actor=actor, at=at)
