"""Writes a pack into the database through ordinary operations; loading it again adds only what is new."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from thuocdo.accounts.permissions import Actor
from thuocdo.organisations.operations import draw_sector_lines, establish_bodies, record_successions
from thuocdo.organisations.queries import bodies_by_code

from . import reading
from .reading import NEW_MAP, Pack

ROOT = "TW"


@transaction.atomic
def load_bodies(*, actor: Actor, at: datetime, pack: Pack, communes: Collection[str] | None = None) -> int:
    """Bodies of every bloc, lines and successions; gives the number of bodies that were new."""
    new = establish_bodies(
        actor=actor.label,
        at=at,
        bodies=[
            *reading.central_bodies(pack),
            *reading.local_bodies(pack, superior=ROOT, communes=communes),
        ],
    )
    draw_sector_lines(actor=actor.label, at=at, lines=reading.sector_lines(pack))
    if new:
        _record_successions(actor=actor, at=at, pack=pack)
    return len(new)


def _record_successions(*, actor: Actor, at: datetime, pack: Pack) -> None:
    central = reading.central_successions(pack)
    provinces = [(old, new, NEW_MAP) for old, new in reading.province_successions(pack)]
    pairs = central + provinces
    by_code = bodies_by_code({code for old, new, _ in pairs for code in (old, new)})
    for day in sorted({on for _, _, on in pairs}):
        record_successions(
            actor=actor.label,
            at=at,
            on=day,
            pairs=[(by_code[old], by_code[new], Decimal(1)) for old, new, on in pairs if on == day],
        )
