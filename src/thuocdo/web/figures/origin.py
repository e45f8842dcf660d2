"""What is known of one measurement: what it replaced and why, what it was computed from, who uses it, its seal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may, may_everywhere
from thuocdo.engine.calendars import Period, parse_period, quarter_of
from thuocdo.feeds.queries import partitions_of
from thuocdo.indicators.queries import (
    Openness,
    Provenance,
    SidesOfValue,
    Stale,
    State,
    inputs_of,
    measurements,
    root_of,
    sees_indicator,
    sides_among,
    stale_figures,
    version_behind,
)
from thuocdo.indicators.queries.using import computed_with, replacements
from thuocdo.ledger.queries import entry_by_number, holds
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.scorecards.queries.restating import effects_of
from thuocdo.scorecards.queries.trials import Place
from thuocdo.tasks.queries.proofs import evidence_with_digest
from thuocdo.web.bodies.card import card_of
from thuocdo.web.indicators.words import difference, period_in_words, title_of, told, unit_of
from thuocdo.web.ledger.wording import actor_in_words
from thuocdo.web.rankings.choice import scorecard_in_force

if TYPE_CHECKING:
    from thuocdo.feeds.models import Contribution
    from thuocdo.indicators.queries import Held, Measurement
    from thuocdo.ledger.models import Entry
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Evidence

# A larger batch is sealed anew only when somebody asks: the whole of it must be read.
SMALL_BATCH = 300
LARGEST_BATCH = 200_000
# Of the other bodies that a correction moved, the page names so many for each period.
MOST_OTHERS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One recording of the cell in words: what it said, what it replaced, what became of it."""

    row: "Measurement"
    shown: str
    who: str
    before: "Measurement | None"
    replaced_by: "Measurement | None"
    is_in_force: bool
    is_this: bool

    @property
    def moved(self) -> str:
        """How far it lies from what it replaced, with its sign; empty where there is no distance."""
        if self.before is None or self.before.value is None or self.row.value is None:
            return ""
        step = self.row.value - self.before.value
        return difference(step, unit_of(self.row.indicator), sign=True) if step else ""


@dataclass(frozen=True, slots=True)
class Seal:
    """The entry of the ledger that seals the batch; `fits` says whether its root, computed anew from the rows, is the
    one that was written down (None: not computed)."""

    entry: "Entry"
    holds: bool
    fits: bool | None
    may_open: bool


@dataclass(frozen=True, slots=True)
class InScore:
    """Where a figure counts in the score of its body: points of how many, in which period."""

    points: float
    possible: float
    period: Period


