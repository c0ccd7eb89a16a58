"""The compact files of the map: a row is a city, ordered by country, then size; read by islands/cities.ts."""

import struct
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twincitylab.atlas.queries import atlas_fingerprint, city_table, twinning_pairs, twinnings_fingerprint

MOST_CITIES = 40_000
SMALL_ROWS = 2**16
LARGE_CITY = 300_000


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
    latitude = _sixteen_bits(table.latitude[rows], span=180)
    longitude = _sixteen_bits(table.longitude[rows], span=360)
    size = np.clip(20 * np.log10(np.maximum(table.population[rows], 1)), 0, 255).astype(np.uint8)
    planes = (latitude >> 8, latitude & 255, longitude >> 8, longitude & 255, size)
    head = b"TCL1" + struct.pack("<II", len(rows), len(table.countries))
    counts = np.bincount(table.country[rows], minlength=len(table.countries))
    index = b"".join(
        code.encode("ascii") + struct.pack("<I", count)
        for code, count in zip(table.countries, counts.tolist(), strict=True)
    )
    body = b"".join(plane.astype(np.uint8).tobytes() for plane in planes)
    return MapCities(head + index + body, table.geonameid[rows])


@lru_cache(maxsize=1)
def map_twinnings(version: str) -> bytes:
    """Every twinning as a pair of rows of ``map_cities``."""
    ids = map_cities(version).geonameid
    order = np.argsort(ids)
    pairs = order[np.searchsorted(ids, twinning_pairs(), sorter=order)]
    width = np.uint16 if len(ids) <= SMALL_ROWS else np.uint32
    head = b"TCT1" + struct.pack("<II", len(pairs), np.dtype(width).itemsize)
    return head + pairs[:, 0].astype(width).tobytes() + pairs[:, 1].astype(width).tobytes()


@lru_cache(maxsize=1)
def map_dots(version: str) -> bytes:
    """The larger cities as a picture that lies over the still land; for browsers without scripts."""
    table = city_table()
    large = table.population >= LARGE_CITY
    x, y = _equal_earth(table.latitude[large], table.longitude[large])
    dots = "".join(
        f"M{at:.1f} {down:.1f}h0" for at, down in zip((180 * x).tolist(), (-180 * y).tolist(), strict=True)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-490 -240 980 480">'
        "<style>path{stroke:#3c464d}@media(prefers-color-scheme:dark){path{stroke:#c9d2d8}}</style>"
        f'<path d="{dots}" fill="none" stroke-width="2.4" stroke-linecap="round"/></svg>'
    ).encode()


def _equal_earth(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Equal Earth (Šavrič, Patterson and Jenny 2018); the same figures as in islands/projection.ts."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    m = np.sqrt(3) / 2
    tilt = np.arcsin(m * np.sin(np.radians(latitude)))
    two, six = tilt**2, tilt**6
    x = np.radians(longitude) * np.cos(tilt) / (m * (a1 + 3 * a2 * two + six * (7 * a3 + 9 * a4 * two)))
    return x, tilt * (a1 + a2 * two + six * (a3 + a4 * two))


def _shown(population: NDArray[np.int64], is_twinned: NDArray[np.bool_]) -> NDArray[np.int64]:
    largest = np.argsort(-population, kind="stable")[:MOST_CITIES]
    return np.union1d(largest, np.flatnonzero(is_twinned))


def _sixteen_bits(degrees: NDArray[np.float64], *, span: float) -> NDArray[np.uint16]:
    return np.round((degrees / span + 0.5) * 65535).astype(np.uint16)
