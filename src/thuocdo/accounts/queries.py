"""Reads of accounts: who acts, which roles are held, which key belongs to a secret, whom one manages."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet, Subquery

from thuocdo.ledger.queries import entries
from thuocdo.organisations.models import Body, Kind

from .models import ApiKey, Role, RoleHolding, User
from .permissions import SCOPES, Actor, Held, Permission, bodies_within, may_everywhere

__all__ = [
    "ApiKey",
    "Role",
    "RoleHolding",
    "Scope",
    "User",
    "actor_for_key",
    "actor_for_user",
    "body_of",
    "holding_within",
    "holdings_of",
    "holdings_within",
    "key_for",
    "key_within",
    "keys_within",
    "labels_of_body",
    "may_manage",
    "names_of_labels",
    "people_at",
    "people_with_role",
    "people_within",
    "scope_of",
    "secret_digest",
    "standing_offices",
    "user_at_the_newest_entry",
    "user_by_username",
]

KEY_MARK = "tdk"


def actor_for_user(user: User, *, on: date) -> Actor:
    """The person with the roles held on the day; someone deactivated holds none."""
    known: tuple[date, tuple[Held, ...]] | None = getattr(user, "held_on", None)
    if known is not None and known[0] == on:
        return Actor(label=user.label, on=on, held=known[1] if user.is_active else (), user_id=user.pk)
    holdings = RoleHolding.objects.valid_on(on).filter(user=user.pk, user__is_active=True)
    rows = holdings.values_list("role", "body_id", "over_id", "hierarchy")
    held = tuple(Held(Role(role), body, over or body, hierarchy) for role, body, over, hierarchy in rows)
    return Actor(label=user.label, on=on, held=held, user_id=user.pk)


def people_at(bodies: Body | QuerySet[Body] | Iterable[int], *, on: date) -> QuerySet[User]:
    """People with open accounts who hold a role at the body, or at one of several (ids, or a query), on the day, by
    name."""
    wanted: Any = [bodies.pk] if isinstance(bodies, Body) else bodies
    if isinstance(bodies, QuerySet):
        wanted = bodies.values("pk")
    holdings = RoleHolding.objects.valid_on(on).filter(body__in=wanted).exclude(role=Role.SOURCE_SYSTEM)
    return User.objects.filter(pk__in=holdings.values("user"), is_active=True).order_by("full_name", "pk")


def user_at_the_newest_entry(number: int, *, on: date) -> User | None:
    """The person with this number, the roles held on the day, and the last entry of the ledger, in one query.

    The entry is `newest` and `newest_digest` of the person, the roles are known to `actor_for_user`.
    """
    newest = entries()
    in_force = Q(holdings__valid_from__lte=on) & (Q(holdings__valid_to__isnull=True) | Q(holdings__valid_to__gt=on))
    found = list(
        User.objects.annotate(
            newest=Subquery(newest.values("number")[:1]),
            newest_digest=Subquery(newest.values("digest")[:1]),
            holding=FilteredRelation("holdings", condition=in_force),
        )
        .annotate(
            held_role=F("holding__role"),
            held_body=F("holding__body_id"),
            held_over=F("holding__over_id"),
            held_hierarchy=F("holding__hierarchy"),
        )
        .filter(pk=number)
        .order_by("holding__pk")
    )
    if not found:
        return None
    held = tuple(
        Held(Role(row.held_role), row.held_body, row.held_over or row.held_body, row.held_hierarchy)
        for row in found
        if row.held_role is not None
    )
    user = found[0]
    user.held_on = (on, held)  # type: ignore[attr-defined]
    return user


def body_of(actor: Actor) -> str:
    """The name of the body at which the actor holds a role, the first of several; empty for the machine."""
    body = Body.objects.filter(pk=actor.held[0].body_id).first() if actor.held else None
    return body.name if body is not None else ""


def names_of_labels(labels: Iterable[str]) -> dict[str, str]:
    """The names of the people behind labels such as `user:7`; keys and the machine have none."""
    numbers = {int(label[5:]) for label in labels if label.startswith("user:") and label[5:].isdecimal()}
    found = User.objects.filter(pk__in=numbers).values_list("pk", "full_name") if numbers else ()
    return {f"user:{pk}": name for pk, name in found}


def standing_offices(*, on: date) -> list[Body]:
    """The bodies at which somebody holds the role of the standing office over the whole country on the day."""
    holdings = RoleHolding.objects.valid_on(on).filter(role=Role.STANDING_OFFICE, over__kind=Kind.CENTRE)
    return list(Body.objects.filter(pk__in=holdings.values("body")).order_by("code"))


def actor_for_key(key: ApiKey, *, on: date) -> Actor:
    """The source system behind a key, reaching the key's body and everything below it, narrowed to its scopes.

    A key that a person holds acts on tasks as that person does at the key's body, and in no other place; when the
    role ends or the account is closed, the key may nothing more with tasks.
    """
    named = SCOPES.items()
    allowed = frozenset(permission for scope, permissions in named if scope in key.scopes for permission in permissions)
    if key.holder_id is None:
        held = (Held(Role.SOURCE_SYSTEM, key.body_id, key.body_id, only=allowed),)
        return Actor(label=key.label, on=on, held=held, key_id=key.pk)
    figures = allowed & {Permission.FEED_MEASUREMENT}
    holdings = RoleHolding.objects.valid_on(on).filter(user=key.holder_id, user__is_active=True, body=key.body_id)
    rows = holdings.order_by("pk").values_list("role", "body_id", "over_id", "hierarchy")
    roles = [Held(Role(role), body, over or body, hierarchy, allowed) for role, body, over, hierarchy in rows]
    machine_role = Held(Role.SOURCE_SYSTEM, key.body_id, key.body_id, only=figures)
    return Actor(
        label=key.label, on=on, held=(*roles, machine_role), user_id=key.holder_id if roles else None, key_id=key.pk
    )


def labels_of_body(actor: Actor) -> list[str]:
    """How the ledger names every key of the bodies to which a key belongs; nothing for a person."""
    if actor.key_id is None:
        return []
    bodies = {held.body_id for held in actor.held}
    return [f"key:{number}" for number in ApiKey.objects.filter(body__in=bodies).values_list("pk", flat=True)]


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
    if key is None or not _opens(key, secret_digest(secret), at):
        return None
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= at):
        return None
    return key


def _opens(key: ApiKey, given: str, at: datetime) -> bool:
    """Whether a digest is that of the secret, or of the one before it while that is still in its grace time."""
    if hmac.compare_digest(key.secret_digest, given):
        return True
    return key.former_until is not None and at < key.former_until and hmac.compare_digest(key.former_digest, given)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an actor may send: codes of indicators and of feeds; None stands for all of them."""

    indicators: frozenset[str] | None = None
    feeds: frozenset[str] | None = None

    def may_measure(self, code: str) -> bool:
        """Whether measurements of the indicator may be sent."""
        return self.indicators is None or code in self.indicators

    def may_feed(self, code: str) -> bool:
        """Whether raw events of the feed may be sent."""
        return self.feeds is None or code in self.feeds


