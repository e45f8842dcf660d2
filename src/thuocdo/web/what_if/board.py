"""The boards on which one tries: families of weights with their sliders, and the values of one body."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from thuocdo.engine.scoring import Spec
from thuocdo.scorecards.queries.trials import weights_of
from thuocdo.web.design.figures import number
from thuocdo.web.rankings.marks import children_of, part_titles

from .asked import VALUE, WEIGHT, Asked, brief

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator


@dataclass(frozen=True, slots=True)
class Slider:
    """One weight: as the method has it, as it is tried, and the share it has among its siblings."""

    code: str
    title: str
    given: float
    tried: float
    text: str
    share: float
    most: float
    step: str
    error: str

    @property
    def name(self) -> str:
        return f"{WEIGHT}{self.code}"

    @property
    def is_changed(self) -> bool:
        return self.tried != self.given

    @property
    def given_text(self) -> str:
        return brief(self.given)

    @property
    def tried_text(self) -> str:
        return brief(self.tried)

    @property
    def most_text(self) -> str:
        return brief(self.most)


@dataclass(frozen=True, slots=True)
class Family:
    """The children of one node, whose weights are relative to each other."""

    code: str
    title: str
    sliders: list[Slider]
    error: str
    is_top: bool

    @property
    def total(self) -> str:
        """The sum of the weights as tried."""
        return number(round(sum(one.tried for one in self.sliders), 6))

    @property
    def total_given(self) -> str:
        """The sum of the weights as the method has them."""
        return number(round(sum(one.given for one in self.sliders), 6))

    @property
    def is_open(self) -> bool:
        """Whether something in it is tried or wrong, so that it must be seen."""
        return bool(self.error) or any(one.is_changed or one.error for one in self.sliders)

    @property
    def is_single(self) -> bool:
        """Whether there is nothing to weigh against."""
        return len(self.sliders) < 2


def families(spec: Spec, asked: Asked) -> list[Family]:
    """Every node of the method from the top down with the weights below it."""
    given, titles = weights_of(spec), part_titles(spec)
    return [_family(spec, code, given, titles, asked) for code in _nodes(spec, spec.top)]


def _nodes(spec: Spec, code: str) -> Iterator[str]:
    yield code
    known = {node.code for node in spec.nodes}
    for child in children_of(spec, code):
        if child.code in known:
            yield from _nodes(spec, child.code)


def _family(spec: Spec, code: str, given: Mapping[str, float], titles: Mapping[str, str], asked: Asked) -> Family:
    codes = [one.code for one in children_of(spec, code)]
    tried = {one: asked.weights.get(one, given[one]) for one in codes}
    total = sum(tried.values())
    # A slider reaches as far as the whole family weighs, so that one part may outweigh all others.
    reach = max(sum(given[one] for one in codes), *tried.values())
    is_whole = all(given[one] == int(given[one]) for one in codes) and reach >= 40
    step = 1.0 if is_whole else 0.5 if reach >= 8 else 0.1 if reach >= 2 else 0.01
    sliders = [
        Slider(
            code=one,
            title=titles[one],
            given=given[one],
            tried=tried[one],
            text=asked.typed.get(f"{WEIGHT}{one}", "") if one in asked.wrong else brief(tried[one]),
            share=100 * tried[one] / total if total else 0.0,
            most=reach,
            step=brief(step),
            error=asked.wrong.get(one, ""),
        )
        for one in codes
    ]
    return Family(code, titles[code], sliders, asked.wrong.get(code, ""), is_top=code == spec.top)


@dataclass(frozen=True)
class Field:
    """One value of the body: as it counted, and as it is tried."""

    code: str
    title: str
    unit: str
    value: float | None
    text: str
    error: str
    bounds: tuple[float | None, float | None]

    @property
    def name(self) -> str:
        return f"{VALUE}{self.code}"

    @property
    def now(self) -> str:
        """The value as it counted."""
        return number(self.value) if self.value is not None else gettext("chưa có số liệu")

    @cached_property
    def hint(self) -> str:
        """Between which values the dictionary has it."""
        low, high = self.bounds
        if low is None and high is None:
            return ""
        if high is None:
            return gettext("từ %(low)s") % {"low": number(low)}
        if low is None:
            return gettext("đến %(high)s") % {"high": number(high)}
        return gettext("từ %(low)s đến %(high)s") % {"low": number(low), "high": number(high)}


def fields_of(
    spec: Spec, asked: Asked, now: Mapping[str, float | None], definitions: "Mapping[str, Indicator]", *, english: bool
) -> list[Field]:
    """The values of the body in the order of the method."""
    titles, rows = part_titles(spec), []
    for code, value in now.items():
        definition = definitions.get(code)
        rows.append(
            Field(
                code=code,
                title=titles[code],
                unit="" if definition is None else (english and definition.unit_en) or definition.unit,
                value=None if value is None else float(f"{value:.12g}"),
                text=asked.typed.get(f"{VALUE}{code}", "") if code in asked.wrong or code in asked.values else "",
                error=asked.wrong.get(code, ""),
                bounds=bounds_of(definition),
            )
        )
    return rows


def bounds_of(definition: "Indicator | None") -> tuple[float | None, float | None]:
    """The lowest and highest value that the dictionary allows."""
    if definition is None:
        return None, None
    low, high = definition.lower, definition.upper
    return (None if low is None else float(low)), (None if high is None else float(high))


def out_of_bounds(asked: Asked, definitions: "Mapping[str, Indicator]") -> dict[str, str]:
    """The tried values that no measurement could have, each with its remedy."""
    wrong = {}
    for code, value in asked.values.items():
        low, high = bounds_of(definitions.get(code))
        if (low is not None and value < low) or (high is not None and value > high):
            said = Field(code, "", "", None, "", "", (low, high)).hint
            wrong[code] = gettext("Chỉ số này chỉ nhận giá trị %(bounds)s.") % {"bounds": said}
    return wrong
