"""What the map shows without scripts: the larger cities and the twinnings of the largest, as two pictures."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twincitylab.atlas.queries import city_table, twinning_pairs

LARGE_CITY = 300_000
MOST_ARCS = 600
DEGREES_A_STEP = 5.0
MOST_STEPS = 36
SCALE = 180
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-490 -240 980 480">'

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Ends:
    """Both ends of every twinning, those of the largest cities first."""

    latitude: Points
    longitude: Points
    country: NDArray[np.int64]
    countries: tuple[str, ...]


@lru_cache(maxsize=1)
def map_dots(version: str) -> bytes:
    """The larger cities, to lie over the still land; ``version`` is the cache key."""
    table = city_table()
    large = table.population >= LARGE_CITY
    x, y = _equal_earth(table.latitude[large], table.longitude[large])
    dots = "".join(f"M{at}h0" for at in _places(x, y))
    return (
        f"{PICTURE}<style>path{{stroke:#3c464d}}@media(prefers-color-scheme:dark){{path{{stroke:#c9d2d8}}}}</style>"
        f'<path d="{dots}" fill="none" stroke-width="2.4" stroke-linecap="round"/></svg>'
    ).encode()


def large_dots(latitude: Points, longitude: Points) -> bytes:
    """A few places, drawn large, to lie over the still land."""
    dots = "".join(f"M{at}h0" for at in _places(*_equal_earth(latitude, longitude)))
    return (
        f"{PICTURE}<style>path{{stroke:#a8480c}}@media(prefers-color-scheme:dark){{path{{stroke:#ffb27a}}}}</style>"
        f'<path d="{dots}" fill="none" stroke-width="5" stroke-linecap="round"/></svg>'
    ).encode()


@lru_cache(maxsize=64)
def map_arcs(version: str, country: str) -> bytes:
    """The twinnings of a country as great circles, of all countries without one; raises ``KeyError``.

    Of many only those whose two cities are largest together: the picture has a bound, the list has none.
    """
    ends = _ends(version)
    if country and country not in ends.countries:
        raise KeyError(country)
    ours = ends.country == (ends.countries.index(country) if country else -1)
    kept = np.flatnonzero(ours.any(axis=1) | (not country))[:MOST_ARCS]
    arcs = "".join(arc_path(ends.latitude[row], ends.longitude[row]) for row in kept.tolist())
    ink = min(0.7, 0.45 * (300 / max(len(kept), 1)) ** 0.5)
    return (
        f"{PICTURE}<style>path{{stroke:#22409a}}@media(prefers-color-scheme:dark){{path{{stroke:#a9c1ff}}}}</style>"
        f'<path d="{arcs}" fill="none" stroke-width="1" stroke-opacity="{ink:.2f}"/></svg>'
    ).encode()


@lru_cache(maxsize=1)
def _ends(version: str) -> _Ends:
    table = city_table()
    pairs = np.searchsorted(table.geonameid, twinning_pairs())
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -table.population[pairs].sum(axis=1)))
    rows = pairs[order]
    return _Ends(
        table.latitude[rows],
        table.longitude[rows],
        table.country[rows].astype(np.int64),
        tuple(table.countries),
    )


def arc_path(latitude: Points, longitude: Points) -> str:
    """One great circle from its first end to its second, out and in again where it leaves the map."""
    lat, lon = _great_circle(np.radians(latitude), np.radians(longitude))
    pieces, start = [], 0
    for at in np.flatnonzero(np.abs(np.diff(lon)) > 180).tolist():
        edge = 180.0 if lon[at] > 0 else -180.0
        share = (edge - lon[at]) / (lon[at + 1] + 2 * edge - lon[at])
        crossing = lat[at] + share * (lat[at + 1] - lat[at])
        pieces.append((np.append(lat[start : at + 1], crossing), np.append(lon[start : at + 1], edge)))
        lat, lon = np.insert(lat, at + 1, crossing), np.insert(lon, at + 1, -edge)
        start = at + 1
    pieces.append((lat[start:], lon[start:]))
    return "".join("M" + "L".join(_places(*_equal_earth(*piece))) for piece in pieces)


def _great_circle(latitude: Points, longitude: Points) -> tuple[Points, Points]:
    """Points in degrees along the shortest way between two places in radians."""
    flat = np.cos(latitude)
    ends = np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)], axis=1)
    angle = float(np.arccos(np.clip(ends[0] @ ends[1], -1.0, 1.0)))
    steps = int(np.clip(np.ceil(np.degrees(angle) / DEGREES_A_STEP), 2, MOST_STEPS))
    share = np.linspace(0.0, 1.0, steps + 1)[:, None]
    if np.sin(angle) < 1e-6:
        way = ends[0] + share * (ends[1] - ends[0])
    else:
        way = (np.sin((1 - share) * angle) * ends[0] + np.sin(share * angle) * ends[1]) / np.sin(angle)
    height = np.arctan2(way[:, 2], np.hypot(way[:, 0], way[:, 1]))
    return np.degrees(height), np.degrees(np.arctan2(way[:, 1], way[:, 0]))


def _places(x: Points, y: Points) -> list[str]:
    """Places on the picture as a path writes them."""
    across, down = np.round(SCALE * x, 1), np.round(-SCALE * y, 1)
    return [f"{at:g} {below:g}" for at, below in zip(across.tolist(), down.tolist(), strict=True)]


def _equal_earth(latitude: Points, longitude: Points) -> tuple[Points, Points]:
    """Equal Earth (Šavrič, Patterson and Jenny 2018); the same figures as in islands/projection.ts."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    m = np.sqrt(3) / 2
    tilt = np.arcsin(m * np.sin(np.radians(latitude)))
    two, six = tilt**2, tilt**6
    x = np.radians(longitude) * np.cos(tilt) / (m * (a1 + 3 * a2 * two + six * (7 * a3 + 9 * a4 * two)))
    return x, tilt * (a1 + a2 * two + six * (a3 + a4 * two))
