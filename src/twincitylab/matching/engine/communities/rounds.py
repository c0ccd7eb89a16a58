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
ROUNDS_VERSION = 2
FLOOR = 0.3
"""Lower than for cities: with a few famous ones the usual floor left 16 of 2,000 without any partner."""
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

    def partners_of(self, pk: int) -> list[int] | None:
        """The partners of one community, those of the first rounds first; None if it took no part."""
        row = int(np.searchsorted(self.communities, pk))
        if row >= len(self.communities) or int(self.communities[row]) != pk:
            return None
        return [int(partner) for partner in self.partners[row] if partner]


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
    # Here and not above: the rounds bring the compiler, which no page needs.
    from eyelevel.matching.rounds import successive_rounds

    part = crowd.take(crowd.capacity > 0)
    lists = np.zeros((len(part), RANKS), dtype=np.int64)
    scores = np.zeros((len(part), RANKS), dtype=np.float32)
    if len(part) > 1:
        rounds = successive_rounds(
            part.space,
            ranks=RANKS,
            apart=part.places(),
            own_group_allowed=True,
            excluded=_excluded(part, apart),
            floor=FLOOR,
            threads=threads,
            progress=progress,
            judge=judge_of(part.items, part.rows, layout=part.layout),
        )
        lists = np.where(rounds.partners >= 0, part.pk[rounds.partners], 0)
        scores = rounds.scores
    return RoundLists(part.pk, lists, scores)


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
