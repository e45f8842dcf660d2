"""Tables of exchanges: systems and identifiers, column mappings, imports, deliveries, the burden of reporting."""

from .burden import BurdenCount, RateVersion
from .deliveries import DeliveredTask, Delivery
from .identifiers import Identifier, System
from .imports import ImportRun, ImportTally
from .mappings import ColumnMapping

__all__ = [
    "BurdenCount",
    "ColumnMapping",
    "DeliveredTask",
    "Delivery",
    "Identifier",
    "ImportRun",
    "ImportTally",
    "RateVersion",
    "System",
]
