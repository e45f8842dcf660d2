"""Tables of exchanges: systems and identifiers, column mappings, imports, deliveries, the burden of reporting."""

from .burden import BurdenCount, RateVersion
from .calls import AnsweredCall, ReceivedFile
from .deliveries import DeliveredTask, Delivery
from .identifiers import Identifier, System
from .imports import ImportRun, ImportTally
from .mappings import ColumnMapping
from .partners import Child, Mirror, Outgoing, Parent, SentFile
from .webhooks import Dispatch, Receiver

__all__ = [
    "AnsweredCall",
    "BurdenCount",
    "Child",
    "ColumnMapping",
    "DeliveredTask",
    "Delivery",
    "Dispatch",
    "Identifier",
    "ImportRun",
    "ImportTally",
    "Mirror",
    "Outgoing",
    "Parent",
    "RateVersion",
    "ReceivedFile",
    "Receiver",
    "SentFile",
    "System",
]
