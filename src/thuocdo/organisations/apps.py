"""Django's name for the room."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "thuocdo.organisations"
