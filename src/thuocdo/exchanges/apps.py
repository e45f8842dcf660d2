"""Django's name for the room."""

from django.apps import AppConfig


class ExchangesConfig(AppConfig):
    name = "thuocdo.exchanges"
