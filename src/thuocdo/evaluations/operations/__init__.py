"""Writes of the room: rules, findings from figures and by schedule, what people do about them, samples."""

from .acting import answer, ask_again, assign_owner, confirm, refute, resume
from .comparing import compare
from .loading import load_rules
from .refusals import EvaluationRefused
from .reviewing import review
from .sampling import check_value, close_sample, draw_sample

__all__ = [
    "EvaluationRefused",
    "answer",
    "ask_again",
    "assign_owner",
    "check_value",
    "close_sample",
    "compare",
    "confirm",
    "draw_sample",
    "load_rules",
    "refute",
    "resume",
    "review",
]
