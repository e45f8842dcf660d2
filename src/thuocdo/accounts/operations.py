"""Writes of accounts: open an account, grant and end a role, issue and revoke a key."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body, Hierarchy

from .models import ApiKey, Role, RoleHolding, User
from .permissions import Actor, Permission, require
from .queries import KEY_MARK, secret_digest


@transaction.atomic
def open_account(
    *, actor: Actor, at: datetime, username: str, full_name: str, body: Body, password: str | None = None
) -> User:
    """Open an account for a person of the body; without a password one has to be set through recovery."""
    require(actor, Permission.MANAGE_ACCOUNTS, body)
    user = User(username=username, full_name=full_name, date_joined=at)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save(force_insert=True)
    append(actor=actor.label, at=at, event=Event.ACCOUNT_OPENED, subject=user.label, data={"body": body.code})
    return user


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    at: datetime,
    user: User,
    role: Role,
    body: Body,
    over: Body | None = None,
    hierarchy: str = Hierarchy.TERRITORIAL,
    valid_from: date,
    valid_to: date | None = None,
) -> RoleHolding:
    """Let a person hold a role at a body for a time, reaching the subtree of `over` (or of the body)."""
    require(actor, Permission.MANAGE_ACCOUNTS, body)
    if over is not None:
        require(actor, Permission.MANAGE_ACCOUNTS, over)
    holding = RoleHolding.objects.create(
        user=user,
        role=role,
        body=body,
        over=over,
        hierarchy=hierarchy,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.ROLE_GRANTED,
        subject=user.label,
        data={
            "holding": holding.pk,
            "role": role,
            "body": body.code,
            "over": over.code if over else None,
            "from": valid_from,
            "to": valid_to,
        },
    )
    return holding


@transaction.atomic
def end_role(*, actor: Actor, at: datetime, holding: RoleHolding, on: date) -> RoleHolding:
    """End a role at a day; held and ended on the same day, it is removed (the ledger still tells)."""
    require(actor, Permission.MANAGE_ACCOUNTS, holding.body)
    number = holding.pk
    if on <= holding.valid_from:
        holding.delete()
    else:
        holding.valid_to = on
        holding.save(update_fields=["valid_to"])
    append(
        actor=actor.label,
        at=at,
        event=Event.ROLE_ENDED,
        subject=holding.user.label,
        data={"holding": number, "on": on},
    )
    return holding


@transaction.atomic
def issue_key(
    *,
    actor: Actor,
    at: datetime,
    body: Body,
    title: str,
    indicators: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Issue a key to a source system of the body; the token in the answer is shown this once."""
    require(actor, Permission.MANAGE_ACCOUNTS, body)
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        title=title,
        prefix=prefix,
        secret_digest=secret_digest(secret),
        body=body,
        indicators=list(indicators),
        issued_at=at,
        expires_at=expires_at,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.KEY_ISSUED,
        subject=key.label,
        data={"body": body.code, "indicators": list(indicators)},
    )
    return key, f"{KEY_MARK}_{prefix}_{secret}"


@transaction.atomic
def revoke_key(*, actor: Actor, at: datetime, key: ApiKey) -> ApiKey:
    """Revoke a key; from this moment it opens nothing."""
    require(actor, Permission.MANAGE_ACCOUNTS, key.body)
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    append(actor=actor.label, at=at, event=Event.KEY_REVOKED, subject=key.label)
    return key
