"""Django's name for the room."""

from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "thuocdo.directives"
