"""Reporting to a parent instance: pair, exchange, pause, and what each side does with what it is told."""

from .pairing import PartnerRefused, forget_parent, pair, renew_key, set_paused
from .syncing import Synced, sync, sync_due

__all__ = [
    "PartnerRefused",
    "Synced",
    "forget_parent",
    "pair",
    "renew_key",
    "set_paused",
    "sync",
    "sync_due",
]
