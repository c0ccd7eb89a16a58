"""Who may stand in a community's list, and in which order."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from eyelevel.matching import Query, harmonic_mean
from twincitylab.community.choices import CommunityKind, Topic
from twincitylab.matching.engine.communities.crowd import Assembly, Crowd, Mask
from twincitylab.matching.engine.communities.fits import Items, answered, answered_each, joined, rest
from twincitylab.matching.engine.communities.items import ANSWERS
from twincitylab.matching.engine.communities.results import CommunityFilters, ListOrigin
from twincitylab.matching.engine.communities.rounds import RoundLists
from twincitylab.matching.engine.communities.rows import Float32

Place: TypeAlias = tuple[Crowd, int]

LOOKED_AT = 400
"""So many of the best of the space are judged need by need."""
LOOKED_AT_EACH = 30
"""At least so many for each place of a list."""
SPARE = 4
"""Found beyond the length asked for, should one have been hidden meanwhile."""
MOST_FULL = 2
"""How many that have no room are shown behind the others."""
MOST_NEW = 3
"""How many that changed since the rounds are put into a list of them."""
NEARLY = 0.9
"""Put in is who fits this much as well as the middle of the list."""
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


def figures(asker: Asker, others: Sequence[Place]) -> NDArray[np.float64]:
    """The score and both benefits of single communities, need by need, (n, 3)."""
    if not others:
        return np.zeros((0, 3))
    own = asker.crowd.items.take(np.array([asker.row]))
    theirs = _items(others)
    rows = np.vstack([asker.crowd.rows[asker.row][None, :], _rows(asker, others)])
    asks, seen = rest(rows, layout=asker.crowd.layout)
    forward = ANSWERS * answered(own, theirs) + seen[1:] @ asks[0]
    backward = ANSWERS * answered_each(theirs, own) + asks[1:] @ seen[0]
    return np.column_stack([harmonic_mean(forward, backward), forward, backward])


def best(
    asker: Asker,
    *,
    among: Assembly,
    likely: tuple[Float32, Float32],
    allowed: tuple[Mask, Mask],
    count: int,
) -> tuple[list[int], NDArray[np.float64]]:
    """The ``count`` best with their scores: the likeliest of the space, judged need by need; ties by id."""
    places = among.best(likely, count=min(LOOKED_AT, LOOKED_AT_EACH * count), allowed=allowed)
    pk = np.array([int(crowd.pk[row]) for crowd, row in places], dtype=np.int64)
    scores = figures(asker, places)[:, 0]
    # Sums may be added in another order elsewhere: what differs by no more than that is a tie.
    order = np.lexsort((pk, -np.round(scores, 9)))[:count]
    return pk[order].tolist(), scores[order]


def _items(others: Sequence[Place]) -> Items:
    """Their needs and offers in the order of ``others``, taken from each crowd at once."""
    crowds = list({id(crowd): crowd for crowd, _row in others}.values())
    lines = [[place for place, (crowd, _row) in enumerate(others) if crowd is one] for one in crowds]
    parts = [
        crowd.items.take(np.array([others[place][1] for place in places]))
        for crowd, places in zip(crowds, lines, strict=True)
    ]
    return joined(parts).take(np.argsort(np.concatenate(lines), kind="stable"))


def _rows(asker: Asker, others: Sequence[Place]) -> Float32:
    lines = [crowd.rows[row] for crowd, row in others]
    return np.array(lines, dtype=np.float32).reshape(len(lines), len(asker.query.forward))


def _live(asker: Asker, *, among: Assembly, allowed: tuple[Mask, Mask], count: int) -> list[int]:
    """The best that have room, and behind them those without that would stand among them."""
    open_ones = (allowed[0] & (among.still.capacity > 0), allowed[1] & (among.fresh.capacity > 0))
    likely = among.likely(asker.query)
    found, scores = best(asker, among=among, likely=likely, allowed=open_ones, count=count + SPARE)
    full_ones = (allowed[0] & (among.still.capacity == 0), allowed[1] & (among.fresh.capacity == 0))
    full, full_scores = best(asker, among=among, likely=likely, allowed=full_ones, count=MOST_FULL)
    last = float(scores[count - 1]) if len(found) >= count else 0.0
    return [*found, *(pk for pk, score in zip(full, full_scores.tolist(), strict=True) if score >= last)]


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
    places = [place for pk in kept if (place := among.line(pk)) is not None]
    usual = float(np.median(figures(asker, places)[:, 0]))
    if not (changed[0].any() or changed[1].any()):
        return kept[:count], []
    likely = among.likely(asker.query)
    new, scores = best(asker, among=among, likely=likely, allowed=changed, count=MOST_NEW + len(kept))
    fitting = [pk for pk, score in zip(new, scores.tolist(), strict=True) if score >= NEARLY * usual]
    put_in = [pk for pk in fitting if pk not in kept][:MOST_NEW]
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
