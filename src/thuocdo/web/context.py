"""What every page knows: whether this is the demonstration, the language, the moment it was drawn."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone


def instance(request: HttpRequest) -> dict[str, Any]:
    """Names available in every template."""
    return {
        "is_demo": settings.DEMO,
        # The accounts that the sign-in page of a demonstration offers; none anywhere else.
        "demo_accounts": settings.DEMO_ACCOUNTS,
        "as_of": timezone.now(),
        "actor": request.actor,  # type: ignore[attr-defined]
    }
