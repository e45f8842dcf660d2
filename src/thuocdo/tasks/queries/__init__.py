"""Reads of tasks: which one may see, their status, lists and counts, today's work, delivery per body."""

from thuocdo.tasks.lifecycle import Effectiveness, Progress, Rhythm, Secrecy, Shown, State, Timing

from .delivery import Delivery, counted_in, delivery_matrix, judged_within_a_year
from .details import (
    SourceSentence,
    evidence_for,
    extensions,
    has_evidence,
    history,
    occurrences,
    pauses,
    possible_steps,
    reports,
    source_sentence,
    unclear,
)
from .lists import (
    due_within,
    filtered,
    for_list,
    newly_overdue,
    overdue_tasks,
    public_tasks,
    task_by_code,
    task_by_id,
    visible_to,
)
from .matching import FurtherSource, further_sources, linked_tasks, match_by_id, matches
from .remarks import may_remark, mentions, people_who_see, remark_by_id, remarks
from .sheets import line_of, lines, tasks_of_document, with_result
from .status import counts_by_status, status_of, with_status
from .today import MyWork, my_work

__all__ = [
    "Delivery",
    "Effectiveness",
    "FurtherSource",
    "MyWork",
    "Progress",
    "Rhythm",
    "Secrecy",
    "Shown",
    "SourceSentence",
    "State",
    "Timing",
    "counted_in",
    "counts_by_status",
    "delivery_matrix",
    "due_within",
    "evidence_for",
    "extensions",
    "filtered",
    "for_list",
    "further_sources",
    "has_evidence",
    "history",
    "judged_within_a_year",
    "line_of",
    "lines",
    "linked_tasks",
    "match_by_id",
    "matches",
    "may_remark",
    "mentions",
    "my_work",
    "newly_overdue",
    "occurrences",
    "overdue_tasks",
    "pauses",
    "people_who_see",
    "possible_steps",
    "public_tasks",
    "remark_by_id",
    "remarks",
    "reports",
    "source_sentence",
    "status_of",
    "task_by_code",
    "task_by_id",
    "tasks_of_document",
    "unclear",
    "visible_to",
    "with_result",
    "with_status",
]
