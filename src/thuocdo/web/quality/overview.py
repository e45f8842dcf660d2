"""Where the bodies of a group stand by the six qualities, from the recorded figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Max
from django.urls import reverse

from thuocdo.engine.calendars import Period
from thuocdo.engine.spelling import name_key
from thuocdo.indicators.queries import Stale, indicators, measurements, stale_figures
from thuocdo.indicators.queries.matrix import matrix
from thuocdo.indicators.queries.verified import Support, supports
from thuocdo.scorecards.derivations import DERIVED_ROOMS
from thuocdo.scorecards.queries import spec_of

from .wording import TITLES

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body
    from thuocdo.scorecards.queries import Scorecard


@dataclass(slots=True)
class Line:
    """A body with its six shares (None: nothing judged), their weighted mean, and how much is verified."""

    body: "Body"
    shares: tuple[float | None, ...]
    mean: float | None
    support: Support
    # Its newest figures whose update rule has been overrun.
    stale: Sequence[Stale] = ()

    @property
    def address(self) -> str:
        return reverse("body_quality", args=[self.body.code])

    @property
    def cells(self) -> list[tuple[str, str, float | None]]:
        """Each share with the word of its quality in an address, and its title."""
        return [(code, str(title), share) for (code, title), share in zip(TITLES.items(), self.shares, strict=True)]

    @property
    def worst(self) -> str:
        """The quality that is lowest, by its title; empty where nothing was judged."""
        known = [
            (share, str(title)) for share, title in zip(self.shares, TITLES.values(), strict=True) if share is not None
        ]
        return min(known)[1] if known else ""


def lines(bodies: Sequence["Body"], period: Period, today: date, weights: Mapping[str, float]) -> list[Line]:
    """The newest recorded shares of the bodies for the quarter, in the order given; two queries."""
    columns = {one.code: one for one in indicators(codes=[f"quality_{code}" for code in TITLES])}
    present = [f"quality_{code}" for code in TITLES if f"quality_{code}" in columns]
    found = matrix(
        indicators=[columns[code] for code in present],
        bodies=bodies,
        period=period,
        carry_on=today if today < period.end else None,
    )
    weight = np.array([weights.get(code, 1.0) for code in present])
    values = found.values
    known = ~np.isnan(values)
    total = (known * weight).sum(axis=1)
    with np.errstate(invalid="ignore"):
        means = np.where(total > 0, np.nansum(values * weight, axis=1) / np.where(total > 0, total, 1), np.nan)
    place = {code: column for column, code in enumerate(present)}
    result = []
    for row, body in enumerate(found.bodies):
        shares = tuple(_cell(values, row, place.get(f"quality_{code}")) for code in TITLES)
        result.append(Line(body, shares, None if np.isnan(means[row]) else float(means[row]), Support()))
    return result


def _cell(values: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", row: int, column: int | None) -> float | None:
    return None if column is None or np.isnan(values[row, column]) else float(values[row, column])


def weights_of(scorecard: "Scorecard | None") -> dict[str, float]:
    """The weight of every quality in the method in force."""
    if scorecard is None:
        return {}
    return {one.code: one.weight for one in spec_of(scorecard).indicators if one.code.startswith("quality_")}


def with_support(shown: Iterable[Line], period: Period) -> list[Line]:
    """The lines with how much of the figures of the quarter is verified, in one query."""
    given = list(shown)
    found = supports(period, [line.body for line in given]).by_body
    for line in given:
        line.support = found.get(line.body.pk, Support())
    return given


def with_staleness(shown: Iterable[Line], period: Period, today: date) -> list[Line]:
    """The lines with the figures that are overdue today, in one query or two; of a quarter that is over, none."""
    given = list(shown)
    if not given or today >= period.end:
        return given
    delivered = indicators().exclude(derived_from__in=DERIVED_ROOMS).values_list("code", flat=True)
    found = stale_figures([line.body for line in given], codes=delivered, today=today, period=period)
    for line in given:
        line.stale = found.get(line.body.pk, ())
    return given


def computed_at(shown: Iterable[Line], period: Period) -> datetime | None:
    """When the newest of the shares was recorded; None where nothing was."""
    codes = [f"quality_{code}" for code in TITLES]
    rows = measurements().filter(indicator__code__in=codes, body__in=[line.body for line in shown], period=period.label)
    found: datetime | None = rows.order_by().aggregate(at=Max("recorded_at"))["at"]
    return found


def ordered(found: list[Line], asked: str, words: str) -> list[Line]:
    """The lines that fit the words, by a quality, the mean or the name; what was not judged stands last."""
    key = name_key(words)
    fitting = [
        one for one in found if not key or key in name_key(f"{one.body.name} {one.body.short_name} {one.body.code}")
    ]
    name, down = asked.removeprefix("-"), asked.startswith("-")
    codes = list(TITLES)

    def value(one: Line) -> float | None:
        return one.shares[codes.index(name)] if name in codes else one.mean

    if name == "ten":
        return sorted(fitting, key=lambda one: name_key(one.body.name), reverse=down)
    sign = -1 if down else 1
    return sorted(fitting, key=lambda one: (value(one) is None, sign * (value(one) or 0.0), name_key(one.body.name)))


def _names(body: "Body") -> str:
    return name_key(f"{body.name} {body.short_name} {body.code}")
