"""The best matches of one query: exact top-k at eye level, with the proof that no better row was missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eyelevel.matching.space import Float32, Float64, Query, Space

Int64 = NDArray[np.int64]
Engine = Literal["auto", "numpy", "numba"]

FIRST_LOOK = 4
"""The NumPy engine first examines this many times k rows, those with the best bounds."""
NUMBA_LARGEST_K = 1024
"""Above this the list of the compiled engine, kept by insertion, costs more than the pass."""


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
class Top:
    """A ranked list, best first: at most k rows of a space with their scores, both benefits and the reasons.

    `contributions` (len, blocks) split `forward` by block and sum to it; `back_contributions` do so for
    `backward`.
    """

    index: Int64
    score: Float64
    forward: Float64
    backward: Float64
    contributions: Float64
    back_contributions: Float64
    certificate: Certificate

    def __len__(self) -> int:
        return len(self.index)


@dataclass(frozen=True, eq=False)
class _Task:
    """What is asked of an engine, checked; without groups the cap per group says nothing."""

    space: Space
    query: Query
    k: int
    allowed: NDArray[np.bool_] | None
    groups: Int64 | None
    per_group: int


def top(
    space: Space,
    query: Query,
    *,
    k: int,
    allowed: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    per_group: int | None = None,
    engine: Engine = "auto",
) -> Top:
    """Return the k rows with the best eye-level score: the harmonic mean of the benefit here and there.

    Parameters
    ----------
    k : length of the list; shorter when fewer rows are allowed.
    allowed : (n,) bool, the rows that may appear. The row that asks never appears.
    groups, per_group : (n,) integers, and how many rows of one group may appear. Such lists are the
    independent sets of
        a (truncated) partition matroid, for which taking the best row that still fits is optimal (J. Edmonds,
        Math. Programming 1, 1971).
    engine : "numpy", "numba" (compiled, one fused pass), or "auto": numba when the process has it already,
    since its
        import costs more than many queries. Both return the same bits.

    Returns
    -------
    Top
        Always exact. A score is 0 when one direction has no benefit; equal scores are ordered by row number.
        Benefits are double precision sums of the single precision numbers in the space and the query.

    Raises
    ------
    ValueError
        for a k or cap below 1, a mask or groups of another length, one of groups and per_group without the
        other, a query of another width or with numbers that are not finite, or an unknown engine.

    Notes
    -----
    The harmonic mean of a and b never exceeds (a + b) / 2. One pass over the mean of the two
    query vectors therefore bounds every score; only rows whose bound reaches the k-th best score found so
    far are examined in both directions. Rounding is part of the bound. Cost O(n D), reading every row once.

    Examples
    --------
    >>> from eyelevel.matching import Block, clock
    >>> space = Space.build([Block.kernel("hours", clock([0.0, 1.0, 12.0, 23.5]))], weights={"hours": 1})
    >>> best = top(space, space.query(0), k=2)
    >>> best.index.tolist(), best.certificate.exact
    ([3, 1], True)
    """
    task = _checked(space, query, k=k, allowed=allowed, groups=groups, per_group=per_group)
    if _engine(engine, k=task.k) == "numba":
        chosen, certificate = _search_numba(task)
    else:
        chosen, certificate = _search_numpy(task)
    forward, backward = both_directions(space.rows[chosen], query)
    return Top(
        index=chosen,
        score=harmonic_mean(forward, backward),
        forward=forward,
        backward=backward,
        contributions=space.contributions(query.forward, rows=chosen),
        back_contributions=space.contributions(query.backward, rows=chosen),
        certificate=certificate,
    )


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
    forward, backward = np.zeros(len(rows)), np.zeros(len(rows))
    columns = rows.T.astype(np.float64)
    for column, here, there in zip(columns, query.forward.tolist(), query.backward.tolist(), strict=True):
        forward += column * here
        backward += column * there
    return forward, backward


def _search_numpy(task: _Task) -> tuple[Int64, Certificate]:
    """Bound all rows by one product, examine the most promising, then all the k-th best cannot rule out."""
    pool = np.arange(len(task.space)) if task.allowed is None else np.flatnonzero(task.allowed)
    bounds = _bounds(task)[pool]
    chosen, scores = np.empty(0, dtype=np.int64), np.empty(0)
    left = np.ones(len(pool), dtype=bool)
    look = min(FIRST_LOOK * task.k, len(pool))
    passes, threshold = 0, -np.inf
    while left.any():
        reach = threshold if threshold > -np.inf else _nth_largest(bounds, look)
        fresh = np.flatnonzero(left & (bounds >= reach))
        if not fresh.size:
            break
        left[fresh] = False
        index = np.concatenate([chosen, pool[fresh]])
        scores = np.concatenate(
            [scores, harmonic_mean(*both_directions(task.space.rows[pool[fresh]], task.query))]
        )
        kept = _greedy(index, scores, task)
        chosen, scores = index[kept], scores[kept]
        threshold = float(scores[-1]) if len(chosen) == task.k else -np.inf
        look, passes = min(look * 8, len(pool)), passes + 1
    bound = float(bounds[left].max(initial=-np.inf))
    return chosen, Certificate(threshold, bound, int(len(pool) - left.sum()), passes)


def _search_numba(task: _Task) -> tuple[Int64, Certificate]:
    raise NotImplementedError


def _greedy(index: Int64, scores: Float64, task: _Task) -> Int64:
    """Return positions of the best k, best first, ties by row number, at most `per_group` of each group."""
    order = np.lexsort((index, -scores))
    if task.groups is None:
        return order[: task.k]
    group = task.groups[index[order]]
    by_group = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[by_group], prepend=group[by_group][:1] - 1))
    rank_in_group = np.empty(len(order), dtype=np.int64)
    rank_in_group[by_group] = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
    return order[rank_in_group < task.per_group][: task.k]


def _bounds(task: _Task) -> Float64:
    """Return an upper bound of every score, (n,): the mean of both directions and what rounding may hide."""
    mean = (task.query.forward.astype(np.float64) + task.query.backward) / 2
    single = mean.astype(np.float32)
    bounds: Float64 = np.maximum(task.space.rows @ single, 0.0).astype(np.float64)
    return bounds + _slack(task.space, mean)


def _slack(space: Space, vector: Float64) -> float:
    """How far a single precision product of a row with `vector` may be off (Higham 2002, section 3.1)."""
    unit = float(np.finfo(np.float32).eps) / 2
    return float((space.rows.shape[1] + 3) * unit * space.largest_norm * np.linalg.norm(vector) * 1.01)


def _nth_largest(values: Float64, n: int) -> float:
    return float(np.partition(values, len(values) - n)[len(values) - n])


def _engine(engine: Engine, *, k: int) -> Literal["numpy", "numba"]:
    if engine == "auto":
        return "numpy"
    if engine not in ("numpy", "numba"):
        raise ValueError(f"engine must be auto, numpy or numba, not {engine!r}")
    return engine


def _checked(
    space: Space,
    query: Query,
    *,
    k: int,
    allowed: ArrayLike | None,
    groups: ArrayLike | None,
    per_group: int | None,
) -> _Task:
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if (groups is None) != (per_group is None):
        raise ValueError("groups and per_group go together")
    if per_group is not None and per_group < 1:
        raise ValueError(f"per_group must be at least 1, not {per_group}")
    width = space.rows.shape[1]
    for vector in (query.forward, query.backward):
        if vector.shape != (width,) or vector.dtype != np.float32:
            raise ValueError(f"a query of this space is two float32 vectors of {width} numbers")
        if not np.isfinite(vector).all():
            raise ValueError("the query contains NaN or infinite numbers")
    return _Task(
        space,
        query,
        k,
        _mask(allowed, space=space, row=query.row),
        _codes(groups, space=space),
        per_group or k,
    )


def _mask(allowed: ArrayLike | None, *, space: Space, row: int | None) -> NDArray[np.bool_] | None:
    if allowed is None and row is None:
        return None
    mask = np.ones(len(space), dtype=bool) if allowed is None else np.array(allowed)
    if mask.shape != (len(space),) or mask.dtype != np.bool_:
        raise ValueError(f"allowed must be {len(space)} booleans, one per row")
    if row is not None:
        mask[row] = False
    return mask


def _codes(groups: ArrayLike | None, *, space: Space) -> Int64 | None:
    if groups is None:
        return None
    codes = np.asarray(groups)
    if codes.shape != (len(space),) or not np.issubdtype(codes.dtype, np.integer):
        raise ValueError(f"groups must be {len(space)} integers, one per row")
    return np.ascontiguousarray(codes, dtype=np.int64)
