"""Keys of source systems: issue, rotate, revoke, and count the calls that they make."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, FloatField, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from thuocdo.accounts.models import ApiKey, KeyUse, Role, RoleHolding, User
from thuocdo.accounts.permissions import OF_PEOPLE, SCOPES, Actor, Permission, require
from thuocdo.accounts.queries import KEY_MARK, secret_digest
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body

from .people import AccountRefused, refuse_wider_reach

# How long the former secret of a rotated key still opens, unless said otherwise.
GRACE = timedelta(days=7)
LONGEST_GRACE = timedelta(days=30)
# A key may make this share of a minute's calls at once.
BURST = 1 / 6


@transaction.atomic
def issue_key(
    *,
    actor: Actor,
    at: datetime,
    body: Body,
    title: str,
    indicators: Sequence[str] = (),
    feeds: Sequence[str] = (),
    calls_per_minute: int = 600,
    expires_at: datetime | None = None,
    scopes: Sequence[str] = ("figures:write",),
    holder: User | None = None,
) -> tuple[ApiKey, str]:
    """Issue a key to a source system of the body; the token in the answer is shown this once.

    Without indicators and feeds the key may send everything; with some of either, only those. `scopes` are names
    of `permissions.SCOPES`; those of people need a `holder` with a role at the body. Raises AccountRefused for a key
    that would have expired already or may make no call, and NotAllowed where the holder reaches further than the
    actor answers for.
    """
    require(actor, Permission.MANAGE_ACCOUNTS, body)
    _check_scopes(scopes, holder, body, actor=actor)
    if not 1 <= calls_per_minute <= 100_000:
        raise AccountRefused(_("Số lần gọi mỗi phút phải từ 1 đến 100.000."), field="calls_per_minute")
    if expires_at is not None and expires_at <= at:
        raise AccountRefused(_("Ngày hết hạn đã qua; chọn một ngày sau hôm nay."), field="expires_on")
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        title=title,
        prefix=prefix,
        secret_digest=secret_digest(secret),
        body=body,
        indicators=list(indicators),
        feeds=list(feeds),
        calls_per_minute=calls_per_minute,
        issued_at=at,
        expires_at=expires_at,
        scopes=sorted(set(scopes)),
        holder=holder,
    )
    KeyUse.objects.create(key=key)
    append(
        actor=actor.label,
        at=at,
        event=Event.KEY_ISSUED,
        subject=key.label,
        data={
            "body": body.code,
            "indicators": list(indicators),
            "feeds": list(feeds),
            "scopes": key.scopes,
            "holder": holder.label if holder else None,
        },
    )
    return key, f"{KEY_MARK}_{prefix}_{secret}"


def _check_scopes(scopes: Sequence[str], holder: User | None, body: Body, *, actor: Actor) -> None:
    if not scopes or set(scopes) - SCOPES.keys():
        raise AccountRefused(_("Chọn ít nhất một việc mà khóa được làm trong danh mục."), field="scopes")
    if holder is None:
        if OF_PEOPLE & set(scopes):
            text = _("Giao nhiệm vụ và duyệt kết quả phải có người chịu trách nhiệm; chọn người giữ khóa.")
            raise AccountRefused(text, field="holder")
        return
    holdings = list(RoleHolding.objects.valid_on(actor.on).filter(user=holder, body=body).select_related("over"))
    if not holder.is_active or not holdings:
        text = _("Người này không giữ vai trò nào tại %(body)s; chọn người của cơ quan này.")
        raise AccountRefused(text % {"body": body.name}, field="holder")
    for one in holdings:
        refuse_wider_reach(actor, Role(one.role), one.over or body, one.hierarchy)


@transaction.atomic
def rotate_key(*, actor: Actor, at: datetime, key: ApiKey, grace: timedelta = GRACE) -> tuple[ApiKey, str]:
    """Give a key a new secret; the one so far still opens for the grace time, so that no call is lost meanwhile.

    The token in the answer is shown this once. Of three secrets only the two newest can ever open. Raises
    AccountRefused for a key that opens nothing any more, and for a grace beyond 30 days.
    """
    require(actor, Permission.MANAGE_ACCOUNTS, key.body)
    key = ApiKey.objects.select_for_update().select_related("body").get(pk=key.pk)
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= at):
        raise AccountRefused(_("Khóa đã thu hồi hoặc hết hạn nên không đổi được; hãy cấp khóa mới."))
    if not timedelta() <= grace <= LONGEST_GRACE:
        raise AccountRefused(_("Thời gian dùng song song từ 0 đến 30 ngày."), field="grace")
    secret = secrets.token_urlsafe(32)
    key.former_digest, key.former_until = key.secret_digest, at + grace
    key.secret_digest = secret_digest(secret)
    key.save(update_fields=["secret_digest", "former_digest", "former_until"])
    append(
        actor=actor.label,
        at=at,
        event=Event.KEY_ROTATED,
        subject=key.label,
        data={"body": key.body.code, "former_until": key.former_until.isoformat()},
    )
    return key, f"{KEY_MARK}_{key.prefix}_{secret}"


@dataclass(frozen=True, slots=True)
class TooManyCalls:
    """The key has used up its rate; the next call is taken after this many seconds."""

    seconds: float


def take_call(*, key: ApiKey, at: datetime) -> TooManyCalls | None:
    """Count one call of a key at its rate and remember when it came; tells when it came too early.

    One conditional statement, so calls that arrive at once in several processes are counted each. A clock that
    went back gives nothing away: what was taken stays taken. No ledger entry: nothing of the record changes.
    """
    now, pause = at.timestamp(), 60 / key.calls_per_minute
    # The last call of a burst may lie this far ahead of the steady rate.
    ahead = max(0.0, key.calls_per_minute * BURST - 1) * pause
    taken = KeyUse.objects.filter(key=key, due__lte=now + ahead).update(
        due=Greatest(F("due"), Value(now, output_field=FloatField())) + pause, last_used_at=at
    )
    if taken:
        return None
    # Keys of the time before rates were counted have no row yet.
    use, is_new = KeyUse.objects.get_or_create(key=key, defaults={"due": now + pause, "last_used_at": at})
    return None if is_new else TooManyCalls(max(0.0, use.due - ahead - now))


@transaction.atomic
def revoke_key(*, actor: Actor, at: datetime, key: ApiKey) -> ApiKey:
    """Revoke a key; from this moment it opens nothing. A key that is revoked already stays as it is."""
    require(actor, Permission.MANAGE_ACCOUNTS, key.body)
    if key.revoked_at is not None:
        return key
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    append(actor=actor.label, at=at, event=Event.KEY_REVOKED, subject=key.label)
    return key
