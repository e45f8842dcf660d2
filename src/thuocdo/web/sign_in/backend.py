"""Who is signed in, read together with their roles and the ledger's newest entry: one question instead of three."""

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from thuocdo.accounts.queries import User, user_at_the_newest_entry


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Allauth's way of signing in; every request learns with its person the roles and what the newest entry is."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, if the account is open."""
        user = user_at_the_newest_entry(user_id, on=timezone.localdate())
        return user if user is not None and self.user_can_authenticate(user) else None
