"""The rules by which findings are looked for, as a pack declares them: pairs, limits, bursts, phrases. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class RulesMalformed(ValueError):
    """The rules of a pack cannot be followed; the message names the entry and the remedy."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A volume and the outcome that it should bring; `rise` and `fall` in the units of the two indicators."""

    code: str
    title: Mapping[str, str]
    volume: str
    outcome: str
    rise: float
    fall: float


@dataclass(frozen=True, slots=True)
class Limit:
    """An indicator above a level, looked at only where the volume beside it reaches `least`."""

    code: str
    title: Mapping[str, str]
    indicator: str
    above: float
    volume: str
    least: float


@dataclass(frozen=True, slots=True)
class Burst:
    """A volume whose last month of a quarter exceeds the mean of the months before it by the factor."""

    code: str
    title: Mapping[str, str]
    indicator: str
    factor: float
    least: float


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that is looked for beside gaps, and the working days a body has for its answer."""

    code: str
    days_to_answer: int
    pairs: tuple[Pair, ...]
    limits: tuple[Limit, ...]
    bursts: tuple[Burst, ...]
    phrases: tuple[str, ...]
    settled: tuple[str, ...]
    round_steps: tuple[int, ...]

    @property
    def indicators(self) -> frozenset[str]:
        """Codes of all indicators that the rules speak of."""
        return frozenset(
            [code for one in self.pairs for code in (one.volume, one.outcome)]
            + [code for limit in self.limits for code in (limit.indicator, limit.volume) if code]
            + [one.indicator for one in self.bursts]
        )

    def title(self, code: str) -> Mapping[str, str]:
        """The title of a pair, a limit or a burst; empty for one that no longer stands in the rules."""
        rules: Sequence[Pair | Limit | Burst] = (*self.pairs, *self.limits, *self.bursts)
        return next((one.title for one in rules if one.code == code), {})


def read_rules(document: Mapping[str, Any]) -> Rules:
    """The rules of a TOML document. Raises RulesMalformed with the entry and what it should hold."""
    codes: set[str] = set()

    def entries(name: str) -> list[Mapping[str, Any]]:
        found = document.get(name, [])
        for entry in found:
            code = entry.get("code", "")
            if not code or code in codes:
                raise RulesMalformed(f"[[{name}]] {code!r}: every rule needs a code of its own.")
            codes.add(code)
            if not entry.get("title", {}).get("vi"):
                raise RulesMalformed(f"[[{name}]] {code}: title.vi is missing; say in words what is looked for.")
        return list(found)

    def positive(name: str, entry: Mapping[str, Any], field: str) -> float:
        value = entry.get(field)
        if not isinstance(value, int | float) or isinstance(value, bool) or value <= 0:
            raise RulesMalformed(f"[[{name}]] {entry['code']}: {field} must be a number above 0, not {value!r}.")
        return float(value)

    def named(name: str, entry: Mapping[str, Any], field: str) -> str:
        value = entry.get(field)
        if not isinstance(value, str) or not value:
            raise RulesMalformed(f"[[{name}]] {entry['code']}: {field} must name an indicator.")
        return value

    pairs = tuple(
        Pair(
            one["code"],
            one["title"],
            named("pair", one, "volume"),
            named("pair", one, "outcome"),
            positive("pair", one, "rise"),
            positive("pair", one, "fall"),
        )
        for one in entries("pair")
    )
    limits = tuple(
        Limit(
            one["code"],
            one["title"],
            named("limit", one, "indicator"),
            positive("limit", one, "above"),
            str(one.get("volume", "")),
            positive("limit", one, "least") if one.get("volume") else 0.0,
        )
        for one in entries("limit")
    )
    bursts = tuple(
        Burst(
            one["code"],
            one["title"],
            named("burst", one, "indicator"),
            positive("burst", one, "factor"),
            positive("burst", one, "least"),
        )
        for one in entries("burst")
    )
    steps = tuple(document.get("round_numbers", {}).get("steps", (5, 10)))
    if any(not isinstance(step, int) or step < 2 for step in steps):
        raise RulesMalformed("[round_numbers] steps must be whole numbers from 2.")
    days = document.get("days_to_answer", 10)
    if not isinstance(days, int) or not 1 <= days <= 90:
        raise RulesMalformed(f"days_to_answer must be a whole number from 1 to 90, not {days!r}.")
    unsigned = document.get("unsigned", {})
    return Rules(
        code=str(document.get("code", "")),
        days_to_answer=days,
        pairs=pairs,
        limits=limits,
        bursts=bursts,
        phrases=tuple(unsigned.get("phrases", ())),
        settled=tuple(unsigned.get("settled", ())),
        round_steps=steps,
    )
