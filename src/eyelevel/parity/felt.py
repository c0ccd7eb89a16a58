"""The eye-level check: how balanced the sides feel, and how far their views are apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eyelevel.parity.interval import (
    Estimate,
    Interval,
    Missing,
    checked_level,
    fold,
    simultaneous,
    widest,
)

Float64 = NDArray[np.float64]

SCALE = 2.0
"""Answers go from -SCALE, clearly the other side, over 0, both alike, to +SCALE, clearly us."""
PRIOR_FREEDOM = 1.0
"""How many answers' worth the spread in all dimensions counts in each."""
ROUNDING = 1 / 24
"""The variance that rounding to whole steps hides in the mean of two answers (Sheppard 1898)."""


@dataclass(frozen=True)
class FeltDimension:
    """One dimension of the check.

    `means`: each side's view, above 0 "rather us". `lean`, for two sides: half the first's view minus half
    the second's, above 0 both together see the first carry it. `balance`: 1 level, 0 one side carries it all.
    `gap`: 0 the views agree; above 0 every side feels that it carries it, below 0 each credits the other.
    `people`: how many of each side answered it. With `missing` there is nothing but that.
    """

    dimension: int
    people: tuple[int, ...]
    missing: Missing | None = None
    means: tuple[float, ...] | None = None
    lean: float | None = None
    lean_interval: Interval | None = None
    balance: float | None = None
    balance_interval: Interval | None = None
    gap: float | None = None
    gap_interval: Interval | None = None


@dataclass(frozen=True)
class Felt:
    """All dimensions, in ascending order of their number."""

    dimensions: tuple[FeltDimension, ...]
    level: float

    def __getitem__(self, dimension: int) -> FeltDimension:
        """Raises KeyError for a dimension nobody was asked about."""
        for found in self.dimensions:
            if found.dimension == dimension:
                return found
        raise KeyError(dimension)


def felt(answers: Sequence[ArrayLike], dimension: ArrayLike, *, level: float = 0.8, least: int = 3) -> Felt:
    """What the sides' blind answers say together.

    `answers`: an array (people, questions) for each side, every answer from -2 "clearly the other side" over
    0 "both alike" to 2 "clearly us", NaN where skipped. `dimension` (questions,): the dimension of each
    question, whole numbers. A person's view of a dimension is the mean of what it answered there.

    Intervals are Welch's (1947) with Satterthwaite's degrees of freedom. Each variance is first drawn towards
    that of the same side over all dimensions (Smyth 2004), and that one never below what rounding hides, so
    that three equal answers are not taken for certainty. The interval of the balance is that of the size of
    the lean; with more than two sides it comes from all pairs at once and covers `level` or more.

    A dimension in which a side has fewer than `least` people who answered says so, and nothing else. Raises
    ValueError for answers off the scale, shapes that do not fit, or `least` below 2.

    >>> ours = [[2, 1], [1, 1], [2, 2]]
    >>> theirs = [[0, 0], [0, 1], [1, 0]]
    >>> found = felt([ours, theirs], [0, 0])[0]
    >>> round(found.lean, 2), round(found.balance, 2), round(found.gap, 2)
    (0.58, 0.71, 1.83)
    """
    checked_level(level)
    if least < 2:
        raise ValueError("least must be at least 2: one person's answers are that person's alone")
    kinds = np.asarray(dimension)
    if kinds.ndim != 1 or not np.issubdtype(kinds.dtype, np.integer):
        raise ValueError("dimension must be (questions,) whole numbers")
    if len(answers) < 2:
        raise ValueError("answers must be of two sides or more")
    asked = np.unique(kinds)
    views = [_views(_checked(side, len(kinds)), kinds, asked) for side in answers]
    priors = [_common_variance(side) for side in views]
    dimensions = []
    for column, number in enumerate(asked.tolist()):
        each = [side[~np.isnan(side[:, column]), column] for side in views]
        people = tuple(len(values) for values in each)
        if min(people) < least:
            dimensions.append(FeltDimension(number, people, _why_missing(people)))
        else:
            sides = [_mean(values, prior) for values, prior in zip(each, priors, strict=True)]
            dimensions.append(_dimension(number, people, sides, level=level))
    return Felt(tuple(dimensions), level)


