"""Lists of *Established* for everyone who has twinnings: the likeliest partners, with shared exposure."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from eyelevel.matching import mutual, share_exposure, tempered
from twincitylab.matching.engine.clues import Ground
from twincitylab.matching.engine.established import Net, established_scores

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]

CANDIDATES = 500
INEQUALITY = 0.3
"""The Gini coefficient the wanted exposure is tempered to; what is reached is a little lower."""
LOGIT_LIMIT = 1e-6
UNASKED = 1e-9
"""The wanted share of a city that stands in nobody's plain list."""
BATCH = 256


def shared_lists(
    ground: Ground,
    rows: NDArray[np.integer],
    *,
    ranks: int,
    net: Net | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> tuple[Rows, Scores]:
    """Partners (m, ranks) of these cities as rows, -1 for none, and how likely both find each other, 0 to 1.

    A city that stands at the top of very many plain lists gives up places to others that fit nearly as well;
    cities often ranked high still stand above others. O(m candidates) and the second stage for each.
    """
    asked = np.asarray(rows, dtype=np.int64)
    if not len(asked):
        return np.empty((0, ranks), dtype=np.int64), np.empty((0, ranks))
    index, chance = _ranked(ground, asked, net=net, progress=progress)
    place, order = _asked_first(asked, count=len(ground.s))
    candidates = np.where(index >= 0, place[index], -1)
    certain = np.clip(chance, LOGIT_LIMIT, 1 - LOGIT_LIMIT)
    both = mutual(candidates, np.where(index >= 0, np.log(certain / (1 - certain)), 0.0))
    wanted = _wanted(candidates[:, :ranks], asked=len(asked), count=len(ground.s))
    shared = share_exposure(candidates, both, k=ranks, wanted=wanted)
    there = shared.index >= 0
    partners = np.where(there, order[shared.index], -1)
    return partners, np.where(there, 1 / (1 + np.exp(-np.where(there, shared.score, 0.0))), 0.0)


def _ranked(
    ground: Ground, asked: Rows, *, net: Net | None, progress: Callable[[float], None]
) -> tuple[Rows, Scores]:
    index = np.full((len(asked), CANDIDATES), -1, dtype=np.int64)
    chance = np.zeros((len(asked), CANDIDATES))
    for at in range(0, len(asked), BATCH):
        found = established_scores(ground, asked[at : at + BATCH], top=CANDIDATES, net=net)
        index[at : at + BATCH], chance[at : at + BATCH] = found.index, found.score
        progress(min(at + BATCH, len(asked)) / len(asked))
    return index, chance


def _asked_first(asked: Rows, *, count: int) -> tuple[Rows, Rows]:
    """The place of each of n cities when those that are asked come first, and who stands at each place."""
    others = np.setdiff1d(np.arange(count), asked, assume_unique=True)
    order = np.concatenate([asked, others])
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    return place, order


def _wanted(plain: Rows, *, asked: int, count: int) -> Scores:
    """The share of places for each: tempered fame of those that are asked or that somebody's list shows."""
    fame = np.bincount(plain[plain >= 0], minlength=count).astype(np.float64)
    fame[:asked] += 1
    wanted = np.full(count, UNASKED)
    wanted[fame > 0] = tempered(fame[fame > 0], inequality=INEQUALITY)
    return wanted
