"""Figures that contradict each other without a stronger one: volume against outcome, a burst at the period's end."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True, slots=True)
class Opposition:
    """A volume that got better while the outcome it should bring got worse; both changes in their own units."""

    volume: tuple[float, float]
    outcome: tuple[float, float]

    @property
    def volume_change(self) -> float:
        """Last minus first."""
        return self.volume[1] - self.volume[0]

    @property
    def outcome_change(self) -> float:
        """Last minus first."""
        return self.outcome[1] - self.outcome[0]


def opposed(
    volume: Sequence[float | None],
    outcome: Sequence[float | None],
    *,
    rise: float,
    fall: float,
    volume_direction: int = 1,
    outcome_direction: int = 1,
) -> Opposition | None:
    """Whether the volume improved by at least `rise` while the outcome worsened by at least `fall`.

    Both run over the same periods, oldest first, None where there is no value; compared are the last period, which
    must have both, and the first one that has both. Direction −1 turns a series round: less is better.
    """
    if rise <= 0 or fall <= 0:
        raise ValueError("Rise and fall are above 0")
    if len(volume) != len(outcome):
        raise ValueError("Both series run over the same periods")
    both = [(a, b) for a, b in zip(volume, outcome, strict=True) if a is not None and b is not None]
    if len(both) < 2 or volume[-1] is None or outcome[-1] is None:
        return None
    first, last = both[0], both[-1]
    better = (last[0] - first[0]) * (-1 if volume_direction < 0 else 1)
    worse = (first[1] - last[1]) * (-1 if outcome_direction < 0 else 1)
    if better < rise or worse < fall:
        return None
    return Opposition((first[0], last[0]), (first[1], last[1]))


def burst(amounts: Sequence[float | None], *, factor: float, least: float) -> float | None:
    """By how many times the last amount exceeds the mean of those before it, where that is at least `factor`.

    At least two earlier amounts must be known and the last must be at least `least`, so that small offices, whose
    months differ by chance, are left alone; None otherwise.
    """
    before = [one for one in amounts[:-1] if one is not None]
    last = amounts[-1] if amounts else None
    if last is None or len(before) < 2 or last < least:
        return None
    mean = fmean(before)
    if mean <= 0:
        return None
    times = last / mean
    return times if times >= factor else None
