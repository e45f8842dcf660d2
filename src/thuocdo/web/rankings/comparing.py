"""Two bodies side by side: where one is ahead, and by how many points of the index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.safestring import SafeString

from thuocdo.scorecards.queries import Chance, Run, chance_ahead, intervals_of, ranking, simulation_of, spread_of
from thuocdo.web.kept import kept

from .choice import Chosen
from .marks import Line, Part, below, part_of, parts_of, pillars_of
from .spread import chance_in_words
from .staleness import makeup, stale_behind


@dataclass(frozen=True, slots=True)
class Pair:
    """One part of the score of both bodies; `difference` is first minus second, in points of the index."""

    title: str
    first: Part
    second: Part

    @property
    def difference(self) -> float | None:
        if self.first.points is None or self.second.points is None:
            return None
        return round(self.first.points - self.second.points, 6)


@dataclass(frozen=True)
class Comparison:
    """Two bodies of one group: totals, pillars, and the indicators in which they differ most."""

    first: Line
    second: Line
    chance: Chance | None = None

    @property
    def sureness(self) -> str:
        """How sure it is which of the two stands first; empty before that is computed."""
        simulation = simulation_of(self.first.run)
        if self.chance is None or simulation is None:
            return ""
        return chance_in_words(self.chance, self.first.name, self.second.name, simulation.replicates)

    @cached_property
    def pillars(self) -> list[Pair]:
        return [self._pair(one.code) for one in pillars_of(self.first.spec)]

    @cached_property
    def indicators(self) -> list[Pair]:
        """The indicators that separate the two, most first."""
        pairs = [self._pair(one.code) for one in self.first.spec.indicators]
        apart = [pair for pair in pairs if pair.difference]
        return sorted(apart, key=lambda pair: -abs(pair.difference or 0))[:8]

    @cached_property
    def difference(self) -> float | None:
        """Points of the index between the two."""
        one, other = self.first.standing.rounded, self.second.standing.rounded
        return None if one is None or other is None else round(one - other, 6)

    @property
    def marks(self) -> tuple[SafeString, SafeString]:
        return self.first.class_mark, self.second.class_mark

    def _pair(self, code: str) -> Pair:
        spec = self.first.spec
        one = next(part for part in parts_of(spec) if part.code == code)
        first, second = (
            part_of(line.standing, one, stale=line.stale_in(below(spec, code)) if line.stale else ())
            for line in (self.first, self.second)
        )
        return Pair(title=first.title, first=first, second=second)


def asked_codes(words: list[str]) -> list[str]:
    """The codes of the bodies to compare, from `?so-sanh=A,B` or `?so-sanh=A&so-sanh=B`, each once."""
    codes = [code.strip()[:40] for word in words for code in word.split(",")]
    return list(dict.fromkeys(code for code in codes if code))


def comparison(chosen: Chosen, codes: list[str], today: date, known: Sequence[Line] = ()) -> Comparison | None:
    """The first two of the codes side by side; None where they are not both ranked in this group.

    Lines that are known, because a table shows them, are not asked for again.
    """
    if chosen.run is None or len(codes) < 2:
        return None
    run, simulation = chosen.run, simulation_of(chosen.run)
    lines = {line.standing.body.code: line for line in known}
    missing = [code for code in codes[:2] if code not in lines]
    if missing:
        lines |= _lines(chosen, run, missing, today)
    if not lines.keys() >= set(codes[:2]):
        return None
    first, second = lines[codes[0]], lines[codes[1]]
    for line in (first, second):
        line.standing.run = run
    chance = None
    if simulation is not None:
        marks = (simulation.pk, *codes[:2])
        chance = kept("chance-ahead", *marks, build=lambda: chance_ahead(run, *codes[:2]))
    return Comparison(first, second, chance)


def _lines(chosen: Chosen, run: Run, codes: Sequence[str], today: date) -> dict[str, Line]:
    """The lines of the bodies that are ranked in this group, by code."""
    found = list(ranking(run).filter(body__code__in=codes).order_by())
    intervals = intervals_of(spread_of(run), found)
    stale = stale_behind(run, chosen.spec, [row.body for row in found], today) if chosen.is_newest else {}
    makes = makeup(chosen.spec) if stale else {}
    return {
        row.body.code: Line(
            row, chosen.spec, run, interval=intervals.get(row.body_id), stale=stale.get(row.body_id, ()), makes=makes
        )
        for row in found
    }
