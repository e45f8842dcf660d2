"""What a task looks like on its way out (answers) and in (forms), with examples."""

from .answers import FileOut, ReportOut, TaskShort, TaskWhole
from .examples import REPORT, SHORT, WHOLE

__all__ = ["REPORT", "SHORT", "WHOLE", "FileOut", "ReportOut", "TaskShort", "TaskWhole"]
