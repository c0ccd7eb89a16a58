"""Which cities lie beside a much larger one: its sections, listed as cities by the source, and neighbours."""

import numpy as np
from numpy.typing import NDArray

from twincitylab.atlas.queries import CityTable
from twincitylab.matching.engine.globe import EARTH_KM

MUCH_LARGER = 5.0
PEOPLE_PER_KM2 = 3000.0
"""As dense as cities usually are: so large a circle would hold the people of the larger city."""
SHARE_OF_RADIUS = 0.5
KM_PER_DEGREE = 111.19


def beside(table: CityTable, pairs: NDArray[np.int32]) -> NDArray[np.int32]:
    """For every city the row of the much larger city it lies beside, -1 for most.

    The larger city is of the same country, at least five times as large, and not farther than half of the
    radius it would have at a usual density. A city with a known twinning (`pairs` of rows) stands for itself.
    Of several larger ones the largest counts.
    """
    found = np.full(len(table), -1, dtype=np.int32)
    near, large = _near_pairs(table)
    size = table.population.astype(np.float64)
    fits = (table.country[near] == table.country[large]) & (size[large] >= MUCH_LARGER * size[near])
    near, large = near[fits], large[fits]
    within = _distance_km(table, near, large) <= reach_km(size[large])
    near, large = near[within], large[within]
    order = np.lexsort((-large, size[large]))
    found[near[order]] = large[order]
    found[pairs.ravel()] = -1
    return found


def reach_km(population: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far around the middle of a city of so many people others lie beside it."""
    return np.asarray(SHARE_OF_RADIUS * np.sqrt(population / (np.pi * PEOPLE_PER_KM2)))


def _near_pairs(table: CityTable) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of (city, larger city) whose latitudes are near enough: few, because reaches are short."""
    size = table.population.astype(np.float64)
    order = np.argsort(table.latitude, kind="stable")
    latitude = table.latitude[order]
    large = np.flatnonzero(size >= MUCH_LARGER * max(float(size.min(initial=1.0)), 1.0))
    degrees = reach_km(size[large]) / KM_PER_DEGREE * 1.001
    first = np.searchsorted(latitude, table.latitude[large] - degrees, side="left")
    count = np.searchsorted(latitude, table.latitude[large] + degrees, side="right") - first
    starts = np.repeat(first - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    return order[starts + np.arange(len(starts))], np.repeat(large, count)


def _distance_km(table: CityTable, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    latitude, longitude = np.radians(table.latitude), np.radians(table.longitude)
    half = np.sin((latitude[one] - latitude[other]) / 2) ** 2
    half += (
        np.cos(latitude[one]) * np.cos(latitude[other]) * np.sin((longitude[one] - longitude[other]) / 2) ** 2
    )
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))
