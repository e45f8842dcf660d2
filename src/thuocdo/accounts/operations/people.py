"""People: open and close an account, grant and end a role."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from thuocdo.accounts.models import Role, RoleHolding, User
from thuocdo.accounts.permissions import (
    ROLES,
    Actor,
    NotAllowed,
    Permission,
    Reach,
    bodies_within,
    may_everywhere,
    require,
)
from thuocdo.accounts.queries import may_manage
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body, Hierarchy
from thuocdo.organisations.queries import below, bodies


class AccountRefused(ValueError):
    """What cannot be done to an account, a role or a key; `field` is what is wrong, the message names the remedy."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def open_account(
    *, actor: Actor, at: datetime, username: str, full_name: str, body: Body, password: str | None = None
) -> User:
    """Open an account for a person of the body; without a password nobody signs in until one is set.

    Raises AccountRefused when the sign-in name is taken or cannot be one.
    """
    require(actor, Permission.MANAGE_ACCOUNTS, body)
    user = User(username=nfc(username).strip(), full_name=nfc(full_name).strip(), date_joined=at)
    _refuse_bad_names(user)
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
    """Let a person hold a role at a body for a time, reaching the subtree of `over` (or of the body).

    Nobody gives away a reach that goes beyond their own: raises NotAllowed. Raises AccountRefused when the
    time ends before it begins or the person holds the same role already.
    """
    require(actor, Permission.MANAGE_ACCOUNTS, body)
    refuse_wider_reach(actor, role, over or body, hierarchy)
    if valid_to is not None and valid_to <= valid_from:
        raise AccountRefused(_("Ngày thôi phải sau ngày bắt đầu; sửa một trong hai ngày."), field="valid_to")
    same = RoleHolding.objects.filter(user=user, role=role, body=body, over=over, hierarchy=hierarchy)
    if same.valid_on(valid_from).exists():
        raise AccountRefused(_("Người này đang giữ đúng vai trò ấy tại cơ quan này."), field="role")
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
    """End a role at a day; held and ended on the same day, it is removed (the ledger still tells).

    Raises AccountRefused when administrators would end their own administration: nobody could undo it.
    """
    require(actor, Permission.MANAGE_ACCOUNTS, holding.body)
    if holding.user_id == actor.user_id and holding.role == Role.ADMINISTRATOR:
        raise AccountRefused(_("Không tự thôi vai trò quản trị của chính mình; nhờ một người quản trị khác."))
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
def deactivate_account(*, actor: Actor, at: datetime, user: User) -> User:
    """Close an account: nobody signs in with it and what is open ends; roles and records stay.

    Raises NotAllowed unless the actor manages every body where the person holds a role.
    """
    _require_whole_person(actor, user)
    if user.pk == actor.user_id:
        raise AccountRefused(_("Không tự khóa tài khoản của chính mình; nhờ một người quản trị khác."))
    return _set_active(actor, at, user, is_active=False)


@transaction.atomic
def reactivate_account(*, actor: Actor, at: datetime, user: User) -> User:
    """Open a closed account again, with the roles that are still valid."""
    _require_whole_person(actor, user)
    return _set_active(actor, at, user, is_active=True)


@transaction.atomic
def renew_password(*, actor: Actor, at: datetime, user: User, password: str) -> User:
    """Give somebody who cannot sign in any more a new password; every open session of theirs ends."""
    _require_whole_person(actor, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    append(actor=actor.label, at=at, event=Event.PASSWORD_RENEWED, subject=user.label)
    return user


@transaction.atomic
def set_email(*, actor: Actor, at: datetime, user: User, email: str) -> User:
    """Keep where a person's mail goes, or nothing; by the person or whoever manages their account.

    The ledger is told that it changed, never the address itself. Raises NotAllowed and AccountRefused.
    """
    if actor.user_id != user.pk:
        _require_whole_person(actor, user)
    address = nfc(email).strip()
    if address:
        try:
            validate_email(address)
        except ValidationError as error:
            text = _("“%(address)s” không phải là địa chỉ thư; nhập ví dụ ten@coquan.gov.vn.")
            raise AccountRefused(text % {"address": address[:80]}, field="email") from error
    if len(address) > 254:
        raise AccountRefused(_("Địa chỉ thư quá dài; tối đa 254 ký tự."), field="email")
    current = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if current.email == address:
        return current
    current.email = address
    current.save(update_fields=["email"])
    append(
        actor=actor.label, at=at, event=Event.EMAIL_CHANGED, subject=current.label, data={"has_address": bool(address)}
    )
    return current


def _refuse_bad_names(user: User) -> None:
    """Raises AccountRefused for a sign-in name that is taken or no name, and for a missing full name."""
    if not user.full_name or len(user.full_name) > 120:
        raise AccountRefused(_("Ghi họ và tên, không quá 120 ký tự."), field="full_name")
    try:
        user.username_validator(user.username)
    except ValidationError as error:
        text = _("Tên đăng nhập chỉ gồm chữ, số và các dấu @ . + - _; không có khoảng trắng.")
        raise AccountRefused(text, field="username") from error
    if len(user.username) > 150:
        raise AccountRefused(_("Tên đăng nhập quá dài; tối đa 150 ký tự."), field="username")
    if User.objects.filter(username__iexact=user.username).exists():
        text = _("Tên đăng nhập “%(name)s” đã có người dùng; chọn tên khác.")
        raise AccountRefused(text % {"name": user.username}, field="username")


def refuse_wider_reach(actor: Actor, role: Role, over: Body, hierarchy: str) -> None:
    """Raises NotAllowed when the role would see or do more than the actor answers for."""
    if actor.is_machine:
        return
    # Everybody sees every score; any other permission without bounds needs an administrator without bounds.
    is_boundless = any(
        reach is Reach.EVERYWHERE and permission is not Permission.VIEW_SCORES
        for permission, reach in ROLES[role].items()
    )
    if is_boundless and not may_everywhere(actor, Permission.MANAGE_ACCOUNTS):
        raise NotAllowed(actor, Permission.MANAGE_ACCOUNTS)
    managed = bodies_within(actor, Permission.MANAGE_ACCOUNTS)
    reached = bodies(on=actor.on).filter(below([over.pk], on=actor.on, hierarchy=hierarchy))
    if not managed.filter(pk=over.pk).exists() or reached.exclude(pk__in=managed.values("pk")).exists():
        raise NotAllowed(actor, Permission.MANAGE_ACCOUNTS, over)


def _require_whole_person(actor: Actor, user: User) -> None:
    """An account is one for all of a person's bodies, so who closes or opens it must manage them all."""
    if not may_manage(actor, user):
        raise NotAllowed(actor, Permission.MANAGE_ACCOUNTS)


def _set_active(actor: Actor, at: datetime, user: User, *, is_active: bool) -> User:
    if user.is_active == is_active:
        return user
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    event = Event.ACCOUNT_REACTIVATED if is_active else Event.ACCOUNT_DEACTIVATED
    append(actor=actor.label, at=at, event=event, subject=user.label)
    return user
