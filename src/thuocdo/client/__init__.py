"""A small client of the interface for source systems: standard library only, so it can be copied and used alone.

from thuocdo.client import Client
answer = Client("https://thuocdo.example.gov.vn", key).send(rows)
"""

from .connection import Client, Unauthorised, Unreachable, Unwelcome
from .packing import content_key, pack
from .receiving import sign, verify
from .waiting import Patience

__all__ = ["Client", "Patience", "Unauthorised", "Unreachable", "Unwelcome", "content_key", "pack", "sign", "verify"]
