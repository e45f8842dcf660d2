"""Django's name for the room."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "thuocdo.indicators"
