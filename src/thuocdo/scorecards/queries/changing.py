"""Why a place changed and what would change it: parts of a change that add up, the smallest ways to a better rank."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from thuocdo.engine.scoring import ScoringError
from thuocdo.engine.scoring.explain import Change, Improvements, decompose_change, improvements
from thuocdo.scorecards.models import Standing

from .methods import spec_of
from .trials import ground_of

# How many places up people ask for.
PLACES = (1, 3, 5)


@dataclass(frozen=True, slots=True)
class PartOfChange:
    """How many points of a change came from one indicator: by its score, and by the weight that it has.

    The weight of a body's indicator changes with the method, or because another begins or ceases to apply.
    """

    code: str
    by_score: float
    by_weight: float

    @property
    def total(self) -> float:
        return round(self.by_score + self.by_weight, 6)


def parts_of_change(now: Standing, before: Standing, *, decimals: int = 2) -> list[PartOfChange]:
    """The change of a published score by indicator, largest first; adds up to it exactly, as rounded here.

    Points are weight × score, so each factor's share is its change times the mean of the other (the Shapley
    value of a product of two). Empty where the index is no sum of points, or one of the scores is missing.
    """
    if now.rounded is None or before.rounded is None:
        return []
    rows: list[tuple[str, float, float]] = []
    for one in spec_of(now.run.scorecard).indicators:
        new, old = now.parts.get(one.code, {}), before.parts.get(one.code, {})
        if "points" not in new or "points" not in old:
            return []
        weight, weight_before = new["of"] or 0.0, old["of"] or 0.0
        total = (new["points"] or 0.0) - (old["points"] or 0.0)
        share, share_before = _share(new), _share(old)
        # Where an indicator did not count at all, nothing but its weight can have changed.
        by_score = 0.0 if not weight or not weight_before else (share - share_before) * (weight + weight_before) / 2
        rows.append((one.code, by_score, total - by_score))
    # An indicator that only the earlier method had is gone with its weight.
    known = {code for code, _, _ in rows}
    for one in spec_of(before.run.scorecard).indicators if before.run.scorecard_id != now.run.scorecard_id else ():
        if one.code not in known:
            rows.append((one.code, 0.0, -(before.parts.get(one.code, {}).get("points") or 0.0)))
    shown = adding_up([by for _, a, b in rows for by in (a, b)], round(now.rounded - before.rounded, 6), decimals)
    parts = [PartOfChange(code, shown[2 * i], shown[2 * i + 1]) for i, (code, _, _) in enumerate(rows)]
    moved = [part for part in parts if part.by_score or part.by_weight]
    return sorted(moved, key=lambda part: (-abs(part.total), part.code))


def _share(part: dict[str, float | None]) -> float:
    possible = part.get("of")
    return (part.get("points") or 0.0) / possible if possible else 0.0


def adding_up(values: Sequence[float], total: float, decimals: int) -> list[float]:
    """The values rounded so that they add up to the total, each to a neighbour of its exact value where possible.

    The largest remainders are rounded up (Hamilton); what the exact values themselves lack goes to the largest.
    """
    if not values:
        return []
    unit = Decimal(1).scaleb(-decimals)
    # Nine decimals are what a run keeps of points; beyond them lies only binary dust.
    exact = [Decimal(repr(round(value, 9))) for value in values]
    floors = [value.quantize(unit, ROUND_FLOOR) for value in exact]
    missing = int(((Decimal(repr(total)) - sum(floors, Decimal(0))) / unit).to_integral_value())
    # A part that is exactly nothing stays nothing: rounding must not invent a reason.
    order = sorted((i for i in range(len(exact)) if exact[i]), key=lambda i: (floors[i] - exact[i], i))
    order = order or list(range(len(exact)))
    steps = 1 if missing >= 0 else -1
    for turn in range(abs(missing)):
        place = order[turn % len(order)] if steps > 0 else order[-1 - turn % len(order)]
        floors[place] += unit * steps
    return [float(value) for value in floors]


@dataclass(frozen=True, slots=True)
class RankShift:
    """Places won (lost when negative): by the body's own score, because others changed, because the method did.

    They add up. Where the method is no part of the game, its share is within the others'.
    """

    before: int
    now: int
    own: float
    others: float
    method: float = 0.0


@dataclass(frozen=True, slots=True)
class ExplainedChange:
    """Why a published score changed: its parts by indicator, and what no indicator of the body has to do with.

    Σ parts + `by_weights` + `by_method` + `by_peers` is the change of the published score, exactly as rounded
    here. `is_sampled` says that there were too many causes to go through all their orders; `error` is then the
    standard error of the parts in points.
    """

    parts: list[PartOfChange]
    by_weights: float
    by_method: float
    by_peers: float
    is_sampled: bool
    error: float
    shift: RankShift | None


def explained_change(now: Standing, before: Standing, *, decimals: int = 2) -> ExplainedChange | None:
    """The change of a published score in parts, by whatever rule the method allows; None where a score is missing.

    Sums of points are read from the standings, at once. Any other method is computed from what both runs kept
    (at most four queries, some tenths of a second): Shapley values of values, weights, method and peers.
    """
    if now.rounded is None or before.rounded is None:
        return None
    if _is_sum(now) and _is_sum(before):
        parts = parts_of_change(now, before, decimals=decimals)
        return ExplainedChange(parts, 0.0, 0.0, 0.0, is_sampled=False, error=0.0, shift=rank_shift(now))
    try:
        change = decompose_change(ground_of(before.run).outcome, ground_of(now.run).outcome, now.body.code)
    except ScoringError as error:
        if error.code not in ("no_index", "unit_unknown"):
            raise
        return None
    exact = [*change.values.tolist(), change.weights, change.method, change.peers]
    shown = adding_up(exact, round(now.rounded - before.rounded, 6), decimals)
    parts = [PartOfChange(code, part, 0.0) for code, part in zip(change.indicators, shown, strict=False) if part]
    return ExplainedChange(
        parts=sorted(parts, key=lambda part: (-abs(part.total), part.code)),
        by_weights=shown[-3],
        by_method=shown[-2],
        by_peers=shown[-1],
        is_sampled=change.how == "shapley_sampled",
        error=change.error,
        shift=_shift_of(change),
    )


def _is_sum(standing: Standing) -> bool:
    """Whether the run kept points by indicator, which it does where the index is their sum."""
    return any("points" in standing.parts.get(one.code, {}) for one in spec_of(standing.run.scorecard).indicators)


def _shift_of(change: Change) -> RankShift | None:
    rank = change.rank
    if rank.before != rank.before or rank.after != rank.after:
        return None
    return RankShift(round(rank.before), round(rank.after), rank.own, rank.others, rank.method)


def rank_shift(now: Standing) -> RankShift | None:
    """How a change of rank divides between the body and its peers; None without a rank before and now. One query.

    The mean of both orders in which the changes can have happened (Shapley): the body first, or the others.
    """
    if now.rank is None or now.previous_rank is None or now.rounded is None or now.previous_rounded is None:
        return None
    peers = list(
        Standing.objects.filter(run_id=now.run_id).exclude(pk=now.pk).values_list("rounded", "previous_rounded")
    )
    is_dense = spec_of(now.run.scorecard).rounding.ties == "dense"
    new = [score for score, _ in peers if score is not None]
    old = [score for _, score in peers if score is not None]

    def place(own: float, others: list[float]) -> int:
        better = [score for score in others if score > own]
        return 1 + (len(set(better)) if is_dense else len(better))

    before, after = place(now.previous_rounded, old), place(now.rounded, new)
    own = ((before - place(now.rounded, old)) + (place(now.previous_rounded, new) - after)) / 2
    return RankShift(now.previous_rank, now.rank, own, now.previous_rank - now.rank - own)


def ways_up(standing: Standing, *, places: Sequence[int] = PLACES) -> list[Improvements]:
    """The smallest improvements that raise the body by 1, 3 and 5 places, as far as there are so many above it.

    At most one query; some tenths of a second. Empty for a body without a rank.
    """
    outcome = ground_of(standing.run).outcome
    found = []
    for count in places:
        if standing.rank is None or standing.rank <= count:
            continue
        try:
            found.append(improvements(outcome, standing.body.code, count))
        except ScoringError as error:
            if error.code not in ("places", "no_index", "unit_unknown"):
                raise
    return found
