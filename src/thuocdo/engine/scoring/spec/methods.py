"""Reading the methods of a scorecard file (normalise, aggregate, impute, treat) with their parameters."""

from collections.abc import Mapping
from itertools import pairwise
from math import inf
from typing import Any, Literal

from thuocdo.engine.scoring.spec.model import (
    Aggregation,
    Imputation,
    Normalisation,
    Treatment,
)
from thuocdo.engine.scoring.spec.problems import Table, as_number
from thuocdo.engine.scoring.spec.vocabulary import (
    AGGREGATIONS,
    INDICATOR_PARAMETERS,
    NORMALISATIONS,
    PER_UNIT_PARAMETERS,
    REQUIRED,
    TREATMENTS,
    Parameter,
)

# More cells than any table has.
MOST_CELLS = 1_000_000_000
_TIES = ("min", "dense", "average")
_FLAGS = ("truncate", "cap")
_POSITIVE = ("sd", "scale")
_PARAMETERS = tuple(dict.fromkeys(key for parameters in NORMALISATIONS.values() for key in parameters))
_EXAMPLES = {
    "goalposts": "goalposts = [0, 100]",
    "target": "target = 90, or the name of a column of the data",
    "baseline": "baseline = 40, or the name of a column of the data",
    "bands": "bands = [[0, 0], [50, 60], [80, 100]]",
    "lower": "lower = 0",
    "upper": "upper = 100",
    "reference": 'reference = "<unit>"',
}


def read_normalisation_table(table: Table) -> tuple[Normalisation, Mapping[str, Parameter]]:
    """The default method of [normalise], and every parameter stated there, of whichever method.

    Required parameters may be absent here: the indicators give them.
    """
    method = table.choice("method", tuple(NORMALISATIONS), "min_max")
    stated = _stated(table, _PARAMETERS)
    table.close()
    normalisation = Normalisation(method, _defaults(method) | _own(method, stated))
    _check_bounds(table, normalisation)
    return normalisation, stated


def read_normalisation(
    table: Table, default: Normalisation, stated: Mapping[str, Parameter]
) -> tuple[Normalisation, Literal[1, -1]]:
    """An indicator's method with all its parameters, and its direction.

    The parameters of [normalise] go on holding for what the indicator does not state; only `lower` and
    `upper` mean something else in every method, so they are not handed to another one. Parameters stated
    beside `normalise` are kept even when this method has no use for them: another run may.
    """
    override = table.raw("normalise")
    if isinstance(override, str) or override is None:
        inner = Table(table.problems, {} if override is None else {"method": override}, table.path)
    else:
        inner = table.table("normalise")
    method = inner.choice("method", tuple(NORMALISATIONS), default.method)
    parameters = _defaults(method)
    for key, value in _own(method, stated).items():
        if method == default.method or key not in ("lower", "upper"):
            parameters[key] = value
    parameters |= _stated(inner, tuple(NORMALISATIONS[method]))
    inner.close()
    parameters |= _stated(table, INDICATOR_PARAMETERS)
    normalisation = Normalisation(method, parameters)
    _check_present(table, normalisation)
    _check_bounds(table, normalisation)
    direction = _direction(table, method)
    _check_bands(table, normalisation, direction)
    return normalisation, direction


def read_aggregation(table: Table, key: str, value: Any, default: Aggregation) -> Aggregation:
    """An aggregation written as a word or as { method, power }; None is the default."""
    value = default.method if value is None else value
    inner = Table(table.problems, value if isinstance(value, dict) else {"method": value}, (*table.path, key))
    method = inner.choice("method", AGGREGATIONS, default.method)
    power = inner.number("power", default.power or 0.0) if method == "generalised" else None
    inner.close()
    if power == 0:
        inner.problem("power", "must be a number other than 0", 'for power 0 use method = "geometric"')
    return Aggregation(method, power)


