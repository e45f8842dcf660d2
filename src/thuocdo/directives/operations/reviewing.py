"""A person decides: correct, reject, restore, add by hand, and mark what became a task.

Every step locks the document first, so that two reviewers of one document come one after the other.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.directives.lifecycle import (
    STEPS,
    AddresseeKind,
    CandidateState,
    DeadlineKind,
    Origin,
    state_after_review,
)
from thuocdo.directives.models import Candidate, Document
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

from .finding import write_addressees
from .refusals import CandidateSettled, DirectiveRefused

CORRECTABLE = (
    "start",
    "end",
    "lead",
    "coordinating",
    "action",
    "deliverable",
    "deadline_raw",
    "deadline_date",
    "deadline_kind",
    "target",
)
# What stands around a part of a sentence without belonging to it.
EDGES = " \t\r\n;,."


def pending(*, actor: Actor, candidate: Candidate, step: str = "confirm") -> Candidate:
    """The candidate as it is now, locked together with its document, if the actor may take the step.

    Needs a transaction. Raises NotAllowed, or CandidateSettled when somebody was faster.
    """
    document = (
        Document.objects.select_for_update(of=("self",)).select_related("body", "issuer").get(pk=candidate.document_id)
    )
    require(actor, Permission.REVIEW_CANDIDATES, document.body)
    current = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    current.document = document
    if current.state != STEPS[step][0]:
        raise CandidateSettled(current)
    return current


@transaction.atomic
def correct(*, actor: Actor, at: datetime, candidate: Candidate, **changes: Any) -> Candidate:
    """Change fields of a candidate (those of CORRECTABLE); names that change are resolved anew."""
    if unknown := sorted(set(changes) - set(CORRECTABLE)):
        raise TypeError(f"A candidate has no correctable field {', '.join(unknown)}.")
    current = pending(actor=actor, candidate=candidate, step="correct")
    before = {field: getattr(current, field) for field in CORRECTABLE}
    _apply(current, changes)
    changed = [field for field in CORRECTABLE if getattr(current, field) != before[field]]
    if not changed:
        return current
    current.save(update_fields=[*CORRECTABLE, "addressee_kind"])
    if {"lead", "coordinating"} & set(changed):
        current.addressees.all().delete()
        write_addressees([current], current.document, at=at)
    append(
        actor=actor.label,
        at=at,
        event=Event.CANDIDATE_CORRECTED,
        subject=current.label,
        data={"document": current.document.label, "fields": changed},
    )
    return current


def _apply(candidate: Candidate, changes: Mapping[str, Any]) -> None:
    """Set the fields, refusing what cannot be; the message names the field and the remedy."""
    for field, value in changes.items():
        setattr(candidate, field, _clean(value))
    _check_span(candidate.document, candidate.start, candidate.end)
    if not candidate.action:
        raise DirectiveRefused(
            gettext("Chưa nêu việc phải làm; nhập nội dung nhiệm vụ."), code="action_empty", field="action"
        )
    if candidate.deadline_kind not in DeadlineKind.values:
        raise DirectiveRefused(
            gettext("Loại thời hạn không có trong danh mục; chọn lại loại thời hạn."),
            code="deadline_kind_unknown",
            field="deadline_kind",
        )
    if candidate.deadline_date is not None and not isinstance(candidate.deadline_date, date):
        raise DirectiveRefused(
            gettext("Thời hạn không phải là ngày; nhập theo dạng ngày/tháng/năm."),
            code="deadline_not_a_date",
            field="deadline_date",
        )
    if {"deadline_date", "deadline_kind"} & set(changes):
        if candidate.deadline_date is None and candidate.deadline_kind not in (
            DeadlineKind.RECURRING,
            DeadlineKind.RELATIVE,
        ):
            candidate.deadline_kind = DeadlineKind.NONE
        elif candidate.deadline_date is not None and candidate.deadline_kind == DeadlineKind.NONE:
            candidate.deadline_kind = DeadlineKind.BY
    if "lead" in changes:
        if not candidate.lead:
            candidate.addressee_kind = AddresseeKind.NONE
        elif candidate.addressee_kind == AddresseeKind.NONE:
            candidate.addressee_kind = AddresseeKind.NAMED


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return nfc(value).strip()
    if isinstance(value, (list, tuple)):
        return [text for text in (nfc(str(item)).strip() for item in value) if text]
    return value


def _check_span(document: Document, start: int, end: int) -> None:
    if not 0 <= start < end <= len(document.text):
        raise DirectiveRefused(
            gettext("Đoạn được chọn nằm ngoài văn bản hoặc để trống; bôi đen lại đoạn giao nhiệm vụ."),
            code="span_outside",
            field="start",
        )


@transaction.atomic
def add_by_hand(*, actor: Actor, at: datetime, document: Document, start: int, end: int, **fields: Any) -> Candidate:
    """Mark an assignment that the machine did not find; without `action` it is the marked text itself."""
    if unknown := sorted(set(fields) - set(CORRECTABLE)):
        raise TypeError(f"A candidate has no correctable field {', '.join(unknown)}.")
    document = _locked(actor, document)
    _check_span(document, start, end)
    candidate = Candidate(
        document=document, start=start, end=end, origin=Origin.PERSON, action=text_of(document, start, end)
    )
    _apply(candidate, fields)
    candidate.save(force_insert=True)
    write_addressees([candidate], document, at=at)
    redraw_state(document)
    append(
        actor=actor.label,
        at=at,
        event=Event.CANDIDATE_CORRECTED,
        subject=candidate.label,
        data={"document": document.label, "added": [start, end]},
    )
    return candidate


@transaction.atomic
def reject(*, actor: Actor, at: datetime, candidate: Candidate) -> Candidate:
    """Say that this is no assignment; it stays in the list and can be restored."""
    return _step("reject", actor=actor, at=at, candidate=candidate)


@transaction.atomic
def restore(*, actor: Actor, at: datetime, candidate: Candidate) -> Candidate:
    """Undo a rejection: the candidate waits for a decision again."""
    return _step("restore", actor=actor, at=at, candidate=candidate)


@transaction.atomic
def mark_confirmed(*, actor: Actor, at: datetime, candidate: Candidate) -> Candidate:
    """Mark a candidate as confirmed; the tasks that it became are written by the room above."""
    return _step("confirm", actor=actor, at=at, candidate=candidate)


@transaction.atomic
def mark_reopened(*, actor: Actor, at: datetime, candidate: Candidate) -> Candidate:
    """Let a confirmed candidate wait again; the room above has taken back the tasks that it became."""
    return _step("reopen", actor=actor, at=at, candidate=candidate)


def _step(step: str, *, actor: Actor, at: datetime, candidate: Candidate) -> Candidate:
    current = pending(actor=actor, candidate=candidate, step=step)
    decide(current, step, actor=actor, at=at, data={})
    redraw_state(current.document)
    return current


def decide(candidate: Candidate, step: str, *, actor: Actor, at: datetime, data: dict[str, list[int]]) -> None:
    """Take a step with a locked candidate and tell the ledger."""
    before, after = STEPS[step]
    candidate.state = after
    is_open = after == CandidateState.PROPOSED
    candidate.decided_at = None if is_open else at
    candidate.decided_by = "" if is_open else actor.label
    candidate.save(update_fields=["state", "decided_at", "decided_by"])
    append(
        actor=actor.label,
        at=at,
        event=Event.CANDIDATE_DECIDED,
        subject=candidate.label,
        data={"document": candidate.document.label, "step": step, "from": before, "to": after, **data},
    )


def _locked(actor: Actor, document: Document) -> Document:
    locked = Document.objects.select_for_update(of=("self",)).select_related("body", "issuer").get(pk=document.pk)
    require(actor, Permission.REVIEW_CANDIDATES, locked.body)
    return locked


def redraw_state(document: Document) -> None:
    """Set the state of a locked document from those of its candidates."""
    states = Candidate.objects.filter(document=document).values_list("state", flat=True)
    # What a person has begun to review no longer counts as failed.
    document.state, document.failure = state_after_review(states), ""
    document.save(update_fields=["state", "failure"])


def text_of(document: Document, start: int, end: int) -> str:
    """The text of a span on one line, without what only separates it from its neighbours."""
    return " ".join(nfc(document.text[start:end]).split()).strip(EDGES)
