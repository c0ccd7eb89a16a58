"""What cannot be said and why, and how sure the rest is: intervals of a lean and of its size."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple

from scipy.optimize import brentq
from scipy.special import stdtr, stdtrit


class Missing(StrEnum):
    """Why there is no figure, or no interval beside one."""

    NO_RECORDS = "no_records"
    """Nothing was recorded."""
    NO_CAPACITY = "no_capacity"
    """A side has not stated its capacity, or stated none."""
    ONE_SIDE_UNKNOWN = "one_side_unknown"
    """Of at least one side nothing is known."""
    TOO_FEW = "too_few"
    """Too few records or people to say it."""
    ALL_ZERO = "all_zero"
    """Nobody contributed: no balance can be seen in nothing."""
    ONE_SIDE_ZERO = "one_side_zero"
    """A side contributed nothing: the figure stands, its uncertainty cannot be measured."""
    ONE_RECORD_DECIDES = "one_record_decides"
    """All that a side contributed stands in one record."""
    NO_SPREAD = "no_spread"
    """All records lean alike: there is no spread to measure uncertainty from."""
    TOO_YOUNG = "too_young"
    """The partnership is younger than what is asked."""


class Interval(NamedTuple):
    """From `low` to `high`; holds the truth with probability `level`."""

    low: float
    high: float
    level: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def least_size(self) -> float:
        """The smallest absolute value inside: above 0 where the sign is sure."""
        return max(self.low, -self.high, 0.0)

    @property
    def greatest_size(self) -> float:
        return max(-self.low, self.high)

    def scaled(self, factor: float) -> Interval:
        """All times `factor`, which is above 0."""
        return Interval(self.low * factor, self.high * factor, self.level)


class Estimate(NamedTuple):
    """A number, its standard error, and the degrees of freedom of that error."""

    value: float
    error: float
    freedom: float

    def interval(self, level: float) -> Interval:
        """Student's interval."""
        half = self.error * float(stdtrit(self.freedom, (1 + level) / 2))
        return Interval(self.value - half, self.value + half, level)


def fold(estimate: Estimate, level: float) -> Interval:
    """The interval of the *size* of a lean, whatever its sign.

    Taking the sizes inside the interval of the lean itself would be too cautious: for a truth near one
    half-width it covers 90 % instead of 80 %, since a miss on one side is a hit on the other. Here size a is
    kept if ||T| - a| is no further out than `level` allows when a is true, T being the estimate: the test of
    a folded t (for the normal: Leone, Nelson, Nottingham 1961), inverted. It lies within the naive interval,
    and holds 0 exactly where the lean's own interval does.

    >>> [round(end, 2) for end in fold(Estimate(0.0, 1.0, 1e9), 0.8)[:2]]
    [0.0, 0.86]
    >>> [round(end, 2) for end in fold(Estimate(-9.0, 1.0, 1e9), 0.8)[:2]]
    [7.72, 10.28]
    """
    if estimate.error <= 0:
        return Interval(abs(estimate.value), abs(estimate.value), level)
    seen = abs(estimate.value) / estimate.error
    reach = float(stdtrit(estimate.freedom, (1 + level) / 2))

    def excess(size: float) -> float:
        return _chance_nearer(size, abs(seen - size), estimate.freedom) - level

    low = 0.0 if seen <= reach else _root(excess, seen, seen - reach)
    high = _root(excess, seen, seen + reach)
    return Interval(low * estimate.error, high * estimate.error, level)


def widest(pairs: Iterable[Interval], level: float) -> Interval:
    """The interval of the largest size among simultaneous intervals, e.g. of all pairs of sides.

    It holds the truth with probability `level` or more.
    """
    sizes = [(pair.least_size, pair.greatest_size) for pair in pairs]
    return Interval(max(low for low, _ in sizes), max(high for _, high in sizes), level)


def simultaneous(level: float, sides: int) -> float:
    """The level for each pair of sides such that all pairs together keep `level` (Bonferroni).

    >>> round(simultaneous(0.8, 2), 3), round(simultaneous(0.8, 3), 3)
    (0.8, 0.933)
    """
    return 1 - (1 - level) / (sides * (sides - 1) / 2)


def checked_level(level: float) -> float:
    """Raises ValueError for what is no level."""
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, not {level}")
    return level


def _chance_nearer(size: float, distance: float, freedom: float) -> float:
    """The chance that the size of (size + t) is at most `distance` from `size`."""
    inside = float(stdtr(freedom, distance)) - float(stdtr(freedom, -2 * size - distance))
    if distance >= size:
        return inside
    return inside - float(stdtr(freedom, -distance)) + float(stdtr(freedom, distance - 2 * size))


def _root(excess: Callable[[float], float], inside: float, outside: float) -> float:
    """Between a size that is kept and one that is not, or just not for rounding."""
    if excess(outside) <= 0:
        return outside
    return float(brentq(excess, min(inside, outside), max(inside, outside), xtol=1e-10))
