"""Successive stable rounds: fair lists for everyone, in which each city is shown as often as it is served."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eyelevel.matching.candidates import Candidates, Progress, Search
from eyelevel.matching.meeting import Int32, Law, Rules, faces_of, law_of
from eyelevel.matching.space import Float32, Space
from eyelevel.matching.threads import own_pool

Judge = Callable[[Int32, Int32], Float32]

WIDE, WIDE_PER_GROUP = 128, 8
"""Length of the candidate lists of everyone and how many of one group stand in them."""
NARROW, NARROW_PER_GROUP = 48, 6
"""The same for the lists of the unserved, rebuilt within a rank."""
OFFERS = 32
"""How many of the unserved each served row is offered for a swap."""
WORTHWHILE, SWAPS_WORTHWHILE = 0.1, 0.1
"""Ask the unserved again while this share of them finds a partner among themselves, or by swaps."""
FIRST_PASS = 0.3
"""Share of the whole work that the candidates of everyone take."""


class Stage(IntEnum):
    """How a partner was found."""

    NONE = 0
    STABLE = 1
    RESIDUAL = 2
    SWAP = 3


@dataclass(frozen=True, eq=False)
class Rounds:
    """Fair lists: the partner of row i at rank r is ``partners[i, r]``, whose partner at rank r is i.

    partners (n, ranks) int32, -1 for none; scores (n, ranks) float32, 0 for none; stage (n, ranks) int8 of
    `Stage`; blocking (ranks,) int64, how many pairs of the candidate lists would rather have each other than
    whom they have at that rank; judged (int), how many pairs were asked; floor (n,) float32, below which of
    both a pair counts as no match.
    """

    partners: Int32
    scores: Float32
    stage: NDArray[np.int8]
    blocking: NDArray[np.int64]
    judged: int
    floor: Float32

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many partners each row has, which is also how often it is shown: (n,) int64."""
        lengths: NDArray[np.int64] = (self.partners >= 0).sum(axis=1, dtype=np.int64)
        return lengths


@dataclass(eq=False)
class _State:
    """What the ranks write."""

    partners: Int32
    scores: Float32 = field(init=False)
    stage: NDArray[np.int8] = field(init=False)

    def __post_init__(self) -> None:
        self.scores = np.zeros(self.partners.shape, dtype=np.float32)
        self.stage = np.zeros(self.partners.shape, dtype=np.int8)


