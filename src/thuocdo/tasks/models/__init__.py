"""Tasks and everything that happens to them, one file per concern."""

from .conversation import Comment, Mention, ReturnedPoint
from .fields import Field, FieldValue, SavedList
from .measuring import TaskIndicator
from .programmes import Programme, ProgrammeEntry, ProgrammeVersion
from .sources import Match, Source
from .steering import Dispute, Extension, ExtensionRequest, Pause
from .structure import BudgetReference, Dependency, Milestone, Product
from .task import Collective, Coordination, Counter, Task
from .work import Evidence, Fingerprint, Likeness, Occurrence, Report, Transition

__all__ = [
    "BudgetReference",
    "Collective",
    "Comment",
    "Coordination",
    "Counter",
    "Dependency",
    "Dispute",
    "Evidence",
    "Extension",
    "ExtensionRequest",
    "Field",
    "FieldValue",
    "Fingerprint",
    "Likeness",
    "Match",
    "Mention",
    "Milestone",
    "Occurrence",
    "Pause",
    "Product",
    "Programme",
    "ProgrammeEntry",
    "ProgrammeVersion",
    "Report",
    "ReturnedPoint",
    "SavedList",
    "Source",
    "Task",
    "TaskIndicator",
    "Transition",
]
