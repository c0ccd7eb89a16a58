"""Who may stand in a community's list, and in which order."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eyelevel.matching import Query, both_directions, harmonic_mean
from twincitylab.community.choices import CommunityKind, Topic
from twincitylab.matching.engine.communities.crowd import Assembly, Crowd, Mask
from twincitylab.matching.engine.communities.results import CommunityFilters, ListOrigin
from twincitylab.matching.engine.communities.rounds import RoundLists
from twincitylab.matching.engine.communities.rows import Float32

SPARE = 4
"""Found beyond the length asked for, should one have been hidden meanwhile."""
MOST_FULL = 2
"""How many that have no room are shown behind the others."""
MOST_NEW = 3
"""How many that changed since the rounds are put into a list of them."""
FEWEST = 3
"""A list of the rounds of which less is left is not shown."""


@dataclass(frozen=True, eq=False)
class Asker:
    """A community that asks: its part and row, its question, and whom it must not be shown."""

    crowd: Crowd
    row: int
    query: Query
    apart: Set[int]
    filters: CommunityFilters

    @classmethod
    def of(cls, crowd: Crowd, row: int, *, apart: Set[int], filters: CommunityFilters) -> Asker:
        return cls(crowd, row, crowd.space.query_line(crowd.rows[row]), apart, filters)

    @property
    def pk(self) -> int:
        return int(self.crowd.pk[self.row])

    @property
    def has_words(self) -> bool:
        """Whether it seeks or brings anything yet."""
        start, stop = next((start, stop) for name, start, stop, _d in self.crowd.layout if name == "words")
        return bool(self.crowd.rows[self.row, start:stop].any())

    def allowed(self, crowd: Crowd) -> Mask:
        """Who of these may be its match, those without room included."""
        own = self.crowd
        near = (crowd.city == own.city[self.row]) & ~crowd.hides_city
        at_home = crowd.country == own.country[self.row]
        # One that hides its city meets nobody of its country: otherwise a look from each city would find it.
        near |= at_home if own.hides_city[self.row] else at_home & crowd.hides_city
        mask: Mask = ~near & (crowd.pk != self.pk)
        if self.apart:
            mask &= ~np.isin(crowd.pk, np.fromiter(self.apart, dtype=np.int64))
        return mask & self._wanted(crowd) if self.filters.is_narrowing else mask

    def _wanted(self, crowd: Crowd) -> Mask:
        mask = np.ones(len(crowd), dtype=np.bool_)
        if self.filters.topic:
            mask &= crowd.topics[:, Topic.values.index(self.filters.topic)]
        if self.filters.kind:
            mask &= crowd.kind == CommunityKind.values.index(self.filters.kind)
        if self.filters.country:
            mask &= crowd.country == self.filters.country
        if self.filters.language:
            spoken = [self.filters.language in languages for languages in crowd.languages.tolist()]
            mask &= np.array(spoken, dtype=np.bool_)
        return mask


@dataclass(frozen=True, eq=False)
class Ranked:
    """A list as ids, best first, with rows and figures; which are full, and which were put in newly."""

    pk: NDArray[np.int64]
    rows: Float32
    score: NDArray[np.float64]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]
    full: frozenset[int]
    new: frozenset[int]
    origin: ListOrigin
    candidate_count: int


def ranked(
    asker: Asker,
    *,
    among: Assembly,
    count: int,
    rounds: RoundLists | None = None,
) -> Ranked:
    """Its list: of the rounds where they serve it, with what changed since, otherwise computed just now."""
    allowed = (asker.allowed(among.still), asker.allowed(among.fresh))
    candidates = int((allowed[0] & among.counts).sum() + allowed[1].sum())
    if rounds is not None and not asker.filters.is_narrowing:
        found = _of_rounds(asker, among=among, allowed=allowed, rounds=rounds, count=count)
        if found is not None:
            return _figures(
                asker, found[0], among=among, new=found[1], origin=ListOrigin.ROUNDS, candidates=candidates
            )
    pks = _live(asker, among=among, allowed=allowed, count=count)
    return _figures(asker, pks, among=among, new=[], origin=ListOrigin.LIVE, candidates=candidates)


def figures(asker: Asker, others: Sequence[tuple[Crowd, int]]) -> NDArray[np.float64]:
    """The score and both benefits of single communities, (n, 3)."""
    rows = _rows(asker, others)
    forward, backward = both_directions(rows, asker.query)
    return np.column_stack([harmonic_mean(forward, backward), forward, backward])


def _rows(asker: Asker, others: Sequence[tuple[Crowd, int]]) -> Float32:
    lines = [crowd.rows[row] for crowd, row in others]
    return np.array(lines, dtype=np.float32).reshape(len(lines), len(asker.query.forward))


def _live(asker: Asker, *, among: Assembly, allowed: tuple[Mask, Mask], count: int) -> list[int]:
    """The best that have room, and behind them those without that would stand among them."""
    open_ones = (allowed[0] & (among.still.capacity > 0), allowed[1] & (among.fresh.capacity > 0))
    found = among.best(asker.query, count=count + SPARE, allowed=open_ones)
    full_ones = (allowed[0] & (among.still.capacity == 0), allowed[1] & (among.fresh.capacity == 0))
    full = among.best(asker.query, count=MOST_FULL, allowed=full_ones)
    last = float(found.score[:count][-1]) if len(found.pk) >= count else 0.0
    return [*found.pk.tolist(), *full.pk[full.score >= last].tolist()]


def _of_rounds(
    asker: Asker,
    *,
    among: Assembly,
    allowed: tuple[Mask, Mask],
    rounds: RoundLists,
    count: int,
) -> tuple[list[int], list[int]] | None:
    """Its list of the rounds, and who was put in; None where they are older than its own last change."""
    partners, since = rounds.partners_of(asker.pk), rounds.of
    if partners is None or int(asker.crowd.matched_at[asker.row]) > since:
        return None
    kept = [pk for pk in partners if _may_meet(pk, among=among, allowed=allowed)]
    if len(kept) < min(FEWEST, len(partners)) or not kept:
        return None
    changed = (
        allowed[0] & (among.still.matched_at > since) & (among.still.capacity > 0),
        allowed[1] & (among.fresh.matched_at > since) & (among.fresh.capacity > 0),
    )
    new = among.best(asker.query, count=MOST_NEW + len(kept), allowed=changed)
    scores = {pk: float(score) for pk, score in zip(new.pk.tolist(), new.score.tolist(), strict=True)}
    places = [place for pk in kept if (place := among.line(pk)) is not None]
    usual = float(np.median(figures(asker, places)[:, 0]))
    put_in = [pk for pk, score in scores.items() if score >= usual and pk not in kept][:MOST_NEW]
    room = max(count - len(put_in), 0)
    return [*put_in, *kept[:room]], put_in


def _may_meet(pk: int, *, among: Assembly, allowed: tuple[Mask, Mask]) -> bool:
    place = among.line(pk)
    if place is None:
        return False
    crowd, row = place
    mask = allowed[1] if crowd is among.fresh else allowed[0]
    return bool(mask[row]) and int(crowd.capacity[row]) > 0


def _figures(
    asker: Asker,
    pks: Sequence[int],
    *,
    among: Assembly,
    new: Sequence[int],
    origin: ListOrigin,
    candidates: int,
) -> Ranked:
    places = [place for pk in pks if (place := among.line(pk)) is not None]
    numbers = figures(asker, places)
    return Ranked(
        pk=np.array([int(crowd.pk[row]) for crowd, row in places], dtype=np.int64),
        rows=_rows(asker, places),
        score=numbers[:, 0],
        forward=numbers[:, 1],
        backward=numbers[:, 2],
        full=frozenset(int(crowd.pk[row]) for crowd, row in places if crowd.capacity[row] == 0),
        new=frozenset(new),
        origin=origin,
        candidate_count=candidates,
    )
