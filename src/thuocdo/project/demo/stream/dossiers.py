"""Invented dossiers of public services: how a province settles them follows from its traits."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from thuocdo.project.demo.levels import LEVELS
from thuocdo.project.demo.traits import traits_of

PROCEDURES = ("1.004873", "1.001612", "2.000635", "1.012427", "1.003554", "2.001921")
TERMS = (3, 5, 7, 10, 15)
Dossier = dict[str, Any]


def settled(body: str, number: str, settled_at: datetime, draw: Random, *, good: float | None = None) -> Dossier:
    """A dossier of the body that was settled at a moment; `good` from 0 to 1 is the chance to be in time."""
    traits = traits_of(body)
    in_time = LEVELS["service_on_time"](traits, settled_at.date()) / 100 if good is None else good
    online = LEVELS["full_process_online"](traits, settled_at.date()) / 100 if good is None else 0.25 + 0.7 * good
    term = draw.choice(TERMS)
    is_late = draw.random() >= in_time
    took = term + draw.randint(1, 9) if is_late else draw.randint(0, term - 1)
    received = settled_at - timedelta(days=took, minutes=draw.randint(1, 400))
    is_online = draw.random() < online
    fee = draw.choice((0, 0, 30_000, 75_000, 120_000))
    rating = draw.choices((None, 5, 4, 3, 2, 1), (5, 6, 3, 1, 1, 1) if not is_late else (5, 1, 2, 3, 4, 3))[0]
    return {
        "dossier": number,
        "body": body,
        "procedure": draw.choice(PROCEDURES),
        "received_at": received.isoformat(timespec="seconds"),
        "due_at": (received + timedelta(days=term)).isoformat(timespec="seconds"),
        "finished_at": settled_at.isoformat(timespec="seconds"),
        "updated_at": settled_at.isoformat(timespec="seconds"),
        "channel": "online" if is_online else draw.choice(("counter", "counter", "post")),
        "scope": "full",
        "status": "finished",
        "fee": str(fee),
        "paid_online": (is_online and draw.random() < 0.8) if fee else None,
        "reused_data": draw.random() < 0.3 + 0.6 * traits.service,
        "digitised": draw.random() < 0.4 + 0.55 * traits.care,
        "result_electronic": is_online or draw.random() < 0.3,
        "published_on_time": not is_late,
        "account": f"tk-{draw.randint(1, 4000):05}",
        "rating": rating,
        "applicant_kind": draw.choices(("person", "firm"), (4, 1))[0],
    }


def before(body: str, first: datetime, now: datetime, number: int, draw: Random) -> Iterator[Dossier]:
    """Dossiers that were received and settled between two moments, the oldest first, at most `number` of them.

    The source is connected from the first moment on: what was received earlier, it never told.
    """
    length = (now - first).total_seconds()
    moments = sorted(first + timedelta(seconds=draw.random() * length) for _ in range(number))
    for place, moment in enumerate(moments):
        dossier = settled(body, f"{body}-{first:%y%m%d}-{place:04}", moment, draw)
        if datetime.fromisoformat(dossier["received_at"]) >= first:
            yield dossier