def read_imputation(table: Table) -> Imputation:
    """The table [impute]."""
    method = table.choice(
        "method",
        ("none", "constant", "mean", "median", "group_mean", "group_median", "row_mean", "last_known"),
        "none",
    )
    value = table.number("value", 0.0) if table.has("value") else None
    if method == "constant" and value is None:
        table.problem("value", "is missing", "write value = 0 or what stands for a missing value")
    # Programs that write every key leave empty what does not apply.
    group = None if table.raw("group") == "" else table.raw("group")
    if method == "row_mean" and isinstance(group, str) and group.isdecimal():
        group = int(group)
    if method in ("group_mean", "group_median") and not (isinstance(group, str) and group):
        table.problem("group", "is missing", 'write group = "<column of the data>"')
    elif group is not None and (isinstance(group, bool) or not isinstance(group, str | int)):
        table.problem("group", f"{group!r} is neither a column nor a level", "name a column or give a level")
        group = None
    elif method == "row_mean" and isinstance(group, str):
        table.problem("group", f"{group!r} is not a level", "write the level as a number, or leave it out")
    table.close()
    return Imputation(method, value, group)


def read_treatment(table: Table, default: Treatment) -> Treatment:
    """A treatment on top of a default: what is not stated is taken over."""
    by_hand = table.data.get("method", default.method) == "manual"
    treatment = Treatment(
        method=table.choice("method", TREATMENTS, default.method),
        max_abs_skewness=table.number("max_abs_skewness", default.max_abs_skewness, lowest=0),
        max_kurtosis=table.number("max_kurtosis", default.max_kurtosis),
        max_winsorised=(
            MOST_CELLS
            if table.raw("max_winsorised") == inf
            else table.integer("max_winsorised", default.max_winsorised, lowest=0, highest=MOST_CELLS)
        ),
        transform=table.choice(
            "transform",
            ("log", "log_shift_one", "log_mirrored", "box_cox", "none"),
            # The default is the second stage of the rule; by hand nothing is transformed unless it is asked for.
            "none" if by_hand and default.method != "manual" else default.transform,
        ),
        box_cox_lambda=table.number("lambda", default.box_cox_lambda),
        combine=table.flag("combine", default=default.combine),
        lowest=table.number("lowest", default.lowest),
        highest=table.number("highest", default.highest),
    )
    if treatment.lowest > treatment.highest:
        table.problem("lowest", f"{treatment.lowest:g} is above highest = {treatment.highest:g}", "exchange them")
    for key in ("lowest", "highest"):
        if table.has(key) and treatment.method != "manual":
            table.problem(key, f"means nothing where method is {treatment.method!r}", 'write method = "manual"')
    table.close()
    return treatment


def read_indicator_treatment(table: Table, default: Treatment) -> Treatment:
    """An indicator's `treat`: absent, a method's name, or a table over the defaults."""
    value = table.raw("treat")
    if isinstance(value, str):
        return read_treatment(Table(table.problems, {"method": value}, (*table.path, "treat")), default)
    return read_treatment(table.table("treat"), default)


def stated_parameters(table: Table, method: str) -> dict[str, Parameter]:
    """The parameters of a normalisation that a table states."""
    parameters = _stated(table, tuple(NORMALISATIONS[method]))
    _check_bounds(table, Normalisation(method, parameters))
    return parameters


def another_normalisation(indicator: Normalisation, other: Normalisation) -> Normalisation:
    """An indicator's parameters under another method: those the other states, then the indicator's own that
    mean the same there, then defaults. KeyError names a required parameter that nobody gives."""
    if other.method == indicator.method:
        return Normalisation(other.method, {**indicator.parameters, **other.parameters})
    kept = {key: value for key, value in indicator.parameters.items() if key not in ("lower", "upper")}
    parameters = _defaults(other.method) | kept | dict(other.parameters)
    for key, default in NORMALISATIONS[other.method].items():
        if default is REQUIRED and key not in parameters:
            raise KeyError(key)
    return Normalisation(other.method, parameters)


def _defaults(method: str) -> dict[str, Parameter]:
    return {
        key: value
        for key, value in NORMALISATIONS[method].items()
        if value is not None and value is not REQUIRED and isinstance(value, float | bool | str)
    }


def _own(method: str, stated: Mapping[str, Parameter]) -> dict[str, Parameter]:
    return {key: value for key, value in stated.items() if key in NORMALISATIONS[method]}


