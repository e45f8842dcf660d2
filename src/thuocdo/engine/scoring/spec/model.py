"""What a scorecard file says, as frozen dataclasses: one `Spec` is one version of a method."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import inf
from typing import Literal

from thuocdo.engine.scoring.spec.vocabulary import PROVENANCES, Parameter, Ties

Weighting = Literal["given", "equal", "effect", "pca", "benefit_of_doubt", "critic", "entropy"]


@dataclass(frozen=True, slots=True)
class Title:
    """A name in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Rounding:
    """How scores are published: decimals, what ranks are taken from, and who shares a rank."""

    decimals: int = 2
    rank_on: Literal["rounded", "full"] = "rounded"
    ties: Ties = "min"


@dataclass(frozen=True, slots=True)
class Imputation:
    """What stands in for a missing value; `group` is a column for group_*, a level for row_mean."""

    method: str = "none"
    value: float | None = None
    group: str | int | None = None


@dataclass(frozen=True, slots=True)
class Treatment:
    """Outlier treatment in two stages: winsorise, then transform what still fails.

    Or by hand (`manual`): values are pulled into [lowest, highest] and then transformed, whatever their shape.
    """

    method: str = "none"
    max_abs_skewness: float = 2.0
    max_kurtosis: float = 3.5
    max_winsorised: int = 5
    transform: str = "log"
    box_cox_lambda: float = 0.5
    combine: bool = False
    lowest: float = -inf
    highest: float = inf


@dataclass(frozen=True, slots=True)
class Normalisation:
    """A method of `NORMALISATIONS` with every one of its parameters that has a value."""

    method: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Aggregation:
    """A mean (or Copeland's rule) of children; `power` belongs to generalised."""

    method: str = "arithmetic"
    power: float | None = None


@dataclass(frozen=True, slots=True)
class Aggregating:
    """How levels are aggregated; `by_level` and `min_available` run from the lowest aggregation upwards.

    `missing` says what an applicable cell without a value counts: nothing (its weight goes to its siblings)
    or zero, once `grace_days` are over; whoever fills the matrix knows which cells are still within them.
    """

    default: Aggregation = Aggregation()
    by_level: tuple[Aggregation, ...] = ()
    min_available: tuple[float, ...] = ()
    missing: Literal["rescale", "zero"] = "rescale"
    grace_days: int = 0


@dataclass(frozen=True, slots=True)
class Weighing:
    """Options of weights that are derived from the data.

    `levels` are those of the nodes whose children are weighed so, empty for every level; elsewhere the given
    weights hold. `shares` are the bounds between which, with the benefit of the doubt, each child's share of
    its parent's score must lie.
    """

    levels: tuple[int, ...] = ()
    shares: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Confidence:
    """The factor with which a value of each provenance counts."""

    system: float = 1.0
    independent: float = 1.0
    cross_checked: float = 1.0
    declared: float = 0.8
    derived: float | None = None

    def factor(self, provenance: str, weakest_input: str = "declared") -> float:
        """The factor of a provenance in [0, 1]; a derived value takes that of its weakest input,
        unless the scorecard states one for derived values. KeyError for an unknown provenance."""
        if provenance not in PROVENANCES:
            raise KeyError(provenance)
        stated: float | None = getattr(self, provenance)
        return self.factor(weakest_input) if stated is None else stated


@dataclass(frozen=True, slots=True)
class ScoreClass:
    """A class that begins at `lowest` points of the rounded index."""

    code: str
    lowest: float
    title: Title


