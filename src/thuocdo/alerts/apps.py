"""Django's name for the room."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "thuocdo.alerts"
