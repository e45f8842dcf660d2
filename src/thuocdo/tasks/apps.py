"""Django's name for the room."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "thuocdo.tasks"