@dataclass(frozen=True, slots=True)
class Moved:
    """A body in a ranking that a correction changed; `is_own` where it is its own figure that was corrected."""

    body: "Body"
    place: Place
    period: Period
    is_own: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Everything about one measurement."""

    row: "Measurement"
    lines: "Sequence[Line]"
    sides: SidesOfValue
    inputs: "Sequence[Measurement]"
    uses: "Sequence[Measurement]"
    version: "Held | None"
    partitions: "Contribution | None"
    evidence: "Evidence | None"
    seal: Seal | None
    in_score: InScore | None
    # Whether it replaced another value, and the reader may see what that did to scores.
    corrects: bool
    # Whether it is of the newest period told of, and the next one is overdue.
    stale: Stale | None

    @property
    def title(self) -> str:
        return title_of(self.row.indicator)

    @property
    def unit(self) -> str:
        return unit_of(self.row.indicator)

    @property
    def shown(self) -> str:
        """The value with its unit, or the state in words."""
        return told(self.row, self.unit)

    @property
    def period(self) -> Period:
        return parse_period(self.row.period)

    @property
    def when(self) -> str:
        """The period inside a sentence."""
        return period_in_words(self.period)

    @property
    def line(self) -> Line:
        """This recording among all of the cell; the newest known one where it was not known yet."""
        return next((one for one in self.lines if one.is_this), self.lines[0])

    @property
    def in_force(self) -> "Measurement | None":
        return self.sides.in_force

    @property
    def is_in_force(self) -> bool:
        return self.in_force is not None and self.in_force.pk == self.row.pk

    @property
    def is_counted(self) -> bool:
        """Whether the machine counted it from records of its own."""
        return self.row.provenance == Provenance.DERIVED and not self.inputs

    @property
    def formula(self) -> str:
        """The formula in force for the period of a computed figure."""
        return str(self.version.version.content.get("formula") or "") if self.version and self.inputs else ""

    @property
    def difference_to_claim(self) -> Decimal | None:
        """Claimed minus in force, where both are numbers and differ."""
        claimed, counted = self.sides.claimed, self.in_force
        if claimed is None or counted is None or claimed.value is None or counted.value is None:
            return None
        return (claimed.value - counted.value) or None


def figure_within(actor: Actor, number: int) -> "Measurement | None":
    """The measurement of this number, if the actor sees the figures of its body and the indicator."""
    row = (
        measurements(ids=[number])
        .filter(body__in=bodies_within(actor, Permission.VIEW_INDICATORS).values("pk"))
        .select_related("indicator", "body", "batch", "supersedes")
        .first()
    )
    if row is None or not sees_indicator(actor, row.indicator):
        return None
    if row.indicator.openness == Openness.RESTRICTED and not may_everywhere(actor, Permission.VIEW_INDICATORS):
        return None
    return row


def origin_of(
    actor: Actor, row: "Measurement", *, known_at: datetime | None, today: date, checks: bool = False
) -> Origin:
    """Everything about one measurement, as known at the moment; `checks` seals a large batch anew, too."""
    period = parse_period(row.period)
    rows = list(measurements(indicator=row.indicator, body=row.body, period=period, known_at=known_at))
    later = replacements(rows)
    by_number = {one.pk: one for one in rows}
    sides = sides_among(one for one in rows if one.pk not in later)
    unit = unit_of(row.indicator)
    lines = [
        Line(
            one, told(one, unit), actor_in_words(one.recorded_by), by_number.get(one.supersedes_id or 0),
            later.get(one.pk), sides.in_force is not None and sides.in_force.pk == one.pk, one.pk == row.pk,
        )
        for one in rows or [row]
    ]  # fmt: skip
    is_derived = row.provenance == Provenance.DERIVED
    inputs, used = inputs_of(row) if is_derived else [], computed_with(row)
    seen = _seen(actor, [*inputs, *used])
    sees_scores = _sees_scores(actor, row)
    return Origin(
        row=row,
        lines=lines,
        sides=sides,
        inputs=[one for one in inputs if one.pk in seen],
        uses=[one for one in used if one.pk in seen],
        version=version_behind(row) if inputs else None,
        partitions=partitions_of(row) if row.source.startswith("feed:") else None,
        evidence=evidence_with_digest(actor, row.evidence) if row.evidence else None,
        seal=_seal(actor, row, checks=checks),
        in_score=_in_score(row, today) if sees_scores else None,
        corrects=known_at is None and is_correction(row) and sees_scores,
        stale=_stale(row, period, today) if known_at is None else None,
    )


def _stale(row: "Measurement", period: Period, today: date) -> Stale | None:
    found = stale_figures([row.body], codes=[row.indicator.code], today=today, period=period).get(row.body_id, ())
    return next((one for one in found if one.period_end == row.period_end), None)


def _seen(actor: Actor, rows: "Sequence[Measurement]") -> set[int]:
    """Those of the figures (ids) that the actor sees: they may belong to other bodies, each has its own right."""
    if not rows:
        return set()
    if may_everywhere(actor, Permission.VIEW_INDICATORS):
        return {row.pk for row in rows}
    bodies = {row.body_id for row in rows}
    own = set(bodies_within(actor, Permission.VIEW_INDICATORS).filter(pk__in=bodies).values_list("pk", flat=True))
    return {row.pk for row in rows if row.body_id in own and row.indicator.openness != Openness.RESTRICTED}


def _seal(actor: Actor, row: "Measurement", *, checks: bool) -> Seal | None:
    entry = entry_by_number(row.batch.ledger) if row.batch.ledger else None
    if entry is None:
        return None
    size = row.batch.accepted
    asked = size <= SMALL_BATCH or (checks and size <= LARGEST_BATCH)
    fits = root_of(row.batch) == row.batch.root if asked else None
    return Seal(entry, holds(entry), fits, may_everywhere(actor, Permission.VIEW_LEDGER))


def _in_score(row: "Measurement", today: date) -> InScore | None:
    """Where the figure counts, for whoever sees the scores of its body."""
    if row.state == State.NULL:
        return None
    scorecard = scorecard_in_force(today)
    card = card_of(row.body, scorecard, quarter_of(row.period_start)) if scorecard else None
    part = card.standing.parts.get(row.indicator.code, {}) if card else {}
    if card is None or part.get("measurement") != row.pk or part.get("points") is None or part.get("of") is None:
        return None
    return InScore(part["points"], part["of"], parse_period(card.standing.run.period))


def is_correction(row: "Measurement") -> bool:
    """Whether the figure replaced another one that said something else."""
    return row.supersedes is not None and (row.supersedes.state, row.supersedes.value) != (row.state, row.value)


def moved_by(actor: Actor, row: "Measurement", today: date) -> "list[Moved] | None":
    """Whom a correction moved in the newest rankings in which it counts, newest period first, its own body first.

    Empty where it changed no score and no rank; None where scores are not for the reader, or nothing was corrected.
    """
    scorecard = scorecard_in_force(today) if is_correction(row) and _sees_scores(actor, row) else None
    if scorecard is None:
        return None
    changed = [effect for effect in effects_of(row, scorecard=scorecard) if effect.changes_something]
    shown = [(effect, place) for effect in changed for place in (effect.own, *effect.others[:MOST_OTHERS])]
    bodies = bodies_by_code({place.code for _, place in shown})
    return [Moved(bodies[place.code], place, effect.period, place is effect.own) for effect, place in shown]


def _sees_scores(actor: Actor, row: "Measurement") -> bool:
    return bool(row.body.peer_group) and may(actor, Permission.VIEW_SCORES, row.body)
