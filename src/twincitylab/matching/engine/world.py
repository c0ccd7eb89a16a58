"""The cities as the matcher sees them: one table, one space, and who is twinned with whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from eyelevel.matching import Space
from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.globe import compass
from twincitylab.matching.engine.results import CityCard

if TYPE_CHECKING:
    from twincitylab.matching.engine.clues import Ground


@dataclass(frozen=True, eq=False)
class World:
    """Everything a list needs, read-only, shared by all threads; ``key`` names the facts it was made from.

    ``beside`` holds for every city the row of the much larger city it lies beside, -1 for most.
    """

    key: str
    atlas: str
    table: CityTable
    space: Space
    pairs: NDArray[np.int32]
    timezones: tuple[str, ...]
    timezone: NDArray[np.int16]
    january: NDArray[np.float32]
    july: NDArray[np.float32]
    beside: NDArray[np.int32]
    cards: dict[tuple[str, int], CityCard] = field(default_factory=dict)

    def row(self, geonameid: int) -> int | None:
        """The row of a city, None if the atlas does not have it."""
        ids = self.table.geonameid
        row = int(np.searchsorted(ids, geonameid)) if abs(geonameid) < 2**63 else len(ids)
        return row if row < len(ids) and int(ids[row]) == geonameid else None

    def twins(self, row: int) -> NDArray[np.int32]:
        """Rows of the known twins of a city, ascending."""
        starts, twins = self._adjacency
        return twins[starts[row] : starts[row + 1]]

    def country_links(self, first: str, second: str) -> int:
        """How many twinnings are known between two countries."""
        return self._links.get(frozenset((first, second)), 0)

    @cached_property
    def ground(self) -> "Ground":
        """What the preset *established* ranks by; made on first use, others need neither it nor SciPy."""
        from twincitylab.matching.engine import shelf
        from twincitylab.matching.engine.clues import Ground

        return Ground.of(shelf.surroundings_of(self))

    @cached_property
    def twin_count(self) -> NDArray[np.int64]:
        return np.bincount(self.pairs.ravel(), minlength=len(self.table))

    @cached_property
    def compass(self) -> NDArray[np.float64]:
        """Unit vectors on the sphere, (n, 3): the inner product of two is the cosine of their distance."""
        return compass(self.table.latitude, self.table.longitude)

    @cached_property
    def continent(self) -> NDArray[np.int16]:
        """One number per city, equal for cities of one continent."""
        names = sorted(set(self.table.continents))
        of_country = np.array([names.index(name) for name in self.table.continents], dtype=np.int16)
        return of_country[self.table.country]

    @cached_property
    def _adjacency(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        both = np.concatenate([self.pairs, self.pairs[:, ::-1]])
        order = np.lexsort((both[:, 1], both[:, 0]))
        starts = np.concatenate([[0], np.cumsum(self.twin_count)])
        return starts, both[order, 1]

    @cached_property
    def _links(self) -> Mapping[frozenset[str], int]:
        ends = np.sort(self.table.country[self.pairs], axis=1)
        kinds, counts = np.unique(ends, axis=0, return_counts=True)
        names = self.table.countries
        return {
            frozenset((names[first], names[second])): int(count)
            for (first, second), count in zip(kinds.tolist(), counts.tolist(), strict=True)
        }
