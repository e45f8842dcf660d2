"""Assignments as records of the labelling scheme, the form in which commands print and compare them."""

from typing import Any

from thuocdo.engine.extraction.assignments import Assignment


def as_record(document: str, assignment: Assignment) -> dict[str, Any]:
    """Return an assignment in the labelling scheme, with confidence and reasons added."""
    deadline = assignment.deadline
    return {
        "doc": document,
        "start": assignment.start,
        "end": assignment.end,
        "lead": list(assignment.lead),
        "coordinating": list(assignment.coordinating),
        "action": assignment.action,
        "deliverable": assignment.deliverable,
        "deadline": {
            "raw": deadline.raw,
            "date": deadline.date.isoformat() if deadline.date else None,
            "kind": deadline.kind,
        },
        "target": assignment.target,
        "addressee_kind": assignment.addressee_kind,
        "confidence": assignment.confidence,
        "reasons": list(assignment.reasons),
    }
