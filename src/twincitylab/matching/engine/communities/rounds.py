"""Rounds that serve every community: computing them, and reading those in force."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twincitylab.community.queries.vectors import moment
from twincitylab.matching.engine.communities.crowd import Crowd
from twincitylab.matching.engine.communities.fits import judge_of
from twincitylab.matching.engine.communities.rows import ENCODER_VERSION
from twincitylab.matching.engine.world import World
from twincitylab.matching.models import CommunityRounds
from twincitylab.matching.queries.communities import RoundsState, rounds_blobs, rounds_state

RANKS = 10
# Raise it when the rounds change, so that lists computed the old way are computed again.
ROUNDS_VERSION = 3
FIRST = 3
"""The rounds of whom one may write to first: they serve everybody."""
FIRST_FLOOR, FLOOR = 0.1, 0.75
"""The first rounds take nearly everyone, so that nobody is left out; the later ones only whom it is worth it
for both: with one floor for all, either 23 of 2,000 were never shown, or lists ended in poor matches."""
FIRST_WORK = 0.4
"""Share of the work that the first rounds take."""
SECONDS_BETWEEN_LOOKS = 10.0


@dataclass(frozen=True, eq=False)
class RoundLists:
    """Ids of communities (n,), ascending, and of their partners (n, ranks), 0 for none, with scores.

    Whoever changed after ``of`` (see ``vectors.moment``) was another when they were computed.
    """

    communities: NDArray[np.int64]
    partners: NDArray[np.int64]
    scores: NDArray[np.float32]
    of: int = 0

    def partners_of(self, pk: int) -> tuple[list[int], list[int]] | None:
        """The partners of one community in the first rounds, in which it is among the first of theirs too,
        and those of the later ones; None if it took no part."""
        row = int(np.searchsorted(self.communities, pk))
        if row >= len(self.communities) or int(self.communities[row]) != pk:
            return None
        first, later = self.partners[row, :FIRST], self.partners[row, FIRST:]
        return first[first > 0].tolist(), later[later > 0].tolist()


def version(world: World) -> str:
    """Names what rounds are computed with, beside the communities themselves."""
    return f"{ENCODER_VERSION}.{ROUNDS_VERSION}-{world.key}"


def compute(
    crowd: Crowd,
    *,
    apart: Iterable[tuple[int, int]],
    progress: Callable[[float], None] | None = None,
    threads: int | None = None,
) -> RoundLists:
    """The lists of all who have room for a partnership; ``progress`` hears the share done and may raise."""
    part = crowd.take(crowd.capacity > 0)
    lists = np.zeros((len(part), RANKS), dtype=np.int64)
    scores = np.zeros((len(part), RANKS), dtype=np.float32)
    if len(part) > 1:
        partners, scores = _matched(part, apart=apart, progress=progress, threads=threads)
        lists = np.where(partners >= 0, part.pk[partners], 0)
    return RoundLists(part.pk, lists, scores)


def _matched(
    part: Crowd,
    *,
    apart: Iterable[tuple[int, int]],
    progress: Callable[[float], None] | None,
    threads: int | None,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Rows of partners (-1: none) and scores: the first rounds, then the later ones without their pairs."""
    # Here and not above: the rounds bring the compiler, which no page needs.
    from eyelevel.matching.rounds import Rounds, successive_rounds

    judge = judge_of(part.items, part.rows, layout=part.layout)

    def rounds(ranks: int, floor: float, excluded: NDArray[np.int64], span: tuple[float, float]) -> Rounds:
        return successive_rounds(
            part.space,
            ranks=ranks,
            apart=part.places(),
            own_group_allowed=True,
            excluded=excluded,
            floor=floor,
            threads=threads,
            progress=_within(progress, *span),
            judge=judge,
        )

    never = _excluded(part, apart)
    first = rounds(FIRST, FIRST_FLOOR, never, (0.0, FIRST_WORK))
    rows = np.repeat(np.arange(len(part)), FIRST)
    met = np.column_stack([rows, first.partners.ravel()])[first.partners.ravel() >= 0]
    later = rounds(RANKS - FIRST, FLOOR, np.concatenate([never, met]), (FIRST_WORK, 1.0))
    return np.hstack([first.partners, later.partners]), np.hstack([first.scores, later.scores])


def _within(
    progress: Callable[[float], None] | None, start: float, stop: float
) -> Callable[[float], None] | None:
    """Tells the share done of one part of the work as a share of the whole."""
    if progress is None:
        return None

    def told(share: float) -> None:
        progress(start + (stop - start) * share)

    return told


def state() -> RoundsState:
    """Where the rounds stand, as of a moment ago: asked for at most every ten seconds."""
    global _state
    at = time.monotonic()
    if _state is None or at - _state[0] > SECONDS_BETWEEN_LOOKS:
        _state = (at, rounds_state())
    return _state[1]


def forget() -> None:
    """Drop what was read; the next question asks the database again."""
    global _state, _kept
    _state = _kept = None


def read(run: CommunityRounds) -> RoundLists | None:
    """The lists of finished rounds, read once per process; None if they have just been replaced."""
    with _lock:
        if _kept is not None and _kept[0] == run.pk:
            return _kept[1]
    blobs = rounds_blobs(run.pk)
    return None if blobs is None else _keep(run, blobs)


_lock = threading.Lock()
_kept: tuple[int, RoundLists] | None = None
_state: tuple[float, RoundsState] | None = None


def _keep(run: CommunityRounds, blobs: tuple[bytes, bytes, bytes]) -> RoundLists | None:
    global _kept
    pks = np.frombuffer(blobs[0], dtype="<i8")
    partners, scores = np.frombuffer(blobs[1], dtype="<i8"), np.frombuffer(blobs[2], dtype="<f4")
    if partners.size != len(pks) * run.ranks or scores.size != partners.size:
        return None
    shape = (len(pks), run.ranks)
    of = moment(run.of) if run.of else 0
    lists = RoundLists(pks, partners.reshape(shape), scores.reshape(shape), of)
    with _lock:
        _kept = (run.pk, lists)
    return lists


def _excluded(crowd: Crowd, apart: Iterable[tuple[int, int]]) -> NDArray[np.int64]:
    """Pairs of rows that never meet; one that hides its city meets nobody of its country."""
    ids = np.array(list(apart), dtype=np.int64).reshape(-1, 2)
    rows = np.minimum(np.searchsorted(crowd.pk, ids), len(crowd) - 1)
    known = rows[(crowd.pk[rows] == ids).all(axis=1)]
    hidden = [
        np.column_stack([np.full(len(near), row), near])
        for row in np.flatnonzero(crowd.hides_city).tolist()
        for near in [np.flatnonzero(crowd.country == crowd.country[row])]
    ]
    pairs: NDArray[np.int64] = np.concatenate([known, *hidden]).astype(np.int64)
    differ: NDArray[np.int64] = pairs[pairs[:, 0] != pairs[:, 1]]
    return differ
