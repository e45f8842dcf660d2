"""What is behind a score: the measurements, the peers, what would help most, the score under the old map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils import timezone

from thuocdo.engine.calendars import Period, parse_period
from thuocdo.engine.scoring import Spec, compute
from thuocdo.indicators.queries import (
    Indicator,
    Measurement,
    SidesOfValue,
    indicator_by_code,
    measurements,
    sides_of_value,
)
from thuocdo.organisations.models import Body, Succession
from thuocdo.scorecards.models import Standing

from .inputs import gather
from .methods import spec_of


@dataclass(frozen=True, slots=True)
class DrillDown:
    """From a score to its datum: the cell as it counted, the measurement in force, its rivals, the peers.

    `behind` are the measurements of the same indicator, body and period, newest first.
    """

    indicator: Indicator
    part: dict[str, object]
    measurement: Measurement | None
    behind: list[Measurement]
    sides: SidesOfValue
    peer_median: float | None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """What an indicator could still add to the index; `reason` is gap, unverified or value."""

    code: str
    score: float | None
    points: float
    possible: float
    gain: float
    reason: str


@dataclass(frozen=True, slots=True)
class BothMaps:
    """A merged body's score under the new map, and the plain mean of its predecessors' under the old one."""

    under_new: float | None
    under_old: float | None
    predecessors: tuple[tuple[Body, float | None], ...]


def drill_down(standing: Standing, code: str) -> DrillDown | None:
    """What an indicator's score of a body rests on; None for an indicator outside the scorecard."""
    part = standing.parts.get(code)
    indicator = indicator_by_code(code)
    if part is None or indicator is None:
        return None
    chosen = measurements(ids=[part["measurement"]]).first() if part.get("measurement") else None
    period = parse_period(chosen.period if chosen is not None else standing.run.period)
    return DrillDown(
        indicator=indicator,
        part=part,
        measurement=chosen,
        behind=list(measurements(indicator=indicator, body=standing.body, period=period)),
        sides=sides_of_value(indicator, standing.body, period),
        peer_median=standing.run.medians.get(code),
    )


def what_to_fix_first(standing: Standing, *, limit: int | None = None) -> list[Opportunity]:
    """The indicators by what they could still add to the index, most first; empty where the index is no sum.

    A gap means that no value counts, unverified that confidence took part of the points.
    """
    spec = spec_of(standing.run.scorecard)
    found = []
    for indicator in spec.indicators:
        part = standing.parts.get(indicator.code, {})
        points, possible = part.get("points"), part.get("of")
        if part.get("gap") in ("not_applicable", "grace") or points is None or not possible:
            continue
        gain = round(possible - points, 9)
        if gain <= 0:
            continue
        reason = "gap" if part.get("gap") else "unverified" if part.get("provenance") == "declared" else "value"
        found.append(Opportunity(indicator.code, part.get("score"), points, possible, gain, reason))
    found.sort(key=lambda one: (-one.gain, one.code))
    return found[:limit]


def under_both_maps(standing: Standing) -> BothMaps:
    """The score of a merged body, and the plain mean of its predecessors' as far as they were measured.

    The plain mean over predecessors is what DTI did after the mergers of 2025. Predecessors are scored on
    their own measurements of the run's period by the same method, as peers of their successor.
    """
    links = Succession.objects.filter(successor=standing.body).select_related("predecessor")
    former = [link.predecessor for link in links.order_by("predecessor__code")]
    if not former:
        return BothMaps(standing.rounded, None, ())
    run = standing.run
    day = timezone.localdate(run.known_at)
    scores = _scores_of(spec_of(run.scorecard), former, run.peer_group, parse_period(run.period), day)
    known = [score for score in scores if score is not None]
    mean = round(float(np.mean(known)), 6) if len(known) == len(former) else None
    return BothMaps(standing.rounded, mean, tuple(zip(former, scores, strict=True)))


def _scores_of(spec: Spec, bodies: Sequence[Body], peer_group: str, period: Period, on: date) -> list[float | None]:
    """Rounded scores of bodies in the order given; None for one that nobody measured."""
    inputs = gather(spec=spec, peer_group=peer_group, period=period, bodies=bodies, on=on, as_peers=peer_group)
    outcome = compute(spec, inputs.matrix)
    rounded = dict(zip(outcome.units, outcome.rounded_of(spec.top).tolist(), strict=True))
    measured = dict(zip(inputs.matrix.units, np.any(inputs.cells.strength >= 0, axis=1).tolist(), strict=True))
    return [rounded[body.code] if measured[body.code] and not np.isnan(rounded[body.code]) else None for body in bodies]
