"""The compiled loops behind `candidates` and `rounds`. Import it late: numba loads slowly."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from eyelevel.matching.meeting import Columns, Faces, Law

Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

Function = TypeVar("Function", bound=Callable[..., Any])

STRIDE = 32
"""Scores looked at together: a stretch without a score above the threshold costs one comparison."""
NOWHERE = -1.0e30


def _compiled(function: Function, *, reorder: bool = False) -> Function:
    """Compile without the global lock, keep on disk where possible; `reorder` lets sums use vector lanes."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    if reorder:
        options["fastmath"] = {"reassoc", "contract", "nsz", "nnan"}
    try:
        return cast("Function", numba.njit(function, cache=True, **options))
    except RuntimeError:  # an installation without any writable folder
        return cast("Function", numba.njit(function, **options))


def _are_apart(
    i: int, j: int, apart: Int32, bar_start: Int64, barred: Int32, partners: Int32, rank: int
) -> bool:
    """Whether two rows are one, kept apart or excluded, or have been partners before this rank."""
    if i == j or apart[i] == apart[j]:
        return True
    for r in range(rank):
        if partners[i, r] == j:
            return True
    for place in range(bar_start[i], bar_start[i + 1]):  # noqa: SIM110 (compiled)
        if barred[place] == j:
            return True
    return False


are_apart = _compiled(_are_apart)


def _is_full(i: int, code: int, group: Int32, per_group: int, partners: Int32, rank: int) -> bool:
    count = 0
    for r in range(rank):
        p = partners[i, r]
        if p >= 0 and group[p] == code:
            count += 1
    return count >= per_group


is_full = _compiled(_is_full)


def _may_meet(
    i: int,
    j: int,
    group: Int32,
    apart: Int32,
    bar_start: Int64,
    barred: Int32,
    per_group: int,
    partners: Int32,
    rank: int,
) -> bool:
    """Whether i and j may be partners at this rank, given their partners at the ranks before it."""
    return not (
        are_apart(i, j, apart, bar_start, barred, partners, rank)
        or is_full(i, group[j], group, per_group, partners, rank)
        or is_full(j, group[i], group, per_group, partners, rank)
    )


may_meet = _compiled(_may_meet)


def _close(
    code: int, ids: Int32, group: Int32, per_group: int, partners: Int32, rank: int, mask: Int32
) -> None:
    """Write a mask that erases the bits of the columns whose lists are full of this group."""
    for t in range(ids.size):
        mask[t] = 0 if is_full(ids[t], code, group, per_group, partners, rank) else -1


close = _compiled(_close)


def _erase(bits: Int32, mask: Int32) -> None:
    for t in range(bits.size):
        bits[t] &= mask[t]


erase = _compiled(_erase)


def _pair_score(i: int, j: int, left: Float32, right: Float32) -> np.float32:
    """The harmonic mean of both benefits, 0 if one is not above 0: the same bits for (i, j) and (j, i)."""
    a, b = np.float32(0), np.float32(0)
    for k in range(left.shape[1]):
        a += left[i, k] * right[j, k]
    for k in range(left.shape[1]):
        b += left[j, k] * right[i, k]
    mean = np.float32(0)
    if a > 0 and b > 0:
        mean = np.float32(2) * (a * b) / (a + b)
    return mean


pair_score = _compiled(_pair_score, reorder=True)


def _blend(here: Float32, gap: Float32, out: Float32, start: int) -> None:
    """Write the harmonic means of `here` and `here + gap`, 0 where one is not above 0, from a column on."""
    for r in range(here.shape[0]):
        for k in range(here.shape[1]):
            a = max(here[r, k], np.float32(0))
            b = max(here[r, k] + gap[r, k], np.float32(0))
            out[r, start + k] = np.float32(2) * (a * b) / (a + b + np.float32(1e-30))


blend = _compiled(_blend, reorder=True)


def _largest(bits: Int32, start: int, stop: int) -> int:
    """The largest of some numbers above 0 by their bits: integers keep the vector lanes busy."""
    most: int = bits[start]
    for k in range(start + 1, stop):
        most = max(most, bits[k])
    return most


largest = _compiled(_largest)


def _sift(scores: Int32, ids: Int32, size: int, place: int) -> None:
    """Restore a heap with the worst entry on top: smallest score, then largest row."""
    while True:
        child = 2 * place + 1
        if child >= size:
            return
        other = child + 1
        if other < size and (
            scores[other] < scores[child] or (scores[other] == scores[child] and ids[other] > ids[child])
        ):
            child = other
        if scores[child] > scores[place] or (scores[child] == scores[place] and ids[child] <= ids[place]):
            return
        scores[child], scores[place] = scores[place], scores[child]
        ids[child], ids[place] = ids[place], ids[child]
        place = child


sift = _compiled(_sift)


