"""Looking for raw values of one unit that bring it a rank."""

from collections.abc import Mapping

import numpy as np

from thuocdo.engine.scoring.explain.scale import Scale, ends_of
from thuocdo.engine.scoring.explain.ways import Combination, Improvement, Step, Verification
from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, ScoringError

# Values tried at once between what is too little and what is enough; so many rounds leave no gap between floats.
_TRIES = 9
_ROUNDS = 22
_MOST_STEPS = 100


class Search:
    """Looks for raw values of one unit that bring it a rank."""

    def __init__(self, scale: Scale, target: float, limits: Mapping[str, tuple[float, float]]) -> None:
        self.scale, self.target = scale, target
        self.outcome, self.spec = scale.outcome, scale.outcome.spec
        self.others = scale.keys(scale.outcome.scores[:, -1])[scale.peers]
        self.index = float(scale.outcome.scores[scale.unit, -1])
        self.worst, self.best = np.empty(len(scale.own)), np.empty(len(scale.own))
        for row, indicator in enumerate(self.spec.indicators):
            low, high = limits.get(indicator.code, (-np.inf, np.inf))
            worst, best = ends_of(scale.outcome, scale.unit, row)
            self.worst[row], self.best[row] = np.clip([worst, best], low, high)
        held = scale.raw.copy()
        gaps = np.isnan(held)
        held[gaps] = self.worst[gaps]
        self.start = held

    def can_rise(self, row: int) -> bool:
        """Whether a better value than the present one exists for a cell that applies."""
        if self.outcome.not_applicable[self.scale.unit, row] or np.isnan([self.best[row], self.start[row]]).any():
            return False
        return bool(np.isnan(self.scale.raw[row])) or self._towards_best(row)

    def _towards_best(self, row: int) -> bool:
        indicator = self.spec.indicators[row]
        if indicator.normalisation.method == "range":
            return bool(self.best[row] != self.start[row])
        if indicator.normalisation.method == "target_path":
            # The path may fall or rise, whatever the direction.
            return bool((self.best[row] - self.start[row]) * (self.best[row] - self.worst[row]) > 0)
        return bool((self.best[row] - self.start[row]) * indicator.direction > 0)

    def reached(self, index: FloatArray) -> BoolArray:
        """Whether each of some indices of the unit has the rank, the others as they are."""
        return np.asarray(self.scale.rank_among(self.scale.keys(index), self.others) <= self.target + 1e-9)

    def replay(self, changes: Mapping[int, float]) -> tuple[float, bool]:
        """Index and success of raw values that may move the other units too."""
        index = self.scale.replayed(changes)
        keys = self.scale.keys(index)
        rank = self.scale.rank_among(keys[[self.scale.unit]], keys[self.scale.peers])[0]
        return float(index[self.scale.unit]), bool(rank <= self.target + 1e-9)

    def needed(self) -> float:
        """The lowest key with the rank: that of a peer, or the next one above it."""
        keys = np.unique(self.others)
        if self.spec.rounding.rank_on == "full":
            above = keys + np.maximum(np.abs(keys), 1.0) * 1e-11
        else:
            above = self.scale.keys(keys + 10.0**-self.spec.rounding.decimals)
        candidates = np.unique(np.concatenate([keys, above]))
        good = candidates[self.scale.rank_among(candidates, self.others) <= self.target + 1e-9]
        return float(good[0]) if len(good) else float("nan")

    def singles(self, rows: list[int]) -> list[Improvement]:
        """Every indicator by itself."""
        fixed = [row for row in rows if self.scale.is_fixed[row]]
        found = dict(zip(fixed, self._fixed_singles(fixed, self.scale.own), strict=True))
        for row in rows:
            if row not in found:
                found[row] = self._moving_single(row)
        return [found[row] for row in rows]

    def _supposing(self, rows: list[int], worth: FloatArray, base: FloatArray) -> FloatArray:
        counted = np.repeat(base[:, None], len(rows), axis=1)
        counted[rows, np.arange(len(rows))] = worth
        return self.scale.supposed(counted)

    def _fixed_singles(self, rows: list[int], base: FloatArray) -> list[Improvement]:
        """All fixed indicators at once: each try of each is a supposed unit of its own."""
        if not rows:
            return []
        full = self.scale.worth(rows, self.best[rows])
        gains = self._supposing(rows, full, base) - self.index
        needed = self._smallest(rows, base)
        worth = self.scale.worth(rows, np.where(np.isnan(needed), self.best[rows], needed))
        return [
            self._improvement(row, gain, value, float(there))
            for row, gain, value, there in zip(rows, gains.tolist(), needed.tolist(), worth, strict=True)
        ]

    def _smallest(self, rows: list[int], base: FloatArray) -> FloatArray:
        """The least raw value of each indicator that is enough, nan where none is, others at `base`."""
        low, high = self.start[rows].copy(), self.best[rows].copy()
        enough = self.reached(self._supposing(rows, self.scale.worth(rows, high), base))
        open_rows = np.flatnonzero(enough)
        steps = np.linspace(0.0, 1.0, _TRIES + 2)[1:-1]
        for _ in range(_ROUNDS):
            if not len(open_rows):
                break
            tries = low[open_rows, None] + (high - low)[open_rows, None] * steps
            members = [rows[place] for place in open_rows for _ in steps]
            good = self.reached(self._supposing(members, self.scale.worth(members, tries.ravel()), base)).reshape(
                tries.shape
            )
            for order, place in enumerate(open_rows):
                first = int(np.argmax(good[order])) if good[order].any() else len(steps)
                if first < len(steps):
                    high[place] = tries[order, first]
                if first > 0:
                    low[place] = tries[order, first - 1]
            open_rows = open_rows[np.nextafter(low, high)[open_rows] != high[open_rows]]
        return np.where(enough, high, np.nan)

    def _moving_single(self, row: int) -> Improvement:
        """An indicator whose improvement moves the other units: every try goes through the method."""
        index, enough = self.replay({row: float(self.best[row])})
        gain = index - self.index
        needed = self._least_moving(row, {}) if enough else float("nan")
        worth = float("nan") if np.isnan(needed) else self.scale.placed(row, needed)
        return self._improvement(row, gain, needed, worth)

    def _least_moving(self, row: int, held: Mapping[int, float]) -> float:
        low, high = float(self.start[row]), float(self.best[row])
        # To a part in 10^11 of the way: each try is a run of the method.
        for _ in range(37):
            middle = low + (high - low) / 2
            if self.replay({**held, row: middle})[1]:
                high = middle
            else:
                low = middle
        return high

    def gains(self, rows: list[int]) -> FloatArray:
        """What the best value of each indicator would add to the index, the other units held."""
        return self._supposing(rows, self._full_worth(rows), self.scale.own) - self.index

    def _improvement(self, row: int, gain: float, needed: float, worth: float) -> Improvement:
        now, own = float(self.scale.raw[row]), float(self.scale.own[row])
        missing = np.isnan(needed)
        return Improvement(
            indicator=self.spec.indicators[row].code,
            now=None if np.isnan(now) else now,
            best=float(self.best[row]),
            gain=gain,
            needed=None if missing else needed,
            points=None if missing else worth - (0.0 if np.isnan(own) else own),
        )

    def verifications(self) -> list[Verification]:
        """Every value that counts less than in full, confirmed as it is."""
        cells = self.outcome.cells.confidence
        if cells is None:
            return []
        factors = cells[:, self.scale.unit]
        rows = [row for row in range(len(factors)) if 0 < factors[row] < 1 and self.scale.own[row] > 0]
        if not rows:
            return []
        index = self._supposing(rows, self.scale.own[rows] / factors[rows], self.scale.own)
        found = [
            Verification(self.spec.indicators[row].code, float(factors[row]), gain, bool(enough))
            for row, gain, enough in zip(rows, (index - self.index).tolist(), self.reached(index), strict=True)
        ]
        return sorted(found, key=lambda one: -one.gain)

    def combination(self, rows: list[int], costs: Mapping[str, float]) -> Combination | None:
        """Improvements by their points of the index per cost, each in full until the last is cut to what is needed."""
        price = {row: costs.get(self.spec.indicators[row].code, 1.0) for row in rows}
        left = [row for row in rows if not np.isnan(self.scale.raw[row]) and np.isfinite(price[row])]
        if any(one < 0 for one in price.values()):
            raise ScoringError("Costs must be 0 or more", "costs")
        fixed = bool(self.scale.is_fixed[left].all())
        is_sum = all(rule.method == "arithmetic" for rule in self.spec.aggregations)
        continuous = all(
            self.spec.indicators[row].normalisation.method not in ("bands", "rank", "borda") for row in left
        )
        counted = self.scale.own.copy()
        chosen: dict[int, float] = {}
        full = dict(zip(left, self._full_worth(left).tolist(), strict=True))
        while left and len(chosen) < _MOST_STEPS:
            here = float(self.scale.supposed(counted[:, None])[0])
            gains = self._supposing(left, np.array([full[row] for row in left]), counted) - here
            room = np.array([full[row] - counted[row] for row in left])
            value = np.array([price[row] for row in left]) * np.maximum(room, 1e-300)
            with np.errstate(divide="ignore"):
                order = np.where(gains > 0, gains / value, -1.0)
            place = int(np.argmax(order))
            if order[place] < 0:
                return None
            row = left.pop(place)
            if self._is_enough(row, chosen, counted, full[row], fixed=fixed):
                last = self._least(row, chosen, counted, fixed=fixed)
                chosen[row] = last
                steps = tuple(self._steps(chosen, price))
                return Combination(steps, sum(step.cost for step in steps), fixed and is_sum and continuous)
            chosen[row], counted[row] = float(self.best[row]), full[row]
        return None

    def _full_worth(self, rows: list[int]) -> FloatArray:
        fixed = [row for row in rows if self.scale.is_fixed[row]]
        found = dict(zip(fixed, self.scale.worth(fixed, self.best[fixed]).tolist(), strict=True))
        return np.array([found[row] if row in found else self.scale.placed(row, float(self.best[row])) for row in rows])

    def _is_enough(
        self, row: int, chosen: Mapping[int, float], counted: FloatArray, worth: float, *, fixed: bool
    ) -> bool:
        if not fixed:
            return self.replay({**chosen, row: float(self.best[row])})[1]
        return bool(self.reached(self._supposing([row], np.array([worth]), counted))[0])

    def _least(self, row: int, chosen: Mapping[int, float], counted: FloatArray, *, fixed: bool) -> float:
        if fixed:
            return float(self._smallest([row], counted)[0])
        return self._least_moving(row, chosen)

    def _steps(self, chosen: Mapping[int, float], price: Mapping[int, float]) -> list[Step]:
        steps = []
        for row, needed in chosen.items():
            fixed = self.scale.is_fixed[row]
            worth = float(self.scale.worth([row], np.array([needed]))[0]) if fixed else self.scale.placed(row, needed)
            points = worth - float(self.scale.own[row])
            now = float(self.scale.raw[row])
            steps.append(Step(self.spec.indicators[row].code, now, needed, points, points * price[row]))
        return steps
