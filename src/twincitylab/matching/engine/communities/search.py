"""Who may stand in a community's list, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
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
"""How many that changed since the rounds are put into a list of them, beside those of the rounds."""
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
        """Who of these may be its match and passes the filters, those without room included."""
        mask = self.may_meet(crowd)
        return mask & self._wanted(crowd) if self.filters.is_narrowing else mask

    def may_meet(self, crowd: Crowd) -> Mask:
        """Who of these may be its match, whatever the filters say.

        Whoever is in safety mode is met by those only whom it could meet as well.
        """
        own = self.crowd
        near = (crowd.city == own.city[self.row]) & ~crowd.hides_city
        at_home = crowd.country == own.country[self.row]
        # One that hides its city meets nobody of its country: otherwise a look from each city would find it.
        near |= at_home if own.hides_city[self.row] else at_home & crowd.hides_city
        mask: Mask = ~near & (crowd.pk != self.pk)
        if own.is_hidden[self.row]:
            mask &= ~crowd.is_safe
        if self.apart:
            mask &= ~np.isin(crowd.pk, np.fromiter(self.apart, dtype=np.int64))
        return mask

    def _wanted(self, crowd: Crowd) -> Mask:
        # A list by topic or country must not be a way to find those who are in safety mode.
        mask = ~crowd.is_safe
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
    """A list as ids with rows and figures: those that stand among each other's ``first`` in the rounds,
    best first, then all others, best first, then the full. ``new`` were not as they are now, or not there,
    when the rounds were computed."""

    pk: NDArray[np.int64]
    rows: Float32
    score: NDArray[np.float64]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]
    first: frozenset[int]
    full: frozenset[int]
    new: frozenset[int]
    origin: ListOrigin
    candidate_count: int


@dataclass(frozen=True)
class Chosen:
    """Who stands in a list, in order, and who of them is among each other's first, or new."""

    pks: Sequence[int]
    first: frozenset[int] = frozenset()
    new: frozenset[int] = frozenset()


def ranked(
    asker: Asker,
    *,
    among: Assembly,
    count: int,
    rounds: RoundLists | None = None,
) -> Ranked:
    """Its list: of the rounds where they serve it, with what changed since, otherwise computed just now."""
    allowed = (asker.allowed(among.still), asker.allowed(among.fresh))
    told = (allowed[0] & among.counts & ~among.still.is_safe, allowed[1] & ~among.fresh.is_safe)
    candidates = int(told[0].sum() + told[1].sum())
    if rounds is not None and not asker.filters.is_narrowing:
        found = _of_rounds(asker, among=among, allowed=allowed, rounds=rounds, count=count)
        if found is not None:
            return _figures(asker, found, among=among, origin=ListOrigin.ROUNDS, candidates=candidates)
    found = Chosen(_live(asker, among=among, allowed=allowed, count=count))
    return _figures(asker, found, among=among, origin=ListOrigin.LIVE, candidates=candidates)


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
) -> Chosen | None:
    """Its list of the rounds, and who was put in; None where they are older than its own last change.

    Who has changed since is another than the rounds knew, and has a list of its own now: it comes in only
    where its score puts it, behind those that are each other's first.
    """
    partners, since = rounds.partners_of(asker.pk), rounds.of
    if partners is None or int(asker.crowd.matched_at[asker.row]) > since:
        return None
    first, later = (
        [pk for pk in part if _stays(pk, since, among=among, allowed=allowed)] for part in partners
    )
    kept = [*first, *later]
    if len(kept) < min(FEWEST, len(partners[0]) + len(partners[1])) or not kept:
        return None
    score = _scores_of(asker, kept, among=among)
    new = _new(asker, among=among, allowed=allowed, since=since, least=NEARLY * _median(score))
    first = _best_first(first, score)[:count]
    room = count - len(first)
    others = _best_first(_best_first(later, score)[:room] + list(new), score | new)
    return Chosen([*first, *others], frozenset(first), frozenset(new))


def _new(
    asker: Asker, *, among: Assembly, allowed: tuple[Mask, Mask], since: int, least: float
) -> dict[int, float]:
    """The best that changed since the rounds, with their scores, as far as they fit well enough."""
    changed = (
        allowed[0] & (among.still.matched_at > since) & (among.still.capacity > 0),
        allowed[1] & (among.fresh.matched_at > since) & (among.fresh.capacity > 0),
    )
    if not (changed[0].any() or changed[1].any()):
        return {}
    likely = among.likely(asker.query)
    found, scores = best(asker, among=among, likely=likely, allowed=changed, count=MOST_NEW)
    return {pk: score for pk, score in zip(found, scores.tolist(), strict=True) if score >= least}


def _scores_of(asker: Asker, pks: Sequence[int], *, among: Assembly) -> dict[int, float]:
    places = [place for pk in pks if (place := among.line(pk)) is not None]
    return dict(zip(pks, figures(asker, places)[:, 0].tolist(), strict=True))


def _median(score: Mapping[int, float]) -> float:
    return float(np.median(list(score.values())))


def _best_first(pks: Sequence[int], score: Mapping[int, float]) -> list[int]:
    """Ties by id, where no more differs than the order in which sums were added."""
    return sorted(pks, key=lambda pk: (-round(score[pk], 9), pk))


def _stays(pk: int, since: int, *, among: Assembly, allowed: tuple[Mask, Mask]) -> bool:
    """Whether a partner of the rounds may still be met, has room, and is as the rounds knew it."""
    place = among.line(pk)
    if place is None:
        return False
    crowd, row = place
    mask = allowed[1] if crowd is among.fresh else allowed[0]
    is_as_known = int(crowd.matched_at[row]) <= since
    return bool(mask[row]) and int(crowd.capacity[row]) > 0 and is_as_known


def _figures(
    asker: Asker,
    chosen: Chosen,
    *,
    among: Assembly,
    origin: ListOrigin,
    candidates: int,
) -> Ranked:
    places = [place for pk in chosen.pks if (place := among.line(pk)) is not None]
    numbers = figures(asker, places)
    return Ranked(
        pk=np.array([int(crowd.pk[row]) for crowd, row in places], dtype=np.int64),
        rows=_rows(asker, places),
        score=numbers[:, 0],
        forward=numbers[:, 1],
        backward=numbers[:, 2],
        full=frozenset(int(crowd.pk[row]) for crowd, row in places if crowd.capacity[row] == 0),
        first=chosen.first,
        new=chosen.new,
        origin=origin,
        candidate_count=candidates,
    )
