"""Communities in memory: their rows, what rules and filters ask of them, and those that changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eyelevel.matching import Query, Space
from twincitylab.community.queries.vectors import CommunityTable
from twincitylab.matching.engine.communities.fits import Items
from twincitylab.matching.engine.communities.fits import joined as joined_items
from twincitylab.matching.engine.communities.rows import WEIGHTS, Float32, Layout, concerns
from twincitylab.matching.engine.communities.texts import NOT_COUNTED, Rarity

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Crowd:
    """Some communities, ordered by id: their rows (n, D) and what is asked of them one by one."""

    layout: Layout
    rows: Float32
    pk: NDArray[np.int64]
    matched_at: NDArray[np.int64]
    city: NDArray[np.int64]
    country: NDArray[np.str_]
    hides_city: Mask
    is_safe: Mask
    is_hidden: Mask
    kind: NDArray[np.int8]
    capacity: NDArray[np.int8]
    topics: Mask
    languages: NDArray[np.object_]
    items: Items

    @classmethod
    def of(
        cls, table: CommunityTable, rows: Float32, *, layout: Layout, counts: Rarity = NOT_COUNTED
    ) -> Crowd:
        languages = np.empty(len(table), dtype=np.object_)
        languages[:] = table.languages
        return cls(
            layout=layout,
            rows=rows,
            pk=table.pk,
            matched_at=table.matched_at,
            city=table.city,
            country=np.array(table.country, dtype="<U2"),
            hides_city=table.hides_city,
            is_safe=table.is_safe,
            is_hidden=table.is_hidden,
            kind=table.kind,
            capacity=table.capacity,
            topics=concerns(table),
            languages=languages,
            items=Items.of(table.needs, count=len(table), rarity=counts),
        )

    @cached_property
    def space(self) -> Space:
        return Space.from_rows(np.ascontiguousarray(self.rows), layout=self.layout, weights=WEIGHTS)

    @cached_property
    def countries(self) -> tuple[list[str], NDArray[np.int64]]:
        """The countries in which they are, and the place of each one's among those."""
        names, place = np.unique(self.country, return_inverse=True)
        return names.tolist(), place.astype(np.int64)

    @cached_property
    def tongues(self) -> tuple[list[str], Mask]:
        """The languages in which they can work, and who can in which: (n, languages)."""
        told = [(row, code) for row, codes in enumerate(self.languages.tolist()) for code in codes]
        names = sorted({code for _row, code in told})
        place = {code: column for column, code in enumerate(names)}
        table = np.zeros((len(self), len(names)), dtype=np.bool_)
        for row, code in told:
            table[row, place[code]] = True
        return names, table

    def __len__(self) -> int:
        return len(self.pk)

    def row(self, pk: int) -> int | None:
        row = int(np.searchsorted(self.pk, pk))
        return row if row < len(self.pk) and int(self.pk[row]) == pk else None

    def take(self, rows: NDArray[np.integer] | Mask) -> Crowd:
        """Some of them, in the order given."""
        chosen = np.arange(len(self))[rows]
        columns = {name: getattr(self, name)[chosen] for name in _ARRAYS}
        return replace(self, items=self.items.take(chosen), **columns)

    def places(self) -> NDArray[np.int64]:
        """One number per place: equal numbers never meet. A hidden city counts as one of its own."""
        hidden = -np.arange(1, len(self) + 1, dtype=np.int64)
        return np.where(self.hides_city, hidden, self.city)


_ARRAYS = tuple(field.name for field in fields(Crowd) if field.name not in ("layout", "items"))


def joined(parts: Sequence[Crowd]) -> Crowd:
    """Several crowds as one, ordered by id; nobody may be in two of them."""
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS
    }
    items = joined_items([part.items for part in parts])
    whole = Crowd(layout=parts[0].layout, items=items, **columns)
    return whole.take(np.argsort(columns["pk"], kind="stable"))


@dataclass(frozen=True, eq=False)
class Assembly:
    """All communities as they are now: those that lie still, and the few that changed since.

    A row of ``still`` counts only where ``counts`` says so: the others have changed or are gone. Both parts
    are searched, so that a change costs no more than the rows it changes.
    """

    still: Crowd
    counts: Mask
    fresh: Crowd

    def __len__(self) -> int:
        return int(self.counts.sum()) + len(self.fresh)

    def line(self, pk: int) -> tuple[Crowd, int] | None:
        """Where a community stands: its part and its row; None for one that is not among them."""
        row = self.fresh.row(pk)
        if row is not None:
            return self.fresh, row
        row = self.still.row(pk)
        return (self.still, row) if row is not None and self.counts[row] else None

    def whole(self) -> Crowd:
        """Both parts as one, as a full rebuild would make it."""
        return joined([self.still.take(self.counts), self.fresh])

    def changed(self, *, fresh: Crowd, gone: Sequence[int]) -> Assembly:
        """The same with some communities replaced or new, and some gone."""
        out = np.array(sorted({*fresh.pk.tolist(), *gone}), dtype=np.int64)
        counts = self.counts & ~np.isin(self.still.pk, out)
        kept = self.fresh.take(~np.isin(self.fresh.pk, out))
        return Assembly(self.still, counts, joined([kept, fresh]))

    def likely(self, query: Query) -> tuple[Float32, Float32]:
        """The score in the space of everyone in both parts, two products of each; changed ones have -1."""
        still, fresh = _scores(self.still.rows, query), _scores(self.fresh.rows, query)
        still[~self.counts] = -1
        return still, fresh

    def best(
        self, likely: tuple[Float32, Float32], *, count: int, allowed: tuple[Mask, Mask]
    ) -> list[tuple[Crowd, int]]:
        """The ``count`` likeliest of those allowed, as part and row, in no order; ties at the end by id."""
        pk = np.concatenate([self.still.pk, self.fresh.pk])
        score = np.concatenate([np.where(allowed[0], likely[0], -1), np.where(allowed[1], likely[1], -1)])
        chosen = np.flatnonzero(score > 0)
        if len(chosen) > count:
            cut = np.partition(score[chosen], len(chosen) - count)[len(chosen) - count]
            chosen = chosen[score[chosen] >= cut]
            chosen = chosen[np.lexsort((pk[chosen], -score[chosen]))][:count]
        size = len(self.still)
        rows = chosen.tolist()
        return [(self.still, row) if row < size else (self.fresh, row - size) for row in rows]


def _scores(rows: Float32, query: Query) -> Float32:
    forward, backward = rows @ query.forward, rows @ query.backward
    both = (forward > 0) & (backward > 0)
    total = np.where(both, forward + backward, np.float32(1))
    return np.where(both, 2 * forward * backward / total, np.float32(0)).astype(np.float32)