def successive_rounds(
    space: Space,
    *,
    ranks: int = 10,
    groups: ArrayLike | None = None,
    per_group: int | None = 2,
    own_group_allowed: bool = False,
    apart: ArrayLike | None = None,
    excluded: ArrayLike | None = None,
    weights: Mapping[str, float] | None = None,
    floor: float = 0.735,
    threads: int | None = None,
    progress: Progress | None = None,
    judge: Judge | None = None,
) -> Rounds:
    """Match everyone with everyone, rank by rank: each rank is one stable matching with one partner each.

    Parameters
    ----------
    groups, per_group, own_group_allowed, apart, excluded : see `Rules`; without groups per_group is ignored.
    weights : one number per block for this run; by default those of the space.
    floor : 0 to 1. The plain list of a row is its best `ranks` candidates under the rules. A pair whose score
        is below this share of the mean of the plain list of both sides is no match: rather a shorter list.
    threads, progress : as in `candidates`; progress hears a rising share of the work that ends with 1.
    judge : a second look at candidates: of rows (m,) and their candidates (m, c), -1 for none, it returns
        scores (m, c) float32, the same bits for a pair from both sides, that count instead of those of the
        space. The space then only says who is looked at.

    Returns
    -------
    Rounds
        No row has a partner twice, one it may not meet, or more than `per_group` of one group.

    Raises
    ------
    ValueError
        for fewer than 1 rank, a floor outside 0 to 1, rules that do not fit, or bad weights.

    Notes
    -----
    Each rank has three stages, told apart in `stage`. STABLE: pairs of the candidate lists are taken from
    the best score down whenever both sides are still free at this rank and may meet. RESIDUAL: the
    candidates of the unserved among the unserved are rebuilt and matched in the same way, again and again.
    SWAP: those still unserved are served two by two: a matched pair (p, q) is parted, p joins u and q joins
    v, where s(p, u) + s(q, v) - s(p, q) is largest first.

    *Taking pairs from the best down is stable.* Suppose i and j may meet, stand in the list of pairs and
    both would rather have each other than whom they got. When (i, j) came up, one of the two was already
    taken, say i, by a pair that came earlier and hence scores at least as much: i does not prefer j, a
    contradiction. The score is symmetric, so all rows rank their pairs by one common order; then such a
    matching exists, and without ties it is the only stable one [2]_, although stable roommates, unlike
    stable marriages [1]_, may have none in general [3]_. Of equal scores the pair whose smaller row, then
    whose larger row, is smaller comes first. Swaps give up stability for longer lists, and candidate lists
    end somewhere, so `blocking` counts what is left.

    Cost: one pass over all pairs, O(n^2 D), and two to four times that for the unserved; memory
    O(n (D + WIDE)). Nothing is kept between runs: a run after a change costs the same again.

    References
    ----------
    .. [1] D. Gale, L. Shapley, "College admissions and the stability of marriage", Am. Math. Monthly
       69, 1962.
    .. [2] D. Abraham, A. Levavi, D. Manlove, G. O'Malley, "The stable roommates problem with globally
       ranked pairs", Internet Mathematics 5, 2008.
    .. [3] R. Irving, "An efficient algorithm for the stable roommates problem", J. Algorithms 6, 1985.

    Examples
    --------
    >>> from eyelevel.matching import Block, clock
    >>> space = Space.build([Block.kernel("hours", clock([0.0, 1.0, 12.0, 13.5]))], weights={"hours": 1})
    >>> rounds = successive_rounds(space, ranks=2, groups=[0, 1, 2, 3], floor=0)
    >>> rounds.partners.tolist(), rounds.blocking.tolist()
    ([[1, 3], [0, 2], [3, 1], [2, 0]], [0, 0])
    """
    # Here and not above: the compiler loads slowly.
    from eyelevel.matching.partner_kernels import blocking

    if ranks < 1:
        raise ValueError(f"ranks must be at least 1, not {ranks}")
    if not 0 <= floor <= 1:
        raise ValueError(f"floor must be between 0 and 1, not {floor}")
    rules = Rules(groups, per_group if groups is not None else None, own_group_allowed, apart, excluded)
    law = law_of(rules, size=len(space), ranks=ranks)
    state = _State(np.full((len(space), ranks), -1, dtype=np.int32))
    share = _Share(progress, ranks=ranks)
    with own_pool(threads) as pool:
        search = _Judged(Search(faces_of(space, weights=weights), law, state.partners, pool), judge)
        everybody = np.arange(len(space), dtype=np.int32)
        wide = _per_segment(law, WIDE, WIDE_PER_GROUP)
        found = search.best(
            everybody, among=everybody, count=WIDE, per_segment=wide, progress=share.first_pass
        )
        law = law._replace(floor=plain_means(found, law, ranks=ranks) * np.float32(floor))
        search.keep_to(law)
        pairs = _pairs(everybody, found, law)
        counts = np.zeros(ranks, dtype=np.int64)
        for rank in range(ranks):
            _one_rank(search, state, pairs, rank=rank)
            counts[rank] = blocking(*pairs, law, state.partners, state.scores, rank)
            share.rank_done(rank)
    return Rounds(state.partners, state.scores, state.stage, counts, len(pairs[0]), law.floor)


class _Judged:
    """A search whose candidates are looked at a second time, if there is a judge, before anybody counts on
    their scores."""

    def __init__(self, search: Search, judge: Judge | None) -> None:
        self._search, self._judge = search, judge
        self.law = search.law

    def keep_to(self, law: Law) -> None:
        """Ask by this law from now on; floors are those of the judge, which the space cannot know."""
        self.law = law
        if self._judge is None:
            self._search.law = law

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
        found = self._search.best(
            rows, among=among, count=count, per_segment=per_segment, rank=rank, progress=progress
        )
        return found if self._judge is None else self._looked_at_again(rows, found, self._judge)

    def _looked_at_again(self, rows: Int32, found: Candidates, judge: Judge) -> Candidates:
        score = np.where(found.index >= 0, judge(rows, found.index), np.float32(0))
        floor = np.minimum(self.law.floor[rows][:, None], self.law.floor[found.index])
        score[score < floor] = 0
        order = np.argsort(-score, axis=1, kind="stable")
        score = np.take_along_axis(score, order, axis=1)
        index = np.where(score > 0, np.take_along_axis(found.index, order, axis=1), np.int32(-1))
        return Candidates(index.astype(np.int32), score)


