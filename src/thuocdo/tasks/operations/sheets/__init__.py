"""Lists of tasks that come back from offices: what taking one over would change, and doing it."""

from .plan import plan_import
from .planned import Addition, Change, Difference, Fault, Plan
from .taking_over import Imported, import_sheet, write_plan

__all__ = ["Addition", "Change", "Difference", "Fault", "Imported", "Plan", "import_sheet", "plan_import", "write_plan"]
