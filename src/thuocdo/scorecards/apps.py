"""Django's name for the room."""

from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    name = "thuocdo.scorecards"