def talk_first(found: Felt) -> list[int]:
    """The dimensions with a result, in the order in which they are worth talking about.

    First those whose views surely differ, by how much at least; then those that surely lean, by how much at
    least; then by how far the views, and last the lean, lie from 0.
    """
    known = [dimension for dimension in found.dimensions if dimension.missing is None]
    return [dimension.dimension for dimension in sorted(known, key=_urgency)]


def _urgency(found: FeltDimension) -> tuple[float, float, float, float, int]:
    views = found.gap_interval.least_size if found.gap_interval else 0.0
    level = found.balance_interval.high if found.balance_interval else 1.0
    return -views, level, -abs(found.gap or 0.0), found.balance or 0.0, found.dimension


def _checked(side: ArrayLike, questions: int) -> Float64:
    rows = np.asarray(side, dtype=np.float64)
    if rows.size == 0:
        rows = rows.reshape(0, questions)
    if rows.ndim != 2 or rows.shape[1] != questions:
        raise ValueError(f"answers of a side must be (people, {questions})")
    if (np.abs(rows) > SCALE).any():
        raise ValueError(f"answers must be between {-SCALE:g} and {SCALE:g}, NaN where skipped")
    return rows


def _views(rows: Float64, kinds: NDArray[np.int64], asked: NDArray[np.int64]) -> Float64:
    """(people, dimensions): the mean of what each person answered, NaN where nothing."""
    views = np.full((len(rows), len(asked)), np.nan)
    for column, number in enumerate(asked):
        own = rows[:, kinds == number]
        count = (~np.isnan(own)).sum(axis=1)
        some = count > 0
        views[some, column] = np.nansum(own[some], axis=1) / count[some]
    return views


def _common_variance(views: Float64) -> float:
    """Of one side within its dimensions, pooled."""
    squares, freedom = 0.0, 0
    for column in views.T:
        values = column[~np.isnan(column)]
        if len(values) > 1:
            squares += float(((values - values.mean()) ** 2).sum())
            freedom += len(values) - 1
    return max(squares / freedom, ROUNDING) if freedom else ROUNDING


def _mean(values: Float64, prior: float) -> Estimate:
    squares = float(((values - values.mean()) ** 2).sum())
    freedom = PRIOR_FREEDOM + len(values) - 1
    variance = (PRIOR_FREEDOM * prior + squares) / freedom
    return Estimate(float(values.mean()), math.sqrt(variance / len(values)), freedom)


def _why_missing(people: tuple[int, ...]) -> Missing:
    if max(people) == 0:
        return Missing.NO_RECORDS
    return Missing.ONE_SIDE_UNKNOWN if min(people) == 0 else Missing.TOO_FEW


def _dimension(number: int, people: tuple[int, ...], sides: list[Estimate], *, level: float) -> FeltDimension:
    means = tuple(side.value for side in sides)
    pairs = [_welch(first, second, sign=-1) for first, second in combinations(sides, 2)]
    is_pair = len(sides) == 2
    if is_pair:
        apart = fold(pairs[0], level)
    else:
        each = simultaneous(level, len(sides))
        apart = widest((pair.interval(each) for pair in pairs), level)
    most = 2 * SCALE
    low, high = max(1 - apart.high / most, 0.0), 1 - apart.low / most
    gap = _welch(*sides, sign=1)
    factor = 2 / len(sides)
    return FeltDimension(
        number,
        people,
        means=means,
        lean=pairs[0].value / 2 if is_pair else None,
        lean_interval=pairs[0].interval(level).scaled(0.5) if is_pair else None,
        balance=1 - (max(means) - min(means)) / most,
        balance_interval=Interval(low, high, level),
        gap=gap.value * factor,
        gap_interval=gap.interval(level).scaled(factor),
    )


def _welch(first: Estimate, *others: Estimate, sign: int) -> Estimate:
    """The first plus or minus all others."""
    value = first.value + sign * sum(other.value for other in others)
    variances = [(side.error**2, side.freedom) for side in (first, *others)]
    total = sum(variance for variance, _ in variances)
    freedom = total**2 / sum(variance**2 / freedom for variance, freedom in variances)
    return Estimate(value, math.sqrt(total), freedom)
