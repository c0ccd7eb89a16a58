"""Lists of *Established* for everyone who has twinnings: the likeliest partners, with shared exposure."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from eyelevel.matching import mutual, share_exposure, tempered
from twincitylab.matching.engine.clues import Ground
from twincitylab.matching.engine.established import Net, established_scores

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]

CANDIDATES = 500
INEQUALITY = 0.34
"""The Gini coefficient the wanted exposure is tempered to; that of the cities asked is a little lower."""
OWN_SIDE = 0.75
"""How much a list follows its own city; the rest is the mean of both sides."""
BOLDNESS = 0.35
"""The power of the odds that counts as expected twinnings: the second stage was learned among near
candidates, which makes its odds too bold. This and the two above were chosen on seeds 11, 13 and 14."""
TENTH = 4.0
"""What the tenth of a list is worth on average: the steps of prices suit numbers of that order."""
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
    """Partners (m, ranks) of these cities as rows, -1 for none, and how likely each is, 0 to 1.

    A city that stands at the top of very many plain lists gives up places to others that fit nearly as well;
    cities often ranked high still stand above others. O(m candidates) and the second stage for each.
    """
    asked = np.asarray(rows, dtype=np.int64)
    if not len(asked):
        return np.empty((0, ranks), dtype=np.int64), np.empty((0, ranks))
    index, chance = _ranked(ground, asked, net=net, progress=progress)
    place, order = _asked_first(asked, count=len(ground.s))
    candidates = np.where(index >= 0, place[index], -1)
    odds = _expected(candidates, chance)
    unit = TENTH / _typical(odds[:, min(ranks, odds.shape[1]) - 1])
    wanted = _wanted(candidates[:, :ranks], asked=len(asked), count=len(ground.s))
    shared = share_exposure(candidates, odds * unit, k=ranks, wanted=wanted)
    there = shared.index >= 0
    partners = np.where(there, order[shared.index], -1)
    found = np.log(np.where(there, shared.score / unit, 1.0)) / BOLDNESS
    return partners, np.where(there, expit(found), 0.0)


def _typical(values: Scores) -> float:
    above = values[values > 0]
    return float(np.median(above)) if len(above) else 1.0


def _expected(candidates: Rows, chance: Scores) -> Scores:
    """What it is worth to show each candidate, in proportion to the twinnings to be expected."""
    there = candidates >= 0
    own = np.where(there, logit(np.clip(chance, LOGIT_LIMIT, 1 - LOGIT_LIMIT)), 0.0)
    both = np.where(there, mutual(candidates, own), 0.0)
    return np.where(there, np.exp(BOLDNESS * (OWN_SIDE * own + (1 - OWN_SIDE) * both)), 0.0)


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
    # Everybody's even share besides.
    fame[:asked] += plain.shape[1]
    wanted = np.full(count, UNASKED)
    wanted[fame > 0] = tempered(fame[fame > 0], inequality=INEQUALITY)
    return wanted
