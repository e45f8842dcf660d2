"""Parts of a page that fetch themselves again when something happened."""

from django.template import Context, Library
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from thuocdo.ledger.events import Event
from thuocdo.ledger.queries import newest_number

register = Library()


@register.simple_tag(takes_context=True)
def live_address(context: Context) -> str:
    """Where the page hears of what happened since its request came; nothing in between is lost."""
    user = context["request"].user
    # A person comes with the newest entry (web/sign_in/backend.py); a visitor does not.
    newest = (user.newest or 0) if hasattr(user, "newest") else newest_number()
    return f"{reverse('live')}?after={newest}"


@register.simple_tag
def live_part(address: str, *events: str) -> SafeString:
    """Attributes of an element that fetches its content from `address` after any of the ledger's events.

    The page extends design/live_frame.html; the address answers with the part alone. At most four
    fetches a second, fewer where the server is slow; the last event is never lost (live.js); cells with a data-key
    flash once when their text changed.
    """
    triggers = ", ".join(f"sse:{Event(event).value}" for event in events)
    return format_html(
        'hx-get="{}" hx-trigger="{}, live:again from:body, live:late" hx-swap="innerHTML" data-live', address, triggers
    )
