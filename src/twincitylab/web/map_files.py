"""The compact files of the map: a row is a city, ordered by country, then size; read by islands/cities.ts."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twincitylab.atlas.queries import atlas_fingerprint, city_table, twinning_pairs, twinnings_fingerprint

MOST_CITIES = 40_000
SMALL_ROWS = 2**16


@dataclass(frozen=True, eq=False)
class MapCities:
    """The file and what its rows stand for."""

    data: bytes
    geonameid: NDArray[np.int64]


def map_version() -> str:
    """Changes whenever the map would; part of the files' addresses, so that browsers may keep them."""
    return f"{atlas_fingerprint()[:12]}-{twinnings_fingerprint()[:12]}"


@lru_cache(maxsize=1)
def map_cities(version: str) -> MapCities:
    """Position, size, country of the largest cities and every twinned one; ``version`` is the cache key."""
    table = city_table()
    rows = _shown(table.population, np.isin(table.geonameid, twinning_pairs()))
    rows = rows[np.lexsort((table.geonameid[rows], -table.population[rows], table.country[rows]))]
    counts = np.bincount(table.country[rows], minlength=len(table.countries))
    data = packed(
        table.latitude[rows],
        table.longitude[rows],
        size=20 * np.log10(np.maximum(table.population[rows], 1)),
        countries=dict(zip(table.countries, counts.tolist(), strict=True)),
    )
    return MapCities(data, table.geonameid[rows])


def packed(
    latitude: NDArray[np.float64],
    longitude: NDArray[np.float64],
    *,
    size: NDArray[np.float64],
    countries: Mapping[str, int],
) -> bytes:
    """Places ordered by country, with how many of each country there are, as the island reads them."""
    north, east = _sixteen_bits(latitude, span=180), _sixteen_bits(longitude, span=360)
    planes = (north >> 8, north & 255, east >> 8, east & 255, np.clip(size, 0, 255))
    head = b"TCL1" + struct.pack("<II", len(latitude), len(countries))
    index = b"".join(code.encode("ascii") + struct.pack("<I", count) for code, count in countries.items())
    return head + index + b"".join(plane.astype(np.uint8).tobytes() for plane in planes)


@lru_cache(maxsize=1)
def map_twinnings(version: str) -> bytes:
    """Every twinning as a pair of rows of ``map_cities``."""
    ids = map_cities(version).geonameid
    order = np.argsort(ids)
    pairs = order[np.searchsorted(ids, twinning_pairs(), sorter=order)]
    width = np.uint16 if len(ids) <= SMALL_ROWS else np.uint32
    head = b"TCT1" + struct.pack("<II", len(pairs), np.dtype(width).itemsize)
    return head + pairs[:, 0].astype(width).tobytes() + pairs[:, 1].astype(width).tobytes()


def _shown(population: NDArray[np.int64], is_twinned: NDArray[np.bool_]) -> NDArray[np.int64]:
    largest = np.argsort(-population, kind="stable")[:MOST_CITIES]
    return np.union1d(largest, np.flatnonzero(is_twinned))


def _sixteen_bits(degrees: NDArray[np.float64], *, span: float) -> NDArray[np.uint16]:
    return np.round((degrees / span + 0.5) * 65535).astype(np.uint16)
