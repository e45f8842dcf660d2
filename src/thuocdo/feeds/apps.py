"""Django's name for the room."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "thuocdo.feeds"
