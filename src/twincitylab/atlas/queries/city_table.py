"""All cities at once as arrays: what the matcher reads."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from twincitylab.atlas.models import City, Country, CountryLanguage, Twinning

# Summer time is left out by taking the smaller of the offsets of January and July; the year pins the result.
STANDARD_TIME_YEAR = 2026


@dataclass(frozen=True, eq=False)
class CityTable:
    """One entry per city, ordered by GeoNames id; countries, climates and languages by index."""

    geonameid: NDArray[np.int64]
    population: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    sea_km: NDArray[np.float32]
    utc_offset: NDArray[np.float32]
    country: NDArray[np.int16]
    countries: tuple[str, ...]
    continents: tuple[str, ...]
    climate: NDArray[np.int8]
    climates: tuple[str, ...]
    languages: tuple[str, ...]
    language_share: NDArray[np.float32]
    names: list[str]
    slugs: list[str]

    def __len__(self) -> int:
        return len(self.geonameid)


class CityColumns(NamedTuple):
    """What the table needs of one city."""

    geonameid: int
    population: int
    latitude: float
    longitude: float
    sea_km: float
    timezone: str
    country: str
    climate: str
    name: str
    slug: str


def city_table() -> CityTable:
    """The table of the atlas in use: four queries."""
    fields = (
        "geonameid",
        "population",
        "latitude",
        "longitude",
        "sea_km",
        "timezone",
        "country_id",
        "climate",
    )
    cities = City.objects.order_by("geonameid").values_list(*fields, "name", "slug")
    return assemble_city_table(
        [CityColumns._make(row) for row in cities.iterator(chunk_size=10_000)],
        continents=dict(Country.objects.values_list("iso2", "continent")),
        languages=CountryLanguage.objects.values_list("country_id", "language", "share"),
    )


def assemble_city_table(
    cities: Sequence[CityColumns], *, continents: dict[str, str], languages: Iterable[tuple[str, str, float]]
) -> CityTable:
    """Build the table from plain rows, so that the database and the sources give the same one."""
    rows = sorted(cities)
    ids, population, latitude, longitude, sea, zones, country, climate, names, slugs = (
        zip(*rows, strict=True) if rows else ((),) * len(CityColumns._fields)
    )
    countries, climates = tuple(sorted(set(country))), tuple(sorted(set(climate)))
    codes, share = _language_share(countries, languages)
    return CityTable(
        geonameid=np.array(ids, dtype=np.int64),
        population=np.array(population, dtype=np.int64),
        latitude=np.array(latitude, dtype=np.float64),
        longitude=np.array(longitude, dtype=np.float64),
        sea_km=np.array(sea, dtype=np.float32),
        utc_offset=np.array([standard_offset(zone) for zone in zones], dtype=np.float32),
        country=_index(country, countries).astype(np.int16),
        countries=countries,
        continents=tuple(continents[code] for code in countries),
        climate=_index(climate, climates).astype(np.int8),
        climates=climates,
        languages=codes,
        language_share=share,
        names=list(names),
        slugs=list(slugs),
    )


def twinning_pairs() -> NDArray[np.int64]:
    """All twinnings as pairs of GeoNames ids, whatever their kind and status: shape (m, 2), in order."""
    pairs = Twinning.objects.order_by("a_id", "b_id").values_list("a_id", "b_id")
    return np.array(list(pairs), dtype=np.int64).reshape(-1, 2)


@lru_cache(maxsize=1024)
def standard_offset(timezone: str) -> float:
    """Hours ahead of UTC in standard time; 0 for a zone nobody knows."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return 0.0
    offsets = (dt.datetime(STANDARD_TIME_YEAR, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))
    return min(offset.total_seconds() for offset in offsets if offset is not None) / 3600


def _index(values: Sequence[str], names: Sequence[str]) -> NDArray[np.int64]:
    place = {name: position for position, name in enumerate(names)}
    return np.array([place[value] for value in values], dtype=np.int64)


def _language_share(
    countries: Sequence[str], languages: Iterable[tuple[str, str, float]]
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    place = {code: position for position, code in enumerate(countries)}
    known = [(place[country], language, share) for country, language, share in languages if country in place]
    codes = tuple(sorted({language for _, language, _ in known}))
    column = {code: position for position, code in enumerate(codes)}
    share = np.zeros((len(countries), len(codes)), dtype=np.float32)
    for row, language, value in known:
        share[row, column[language]] = value
    return codes, share