@dataclass(frozen=True, slots=True)
class Cap:
    """With a rounded score of `node` below `below`, no unit is classed above `class_at_most`."""

    node: str
    below: float
    class_at_most: str


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """Units ranked among themselves; the data's column `peer_group` holds the code."""

    code: str
    title: Title


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What varies between the runs of an uncertainty analysis.

    Weights vary by the share `weights` up and down, or by Dirichlet's law around those given when there is a
    `concentration`; `weight_levels` are the levels whose weights vary, all of them when empty. The lists are
    drawn from with equal chances, the scorecard's own method being one of them. A normalisation holds only the
    parameters stated for it. `error` is by provenance a standard deviation in normalised points.
    """

    weights: float = 0.0
    concentration: float | None = None
    weight_levels: tuple[int, ...] = ()
    normalise: tuple[Normalisation, ...] = ()
    aggregate: tuple[Aggregation, ...] = ()
    treat: tuple[Treatment, ...] = ()
    impute: tuple[Imputation, ...] = ()
    error: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Node:
    """An aggregate. Its weight is relative to its siblings'; the top one has no parent."""

    code: str
    title: Title
    parent: str | None = None
    weight: float = 1.0
    points: float | None = None
    aggregation: Aggregation | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A leaf of the tree with everything done to its values before they are aggregated."""

    code: str
    title: Title
    parent: str
    normalisation: Normalisation
    weight: float = 1.0
    points: float | None = None
    direction: Literal[1, -1] = 1
    transform: Literal["ln", "sqrt"] | None = None
    denominator: str | None = None
    denominator_scale: float = 1.0
    treatment: Treatment = Treatment()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """The positions behind a spec: every column of a run, indicators first, then nodes from the lowest level.

    `children` and `levels` have one entry per node in column order; positions refer to `columns`.
    """

    columns: tuple[str, ...]
    children: tuple[tuple[int, ...], ...]
    levels: tuple[int, ...]

    @property
    def leaf_count(self) -> int:
        """How many of the columns are indicators; the column of node i is leaf_count + i."""
        return len(self.columns) - len(self.children)


@dataclass(frozen=True)
class Spec:
    """One version of a method. Read it with `load_spec`, which checks what a dataclass cannot."""

    id: str
    title: Title
    levels: int
    nodes: tuple[Node, ...]
    indicators: tuple[Indicator, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    approved_by: str = ""
    note: str = ""
    rounding: Rounding = Rounding()
    unit_availability: float = 0.0
    unit_nonzero: float = 0.0
    indicator_availability: float = 0.0
    imputation: Imputation = Imputation()
    treatment: Treatment = Treatment()
    normalisation: Normalisation = field(
        default_factory=lambda: Normalisation("min_max", {"lower": 0.0, "upper": 100.0})
    )
    weighting: Weighting = "given"
    weighing: Weighing = Weighing()
    weights_sum: float | None = None
    aggregating: Aggregating = Aggregating()
    confidence: Confidence = Confidence()
    caps: tuple[Cap, ...] = ()
    classes: tuple[ScoreClass, ...] = ()
    peer_groups: tuple[PeerGroup, ...] = ()
    uncertainty: Uncertainty | None = None

    @cached_property
    def tree(self) -> Tree:
        """The tree as positions; nodes of one level keep the order of the file."""
        below: dict[str, list[str]] = {node.code: [] for node in self.nodes}
        parts: tuple[Indicator | Node, ...] = (*self.indicators, *self.nodes)
        for part in parts:
            if part.parent is not None:
                below[part.parent].append(part.code)
        levels = {indicator.code: 1 for indicator in self.indicators}

        def level(code: str) -> int:
            if code not in levels:
                levels[code] = 1 + max(level(child) for child in below[code])
            return levels[code]

        nodes = sorted((node.code for node in self.nodes), key=level)
        columns = (*(indicator.code for indicator in self.indicators), *nodes)
        position = {code: index for index, code in enumerate(columns)}
        return Tree(
            columns=columns,
            children=tuple(tuple(position[child] for child in below[code]) for code in nodes),
            levels=tuple(levels[code] for code in nodes),
        )

    @property
    def top(self) -> str:
        """The code of the index itself."""
        return self.tree.columns[-1]

    @cached_property
    def aggregations(self) -> tuple[Aggregation, ...]:
        """How each node of the tree puts its children together: its own rule, its level's, or the default."""
        own = {node.code: node.aggregation for node in self.nodes}
        by_level, default = self.aggregating.by_level, self.aggregating.default
        return tuple(
            own[code] or (by_level[level - 2] if by_level else default)
            for code, level in zip(self.tree.columns[self.tree.leaf_count :], self.tree.levels, strict=True)
        )
