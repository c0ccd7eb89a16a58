"""One pool of threads of our own, BLAS at one thread: several native pools ruin each other's timings."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Lock

_SUFFIXES = ("scipy_openblas_{}64_", "scipy_openblas_{}", "openblas_{}64_", "openblas_{}")
_lock = Lock()
_users = 0
_before = 1


class Pool:
    """Runs independent pieces of work; results are written by the work itself, so the order is free."""

    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor = executor

    def each(
        self, work: Callable[[int], object], items: Sequence[int], *, progress: Callable[[float], None] | None
    ) -> None:
        """Call ``work`` for every item, report the share done; the first error stops what has not begun."""
        futures = [self._executor.submit(work, item) for item in items]
        try:
            for done, future in enumerate(futures, start=1):
                future.result()
                if progress is not None:
                    progress(done / len(futures))
        finally:
            for future in futures:
                future.cancel()


@contextmanager
def own_pool(threads: int | None = None) -> Iterator[Pool]:
    """A pool of this many threads (by default one per usable core), BLAS held to one thread meanwhile.

    Raises ValueError for fewer than one thread.
    """
    count = usable_cores() if threads is None else threads
    if count < 1:
        raise ValueError(f"threads must be at least 1, not {count}")
    with _single_threaded_blas(), ThreadPoolExecutor(count, thread_name_prefix="eyelevel") as executor:
        yield Pool(executor)


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


@contextmanager
def _single_threaded_blas() -> Iterator[None]:
    """Hold NumPy's OpenBLAS at one thread while anybody is inside; another BLAS is left as it is."""
    global _users, _before
    switch = _openblas()
    with _lock:
        if switch is not None and _users == 0:
            _before = switch[0]()
            switch[1](1)
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if switch is not None and _users == 0:
                switch[1](_before)


def _openblas() -> tuple[Callable[[], int], Callable[[int], object]] | None:
    try:
        spec = find_spec("numpy._core._multiarray_umath")
        if spec is None or spec.origin is None:
            return None
        library = ctypes.CDLL(spec.origin)
    except (ImportError, OSError):
        return None
    for name in _SUFFIXES:
        get = getattr(library, name.format("get_num_threads"), None)
        put = getattr(library, name.format("set_num_threads"), None)
        if get is not None and put is not None:
            return get, put
    return None
