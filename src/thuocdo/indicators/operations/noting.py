"""Noting who reads figures through the interface: once for each indicator, body, reader and day."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date, datetime
from threading import Lock

from django.utils import timezone

from thuocdo.accounts.models import ApiKey
from thuocdo.accounts.permissions import Actor
from thuocdo.indicators.models import Reading

# What this process has noted already, by key and day: who asks every minute writes once a day.
_noted: "OrderedDict[tuple[int, date], set[tuple[int, int]]]" = OrderedDict()
_lock = Lock()
MOST_KEPT = 200


def note_readings(*, actor: Actor, at: datetime, cells: Iterable[tuple[int, int]]) -> int:
    """Note that the key's body read figures of these indicators and bodies (ids) on the day; gives how many were new
    to this process. One statement for what is new, nothing otherwise; people and machines without a key leave no trace.
    """
    if actor.key_id is None:
        return 0
    day = timezone.localdate(at)
    with _lock:
        known = set(_noted.get((actor.key_id, day), ()))
    fresh = sorted(set(cells) - known)
    if not fresh:
        return 0
    reader = ApiKey.objects.filter(pk=actor.key_id).values_list("body_id", flat=True).first()
    if reader is None:
        return 0
    Reading.objects.bulk_create(
        (Reading(indicator_id=indicator, body_id=body, day=day, reader_id=reader) for indicator, body in fresh),
        batch_size=1000,
        ignore_conflicts=True,
    )
    with _lock:
        _noted.setdefault((actor.key_id, day), set()).update(fresh)
        _noted.move_to_end((actor.key_id, day))
        while len(_noted) > MOST_KEPT:
            _noted.popitem(last=False)
    return len(fresh)
