"""Shared exposure: lists that keep nearly all of their quality while famous rows are shown less often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]

STEPS = 80
"""How often prices are adjusted."""
FIRST_STEP, LAST_STEP = 0.3, 0.01
"""How far a price follows the logarithm of wanted over actual exposure, at first and at last."""
BISECTIONS = 50


@dataclass(frozen=True, eq=False)
class Shared:
    """Lists with shared exposure: index (m, k) int64, -1 where a list is shorter; scores as given, (m, k)
    float64, -inf there; prices (n,) float64, what being shown one list more costs each row; exposure (n,)
    int64, in how many lists each stands."""

    index: Int64
    score: Float64
    prices: Float64
    exposure: Int64


def gini(values: ArrayLike) -> float:
    """Gini coefficient of non-negative numbers: 0 all equal, towards 1 one has everything; 0 for all zero.

    Raises ValueError for an empty list or a negative number. O(n log n). C. Gini, 1912.

    >>> gini([5, 5, 5]), round(gini([0, 0, 0, 1]), 2)
    (0.0, 0.75)
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64).ravel())
    if not len(ordered) or ordered[0] < 0:
        raise ValueError("values must be non-negative and at least one")
    total = float(ordered.sum())
    if total == 0:
        return 0.0
    place = np.arange(1, len(ordered) + 1)
    return float((2 * place - len(ordered) - 1) @ ordered / (len(ordered) * total))


def tempered(fame: ArrayLike, *, inequality: float) -> Float64:
    """Raise `fame` (n,), all above 0, to the power whose Gini coefficient is `inequality`; the sum is 1.

    Fame that is more even already stays as it is. Raises ValueError for fame that is not above 0 and finite
    or an inequality outside 0 to 1. O(n log n).

    >>> shares = tempered([1.0, 10.0, 100.0], inequality=0.3)
    >>> round(gini(shares), 3), round(float(shares.sum()), 3)
    (0.3, 1.0)
    """
    values = np.asarray(fame, dtype=np.float64)
    if not (values.ndim == 1 and len(values) and np.isfinite(values).all() and (values > 0).all()):
        raise ValueError("fame must be finite numbers above 0")
    if not 0 <= inequality <= 1:
        raise ValueError(f"inequality must lie between 0 and 1, not {inequality}")
    scaled = np.log(values) - np.log(values).max()
    low, high = 0.0, 1.0
    if gini(np.exp(scaled)) <= inequality:
        low = high
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if gini(np.exp(scaled * middle)) < inequality else (low, middle)
    raised = np.exp(scaled * low)
    shares: Float64 = raised / raised.sum()
    return shares


def mutual(index: ArrayLike, score: ArrayLike) -> Float64:
    """Average each score with that of the other direction: (m, c) candidates of rows 0..m-1, -1 for none.

    Where the other list does not hold this row, its last score stands in: more it cannot be. -inf for none.
    Raises ValueError for shapes that differ. O(m c log(m c)).

    >>> mutual([[1], [0]], [[3.0], [1.0]]).tolist()
    [[2.0], [2.0]]
    """
    candidates, own = _checked(index, score)
    rows, length = candidates.shape
    asker = np.repeat(np.arange(rows), length)
    known = candidates.ravel() >= 0
    forth = asker * rows + candidates.ravel()
    back = np.where(candidates.ravel() < rows, candidates.ravel() * rows + asker, -1)
    order = np.argsort(np.where(known, forth, np.iinfo(np.int64).max), kind="stable")
    keys, values = forth[order], own.ravel()[order]
    place = np.minimum(np.searchsorted(keys[: known.sum()], back), max(int(known.sum()) - 1, 0))
    found = known & (keys[place] == back)
    last = np.where(candidates >= 0, own, np.inf).min(axis=1, initial=np.inf)
    partner = np.where(known & (candidates.ravel() < rows), candidates.ravel(), asker)
    other = np.where(found, values[place], np.minimum(last[partner], own.ravel()))
    both: Float64 = np.where(candidates >= 0, (own + other.reshape(own.shape)) / 2, -np.inf)
    return both


