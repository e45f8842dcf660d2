"""Writes a pack into the database through ordinary operations; loading it again adds only what is new."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from thuocdo.accounts.permissions import Actor
from thuocdo.alerts.operations import load_ladder
from thuocdo.directives.operations import load_groups
from thuocdo.evaluations.operations import load_rules
from thuocdo.exchanges.operations.rates import load_rates
from thuocdo.exchanges.operations.systems import load_systems
from thuocdo.feeds.operations import load_feeds
from thuocdo.indicators.operations import load_indicators, load_targets
from thuocdo.indicators.operations.entering import load_entry_rules
from thuocdo.organisations.operations import draw_sector_lines, establish_bodies, record_successions
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.scorecards.operations import load_scorecard

from . import reading
from .reading import NEW_MAP, Pack

ROOT = "TW"
# Formulas may be over whatever the files before and after define.
DICTIONARY = ("indicators.toml", "service_indicators.toml", "composed_indicators.toml")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many bodies and indicators (those of targets included) a loading made or changed."""

    bodies: int
    indicators: int


@transaction.atomic
def load_pack(
    *,
    actor: Actor,
    at: datetime,
    pack: Pack,
    communes: Collection[str] | None = None,
    central: Collection[str] | None = None,
) -> Loaded:
    """The whole pack: bodies, collective addressees, indicators, targets, the scorecard and the ladder.

    `communes` and `central` keep only some communes and ranked central bodies (all, when not given).
    """
    bodies = load_bodies(actor=actor, at=at, pack=pack, communes=communes, central=central)
    load_groups(actor=actor, at=at, groups=reading.groups(pack))
    defined = [one for name in DICTIONARY for one in pack.toml(name)["indicator"]]
    indicators = load_indicators(
        actor=actor,
        at=at,
        entries=_with_known_owners(defined),
        valid_from=pack.toml("pack.toml").get("valid_from"),
    )
    targets = load_targets(actor=actor, at=at, entries=_with_known_owners(pack.toml("targets.toml")["target"]))
    load_entry_rules(actor=actor, at=at, document=pack.toml("entry_rules.toml"))
    load_feeds(actor=actor, at=at, texts=reading.feeds(pack))
    load_scorecard(actor=actor, at=at, text=pack.text("scorecard.toml"))
    load_ladder(actor=actor, at=at, document=pack.toml("ladder.toml"))
    load_rules(actor=actor, at=at, document=pack.toml("findings.toml"))
    load_systems(actor=actor, at=at, document=pack.toml("systems.toml"))
    load_rates(actor=actor, at=at, document=pack.toml("reporting_burden.toml"))
    return Loaded(bodies, len(indicators) + len(targets))


@transaction.atomic
def load_bodies(
    *,
    actor: Actor,
    at: datetime,
    pack: Pack,
    communes: Collection[str] | None = None,
    central: Collection[str] | None = None,
) -> int:
    """Bodies of every bloc, lines and successions; gives the number of bodies that were new.

    Of the central bodies, `central` keeps those with these codes and every one without a peer group, which
    is what holds the tree together. Sector lines without their head and successions without one of their
    ends are left out.
    """
    new = establish_bodies(
        actor=actor.label,
        at=at,
        bodies=[
            *reading.central_bodies(pack, only=central),
            *reading.local_bodies(pack, superior=ROOT, communes=communes),
        ],
    )
    lines = reading.sector_lines(pack)
    heads = bodies_by_code(line.head for line in lines)
    draw_sector_lines(actor=actor.label, at=at, lines=[line for line in lines if line.head in heads])
    if new:
        _record_successions(actor=actor, at=at, pack=pack)
    return len(new)


def _record_successions(*, actor: Actor, at: datetime, pack: Pack) -> None:
    central = reading.central_successions(pack)
    provinces = [(old, new, NEW_MAP) for old, new in reading.province_successions(pack)]
    pairs = central + provinces
    by_code = bodies_by_code({code for old, new, _ in pairs for code in (old, new)})
    pairs = [(old, new, on) for old, new, on in pairs if old in by_code and new in by_code]
    for day in sorted({on for _, _, on in pairs}):
        record_successions(
            actor=actor.label,
            at=at,
            on=day,
            pairs=[(by_code[old], by_code[new], Decimal(1)) for old, new, on in pairs if on == day],
        )


def _with_known_owners(entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The entries, without an owner where that body is not part of the instance."""
    known = bodies_by_code(str(entry["owner"]) for entry in entries if entry.get("owner"))
    return [
        entry if entry.get("owner") in known else {key: value for key, value in entry.items() if key != "owner"}
        for entry in entries
    ]
