"""What people do about a finding: name who answers, answer, ask again, judge; nobody judges their own house."""

from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.models import User
from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, require
from thuocdo.accounts.queries import people_at
from thuocdo.engine.spelling import nfc
from thuocdo.evaluations.lifecycle import ACTS, CLOSED, By, State
from thuocdo.evaluations.models import Finding, Step
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.tasks.queries import visible_to as tasks_visible_to

from .refusals import EvaluationRefused

LONGEST_TEXT = 5000


@transaction.atomic
def assign_owner(
    *, actor: Actor, at: datetime, finding: Finding, owner: User, answer_by: date, note: str = ""
) -> Finding:
    """Name who at the body answers, and until when; verification begins. Raises NotAllowed or EvaluationRefused."""
    current, today = _begin("assign", finding, actor=actor), localdate(at)
    if not people_at(current.body, on=today).filter(pk=owner.pk).exists():
        raise EvaluationRefused(
            gettext("Người được chọn không giữ vai trò nào ở cơ quan này; chọn người khác trong danh sách."),
            code="not_of_the_body",
            field="owner",
        )
    if answer_by < today:
        raise EvaluationRefused(
            gettext("Hạn trả lời %(day)s đã qua; chọn từ hôm nay trở đi.") % {"day": date_format(answer_by, "d/m/Y")},
            code="answer_past",
            field="answer_by",
        )
    current.owner, current.answer_by = owner, answer_by
    return _finish("assign", current, actor=actor, at=at, note=_text(note, "note"), more={"owner": owner.label})


@transaction.atomic
def answer(*, actor: Actor, at: datetime, finding: Finding, text: str) -> Finding:
    """The body says why the figures differ, or that it has corrected its own."""
    current = _begin("answer", finding, actor=actor)
    return _finish("answer", current, actor=actor, at=at, note=_needed(text, "text"))


@transaction.atomic
def ask_again(*, actor: Actor, at: datetime, finding: Finding, text: str) -> Finding:
    """The answer does not explain it; the verifier says what is missing."""
    current = _begin("ask", finding, actor=actor)
    return _finish("ask", current, actor=actor, at=at, note=_needed(text, "text"))


@transaction.atomic
def confirm(*, actor: Actor, at: datetime, finding: Finding, text: str) -> Finding:
    """Having verified it, somebody outside the body finds that the figures do differ, and says by what they know it."""
    current = _begin("confirm", finding, actor=actor)
    return _finish("confirm", current, actor=actor, at=at, note=_needed(text, "text"))


@transaction.atomic
def refute(*, actor: Actor, at: datetime, finding: Finding, text: str) -> Finding:
    """Having verified it, somebody outside the body finds nothing wrong, and says why it looked as it did."""
    current = _begin("refute", finding, actor=actor)
    return _finish("refute", current, actor=actor, at=at, note=_needed(text, "text"))


@transaction.atomic
def resume(*, actor: Actor, at: datetime, finding: Finding, text: str = "") -> Finding:
    """Take a judgement back: the finding is in verification again."""
    current = _begin("resume", finding, actor=actor)
    return _finish("resume", current, actor=actor, at=at, note=_text(text, "text"))


def _begin(act: str, finding: Finding, *, actor: Actor) -> Finding:
    """The finding as it is now, locked, if the actor may do this to it and it stands where the act starts."""
    current = Finding.objects.select_for_update(of=("self",)).select_related("body").get(pk=finding.pk)
    rule = ACTS[act]
    needed = Permission.ANSWER_FINDING if rule.by is By.BODY else Permission.VERIFY_FINDING
    require(actor, needed, current.body)
    # A finding about a task tells of the task.
    if current.task_id and not tasks_visible_to(actor).filter(pk=current.task_id).exists():
        raise NotAllowed(actor, needed, current.body)
    if current.state not in rule.sources:
        raise EvaluationRefused(
            gettext("Phát hiện đang ở trạng thái “%(state)s” nên không làm được việc này; tải lại trang.")
            % {"state": current.get_state_display()},
            code="not_in_this_state",
            field="state",
        )
    return current


def _finish(
    act: str, finding: Finding, *, actor: Actor, at: datetime, note: str, more: dict[str, str] | None = None
) -> Finding:
    before, rule = State(finding.state), ACTS[act]
    finding.state, finding.changed_at = rule.target, at
    finding.closed_at = at if rule.target in CLOSED else None
    finding.save()
    Step.objects.create(
        finding=finding,
        act=act,
        from_state=before,
        to_state=rule.target,
        at=at,
        by_label=actor.label,
        by_user_id=actor.user_id,
        note=note,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.FINDING_CHANGED,
        subject=finding.label,
        data={"act": act, "from": before, "to": rule.target, "body": finding.body.code, **(more or {})},
    )
    return finding


def _text(words: str, field: str) -> str:
    text = nfc(words).strip()
    if len(text) > LONGEST_TEXT:
        raise EvaluationRefused(
            gettext("Nội dung dài quá %(most)s ký tự; rút ngắn hoặc gửi kèm văn bản.") % {"most": LONGEST_TEXT},
            code="too_long",
            field=field,
        )
    return text


def _needed(words: str, field: str) -> str:
    text = _text(words, field)
    if not text:
        raise EvaluationRefused(
            gettext("Chưa có nội dung; nêu căn cứ, số liệu gốc hoặc lý do."), code="no_words", field=field
        )
    return text
