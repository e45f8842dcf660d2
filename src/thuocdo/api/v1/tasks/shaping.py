"""Tasks as the interface writes them."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks import queries
from thuocdo.tasks.queries.version import version_of

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Evidence, Report, Task


def body_ref(body: "Body") -> dict[str, Any]:
    """A body by code, with its name in the caller's language."""
    return {"code": body.code, "name": body.name_en if (get_language() or "vi").startswith("en") else body.name}


def short(task: "Task", today: date) -> dict[str, Any]:
    """A task of a list; asks nothing when lead, assigning body and co-ordinators were read with it."""
    shown = queries.status_of(task, today)
    return {
        "code": task.code,
        "title": task.title,
        "lead": body_ref(task.lead),
        "coordinators": [body_ref(one.body) for one in task.coordinations.all()],
        "assigned_by": body_ref(task.assigned_by),
        "state": task.state,
        "progress": shown.progress.value,
        "timing": shown.timing.value,
        "percent": task.progress,
        "assigned_on": _day(task.assigned_on),
        "due_on": _day(task.due_on),
        "original_due_on": _day(task.original_due_on),
        "submitted_on": _day(task.submitted_on),
        "completed_on": _day(task.completed_on),
        "effectiveness": task.effectiveness,
        "is_core": task.is_core,
        "is_local": task.is_local,
        "secrecy": task.secrecy,
        "rhythm": task.rhythm,
        "programme": task.programme,
        "document": task.document_id,
    }


def whole(task: "Task", actor: Actor) -> dict[str, Any]:
    """One task with products, milestones, extensions, reports, history and what the actor may do now."""
    source = queries.source_sentence(task)
    return short(task, actor.on) | {
        "version": version_of(task),
        "deliverable": task.deliverable,
        "target": task.target,
        "deadline_raw": task.deadline_raw,
        "weight": str(task.weight),
        "accepting_body": body_ref(task.accepting_body) if task.accepting_body else None,
        "source": None
        if source is None
        else {
            "document": source.document_id,
            "number": source.number,
            "title": source.title,
            "sentence": source.quote.text,
        },
        "products": [
            {
                "id": one.pk,
                "name": one.name,
                "quantity": None if one.quantity is None else str(one.quantity),
                "unit": one.unit,
                "is_accepted": one.is_accepted,
                "has_evidence": one.has_file,  # type: ignore[attr-defined]
            }
            for one in queries.products(task)
        ],
        "milestones": [
            {
                "id": one.pk,
                "title": one.title,
                "due_on": _day(one.due_on),
                "original_due_on": _day(one.original_due_on),
                "reached_on": _day(one.reached_on),
            }
            for one in queries.milestones(task)
        ],
        "extensions": [
            {
                "old_due_on": _day(one.old_due_on),
                "new_due_on": _day(one.new_due_on),
                "decision_number": one.decision_number,
                "reason": one.reason,
                "is_objective": one.is_objective,
            }
            for one in queries.extensions(task)
        ],
        "reports": [report_out(one) for one in queries.reports(task)],
        "history": [
            {
                "id": one.pk,
                "step": one.step,
                "from": one.from_state,
                "to": one.to_state,
                "at": one.at.isoformat(),
                "lead": one.lead.code,
                "note": one.note,
            }
            for one in queries.history(task)
        ],
        "steps": queries.possible_steps(actor, task),
    }


def report_out(report: "Report") -> dict[str, Any]:
    """A report with its living evidence."""
    return {
        "id": report.pk,
        "kind": report.kind,
        "at": report.at.isoformat(),
        "text": report.text,
        "percent": report.progress,
        "evidence": [file_out(one) for one in report.evidence.all() if one.erased_at is None],
    }


def file_out(file: "Evidence") -> dict[str, Any]:
    """A piece of evidence by its digest."""
    return {"sha256": file.digest, "name": file.name, "media_type": file.media_type, "size": file.size}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
