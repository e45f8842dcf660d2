"""Django's name for the room."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "thuocdo.meetings"
