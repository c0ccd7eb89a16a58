"""The graph of twinnings and its surroundings as plain arrays: made once per atlas, kept on disk."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine import globe
from twincitylab.matching.engine.globe import EARTH_KM
from twincitylab.matching.engine.habits import (
    Habits,
    adjacency,
    country_affinity,
    country_counts,
    expected_degree,
)

Floats = NDArray[np.floating]
Int32 = NDArray[np.int32]

NEIGHBOURS = 24
"""How many twinned cities of the same country are looked at around each city."""
NEAR_KM = 60.0
PEER_KM, PEER_SIZE = 500.0, 0.15
"""Peers are cities of the same country and about the same size; the country may be crossed."""
REGION_KM = 250.0
REGION_NEIGHBOURS = 32
LOOK_AROUND, SHADE_KM = 64, 20.0
"""So many cities are looked at for a larger one; who is so near to a larger one stands in its shade."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What the second stage asks of a city, all plain arrays: n cities, c countries.

    `near`, `peer` and `region` lead from every city to twinned cities of its country, (n, k) rows and
    weights, weight 0 where there are fewer than k; `twin` leads to its twins (start and rows). `apart` and
    `far_apart` tell how far the next larger and the next much larger city are, `shade` how much larger the
    largest next to it is (sections of a city stand in its shade), `standing` its rank by size in its country.
    """

    compass: Floats
    size: Floats
    latitude: Floats
    utc_offset: Floats
    country: Int32
    continent: Int32
    name: Int32
    degree: Floats
    usual_degree: Floats
    near_degree: Floats
    affinity: Floats
    links: Floats
    language: Floats
    twin_start: Int32
    twin_row: Int32
    near_row: Int32
    near_weight: Floats
    peer_row: Int32
    peer_weight: Floats
    region_row: Int32
    region_weight: Floats
    apart: Floats
    far_apart: Floats
    shade: Floats
    standing: Floats
    sea: Floats

    @classmethod
    def of(cls, table: CityTable, pairs: Int32, *, habits: Habits) -> Self:
        """Build them from the cities and the known twinnings (pairs of rows); O(n log n + m)."""
        twin = adjacency(pairs, count=len(table))
        degree = np.asarray(twin.sum(axis=1)).ravel()
        compass = _compass(table)
        kernels = _kernels(table, degree, compass=compass)
        near_row, near_weight = kernels["near_row"], kernels["near_weight"]
        weight = near_weight.sum(axis=1)
        continents = np.unique(np.array(table.continents), return_inverse=True)[1]
        country = table.country.astype(np.int32)
        return cls(
            compass=compass,
            size=_size(table),
            latitude=table.latitude.astype(np.float32),
            utc_offset=table.utc_offset.astype(np.float32),
            country=country,
            continent=continents[country].astype(np.int32),
            name=_same_names(table.names),
            degree=degree.astype(np.float32),
            usual_degree=expected_degree(table, degree, habits=habits).astype(np.float32),
            near_degree=((near_weight * degree[near_row]).sum(axis=1) / np.maximum(weight, 0.3)).astype(
                np.float32
            ),
            affinity=country_affinity(table, twin, habits=habits).astype(np.float32),
            links=np.log1p(country_counts(table, twin)).astype(np.float32),
            language=_common_language(table),
            twin_start=twin.indptr.astype(np.int32),
            twin_row=twin.indices.astype(np.int32),
            **kernels,
            **_prominence(table, compass=compass),
            standing=_standing(table),
            sea=np.log10(np.asarray(table.sea_km) + 3.0).astype(np.float32),
        )

    def __len__(self) -> int:
        return len(self.size)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """All of it by name, for a file; `Surroundings(**arrays)` opens it again."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def _kernels(table: CityTable, degree: NDArray[np.number], *, compass: Floats) -> dict[str, Any]:
    size = _size(table)
    kernels: dict[str, Any] = {
        f"{name}_{part}": np.zeros((len(table), width), dtype=kind)
        for name, width in (("near", NEIGHBOURS), ("peer", NEIGHBOURS), ("region", REGION_NEIGHBOURS))
        for part, kind in (("row", np.int32), ("weight", np.float32))
    }
    stretch = PEER_KM / PEER_SIZE
    place = compass * EARTH_KM
    spread = np.column_stack([place, size * stretch])
    for country in range(len(table.countries)):
        here = np.flatnonzero(table.country == country)
        twinned = here[degree[here] > 0]
        if not len(twinned):
            continue
        for name, at, scale in (
            ("near", place, NEAR_KM),
            ("peer", spread, PEER_KM),
            ("region", place, REGION_KM),
        ):
            rows, weights = kernels[f"{name}_row"], kernels[f"{name}_weight"]
            _fill(rows, weights, here=here, twinned=twinned, at=at, scale=scale)
    return kernels


