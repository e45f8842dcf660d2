"""The six qualities of one body as its page shows them: rulers, what would help most, the rows behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.engine.calendars import Period, parse_period, quarter_of
from thuocdo.engine.quality.delivered import Quality
from thuocdo.indicators.queries import Frequency, measurements
from thuocdo.indicators.queries.staleness import AROUND
from thuocdo.scorecards.derivations import Records
from thuocdo.web.bodies.card import Card
from thuocdo.web.design.figures import named
from thuocdo.web.design.marks import door
from thuocdo.web.design.ruler import ruler
from thuocdo.web.indicators.words import difference, title_of, unit_of, with_unit

from .wording import ASKS, REASONS, REMEDIES, TITLES, TYPED

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body

# Quarters whose recorded share stands beside the present one.
PAST = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One case that counts against a quality: of which indicator and period, why, the rows concerned."""

    quality: str
    reason: str
    indicator: "Indicator | None"
    period: str
    said: SafeString
    points: float
    mend: str

    @property
    def title(self) -> str:
        return gettext("Cả cơ quan") if self.indicator is None else title_of(self.indicator)

    @property
    def quality_title(self) -> str:
        return str(TITLES[self.quality])

    @property
    def words(self) -> str:
        return str(REASONS[self.reason])


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to mend: the same reason at the same indicator, how many cases, points of the index to gain."""

    quality: str
    reason: str
    indicator: "Indicator | None"
    cases: int
    points: float
    mend: str

    @property
    def title(self) -> str:
        return gettext("Cả cơ quan") if self.indicator is None else title_of(self.indicator)

    @property
    def quality_title(self) -> str:
        return str(TITLES[self.quality])

    @property
    def words(self) -> str:
        return str(REASONS[self.reason])

    @property
    def remedy(self) -> str:
        return str(REMEDIES[self.reason])


@dataclass(frozen=True, slots=True)
class Shown:
    """One quality of the body: its share, the points it gives of how many, its course over the quarters."""

    code: str
    share: float | None
    possible: float
    cases: int
    against: int
    course: Sequence[tuple[str, float | None]]
    address: str

    @property
    def title(self) -> str:
        return str(TITLES[self.code])

    @property
    def asks(self) -> str:
        return str(ASKS[self.code])

    @property
    def points(self) -> float | None:
        return None if self.share is None else self.share * self.possible

    @property
    def mark(self) -> SafeString:
        """The share on its scale, with where it was a quarter ago."""
        before = next((share for _, share in reversed(self.course) if share is not None), None)
        return ruler(
            None if self.share is None else 100 * self.share,
            previous=None if before is None else 100 * before,
            label=self.title,
            unit="%",
            decimals=0,
        )


class BodyQuality:
    """Everything about the data of one body in one quarter."""

    def __init__(self, body: "Body", period: Period, on: date, possible: Mapping[str, float], address: str) -> None:
        self.body, self.period, self.possible, self.address = body, period, possible, address
        self.records = Records(period, on, [body])

    @cached_property
    def qualities(self) -> dict[str, Quality]:
        """The six, by the word of the address."""
        return {code: getattr(self.records, code) for code in TITLES}

    @cached_property
    def shown(self) -> list[Shown]:
        """The six with their course."""
        past = self._past
        return [
            Shown(
                code=code,
                share=_first(one.of_bodies),
                possible=self.possible.get(code, 0.0),
                cases=round(float(one.judged[0].sum() + one.apart[0])),
                against=len(one.faults) + int(one.apart[0]),
                course=[(label, past.get((code, label))) for label in self._labels],
                address=f"{self.address}?{urlencode({'ky': self.period.label, 'chat-luong': code})}#dong",
            )
            for code, one in self.qualities.items()
        ]

    @cached_property
    def points(self) -> float:
        """Points of the index that the six qualities give."""
        return sum(one.points or 0.0 for one in self.shown)

    @cached_property
    def lost(self) -> float:
        """Points of the index that could still be gained where something was judged."""
        return sum(one.possible - (one.points or 0.0) for one in self.shown if one.share is not None)

    @cached_property
    def fixes(self) -> list[Fix]:
        """What to mend, most points first."""
        found: dict[tuple[str, str, int], list[Row]] = {}
        for row in self.rows:
            key = (row.quality, row.reason, row.indicator.pk if row.indicator is not None else 0)
            found.setdefault(key, []).append(row)
        fixes = [
            Fix(
                rows[0].quality,
                rows[0].reason,
                rows[0].indicator,
                len(rows),
                sum(row.points for row in rows),
                rows[0].mend,
            )
            for rows in found.values()
        ]
        return sorted(fixes, key=lambda one: (-one.points, one.quality, one.title))

    @cached_property
    def rows(self) -> list[Row]:
        """Every case that counts against a quality, the most expensive first."""
        found = [row for code, quality in self.qualities.items() for row in self._against(code, quality)]
        return sorted(found, key=lambda row: (-row.points, row.quality, row.title, row.period))

    def _against(self, code: str, quality: Quality) -> list[Row]:
        total = float(quality.judged[0].sum() + quality.apart[0])
        worth = self.possible.get(code, 0.0) / total if total else 0.0
        faults = quality.faults
        found = []
        for place in range(len(faults)):
            indicator = self.records.columns[int(faults.indicator[place])]
            row, other = int(faults.row[place]), int(faults.other[place])
            start, end = int(faults.start[place]), int(faults.end[place])
            label = _label(indicator, start, end)
            reason = str(faults.reason[place])
            found.append(
                Row(
                    code, reason, indicator, label, self._said(indicator, row, other),
                    worth * float(faults.loss[place]), self._mend(reason, label),
                )
            )  # fmt: skip
        receipts = reverse("data_entry")
        refused = int(quality.apart[0])
        return found + [Row(code, "refused", None, self.period.label, SafeString(""), worth, receipts)] * refused

    def _said(self, indicator: "Indicator", row: int, other: int) -> SafeString:
        """The values concerned as doors to where they come from, with how far they lie apart."""
        if row < 0:
            return SafeString("")
        read = self.records.read
        values, unit = read.rows.value, unit_of(indicator)
        one = None if np.isnan(values[row]) else float(values[row])
        first = _door(int(read.ids[row]), one, unit)
        if other < 0 or one is None or np.isnan(values[other]):
            return first
        two = float(values[other])
        return format_html(
            gettext("{} so với {}, lệch {}"),
            first,
            _door(int(read.ids[other]), two, unit),
            difference(round(one - two, 8), unit, sign=True),
        )

    def _mend(self, reason: str, label: str) -> str:
        """Where the figure is typed anew; empty where typing mends nothing."""
        if reason not in TYPED:
            return ""
        words: dict[str, Any] = {"co_quan": named(self.body), "co_quan_ma": self.body.code}
        return f"{reverse('data_entry')}?{urlencode(words | ({'ky': label} if label else {}))}"

    @cached_property
    def _labels(self) -> list[str]:
        labels, place = [], self.period
        for _ in range(PAST):
            place = place.previous()
            labels.append(place.label)
        return labels[::-1]

    @cached_property
    def _past(self) -> dict[tuple[str, str], float]:
        """The recorded share of every quality and past quarter, in one query."""
        codes = {f"quality_{code}": code for code in TITLES}
        found = measurements(body=self.body).filter(
            indicator__code__in=list(codes), period__in=self._labels, superseded_by__isnull=True, value__isnull=False
        )
        return {(codes[row.indicator.code], row.period): float(row.value or 0) for row in reversed(found)}


def possible_points(card: Card | None) -> dict[str, float]:
    """How many points of the index each quality can give the body; by the method where it was not scored yet."""
    found = {}
    for code in TITLES:
        part = card.standing.parts.get(f"quality_{code}", {}) if card is not None else {}
        by_method = card.standing.run.points.get(f"quality_{code}") if card is not None else None
        found[code] = float(part.get("of") or by_method or 0)
    return found


def _first(shares: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float | None:
    return None if np.isnan(shares[0]) else float(shares[0])


def _door(figure: int, value: float | None, unit: str) -> SafeString:
    shown = value if value is None or abs(value) < 1 else round(value, 2)
    return door(reverse("figure", args=[figure]), with_unit(shown, unit))


def _label(indicator: "Indicator", start: int, end: int) -> str:
    """The label of a period given by its days; empty for none, and for one that never was."""
    if not start:
        return ""
    if start == end:
        # The day after the newest period told of stands for a missing successor.
        return _around(indicator.frequency, date.fromordinal(start)).label
    days = end - start
    kind = "year" if days > 300 else "quarter" if days > 80 else "month" if days > 20 else "day"
    return _around(kind, date.fromordinal(start)).label


def _around(kind: str, day: date) -> Period:
    return AROUND[Frequency(kind)](day)


def quarter_asked(text: str, today: date) -> Period:
    """The quarter of an address; the running one for none, for nonsense and for one that has not begun."""
    running = quarter_of(today)
    try:
        asked = parse_period(text) if text else running
    except ValueError:
        return running
    return asked if asked.kind == running.kind and asked.start <= today else running