def _stated(table: Table, keys: tuple[str, ...]) -> dict[str, Parameter]:
    values = {key: _parameter(table, key, table.raw(key)) for key in keys if table.has(key)}
    return {key: value for key, value in values.items() if value is not None}


def _parameter(table: Table, key: str, value: Any) -> Parameter | None:
    """One parameter by its kind; None after a problem."""
    if key in _FLAGS:
        return table.flag(key, default=False)
    if key == "ties":
        return table.choice(key, _TIES, "min")
    if key == "reference":
        return table.text(key, "")
    if key == "goalposts":
        posts = _numbers(value)
        if posts is None or len(posts) != 2 or not posts[0] < posts[1]:
            table.problem(
                key,
                f"{value!r} is not a pair of a lower and a higher number",
                "write goalposts = [0, 100]; direction = -1 says that lower is better",
            )
            return None
        return posts
    if key == "bands":
        pairs = [_numbers(pair) for pair in value] if isinstance(value, list) else []
        bands = tuple((pair[0], pair[1]) for pair in pairs if pair is not None and len(pair) == 2)
        if not bands or len(bands) != len(pairs):
            table.problem(key, f"{value!r} is not a list of pairs", f"write {_EXAMPLES['bands']}")
            return None
        return bands
    if isinstance(value, str) and key in PER_UNIT_PARAMETERS:
        return value
    number = as_number(table, key, value, 1.0)
    if number <= 0 and key in _POSITIVE:
        table.problem(key, f"{value!r} is not positive", f"for example {key} = 1")
    return number


def _numbers(value: Any) -> tuple[float, ...] | None:
    if not isinstance(value, list) or any(
        isinstance(one, bool) or not isinstance(one, int | float) or not abs(one) < float("inf") for one in value
    ):
        return None
    return tuple(float(one) for one in value)


def _direction(table: Table, method: str) -> Literal[1, -1]:
    value = table.raw("direction")
    if value is None:
        return -1 if method == "inverse_ratio" else 1
    if value not in (1, -1) or isinstance(value, bool):
        table.problem("direction", f"{value!r} is neither 1 nor -1", "1: higher is better, -1: lower is")
        return 1
    if (method, value) == ("ratio", -1):
        table.problem(
            "direction",
            "-1 contradicts ratio",
            'use normalise = "inverse_ratio" or leave direction out',
        )
    # The method itself says that lower is better, also where a file spells out the default direction.
    if method == "inverse_ratio":
        return -1
    return -1 if value == -1 else 1


def _check_present(table: Table, normalisation: Normalisation) -> None:
    method, parameters = normalisation.method, normalisation.parameters
    for key, default in NORMALISATIONS[method].items():
        # What is there but wrong was told where it was read.
        told = any(table.problems.at((*table.path, *inner, key)) for inner in ((), ("normalise",)))
        if default is REQUIRED and key not in parameters and not told:
            table.problem(key, f"is missing, {method} needs it", f"write {_EXAMPLES[key]}")
    if method == "target_path" and "expected" not in parameters and not {"target", "elapsed"} <= set(parameters):
        table.problem(
            "target",
            "the path is not known",
            "give expected (the path's value now), or target and elapsed (the share of time over)",
        )


def _check_bounds(table: Table, normalisation: Normalisation) -> None:
    lower, upper = normalisation.parameters.get("lower"), normalisation.parameters.get("upper")
    if (
        normalisation.method in ("min_max", "scaled", "range")
        and isinstance(lower, float)
        and isinstance(upper, float)
        and lower >= upper
    ):
        table.problem("lower", f"{lower:g} is not below upper = {upper:g}", "exchange or correct them")


def _check_bands(table: Table, normalisation: Normalisation, direction: int) -> None:
    bands = normalisation.parameters.get("bands")
    if normalisation.method != "bands" or not isinstance(bands, tuple):
        return
    pairs = [pair for pair in bands if isinstance(pair, tuple)]
    for (limit, score), (next_limit, next_score) in pairwise(pairs):
        if not limit < next_limit or (next_score - score) * direction < 0:
            table.problem(
                "bands",
                f"[{limit:g}, {score:g}] and [{next_limit:g}, {next_score:g}] are out of order",
                "limits ascend; scores ascend too, or descend when direction = -1",
            )