def _keep(scores: Int32, ids: Int32, size: int, score: int, row: int) -> int:
    """Add an entry to a bounded heap if there is room or it is better than the worst; return the size."""
    if size < scores.size:
        scores[size], ids[size] = score, row
        size += 1
        if size == scores.size:
            for place in range(size // 2 - 1, -1, -1):
                sift(scores, ids, size, place)
    elif score > scores[0] or (score == scores[0] and row < ids[0]):
        scores[0], ids[0] = score, row
        sift(scores, ids, size, 0)
    return size


keep = _compiled(_keep)


def _segment(
    i: int,
    values: Float32,
    bits: Int32,
    ids: Int32,
    start: int,
    stop: int,
    apart: Int32,
    floor: Float32,
    bar_start: Int64,
    barred: Int32,
    partners: Int32,
    rank: int,
    threshold: np.int32,
    best: Int32,
    best_ids: Int32,
) -> int:
    """Write the best of one group above the threshold, best first; return how many there are."""
    room, kept = best.size, 0
    while start < stop:
        end = min(start + STRIDE, stop)
        if largest(bits, start, end) > threshold:
            for t in range(start, end):
                x = bits[t]
                if x <= threshold:
                    continue
                j = ids[t]
                if values[t] < min(floor[i], floor[j]) or are_apart(
                    i, j, apart, bar_start, barred, partners, rank
                ):
                    continue
                place = min(kept, room - 1)
                while place > 0 and best[place - 1] < x:
                    best[place], best_ids[place] = best[place - 1], best_ids[place - 1]
                    place -= 1
                best[place], best_ids[place] = x, j
                kept = min(kept + 1, room)
                if kept == room:
                    threshold = max(threshold, best[room - 1])
        start = end
    return kept


segment = _compiled(_segment)


def _write(
    i: int,
    heap_ids: Int32,
    size: int,
    left: Float32,
    right: Float32,
    index: Int32,
    score: Float32,
) -> None:
    """Score again in a way that does not depend on the block, order by score then row, and write."""
    ids = np.sort(heap_ids[:size])
    exact = np.empty(size, dtype=np.float32)
    for q in range(size):
        exact[q] = -pair_score(i, ids[q], left, right)
    order = np.argsort(exact, kind="mergesort")
    place = 0
    for q in range(size):
        if exact[order[q]] < 0:
            index[place], score[place] = ids[order[q]], -exact[order[q]]
            place += 1


write = _compiled(_write)


def _select(
    scores: Float32,
    rows: Int32,
    columns: Columns,
    law: Law,
    faces: Faces,
    partners: Int32,
    rank: int,
    per_segment: int,
    index: Int32,
    score: Float32,
) -> None:
    """For each row the best columns it may meet, at most `per_segment` of one group; -1 fills the rest.

    Best called with rows in the order of their groups: which columns are closed to a group, because their
    lists are full of it, is found out once per group. Groups are searched in the order of their best score,
    so that most need not be searched at all; scores above 0 are ordered as their bits. Tuples are taken apart
    once: handing one to another compiled function counts the references of all its arrays.
    """
    ids, starts, codes, one_apart = columns
    group, apart, floor, bar_start, barred, per_group = law
    left, right, _ = faces
    count = index.shape[1]
    heap, heap_ids = np.empty(count, dtype=np.int32), np.empty(count, dtype=np.int32)
    best, best_ids = np.empty(per_segment, dtype=np.int32), np.empty(per_segment, dtype=np.int32)
    peaks = np.empty(codes.size, dtype=np.int32)
    all_bits = scores.view(np.int32)
    mask, closed_for = np.empty(ids.size if rank > 0 else 0, dtype=np.int32), -1
    for r in range(rows.size):
        i, values, bits = rows[r], scores[r], all_bits[r]
        if rank > 0:
            if group[i] != closed_for:
                closed_for = group[i]
                close(closed_for, ids, group, per_group, partners, rank, mask)
            erase(bits, mask)
        for s in range(codes.size):
            peaks[s] = -largest(bits, starts[s], starts[s + 1])
        size, threshold = 0, np.int32(0)
        for s in np.argsort(peaks):
            if -peaks[s] <= threshold:
                break
            if one_apart[s] == apart[i] or is_full(i, codes[s], group, per_group, partners, rank):
                continue
            kept = segment(
                i, values, bits, ids, starts[s], starts[s + 1], apart, floor, bar_start, barred,
                partners, rank, threshold, best, best_ids,
            )  # fmt: skip
            for q in range(kept):
                size = keep(heap, heap_ids, size, best[q], best_ids[q])
            if size == count:
                threshold = heap[0]
        write(i, heap_ids, size, left, right, index[r], score[r])


select = _compiled(_select)


def _edges(rows: Int32, index: Int32, score: Float32, law: Law) -> tuple[Int32, Int32, Float32]:
    """List acceptable pairs, smaller row first; a pair that stands in both lists may come twice."""
    floor = law.floor
    total = 0
    for r in range(rows.size):
        for q in range(index.shape[1]):
            total += index[r, q] >= 0
    first, second = np.empty(total, dtype=np.int32), np.empty(total, dtype=np.int32)
    value = np.empty(total, dtype=np.float32)
    place = 0
    for r in range(rows.size):
        i = rows[r]
        for q in range(index.shape[1]):
            j = index[r, q]
            if j < 0:
                break
            if score[r, q] >= min(floor[i], floor[j]):
                first[place], second[place], value[place] = min(i, j), max(i, j), score[r, q]
                place += 1
    return first[:place], second[:place], value[:place]


edges = _compiled(_edges)


def _pair_up(
    first: Int32, second: Int32, value: Float32, law: Law, partners: Int32, scores: Float32, rank: int
) -> int:
    """Take pairs in the given order whenever both are free and may meet; return how many were taken."""
    group, apart, _, bar_start, barred, per_group = law
    taken = 0
    for e in range(first.size):
        i, j = first[e], second[e]
        if partners[i, rank] >= 0 or partners[j, rank] >= 0:
            continue
        if may_meet(i, j, group, apart, bar_start, barred, per_group, partners, rank):
            partners[i, rank], partners[j, rank] = j, i
            scores[i, rank], scores[j, rank] = value[e], value[e]
            taken += 1
    return taken


pair_up = _compiled(_pair_up)


def _two_free(
    p: int, index: Int32, score: Float32, partners: Int32, rank: int
) -> tuple[int, float, int, float]:
    """The two best partners in the list of p who are still unserved; -1 for none."""
    one, two, one_score, two_score = -1, -1, NOWHERE, NOWHERE
    for q in range(index.shape[1]):
        j = index[p, q]
        if j < 0:
            break
        if partners[j, rank] < 0:
            if one < 0:
                one, one_score = j, np.float64(score[p, q])
            else:
                two, two_score = j, np.float64(score[p, q])
                break
    return one, one_score, two, two_score


two_free = _compiled(_two_free)


def _best_swap(
    p: int, q: int, index: Int32, score: Float32, partners: Int32, rank: int
) -> tuple[float, int, float, int, float]:
    """The best way to part p and q for two different unserved: total, u with its score, v with its score."""
    u, us, u2, us2 = two_free(p, index, score, partners, rank)
    v, vs, v2, vs2 = two_free(q, index, score, partners, rank)
    if u < 0 or v < 0:
        return NOWHERE, -1, NOWHERE, -1, NOWHERE
    if u != v:
        return us + vs, u, us, v, vs
    if us + vs2 >= us2 + vs:
        return us + vs2, u, us, v2, vs2
    return us2 + vs, u2, us2, v, vs


best_swap = _compiled(_best_swap)


def _swap_in(
    index: Int32, score: Float32, partners: Int32, scores: Float32, stage: NDArray[np.int8], rank: int
) -> int:
    """Serve the unserved two by two: part the pair (p, q) that gains most, and join (p, u) and (q, v).

    index, score (n, t): for each served row the unserved it may meet, best first. Returns the swaps made.
    """
    heap = [(0.0, 0)]
    heap.pop()
    for p in range(partners.shape[0]):
        if partners[p, rank] > p:
            total = best_swap(p, partners[p, rank], index, score, partners, rank)[0]
            if total > 0:
                heappush(heap, (np.float64(scores[p, rank]) - total, p))
    done = 0
    while len(heap) > 0:
        cost, p = heappop(heap)
        q = partners[p, rank]
        total, u, us, v, vs = best_swap(p, q, index, score, partners, rank)
        if u < 0 or v < 0:
            continue
        now = np.float64(scores[p, rank]) - total
        if now > cost:
            heappush(heap, (now, p))
            continue
        partners[p, rank], partners[u, rank], partners[q, rank], partners[v, rank] = u, p, v, q
        scores[p, rank], scores[u, rank] = np.float32(us), np.float32(us)
        scores[q, rank], scores[v, rank] = np.float32(vs), np.float32(vs)
        stage[p, rank], stage[u, rank], stage[q, rank], stage[v, rank] = 3, 3, 3, 3
        done += 1
    return done


swap_in = _compiled(_swap_in)


def _blocking(
    first: Int32, second: Int32, value: Float32, law: Law, partners: Int32, scores: Float32, rank: int
) -> int:
    """Count pairs of the list who may meet and both score more with each other than with whom they have."""
    group, apart, _, bar_start, barred, per_group = law
    count = 0
    for e in range(first.size):
        i, j = first[e], second[e]
        if value[e] > scores[i, rank] and value[e] > scores[j, rank]:
            count += may_meet(i, j, group, apart, bar_start, barred, per_group, partners, rank)
    return count


blocking = _compiled(_blocking)
