"""What one version of a method says otherwise than another, part by part; whoever shows it finds the words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from thuocdo.engine.scoring.spec import Indicator, Spec
from thuocdo.engine.scoring.weight import effective_weights

# Weights as points of the index, rounded where binary arithmetic alone would tell them apart.
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its kind, the part of the method it is about, what stood there and what stands there now.

    Kinds of parts: added, removed, weight (points of 100), moved (to another node), normalisation, direction,
    transform, denominator, treatment, aggregation. Kinds of rules: missing, grace, min_available, imputation,
    screening, rounding, confidence, class, cap, group, uncertainty.
    """

    kind: str
    code: str
    old: Any
    new: Any


def differences(old: Spec, new: Spec) -> tuple[Difference, ...]:
    """Everything that may give another score, class or rank; titles and notes do not count."""
    return (*_parts(old, new), *_rules(old, new))


def _parts(old: Spec, new: Spec) -> Iterator[Difference]:
    before, after = _points(old), _points(new)
    for code in before.keys() - after.keys():
        yield Difference("removed", code, before[code], None)
    for code in after:
        if code not in before:
            yield Difference("added", code, None, after[code])
    for code, points in after.items():
        if code in before and points != before[code]:
            yield Difference("weight", code, before[code], points)
    former = {one.code: one for one in old.indicators}
    for one in new.indicators:
        if one.code in former:
            yield from _indicator(former[one.code], one)
    nodes = {one.code: one for one in old.nodes}
    rules = _aggregations(old)
    for node in new.nodes:
        if node.code not in nodes:
            continue
        if nodes[node.code].parent != node.parent:
            yield Difference("moved", node.code, nodes[node.code].parent, node.parent)
        if rules[node.code] != (now := _aggregations(new)[node.code]):
            yield Difference("aggregation", node.code, rules[node.code], now)


def _indicator(old: Indicator, new: Indicator) -> Iterator[Difference]:
    if old.parent != new.parent:
        yield Difference("moved", new.code, old.parent, new.parent)
    if (old.normalisation.method, dict(old.normalisation.parameters)) != (
        new.normalisation.method,
        dict(new.normalisation.parameters),
    ):
        yield Difference("normalisation", new.code, old, new)
    if old.direction != new.direction:
        yield Difference("direction", new.code, old.direction, new.direction)
    if old.transform != new.transform:
        yield Difference("transform", new.code, old.transform, new.transform)
    if (old.denominator, old.denominator_scale) != (new.denominator, new.denominator_scale):
        yield Difference("denominator", new.code, old.denominator, new.denominator)
    if old.treatment != new.treatment:
        yield Difference("treatment", new.code, old.treatment, new.treatment)


def _rules(old: Spec, new: Spec) -> Iterator[Difference]:
    pairs: Mapping[str, tuple[Any, Any]] = {
        "missing": (old.aggregating.missing, new.aggregating.missing),
        "grace": (old.aggregating.grace_days, new.aggregating.grace_days),
        "min_available": (old.aggregating.min_available, new.aggregating.min_available),
        "imputation": (old.imputation, new.imputation),
        "screening": (old.unit_availability, new.unit_availability),
        "rounding": (old.rounding, new.rounding),
        "uncertainty": (old.uncertainty, new.uncertainty),
    }
    for kind, (before, after) in pairs.items():
        if before != after:
            yield Difference(kind, "", before, after)
    for source in ("system", "independent", "cross_checked", "declared", "derived"):
        before, after = getattr(old.confidence, source), getattr(new.confidence, source)
        if before != after:
            yield Difference("confidence", source, before, after)
    yield from _by_code(
        "class", {one.code: one.lowest for one in old.classes}, {one.code: one.lowest for one in new.classes}
    )
    yield from _by_code(
        "cap",
        {one.node: (one.below, one.class_at_most) for one in old.caps},
        {one.node: (one.below, one.class_at_most) for one in new.caps},
    )
    yield from _by_code(
        "group", {one.code: True for one in old.peer_groups}, {one.code: True for one in new.peer_groups}
    )


def _by_code(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for code in dict.fromkeys((*old, *new)):
        if old.get(code) != new.get(code):
            yield Difference(kind, code, old.get(code), new.get(code))


def _points(spec: Spec) -> dict[str, float]:
    """The points of 100 that each part can give, the index itself left out."""
    shares = effective_weights(spec) * 100
    return {
        code: round(float(share), _DIGITS)
        for code, share in zip(spec.tree.columns, shares, strict=True)
        if code != spec.top
    }


def _aggregations(spec: Spec) -> dict[str, Any]:
    return dict(zip(spec.tree.columns[spec.tree.leaf_count :], spec.aggregations, strict=True))
