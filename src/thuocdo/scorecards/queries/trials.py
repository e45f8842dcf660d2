"""Trials: a stored run computed with other weights or values, beside the run itself; nothing is written."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock

import numpy as np

from thuocdo.engine.scoring import Matrix, Outcome, Spec, compute
from thuocdo.engine.scoring.aggregate import aggregate
from thuocdo.engine.scoring.weight import sibling_weights
from thuocdo.scorecards.models import Run

from .content import Content, content_of
from .methods import spec_of

# What one process keeps of runs that people try things on; the least recently used gives way.
MOST_KEPT = 6
MOST_BYTES = 96_000_000


class TrialRefused(ValueError):
    """A trial that cannot be computed; `code` is the part of the scorecard that the message is about."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, eq=False, slots=True)
class Ground:
    """What a run was computed from and came to; weights are tried on its normalised block."""

    content: Content
    matrix: Matrix
    outcome: Outcome
    # The place of every unit in the outcome, by code.
    place_of: Mapping[str, int]

    @property
    def size(self) -> int:
        """How many bytes keeping it takes, roughly."""
        return self.content.nbytes + self.outcome.scores.nbytes * 3 + self.outcome.normalised.nbytes * 4


@dataclass(frozen=True, slots=True)
class Place:
    """A body before and after: rank, published score and class; `won` are the places gained, negative when lost."""

    code: str
    rank_before: int | None
    rank: int | None
    score_before: float | None
    score: float | None
    class_before: str
    score_class: str

    @property
    def won(self) -> int | None:
        return None if self.rank is None or self.rank_before is None else self.rank_before - self.rank

    @property
    def gained(self) -> float | None:
        """Points gained, as published."""
        if self.score is None or self.score_before is None:
            return None
        return round(self.score - self.score_before, 6)

    @property
    def is_class_changed(self) -> bool:
        return self.class_before != self.score_class


@dataclass(frozen=True, eq=False)
class Trial:
    """The same run twice: as stored, and with what was tried."""

    before: Outcome
    after: Outcome

    @cached_property
    def places(self) -> list[Place]:
        """Every body, best first by the trial, bodies without a score last."""
        old, new = _figures(self.before), _figures(self.after)
        places = [
            Place(unit, old[unit][0], rank, old[unit][1], score, old[unit][2], score_class)
            for unit, (rank, score, score_class) in new.items()
        ]
        places.sort(key=lambda one: (one.rank is None, one.rank or 0, one.code))
        return places

    @cached_property
    def moved(self) -> list[Place]:
        """The bodies whose rank is another, those that moved furthest first."""
        found = [one for one in self.places if one.won]
        return sorted(found, key=lambda one: (-abs(one.won or 0), -abs(one.gained or 0.0), one.code))

    @cached_property
    def classes_changed(self) -> int:
        """How many bodies would be in another class."""
        return sum(one.is_class_changed for one in self.places)


def ground_of(run: Run) -> Ground:
    """The run's matrix and outcome, kept by the digests that say what it is; at most two queries, where not kept."""
    key = (run.inputs_digest, run.method_digest, run.engine_version)
    with _kept_lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    content = content_of(run)
    matrix = content.matrix
    outcome = compute(spec_of(run.scorecard), matrix)
    ground = Ground(content, matrix, outcome, {code: place for place, code in enumerate(outcome.units)})
    with _kept_lock:
        _kept[key] = ground
        while len(_kept) > 1 and (len(_kept) > MOST_KEPT or sum(one.size for one in _kept.values()) > MOST_BYTES):
            _kept.popitem(last=False)
    return ground


def weights_of(spec: Spec) -> dict[str, float]:
    """The weight of every node and indicator as it counts among its siblings."""
    return dict(zip(spec.tree.columns, sibling_weights(spec).tolist(), strict=True))


def basis_of(outcome: Outcome) -> Spec:
    """The method with the weights that the run had: those of the file, or those that it derived from its data (of
    units with weights of their own, their mean), for a trial moves weights that stand."""
    derived = outcome.derived_weights
    if derived is None:
        return outcome.spec
    weights = derived if derived.ndim == 1 else np.nanmean(derived, axis=0)
    return _weighed(outcome.spec, dict(zip(outcome.columns, weights.tolist(), strict=True)))