def plain_means(found: Candidates, law: Law, *, ranks: int) -> Float32:
    """The mean score of each row's best `ranks` candidates under the cap per group, (n,); 0 without any."""
    means = np.zeros(len(found), dtype=np.float32)
    for start in range(0, len(found), 4096):
        part = slice(start, start + 4096)
        index, score = found.index[part], found.score[part]
        group = np.where(index >= 0, law.group[index], -1)
        before = np.zeros(index.shape, dtype=np.int32)
        for place in range(1, index.shape[1]):
            before[:, place] = (group[:, :place] == group[:, place : place + 1]).sum(axis=1)
        fits = (index >= 0) & (before < law.per_group)
        fits &= np.cumsum(fits, axis=1) <= ranks
        means[part] = (score * fits).sum(axis=1) / np.maximum(fits.sum(axis=1), 1)
    return means


def _one_rank(search: _Judged, state: _State, pairs: tuple[Int32, Int32, Float32], *, rank: int) -> None:
    from eyelevel.matching.partner_kernels import pair_up

    pair_up(*pairs, search.law, state.partners, state.scores, rank)
    _mark(state, Stage.STABLE, rank=rank)
    _match_residual(search, state, rank=rank)
    _mark(state, Stage.RESIDUAL, rank=rank)
    _swap_in_unserved(search, state, rank=rank)


def _match_residual(search: _Judged, state: _State, *, rank: int) -> None:
    """Match the unserved among themselves until too few of them find a partner."""
    from eyelevel.matching.partner_kernels import pair_up

    per_segment = _per_segment(search.law, NARROW, NARROW_PER_GROUP)
    while len(left := _unserved(state, rank=rank)) > 1:
        found = search.best(left, among=left, count=NARROW, per_segment=per_segment, rank=rank)
        pairs = _pairs(left, found, search.law)
        taken = pair_up(*pairs, search.law, state.partners, state.scores, rank)
        if taken == 0 or 2 * taken < WORTHWHILE * len(left):
            return


def _swap_in_unserved(search: _Judged, state: _State, *, rank: int) -> None:
    """Serve the rest by swaps until few more are possible."""
    from eyelevel.matching.partner_kernels import swap_in

    while len(left := _unserved(state, rank=rank)) > 1:
        served = np.flatnonzero(state.partners[:, rank] >= 0).astype(np.int32)
        found = search.best(served, among=left, count=OFFERS, per_segment=OFFERS, rank=rank)
        index = np.full((len(state.partners), OFFERS), -1, dtype=np.int32)
        score = np.zeros((len(state.partners), OFFERS), dtype=np.float32)
        index[served], score[served] = found.index, found.score
        swaps = swap_in(index, score, state.partners, state.scores, state.stage, rank)
        if swaps == 0 or 2 * swaps < SWAPS_WORTHWHILE * len(left):
            return


def _pairs(rows: Int32, found: Candidates, law: Law) -> tuple[Int32, Int32, Float32]:
    """Acceptable pairs of the lists, each once, best first; ties by the smaller row, then by the larger."""
    from eyelevel.matching.partner_kernels import edges

    first, second, value = edges(rows, found.index, found.score, law)
    # a positive float32 grows with its bits, so that one integer holds both the score and the row
    key = (np.int64(0x7FFFFFFF) - value.view(np.int32)) << 32 | first
    order = np.argsort(key, kind="stable")
    first, second, value = first[order], second[order], value[order]
    fresh = np.ones(len(first), dtype=bool)
    fresh[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return first[fresh], second[fresh], value[fresh]


def _unserved(state: _State, *, rank: int) -> Int32:
    return np.flatnonzero(state.partners[:, rank] < 0).astype(np.int32)


def _mark(state: _State, stage: Stage, *, rank: int) -> None:
    fresh = (state.partners[:, rank] >= 0) & (state.stage[:, rank] == Stage.NONE)
    state.stage[fresh, rank] = stage


def _per_segment(law: Law, count: int, per_group: int) -> int:
    """How many of one group stand in a candidate list: more where there are few groups."""
    group_count = int(law.group.max(initial=0)) + 1
    return min(count, max(per_group, -(-2 * count // group_count)))


class _Share:
    """Turns the progress of the parts into one share that rises to 1."""

    def __init__(self, progress: Progress | None, *, ranks: int) -> None:
        self._progress, self._ranks = progress, ranks

    def first_pass(self, share: float) -> None:
        self._tell(FIRST_PASS * share)

    def rank_done(self, rank: int) -> None:
        self._tell(
            1.0 if rank + 1 == self._ranks else FIRST_PASS + (1 - FIRST_PASS) * (rank + 1) / self._ranks
        )

    def _tell(self, share: float) -> None:
        if self._progress is not None:
            self._progress(share)
