"""The compiled loop behind the second look at very many pairs. Import it late: numba loads slowly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., Any])


def _compiled(function: Function) -> Function:
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    options["fastmath"] = {"reassoc", "contract", "nsz", "nnan"}
    try:
        return cast("Function", numba.njit(function, cache=True, **options))
    except RuntimeError:  # an installation without any writable folder
        return cast("Function", numba.njit(function, **options))


def _answered(
    i: int,
    j: int,
    start: Int64,
    is_offer: NDArray[np.bool_],
    kind: Int64,
    topics: Float32,
    words: NDArray[np.int8],
    kinds: Float32,
    measures: Float32,
) -> np.float32:
    """How well the needs of i are answered by the offers of j."""
    best, total = np.float32(0), np.float32(0)
    for n in range(start[i], start[i + 1]):
        if is_offer[n]:
            continue
        most = np.float32(0)
        for o in range(start[j], start[j + 1]):
            if not is_offer[o]:
                continue
            subject = np.float32(0)
            for k in range(topics.shape[1]):
                subject += topics[n, k] * topics[o, k]
            alike = np.int32(0)
            for k in range(words.shape[1]):
                alike += np.int32(words[n, k]) * np.int32(words[o, k])
            fit = measures[0] * subject * kinds[kind[n], kind[o]]
            fit += measures[1] * np.float32(alike if alike > 0 else 0)
            most = max(most, fit)
        best = max(best, most)
        total += most
    return min(best + measures[2] * (total - best), np.float32(1))


answered = _compiled(_answered)


def _judged(
    asking: Int32,
    index: Int32,
    start: Int64,
    is_offer: NDArray[np.bool_],
    kind: Int64,
    topics: Float32,
    words: NDArray[np.int8],
    kinds: Float32,
    measures: Float32,
    asks: Float32,
    seen: Float32,
    score: Float32,
) -> None:
    """Write the harmonic mean of both benefits of each pair; the same bits from both sides."""
    for r in range(asking.size):
        for q in range(index.shape[1]):
            i, j = min(asking[r], index[r, q]), max(asking[r], index[r, q])
            if i < 0:
                break
            a = measures[3] * answered(i, j, start, is_offer, kind, topics, words, kinds, measures)
            b = measures[3] * answered(j, i, start, is_offer, kind, topics, words, kinds, measures)
            for k in range(asks.shape[1]):
                a += asks[i, k] * seen[j, k]
            for k in range(asks.shape[1]):
                b += asks[j, k] * seen[i, k]
            if a > 0 and b > 0:
                score[r, q] = np.float32(2) * (a * b) / (a + b)


judged = _compiled(_judged)
