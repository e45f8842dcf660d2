"""Django's name for the room."""

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "thuocdo.evaluations"
