"""The alarm of silent feeds on the pages of those who have to see to them."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.feeds.queries import silences_for

from .wording import in_language


@dataclass(frozen=True, slots=True)
class Silence:
    """A silent feed: what is said of it, since when, when it spoke last, and where its page is."""

    title: str
    since: datetime | None
    last: datetime | None
    address: str


def silences(actor: Actor) -> list[Silence]:
    """The alarms that the actor has to see to, for `feeds/_silent.html`."""
    return [
        Silence(
            title=gettext("Nguồn dữ liệu ngừng gửi: %(name)s.") % {"name": in_language(feed)},
            since=feed.silent_since,
            last=feed.last_batch_at,
            address=reverse("feed", args=[feed.code]),
        )
        for feed in silences_for(actor)
    ]
