"""Django's name for the room."""

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "thuocdo.publications"
