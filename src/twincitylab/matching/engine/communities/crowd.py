"""Communities in memory: their rows, what rules and filters ask of them, and those that changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eyelevel.matching import Query, Space, top
from twincitylab.community.queries.vectors import CommunityTable
from twincitylab.matching.engine.communities.rows import WEIGHTS, Float32, Layout, concerns

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
    kind: NDArray[np.int8]
    capacity: NDArray[np.int8]
    topics: Mask
    languages: NDArray[np.object_]

    @classmethod
    def of(cls, table: CommunityTable, rows: Float32, *, layout: Layout) -> Crowd:
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
            kind=table.kind,
            capacity=table.capacity,
            topics=concerns(table),
            languages=languages,
        )

    @cached_property
    def space(self) -> Space:
        return Space.from_rows(np.ascontiguousarray(self.rows), layout=self.layout, weights=WEIGHTS)

    def __len__(self) -> int:
        return len(self.pk)

    def row(self, pk: int) -> int | None:
        row = int(np.searchsorted(self.pk, pk))
        return row if row < len(self.pk) and int(self.pk[row]) == pk else None

    def take(self, rows: NDArray[np.integer] | Mask) -> Crowd:
        """Some of them, in the order given."""
        return replace(self, **{name: getattr(self, name)[rows] for name in _ARRAYS})

    def places(self) -> NDArray[np.int64]:
        """One number per place: equal numbers never meet. A hidden city counts as one of its own."""
        hidden = -np.arange(1, len(self) + 1, dtype=np.int64)
        return np.where(self.hides_city, hidden, self.city)


_ARRAYS = tuple(field.name for field in fields(Crowd) if field.name != "layout")


def joined(parts: Sequence[Crowd]) -> Crowd:
    """Several crowds as one, ordered by id; nobody may be in two of them."""
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS
    }
    return Crowd(layout=parts[0].layout, **columns).take(np.argsort(columns["pk"], kind="stable"))


@dataclass(frozen=True, eq=False)
class Found:
    """A ranked list: ids, best first, with their figures, and a bound of all that were left out."""

    pk: NDArray[np.int64]
    score: NDArray[np.float64]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]
    bound: float


@dataclass(frozen=True, eq=False)
class Assembly:
    """All communities as they are now: those that lie still, and the few that changed since.

    A row of ``still`` counts only where ``counts`` says so: the others have changed or are gone. Both parts
    are searched exactly, so that a change costs no more than the rows it changes.
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

    def best(self, query: Query, *, count: int, allowed: tuple[Mask, Mask]) -> Found:
        """The ``count`` best of those allowed in both parts; ties by the smaller id."""
        parts = []
        for crowd, mask in zip((self.still, self.fresh), (allowed[0] & self.counts, allowed[1]), strict=True):
            if mask.any():
                parts.append((crowd, top(crowd.space, query, k=count, allowed=mask)))
        if not parts:
            nothing = np.zeros(0)
            return Found(np.zeros(0, dtype=np.int64), nothing, nothing, nothing, 0.0)
        pk = np.concatenate([crowd.pk[found.index] for crowd, found in parts])
        score = np.concatenate([found.score for _crowd, found in parts])
        order = np.lexsort((pk, -score))[:count]
        return Found(
            pk=pk[order],
            score=score[order],
            forward=np.concatenate([found.forward for _crowd, found in parts])[order],
            backward=np.concatenate([found.backward for _crowd, found in parts])[order],
            bound=max(float(found.certificate.bound) for _crowd, found in parts),
        )
