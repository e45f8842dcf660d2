"""Who is signed in, read together with the newest entry of the ledger: one question instead of two for every page."""

from allauth.account.auth_backends import AuthenticationBackend

from thuocdo.accounts.queries import User, user_at_the_newest_entry


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Allauth's way of signing in; every request learns with its person what the newest entry is."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, if the account is open."""
        user = user_at_the_newest_entry(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
