"""A body's score as its page shows it: standing, pillars against the peers, what to fix first, both values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.engine.calendars import Period, parse_period
from thuocdo.engine.scoring import Spec
from thuocdo.indicators.queries import Indicator as Definition
from thuocdo.indicators.queries import Measurement, Openness, Provenance, Stale, measurements, stale_of_rows
from thuocdo.scorecards.queries import (
    Interval,
    Opportunity,
    Run,
    Scorecard,
    Spread,
    Standing,
    history,
    intervals_of,
    parts_of_change,
    spec_of,
    spread_of,
    what_to_fix_first,
)
from thuocdo.web.design.figures import number, share, speaks_english
from thuocdo.web.rankings.choice import newest_run, with_method
from thuocdo.web.rankings.marks import (
    Part,
    Reason,
    below,
    cap_in_words,
    cap_that_bites,
    children_of,
    class_mark,
    part_address,
    part_of,
    part_titles,
    parts_of,
    pillars_of,
)
from thuocdo.web.rankings.spread import alike_in_words, places, state_in_words
from thuocdo.web.rankings.staleness import stale_behind

from .shares import Share, shares_of

if TYPE_CHECKING:
    from thuocdo.engine.scoring.spec.model import Indicator, Node
    from thuocdo.organisations.models import Body

# The node under which the six qualities of data stand.
QUALITIES = "data"
# A yearly figure stands in for the next one until a cycle after that one was due.
LONGEST_CARRIED = timedelta(days=2 * 366)
STRONGEST_FIRST = {Provenance.SYSTEM: 0, Provenance.INDEPENDENT: 1, Provenance.CROSS_CHECKED: 2}


def unit_of(definition: Definition) -> str:
    """The unit in the reader's language."""
    return (speaks_english() and definition.unit_en) or definition.unit


def definition_title(definition: Definition) -> str:
    """The indicator's title in the reader's language."""
    return (speaks_english() and definition.title_en) or definition.title


def definition_text(definition: Definition) -> str:
    """What is divided by what, in the reader's language."""
    return (speaks_english() and definition.definition_en) or definition.definition


def value_in_words(definition: Definition, value: Decimal | float) -> str:
    """A value with at most two decimals and its unit; shares kept as 0 to 1 are read as percentages."""
    if definition.lower == 0 and definition.upper == 1:
        return share(float(value))
    unit, text = unit_of(definition), number(round(float(value), 2))
    return f"{text}%" if unit == "%" else f"{text} {unit}".strip()


@dataclass(frozen=True, slots=True)
class Fix:
    """What an indicator could still add, and why it does not."""

    title: str
    address: str
    chance: Opportunity
    reason: str


@dataclass(frozen=True, slots=True)
class Values:
    """One indicator of the scorecard as the body has it: what was claimed, what was verified, what it earned.

    Where the viewer may not see the value, `is_hidden` says so and only the points remain.
    """

    part: Part
    definition: Definition | None
    claimed: Measurement | None
    verified: Measurement | None
    value: float | None
    provenance: str
    is_carried: bool
    is_hidden: bool
    # The newest figure, where its successor is overdue.
    stale: Stale | None = None

    @property
    def shown(self) -> str:
        """The value that counts."""
        if self.value is None or self.definition is None:
            return ""
        return value_in_words(self.definition, self.value)

    @property
    def claimed_shown(self) -> str:
        return _value(self.claimed)

    @property
    def verified_shown(self) -> str:
        return _value(self.verified)

    @property
    def differs(self) -> bool:
        """Whether the claimed and the verified value lie further apart than the definition tolerates."""
        one, other = self.claimed, self.verified
        if one is None or other is None or one.value is None or other.value is None:
            return False
        return abs(one.value - other.value) > one.indicator.tolerance

    @property
    def gap(self) -> str:
        return gap_in_words(self.part.gap)


def gap_in_words(gap: str) -> str:
    """Why there is no value."""
    return {
        "missing": gettext("thiếu số liệu, tính 0 điểm"),
        "grace": gettext("chưa đến hạn nộp"),
        "not_applicable": gettext("không áp dụng"),
    }.get(gap, "")