def scope_of(actor: Actor) -> Scope:
    """What the actor's key is narrowed to; whoever acts without a key is narrowed by permissions only.

    A key for some feeds sends no measurements, one for some indicators no events; a key for neither sends all.
    """
    if actor.key_id is None:
        return Scope()
    indicators, feeds = ApiKey.objects.values_list("indicators", "feeds").get(pk=actor.key_id)
    if not indicators and not feeds:
        return Scope()
    return Scope(frozenset(indicators), frozenset(feeds))


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


def people_within(actor: Actor) -> QuerySet[User]:
    """People with a role, now or before, at a body whose accounts the actor manages.

    Accounts without any role belong to nobody in particular: whoever manages every body sees them, too.
    """
    managed = bodies_within(actor, Permission.MANAGE_ACCOUNTS).values("pk")
    condition = Q(pk__in=RoleHolding.objects.filter(body__in=managed).values("user"))
    if may_everywhere(actor, Permission.MANAGE_ACCOUNTS):
        condition |= Q(holdings__isnull=True)
    return User.objects.filter(condition)


def holdings_within(actor: Actor) -> QuerySet[RoleHolding]:
    """Roles, past, present and to come, at bodies whose accounts the actor manages, with person and bodies."""
    managed = bodies_within(actor, Permission.MANAGE_ACCOUNTS).values("pk")
    return RoleHolding.objects.filter(body__in=managed).select_related("user", "body", "over")


def holding_within(actor: Actor, number: int) -> RoleHolding | None:
    """The role held under this number, if its body's accounts are the actor's to manage."""
    return holdings_within(actor).filter(pk=number).first()


def may_manage(actor: Actor, user: User) -> bool:
    """Whether the actor manages every body where the person holds a role that has not ended."""
    if actor.is_machine:
        return True
    standing = RoleHolding.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=actor.on), user=user)
    if not standing.exists():
        return people_within(actor).filter(pk=user.pk).exists()
    managed = bodies_within(actor, Permission.MANAGE_ACCOUNTS).values("pk")
    return not standing.exclude(body__in=managed).exists()


def keys_within(actor: Actor) -> QuerySet[ApiKey]:
    """Keys of source systems of bodies whose accounts the actor manages, newest first, with their bodies."""
    managed = bodies_within(actor, Permission.MANAGE_ACCOUNTS).values("pk")
    return ApiKey.objects.filter(body__in=managed).select_related("body", "use", "holder").order_by("-issued_at", "-pk")


def key_within(actor: Actor, number: int) -> ApiKey | None:
    """The key with this number, if the actor manages the accounts of its body."""
    return keys_within(actor).filter(pk=number).first()
