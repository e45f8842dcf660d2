"""Django's name for the room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "thuocdo.accounts"