@dataclass(frozen=True, slots=True)
class Round:
    """What the body got in one period."""

    period: str
    score: float | None
    rank: int | None
    units: int
    score_class: str
    places: str = ""


@dataclass(frozen=True)
class Card:
    """Where a body stands in the newest run of its group for a period, with what is behind it."""

    standing: Standing
    spec: Spec
    before: Standing | None
    past: list[Round]
    # Whether this is the newest period that was scored.
    is_newest: bool = False
    # The figures behind the score whose update rule has been overrun; see `aged`.
    stale: Sequence[Stale] = ()

    def stale_in(self, code: str) -> Sequence[Stale]:
        """Those of the stale figures that a part of the score is made of."""
        if not self.stale:
            return ()
        makes = below(self.spec, code)
        return [one for one in self.stale if one.code in makes]

    def part(self, one: "Node | Indicator") -> Part:
        """A part of the method as the body has it, with where it was before and its stale figures."""
        return part_of(self.standing, one, self.before, self.stale_in(one.code))

    @cached_property
    def interval(self) -> Interval | None:
        """Between which places the body lies; those of an earlier moment of the day while new ones are computed."""
        return intervals_of(self._spread, [self.standing]).get(self.standing.body_id)

    @cached_property
    def _spread(self) -> Spread:
        return spread_of(self.standing.run)

    @property
    def places(self) -> str:
        return places(self.interval) if self.interval is not None else ""

    @property
    def alike(self) -> str:
        """From how many peers the body cannot be told apart, in words."""
        return alike_in_words(self.interval) if self.interval is not None else ""

    @property
    def interval_state(self) -> str:
        """Of which moment the interval is, where that is not the moment of the scores."""
        return state_in_words(self.standing.run, self._spread) if self.standing.rank else ""

    @cached_property
    def shares(self) -> list[Share]:
        """What every part contributes to the index, pillar by pillar."""
        return shares_of(self.spec, self.standing)

    @cached_property
    def pillars(self) -> list[Part]:
        return [self.part(one) for one in pillars_of(self.spec)]

    @cached_property
    def total(self) -> Part:
        """The index itself."""
        top = next(one for one in parts_of(self.spec) if one.code == self.spec.top)
        return self.part(top)

    @cached_property
    def qualities(self) -> list[Part]:
        return [self.part(one) for one in children_of(self.spec, QUALITIES)]

    @cached_property
    def class_mark(self) -> SafeString:
        return class_mark(self.spec, self.standing.score_class)

    @cached_property
    def cap(self) -> str:
        cap = cap_that_bites(self.spec, self.standing)
        return cap_in_words(self.spec, self.standing, cap) if cap else ""

    @cached_property
    def fixes(self) -> list[Fix]:
        """The five indicators that could add most."""
        titles = part_titles(self.spec)
        return [
            Fix(titles[one.code], part_address(self.standing, one.code), one, _why(one))
            for one in what_to_fix_first(self.standing, limit=5)
        ]

    @cached_property
    def causes(self) -> list[tuple[str, Reason]]:
        """What most of the change since the period before came from."""
        if self.before is None:
            return []
        titles = part_titles(self.spec)
        found = parts_of_change(self.standing, self.before)[:4]
        return [
            (part_address(self.standing, one.code), Reason(one.code, titles.get(one.code, one.code), one.total))
            for one in found
        ]


def _why(chance: Opportunity) -> str:
    if chance.reason == "gap":
        return gettext("chưa có số liệu nào được tính")
    if chance.reason == "unverified":
        return gettext("mới tự khai báo; có nguồn xác minh thì được tính đủ")
    return gettext("mới đạt %(score)s/100") % {"score": number(round(chance.score or 0, 1))}


