"""The dossiers that were there before anybody looked: landed and computed while the demonstration loads."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from thuocdo.accounts.operations import issue_key
from thuocdo.accounts.permissions import Actor, machine
from thuocdo.accounts.queries import actor_for_key
from thuocdo.engine.calendars import quarter_of
from thuocdo.feeds.operations import land_batch, recompute
from thuocdo.feeds.queries import feed_by_code
from thuocdo.organisations.models import Body, Kind
from thuocdo.project.demo.days import Days
from thuocdo.project.demo.traits import chance

Dossier = dict[str, Any]
FEED = "dossiers"
# How many settled dossiers a province has in the running quarter: few enough that each is seen in the figures.
EACH = 60
# Of the late batch: dossiers corrected, dossiers told twice in it, rows that are refused.
LATE, TWICE, REFUSED = 40, 6, 3


def provinces(bodies: Mapping[str, Body]) -> list[str]:
    """Codes of the provinces, whose dossiers the stream tells."""
    return sorted(code for code, body in bodies.items() if body.kind in (Kind.PROVINCE, Kind.CITY))


def land_first_dossiers(*, administrator: Actor, days: Days, at: datetime, bodies: Mapping[str, Body]) -> int:
    """Land the dossiers of the running quarter as the source system would, compute their figures, give their number."""
    from .dossiers import before

    feed = feed_by_code(FEED)
    if feed is None:
        raise RuntimeError("The pack declares no feed of dossiers")
    key, _token = issue_key(
        actor=administrator, at=at, body=bodies["TW"], title="Cổng dịch vụ công (minh hoạ)", feeds=[FEED]
    )
    first = days.moment(quarter_of(days.today).start, 0)
    if first >= at:
        return 0
    rows = [
        dossier for code in provinces(bodies) for dossier in before(code, first, at, EACH, chance("dossiers", code))
    ]
    sender, keeper = actor_for_key(key, on=days.today), machine("feeds", days.today)
    landed = land_batch(actor=sender, at=at, feed=feed, content=_written(rows), door="api")
    if landed.batch.rejected:
        raise RuntimeError(f"An invented dossier was refused: {landed.batch.errors[0]}")
    recompute(actor=keeper, at=at, feed=feed)
    feed.refresh_from_db()
    late = land_batch(actor=sender, at=at, feed=feed, content=_written(late_batch(rows, at)), door="api")
    if late.batch.rejected != REFUSED or not late.batch.duplicates:
        raise RuntimeError(f"The late batch was to have {REFUSED} bad rows and some twice: {late.batch.errors}")
    recompute(actor=keeper, at=at, feed=feed)
    return len(rows)


def late_batch(rows: Sequence[Dossier], at: datetime) -> list[Dossier]:
    """What a portal sends after a night without a connection: corrections of dossiers of the first weeks, some of them
    told twice, and three rows that nobody can take."""
    changed = [
        row
        | {
            "finished_at": min(at, datetime.fromisoformat(row["due_at"]) + timedelta(days=3)).isoformat(
                timespec="seconds"
            ),
            "published_on_time": False,
            "rating": 2,
            "updated_at": at.isoformat(timespec="seconds"),
        }
        for row in sorted(rows, key=lambda one: str(one["received_at"]))[:LATE]
    ]
    bad: list[Dossier] = [
        changed[0] | {"dossier": "SAI-1", "body": "khong-co"},
        changed[0] | {"dossier": "SAI-2", "received_at": "hôm qua"},
        changed[0] | {"dossier": "SAI-3", "channel": "bồ câu"},
    ]
    return [*changed, *changed[:TWICE], *bad]


def _written(rows: Sequence[Dossier]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
