"""Who opens the pages of drafts: those who keep the methods; nothing of them is kept anywhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.web.signed_in import actor_of, login_required

View = Callable[..., HttpResponse]
LARGEST = 2**63 - 1


def for_method_keepers(view: View) -> View:
    """Signed in, and keeper of the methods of at least one body."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_anywhere(actor_of(request), Permission.MANAGE_METHODS)
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded
