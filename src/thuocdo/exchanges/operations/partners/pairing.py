"""This instance is tied to one above it, by its address and the key that was issued there."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.exchanges.models import Parent
from thuocdo.exchanges.partner_keys import forget_key, keep_key
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.models import Body


class PartnerRefused(ValueError):
    """What was asked of a partner cannot be done; nothing was written. The text names the remedy."""

    def __init__(self, message: str, *, code: str, field: str = "") -> None:
        super().__init__(message)
        self.code, self.field = code, field


@transaction.atomic
def pair(
    *, actor: Actor, at: datetime, body: Body, address: str, token: str, title: str = "", sends_figures: bool = False
) -> Parent:
    """Tie this instance to a parent, in whose eyes it is the body; the exchange begins with the next round.

    What was done here before is not told. Raises NotAllowed and PartnerRefused (address, key, tied already).
    """
    require(actor, Permission.MANAGE_EXCHANGES, body)
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise PartnerRefused(
            gettext("Địa chỉ không đúng; ghi dạng https://thuocdo.example.gov.vn."), code="address", field="address"
        )
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise PartnerRefused(
            gettext("Địa chỉ phải bắt đầu bằng https:// để khóa không bị đọc trộm trên đường truyền."),
            code="not_https",
            field="address",
        )
    plain = address.strip().rstrip("/")
    _check_token(token)
    if Parent.objects.filter(address=plain).exists():
        raise PartnerRefused(
            gettext("Đã nối với bản cấp trên này; bỏ nối trước khi nối lại, hoặc chỉ đổi khóa."),
            code="paired_before",
            field="address",
        )
    parent = Parent.objects.create(
        title=" ".join(title.split())[:120] or parts.hostname,
        address=plain,
        body=body,
        gathered=newest_number(),
        sends_figures=sends_figures,
        paired_at=at,
        by_label=actor.label,
    )
    keep_key(parent.pk, token.strip())
    _tell(parent, "paired", actor=actor, at=at)
    return parent


def _check_token(token: str) -> None:
    if not (token.strip().startswith("tdk_") and token.strip().isascii() and len(token.strip()) < 200):
        raise PartnerRefused(
            gettext("Khóa không đúng dạng tdk_…; chép lại nguyên khóa mà bản cấp trên đã cấp."),
            code="key_format",
            field="key",
        )


@transaction.atomic
def renew_key(*, actor: Actor, at: datetime, parent: Parent, token: str) -> Parent:
    """Exchange the key for the one that the parent issued anew; what waits goes on with it."""
    require(actor, Permission.MANAGE_EXCHANGES, parent.body)
    _check_token(token)
    keep_key(parent.pk, token.strip())
    Parent.objects.filter(pk=parent.pk).update(failure="", failure_detail="", failures=0, not_before=None)
    _tell(parent, "renewed", actor=actor, at=at)
    return Parent.objects.get(pk=parent.pk)


@transaction.atomic
def set_paused(*, actor: Actor, at: datetime, parent: Parent, is_paused: bool) -> Parent:
    """Stop the exchange for a while, or go on with it; meanwhile everything is kept."""
    require(actor, Permission.MANAGE_EXCHANGES, parent.body)
    current = Parent.objects.select_for_update(of=("self",)).select_related("body").get(pk=parent.pk)
    if current.is_paused == is_paused:
        return current
    current.is_paused, current.not_before = is_paused, None
    current.save(update_fields=["is_paused", "not_before"])
    _tell(current, "paused" if is_paused else "resumed", actor=actor, at=at)
    return current


@transaction.atomic
def forget_parent(*, actor: Actor, at: datetime, parent: Parent) -> None:
    """Throw the key away and stop for good; the tasks and everything that was exchanged stay on record."""
    set_paused(actor=actor, at=at, parent=parent, is_paused=True)
    forget_key(parent.pk)
    _tell(parent, "forgotten", actor=actor, at=at)


def _tell(parent: Parent, change: str, *, actor: Actor, at: datetime) -> None:
    append(
        actor=actor.label,
        at=at,
        event=Event.PARENT_CHANGED,
        subject=parent.label,
        data={"change": change, "body": parent.body.code, "host": urlsplit(parent.address).hostname or ""},
    )
