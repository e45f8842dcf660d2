"""Reading a scorecard file: TOML text in, a checked `Spec` out, or every problem of it at once."""

import re
import tomllib
from collections.abc import Mapping
from typing import Literal

from thuocdo.engine.scoring.spec.checking import check_spec
from thuocdo.engine.scoring.spec.lines import key_lines
from thuocdo.engine.scoring.spec.methods import (
    read_aggregation,
    read_imputation,
    read_indicator_treatment,
    read_normalisation,
    read_normalisation_table,
    read_treatment,
)
from thuocdo.engine.scoring.spec.model import (
    Aggregation,
    Indicator,
    Node,
    Normalisation,
    Spec,
    Treatment,
)
from thuocdo.engine.scoring.spec.problems import Problem, Problems, SpecError, Table
from thuocdo.engine.scoring.spec.tables import (
    read_aggregating,
    read_cap,
    read_class,
    read_confidence,
    read_date,
    read_peer_group,
    read_points,
    read_rounding,
    read_screening,
    read_title,
    read_weight,
    read_weighting,
)
from thuocdo.engine.scoring.spec.varying import read_uncertainty
from thuocdo.engine.scoring.spec.vocabulary import Parameter

_SYNTAX_PLACE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


def load_spec(text: str) -> Spec:
    """Read a scorecard file; raises `SpecError` with every problem found, each with line, key and remedy."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _SYNTAX_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(text.splitlines()) or 1
        what = _SYNTAX_PLACE.sub("", str(error)).strip()
        raise SpecError([Problem(line, "file", f"is not TOML: {what}", "mend the line")]) from error
    problems = Problems(key_lines(text))
    file = Table(problems, data, ())
    spec = _spec(file)
    file.close()
    check_spec(spec, problems)
    if problems.found:
        raise SpecError(sorted(problems.found, key=lambda problem: (problem.line or 0, problem.key)))
    return spec


def _spec(file: Table) -> Spec:
    normalisation, stated = read_normalisation_table(file.table("normalise"))
    treatment = read_treatment(file.table("treat"), Treatment())
    denominate = file.table("denominate")
    defaults = _Defaults(normalisation, stated, treatment, denominate)
    weighting, weighing = read_weighting(file)
    classes = [read_class(table) for table in file.tables("class")]
    imputation = read_imputation(file.table("impute"))
    unit_availability, unit_nonzero, indicator_availability = read_screening(file.table("screen"))
    nodes, indicators = file.tables("node"), file.tables("indicator")
    aggregating, power = read_aggregating(file.table("aggregate"))
    spec = Spec(
        id=file.text("id"),
        title=read_title(file, file.text("id")),
        levels=file.integer("levels", _height(nodes), lowest=2, highest=20),
        valid_from=read_date(file, "valid_from"),
        valid_to=read_date(file, "valid_to"),
        approved_by=file.text("approved_by", ""),
        note=file.text("note", ""),
        rounding=read_rounding(file.table("rounding")),
        unit_availability=unit_availability,
        unit_nonzero=unit_nonzero,
        indicator_availability=indicator_availability,
        imputation=imputation,
        treatment=treatment,
        normalisation=normalisation,
        weighting=weighting,
        weighing=weighing,
        weights_sum=file.number("weights_sum", 100.0, lowest=0) if file.has("weights_sum") else None,
        aggregating=aggregating,
        confidence=read_confidence(file.table("confidence")),
        caps=tuple(read_cap(table) for table in file.tables("cap")),
        classes=tuple(sorted(classes, key=lambda one: -one.lowest)),
        peer_groups=tuple(read_peer_group(table) for table in file.tables("peer_group")),
        uncertainty=(
            read_uncertainty(file.table("uncertainty"), imputation, treatment, power)
            if file.has("uncertainty")
            else None
        ),
        nodes=tuple(_node(table, power) for table in nodes),
        indicators=tuple(_indicator(table, defaults) for table in indicators),
    )
    denominate.close()
    return spec


class _Defaults:
    """What the tables of the file say for every indicator that does not say otherwise."""

    def __init__(
        self,
        normalisation: Normalisation,
        stated: Mapping[str, Parameter],
        treatment: Treatment,
        denominate: Table,
    ) -> None:
        self.normalisation, self.stated = normalisation, stated
        self.treatment = treatment
        self.denominate = denominate
        self.denominator = denominate.text("denominator", "") or None
        self.scale = denominate.number("scale", 1.0)


def _height(nodes: list[Table]) -> int:
    """How many levels the tree has, when the file does not say: the longest way up, and the indicators."""
    parents = {str(table.data.get("code")): table.data.get("parent") or None for table in nodes}
    highest = 0
    for code in parents:
        steps, current = 0, code
        while current in parents and steps <= len(parents):
            steps, current = steps + 1, str(parents[current])
        highest = max(highest, steps)
    # A cycle is told of elsewhere, and so is a tree that is too high.
    return min(max(highest + 1, 2), 20)


def _node(table: Table, power: float | None) -> Node:
    code = table.text("code")
    aggregation = read_aggregation(table, "aggregate", table.raw("aggregate"), Aggregation("arithmetic", power))
    node = Node(
        code=code,
        title=read_title(table, code),
        # Programs that write every key leave the parent of the index empty.
        parent=table.text("parent", "") or None,
        weight=read_weight(table),
        points=read_points(table),
        aggregation=aggregation if table.has("aggregate") else None,
        note=table.text("note", ""),
    )
    table.close()
    return node


def _indicator(table: Table, defaults: _Defaults) -> Indicator:
    code = table.text("code")
    normalisation, direction = read_normalisation(table, defaults.normalisation, defaults.stated)
    # [denominate] may state column and scale for all, or in a table named after the indicator.
    own = defaults.denominate.table(code) if isinstance(defaults.denominate.data.get(code), dict) else None
    denominator, scale = defaults.denominator, defaults.scale
    if code != "denominator" and isinstance(defaults.denominate.data.get(code), str):
        denominator = defaults.denominate.text(code)
    if own is not None:
        denominator, scale = own.text("denominator", denominator or ""), own.number("scale", scale)
        own.close()
    denominator = table.text("denominator", denominator or "") or None
    if denominator is None and table.has("scale") and not table.has("denominator"):
        # Without a denominator the word can only mean the scale of the normalised values.
        if "scale" in normalisation.parameters:
            stated = {"scale": table.number("scale", 100.0, lowest=0)}
            normalisation = Normalisation(normalisation.method, {**normalisation.parameters, **stated})
        elif table.number("scale", 1.0) != 1:
            table.problem("scale", "has nothing to scale", "give a denominator, or leave scale out")
    indicator = Indicator(
        code=code,
        title=read_title(table, code),
        parent=table.text("parent"),
        weight=read_weight(table),
        points=read_points(table),
        direction=direction,
        transform=_transform(table),
        denominator=denominator,
        denominator_scale=table.number("scale", scale) if denominator else 1.0,
        treatment=read_indicator_treatment(table, defaults.treatment),
        normalisation=normalisation,
        note=table.text("note", ""),
    )
    table.close()
    return indicator


def _transform(table: Table) -> Literal["ln", "sqrt"] | None:
    options: tuple[Literal["ln", "sqrt", "none"], ...] = ("ln", "sqrt", "none")
    word = table.choice("transform", options, "none")
    return None if word == "none" else word
