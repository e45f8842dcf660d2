"""Every event that can happen, by name: `room.thing.verbed`."""

from enum import StrEnum


class Event(StrEnum):
    """What an entry tells; the names are part of the record and never change their meaning."""

    BODY_ESTABLISHED = "organisations.body.established"
    BODIES_LOADED = "organisations.bodies.loaded"
    SECTOR_LINES_DRAWN = "organisations.sector_lines.drawn"
    BODY_SUCCEEDED = "organisations.body.succeeded"
    HEAD_APPOINTED = "organisations.head.appointed"

    ACCOUNT_OPENED = "accounts.account.opened"
    ACCOUNT_DEACTIVATED = "accounts.account.deactivated"
    ACCOUNT_REACTIVATED = "accounts.account.reactivated"
    PASSWORD_RENEWED = "accounts.password.renewed"  # noqa: S105 (the name of an event)
    ROLE_GRANTED = "accounts.role.granted"
    ROLE_ENDED = "accounts.role.ended"
    KEY_ISSUED = "accounts.key.issued"
    KEY_ROTATED = "accounts.key.rotated"
    KEY_REVOKED = "accounts.key.revoked"

    GROUPS_LOADED = "directives.groups.loaded"
    DOCUMENT_RECEIVED = "directives.document.received"
    DOCUMENT_DESCRIBED = "directives.document.described"
    DOCUMENT_RECOGNISED = "directives.document.recognised"
    EXTRACTION_FAILED = "directives.extraction.failed"
    EXTRACTION_REPEATED = "directives.extraction.repeated"
    ASSIGNMENTS_FOUND = "directives.assignments.found"
    CANDIDATE_CORRECTED = "directives.candidate.corrected"
    CANDIDATE_DECIDED = "directives.candidate.decided"

    TASK_CHANGED = "tasks.task.changed"
    TASKS_ASSIGNED = "tasks.tasks.assigned"
    MATCHES_FOUND = "tasks.matches.found"
    MATCH_DECIDED = "tasks.match.decided"
    TASKS_WITHDRAWN = "tasks.tasks.withdrawn"
    TASKS_INHERITED = "tasks.tasks.inherited"
    PROGRAMME_CHANGED = "tasks.programme.changed"
    SHEET_IMPORTED = "tasks.sheet.imported"
    EVIDENCE_ADDED = "tasks.evidence.added"
    FIELD_CHANGED = "tasks.field.changed"
    FIELD_VALUES_RECORDED = "tasks.field_values.recorded"
    SAVED_LIST_CHANGED = "tasks.saved_list.changed"
    EVIDENCE_COMPARED = "tasks.evidence.compared"
    EVIDENCE_ERASED = "tasks.evidence.erased"
    POINT_RECALLED = "tasks.point.recalled"
    REMARK_MADE = "tasks.remark.made"
    REMARK_WITHDRAWN = "tasks.remark.withdrawn"

    INDICATORS_LOADED = "indicators.dictionary.loaded"
    MEASUREMENTS_LANDED = "indicators.measurements.landed"
    MEASUREMENTS_RECORDED = "indicators.measurements.recorded"

    SCORECARD_LOADED = "scorecards.scorecard.loaded"
    DRAFT_CHANGED = "scorecards.draft.changed"
    BACKCAST_ASKED = "scorecards.backcast.asked"
    BACKCAST_COMPUTED = "scorecards.backcast.computed"
    SCORES_COMPUTED = "scorecards.scores.computed"
    INTERVALS_COMPUTED = "scorecards.intervals.computed"

    LADDER_LOADED = "alerts.ladder.loaded"
    NOTICES_RAISED = "alerts.notices.raised"
    NOTICES_TRANSFERRED = "alerts.notices.transferred"
    NOTICES_ACKNOWLEDGED = "alerts.notices.acknowledged"
    PREFERENCE_CHANGED = "alerts.preference.changed"
    URGING_CHANGED = "alerts.urging.changed"
