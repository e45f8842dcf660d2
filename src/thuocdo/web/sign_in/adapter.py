"""How allauth is fitted in: nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes self-registration: accounts belong to people whom their body has named."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
