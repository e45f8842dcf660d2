"""What must hold between the parts of a scorecard: the tree, weights, points, levels, classes and caps."""

from collections import Counter

from thuocdo.engine.scoring.spec.lines import Path
from thuocdo.engine.scoring.spec.model import Indicator, Node, Spec
from thuocdo.engine.scoring.spec.problems import Problems


def check_spec(spec: Spec, problems: Problems) -> None:
    """Note every contradiction of a spec whose single values are already sound."""
    _check_codes(spec, problems)
    if _check_parents(spec, problems) and not problems.found:
        _check_levels(spec, problems)
        _check_weights(spec, problems)
    _check_transforms(spec, problems)
    _check_classes(spec, problems)
    _check_alternatives(spec, problems)


def _parts(spec: Spec) -> list[tuple[Path, Node | Indicator]]:
    nodes: list[tuple[Path, Node | Indicator]] = [(("node", i), node) for i, node in enumerate(spec.nodes)]
    return nodes + [(("indicator", i), indicator) for i, indicator in enumerate(spec.indicators)]


def _check_codes(spec: Spec, problems: Problems) -> None:
    counts = Counter(part.code for _, part in _parts(spec))
    for path, part in _parts(spec):
        if counts[part.code] > 1 and part.code:
            problems.add((*path, "code"), f"{part.code!r} is used {counts[part.code]} times", "rename all but one")
        if part.code == "unit" or any(character in part.code for character in '",;\n\r\t'):
            problems.add(
                (*path, "code"),
                f"{part.code!r} cannot head a column of the data",
                'avoid commas, quotes and the word "unit"',
            )
    if not spec.indicators:
        problems.add((), "there is no indicator", "add at least one [[indicator]]")
    if not spec.nodes:
        problems.add((), "there is no node", "add the index itself as a [[node]] without parent")


def _check_parents(spec: Spec, problems: Problems) -> bool:
    """Whether the parents make one tree."""
    before = len(problems.found)
    nodes = {node.code: node for node in spec.nodes}
    used = {part.parent for _, part in _parts(spec)}
    tops = [node.code for node in spec.nodes if node.parent is None]
    if spec.nodes and len(tops) != 1:
        named = f" ({', '.join(tops)})" if tops else ""
        problems.add(("node",), f"{len(tops)} nodes have no parent{named}", "exactly one, the index, has none")
    for path, part in _parts(spec):
        if part.parent is not None and part.parent not in nodes:
            problems.add(
                (*path, "parent"),
                f"{part.parent!r} is not a node",
                "name the code of a [[node]] of this file",
            )
        if isinstance(part, Node) and part.code not in used:
            problems.add(path, f"{part.code!r} has no children", "give it some, or remove it")
        if isinstance(part, Node) and _goes_round(part, nodes):
            problems.add((*path, "parent"), f"{part.code!r} is its own ancestor", "let the parents lead to the top")
    return len(problems.found) == before


def _goes_round(node: Node, nodes: dict[str, Node]) -> bool:
    seen: set[str] = set()
    current: Node | None = node
    while current is not None and current.parent is not None:
        if current.code in seen:
            return True
        seen.add(current.code)
        current = nodes.get(current.parent)
    return False


def _check_levels(spec: Spec, problems: Problems) -> None:
    highest = spec.tree.levels[-1]
    if spec.levels != highest:
        problems.add(
            ("levels",),
            f"is {spec.levels} but the tree has {highest}",
            f"write levels = {highest} or mend the tree",
        )
    steps = highest - 1
    for key, entries in (
        ("by_level", spec.aggregating.by_level),
        ("min_available", spec.aggregating.min_available),
    ):
        alone = key == "min_available" and len(entries) == 1
        if entries and not alone and len(entries) != steps:
            problems.add(
                ("aggregate", key),
                f"has {len(entries)} entries",
                f"{steps} levels are aggregated: give {steps}",
            )
    for level in spec.weighing.levels:
        if not 2 <= level <= highest:
            problems.add(("weigh", "levels"), f"there is no level {level}", f"give levels from 2 to {highest}")
    if not problems.found:
        # Only now does every node have a rule.
        _check_derived_weights(spec, problems)
    group = spec.imputation.group
    if isinstance(group, int) and not 2 <= group <= highest:
        problems.add(("impute", "group"), f"there is no level {group}", f"give a level from 2 to {highest}")