def with_weights(spec: Spec, weights: Mapping[str, float]) -> Spec:
    """The method with other weights for some of its parts; TrialRefused for what is no set of weights."""
    now = weights_of(spec)
    for code, weight in weights.items():
        if code not in now or code == spec.top:
            raise TrialRefused(f"The scorecard has no weight for {code!r}.", code)
        if not np.isfinite(weight) or weight < 0:
            raise TrialRefused(f"The weight of {code} must be 0 or more.", code)
    now |= weights
    tree = spec.tree
    for place, children in enumerate(tree.children):
        if not sum(now[tree.columns[child]] for child in children) > 0:
            node = tree.columns[tree.leaf_count + place]
            raise TrialRefused(f"Below {node} at least one weight must be above 0.", node)
    return _weighed(spec, now)


def _weighed(spec: Spec, weights: Mapping[str, float]) -> Spec:
    return replace(
        spec,
        weighting="given",
        nodes=tuple(replace(node, weight=weights[node.code]) for node in spec.nodes),
        indicators=tuple(replace(one, weight=weights[one.code]) for one in spec.indicators),
    )


def trial(
    run: Run, *, weights: Mapping[str, float], body: str = "", values: Mapping[str, float] | None = None
) -> Trial:
    """The run with other weights by code, and other values of one body by indicator, nothing stored.

    Weights alone are put together anew from the kept block of normalised values; a changed value goes through
    the whole method. A changed value keeps the confidence of the one it stands for; where there was none, it
    counts as declared. Raises TrialRefused, and ScoringError for values that the method cannot score.
    """
    ground = ground_of(run)
    before = ground.outcome
    spec = with_weights(basis_of(before), weights) if weights else before.spec
    if values:
        return Trial(before, compute(spec, _changed(ground.matrix, spec, body, values)))
    if not weights:
        return Trial(before, before)
    return Trial(before, reweighted(before, spec))


def reweighted(before: Outcome, spec: Spec) -> Outcome:
    """The outcome by a method that differs in its weights alone, from the normalised block on."""
    counted = np.ascontiguousarray(before.scores[:, : spec.tree.leaf_count].T)
    not_applicable = np.ascontiguousarray(before.not_applicable.T) if before.not_applicable.any() else None
    scores = aggregate(spec, counted, not_applicable).T
    return replace(before, spec=spec, scores=scores, derived_weights=None)


def _changed(matrix: Matrix, spec: Spec, body: str, values: Mapping[str, float]) -> Matrix:
    if body not in matrix.units:
        raise TrialRefused(f"{body!r} is not among the bodies of this run.", body)
    row = matrix.units.index(body)
    new = matrix.values.copy()
    assert matrix.confidence is not None  # noqa: S101 (read_back fills it)
    assert matrix.not_applicable is not None  # noqa: S101
    confidence, not_applicable = matrix.confidence.copy(), matrix.not_applicable.copy()
    for code, value in values.items():
        if code not in matrix.indicators:
            raise TrialRefused(f"The run has no indicator {code!r}.", code)
        if not np.isfinite(value):
            raise TrialRefused(f"The value of {code} must be a number.", code)
        column = matrix.indicators.index(code)
        if np.isnan(new[row, column]):
            confidence[row, column] = spec.confidence.declared
        new[row, column] = value
        not_applicable[row, column] = False
    return replace(matrix, values=new, confidence=confidence, not_applicable=not_applicable)


def _figures(outcome: Outcome) -> dict[str, tuple[int | None, float | None, str]]:
    """Rank, published score and class of every unit."""
    top = outcome.spec.top
    ranks, scores = outcome.ranks_of(top).tolist(), outcome.rounded_of(top).tolist()
    return {
        unit: (None if rank != rank else int(rank), None if score != score else score, score_class or "")
        for unit, rank, score, score_class in zip(outcome.units, ranks, scores, outcome.classes, strict=True)
    }


_kept: "OrderedDict[tuple[str, str, str], Ground]" = OrderedDict()
_kept_lock = Lock()
