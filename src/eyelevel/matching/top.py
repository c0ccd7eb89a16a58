"""The best matches of one query: exact top-k at eye level, with the proof that no better row was missed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eyelevel.matching.space import LARGEST_NORM, Float32, Float64, Query, Space

Int64 = NDArray[np.int64]
Engine = Literal["auto", "numpy", "numba"]

FIRST_LOOK = 4
"""The NumPy engine first examines this many times k rows, those with the best bounds."""
NUMBA_LARGEST_K = 1024
"""Above this the list of the compiled engine, kept by insertion, costs more than the pass."""
SPARSE = 1 / 8
"""With fewer rows allowed than this, gathering them is cheaper than reading all."""
BATCH = 4096
"""Rows widened to double precision at a time, so that an exhaustive search needs little memory."""


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
    task = _checked(space, query, k=k, allowed=allowed, groups=groups, per_group=per_group, is_mutual=True)
    return _search(task, engine=engine)


def top_one_way(
    space: Space,
    query: Query,
    *,
    k: int,
    allowed: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    per_group: int | None = None,
    engine: Engine = "auto",
) -> Top:
    """Return the k rows with the most benefit here, whatever the benefit there: search by inner product.

    Parameters, errors and cost are those of `top`; the score is the forward benefit and may be negative.

    >>> from eyelevel.matching import Block
    >>> block = Block.directed("needs", traits=[[1, 0], [0, 1]], wishes=[[0, 0], [0, 1]])
    >>> space = Space.build([block], weights={"needs": 1})
    >>> query = space.query([Block.directed("needs", traits=[[0, 0]], wishes=[[1, 0]])])
    >>> [float(search(space, query, k=1).score[0]) for search in (top_one_way, top)]
    [1.0, 0.0]
    """
    task = _checked(space, query, k=k, allowed=allowed, groups=groups, per_group=per_group, is_mutual=False)
    return _search(task, engine=engine)


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


def _search(task: _Task, *, engine: Engine) -> Top:
    search = _search_numba if _engine(engine, task=task) == "numba" else _search_numpy
    chosen, certificate = search(task)
    forward, backward = both_directions(task.space.rows[chosen], task.query)
    return Top(
        index=chosen,
        score=task.scores(forward, backward),
        forward=forward,
        backward=backward,
        contributions=task.space.contributions(task.query.forward, rows=chosen),
        back_contributions=task.space.contributions(task.query.backward, rows=chosen),
        certificate=certificate,
    )


def _search_numpy(task: _Task) -> tuple[Int64, Certificate]:
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


def _search_numba(task: _Task) -> tuple[Int64, Certificate]:
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


def _greedy(index: Int64, scores: Float64, task: _Task) -> Int64:
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


def _bounds(task: _Task) -> tuple[Float32, int]:
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


def _floored(bounds: Float32, task: _Task) -> Float32:
    """A harmonic mean is never below 0, however bad one direction is."""
    return np.maximum(bounds, np.float32(0), out=bounds) if task.is_mutual else bounds


def _below(value: float) -> float:
    """Return a single precision number that is surely not above `value`."""
    return float(np.nextafter(np.float32(value), np.float32(-np.inf)))


def _slack(space: Space, vector: NDArray[np.floating]) -> float:
    """How far a single precision product of a row with `vector` may be off (Higham 2002, section 3.1)."""
    single = np.finfo(np.float32)
    relative = (space.rows.shape[1] + 3) * float(single.eps) / 2 * 1.01
    return float(relative * space.largest_norm * _norm(vector) + single.tiny)


def _norm(vector: NDArray[np.floating]) -> float:
    return float(np.linalg.norm(vector.astype(np.float64)))


def _nth_largest(values: Float32, n: int) -> float:
    place = len(values) - n
    return float(np.partition(values, place)[place])


def _engine(engine: Engine, *, task: _Task) -> Literal["numpy", "numba"]:
    if engine not in ("auto", "numpy", "numba"):
        raise ValueError(f"engine must be auto, numpy or numba, not {engine!r}")
    if engine != "auto":
        return engine
    few = task.allowed is not None and np.count_nonzero(task.allowed) < len(task.space) * SPARSE
    return "numba" if "numba" in sys.modules and task.k <= NUMBA_LARGEST_K and not few else "numpy"


def _checked(
    space: Space,
    query: Query,
    *,
    k: int,
    allowed: ArrayLike | None,
    groups: ArrayLike | None,
    per_group: int | None,
    is_mutual: bool,
) -> _Task:
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if (groups is None) != (per_group is None):
        raise ValueError("groups and per_group go together")
    if per_group is not None and per_group < 1:
        raise ValueError(f"per_group must be at least 1, not {per_group}")
    _check_query(query, width=space.rows.shape[1])
    forward, backward = query.forward.astype(np.float64), query.backward.astype(np.float64)
    bounding = (forward + backward) / 2 if is_mutual else forward
    return _Task(
        space=space,
        query=query,
        k=k,
        allowed=_mask(allowed, space=space, row=query.row),
        groups=_codes(groups, space=space),
        per_group=per_group or k,
        is_mutual=is_mutual,
        bounding=bounding.astype(np.float32),
        bound_slack=_slack(space, bounding),
        # the harmonic mean moves at most twice as far as either of its two numbers
        score_slack=2 * max(_slack(space, forward), _slack(space, backward)),
    )


def _check_query(query: Query, *, width: int) -> None:
    for vector in (query.forward, query.backward):
        if vector.shape != (width,) or vector.dtype != np.float32:
            raise ValueError(f"a query of this space is two float32 vectors of {width} numbers")
        if not _norm(vector) < LARGEST_NORM:
            raise ValueError("the query contains NaN, infinite or absurdly large numbers")


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
