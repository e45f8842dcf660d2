"""Assignments that are known already: the machine proposes, a person links them to their task or amends it."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.directives.models import Addressee, Candidate, Document
from thuocdo.directives.operations import mark_confirmed, pending
from thuocdo.directives.queries import named, review_list
from thuocdo.engine.extraction.amendments import read_amendment
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import Coordination, Extension, Match, Source, Task
from thuocdo.tasks.queries.matching import found_for

from .refusals import TaskRefused
from .taking import append_change, begin, finish, require_over, write_transition
from .writing import as_title, check_lead


@transaction.atomic
def propose_matches(*, actor: Actor, at: datetime, document: Document) -> list[Match]:
    """Look for known tasks that the waiting candidates of a document repeat or amend; one ledger entry if any.

    Proposals that stand are kept, those that a person dismissed do not come back.
    """
    require(actor, Permission.REVIEW_CANDIDATES, document.body)
    candidates = [one for one in review_list(document) if one.state == "proposed"]
    known = {
        (row.candidate_id, row.task_id, row.collective_id)
        for row in Match.objects.filter(candidate__in=[one.pk for one in candidates])
    }
    rows = [
        Match(
            candidate_id=candidate,
            task_id=one.task,
            collective_id=one.collective,
            kind=one.kind,
            likeness=one.likeness,
            reasons=list(one.reasons),
        )
        for candidate, found in found_for(document, candidates).items()
        for one in found
        if (candidate, one.task, one.collective) not in known
    ]
    if not rows:
        return []
    made = Match.objects.bulk_create(rows, batch_size=500)
    append(
        actor=actor.label,
        at=at,
        event=Event.MATCHES_FOUND,
        subject=document.label,
        data={"matches": len(made), "candidates": len({row.candidate_id for row in made})},
    )
    return made


@transaction.atomic
def dismiss_match(*, actor: Actor, at: datetime, match: Match) -> Match:
    """Say that the assignment is another one than the proposed task."""
    current = pending(actor=actor, candidate=match.candidate)
    Match.objects.filter(pk=match.pk).update(is_dismissed=True)
    match.is_dismissed = True
    _tell(match, current, "dismiss", actor=actor, at=at)
    return match


@transaction.atomic
def link(*, actor: Actor, at: datetime, match: Match) -> Source:
    """Confirm the candidate as the known task given again: no new task, one more assigning document."""
    current = pending(actor=actor, candidate=match.candidate)
    require_over(actor, Permission.ASSIGN_TASK, (task.lead for task in _instances(match)))
    source = _source(match, current, Source.Kind.REPEATS, {}, actor=actor, at=at)
    mark_confirmed(actor=actor, at=at, candidate=current)
    if match.task is not None:
        write_transition("link", match.task, match.task.state, actor=actor, at=at, note=_name_of(current.document))
        append_change("link", match.task, match.task.state, actor=actor, at=at, data={"candidate": current.label})
    _tell(match, current, "link", actor=actor, at=at)
    return source


@transaction.atomic
def amend(*, actor: Actor, at: datetime, match: Match) -> Source:
    """Confirm the candidate as an amendment of the known task: deadline, lead, product or wording as it says.

    The old wording is kept with the source; a later deadline is an extension by the amending document. A new lead
    has to accept. Raises TaskRefused where the sentence changes nothing that a task has.
    """
    current = pending(actor=actor, candidate=match.candidate)
    if match.task is None:
        raise TaskRefused(
            gettext("Chỉ sửa đổi được từng nhiệm vụ; mở nhiệm vụ của cơ quan cần sửa."), code="not_one_task"
        )
    task = begin("amend", match.task, actor=actor)
    before = task.state
    changes = _changes(task, current, localdate(at))
    if not changes:
        raise TaskRefused(
            gettext(
                "Đoạn này không nêu thời hạn, cơ quan chủ trì, sản phẩm hay nội dung mới; sửa thẻ rồi áp dụng lại."
            ),
            code="nothing_to_amend",
        )
    texts = {field: [_text(getattr(task, field)), _text(value)] for field, value in changes.items()}
    _apply(task, changes, current, actor=actor, at=at)
    source = _source(match, current, Source.Kind.AMENDS, texts, actor=actor, at=at)
    mark_confirmed(actor=actor, at=at, candidate=current)
    is_new_lead = "lead" in changes
    finish(
        "amend",
        task,
        actor=actor,
        at=at,
        note="; ".join(_spoken(field, old, new) for field, (old, new) in texts.items()),
        back_to=State.ASSIGNED if is_new_lead else before,
        data={"fields": sorted(changes), "candidate": current.label},
    )
    _tell(match, current, "amend", actor=actor, at=at)
    return source


def _changes(task: Task, candidate: Candidate, today: date) -> dict[str, str | date | Body]:
    """What the candidate says otherwise than the task, among the parts that its sentence amends."""
    sentence = candidate.document.text[candidate.start : candidate.end]
    amendment = read_amendment(sentence)
    parts = set(amendment.changes) if amendment is not None else set()
    changes: dict[str, str | date | Body] = {}
    if candidate.deadline_date is not None and candidate.deadline_date != task.due_on:
        if candidate.deadline_date < task.assigned_on:
            raise TaskRefused(
                gettext("Thời hạn mới %(due)s trước ngày giao %(assigned)s; sửa thời hạn trên thẻ.")
                % {
                    "due": date_format(candidate.deadline_date, "d/m/Y"),
                    "assigned": date_format(task.assigned_on, "d/m/Y"),
                },
                code="deadline_before_assignment",
                field="due_on",
            )
        changes["due_on"] = candidate.deadline_date
    if "lead" in parts and (lead := _new_lead(candidate, task)) is not None:
        check_lead(lead, today)
        changes["lead"] = lead
    if "product" in parts and candidate.deliverable and candidate.deliverable != task.deliverable:
        changes["deliverable"] = candidate.deliverable
    if "wording" in parts and as_title(candidate.action) != task.title:
        changes["title"] = as_title(candidate.action)
    return changes


def _new_lead(candidate: Candidate, task: Task) -> Body | None:
    for name in named(candidate):
        settled = name.settled
        if name.part == Addressee.Part.LEAD and settled is not None and settled.body not in (None, task.lead):
            return settled.body
    return None


def _apply(
    task: Task, changes: dict[str, str | date | Body], candidate: Candidate, *, actor: Actor, at: datetime
) -> None:
    for field, value in changes.items():
        if isinstance(value, Body):
            require(actor, Permission.ASSIGN_TASK, value)
            task.lead, task.accepted_on = value, None
            Coordination.objects.filter(task=task, body=value).delete()
        elif isinstance(value, date):
            if task.due_on is not None and value > task.due_on:
                Extension.objects.create(
                    task=task,
                    old_due_on=task.due_on,
                    new_due_on=value,
                    decision_number=_name_of(candidate.document)[:80],
                    reason=candidate.document.text[candidate.start : candidate.end],
                    at=at,
                    by_label=actor.label,
                )
            if task.original_due_on is None:
                task.original_due_on = value
            task.due_on = value
        else:
            setattr(task, field, value)


def _name_of(document: Document) -> str:
    return document.number or document.title


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return value.code if isinstance(value, Body) else str(value or "")


def _spoken(field: str, old: str, new: str) -> str:
    names = {
        "due_on": gettext("thời hạn"),
        "lead": gettext("cơ quan chủ trì"),
        "deliverable": gettext("sản phẩm"),
        "title": gettext("nội dung"),
    }
    if field == "due_on":
        old, new = (date_format(date.fromisoformat(one), "d/m/Y") if one else "–" for one in (old, new))
    return gettext("%(part)s: %(old)s → %(new)s") % {"part": names[field], "old": old or "–", "new": new}


def _instances(match: Match) -> list[Task]:
    tasks = Task.objects.select_related("lead")
    found: Iterable[Task] = (
        tasks.filter(pk=match.task_id) if match.task_id else tasks.filter(collective=match.collective_id)
    )
    return list(found)


def _source(
    match: Match, candidate: Candidate, kind: str, changes: dict[str, list[str]], *, actor: Actor, at: datetime
) -> Source:
    return Source.objects.create(
        task=match.task,
        collective=match.collective,
        kind=kind,
        document=candidate.document,
        candidate=candidate,
        start=candidate.start,
        end=candidate.end,
        changes=changes,
        at=at,
        by_label=actor.label,
    )


def _tell(match: Match, candidate: Candidate, decision: str, *, actor: Actor, at: datetime) -> None:
    append(
        actor=actor.label,
        at=at,
        event=Event.MATCH_DECIDED,
        subject=candidate.label,
        data={
            "document": candidate.document.label,
            "decision": decision,
            "task": match.task_id,
            "collective": match.collective_id,
        },
    )
