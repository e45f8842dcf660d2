"""What was done here and goes up: found by walking our own ledger, kept in order until the parent has it."""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from thuocdo.exchanges.models import Mirror, Outgoing, Parent
from thuocdo.exchanges.protocol import MACHINE, REPORTED
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.tasks.models import Dispute, ExtensionRequest, Report, Transition

_CHUNK = 1_000
_WANTED = (Event.TASK_CHANGED, Event.EVIDENCE_ADDED, Event.SHEET_IMPORTED, Event.MEASUREMENTS_RECORDED)


def gather(*, at: datetime, parent: Parent) -> int:
    """Put everything new that the parent has to know into the outbox, once; gives how much there was."""
    number = 0
    while True:
        with transaction.atomic():
            current = Parent.objects.select_for_update(of=("self",)).get(pk=parent.pk)
            entries = list(
                Entry.objects.filter(number__gt=current.gathered, event__in=_WANTED).order_by("number")[:_CHUNK]
            )
            if not entries:
                return number
            rows = [row for entry in entries for row in _outgoing(current, entry)]
            Outgoing.objects.bulk_create(rows, ignore_conflicts=True)
            number += len(rows)
            current.gathered = entries[-1].number
            current.save(update_fields=["gathered"])


def _outgoing(parent: Parent, entry: Entry) -> list[Outgoing]:
    if entry.actor == f"system:{MACHINE}":
        return []
    data = json.loads(entry.data)
    match entry.event:
        case Event.MEASUREMENTS_RECORDED:
            if not parent.sends_figures or entry.actor.startswith("system:"):
                return []
            return [Outgoing(parent=parent, entry=entry.number, kind="measurements", at=entry.at)]
        case Event.SHEET_IMPORTED:
            return _of_sheet(parent, entry)
    mirror = Mirror.objects.filter(parent=parent, task=_number(entry)).first()
    if mirror is None:
        return []
    if entry.event == Event.EVIDENCE_ADDED:
        return _of_files(mirror, entry, data)
    kind = REPORTED.get(data["step"])
    return [] if kind is None else [_row(mirror, entry, kind, _content(kind, entry, data))]


def _row(mirror: Mirror, entry: Entry, kind: str, content: dict[str, Any]) -> Outgoing:
    return Outgoing(
        parent_id=mirror.parent_id, mirror=mirror, entry=entry.number, kind=kind, content=content, at=entry.at
    )


def _number(entry: Entry) -> int:
    return int(entry.subject.partition(":")[2])


def _content(kind: str, entry: Entry, data: dict[str, Any]) -> dict[str, Any]:
    """What the parent's resource takes, as it was when it was done; personal texts stay out of the ledger."""
    match kind:
        case "reports" | "submissions":
            return _told(Report.objects.get(pk=data["report"]))
        case "disputes":
            raised = Dispute.objects.filter(task=_number(entry), at=entry.at).select_related("proposed_lead").first()
            if raised is None:
                return {"reason": "…"}
            return {
                "reason": raised.reason,
                "proposed_lead": raised.proposed_lead.code if raised.proposed_lead else "",
            }
        case "extension-requests":
            asked = ExtensionRequest.objects.get(pk=data["request"])
            return {
                "wanted_on": asked.wanted_on.isoformat(),
                "reason": asked.reason,
                "claims_objective": asked.claims_objective,
            }
    taken = Transition.objects.filter(task=_number(entry), step="accept_assignment", at=entry.at).first()
    return {"note": taken.note if taken else ""}


def _told(report: Report) -> dict[str, Any]:
    files = report.evidence.filter(erased_at__isnull=True).order_by("pk")
    content: dict[str, Any] = {
        "text": report.text,
        "evidence": [{"sha256": file.digest, "name": file.name} for file in files],
    }
    if report.kind == Report.Kind.PROGRESS:
        content["progress"] = report.progress
    return content


def _of_files(mirror: Mirror, entry: Entry, data: dict[str, Any]) -> list[Outgoing]:
    """Files handed in after their report; those that came with it go up with it."""
    report = Report.objects.filter(pk=data["report"]).first()
    if report is None or report.at == entry.at:
        return []
    wanted = set(data["digests"])
    files = report.evidence.filter(digest__in=wanted, erased_at__isnull=True).order_by("pk")
    content = {"evidence": [{"sha256": file.digest, "name": file.name} for file in files]}
    return [_row(mirror, entry, "evidence", content)] if content["evidence"] else []


def _of_sheet(parent: Parent, entry: Entry) -> list[Outgoing]:
    """A sheet brings many reports under one entry; they are found by its moment."""
    rows = []
    mirrors = Mirror.objects.filter(parent=parent, task__isnull=False)
    steps = Transition.objects.filter(at=entry.at, by_label=entry.actor, task__mirror__in=mirrors)
    for step in steps.select_related("task__mirror").order_by("pk"):
        mirror: Mirror = step.task.mirror
        if step.step == "accept_assignment":
            rows.append(_row(mirror, entry, "acceptance", {"note": step.note}))
        elif step.step == "report_progress":
            report = Report.objects.filter(task=step.task, at=entry.at).order_by("-pk").first()
            if report is not None:
                rows.append(_row(mirror, entry, "reports", _told(report)))
    return rows
