"""Lists on their way in: received, looked at, agreed to, written; killed at any step, nothing is lost or twice."""

from .deciding import agree, discard, map_columns
from .looking import Looked, look_at
from .receiving import SMALL, plan_received, receive_list
from .writing import Written, import_at_once, write_agreed

__all__ = [
    "SMALL",
    "Looked",
    "Written",
    "agree",
    "discard",
    "import_at_once",
    "look_at",
    "map_columns",
    "plan_received",
    "receive_list",
    "write_agreed",
]