def _check_derived_weights(spec: Spec, problems: Problems) -> None:
    """The benefit of the doubt is itself a weighted sum, and only means have weights with an effect."""
    useless = {
        "benefit_of_doubt": ("geometric", "harmonic", "generalised", "copeland", "median", "minimum"),
        "effect": ("copeland", "median", "minimum"),
    }.get(spec.weighting, ())
    nodes = spec.tree.columns[spec.tree.leaf_count :]
    for rule, level, code in zip(spec.aggregations, spec.tree.levels, nodes, strict=True):
        if rule.method in useless and (not spec.weighing.levels or level in spec.weighing.levels):
            problems.add(
                ("aggregate",),
                f"{code!r} is aggregated by {rule.method}, to which weights by {spec.weighting} do not apply",
                f"aggregate level {level} arithmetically, or leave it out of levels in [weigh]",
            )


def _check_weights(spec: Spec, problems: Problems) -> None:
    families: dict[str, list[tuple[Path, Node | Indicator]]] = {}
    for path, part in _parts(spec):
        if part.parent is not None:
            families.setdefault(part.parent, []).append((path, part))
    for place, node in _parts(spec):
        if not isinstance(node, Node):
            continue
        children = families[node.code]
        if sum(child.weight for _, child in children) <= 0 and spec.weighting != "equal":
            problems.add(place, f"the weights below {node.code!r} add up to nothing", "give one a positive weight")
        together = sum(child.weight for _, child in children)
        if spec.weights_sum is not None and abs(together - spec.weights_sum) > 1e-9 * (1 + spec.weights_sum):
            problems.add(
                place,
                f"the weights below {node.code!r} add up to {together:g}, not to weights_sum = {spec.weights_sum:g}",
                "correct them, or leave weights_sum out: weights are relative among siblings",
            )
        points = [child.points for _, child in children]
        stated = [value for value in points if value is not None]
        if stated and len(stated) < len(points):
            for path, child in children:
                if child.points is None:
                    problems.add(
                        path,
                        f"{child.code!r} has no points, its siblings have",
                        "give points to all or to none",
                    )
        elif stated and node.points is not None and abs(sum(stated) - node.points) > 1e-9 * (1 + node.points):
            problems.add(
                (*place, "points"),
                f"is {node.points:g} but those below add up to {sum(stated):g}",
                "make them agree",
            )


def _check_transforms(spec: Spec, problems: Problems) -> None:
    for index, indicator in enumerate(spec.indicators):
        posts = indicator.normalisation.parameters.get("goalposts")
        low = posts[0] if isinstance(posts, tuple) else None
        if isinstance(low, float) and (
            (indicator.transform == "ln" and low <= 0) or (indicator.transform == "sqrt" and low < 0)
        ):
            problems.add(
                ("indicator", index, "goalposts"),
                f"{indicator.transform} of the lower goalpost {low:g} does not exist",
                "raise the lower goalpost, or leave the transform out",
            )


def _check_classes(spec: Spec, problems: Problems) -> None:
    codes = [one.code for one in spec.classes]
    for what, values in (("code", codes), ("from", [one.lowest for one in spec.classes])):
        if len(set(values)) < len(values):
            problems.add(("class",), f"two classes have the same {what}", "make each one different")
    nodes = {node.code for node in spec.nodes}
    for index, cap in enumerate(spec.caps):
        if cap.node not in nodes:
            problems.add(("cap", index, "node"), f"{cap.node!r} is not a node", "name the code of a [[node]]")
        if cap.class_at_most not in codes:
            problems.add(("cap", index, "class_at_most"), f"{cap.class_at_most!r} is not a class", "name a [[class]]")
    groups = [group.code for group in spec.peer_groups]
    if len(set(groups)) < len(groups):
        problems.add(("peer_group",), "two peer groups have the same code", "make each one different")


def _check_alternatives(spec: Spec, problems: Problems) -> None:
    highest = spec.tree.levels[-1] if not problems.found else spec.levels
    levels = () if spec.uncertainty is None else spec.uncertainty.weight_levels
    for level in levels:
        if not 1 <= level < highest:
            problems.add(
                ("uncertainty", "weight_levels"),
                f"there are no weights at level {level}",
                f"give levels from 1 to {highest - 1}",
            )
