"""Starts the live part beside the server, with a key of its own for each start."""

import subprocess
import sys
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from thuocdo.accounts.models import ApiKey, User
from thuocdo.accounts.operations import issue_key, revoke_key
from thuocdo.accounts.permissions import Actor
from thuocdo.accounts.queries import actor_for_user
from thuocdo.feeds.queries import feed_by_code
from thuocdo.organisations.models import Body

from .loading import FEED, provinces

TITLE = "Cổng dịch vụ công (minh hoạ, trực tiếp)"
LIFETIME = timedelta(hours=12)


def start_stream(*, administrator: str, port: int, at: datetime) -> subprocess.Popen[bytes] | None:
    """A process that sends dossiers to the server on the port; None for a nation that was loaded without the feed.

    The key of an earlier start is revoked, and the new one ends by itself: a demonstration leaves no door open.
    """
    if feed_by_code(FEED) is None:
        return None
    actor = _actor(administrator, at)
    for former in ApiKey.objects.filter(title=TITLE, revoked_at__isnull=True):
        revoke_key(actor=actor, at=at, key=former)
    bodies = {body.code: body for body in Body.objects.filter(valid_to__isnull=True)}
    _key, token = issue_key(actor=actor, at=at, body=bodies["TW"], title=TITLE, feeds=[FEED], expires_at=at + LIFETIME)
    program = f"from thuocdo.project.demo.stream.running import main; main({port}, {provinces(bodies)!r})"
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, start_new_session=True)
    if process.stdin is not None:
        process.stdin.write(f"{token}\n".encode())
        process.stdin.close()
    return process


def _actor(username: str, at: datetime) -> Actor:
    return actor_for_user(User.objects.get(username=username), on=localdate(at))
