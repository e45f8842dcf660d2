"""What all pages of administration share: who may open them, and how refusals stand beside their fields."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from thuocdo.accounts.operations import AccountRefused
from thuocdo.accounts.permissions import NotAllowed, Permission, require_anywhere
from thuocdo.web.design.blocks import say_wrong
from thuocdo.web.signed_in import actor_of, login_required

View = Callable[..., HttpResponse]
LARGEST = 2**63 - 1


def for_administrators(view: View) -> View:
    """Signed in, and manager of the accounts of at least one body; nothing of these pages is kept anywhere."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_anywhere(actor_of(request), Permission.MANAGE_ACCOUNTS)
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded


def put_beside(form: Form, error: AccountRefused | NotAllowed) -> None:
    """Put a refusal of the room beside its field."""
    if isinstance(error, AccountRefused):
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return
    form.add_error(
        "over" if "over" in form.fields else None,
        gettext("Vai trò này vượt phạm vi quản trị của bạn; thu hẹp phạm vi, hoặc nhờ quản trị cấp trên giao."),
    )


def day_after(last_day: date | None) -> date | None:
    """Validity is half-open: a last day typed by a person is the day before the end."""
    return None if last_day is None else last_day + timedelta(days=1)


def shown_before(request: HttpRequest, address: str) -> HttpResponse:
    """The answer to a form that came a second time: secrets are made and shown once."""
    say_wrong(
        request,
        gettext("Mật khẩu hoặc khóa này đã hiện một lần và không hiện lại."),
        gettext("Nếu chưa kịp ghi, hãy cấp mật khẩu mới hoặc thu hồi khóa rồi cấp khóa mới."),
    )
    return redirect(address)
