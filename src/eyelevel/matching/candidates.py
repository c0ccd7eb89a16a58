"""Candidates: for many rows at once the best rows each may meet, at eye level and under group rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import local

import numpy as np
from numpy.typing import ArrayLike

from eyelevel.matching.meeting import Columns, Faces, Int32, Law, Rules, faces_of, law_of
from eyelevel.matching.space import Float32, Space
from eyelevel.matching.threads import Pool, own_pool

Progress = Callable[[float], None]

BLOCK_NUMBERS = 8 << 20
"""Scores computed at a time by one thread: 32 MB."""
TILE = 512
"""Columns multiplied at a time: both directions of a tile stay in the cache of a core."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """index (m, count) int32 rows, best first, -1 where there are no more; score (m, count) float32."""

    index: Int32
    score: Float32

    def __len__(self) -> int:
        return len(self.index)


def candidates(
    space: Space,
    *,
    count: int = 64,
    rules: Rules | None = None,
    rows: ArrayLike | None = None,
    weights: Mapping[str, float] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Candidates:
    """Return for each of `rows` (default: all) the `count` best rows it may meet.

    The score of a pair is the harmonic mean of both benefits under the same `weights`, so it is the same
    from both sides, bit by bit; only scores above 0 count. Equal scores are ordered by row number. A list
    never holds more than ``rules.per_group`` of one group: taking the best that still fits is optimal there.

    Blocks of rows are multiplied with all rows by BLAS on one thread each and searched by a compiled loop, in
    `threads` threads (default: one per core). Scores are single precision: two rows whose scores differ by
    less than its rounding may change places at the end of a list. Cost O(m n D) time, O(n D + m count) memory
    and about 34 MB per thread.

    Raises ValueError for a count below 1, rules that do not fit the space, rows that do not exist, or bad
    weights.

    >>> from eyelevel.matching import Block, clock
    >>> space = Space.build([Block.kernel("hours", clock([0.0, 1.0, 12.0, 23.5]))], weights={"hours": 1})
    >>> candidates(space, count=2, rules=Rules(groups=[0, 1, 1, 0])).index.tolist()
    [[1, -1], [0, 3], [3, -1], [1, 2]]
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, not {count}")
    rules = Rules() if rules is None else rules
    law = law_of(rules, size=len(space), ranks=count)
    chosen = _rows(rows, size=len(space))
    faces = faces_of(space, weights=weights)
    with own_pool(threads) as pool:
        search = Search(faces, law, np.full((len(space), 1), -1, dtype=np.int32), pool)
        everybody = np.arange(len(space), dtype=np.int32)
        return search.best(
            chosen, among=everybody, count=count, per_segment=min(count, law.per_group), progress=progress
        )


class Search:
    """Finds the best partners of some rows among others, given who met before `rank` (`partners`)."""

    def __init__(self, faces: Faces, law: Law, partners: Int32, pool: Pool) -> None:
        self.faces, self.law, self.partners, self.pool = faces, law, partners, pool
        self._buffers = local()

    def best(
        self,
        rows: Int32,
        *,
        among: Int32,
        count: int,
        per_segment: int,
        rank: int = 0,
        progress: Progress | None = None,
    ) -> Candidates:
        """For each of `rows` the `count` best of `among`, at most `per_segment` of one group."""
        # Here and not above: the compiler loads slowly, and most who import this package never need it.
        from eyelevel.matching.partner_kernels import select

        columns = self._columns(among)
        left, right, shared = self.faces
        seen = right[columns.ids]
        answers = np.hstack([left[columns.ids, shared:], seen[:, shared:]])
        found = Candidates(
            np.full((len(rows), count), -1, dtype=np.int32), np.zeros((len(rows), count), np.float32)
        )
        step = max(8, min(256, BLOCK_NUMBERS // max(1, len(among))))
        order = np.argsort(self.law.group[rows], kind="stable")

        def work(start: int) -> None:
            place = order[start : start + step]
            index = np.full((len(place), count), -1, dtype=np.int32)
            score = np.zeros((len(place), count), dtype=np.float32)
            scores = self._scores(rows[place], seen, answers)
            select(
                scores,
                rows[place],
                columns,
                self.law,
                self.faces,
                self.partners,
                rank,
                per_segment,
                index,
                score,
            )
            found.index[place], found.score[place] = index, score

        if len(among):
            self.pool.each(work, range(0, len(rows), step), progress=progress)
        if progress is not None:
            progress(1.0)
        return found

    def _scores(self, rows: Int32, seen: Float32, answers: Float32) -> Float32:
        """The scores of some rows with all seen: a tile is still in the cache when it is blended.

        What is the same in both directions is multiplied once: beside the benefit here only the gap to the
        benefit there is computed.
        """
        from eyelevel.matching.partner_kernels import blend

        width, shared = len(seen), self.faces.shared
        scores = self._buffer("scores", len(rows), width)
        left = self.faces.left[rows]
        if self.faces.is_symmetric:
            return np.dot(left, seen.T, out=scores)
        asks = np.hstack([self.faces.right[rows, shared:], -left[:, shared:]])
        for start in range(0, width, TILE):
            part = slice(start, min(start + TILE, width))
            here = self._buffer("here", len(rows), part.stop - start)
            gap = self._buffer("gap", len(rows), part.stop - start)
            np.dot(left, seen[part].T, out=here)
            np.dot(asks, answers[part].T, out=gap)
            blend(here, gap, scores, start)
        return scores

    def _columns(self, among: Int32) -> Columns:
        ids = among[np.argsort(self.law.group[among], kind="stable")]
        group, apart = self.law.group[ids], self.law.apart[ids]
        start = np.flatnonzero(np.diff(group, prepend=-1))
        low, high = (
            (f.reduceat(apart, start) for f in (np.minimum, np.maximum)) if len(ids) else (apart, apart)
        )
        one = np.where(low == high, low, -1).astype(np.int32)
        return Columns(ids, np.append(start, len(ids)).astype(np.int64), group[start].astype(np.int32), one)

    def _buffer(self, name: str, rows: int, width: int) -> Float32:
        """Memory of this thread, kept between blocks: fresh pages cost as much as the product."""
        held: Float32 | None = getattr(self._buffers, name, None)
        if held is None or held.size < rows * width:
            held = np.empty(rows * width, dtype=np.float32)
            setattr(self._buffers, name, held)
        return held[: rows * width].reshape(rows, width)


def _rows(rows: ArrayLike | None, *, size: int) -> Int32:
    if rows is None:
        return np.arange(size, dtype=np.int32)
    chosen = np.asarray(rows)
    if chosen.ndim != 1 or (chosen.size and not np.issubdtype(chosen.dtype, np.integer)):
        raise ValueError("rows must be a list of integers")
    if chosen.size and not (chosen.min() >= 0 and chosen.max() < size):
        raise ValueError(f"rows must be between 0 and {size - 1}")
    return np.ascontiguousarray(chosen, dtype=np.int32)
