"""Writing a `Spec` as a scorecard file that reads back as an equal one."""

from collections.abc import Iterable, Mapping
from datetime import date
from math import inf
from typing import Any

from thuocdo.engine.scoring.spec.model import (
    Aggregation,
    Indicator,
    Node,
    Spec,
    Title,
    Treatment,
)
from thuocdo.engine.scoring.spec.varying import write_uncertainty
from thuocdo.engine.scoring.spec.vocabulary import INDICATOR_PARAMETERS


def dump_spec(spec: Spec) -> str:
    """The scorecard file of a spec: `load_spec(dump_spec(spec)) == spec`; every default is spelt out."""
    blocks = [
        _block(
            None,
            {
                "id": spec.id,
                "title": _title(spec.title),
                "valid_from": spec.valid_from,
                "valid_to": spec.valid_to,
                "approved_by": spec.approved_by or None,
                "note": spec.note or None,
                "levels": spec.levels,
                "weights_sum": spec.weights_sum,
            },
        ),
        *_tables(spec),
    ]
    for one in spec.classes:
        blocks.append(_block("[class]", {"code": one.code, "from": one.lowest, "title": _title(one.title)}))
    for cap in spec.caps:
        cap_keys = {"node": cap.node, "below": cap.below, "class_at_most": cap.class_at_most}
        blocks.append(_block("[cap]", cap_keys))
    blocks += [_block("[peer_group]", {"code": group.code, "title": _title(group.title)}) for group in spec.peer_groups]
    blocks += [_block("[node]", _node(node)) for node in spec.nodes]
    blocks += [_block("[indicator]", _indicator(indicator, spec)) for indicator in spec.indicators]
    return "\n".join(blocks)


def _tables(spec: Spec) -> Iterable[str]:
    rounding, aggregating, confidence = spec.rounding, spec.aggregating, spec.confidence
    yield _block("rounding", {"decimals": rounding.decimals, "rank_on": rounding.rank_on, "ties": rounding.ties})
    screening = ("unit_availability", "unit_nonzero", "indicator_availability")
    yield _block("screen", {key: getattr(spec, key) for key in screening})
    imputation = spec.imputation
    yield _block("impute", {"method": imputation.method, "value": imputation.value, "group": imputation.group})
    yield _block("treat", _treatment(spec.treatment))
    yield _block("normalise", {"method": spec.normalisation.method, **spec.normalisation.parameters})
    bounded = spec.weighing.shares != (0.0, 1.0)
    yield _block(
        "weights",
        {
            "method": spec.weighting,
            "levels": list(spec.weighing.levels) or None,
            "shares": list(spec.weighing.shares) if bounded else None,
        },
    )
    yield _block(
        "aggregate",
        {
            "method": aggregating.default.method,
            "power": aggregating.default.power,
            "by_level": [_aggregation(one) for one in aggregating.by_level] or None,
            "min_available": list(aggregating.min_available) or None,
            "missing": aggregating.missing,
            "grace_days": aggregating.grace_days,
        },
    )
    yield _block(
        "confidence",
        {
            "system": confidence.system,
            "independent": confidence.independent,
            "cross_checked": confidence.cross_checked,
            "declared": confidence.declared,
            "derived": confidence.derived,
        },
    )
    if spec.uncertainty is not None:
        varied = write_uncertainty(spec.uncertainty, treatment=_treatment, aggregation=_aggregation)
        yield _block("uncertainty", varied)


def _node(node: Node) -> dict[str, Any]:
    return {
        "code": node.code,
        "title": _title(node.title),
        "parent": node.parent,
        "weight": node.weight,
        "points": node.points,
        "aggregate": None if node.aggregation is None else _aggregation(node.aggregation),
        "note": node.note or None,
    }


def _indicator(indicator: Indicator, spec: Spec) -> dict[str, Any]:
    beside = {key: value for key, value in indicator.normalisation.parameters.items() if key in INDICATOR_PARAMETERS}
    inside = {key: value for key, value in indicator.normalisation.parameters.items() if key not in beside}
    return {
        "code": indicator.code,
        "title": _title(indicator.title),
        "parent": indicator.parent,
        "weight": indicator.weight,
        "points": indicator.points,
        "direction": indicator.direction,
        "transform": indicator.transform,
        "denominator": indicator.denominator,
        "scale": indicator.denominator_scale if indicator.denominator else None,
        "treat": None if indicator.treatment == spec.treatment else _treatment(indicator.treatment),
        "normalise": {"method": indicator.normalisation.method, **inside},
        **beside,
        "note": indicator.note or None,
    }


def _treatment(treatment: Treatment) -> dict[str, Any]:
    return {
        "method": treatment.method,
        "max_abs_skewness": treatment.max_abs_skewness,
        "max_kurtosis": treatment.max_kurtosis,
        "max_winsorised": treatment.max_winsorised,
        "transform": treatment.transform,
        "lambda": treatment.box_cox_lambda,
        "combine": treatment.combine,
        "lowest": treatment.lowest if treatment.method == "manual" and treatment.lowest > -inf else None,
        "highest": treatment.highest if treatment.method == "manual" and treatment.highest < inf else None,
    }


def _aggregation(aggregation: Aggregation) -> str | dict[str, Any]:
    if aggregation.power is None:
        return aggregation.method
    return {"method": aggregation.method, "power": aggregation.power}


def _title(title: Title) -> dict[str, str]:
    return {"vi": title.vi, "en": title.en}


def _block(name: str | None, keys: Mapping[str, Any]) -> str:
    header = "" if name is None else f"[{name}]\n"
    return header + "".join(f"{key} = {_value(value)}\n" for key, value in keys.items() if value is not None)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key} = {_value(one)}" for key, one in value.items() if one is not None)
        return f"{{ {inside} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    return _text(str(value))


def _text(text: str) -> str:
    """A TOML basic string: control characters, quotes and backslashes escaped, letters as they are."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return (
        '"' + "".join(escapes.get(c) or (f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c) for c in text) + '"'
    )
