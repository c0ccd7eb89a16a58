"""Who may meet whom, and the two faces of every row: what the search for partners works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eyelevel.matching.space import Float32, Space

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rules:
    """Who may meet whom among n rows.

    `groups` (n,) integers; at most `per_group` of one group stand in a list (None: any number). Rows of equal
    `apart` never meet: by default those of one group, and nobody if `own_group_allowed`. `excluded` (m, 2)
    pairs of rows never meet either. The rules are symmetric: if i may meet j, j may meet i.
    """

    groups: ArrayLike | None = None
    per_group: int | None = None
    own_group_allowed: bool = False
    apart: ArrayLike | None = None
    excluded: ArrayLike | None = None


class Law(NamedTuple):
    """Who may meet whom, as plain arrays.

    group (n,), apart (n,), floor (n,), excluded partners of row i at barred[bar_start[i]:bar_start[i + 1]].
    """

    group: Int32
    apart: Int32
    floor: Float32
    bar_start: Int64
    barred: Int32
    per_group: int


class Faces(NamedTuple):
    """Benefit of i from j is <left_i, right_j>; that of j from i is <left_j, right_i>.

    The first `shared` columns give the same in both directions.
    """

    left: Float32
    right: Float32
    shared: int

    @property
    def is_symmetric(self) -> bool:
        return self.shared == int(self.left.shape[1])


class Columns(NamedTuple):
    """The rows that may be chosen, ordered by group: one segment per group."""

    ids: Int32
    start: Int64
    group: Int32
    apart: Int32


def law_of(rules: Rules, *, size: int, ranks: int) -> Law:
    """Check the rules and write them as arrays. Raises ValueError where they do not fit `size` rows."""
    if rules.per_group is not None and rules.per_group < 1:
        raise ValueError(f"per_group must be at least 1, not {rules.per_group}")
    if rules.per_group is not None and rules.groups is None:
        raise ValueError("per_group needs groups")
    nobody = np.arange(size, dtype=np.int32)
    groups = np.zeros(size, dtype=np.int32) if rules.groups is None else _codes(rules.groups, size=size)
    if rules.apart is not None:
        apart = _codes(rules.apart, size=size)
    else:
        apart = nobody if rules.own_group_allowed or rules.groups is None else groups
    start, barred = _barred(rules.excluded, size=size)
    per_group = ranks if rules.per_group is None else min(rules.per_group, ranks)
    return Law(groups, apart, np.zeros(size, dtype=np.float32), start, barred, per_group)


def faces_of(space: Space, *, weights: Mapping[str, float] | None) -> Faces:
    """Each row as it asks and as it is seen; blocks of weight 0 are left out."""
    shares = space.weights if weights is None else _shares(space, weights)
    left, right = [np.zeros((len(space), 0), np.float32)], [np.zeros((len(space), 0), np.float32)]
    shared = 0
    for span in sorted(space.layout, key=lambda span: span.is_directed):
        weight = np.float32(shares.get(span.name, 0.0))
        if weight == 0:
            continue
        if span.is_directed:
            left.append(space.rows[:, span.middle : span.stop] * weight)
            right.append(space.rows[:, span.start : span.middle])
        else:
            left.append(space.rows[:, span.start : span.stop] * weight)
            right.append(space.rows[:, span.start : span.stop])
            shared += span.stop - span.start
    return Faces(np.concatenate(left, axis=1), np.concatenate(right, axis=1), shared)


def _codes(values: ArrayLike, *, size: int) -> Int32:
    codes = np.asarray(values)
    if codes.shape != (size,) or (size and not np.issubdtype(codes.dtype, np.integer)):
        raise ValueError(f"groups must be {size} integers, one per row")
    return np.unique(codes, return_inverse=True)[1].astype(np.int32)


def _barred(excluded: ArrayLike | None, *, size: int) -> tuple[NDArray[np.int64], Int32]:
    pairs = np.empty((0, 2), dtype=np.int64) if excluded is None else np.asarray(excluded)
    if not pairs.size:
        return np.zeros(size + 1, dtype=np.int64), np.empty(0, dtype=np.int32)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
        raise ValueError("excluded must be pairs of rows, (m, 2) integers")
    if pairs.min() < 0 or pairs.max() >= size:
        raise ValueError(f"excluded rows must be between 0 and {size - 1}")
    both = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    start = np.searchsorted(both[:, 0], np.arange(size + 1)).astype(np.int64)
    return start, np.ascontiguousarray(both[:, 1], dtype=np.int32)


def _shares(space: Space, weights: Mapping[str, float]) -> Mapping[str, float]:
    """Weights as the space would normalise them."""
    return Space.from_rows(space.rows[:0], layout=space.layout, weights=weights).weights
