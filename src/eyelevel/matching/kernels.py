"""The compiled pass behind `top`: bounds every row, keeps the best. Import it late: numba loads slowly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
Codes = NDArray[np.int8]

Function = TypeVar("Function", bound=Callable[..., Any])

CHUNK = 256
"""Rows bounded before any of them is examined."""
FLOOR = np.float32(1e-18)
"""Less than any benefit that matters, and its square is still a normal number: subnormal ones are slow."""
ROUND_UP = np.float32(2 * (1 + 1e-6))
"""The 2 of the harmonic mean, and more than single precision can lose on it."""


def _compiled(function: Function, *, reorder: bool = False) -> Function:
    """Compile and keep on disk where possible. `reorder` lets a sum be split over the lanes of a vector."""
    options: dict[str, Any] = {"fastmath": {"reassoc", "contract", "nsz", "nnan"}} if reorder else {}
    try:
        return cast("Function", numba.njit(function, cache=True, **options))
    except RuntimeError:  # an installation without any writable folder
        return cast("Function", numba.njit(function, **options))


def _bound_one(codes: Codes, weighed: Float32, span: tuple[int, int], slack: float, bounds: Float32) -> float:
    """Write upper bounds of the products of some rows with one vector, and return the largest.

    Four rows are read side by side, a quarter of a chunk apart: every load of the vector serves all four, and
    the processor fetches ahead in several memory pages.
    """
    start, stop = span
    quarter = (stop - start) // 4
    one, two, three = start + quarter, start + 2 * quarter, start + 3 * quarter
    for i in range(quarter):
        a, b, c, d = np.float32(0), np.float32(0), np.float32(0), np.float32(0)
        for j in range(weighed.size):
            value = weighed[j]
            a += np.float32(codes[start + i, j]) * value
            b += np.float32(codes[one + i, j]) * value
            c += np.float32(codes[two + i, j]) * value
            d += np.float32(codes[three + i, j]) * value
        bounds[i], bounds[quarter + i], bounds[2 * quarter + i], bounds[3 * quarter + i] = a, b, c, d
    for i in range(4 * quarter, stop - start):
        a = np.float32(0)
        for j in range(weighed.size):
            a += np.float32(codes[start + i, j]) * weighed[j]
        bounds[i] = a
    largest = np.float32(-np.inf)
    for i in range(stop - start):
        largest = max(largest, bounds[i])
    return np.float64(largest) + slack


def _bound_two(
    codes: Codes,
    weighed: tuple[Float32, Float32],
    span: tuple[int, int],
    slacks: tuple[float, float],
    bounds: Float32,
    others: Float32,
) -> float:
    """Write upper bounds of the harmonic means of both directions of some rows, and return the largest."""
    here, there = weighed
    start, stop = span
    quarter = (stop - start) // 4
    one, two, three = start + quarter, start + 2 * quarter, start + 3 * quarter
    for i in range(quarter):
        a, b, c, d = np.float32(0), np.float32(0), np.float32(0), np.float32(0)
        e, f, g, h = np.float32(0), np.float32(0), np.float32(0), np.float32(0)
        for j in range(here.size):
            x, y = np.float32(codes[start + i, j]), np.float32(codes[one + i, j])
            z, w = np.float32(codes[two + i, j]), np.float32(codes[three + i, j])
            a, b, c, d = a + x * here[j], b + y * here[j], c + z * here[j], d + w * here[j]
            e, f, g, h = e + x * there[j], f + y * there[j], g + z * there[j], h + w * there[j]
        bounds[i], bounds[quarter + i], bounds[2 * quarter + i], bounds[3 * quarter + i] = a, b, c, d
        others[i], others[quarter + i], others[2 * quarter + i], others[3 * quarter + i] = e, f, g, h
    for i in range(4 * quarter, stop - start):
        a, b = np.float32(0), np.float32(0)
        for j in range(here.size):
            a += np.float32(codes[start + i, j]) * here[j]
            b += np.float32(codes[start + i, j]) * there[j]
        bounds[i], others[i] = a, b
    slack_a, slack_b = np.float32(slacks[0]), np.float32(slacks[1])
    largest = np.float32(0)
    for i in range(stop - start):
        a = max(bounds[i] + slack_a, FLOOR)
        b = max(others[i] + slack_b, FLOOR)
        bounds[i] = ROUND_UP * a * (b / (a + b))
        largest = max(largest, bounds[i])
    return np.float64(largest)


def _roughly(rows: Float32, i: int, forward: Float32, backward: Float32) -> tuple[np.float32, np.float32]:
    """Return both directions of one row in single precision, fast."""
    a, b = np.float32(0), np.float32(0)
    for j in range(forward.size):
        a += rows[i, j] * forward[j]
        b += rows[i, j] * backward[j]
    return a, b


def _exactly(rows: Float32, i: int, forward: Float32, backward: Float32) -> tuple[float, float]:
    """Return both directions of one row in double precision, summed as `both_directions` does."""
    a, b = 0.0, 0.0
    for j in range(forward.size):
        value = np.float64(rows[i, j])
        a += value * np.float64(forward[j])
        b += value * np.float64(backward[j])
    return a, b


def _harmonic(a: float, b: float) -> float:
    if a > 0.0 and b > 0.0:
        return 2.0 * (a * b) / (a + b)
    return 0.0


def _place(
    index: Int64, scores: Float64, size: int, row: int, score: float, groups: Int64, per_group: int
) -> int:
    """Put a row into a list kept best first and return its new size; rows come in order, so ties go behind.

    What gives way is the worst of the list when it is full, but the worst of its own group when that is
    full: the lightest element of the circuit that the row closes in a partition matroid, which keeps the
    list optimal.
    """
    last = size if size < index.size else size - 1
    if groups.size:
        own, worst = 0, -1
        for i in range(size):
            if groups[index[i]] == groups[row]:
                own += 1
                worst = i
        if own == per_group:
            last = worst
    if last < size and score <= scores[last]:
        return size
    i = last
    while i > 0 and scores[i - 1] < score:
        scores[i], index[i] = scores[i - 1], index[i - 1]
        i -= 1
    scores[i], index[i] = score, row
    return max(size, last + 1)


def _best(
    rows: Float32,
    codes: Codes,
    vectors: tuple[Float32, Float32],
    weighed: tuple[Float32, Float32],
    slacks: tuple[float, float, float],
    allowed: NDArray[np.bool_],
    groups: Int64,
    limits: tuple[int, int],
    both: bool,  # noqa: FBT001 - numba passes by position
) -> tuple[Int64, float, float, int]:
    """Return the best rows, the score of the last of a full list, the bound of rows left out, rows examined.

    `vectors` are forward and backward, `weighed` the same for codes; `slacks` say how far the products of
    codes may be off in each direction, and a score in single precision; `limits` are k and the cap per
    group; empty `allowed` and `groups` mean none.
    """
    forward, backward = vectors
    k, per_group = limits
    index, scores = np.empty(k, dtype=np.int64), np.empty(k, dtype=np.float64)
    bounds, others = np.empty(CHUNK, dtype=np.float32), np.empty(CHUNK, dtype=np.float32)
    size, examined = 0, 0
    threshold, left_out = -np.inf, -np.inf
    extra = 0.0 if both else slacks[0]
    for start in range(0, rows.shape[0], CHUNK):
        stop = min(start + CHUNK, rows.shape[0])
        if both:
            largest = bound_two(codes, weighed, (start, stop), (slacks[0], slacks[1]), bounds, others)
        else:
            largest = bound_one(codes, weighed[0], (start, stop), extra, bounds)
        if largest <= threshold:
            left_out = max(left_out, largest)
            continue
        for i in range(start, stop):
            bound = np.float64(bounds[i - start]) + extra
            if bound <= threshold:
                left_out = max(left_out, bound)
                continue
            if allowed.size and not allowed[i]:
                continue
            examined += 1
            rough = roughly(rows, i, forward, backward)
            near = harmonic(np.float64(rough[0]), np.float64(rough[1])) if both else np.float64(rough[0])
            if near + slacks[2] <= threshold:
                left_out = max(left_out, near + slacks[2])
                continue
            a, b = exactly(rows, i, forward, backward)
            score = harmonic(a, b) if both else a
            size = place(index, scores, size, i, score, groups, per_group)
            if size == k:
                threshold = scores[k - 1]
    return index[:size], threshold, left_out, examined


bound_one = _compiled(_bound_one, reorder=True)
bound_two = _compiled(_bound_two, reorder=True)
roughly = _compiled(_roughly, reorder=True)
exactly = _compiled(_exactly)
harmonic = _compiled(_harmonic)
place = _compiled(_place)
best = _compiled(_best)
