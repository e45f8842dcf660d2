"""Who may enter figures for whom, as what, and which figures are owed for which period."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Q

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_anywhere
from thuocdo.engine.calendars import Period, PeriodError, parse_period
from thuocdo.indicators.queries import (
    Measurement,
    Provenance,
    Stale,
    State,
    awaited_at,
    indicators,
    matrix,
    measurements,
    stale_figures,
)
from thuocdo.indicators.queries.staleness import AROUND
from thuocdo.organisations.queries import bodies
from thuocdo.scorecards.derivations import DERIVED_ROOMS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body

# What a person enters counts as what the permission says; the operation checks it once more.
PROVENANCE_OF: Mapping[Permission, str] = {
    Permission.RECORD_MEASUREMENT: Provenance.DECLARED,
    Permission.RECORD_INDEPENDENT_MEASUREMENT: Provenance.INDEPENDENT,
    Permission.FEED_MEASUREMENT: Provenance.SYSTEM,
}
# Rows of one source replace each other; people of one body write under one source.
SOURCE = "Biểu nhập số liệu"
INDEPENDENT_SOURCE = "Đánh giá độc lập"
# How many periods back are offered, by kind.
OFFERED = {"day": 7, "month": 4, "quarter": 4, "year": 3}


def may_enter(actor: Actor) -> bool:
    """Whether the actor may enter figures at all."""
    return any(may_anywhere(actor, permission) for permission in PROVENANCE_OF)


def enterable(actor: Actor) -> "QuerySet[Body]":
    """Today's bodies for which the actor may enter figures."""
    allowed = Q(pk__in=[])
    for permission in PROVENANCE_OF:
        if may_anywhere(actor, permission):
            allowed |= Q(pk__in=bodies_within(actor, permission).values("pk"))
    return bodies(on=actor.on).filter(allowed)


def provenances(actor: Actor) -> dict[str, str]:
    """By code of a body: as what the actor's figures for it count."""
    found: dict[str, str] = {}
    for permission, provenance in PROVENANCE_OF.items():
        if may_anywhere(actor, permission):
            for code in bodies_within(actor, permission).values_list("code", flat=True):
                found.setdefault(code, str(provenance))
    return found


def source_of(actor: Actor, provenance: str) -> str:
    """What stands as source where a person names none."""
    if provenance != Provenance.INDEPENDENT:
        return SOURCE
    own = bodies(on=actor.on).filter(pk__in=[held.body_id for held in actor.held]).order_by("pk").first()
    return f"{INDEPENDENT_SOURCE} ({own.code})" if own else INDEPENDENT_SOURCE


def owed_by(body: "Body", entries: "Iterable[Indicator]") -> "list[Indicator]":
    """What people deliver about a body: what applies to it and is not computed by the system itself."""
    return [
        one
        for one in entries
        if one.derived_from not in DERIVED_ROOMS
        and (body.peer_group in one.applies_to if one.applies_to else one.owner_id == body.pk)
    ]


def dictionary() -> "list[Indicator]":
    """The whole dictionary, read once for a page."""
    return list(indicators())


def owed_of(body: "Body", on: date) -> "list[Indicator]":
    """What people deliver about a body on a day: of the programme, and indicators of its own and of those above it."""
    awaited = awaited_at(body, on=on)
    own = [one for one in awaited if one.kept_by_id is not None and not one.formula]
    return [*owed_by(body, [one for one in awaited if one.kept_by_id is None]), *own]


@dataclass(frozen=True, slots=True)
class Offer:
    """A period that may be filled in: how many figures it holds and how many were told already."""

    period: Period
    owed: int
    told: int

    @property
    def missing(self) -> int:
        return self.owed - self.told


def offers(body: "Body", owed: "Sequence[Indicator]", provenance: str, today: date) -> list[Offer]:
    """The periods, newest first of each kind, in one query."""
    by_kind = {kind: [one.pk for one in owed if one.frequency == kind] for kind in OFFERED}
    periods = [period for kind, those in by_kind.items() if those for period in _back(kind, today)]
    labels = [period.label for period in periods]
    rows = _counting(measurements(body=body).filter(period__in=labels), provenance).exclude(state=State.NULL)
    told: dict[str, set[int]] = {}
    for label, pk in rows.order_by().values_list("period", "indicator_id"):
        told.setdefault(label, set()).add(pk)
    return [
        Offer(period, len(by_kind[period.kind]), len(told.get(period.label, set()) & set(by_kind[period.kind])))
        for period in periods
    ]


def _counting(rows: "QuerySet[Measurement]", provenance: str) -> "QuerySet[Measurement]":
    """What makes typing needless: nobody declares again what a system has sent, but a check needs its own figure."""
    if provenance == Provenance.DECLARED:
        return rows.exclude(provenance=Provenance.DERIVED)
    return rows.filter(provenance=provenance)


def _back(kind: str, today: date) -> list[Period]:
    period = AROUND[kind](today)
    found = [period]
    while len(found) < OFFERED[kind]:
        found.append(found[-1].previous())
    return found


def chosen_period(asked: str, offered: Sequence[Offer], today: date) -> Period | None:
    """The period of the address if it has begun; else the newest finished one with something missing."""
    try:
        period = parse_period(asked) if asked else None
    except PeriodError:
        period = None
    if period is not None and period.start <= today:
        return period
    finished = [one for one in offered if one.period.end <= today]
    open_ones = [one for one in finished if one.missing] or finished or list(offered)
    return max(open_ones, key=lambda one: (one.period.end, one.period.start)).period if open_ones else None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one indicator before anything is entered: the last period's value, and this one's."""

    indicator: "Indicator"
    previous: Decimal | None
    previous_provenance: str
    told: Measurement | None
    other: Measurement | None

    @property
    def is_there(self) -> bool:
        """Whether nothing has to be typed any more."""
        return self.told is not None or self.other is not None


def known(
    body: "Body", owed: "Sequence[Indicator]", period: Period, provenance: str, *, with_previous: bool = True
) -> list[Known]:
    """The indicators of the period's kind with the values in force before and what was told of it, in three queries.

    The sheet of a grid knows the values before already; then nobody needs to ask for them twice.
    """
    mine = [one for one in owed if one.frequency == period.kind]
    before = matrix(indicators=mine, bodies=[body] if with_previous else [], period=period.previous())
    told: dict[int, Measurement] = {}
    others: dict[int, Measurement] = {}
    for row in _counting(measurements(body=body, period=period), provenance):
        (told if row.provenance == provenance else others).setdefault(row.indicator_id, row)
    found = []
    for column, one in enumerate(mine):
        value = float(before.values[0, column]) if with_previous else np.nan
        found.append(
            Known(
                indicator=one,
                previous=None if np.isnan(value) else Decimal(repr(value)),
                previous_provenance=before.provenance(0, column) if with_previous else "",
                told=_unless_withdrawn(told.get(one.pk)),
                other=_unless_withdrawn(others.get(one.pk)),
            )
        )
    return found


def overdue(body: "Body", owed: "Iterable[Indicator]", period: Period, today: date) -> dict[int, Stale]:
    """By number of the indicator its newest figure, where its successor is overdue today; one query."""
    mine = [one.code for one in owed if one.frequency == period.kind]
    found = stale_figures([body], codes=mine, today=today, period=period.previous())
    return {one.indicator_id: one for one in found.get(body.pk, ())}


def _unless_withdrawn(row: Measurement | None) -> Measurement | None:
    return None if row is None or row.state == State.NULL else row
