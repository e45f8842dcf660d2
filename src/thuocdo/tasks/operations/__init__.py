"""Writes of tasks: assign, work, judge the result, steer. Each enforces its permission and ends in the ledger."""

from thuocdo.tasks.files import FileRefused, Upload

from .assigning import assign, assign_collective, assign_many, draft, issue
from .confirming import assign_from_candidate
from .judging import approve_result, judge_effectiveness, return_result
from .matching import amend, dismiss_match, link, propose_matches
from .refusals import ConflictOfInterest, NotInThisState, TaskRefused
from .reopening import take_back
from .sheets import Addition, Change, Fault, Imported, Plan, import_sheet, plan_import
from .steering import Outcome, cancel, decide_dispute, extend, resume, suspend
from .working import accept_assignment, dispute, report_progress, submit
from .writing import TaskDescription

__all__ = [
    "Addition",
    "Change",
    "ConflictOfInterest",
    "Fault",
    "FileRefused",
    "Imported",
    "NotInThisState",
    "Outcome",
    "Plan",
    "TaskDescription",
    "TaskRefused",
    "Upload",
    "accept_assignment",
    "amend",
    "approve_result",
    "assign",
    "assign_collective",
    "assign_from_candidate",
    "assign_many",
    "cancel",
    "decide_dispute",
    "dismiss_match",
    "dispute",
    "draft",
    "extend",
    "import_sheet",
    "issue",
    "judge_effectiveness",
    "link",
    "plan_import",
    "propose_matches",
    "report_progress",
    "resume",
    "return_result",
    "submit",
    "suspend",
    "take_back",
]