def _fill(
    rows: Int32,
    weights: Floats,
    *,
    here: NDArray[np.integer],
    twinned: NDArray[np.integer],
    at: NDArray[np.floating],
    scale: float,
) -> None:
    """Write the nearest twinned cities of some cities, never the city itself."""
    from scipy.spatial import cKDTree

    count = min(rows.shape[1] + 1, len(twinned))
    distance, which = cKDTree(at[twinned]).query(at[here], k=np.arange(1, count + 1))
    found = twinned[which]
    weight = np.where(found == here[:, None], 0.0, np.exp(-distance / scale))
    # The city itself, if twinned, comes first: the last column then holds one neighbour more than needed.
    order = np.argsort(-weight, axis=1, kind="stable")[:, : rows.shape[1]]
    rows[here, : order.shape[1]] = np.take_along_axis(found, order, axis=1)
    weights[here, : order.shape[1]] = np.take_along_axis(weight, order, axis=1)


def _prominence(table: CityTable, *, compass: Floats) -> dict[str, Any]:
    from scipy.spatial import cKDTree

    place = compass.astype(np.float64) * EARTH_KM
    count = min(LOOK_AROUND, len(place))
    distance, which = cKDTree(place).query(place, k=np.arange(1, count + 1))
    population = np.maximum(table.population, 500)
    ratio = population[which] / population[:, None]
    km = np.asarray(distance)

    def nearest(over: float) -> Floats:
        found: Floats = np.where(ratio > over, km, km[:, -1:]).min(axis=1)
        return np.log(found + 3).astype(np.float32)

    shade = np.log10(np.where(km < SHADE_KM, ratio, 1.0).max(axis=1)).astype(np.float32)
    return {"apart": nearest(1.0), "far_apart": nearest(3.0), "shade": shade}


def _standing(table: CityTable) -> Floats:
    order = np.lexsort((-table.population, table.country))
    country = table.country[order]
    rank = np.empty(len(order), dtype=np.float32)
    rank[order] = np.arange(len(order)) - np.searchsorted(country, country)
    return np.log1p(rank)


def _compass(table: CityTable) -> Floats:
    return globe.compass(table.latitude, table.longitude).astype(np.float32)


def _size(table: CityTable) -> Floats:
    return np.log10(np.maximum(table.population, 500)).astype(np.float32)


def _common_language(table: CityTable) -> Floats:
    """The chance that a person of one country and one of another have some language in common, (c, c)."""
    share = np.minimum(table.language_share.astype(np.float64), 1.0)
    apart = np.ones((len(share), len(share)))
    for language in share.T:
        who = np.flatnonzero(language)
        apart[np.ix_(who, who)] *= 1.0 - np.outer(language[who], language[who])
    return (1.0 - apart).astype(np.float32)


def _same_names(names: list[str]) -> Int32:
    """Equal numbers for equal names, accents and spaces aside."""
    plain = [
        "".join(sign for sign in unicodedata.normalize("NFKD", name.lower()) if sign.isalnum())
        for name in names
    ]
    return np.unique(np.array(plain, dtype=object).astype(str), return_inverse=True)[1].astype(np.int32)
