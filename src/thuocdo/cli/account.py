"""`thuocdo account`: open an account, grant a role, issue a key, from the machine that runs the instance."""

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.operations import AccountRefused, grant_role, issue_key, open_account
from thuocdo.accounts.permissions import ROLES, SCOPES, machine
from thuocdo.accounts.queries import user_by_username
from thuocdo.organisations.queries import body_by_code

ROLE_CODES = [role.value for role in ROLES]


@click.group()
def account() -> None:
    """People, their roles and the keys of source systems."""


@account.command("open")
@click.argument("username")
@click.option("--name", "full_name", required=True, help="Full name of the person.")
@click.option("--body", "body_code", required=True, help="Code of the body to which the person belongs.")
@click.option("--role", "role_code", type=click.Choice(ROLE_CODES), required=True)
@click.option("--over", "over_code", help="Code of the body whose subtree the role reaches; default: --body.")
@click.password_option(help="Asked for when not given.")
def open_(username: str, full_name: str, body_code: str, role_code: str, over_code: str | None, password: str) -> None:
    """Open an account and grant its first role."""
    now, today = timezone.now(), timezone.localdate()
    actor = machine("command", today)
    body = body_by_code(body_code)
    over = body_by_code(over_code) if over_code else None
    if body is None or (over_code and over is None):
        raise click.UsageError(_("Không có cơ quan mang mã này; hãy nạp gói dữ liệu trước hoặc sửa mã."))
    if user_by_username(username) is not None:
        raise click.UsageError(_("Tên đăng nhập %(name)s đã có; hãy chọn tên khác.") % {"name": username})
    try:
        validate_password(password)
    except ValidationError as error:
        raise click.UsageError(" ".join(error.messages)) from error
    role = next(role for role in ROLES if role.value == role_code)
    try:
        with transaction.atomic():
            user = open_account(
                actor=actor, at=now, username=username, full_name=full_name, body=body, password=password
            )
            grant_role(actor=actor, at=now, user=user, role=role, body=body, over=over, valid_from=today)
    except AccountRefused as refusal:
        raise click.UsageError(str(refusal)) from refusal
    click.echo(_("Đã mở tài khoản %(name)s.") % {"name": username})


@account.command()
@click.argument("title")
@click.option("--body", "body_code", required=True, help="Code of the body that the source system belongs to.")
@click.option("--indicator", "indicators", multiple=True, help="Indicator that the key may feed; default: any.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(sorted(SCOPES)), help="Default: figures:write.")
@click.option("--holder", help="Username of the person in whose place the key acts on tasks.")
def key(title: str, body_code: str, indicators: tuple[str, ...], scopes: tuple[str, ...], holder: str | None) -> None:
    """Issue a key to a source system; it is shown this once."""
    body = body_by_code(body_code)
    if body is None:
        raise click.UsageError(_("Không có cơ quan mang mã này; hãy nạp gói dữ liệu trước hoặc sửa mã."))
    person = user_by_username(holder) if holder else None
    if holder and person is None:
        raise click.UsageError(_("Không có tài khoản mang tên đăng nhập này; kiểm tra lại."))
    try:
        _key, token = issue_key(
            actor=machine("command", timezone.localdate()),
            at=timezone.now(),
            body=body,
            title=title,
            indicators=indicators,
            scopes=scopes or ("figures:write",),
            holder=person,
        )
    except AccountRefused as refusal:
        raise click.UsageError(str(refusal)) from refusal
    click.echo(token)
