"""Django's name for the room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "thuocdo.ledger"
