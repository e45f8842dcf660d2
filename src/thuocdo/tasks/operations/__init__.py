"""Writes of tasks: assign, work, judge the result, steer. Each enforces its permission and ends in the ledger."""

from thuocdo.tasks.files import FileRefused, Upload

from .assigning import assign, assign_collective, assign_many, draft, issue
from .comparing import compare_evidence
from .confirming import assign_from_candidate
from .disputes import Outcome, decide_dispute, dispute
from .erasing import add_redacted, erase_evidence, forget_file
from .evidence import add_evidence, describe_evidence
from .judging import approve_result, judge_effectiveness, return_result
from .matching import amend, dismiss_match, link, propose_matches
from .programmes import (
    approve_version,
    new_version,
    open_programme,
    put_into_programme,
    take_out_of_programme,
)
from .redirecting import reassign, reopen
from .refusals import ConflictOfInterest, NotInThisState, TaskRefused
from .remarks import read_mentions, remark, withdraw_remark
from .reopening import take_back
from .requests import grant_extension, refuse_extension, request_extension
from .returning import Answer, Point, answer_points, recall_point, return_points
from .sheets import Addition, Change, Fault, Imported, Plan, import_sheet, plan_import, write_plan
from .steering import cancel, extend, resume, suspend
from .structure import (
    BudgetLine,
    DependencyCycle,
    MilestonePlan,
    ProductPlan,
    add_dependency,
    add_milestone,
    divide,
    drop_dependency,
    drop_milestone,
    fulfil_dependency,
    judge_product,
    leave_unattended,
    link_indicator,
    move_milestone,
    put_in_charge,
    set_budget,
    set_indicators,
    set_products,
    unlink_indicator,
)
from .succession import decide_succession, follow_successions
from .working import accept_assignment, report_progress, submit
from .writing import TaskDescription

__all__ = [
    "Addition",
    "Answer",
    "BudgetLine",
    "Change",
    "ConflictOfInterest",
    "DependencyCycle",
    "Fault",
    "FileRefused",
    "Imported",
    "MilestonePlan",
    "NotInThisState",
    "Outcome",
    "Plan",
    "Point",
    "ProductPlan",
    "TaskDescription",
    "TaskRefused",
    "Upload",
    "accept_assignment",
    "add_dependency",
    "add_evidence",
    "add_milestone",
    "add_redacted",
    "amend",
    "answer_points",
    "approve_result",
    "approve_version",
    "assign",
    "assign_collective",
    "assign_from_candidate",
    "assign_many",
    "cancel",
    "compare_evidence",
    "decide_dispute",
    "decide_succession",
    "describe_evidence",
    "dismiss_match",
    "dispute",
    "divide",
    "draft",
    "drop_dependency",
    "drop_milestone",
    "erase_evidence",
    "extend",
    "follow_successions",
    "forget_file",
    "fulfil_dependency",
    "grant_extension",
    "import_sheet",
    "issue",
    "judge_effectiveness",
    "judge_product",
    "leave_unattended",
    "link",
    "link_indicator",
    "move_milestone",
    "new_version",
    "open_programme",
    "plan_import",
    "propose_matches",
    "put_in_charge",
    "put_into_programme",
    "read_mentions",
    "reassign",
    "recall_point",
    "refuse_extension",
    "remark",
    "reopen",
    "report_progress",
    "request_extension",
    "resume",
    "return_points",
    "return_result",
    "set_budget",
    "set_indicators",
    "set_products",
    "submit",
    "suspend",
    "take_back",
    "take_out_of_programme",
    "unlink_indicator",
    "withdraw_remark",
    "write_plan",
]