def share_exposure(index: ArrayLike, score: ArrayLike, *, k: int, wanted: ArrayLike) -> Shared:
    """Choose k candidates for each list so that row j stands in about ``wanted[j]`` of all places.

    Parameters
    ----------
    index, score : (m, c) candidates as rows 0..n-1, -1 for none, and how well they fit, in any unit in which
        differences compare, such as log-odds.
    k : length of the lists.
    wanted : (n,) shares above 0; they are divided by their sum.

    Returns
    -------
    Shared
        The lists, best score first; ties by smaller row. No list holds a candidate twice unless it was given
        twice.

    Raises
    ------
    ValueError
        for shapes that differ, k below 1, wanted shares that are not above 0, or a candidate beyond them.

    Notes
    -----
    The best lists under given exposures are an assignment problem; its dual has one price for each row, and
    given the prices each list just takes the k largest of score minus price. Prices rise where a row stands
    in more lists than wanted and fall where in fewer (D. Bertsekas, "The auction algorithm", Annals of
    Operations Research 14, 1988; the multiplicative step is that of Sinkhorn scaling). Rows that are in few
    candidate lists cannot reach their share: look at `exposure`. O(steps m c).
    """
    candidates, own = _checked(index, score)
    shares = np.asarray(wanted, dtype=np.float64)
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if not (shares.ndim == 1 and np.isfinite(shares).all() and (shares > 0).all()):
        raise ValueError("wanted must be finite shares above 0")
    if candidates.size and candidates.max() >= len(shares):
        raise ValueError(f"candidate {candidates.max()} has no wanted share; there are {len(shares)}")
    places = np.minimum((candidates >= 0).sum(axis=1), k).sum()
    goal = shares / shares.sum() * places
    prices = np.zeros(len(shares))
    chosen = _cheapest(candidates, own, prices, k=k)
    for step in np.linspace(FIRST_STEP, LAST_STEP, STEPS):
        prices += step * np.log((_exposure(candidates, chosen, len(shares)) + 1) / (goal + 1))
        chosen = _cheapest(candidates, own, prices, k=k)
    return _sorted(candidates, own, chosen, prices)


def _checked(index: ArrayLike, score: ArrayLike) -> tuple[Int64, Float64]:
    candidates = np.asarray(index, dtype=np.int64)
    own = np.asarray(score, dtype=np.float64)
    if candidates.ndim != 2 or candidates.shape != own.shape:
        raise ValueError(f"index and score must be matrices of one shape: {candidates.shape}, {own.shape}")
    if np.isnan(own).any():
        raise ValueError("scores must be numbers")
    return candidates, np.where(candidates >= 0, own, -np.inf)


def _cheapest(candidates: Int64, own: Float64, prices: Float64, *, k: int) -> Int64:
    """Positions of the k largest of score minus price in each list, in no order."""
    worth = own - prices[np.maximum(candidates, 0)] if len(prices) else own
    if candidates.shape[1] <= k:
        return np.broadcast_to(np.arange(candidates.shape[1]), candidates.shape)
    chosen: Int64 = np.argpartition(-worth, k - 1, axis=1)[:, :k]
    return chosen


def _exposure(candidates: Int64, chosen: Int64, count: int) -> Int64:
    shown = np.take_along_axis(candidates, chosen, axis=1)
    return np.bincount(shown[shown >= 0], minlength=count)


def _sorted(candidates: Int64, own: Float64, chosen: Int64, prices: Float64) -> Shared:
    index = np.take_along_axis(candidates, chosen, axis=1)
    score = np.take_along_axis(own, chosen, axis=1)
    order = np.lexsort((index, -score), axis=1)
    lists = np.take_along_axis(index, order, axis=1)
    return Shared(
        lists, np.take_along_axis(score, order, axis=1), prices, _exposure(candidates, chosen, len(prices))
    )
