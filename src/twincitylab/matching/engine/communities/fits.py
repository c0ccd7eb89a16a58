"""The second look at a pair: need by need, which offer answers it best.

A row of the space adds up all that a community seeks, and all that it brings; that finds everyone who could
be meant, but blurs who answers one need exactly. So the best of the space are judged once more, one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from twincitylab.community.queries.vectors import NeedTable
from twincitylab.matching.engine.communities.items import (
    ANSWERS,
    ANY_KIND,
    KINDS,
    MORE_ANSWERS,
    SUBJECT,
    TOPICS,
    WORDS,
    topic_row,
)
from twincitylab.matching.engine.communities.rows import JUDGED, Float32, Float64, Layout
from twincitylab.matching.engine.communities.texts import WIDTH, Rarity, word_row

Int64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Items:
    """Needs and offers in the order of their communities: those of row i at start[i]..start[i + 1].

    ``words`` are rounded to 127 steps; ``topics`` and ``kind`` make the subject of ``items.subject_row``.
    """

    start: Int64
    is_offer: NDArray[np.bool_]
    kind: NDArray[np.int8]
    topics: Float32
    words: NDArray[np.int8]

    @classmethod
    def of(cls, needs: NeedTable, *, count: int, rarity: Rarity) -> Items:
        topics = np.zeros((len(needs), TOPICS), dtype=np.float32)
        words = np.zeros((len(needs), WIDTH), dtype=np.int8)
        for line, text in enumerate(needs.text):
            topics[line] = topic_row(int(needs.topic[line]), text)
            words[line] = np.rint(127.0 * word_row(text, rarity))
        start = np.searchsorted(needs.owner, np.arange(count + 1)).astype(np.int64)
        return cls(start, needs.is_offer, needs.kind, topics, words)

    def take(self, rows: NDArray[np.integer]) -> Items:
        """Those of some communities, in the order given."""
        counts = np.diff(self.start)[rows]
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        lines = np.repeat(self.start[rows] - start[:-1], counts) + np.arange(start[-1])
        return Items(start, self.is_offer[lines], self.kind[lines], self.topics[lines], self.words[lines])


def joined(parts: Sequence[Items]) -> Items:
    """Those of several crowds, one after the other."""
    counts = np.concatenate([np.diff(part.start) for part in parts])
    return Items(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([part.is_offer for part in parts]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.topics for part in parts]),
        np.concatenate([part.words for part in parts]),
    )


def answered(needs: Items, offers: Items) -> Float64:
    """How well the needs of one community are answered by each of several: (their number,), 0 to 1."""
    wanted, brought = np.flatnonzero(~needs.is_offer), np.flatnonzero(offers.is_offer)
    owner = _owners(offers)[brought]
    best = np.zeros((len(wanted), len(offers.start) - 1))
    np.maximum.at(best.T, owner, _fits(needs, wanted, offers, brought).T)
    top = best.max(axis=0, initial=0.0)
    found: Float64 = np.minimum(top + MORE_ANSWERS * (best.sum(axis=0) - top), 1.0)
    return found


def answered_each(needs: Items, offers: Items) -> Float64:
    """How well the needs of each of several communities are answered by one: (their number,), 0 to 1."""
    wanted, brought = np.flatnonzero(~needs.is_offer), np.flatnonzero(offers.is_offer)
    owner, count = _owners(needs)[wanted], len(needs.start) - 1
    best = _fits(needs, wanted, offers, brought).max(axis=1, initial=0.0)
    top = np.zeros(count)
    np.maximum.at(top, owner, best)
    total = np.bincount(owner, weights=best, minlength=count)
    found: Float64 = np.minimum(top + MORE_ANSWERS * (total - top), 1.0)
    return found


def _fits(needs: Items, wanted: Int64, offers: Items, brought: Int64) -> Float64:
    """How well each offer answers each need."""
    subject = needs.topics[wanted].astype(np.float64) @ offers.topics[brought].astype(np.float64).T
    subject *= _kinds()[np.ix_(needs.kind[wanted], offers.kind[brought])]
    words = needs.words[wanted].astype(np.float64) @ offers.words[brought].astype(np.float64).T / 127.0**2
    return SUBJECT * subject + WORDS * np.maximum(words, 0.0)


def _owners(items: Items) -> Int64:
    return np.repeat(np.arange(len(items.start) - 1), np.diff(items.start))


def rest(rows: Float32, *, layout: Layout) -> tuple[Float64, Float64]:
    """What is not need and offer, of rows as they ask and as they are seen: the product is their benefit."""
    asks, seen = [], []
    for name, start, stop, is_directed in layout:
        if name not in JUDGED:
            continue
        middle = (start + stop) // 2 if is_directed else start
        until = middle if is_directed else stop
        asks.append(JUDGED[name] * rows[:, middle:stop].astype(np.float64))
        seen.append(rows[:, start:until].astype(np.float64))
    return np.hstack(asks), np.hstack(seen)


def judge_of(
    items: Items, rows: Float32, *, layout: Layout
) -> Callable[[NDArray[np.int32], NDArray[np.int32]], Float32]:
    """A function that judges candidates (m, c) of some rows (m,), -1 for none, as the lists do: compiled."""
    from twincitylab.matching.engine.communities.fit_kernels import judged

    asks, seen = (part.astype(np.float32) for part in rest(rows, layout=layout))
    facts = (items.start, items.is_offer, items.kind.astype(np.int64), items.topics, items.words)
    measures = np.array([SUBJECT, WORDS / 127.0**2, MORE_ANSWERS, ANSWERS], dtype=np.float32)
    kinds = _kinds().astype(np.float32)

    def judge(asking: NDArray[np.int32], index: NDArray[np.int32]) -> Float32:
        score = np.zeros(index.shape, dtype=np.float32)
        judged(asking, index, *facts, kinds, measures, asks, seen, score)
        return score

    return judge


@cache
def _kinds() -> Float64:
    return (1.0 - ANY_KIND) * np.eye(KINDS) + ANY_KIND
