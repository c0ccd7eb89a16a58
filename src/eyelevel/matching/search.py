"""The two engines behind `top`: bound every score cheaply, examine in full what the bound cannot rule out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eyelevel.matching.space import Float32, Float64, Query, Space

Int64 = NDArray[np.int64]

FIRST_LOOK = 4
"""The NumPy engine first examines this many times k rows, those with the best bounds."""
BATCH = 4096
"""Rows widened to double precision at a time, so that an exhaustive search needs little memory."""
SPARSE = 1 / 8
"""With fewer rows allowed than this, gathering them is cheaper than reading all."""


@dataclass(frozen=True)
class Certificate:
    """Why a list is exact: no row left out scores above `bound`; the last of a full list scores `threshold`.

    A list shorter than k has threshold -inf, and then every allowed row was examined; when nothing was left
    out, bound is -inf. `examined` counts the rows of which both directions were computed, `passes` the
    rounds of examination.
    """

    threshold: float
    bound: float
    examined: int
    passes: int

    @property
    def exact(self) -> bool:
        return self.bound <= self.threshold


@dataclass(frozen=True, eq=False)
class Task:
    """What is asked of an engine, checked; `bounding` times a row bounds its score up to the slack."""

    space: Space
    query: Query
    k: int
    allowed: NDArray[np.bool_] | None
    groups: Int64 | None
    per_group: int
    is_mutual: bool
    bounding: Float32
    bound_slack: float
    score_slack: float

    def scores(self, forward: ArrayLike, backward: ArrayLike) -> Float64:
        return harmonic_mean(forward, backward) if self.is_mutual else np.asarray(forward, dtype=np.float64)


def search_numpy(task: Task) -> tuple[Int64, Certificate]:
    """Bound all rows by one product, examine the most promising, then all the k-th best cannot rule out."""
    bounds, left = _bounds(task)
    chosen, scores = np.empty(0, dtype=np.int64), np.empty(0)
    look, passes, examined, threshold = FIRST_LOOK * task.k, 0, 0, -np.inf
    while left > examined:
        is_full = threshold > -np.inf
        few = min(look, left - examined)
        cut = _below(threshold - task.bound_slack) if is_full else _nth_largest(bounds, few)
        fresh = np.flatnonzero(bounds >= cut)
        if not fresh.size:
            break
        bounds[fresh] = -np.inf
        index = np.concatenate([chosen, fresh])
        scores = np.concatenate([scores, task.scores(*both_directions(task.space.rows[fresh], task.query))])
        kept = _greedy(index, scores, task)
        chosen, scores = index[kept], scores[kept]
        threshold = float(scores[-1]) if len(chosen) == task.k else -np.inf
        look, passes, examined = look * 8, passes + 1, examined + len(fresh)
    bound = float(bounds.max(initial=-np.inf)) + task.bound_slack
    return chosen, Certificate(threshold, bound, examined, passes)


def search_numba(task: Task) -> tuple[Int64, Certificate]:
    """Bound, examine and rank in one pass over the coarse rows; the k-th best so far rules rows out."""
    from eyelevel.matching import kernels

    space, forward, backward = task.space, task.query.forward, task.query.backward
    (here, here_slack), (there, there_slack) = space.coarse.weigh(forward), space.coarse.weigh(backward)
    chosen, threshold, bound, examined = kernels.best(
        space.rows,
        space.coarse.codes,
        (_frozen(forward), _frozen(backward)),
        (here, there),
        (here_slack, there_slack, task.score_slack),
        np.empty(0, dtype=np.bool_) if task.allowed is None else task.allowed,
        np.empty(0, dtype=np.int64) if task.groups is None else task.groups,
        (min(task.k, len(space)), task.per_group),
        task.is_mutual,
    )
    is_full = len(chosen) == task.k
    return chosen, Certificate(threshold if is_full else -np.inf, bound, examined, 1)


def _frozen(vector: Float32) -> Float32:
    """Return a contiguous read-only view: one kind of array, so that one compiled kernel serves all."""
    view = np.ascontiguousarray(vector).view()
    view.flags.writeable = False
    return view


def _greedy(index: Int64, scores: Float64, task: Task) -> Int64:
    """Return positions of the best k, best first, ties by row number, at most `per_group` of each group."""
    order = np.lexsort((index, -scores))
    if task.groups is None:
        return order[: task.k]
    group = task.groups[index[order]]
    by_group = np.argsort(group, kind="stable")
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = group[by_group][1:] != group[by_group][:-1]
    place = np.arange(len(order))
    rank_in_group = np.empty_like(place)
    rank_in_group[by_group] = place - np.maximum.accumulate(np.where(is_first, place, 0))
    return order[rank_in_group < task.per_group][: task.k]


def _bounds(task: Task) -> tuple[Float32, int]:
    """Return what no score exceeds but for the slack, -inf where not allowed, and how many are allowed."""
    rows, pool = task.space.rows, None if task.allowed is None else np.flatnonzero(task.allowed)
    if pool is not None and len(pool) < len(rows) * SPARSE:
        bounds = np.full(len(rows), -np.inf, dtype=np.float32)
        bounds[pool] = _floored(rows[pool] @ task.bounding, task)
        return bounds, len(pool)
    bounds = _floored(rows @ task.bounding, task)
    if task.allowed is not None:
        bounds[~task.allowed] = -np.inf
    return bounds, len(rows) if pool is None else len(pool)


def _floored(bounds: Float32, task: Task) -> Float32:
    """A harmonic mean is never below 0, however bad one direction is."""
    return np.maximum(bounds, np.float32(0), out=bounds) if task.is_mutual else bounds


def _below(value: float) -> float:
    """Return a single precision number that is surely not above `value`."""
    return float(np.nextafter(np.float32(value), np.float32(-np.inf)))


def _nth_largest(values: Float32, n: int) -> float:
    place = len(values) - n
    return float(np.partition(values, place)[place])


def harmonic_mean(forward: ArrayLike, backward: ArrayLike) -> Float64:
    """Return 2ab / (a + b) of two arrays of benefits, and 0 where one of them is not above 0.

    >>> harmonic_mean([1.0, 0.5, -1.0], [1.0, 0.25, 3.0]).round(4).tolist()
    [1.0, 0.3333, 0.0]
    """
    a, b = np.asarray(forward, dtype=np.float64), np.asarray(backward, dtype=np.float64)
    both = (a > 0) & (b > 0)
    total = np.where(both, a + b, 1.0)
    return np.where(both, 2.0 * (a * b) / total, 0.0)


def both_directions(rows: Float32, query: Query) -> tuple[Float64, Float64]:
    """Return the benefit here and there of some rows (m, D), summed in double precision from left to right.

    A product of two single precision numbers is exact in double precision and the order of the sum is
    fixed, so the result depends neither on the machine nor on which other rows are in the batch.
    """
    forward, backward = np.empty(len(rows)), np.empty(len(rows))
    for start in range(0, len(rows), BATCH):
        part = slice(start, start + BATCH)
        wide = rows[part].astype(np.float64)
        # a plain sum would add in pairs, in an order that depends on the shape
        forward[part] = np.add.accumulate(wide * query.forward, axis=1)[:, -1]
        backward[part] = np.add.accumulate(wide * query.backward, axis=1)[:, -1]
    return forward, backward


def slack(space: Space, vector: NDArray[np.floating]) -> float:
    """How far a single precision product of a row with `vector` may be off (Higham 2002, section 3.1)."""
    single = np.finfo(np.float32)
    relative = (space.rows.shape[1] + 3) * float(single.eps) / 2 * 1.01
    return float(relative * space.largest_norm * norm(vector) + single.tiny)


def norm(vector: NDArray[np.floating]) -> float:
    return float(np.linalg.norm(vector.astype(np.float64)))
