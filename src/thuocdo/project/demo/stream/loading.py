"""The dossiers that were there before anybody looked: landed and computed while the demonstration loads."""

import json
from collections.abc import Mapping
from datetime import datetime

from thuocdo.accounts.operations import issue_key
from thuocdo.accounts.permissions import Actor, machine
from thuocdo.accounts.queries import actor_for_key
from thuocdo.engine.calendars import quarter_of
from thuocdo.feeds.operations import land_batch, recompute
from thuocdo.feeds.queries import feed_by_code
from thuocdo.organisations.models import Body, Kind
from thuocdo.project.demo.days import Days
from thuocdo.project.demo.traits import chance

FEED = "dossiers"
# How many settled dossiers a province has in the running quarter: few enough that each is seen in the figures.
EACH = 60


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
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    landed = land_batch(actor=actor_for_key(key, on=days.today), at=at, feed=feed, content=content, door="api")
    if landed.batch.rejected:
        raise RuntimeError(f"An invented dossier was refused: {landed.batch.errors[0]}")
    recompute(actor=machine("feeds", days.today), at=at, feed=feed)
    return len(rows)
