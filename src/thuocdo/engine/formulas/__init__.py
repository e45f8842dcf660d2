"""Formulas of indicators over other indicators: safe to read, checked for units, computed exactly."""

from .compute import Missing, NotApplicable, Reading, compute
from .order import in_order
from .problems import FormulaProblem
from .reading import Formula, read_formula
from .units import Unit, read_unit

__all__ = [
    "Formula",
    "FormulaProblem",
    "Missing",
    "NotApplicable",
    "Reading",
    "Unit",
    "compute",
    "in_order",
    "read_formula",
    "read_unit",
]
