"""The best matches of one query: exact top-k at eye level, with the proof that no better row was missed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eyelevel.matching.search import (
    SPARSE,
    Certificate,
    Int64,
    Task,
    both_directions,
    norm,
    search_numba,
    search_numpy,
    slack,
)
from eyelevel.matching.space import LARGEST_NORM, Float64, Query, Space

Engine = Literal["auto", "numpy", "numba"]

NUMBA_LARGEST_K = 1024
"""Above this the list of the compiled engine, kept by insertion, costs more than the pass."""


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
        independent sets of a truncated partition matroid, for which taking the best row that still fits,
        again and again, is optimal (J. Edmonds, Mathematical Programming 1, 1971).
    engine : "numpy", "numba" (compiled), or "auto": numba when the process has loaded it already, since
        its import costs more than many queries. Both return the same bits.

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
    The harmonic mean of a and b never exceeds (a + b) / 2, and grows with either. A cheap upper bound of
    every score comes from one product per row in the NumPy engine, and from both directions on a copy of
    one byte per number in the compiled one; only rows whose bound reaches the k-th best score found so far
    are examined in full. Rounding is part of the bound. Cost O(n D) for one reading of the rows or their
    copy, and at worst, when all scores are nearly equal, for reading all rows.

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


def _search(task: Task, *, engine: Engine) -> Top:
    search = search_numba if _engine(engine, task=task) == "numba" else search_numpy
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


def _engine(engine: Engine, *, task: Task) -> Literal["numpy", "numba"]:
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
) -> Task:
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if (groups is None) != (per_group is None):
        raise ValueError("groups and per_group go together")
    if per_group is not None and per_group < 1:
        raise ValueError(f"per_group must be at least 1, not {per_group}")
    _check_query(query, width=space.rows.shape[1])
    forward, backward = query.forward.astype(np.float64), query.backward.astype(np.float64)
    bounding = (forward + backward) / 2 if is_mutual else forward
    return Task(
        space=space,
        query=query,
        k=k,
        allowed=_mask(allowed, space=space, row=query.row),
        groups=_codes(groups, space=space),
        per_group=per_group or k,
        is_mutual=is_mutual,
        bounding=bounding.astype(np.float32),
        bound_slack=slack(space, bounding),
        # the harmonic mean moves at most twice as far as either of its two numbers
        score_slack=2 * max(slack(space, forward), slack(space, backward)),
    )


def _check_query(query: Query, *, width: int) -> None:
    for vector in (query.forward, query.backward):
        if vector.shape != (width,) or vector.dtype != np.float32:
            raise ValueError(f"a query of this space is two float32 vectors of {width} numbers")
        if not norm(vector) < LARGEST_NORM:
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