def card_of(
    body: "Body", scorecard: Scorecard, period: Period | None = None, *, newest: Run | None = None
) -> Card | None:
    """The body's standing for the period, or the newest one; None where it was never scored.

    `newest` is the newest run of the body's group, where it is at hand.
    """
    if not body.peer_group:
        return None
    newest = newest or newest_run(scorecard, body.peer_group)
    return _card(body, scorecard, newest, period.label if period is not None else "") if newest else None


def _card(body: "Body", scorecard: Scorecard, newest: Run, asked: str) -> Card | None:
    past = history(body, scorecard=scorecard)
    by_period = {row.run.period: row for row in past}
    standing = by_period.get(asked) or next(reversed(past), None)
    if standing is None:
        return None
    standing.body = body
    standing.run = newest if standing.run_id == newest.pk else with_method(standing.run, scorecard)
    before = by_period.get(parse_period(standing.run.period).previous().label)
    rounds = [
        Round(row.run.period, row.rounded, row.rank, row.run.units, row.score_class, _places_then(row)) for row in past
    ]
    return Card(standing, spec_of(standing.run.scorecard), before, rounds, standing.run_id == newest.pk)


def aged(card: Card, today: date) -> Card:
    """The card with the figures that are overdue today, in one query; a closed period is as old as it is."""
    if not card.is_newest:
        return card
    standing = card.standing
    found = stale_behind(standing.run, card.spec, [standing.body], today)
    return replace(card, stale=found.get(standing.body_id, ()))


def _places_then(row: Standing) -> str:
    interval: Interval | None = getattr(row, "interval", None)
    return places(interval) if interval is not None else ""


def with_values(card: Card, today: date, *, sees_all: bool) -> tuple[Card, list[Values]]:
    """The card with the figures that are overdue today, and the values behind it; one query for both."""
    told, run = _heads(card.standing), card.standing.run
    if card.is_newest and run.is_live:
        codes = {one.code for one in card.spec.indicators}
        mine = [row for row in told if row.indicator.code in codes]
        card = replace(card, stale=stale_of_rows(mine, today=today, period=parse_period(run.period)))
    return card, _values_of(card, told, sees_all=sees_all)


def _values_of(card: Card, told: list[Measurement], *, sees_all: bool) -> list[Values]:
    """Every indicator of the scorecard with its claimed and verified value.

    Both are those of the period of the value that counts. Who does not see the body's own figures
    (`sees_all`) is shown those that the dictionary calls public.
    """
    standing = card.standing
    stale = {one.code: one for one in card.stale}
    rows = []
    for one in card.spec.indicators:
        own = standing.parts.get(one.code, {})
        mine = [row for row in told if row.indicator.code == one.code]
        chosen = next((row for row in mine if row.pk == own.get("measurement")), None)
        is_hidden = not sees_all and any(row.indicator.openness != Openness.PUBLIC for row in mine[:1])
        same = [row for row in mine if chosen is not None and row.period == chosen.period and not is_hidden]
        stronger = sorted(
            (row for row in same if row.provenance in STRONGEST_FIRST),
            key=lambda row: STRONGEST_FIRST[Provenance(row.provenance)],
        )
        rows.append(
            Values(
                part=part_of(standing, one),
                definition=chosen.indicator if chosen is not None else None,
                claimed=next((row for row in same if row.provenance == Provenance.DECLARED), None),
                verified=next(iter(stronger), None),
                value=None if is_hidden else own.get("value"),
                provenance=own.get("provenance", ""),
                is_carried=bool(own.get("carried")),
                is_hidden=is_hidden,
                stale=None if is_hidden else stale.get(one.code),
            )
        )
    return rows


def _heads(standing: Standing) -> list[Measurement]:
    """What was told of the body and can count for the period, not superseded, newest first."""
    earliest = standing.run.period_start - LONGEST_CARRIED
    found: QuerySet[Measurement] = measurements(body=standing.body).filter(
        period_end__gt=earliest,
        period_start__lt=parse_period(standing.run.period).end,
        superseded_by__isnull=True,
        recorded_at__lte=standing.run.known_at,
    )
    return list(found)


def _value(row: Measurement | None) -> str:
    return "" if row is None or row.value is None else value_in_words(row.indicator, row.value)
