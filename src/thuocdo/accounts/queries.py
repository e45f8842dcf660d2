"""Reads of accounts: who acts, which roles are held, which key belongs to a secret."""

import hashlib
import hmac
from datetime import date, datetime

from django.db.models import QuerySet

from .models import ApiKey, Role, RoleHolding, User
from .permissions import Actor, Held

KEY_MARK = "tdk"


def actor_for_user(user: User, *, on: date) -> Actor:
    """The person with the roles held on the day; someone deactivated holds none."""
    holdings = RoleHolding.objects.valid_on(on).filter(user=user, user__is_active=True)
    held = tuple(Held(Role(row.role), row.body_id, row.over_id or row.body_id, row.hierarchy) for row in holdings)
    return Actor(label=user.label, on=on, held=held, user_id=user.pk)


def actor_for_key(key: ApiKey, *, on: date) -> Actor:
    """The source system behind a key, reaching the key's body and everything below it."""
    held = (Held(Role.SOURCE_SYSTEM, key.body_id, key.body_id),)
    return Actor(label=key.label, on=on, held=held, key_id=key.pk)


def secret_digest(secret: str) -> str:
    """SHA-256 of a key's secret; secrets are 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_for(token: str, *, at: datetime) -> ApiKey | None:
    """The valid key that a bearer token names, `tdk_<prefix>_<secret>`; None for anything else."""
    mark, _, rest = token.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != KEY_MARK or not prefix or not secret:
        return None
    key = ApiKey.objects.select_related("body").filter(prefix=prefix).first()
    if key is None or not hmac.compare_digest(key.secret_digest, secret_digest(secret)):
        return None
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= at):
        return None
    return key


def holdings_of(user: User, *, on: date) -> QuerySet[RoleHolding]:
    """The roles a person holds on the day, with their bodies."""
    return RoleHolding.objects.valid_on(on).filter(user=user).select_related("body", "over").order_by("pk")


def user_by_username(username: str) -> User | None:
    """The person with this sign-in name."""
    return User.objects.filter(username=username).first()


def people_with_role(role: Role, *, on: date) -> QuerySet[User]:
    """People who hold the role anywhere on the day."""
    holdings = RoleHolding.objects.valid_on(on).filter(role=role)
    return User.objects.filter(pk__in=holdings.values("user")).order_by("pk")
