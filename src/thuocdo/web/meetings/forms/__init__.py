"""Forms of meetings: planning one, pasting conclusions, confirming a line, promising a day, issuing the notice."""

from .planning import IssueForm, PlanForm, ReasonForm
from .refusing import new_key
from .tasks import PromiseForm, SettleForm
from .wording import ConfirmForm, LinesForm, ReviseForm

__all__ = [
    "ConfirmForm",
    "IssueForm",
    "LinesForm",
    "PlanForm",
    "PromiseForm",
    "ReasonForm",
    "ReviseForm",
    "SettleForm",
    "new_key",
]
