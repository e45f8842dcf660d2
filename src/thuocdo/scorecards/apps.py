"""Django's name for the room."""

from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    name = "thuocdo.scorecards"

    def ready(self) -> None:
        # Tells standings how their parts are computed.
        from . import queries  # noqa: F401
